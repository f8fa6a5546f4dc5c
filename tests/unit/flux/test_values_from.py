"""Values from ConfigMaps and Secrets: the algorithm of helm-controller, sharing of maps included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.flux.values_from import compose
from tests.unit.argocd.estates import GIT, RELEASE, flux_to_argocd, manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def target(path: str, value: str, **more: Any) -> tuple[dict[str, Any], str]:
    return {"kind": "ConfigMap", "valuesKey": "v", "targetPath": path, **more}, value


def text(value: str, **more: Any) -> tuple[dict[str, Any], str]:
    return {"kind": "ConfigMap", **more}, value


def composed(entries: list[tuple[dict[str, Any], str]], values: dict[str, Any] | None) -> Any:
    objects: dict[str, Mapping[str, Any]] = {}
    stated = []
    for number, (entry, data) in enumerate(entries):
        name = f"o{number}"
        stated.append({"name": name, **entry})
        objects[name] = {"data": {entry.get("valuesKey", "values.yaml"): data}}
    spec: dict[str, Any] = {"valuesFrom": stated}
    if values is not None:
        spec["values"] = values
    return compose(spec, lambda _kind, name: objects.get(name))


@pytest.mark.parametrize(
    ("entries", "values", "result"),
    [
        ([target("replicas", "5")], {"replicas": 1}, {"replicas": 1}),
        ([target("image.tag", "c")], {"image": {"tag": "b"}}, {"image": {"tag": "c"}}),
        (
            [text("image: {tag: a, x: 1}"), target("image.tag", "c")],
            {"image": {"tag": "b"}},
            {"image": {"tag": "b", "x": 1}},
        ),
        ([text("image: {tag: a}"), target("image.tag", "c")], None, {"image": {"tag": "c"}}),
        ([target("image.tag", "c"), text("image: {tag: a}")], None, {"image": {"tag": "a"}}),
        (
            [target("image.repo", "r"), target("image.tag", "t")],
            {"image": {"tag": "b"}},
            {"image": {"repo": "r", "tag": "b"}},
        ),
        (
            [
                target("a", "5"),
                target("b", "true"),
                target("c", "null"),
                target("d", "{x,y}"),
                target("e[1].f", "z"),
            ],
            None,
            {"a": 5, "b": True, "c": None, "d": ["x", "y"], "e": [None, {"f": "z"}]},
        ),
        ([target("a", "'5'")], None, {"a": "5"}),
        ([target("a", "x=1,b=2", literal=True)], None, {"a": "x=1,b=2"}),
        ([text("")], {"a": 1}, {"a": 1}),
        ([text("a: null")], None, {"a": None}),
    ],
)
def test_vectors(
    entries: list[tuple[dict[str, Any], str]], values: dict[str, Any] | None, result: Any
) -> None:
    assert composed(entries, values).values == result


def test_inline_values_that_overrule_a_path() -> None:
    """The documentation says that a path wins; helm-controller does not always agree."""
    assert composed([target("replicas", "5")], {"replicas": 1}).overruled
    assert not composed([target("image.tag", "c")], {"image": {"tag": "b"}}).overruled
    assert not composed([target("replicas", "1")], {"replicas": 1}).overruled


def test_the_input_is_not_changed() -> None:
    values = {"image": {"tag": "b"}}
    composed([target("image.tag", "c")], values)
    assert values == {"image": {"tag": "b"}}


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("{kind: ConfigMap, name: base}", "F2A-HR-003"),
        ("{kind: ConfigMap, name: other}", "F2A-HR-005"),
        ("{kind: ConfigMap, name: base, valuesKey: absent}", "F2A-HR-005"),
        ("{kind: ConfigMap, name: other, optional: true}", ""),
        ("{kind: Secret, name: hidden, valuesKey: pw, targetPath: pw}", "F2A-HR-004"),
        ("{kind: ConfigMap, name: list}", "F2A-HR-026"),
        ("{kind: ConfigMap, name: base, targetPath: replicas, valuesKey: n}", "F2A-HR-025"),
    ],
)
def test_references(tmp_path: Path, reference: str, code: str) -> None:
    """Every reference has its fate in the report; secret values stay where they are."""
    files = {
        "flux.yaml": GIT + RELEASE % f"  values: {{replicas: 2}}\n  valuesFrom: [{reference}]",
        "objects.yaml": manifest(
            "ConfigMap", "base", "shop", more="data: {values.yaml: 'image: a', n: '1'}"
        )
        + manifest("ConfigMap", "list", "shop", more="data: {values.yaml: '- a'}")
        + manifest("Secret", "hidden", "shop", more="stringData: {pw: s3cret}"),
    }
    result = flux_to_argocd(tmp_path, files)
    values = result.app()["spec"]["source"]["helm"]["valuesObject"]
    assert values == {"replicas": 2, **({"image": "a"} if code == "F2A-HR-003" else {})}
    own = {f"F2A-HR-{number}" for number in ("003", "004", "005", "025", "026")}
    assert (result.codes & own) - {"F2A-HR-003"} == {code} - {"F2A-HR-003", ""}
    assert "s3cret" not in str([message.text for message in result.conversion.messages])
