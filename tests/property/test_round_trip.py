"""Apps made only of fields that both systems have come back from a round trip as they were."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argoflux.yamlio.dump import dump_documents
from tests.ecosystem.round_trip import Trip, trip

MODEST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DIGEST = "sha256:" + "24a0c4b4" * 8
NAMES = st.sampled_from(["api", "web", "shop-prod"])
LABELS = st.dictionaries(st.sampled_from(["team", "tier"]), st.sampled_from(["a", "b"]), max_size=2)
PATHS = st.sampled_from(["deploy", "apps/prod", "."])
TARGETS = st.fixed_dictionaries(
    {"kind": st.sampled_from(["Deployment", "Service"])},
    optional={"name": st.sampled_from(["api", "web"]), "group": st.just("apps")},
)
PATCHES = st.lists(
    st.fixed_dictionaries(
        {"patch": st.just("- op: replace\n  path: /spec/replicas\n  value: 5\n"), "target": TARGETS}
    ),
    max_size=2,
)
COMPONENTS = st.lists(st.sampled_from(["../hpa", "../../common/tls"]), max_size=2, unique=True)
REVISIONS = st.sampled_from(
    ["main", "refs/heads/v2", "refs/tags/release-1", "refs/pull/7/head", "a" * 40, ">=1.0.0 <2.0.0"]
)
RULES = st.lists(
    st.fixed_dictionaries(
        {
            "group": st.just("apps"),
            "kind": st.sampled_from(["Deployment", "*"]),
            "jsonPointers": st.just(["/spec/replicas"]),
        },
        optional={"name": st.just("api"), "namespace": st.just("shop")},
    ),
    max_size=2,
)


@st.composite
def applications(draw: st.DrawFn) -> dict[str, Any]:
    """One Application that Flux can hold without loss."""
    kustomize: dict[str, Any] = {"namespace": "shop"}
    kustomize |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "namePrefix": st.just("eu-"),
                "nameSuffix": st.just("-v2"),
                "images": st.just(["api=registry.example.com/api:1.9.2", f"web=*@{DIGEST}"]),
                "patches": PATCHES,
                "components": COMPONENTS,
                "ignoreMissingComponents": st.booleans(),
            },
        )
    )
    rules = draw(RULES)
    if "namePrefix" in kustomize or "nameSuffix" in kustomize:
        rules = [{key: rule[key] for key in rule if key != "name"} for rule in rules]
    options = ["RespectIgnoreDifferences=true"] if rules else []
    spec: dict[str, Any] = {
        "project": "default",
        "source": {
            "repoURL": "https://git.example.com/acme/shop.git",
            "targetRevision": draw(REVISIONS),
            "path": draw(PATHS),
            "kustomize": kustomize,
        },
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
        "syncPolicy": {
            "automated": {"prune": draw(st.booleans()), "selfHeal": True, "allowEmpty": True},
            "syncOptions": [*options, "ServerSideApply=true"],
        },
    }
    if rules:
        spec["ignoreDifferences"] = rules
    metadata: dict[str, Any] = {"name": draw(NAMES), "namespace": "argocd", "labels": draw(LABELS)}
    finalizer = draw(
        st.sampled_from(
            [
                [],
                ["resources-finalizer.argocd.argoproj.io"],
                ["resources-finalizer.argocd.argoproj.io/background"],
            ]
        )
    )
    if finalizer:
        metadata["finalizers"] = finalizer
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": metadata,
        "spec": spec,
    }


@st.composite
def kustomizations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A GitRepository and one Kustomization that Argo CD can hold without loss."""
    ref = draw(
        st.sampled_from(
            [
                {"branch": "main"},
                {"branch": "v2"},
                {"tag": "v1.2.3"},
                {"tag": "release-1"},
                {"semver": "1.2.3"},
                {"semver": ">=1.0.0"},
                {"commit": "b" * 40},
                {"name": "refs/pull/7/head"},
            ]
        )
    )
    spec = {
        "interval": "10m",
        "path": f"./{draw(PATHS)}",
        "sourceRef": {"kind": "GitRepository", "name": "shop"},
        "targetNamespace": "shop",
        **draw(
            st.fixed_dictionaries(
                {"prune": st.booleans()},
                optional={
                    "namePrefix": st.just("eu-"),
                    "patches": PATCHES,
                    "components": COMPONENTS,
                    "images": st.just(
                        [
                            {"name": "api", "newName": "registry.example.com/api", "newTag": "1.9"},
                            {"name": "web", "digest": DIGEST},
                        ]
                    ),
                    "commonMetadata": st.fixed_dictionaries(
                        {}, optional={"labels": st.just({"team": "a"})}
                    ),
                    "deletionPolicy": st.sampled_from(["MirrorPrune", "Delete", "Orphan"]),
                    "suspend": st.just(value=False),
                },
            )
        ),
    }
    return [
        {
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "GitRepository",
            "metadata": {"name": "shop", "namespace": "flux-system"},
            "spec": {"interval": "5m", "url": "https://git.example.com/acme/shop.git", "ref": ref},
        },
        {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": {"name": draw(NAMES), "namespace": "flux-system", "labels": draw(LABELS)},
            "spec": spec,
        },
    ]


def go_and_return(documents: list[dict[str, Any]], system: Any) -> Trip:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "all.yaml").write_text(dump_documents(documents))
        return trip(Path(folder), system)


@MODEST
@given(applications())
def test_applications_come_back(application: dict[str, Any]) -> None:
    result = go_and_return([application], "argocd")
    assert result.different == ()
    assert result.qualified == 1


@MODEST
@given(kustomizations())
def test_kustomizations_come_back(documents: list[dict[str, Any]]) -> None:
    result = go_and_return(documents, "flux")
    assert result.different == ()
    assert result.qualified == 1
