"""Documents with wrong values anywhere: every leaf still has its answer, and nothing crashes."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argoflux.schema import load_schema, mistyped
from argoflux.schema_accept import of_type
from argoflux.yamlio.tree import walk
from tests.ecosystem.accounts import (
    every_leaf_has_one_entry,
    every_resource_has_one_outcome,
    exact_leaves_arrive,
    names_are_valid_and_unique,
    no_holes,
    output_is_valid,
    paths_stay_inside,
)
from tests.property.strategies import (
    APPLICATIONS,
    KUSTOMIZATIONS,
    OLD_KUSTOMIZATIONS,
    RELEASES,
    REPOSITORIES,
)
from tests.property.test_convert import convert_documents, printed

if TYPE_CHECKING:
    from argoflux.convert.result import Conversion
    from argoflux.mapping.concept import System

MODEST = settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
WORDS = st.sampled_from(
    [
        *("", "x", "true", "main", "../../x", "/etc/passwd", "a\nb", "\x1b[31mred", "\u202e", "🚀"),
        *("<script>", "${VAR}", "{{ x }}", "--flag", "a" * 300, "1h", "1.10", "https://[", "\x00"),
        *("*", "`", "|", "a/b/c", "@", "=", "a=b=c", "\x85", "\ufeff", "#", "null", "ftp://u:p@h"),
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
KEYS = st.sampled_from(["name", "a", "", "kind", "path", "target", "values", "🚀", "a.b/c", "[0]"])
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
FIXED = {(), ("apiVersion",), ("kind",), ("metadata",), ("metadata", "name")}
"""Without these a document is no object of ours, and nothing is promised but a finding."""

SECRETS = st.fixed_dictionaries(
    {
        "apiVersion": st.just("v1"),
        "kind": st.just("Secret"),
        "metadata": st.fixed_dictionaries(
            {
                "name": st.sampled_from(["repo", "edge"]),
                "namespace": st.just("argocd"),
                "labels": st.fixed_dictionaries(
                    {
                        "argocd.argoproj.io/secret-type": st.sampled_from(
                            ["repository", "repo-creds", "cluster"]
                        )
                    }
                ),
            }
        ),
        "stringData": st.fixed_dictionaries(
            {
                "url": st.just("https://git.example.com/acme/shop.git"),
                "name": st.just("edge"),
                "server": st.just("https://10.0.0.1:6443"),
                "config": st.just("{}"),
            }
        ),
    }
)
CONFIG_MAPS = st.just(
    {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "argocd-cm",
            "namespace": "argocd",
            "labels": {"app.kubernetes.io/part-of": "argocd"},
        },
        "data": {
            "application.instanceLabelKey": "x",
            "resource.exclusions": "- kinds: ['*']",
            "kustomize.buildOptions": "--enable-helm",
            "timeout.reconciliation": "180s",
        },
    }
)


@st.composite
def broken(draw: st.DrawFn, documents: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """A document in which some values are replaced, and some keys added."""
    body = copy.deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, 4))):
        places = [path for path, _ in walk(body) if path not in FIXED]
        path = draw(st.sampled_from(places))
        holder: Any = body
        for step in path[:-1]:
            holder = holder[step]
        junk = draw(JUNK)
        if isinstance(holder, dict) and draw(st.booleans()) and draw(st.booleans()):
            holder[draw(KEYS)] = junk
        else:
            holder[path[-1]] = junk
    return body


def estates(*kinds: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.one_of([broken(kind) for kind in kinds]), min_size=1, max_size=4)


ARGO = estates(APPLICATIONS, APPLICATIONS, SECRETS, CONFIG_MAPS)
FLUX = st.tuples(
    broken(
        REPOSITORIES.map(
            lambda body: {**body, "metadata": {"name": "source", "namespace": "flux-system"}}
        )
    ),
    estates(KUSTOMIZATIONS, OLD_KUSTOMIZATIONS, RELEASES),
).map(lambda pair: [pair[0], *pair[1]])


def complaints(documents: list[dict[str, Any]], to: System) -> list[str]:
    resources, result = convert_documents(documents, to)
    printed(result)
    return [
        *every_resource_has_one_outcome(resources, result),
        *every_leaf_has_one_entry(result),
        *no_holes(result),
        *names_are_valid_and_unique(result),
        *paths_stay_inside(result),
        *exact_leaves_arrive(result),
        *wrong_types_are_named(result),
        *types_of_output(result),
    ]


def wrong_types_are_named(result: Conversion) -> list[str]:
    """No leaf of a converted object whose value its field cannot take is called exact."""
    wrong = []
    for outcome in result.outcomes:
        resource = outcome.resource
        schema = load_schema(resource.ref.kind, resource.version)
        if outcome.outcome != "converted" or schema is None or resource.pseudo:
            continue
        bad = [
            path
            for path, value, node in mistyped(resource.body, schema)
            if path[0] == "spec" and not of_type(value, node)
        ]
        wrong += [
            f"{resource.ref} {entry.path} is {entry.verdict}"
            for entry in result.entries
            if entry.cause is resource
            and not entry.origin
            and any(entry.path[: len(path)] == path for path in bad)
            and entry.verdict != "unknown"
        ]
    return wrong


def types_of_output(result: Conversion) -> list[str]:
    """Whatever the input holds, the values of the output have the types of their fields."""
    found = output_is_valid(result)
    return [error for error in found if "rule='type'" in error]


@MODEST
@given(ARGO)
def test_broken_argo_cd_objects_are_accounted_for(documents: list[dict[str, Any]]) -> None:
    assert complaints(documents, "flux") == []


@MODEST
@given(FLUX)
def test_broken_flux_objects_are_accounted_for(documents: list[dict[str, Any]]) -> None:
    assert complaints(documents, "argocd") == []


@MODEST
@given(ARGO, FLUX)
def test_broken_objects_of_the_target_system_are_kept(
    argo: list[dict[str, Any]], flux: list[dict[str, Any]]
) -> None:
    assert complaints([*argo, *flux], "flux") == []
    assert complaints([*argo, *flux], "argocd") == []


# --- every field once, with a value of the wrong type

_KNOWN: dict[str, Any] = {
    "repoURL": "https://git.example.com/acme/shop.git",
    "url": "https://git.example.com/acme/shop.git",
    "path": "./apps",
    "targetRevision": "main",
    "sourceRef": {"kind": "GitRepository", "name": "source"},
    "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
}
_ABSENT = {"chartRef", "sources", "sourceHydrator", "plugin", "postRenderers", "chart", "ref"}


def everything(node: dict[str, Any], key: str = "") -> Any:
    """A value with every field that a schema knows."""
    if key in _KNOWN:
        return _KNOWN[key]
    if "enum" in node:
        return node["enum"][0]
    properties = node.get("properties")
    if properties:
        return {name: everything(child, name) for name, child in properties.items()}
    match node.get("type"):
        case "object":
            return {"k": everything(node.get("additionalProperties") or {})}
        case "array":
            return [everything(node.get("items", {}), key)]
        case "boolean":
            return True
        case "integer" | "number":
            return max(1, node.get("minimum", 1))
        case "string":
            return "5m" if "ms|s|m" in node.get("pattern", "") else "value"
        case _:
            return 3 if node.get("x-kubernetes-int-or-string") else {"k": "v"}


def whole(kind: str, version: str, group: str, tool: str = "") -> dict[str, Any]:
    """A valid object with every field that can stand beside the others."""
    schema = load_schema(kind, version)
    assert schema is not None
    spec = everything(schema["properties"]["spec"])
    absent = _ABSENT - ({"chart"} if kind == "HelmRelease" else set())
    absent -= {"ref"} if kind == "GitRepository" else set()
    absent -= {tool}
    tool = "helm" if tool == "chart" else tool
    holder = spec.get("source", spec)
    for name in [*(absent & set(spec)), *(absent & set(holder))]:
        spec.pop(name, None)
        holder.pop(name, None)
    for name in {"kustomize", "helm", "directory"} - {tool} if kind == "Application" else ():
        holder.pop(name, None)
    holder.get("directory", {}).pop("jsonnet", None)
    if kind == "HelmRelease":
        spec["chart"]["spec"]["chart"] = "./charts/shop"
    name = "source" if kind == "GitRepository" else "shop"
    return {
        "apiVersion": f"{group}/{version}",
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": "team",
            "labels": {"a": "b"},
            "annotations": {"argocd.argoproj.io/sync-wave": "1"},
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        },
        "spec": spec,
    }


_SOURCE = ("GitRepository", "v1", "source.toolkit.fluxcd.io")
OBJECTS: dict[str, tuple[System, list[tuple[str, ...]]]] = {
    "Application with kustomize": (
        "flux",
        [("Application", "v1alpha1", "argoproj.io", "kustomize")],
    ),
    "Application with Helm": ("flux", [("Application", "v1alpha1", "argoproj.io", "helm")]),
    "Application of a directory": (
        "flux",
        [("Application", "v1alpha1", "argoproj.io", "directory")],
    ),
    "Application of a chart": ("flux", [("Application", "v1alpha1", "argoproj.io", "chart")]),
    "Application of a hydrated branch": (
        "flux",
        [("Application", "v1alpha1", "argoproj.io", "sourceHydrator")],
    ),
    "Kustomization": ("argocd", [("Kustomization", "v1", "kustomize.toolkit.fluxcd.io"), _SOURCE]),
    "old Kustomization": (
        "argocd",
        [("Kustomization", "v1beta2", "kustomize.toolkit.fluxcd.io"), _SOURCE],
    ),
    "HelmRelease": ("argocd", [("HelmRelease", "v2", "helm.toolkit.fluxcd.io"), _SOURCE]),
}


@pytest.mark.parametrize("case", OBJECTS)
def test_every_field_may_have_a_wrong_type(case: str) -> None:
    to, wanted = OBJECTS[case]
    documents = [whole(*each) for each in wanted]
    _, result = convert_documents(documents, to)
    assert [o.outcome for o in result.outcomes if o.resource.ref.name == "shop"] == ["converted"]
    for index, document in enumerate(documents):
        for number, (path, value) in enumerate(walk(document)):
            if path in FIXED:
                continue
            broken_one = copy.deepcopy(documents)
            holder: Any = broken_one[index]
            for step in path[:-1]:
                holder = holder[step]
            junk: list[Any] = [7, ["x"], {"a": ["b"]}] if isinstance(value, str) else ["x", 7.5]
            holder[path[-1]] = junk[number % len(junk)]
            assert complaints(broken_one, to) == [], path
