"""Real repositories: everything loads, and what is read makes sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from argoflux.model.content import Known
from argoflux.workspace.overlay import read_path
from argoflux.workspace.read import read
from tests.ecosystem.corpus import corpus as corpus_folder

CORPUS = corpus_folder() or Path()

pytestmark = [
    pytest.mark.ecosystem,
    pytest.mark.skipif(corpus_folder() is None, reason="the corpus is not here"),
]


@pytest.fixture(scope="module")
def corpus():
    return read(["."], cwd=str(CORPUS))


def test_most_documents_are_resources_and_few_files_are_in_the_way(corpus):
    assert len(corpus.resources) > 3000
    assert len(corpus.patches) > 20
    assert len(corpus.templates) > 100
    broken = [finding for finding in corpus.findings if finding.code in {"AF001", "AF007"}]
    assert len(broken) < 10
    assert corpus.releases.sightings


def test_names_are_relative_and_printable(corpus):
    for resource in corpus.resources:
        assert not resource.file.startswith(("/", ".."))
        assert resource.file.isprintable()
    assert all(root.name.isprintable() and "/" not in root.name for root in corpus.roots)


def test_most_flux_paths_are_read_completely():
    tree = read(["onedr0p+home-ops"], cwd=str(CORPUS)).tree
    base = CORPUS / "onedr0p+home-ops"
    folders = sorted(path.parent for path in base.rglob("kustomization.yaml"))
    found = [read_path(tree, str(folder), flavour="flux") for folder in folders]
    complete = [each for each in found if isinstance(each, Known) and each.complete]
    assert len(complete) > 0.9 * len(found)
    assert sum(len(each.objects) for each in complete) > 200
