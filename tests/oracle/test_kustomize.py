"""What argoflux writes, read by the real kustomize."""

from __future__ import annotations

from pathlib import Path

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump_documents
from argoflux.yamlio.load import load_text
from tests.oracle.engines import kustomize_build, program

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(program("kubectl") is None, reason="no kubectl on PATH or the index"),
]
GOLDEN = Path(__file__).parents[1] / "golden" / "convert"
SCALARS = (Path(__file__).parents[1] / "data" / "yaml-scalars.tsv").read_text().splitlines()[1:]
FOLDERS = sorted(path.parent for path in GOLDEN.rglob("expected/**/kustomization.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.relative_to(GOLDEN).as_posix())
def test_every_golden_output_builds(folder: Path) -> None:
    done = kustomize_build(folder)
    assert done.returncode == 0, done.stderr
    assert "kind:" in done.stdout


def test_text_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    """Every scalar of the measured table, as a string value and as a key, survives kustomize."""
    words = [line.split("\t")[0] for line in SCALARS]
    words += ["", " lead", "trail ", "a: b", "# no", "- x", "|", "line\nbreak\n", "tab\there", "ü"]
    data = {f"value-{n}": word for n, word in enumerate(words)}
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "words", "annotations": {"note": "on"}},
        "data": data,
    }
    (tmp_path / "words.yaml").write_text(dump_documents([config]))
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["words.yaml"],
    }
    (tmp_path / "kustomization.yaml").write_text(dump_documents([kustomization]))
    done = kustomize_build(tmp_path)
    assert done.returncode == 0, done.stderr
    (document,) = load_text(
        SourceFile(name="built", text=done.stdout), flavour="kustomize"
    ).documents
    assert document.body["data"] == data
    assert document.body["metadata"]["annotations"] == {"note": "on"}
