"""Plain directories: which files are manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_cases import (
    BUILD,
    DEPLOYMENT,
    KUSTOMIZED,
    PLAIN,
    SERVICE,
    Row,
    application,
    check,
    ids,
)

if TYPE_CHECKING:
    from pathlib import Path

NESTED = {**PLAIN, "app/below/service.yaml": SERVICE}
OVERLAY = {**PLAIN, "app/below/kustomization.yaml": BUILD, "app/below/deployment.yaml": DEPLOYMENT}
AT = "spec.source.directory."
IGNORE = ("spec.ignore",)


def directory(block: str) -> str:
    return application(f"targetRevision: main, directory: {{{block}}}")


JSON = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "web"}}'
MARKED = "# +argocd:skip-file-rendering\na: 1\n"
GENERATED = """\
apiVersion: batch/v1
kind: Job
metadata: {generateName: migrate-, namespace: web}
"""
ROWS = [
    Row(id="recursive", text=directory("recurse: true"), path=f"{AT}recurse"),
    Row(
        id="flat, nothing below",
        text=directory("recurse: false"),
        files=PLAIN,
        path=f"{AT}recurse",
    ),
    Row(
        id="flat, manifests below",
        text=directory("recurse: false"),
        files=NESTED,
        path=f"{AT}recurse",
        verdict="approximate",
        code="A2F-SRC-002",
        shown="`ignore` of a GitRepository of its own",
    ),
    Row(
        id="flat, an overlay below",
        text=directory("recurse: false"),
        files=OVERLAY,
        path=f"{AT}recurse",
        verdict="approximate",
        code="A2F-SRC-002",
    ),
    Row(
        id="flat, unseen",
        text=directory("recurse: false"),
        path=f"{AT}recurse",
        verdict="approximate",
        code="A2F-SRC-002",
    ),
    Row(id="flat, unsaid", text=directory(""), code="A2F-SRC-002", shown="directly in `app`"),
    Row(
        id="null is flat",
        text=directory("recurse: null"),
        files=PLAIN,
        path=f"{AT}recurse",
        verdict="equivalent",
    ),
    Row(
        id="Flux's own file rule",
        text=directory("recurse: true, include: '{*.yml,*.yaml}'"),
        path=f"{AT}include",
        targets=(),
    ),
    Row(
        id="Flux's own file rule leaves recursion exact",
        text=directory("recurse: true, include: '{*.yml,*.yaml}'"),
        path=f"{AT}recurse",
    ),
    Row(
        id="Flux's own file rule with exceptions",
        text=directory("recurse: true, include: '{*.yml,*.yaml}', exclude: dev.yaml"),
        path=f"{AT}include",
        verdict="approximate",
        code="A2F-SRC-003",
    ),
    Row(
        id="included",
        text=directory("recurse: true, include: '*.yaml'"),
        path=f"{AT}include",
        verdict="approximate",
        code="A2F-SRC-003",
        targets=IGNORE,
        shown="`*.yaml` of `app`",
    ),
    Row(
        id="excluded",
        text=directory("recurse: true, exclude: '{dev,test}.yaml'"),
        path=f"{AT}exclude",
        verdict="approximate",
        code="A2F-SRC-003",
        targets=IGNORE,
    ),
    Row(id="included, empty", text=directory("include: ''"), path=f"{AT}include"),
    Row(id="excluded, empty", text=directory("exclude: ''"), path=f"{AT}exclude"),
    Row(
        id="every suffix",
        text=directory("disableExtensionFilter: true"),
        path=f"{AT}disableExtensionFilter",
        verdict="manual",
        code="A2F-SRC-014",
    ),
    Row(
        id="the usual suffixes",
        text=directory("disableExtensionFilter: false"),
        path=f"{AT}disableExtensionFilter",
    ),
    Row(
        id="jsonnet",
        text=directory("jsonnet: {extVars: [{name: a, value: b}]}"),
        path=f"{AT}jsonnet.extVars[0].name",
        verdict="manual",
        code="A2F-SRC-004",
    ),
    Row(
        id="no jsonnet",
        text=directory("jsonnet: {extVars: [], tlas: []}"),
        path=f"{AT}jsonnet.extVars",
        verdict="equivalent",
    ),
    Row(
        id="JSON",
        text=directory("recurse: true"),
        files={**PLAIN, "app/service.json": JSON},
        code="A2F-SRC-005",
        shown="app/service.json",
    ),
    Row(
        id="other YAML",
        text=directory("recurse: true"),
        files={**PLAIN, "app/values.yaml": "a: 1\n"},
        code="A2F-SRC-006",
        shown="app/values.yaml",
    ),
    Row(
        id="a marked file",
        text=directory("recurse: true"),
        files={**PLAIN, "app/values.yaml": MARKED},
        code="A2F-SRC-013",
        shown="app/values.yaml",
    ),
    Row(
        id="defined twice",
        text=directory("recurse: true"),
        files={**PLAIN, "app/again.yaml": DEPLOYMENT},
        code="A2F-SRC-015",
        shown="Deployment/web/api is defined twice in `app`",
    ),
    Row(
        id="a name to be completed",
        text=directory("recurse: true"),
        files={**PLAIN, "app/job.yaml": GENERATED},
        code="A2F-SRC-016",
        shown="Job migrate-*",
    ),
    Row(
        id="an overlay below, recursive",
        text=directory("recurse: true"),
        files=OVERLAY,
        code="A2F-SRC-019",
        shown="app/below",
    ),
]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


LINKED = Row(
    id="a link",
    text=directory("recurse: true"),
    files=PLAIN,
    code="A2F-SRC-021",
    shown="app/linked.yaml",
)


def test_links_are_no_part_of_an_artifact(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "shared.yaml").write_text(SERVICE)
    (tmp_path / "app/linked.yaml").symlink_to("../shared.yaml")
    check(tmp_path, LINKED)


def test_a_kustomization_reads_no_directory_options(tmp_path: Path) -> None:
    """Only a ``directory`` block makes a plain directory of a path with a kustomization file."""
    check(tmp_path, Row(id="", text=application("targetRevision: main"), files=KUSTOMIZED))
