"""Objects of every old version of Flux, moved on by their fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux import kinds
from argoflux.lint.fix import ROUNDS, fixed_files
from argoflux.schema import check
from argoflux.schema_fields import leaf_paths, load_schema
from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump
from argoflux.yamlio.load import load_text
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

OLD = [
    (kind.kind, version.version)
    for kind in kinds.KINDS
    if kind.engine == "flux"
    for version in kind.older
    if version.file
]
VALUES = {
    "string": "x",
    "integer": 1,
    "number": 1,
    "boolean": True,
    "int-or-string": 1,
    "any": {},
    "object": {},
}
MORE: dict[str, dict[str, Any]] = {
    "HelmRelease": {
        "chart": {"spec": {"chart": "x", "sourceRef": {"kind": "HelmRepository", "name": "x"}}}
    }
}
"""What a rule in CEL asks for."""
URLS = {"Bucket": "", "OCIRepository": "oci://registry.example.com/x"}


def value_of(node: dict[str, Any], kind: str, key: str) -> Any:
    """A value that a schema accepts, with all that is required in it."""
    if "default" in node:
        return node["default"]
    if "enum" in node:
        return node["enum"][0]
    pattern = node.get("pattern", "")
    if "ms|s|m" in pattern or key == "interval":
        return "5m"
    if "://" in pattern or key in {"url", "image"}:
        return URLS.get(kind) or "https://git.example.com/x.git"
    if "properties" in node:
        wanted = node.get("required", ())
        return {name: value_of(node["properties"][name], kind, name) for name in wanted}
    if node.get("type") == "array":
        return [value_of(node["items"], kind, key)]
    return VALUES.get(str(node.get("type")), "x")


def smallest(kind: str, version: str) -> dict[str, Any]:
    """An object with its required fields alone."""
    known = kinds.by_name(kind)
    schema = load_schema(kind, version)
    assert known is not None
    assert schema is not None
    body = {
        "apiVersion": f"{known.group}/{version}",
        "kind": kind,
        "metadata": {"name": "x", "namespace": "flux-system"},
        "spec": {**value_of(schema["properties"]["spec"], kind, "spec"), **MORE.get(kind, {})},
    }
    assert check(kind, version, body) == []
    return body


def upgraded(folder: Path, text: str) -> str:
    """The text after all fixes of versions and fields."""
    for round_ in range(ROUNDS):
        result = lint_texts(folder / str(round_), {"x.yaml": text}, code="AF10")
        made = fixed_files(result.findings, unsafe=True)
        if not made:
            return text
        text = made[0].text
    raise AssertionError("fixing does not end")


@pytest.mark.parametrize(("kind", "version"), OLD)
def test_the_smallest_object_of_each_version(tmp_path: Path, kind: str, version: str) -> None:
    """It is valid in the newest version afterwards."""
    known = kinds.by_name(kind)
    assert known is not None
    body = smallest(kind, version)
    target = known.newest.version
    text = upgraded(tmp_path, dump(body))
    (document,) = load_text(SourceFile("x.yaml", text)).documents
    assert document.body["apiVersion"] == f"{known.group}/{target}"
    assert check(kind, target, document.body) == []


PATCHES = """\
{lead}patchesStrategicMerge:
{lead}  - apiVersion: apps/v1
{lead}    kind: Deployment
{lead}    metadata: {{name: web}}
{lead}patchesJson6902:
{lead}  - target: {{kind: Service, name: web}}
{lead}    patch:
{lead}      - {{op: remove, path: /spec/type}}
"""


@pytest.mark.parametrize(
    ("kind", "version", "more", "moved"),
    [
        ("Kustomization", "v1beta2", "  validation: client\n", {}),
        (
            "Kustomization",
            "v1beta2",
            PATCHES.format(lead="  ") + "  validation: server\n",
            {"spec.patches[].patch": 2, "spec.patches[].target.kind": 1},
        ),
        (
            "HelmRelease",
            "v2beta1",
            "  postRenderers:\n    - kustomize:\n" + PATCHES.format(lead="        "),
            {"spec.postRenderers[].kustomize.patches[].patch": 2},
        ),
        ("HelmChart", "v1beta2", "  valuesFile: a.yaml\n", {"spec.valuesFiles[]": 1}),
        (
            "HelmChart",
            "v1beta2",
            "  valuesFile: a.yaml\n  valuesFiles: [a.yaml, b.yaml]\n",
            {"spec.valuesFiles[]": 2},
        ),
        (
            "GitRepository",
            "v1beta2",
            "  accessFrom: {namespaceSelectors: []}\n  gitImplementation: libgit2\n",
            {},
        ),
        ("Bucket", "v1beta2", "  accessFrom: {namespaceSelectors: []}\n", {}),
    ],
)
def test_fields_move_with_the_version(
    tmp_path: Path, kind: str, version: str, more: str, moved: dict[str, int]
) -> None:
    """Every field that is gone in the newest version stands where that has it."""
    known = kinds.by_name(kind)
    assert known is not None
    text = upgraded(tmp_path, dump(smallest(kind, version)) + more)
    (document,) = load_text(SourceFile("x.yaml", text)).documents
    assert document.body["apiVersion"] == f"{known.group}/{known.newest.version}"
    assert check(kind, known.newest.version, document.body) == []
    assert {path: _count(document.body, path) for path in moved} == moved


def _count(value: Any, pattern: str) -> int:
    """How many values stand at a path pattern."""
    found = [value]
    for step in pattern.replace("[]", ".[]").split("."):
        if step == "[]":
            found = [item for each in found for item in each]
        else:
            found = [each[step] for each in found if step in each]
    return len(found)


def test_the_table_of_moves_is_whole() -> None:
    """Every field of an old version that the newest has not is in the table."""
    from argoflux.lint.gone_fields import MOVES

    known = {(move.kind, move.path) for move in MOVES}
    gone = set()
    for kind, version in OLD:
        newest = kinds.by_name(kind)
        assert newest is not None
        there = leaf_paths(kind, newest.newest.version)
        for path in leaf_paths(kind, version):
            if not any(
                other == path or other.startswith((f"{path}.", f"{path}[")) for other in there
            ):
                near = [row for row in known if row[0] == kind and path.startswith(row[1])]
                gone.add(near[0] if near else (kind, path))
    assert gone == known


def test_patches_move_with_what_they_are_for(tmp_path: Path) -> None:
    """kustomize finds the object of a patch by its version."""
    base = dump(smallest("HelmRelease", "v2beta2"))
    patch = (
        "apiVersion: helm.toolkit.fluxcd.io/v2beta2\nkind: HelmRelease\nmetadata: {name: x}\n"
        "spec: {chart: {spec: {valuesFile: a.yaml}}}\n"
    )
    files = {
        "base.yaml": base,
        "patch.yaml": patch,
        "kustomization.yaml": "resources: [base.yaml]\npatches: [path: patch.yaml]\n",
    }
    found = lint_texts(tmp_path, files, code="AF103").findings
    made = {one.before.name: one.text for one in fixed_files(found, unsafe=False)}
    assert made == {
        "base.yaml": base.replace("v2beta2", "v2"),
        "patch.yaml": patch.replace("v2beta2", "v2").replace(
            "valuesFile: a.yaml", "valuesFiles: [a.yaml]"
        ),
    }


@pytest.mark.parametrize(
    ("field", "value", "left"),
    [("patchesStrategicMerge", "[]", False), ("patchesJson6902", "text", True)],
)
def test_patches_without_any_are_removed(
    tmp_path: Path, field: str, value: str, *, left: bool
) -> None:
    """Empty lists go; what is no list stays for whoever wrote it."""
    text = f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
kind: Kustomization
metadata: {{name: web, namespace: flux-system}}
spec:
  interval: 10m
  prune: true
  {field}: {value}
  sourceRef: {{kind: GitRepository, name: apps}}
"""
    found = lint_texts(tmp_path, {"a.yaml": text}).findings
    assert [f.code for f in found if f.code in {"AF103", "AF901"}] == ["AF103"]
    made = fixed_files(found, unsafe=True)
    assert (field in (made[0].text if made else text)) is left
