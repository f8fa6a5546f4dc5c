"""Whatever Flux objects look like, a run ends with an answer for each of them, in any order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from argoflux.argocd.emit import emit
from argoflux.flux.load import load
from argoflux.mapping.emission import ConvertOptions, Request
from argoflux.model.content import Unknown
from argoflux.text import SourceFile
from argoflux.workspace.classify import resource_of
from argoflux.yamlio.dump import dump
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.resource import Resource

SCALARS = st.none() | st.booleans() | st.integers(-5, 99) | st.sampled_from(["", "x", "./a", "10m"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["name", "patch", "paths", "target", "a"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)
KUSTOMIZATION = (
    *("path", "interval", "prune", "suspend", "timeout", "retryInterval", "wait", "force"),
    *("targetNamespace", "namePrefix", "images", "patches", "components", "commonMetadata"),
    *("ignore", "healthChecks", "dependsOn", "kubeConfig", "deletionPolicy", "buildMetadata"),
)
RELEASE = (
    *("interval", "targetNamespace", "releaseName", "values", "install", "upgrade", "uninstall"),
    *("driftDetection", "maxHistory", "suspend", "kubeConfig", "test", "timeout"),
)
GIT = ("url", "ref", "secretRef", "ignore", "suspend", "verify", "sparseCheckout", "provider")
REF = {"kind": "GitRepository", "name": "git"}


def fields(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), ANYTHING, max_size=5)


@st.composite
def estates(draw: st.DrawFn) -> list[Resource]:
    bodies = [
        ("source.toolkit.fluxcd.io/v1", "GitRepository", "git", draw(fields(GIT))),
        *(
            (
                "kustomize.toolkit.fluxcd.io/v1",
                "Kustomization",
                draw(NAMES),
                {"sourceRef": REF, **spec},
            )
            for spec in draw(st.lists(fields(KUSTOMIZATION), max_size=3))
        ),
        *(
            (
                "helm.toolkit.fluxcd.io/v2",
                "HelmRelease",
                draw(NAMES),
                {"chart": {"spec": {"chart": "c", "sourceRef": REF}}, **spec},
            )
            for spec in draw(st.lists(fields(RELEASE), max_size=2))
        ),
    ]
    return [
        resource(index, {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": spec})
        for index, (api, kind, name, spec) in enumerate(bodies)
    ]


NAMES = st.sampled_from(["a", "b", "a-b"])


def resource(index: int, body: dict[str, Any]) -> Resource:
    (document,) = load_text(SourceFile(f"{index}.yaml", dump(body))).documents
    found = resource_of(document)
    assert found is not None
    return replace(found, root="r")


REQUEST = Request(
    to="argocd",
    argocd="3.5",
    flux="2.9",
    options=ConvertOptions(),
    content=lambda _app, _part: Unknown(reason="not read"),
)


@given(estates(), st.randoms(use_true_random=False))
def test_every_object_gets_an_answer_in_any_order(resources: list[Resource], random: Any) -> None:
    loaded = load(resources, REQUEST)
    emission = emit(loaded, REQUEST)
    answered = [item.resource for item in (*loaded.refused, *loaded.idle)]
    for app in loaded.estate.apps:
        assert app in emission.decisions
        answered += app.made_of
    assert set(answered) == set(resources)
    names = [(draft.kind, draft.namespace, draft.name) for draft in emission.drafts]
    assert len(set(names)) == len(names)
    shuffled = list(resources)
    random.shuffle(shuffled)
    again = emit(load(shuffled, REQUEST), REQUEST)
    assert [draft.body for draft in again.drafts] == [draft.body for draft in emission.drafts]
