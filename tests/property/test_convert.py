"""What holds for every conversion, whatever the input."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argoflux.report.formats import renderer
from argoflux.report.manifests import render_stream, render_tree
from argoflux.workspace.read import read
from argoflux.yamlio.dump import dump_documents
from tests.convert_run import convert_folder
from tests.ecosystem.accounts import all_checks
from tests.property.strategies import (
    APPLICATIONS,
    KUSTOMIZATIONS,
    OLD_KUSTOMIZATIONS,
    RELEASES,
    REPOSITORIES,
)

if TYPE_CHECKING:
    from argoflux.convert.result import Conversion
    from argoflux.mapping.concept import System

SECRET = "hunter2-token"
MODEST = settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def convert_documents(documents: list[dict[str, Any]], to: System) -> tuple[Any, Conversion]:
    with tempfile.TemporaryDirectory() as folder:
        for index, document in enumerate(documents):
            Path(folder, f"{index:03}.yaml").write_text(dump_documents([document]))
        workspace = read([folder], cwd=folder)
        return workspace.resources, convert_folder(workspace, to)


def flux_documents() -> st.SearchStrategy[list[dict[str, Any]]]:
    source = REPOSITORIES.map(
        lambda body: {**body, "metadata": {"name": "source", "namespace": "flux-system"}}
    )
    appliers = st.lists(st.one_of(KUSTOMIZATIONS, OLD_KUSTOMIZATIONS, RELEASES), max_size=3)
    return st.tuples(source, appliers).map(lambda pair: [pair[0], *pair[1]])


@MODEST
@given(st.lists(APPLICATIONS, min_size=1, max_size=3))
def test_applications_are_accounted_for(documents: list[dict[str, Any]]) -> None:
    resources, result = convert_documents(documents, "flux")
    assert all_checks(resources, result) == []


@MODEST
@given(flux_documents())
def test_flux_objects_are_accounted_for(documents: list[dict[str, Any]]) -> None:
    resources, result = convert_documents(documents, "argocd")
    assert all_checks(resources, result) == []


def printed(result: Conversion) -> dict[str, str]:
    texts = dict(render_tree(result))
    texts["stream"] = render_stream(result.documents)
    for name in ("text", "json", "markdown"):
        texts[name] = renderer("conversion", name)(result, ())
    return texts


@MODEST
@given(st.lists(APPLICATIONS, min_size=2, max_size=4), st.randoms())
def test_output_does_not_depend_on_the_order_of_files(
    documents: list[dict[str, Any]], random: Any
) -> None:
    """Same documents under the same file names, read in another order, give the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for index, document in enumerate(documents):
            Path(folder, f"{index:03}.yaml").write_text(dump_documents([document]))
            names.append(str(Path(folder, f"{index:03}.yaml")))
        first = convert_folder(read(sorted(names), cwd=folder), "flux")
        shuffled = list(names)
        random.shuffle(shuffled)
        second = convert_folder(read(shuffled, cwd=folder), "flux")
    assert printed(first) == printed(second)


@MODEST
@given(st.lists(APPLICATIONS, min_size=1, max_size=2), flux_documents())
def test_no_credential_is_printed(
    applications: list[dict[str, Any]], flux: list[dict[str, Any]]
) -> None:
    """Tokens in URLs and values of Secrets stand in no report and in no output."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "repo",
            "namespace": "argocd",
            "labels": {"argocd.argoproj.io/secret-type": "repository"},
        },
        "stringData": {"url": "https://git.example.com/acme/shop.git", "password": SECRET},
    }
    for to, documents in (("flux", applications), ("argocd", flux)):
        _, result = convert_documents([*documents, secret], to)  # type: ignore[arg-type]
        for name, text in printed(result).items():
            assert SECRET not in text, name


def test_the_strategies_reach_conversions() -> None:
    """The generated estates are not all refused: the properties above say something."""
    converted = []

    @settings(MODEST, derandomize=True, max_examples=60)
    @given(st.lists(APPLICATIONS, min_size=1, max_size=1))
    def collect(documents: list[dict[str, Any]]) -> None:
        _, result = convert_documents(documents, "flux")
        converted.append(any(o.outcome == "converted" for o in result.outcomes))

    collect()
    assert sum(converted) >= len(converted) // 4


@pytest.mark.parametrize("to", ["flux", "argocd"])
def test_nothing_becomes_nothing(to: System) -> None:
    _, result = convert_documents([], to)
    assert result.documents == ()
    assert list(result.entries) == []
    assert io.StringIO(render_stream(result.documents)).read() == ""
