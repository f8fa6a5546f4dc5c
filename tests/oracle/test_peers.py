"""The other linters themselves, on the fixtures that stand for their checks: the fixtures are right.

``argocd-source-lint`` (a wheel) and ``kubeconform`` (``go install github.com/yannh/kubeconform/cmd/kubeconform``)
are taken from PATH; where they are not there the tests skip. argocd-lint and flux-schema cannot be
installed from the Go module proxy, so their checks come from reading their source:
harchuk/argocd-lint:internal/rule/rules.go, fluxcd/flux-schema:internal/validator/validator.go.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from argoflux import kinds
from argoflux.schema import load_schema
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.peer_checks import CHECKS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.peer_checks import Check

SOURCE_LINT = shutil.which("argocd-source-lint")
KUBECONFORM = shutil.which("kubeconform")
OURS_ALONE = {
    "missing-ignore-diff autoscaler": "hpa-selfheal-conflict",  # told under this name
    "unresolvable-generator": "",  # said about generators it does not know, and {} is not one
    "duplicate names of a set": "",  # it does not expand Go templates
}
"""Fixtures that the tool reports under another name, or not at all."""


def of_tool(name: str) -> list[Any]:
    """The fixtures of one tool."""
    return [pytest.param(check, id=check.name) for check in CHECKS if check.tool == name]


def write(folder: Path, check: Check) -> None:
    """The files of a check."""
    for name, text in check.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.skipif(SOURCE_LINT is None, reason="argocd-source-lint is not installed")
@pytest.mark.parametrize("check", of_tool("argocd-source-lint"))
def test_argocd_source_lint_reports_its_fixture(tmp_path: Path, check: Check) -> None:
    wanted = OURS_ALONE.get(check.name, check.name.partition(" ")[0])
    write(tmp_path, check)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "remote", "add", "origin", "https://git.example.com/apps.git")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "x")
    (tmp_path / ".argocd-lint.yaml").write_text("scan_roots: [web]\n")
    done = subprocess.run(
        [str(SOURCE_LINT), ".", "-f", "json"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    told = {finding["rule_id"] for finding in json.loads(done.stdout)["findings"]}
    assert not wanted or wanted in told, told


def git(folder: Path, *args: str) -> None:
    """Run git as somebody."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    if args[:2] == ("remote", "add"):
        args = ("config", "remote.origin.url", args[-1])
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)


def strict(node: Any) -> Any:
    """A schema of ours as kubeconform wants it: no other fields, and alternatives spelt out."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: strict(value) for key, value in node.items()}
    if "properties" in node and not node.get("x-kubernetes-preserve-unknown-fields"):
        found.setdefault("additionalProperties", False)
    if node.get("x-kubernetes-int-or-string"):
        found["type"] = ["integer", "string"]
    return found


@pytest.mark.skipif(KUBECONFORM is None, reason="kubeconform is not installed")
@pytest.mark.parametrize("check", of_tool("kubeconform"))
def test_kubeconform_reports_its_fixture(tmp_path: Path, check: Check) -> None:
    (text,) = check.files.values()
    for document in load_text(SourceFile("a.yaml", text)).documents:
        body: Any = document.body
        group, _, version = str(body.get("apiVersion")).rpartition("/")
        kind = str(body.get("kind"))
        ours = kinds.by_name(kind)
        schema = load_schema(kind, version)
        if schema is not None and ours is not None and ours.newest.version == version:
            known = strict(schema)
            for key in ("apiVersion", "kind", "metadata"):
                known["properties"][key] = {}
            name = f"{group}_{kind.lower()}_{version}.json"
            (tmp_path / name).write_text(json.dumps(known))
    where = f"{tmp_path}/{{{{.Group}}}}_{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"
    done = subprocess.run(
        [str(KUBECONFORM), "-strict", "-output", "json", "-schema-location", where, "-"],
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert [one["status"] for one in json.loads(done.stdout)["resources"]] == [
        "statusError" if check.code in {"AF001", "AF004", "AF103"} else "statusInvalid"
    ]
