"""Replacements of kustomize where the real one is not at hand: refusals, splitting, newer fields."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.finding import Place
from argoflux.text import SourceFile
from argoflux.workspace.replacing import (
    ReplacementError,
    apply_replacement,
    may_change,
    split_path,
)
from argoflux.workspace.transform import Item, identity_of

PLACE = Place(source=SourceFile("a.yaml", ""))
MAP: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings"},
    "data": {"host": "db.example.com:5432", "empty": ""},
}
APP: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 1,
        "paused": True,
        "args": ["a", "b"],
        "env": [{"name": "H", "value": "x"}],
    },
}
HOST = {"kind": "ConfigMap", "fieldPath": "data.host"}


def item(body: dict[str, Any], **more: Any) -> Item:
    identity = identity_of(body)
    return Item(body=body, place=PLACE, identity=identity, original=identity, **more)


def replaced(replacement: dict[str, Any], *bodies: dict[str, Any]) -> dict[str, Any]:
    items = apply_replacement([item(body) for body in bodies or (MAP, APP)], replacement)
    return dict(items[-1].body)


def into(*paths: str, **options: Any) -> list[dict[str, Any]]:
    target: dict[str, Any] = {"select": {"kind": "Deployment"}, "fieldPaths": list(paths)}
    return [{**target, "options": options} if options else target]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("metadata.name", ["metadata", "name"]),
        ("a.[name=b.c].d", ["a", "[name=b.c]", "d"]),
        (r"metadata.annotations.example\.com/x", ["metadata", "annotations", "example.com/x"]),
        ("metadata.annotations.[example.com/x]", ["metadata", "annotations", "example.com/x"]),
        ("a.*.b.0", ["a", "*", "b", "0"]),
    ],
)
def test_paths_are_split_outside_of_brackets(text: str, steps: list[str]) -> None:
    assert split_path(text) == steps


def test_a_literal_is_a_source_too() -> None:
    body = replaced(
        {"sourceValue": "7", "targets": into("spec.env.[name=H].value", "spec.replicas")}
    )
    assert body["spec"]["env"] == [{"name": "H", "value": "7"}]
    assert body["spec"]["replicas"] == 7


def test_a_part_of_a_text() -> None:
    source = {**HOST, "options": {"delimiter": ":", "index": 1}}
    assert replaced({"source": source, "targets": into("spec.args.1")})["spec"]["args"] == [
        "a",
        "5432",
    ]


@pytest.mark.parametrize(
    ("replacement", "reason"),
    [
        ({"targets": into("spec.args.0")}, "one source and at least one target"),
        ({"source": HOST}, "one source and at least one target"),
        ({"source": HOST, "sourceValue": "x", "targets": []}, "one source"),
        ({"source": {"kind": "Secret"}, "targets": into("spec.args.0")}, "no object of the build"),
        ({"source": {}, "targets": into("spec.args.0")}, "2 objects of the build"),
        ({"source": {**HOST, "fieldPath": "data.empty"}, "targets": []}, "is empty"),
        ({"source": {**HOST, "fieldPath": "data.gone"}, "targets": []}, "is empty"),
        (
            {"source": {**HOST, "options": {"delimiter": ":", "index": 5}}, "targets": []},
            "has no part 5",
        ),
        ({"source": HOST, "targets": [{}]}, "selects nothing"),
        ({"source": HOST, "targets": into("spec.gone")}, "`spec.gone` is not in Deployment web"),
        ({"source": HOST, "targets": into("spec.args.7")}, "there is no item 7"),
        ({"source": HOST, "targets": into("spec.args.name")}, "is no item of a list"),
        ({"source": HOST, "targets": into("spec.replicas.x")}, "neither map nor list"),
        ({"source": HOST, "targets": into("spec.*")}, "there is a map"),
        ({"source": HOST, "targets": into("spec.replicas")}, "takes no value of another type"),
        ({"source": HOST, "targets": into("spec.args", delimiter="-")}, "splits texts only"),
        ({"source": HOST, "targets": into("spec.env.[name=(].value")}, "not a regular expression"),
        ({"source": HOST, "targets": [{"select": {"name": "("}}]}, "not a regular expression"),
        (
            {"source": HOST, "targets": [{"select": {"kind": "Deploy.*"}, "fieldPaths": ["x"]}]},
            "releases of kustomize differ",
        ),
        ("text", "cannot be read"),
    ],
)
def test_what_kustomize_refuses_is_refused(replacement: Any, reason: str) -> None:
    with pytest.raises(ReplacementError, match=reason.replace("(", r"\(")):
        replaced(replacement)


def test_an_uncertain_source_is_no_source() -> None:
    items = [item(MAP, certain=False), item(APP)]
    with pytest.raises(ReplacementError, match="not followed"):
        apply_replacement(items, {"source": HOST, "targets": into("spec.args.0")})


def test_only_selected_objects_are_doubtful_after_a_failure() -> None:
    failed = {"source": {"kind": "Gone"}, "targets": into("spec.args.0")}
    assert may_change(item(APP), failed)
    assert not may_change(item(MAP), failed)
    assert may_change(item(MAP), None)
    assert may_change(item(MAP), {"targets": [{"select": {"name": "("}}]})


def test_nothing_is_changed_in_place() -> None:
    before = repr(APP)
    replaced({"source": HOST, "targets": into("spec.env.[name=H].value", "spec.args.*")})
    assert repr(APP) == before
