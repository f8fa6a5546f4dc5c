"""Hypothesis strategies for manifests, made from the shipped schemas."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from argoflux.schema_fields import load_schema

NAMES = st.sampled_from(["api", "web-1", "shop", "a", "x" * 70, "team-b", "db.main"])
NAMESPACES = st.sampled_from(["shop", "team-b", "x" * 63])
WORDS = st.sampled_from(["a", "prod", "value", "y", "1e3", "0777", "", "ü", "${VAR}", "{{ x }}"])
URLS = st.sampled_from(
    [
        *["https://git.example.com/acme/shop.git", "https://git.example.com/acme/shop"] * 4,
        "git@git.example.com:acme/fleet.git",
        "ssh://git@git.example.com:2222/acme/fleet",
        "https://robot:hunter2-token@git.example.com/acme/private.git",
        "file:///srv/git",
        "${REPO}",
    ]
)
REVISIONS = st.sampled_from(
    [
        "main",
        "HEAD",
        "",
        "v1.2.3",
        "1.x",
        "deadbee",
        "refs/tags/v1",
        "a" * 40,
        "release-1",
        ">=1 <2",
    ]
)
CHARTS = st.sampled_from(["redis", "team/web", "podinfo", "Ünlikely", "", "x" * 70])
CHART_URLS = st.sampled_from(
    [
        *["https://charts.example.com/team", "https://charts.example.com/team/"] * 2,
        *["ghcr.io/acme/charts", "localhost:5000/x/"],
        "https://robot:hunter2-token@charts.example.com",
        "robot:hunter2-token@ghcr.io/acme/charts",
        "oci://robot:hunter2-token@ghcr.io/acme/charts",
        "oci://ghcr.io/acme/charts",
        "s3://charts",
    ]
)
ARTIFACTS = st.sampled_from(
    [
        *["oci://ghcr.io/acme/app"] * 2,
        *[
            "oci://robot:hunter2-token@ghcr.io/acme/app",
            "oci://localhost:5000",
            "oci://",
            "oci://x/",
        ],
    ]
)
VERSIONS = st.sampled_from(
    [
        *["1.2.3", "v1.2.3+build", "1.2", "latest", ">=1 <2", "*", "main", "", "HEAD"],
        "sha256:" + "0123456789abcdef" * 4,
    ]
)
PATHS = st.sampled_from([*[".", "", "./apps", "apps/prod", "/abs", "a//b"] * 2, "../up"])
DURATIONS = st.sampled_from(["30s", "1m", "5m", "1h30m", "10m0s"])
OPTIONS = st.sampled_from(
    ["CreateNamespace=true", "Prune=false", "Validate=false", "ServerSideApply=true", "Bogus=1"]
)

BY_KEY: dict[str, st.SearchStrategy[Any]] = {
    "repoURL": URLS,
    "url": URLS,
    "targetRevision": REVISIONS,
    "branch": REVISIONS,
    "tag": REVISIONS,
    "path": PATHS,
    "chart": PATHS,
    "name": NAMES,
    "namespace": NAMESPACES,
    "targetNamespace": NAMESPACES,
    "interval": DURATIONS,
    "timeout": DURATIONS,
    "retryInterval": DURATIONS,
    "syncOptions": st.lists(OPTIONS, max_size=3),
    "sourceRef": st.fixed_dictionaries(
        {"kind": st.just("GitRepository"), "name": st.sampled_from(["source", "missing"])}
    ),
}
BY_KEY["destination"] = st.one_of(
    st.fixed_dictionaries(
        {"server": st.just("https://kubernetes.default.svc"), "namespace": NAMESPACES}
    ),
    st.fixed_dictionaries({"name": st.sampled_from(["in-cluster", "edge"])}),
    st.fixed_dictionaries({"server": st.just("https://10.0.0.1:6443")}, optional={"name": WORDS}),
)
LATER = {"chartRef", "sources", "plugin", "postRenderers", "operation"}
"""Fields that make a whole object the work of a later release; tried elsewhere."""


def value(node: dict[str, Any], key: str = "", depth: int = 0) -> st.SearchStrategy[Any]:
    """Values that a schema node accepts, with known fields as people write them."""
    if key in BY_KEY:
        return BY_KEY[key]
    if key == "source" and "repoURL" in node.get("properties", {}):
        return argo_source(node, depth)
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if node.get("x-kubernetes-int-or-string"):
        return st.one_of(st.integers(0, 9), st.just("3"))
    match node.get("type"):
        case "object":
            return mapping(node, depth + 1)
        case "array":
            return st.lists(value(node.get("items", {}), key, depth + 1), max_size=2)
        case "boolean":
            return st.booleans()
        case "integer" | "number":
            return st.integers(node.get("minimum", -1), min(node.get("maximum", 20), 20))
        case "string":
            return DURATIONS if "ms|s|m" in node.get("pattern", "") else WORDS
        case _:
            return st.dictionaries(st.sampled_from(["k", "a.b/c", "yes"]), WORDS, max_size=2)


def argo_source(node: dict[str, Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """An Application's source: Git, a registry or a Helm repository, and at most one tool block."""
    properties = node["properties"]
    tools = {
        tool: st.fixed_dictionaries(
            {tool: value(_without(properties[tool], "jsonnet"), "", depth + 1)}
        )
        for tool in ("kustomize", "helm", "directory", "plugin")
    }
    git = st.fixed_dictionaries(
        {"repoURL": URLS, "path": PATHS}, optional={"targetRevision": REVISIONS, "name": NAMES}
    )
    artifact = st.fixed_dictionaries(
        {"repoURL": ARTIFACTS, "path": PATHS}, optional={"targetRevision": VERSIONS, "name": NAMES}
    )
    chart = st.fixed_dictionaries(
        {"repoURL": CHART_URLS, "chart": CHARTS, "targetRevision": VERSIONS},
        optional={"path": PATHS, "name": NAMES},
    )
    anything = st.one_of(st.just({}), *tools.values())
    sources = (
        *[st.tuples(git, anything)] * 3,
        st.tuples(artifact, anything),
        st.tuples(chart, st.one_of(st.just({}), *[tools["helm"]] * 3, anything)),
    )
    return st.one_of(*sources).map(lambda two: {**two[0], **two[1]})


def _without(node: dict[str, Any], key: str) -> dict[str, Any]:
    kept = {name: child for name, child in node["properties"].items() if name != key}
    return {**node, "properties": kept}


def mapping(node: dict[str, Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """Objects: required fields always, others by chance and fewer the deeper they stand."""
    properties: dict[str, Any] = node.get("properties", {})
    if not properties:
        free = node.get("additionalProperties")
        values = value(free, "", depth + 1) if isinstance(free, dict) else WORDS
        return st.dictionaries(st.sampled_from(["k", "a.b/c", "team"]), values, max_size=2)
    always = {*node.get("required", ()), "source"}
    required = {key: value(properties[key], key, depth) for key in properties if key in always}
    optional = {
        key: value(child, key, depth)
        for key, child in properties.items()
        if key not in required and key not in LATER
    }
    return st.fixed_dictionaries(required, optional=optional)


def manifest(kind: str, version: str, group: str) -> st.SearchStrategy[dict[str, Any]]:
    """Whole objects of a kind."""
    schema = load_schema(kind, version)
    assert schema is not None
    return st.fixed_dictionaries(
        {
            "apiVersion": st.just(f"{group}/{version}"),
            "kind": st.just(kind),
            "metadata": st.fixed_dictionaries(
                {"name": NAMES, "namespace": st.sampled_from(["argocd", "flux-system", "team"])},
                optional={
                    "labels": st.dictionaries(st.sampled_from(["team", "a.b/c"]), WORDS),
                    "annotations": st.dictionaries(
                        st.sampled_from(["note", "argocd.argoproj.io/sync-wave"]), WORDS
                    ),
                    "finalizers": st.lists(
                        st.sampled_from(
                            ["resources-finalizer.argocd.argoproj.io", "foreign.example.com/x"]
                        ),
                        max_size=2,
                        unique=True,
                    ),
                },
            ),
            "spec": mapping(schema["properties"]["spec"], 0),
        }
    )


APPLICATIONS = manifest("Application", "v1alpha1", "argoproj.io")
KUSTOMIZATIONS = manifest("Kustomization", "v1", "kustomize.toolkit.fluxcd.io")
OLD_KUSTOMIZATIONS = manifest("Kustomization", "v1beta2", "kustomize.toolkit.fluxcd.io")
RELEASES = manifest("HelmRelease", "v2", "helm.toolkit.fluxcd.io")
REPOSITORIES = manifest("GitRepository", "v1", "source.toolkit.fluxcd.io")
