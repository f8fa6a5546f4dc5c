"""Names and namespaces of new objects."""

from __future__ import annotations

import pytest

from tests.unit.argocd_cases import application, convert_case, resources_from

GIT = "{repoURL: https://github.com/acme/shop}"


def test_long_names() -> None:
    """Vector 22: 54 characters, a hyphen and 8 of a hash; the original stands in an annotation."""
    name = "n" * 70
    draft = convert_case(application(GIT, name=name)).draft("Kustomization")
    assert draft.name.startswith("n" * 54 + "-")
    assert len(draft.name) == 63
    noted = draft.body["metadata"]["annotations"]["argoflux.dev/source"]
    assert noted == f"Application/argocd/{name}"


def test_collisions_do_not_depend_on_order() -> None:
    """The smallest (namespace, name, file) keeps the name; each other has a hash of its own."""
    text = application(GIT)
    first = resources_from(text, file="a.yaml")
    second = resources_from(text.replace("namespace: argocd", "namespace: team"), file="b.yaml")
    third = resources_from(text, file="c.yaml")
    names = []
    for order in ([*first, *second, *third], [*third, *second, *first]):
        case = convert_case(order)
        drafts = {d.apps[0].resource.file: d.name for d in case.emission.drafts if d.apps}
        names.append(drafts)
        renamed = {d.facts["renamed"] for d in case.emission.decisions.values()}
        assert renamed == {"", "collision"}
    assert names[0] == names[1]
    assert names[0]["a.yaml"] == "shop"
    assert len({*names[0].values()}) == 3


def test_tenant_layout() -> None:
    """A project becomes a namespace of its own; the default project stays where Flux lives."""
    text = "\n---\n".join(
        application(GIT, name=name, spec=f"project: {project}")
        for name, project in (("a", "Team A"), ("b", "default"))
    )
    case = convert_case(text, layout="tenant", control_namespace="flux")
    assert case.draft("Kustomization", "a").namespace == "team-a"
    assert case.draft("Kustomization", "b").namespace == "flux"
    labels = case.draft("Namespace").body["metadata"]["labels"]
    assert labels == {"toolkit.fluxcd.io/tenant": "Team A"}
    assert {d.namespace for d in case.emission.drafts if d.kind == "GitRepository"} == {
        "flux",
        "team-a",
    }


@pytest.mark.parametrize(
    ("name", "noted", "expected"),
    [
        ("shop", "Kustomization/apps/shop", "apps/shop"),
        ("apps-shop", "Kustomization/apps/shop", "apps/shop"),
        ("apps-shop-ks", "Kustomization/apps/shop", "apps/shop"),
        ("copy", "Kustomization/apps/shop", "flux-system/copy"),
        ("shop", "HelmRelease/apps/shop", "flux-system/shop"),
        ("shop", "Kustomization/../shop", "flux-system/shop"),
        ("shop", "nonsense", "flux-system/shop"),
    ],
)
def test_provenance_is_restored_where_it_agrees(name: str, noted: str, expected: str) -> None:
    text = application(GIT, name=name, metadata=f"annotations: {{argoflux.dev/source: {noted}}}")
    draft = convert_case(text).draft("Kustomization")
    assert f"{draft.namespace}/{draft.name}" == expected


def test_depends_on_is_restored() -> None:
    """Only objects of the kind, and only those that the output holds."""
    noted = "Kustomization/flux-system/a,Kustomization/flux-system/gone,HelmRelease/x/y"
    texts = [
        application(GIT, name="a"),
        application(GIT, name="b", metadata=f"annotations: {{argoflux.dev/depends-on: '{noted}'}}"),
    ]
    case = convert_case("\n---\n".join(texts))
    assert case.spec("Kustomization", "b")["dependsOn"] == [{"name": "a"}]


def test_namespaces_are_shared() -> None:
    """Apps that create one namespace share its manifest, which names them all."""
    spec = "syncPolicy: {syncOptions: [CreateNamespace=true]}"
    texts = [application(GIT, name=name, spec=spec) for name in ("b", "a")]
    body = convert_case("\n---\n".join(texts)).draft("Namespace").body
    assert body["metadata"]["annotations"]["argoflux.dev/created-for"] == "a,b"


def test_invented_leaves_have_no_slot() -> None:
    """A value that no leaf states is our choice, and is counted as such."""
    draft = convert_case(application(GIT)).draft("Kustomization")
    slots = {trace.path: trace.slot for trace in draft.traces}
    assert slots["spec", "prune"] == ""
    assert slots["spec", "targetNamespace"] == "destination.namespace"
    assert slots["spec", "path"] == ""
