"""References between objects where the examples of the rules do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.elsewhere import may_be
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.finding import Finding

HEADS = {
    "GitRepository": "source.toolkit.fluxcd.io/v1",
    "OCIRepository": "source.toolkit.fluxcd.io/v1",
    "Kustomization": "kustomize.toolkit.fluxcd.io/v1",
    "HelmRelease": "helm.toolkit.fluxcd.io/v2",
    "FluxInstance": "fluxcd.controlplane.io/v1",
    "ResourceSet": "fluxcd.controlplane.io/v1",
    "ArtifactGenerator": "source.extensions.fluxcd.io/v1beta1",
    "Receiver": "notification.toolkit.fluxcd.io/v1",
    "Alert": "notification.toolkit.fluxcd.io/v1beta3",
}


def obj(kind: str, name: str, spec: str = "{}", namespace: str = "apps") -> str:
    """One Flux object with a spec in flow style."""
    place = f"\n  namespace: {namespace}" if namespace else ""
    return (
        f"apiVersion: {HEADS[kind]}\nkind: {kind}\nmetadata:\n  name: {name}{place}\nspec: {spec}\n"
    )


def findings(folder: Path, code: str, texts: dict[str, str] | str) -> list[Finding]:
    """What one rule finds in some files."""
    files = {"all.yaml": texts} if isinstance(texts, str) else texts
    return [f for f in lint_texts(folder, files, code=code).findings if f.code == code]


GIT = "{url: https://git.example.com/shop.git, interval: 5m}"
USING = "{path: ./web, sourceRef: {kind: %s, name: %s}}"


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("web", "web", True),
        ("web", "api", False),
        ("web-${region}", "web-west", True),
        ("web-${region}", "api-west", False),
        ("{{ .Values.name }}", "anything", True),
        ("<< inputs.app >>-git", "shop-git", True),
        ("<< inputs.app >>-git", "shop-oci", False),
    ],
)
def test_names_that_are_filled_in_later(pattern: str, name: str, expected: bool) -> None:
    """Every hole of a name may become any text."""
    assert may_be(pattern, name) is expected


@pytest.mark.parametrize(
    "makers",
    [
        obj("FluxInstance", "flux", "{sync: {kind: GitRepository, name: shop}}"),
        obj(
            "ResourceSet",
            "shops",
            "{resources: [{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository,"
            " metadata: {name: << inputs.name >>, namespace: apps}}]}",
        ),
        obj("ResourceSet", "shops", '{resourcesTemplate: "kind: GitRepository"}'),
        obj("GitRepository", "${name}", GIT),
        obj("GitRepository", "shop", GIT, namespace=""),
    ],
    ids=["instance", "resources", "template", "placeholder", "no namespace"],
)
def test_sources_that_something_makes(tmp_path: Path, makers: str) -> None:
    """A source that another object makes, or whose name or namespace is not known, is there."""
    own = obj("GitRepository", "other", GIT)
    text = "---\n".join(
        [own, makers, obj("Kustomization", "web", USING % ("GitRepository", "shop"))]
    )
    assert findings(tmp_path, "AF202", text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            obj("GitRepository", "shop", GIT)
            + "---\n"
            + obj("Kustomization", "web", USING % ("OCIRepository", "shop")),
            "there is a GitRepository of that name",
        ),
        (
            obj("GitRepository", "shops", GIT)
            + "---\n"
            + obj("Kustomization", "web", USING % ("GitRepository", "shop")),
            "did you mean `shops`?",
        ),
        (
            obj("ArtifactGenerator", "parts", "{artifacts: [{name: web}]}")
            + "---\n"
            + obj("Kustomization", "web", USING % ("ExternalArtifact", "api")),
            "`spec.sourceRef` points to ExternalArtifact/apps/api, which is not defined",
        ),
        (
            obj("Kustomization", "other", USING % ("GitRepository", "apps"))
            + "---\n"
            + obj("Receiver", "hook", "{resources: [{kind: Kustomization, name: gone}]}"),
            "`spec.resources` points to Kustomization/apps/gone, which is not defined in the files",
        ),
    ],
    ids=["other kind", "near name", "artifact", "not all is seen"],
)
def test_what_a_missing_object_is_like(tmp_path: Path, text: str, words: str) -> None:
    """The advice names what is like the missing object."""
    (found,) = findings(tmp_path, "AF202", text)
    assert words in found.message


def test_events_of_all_objects_lead_nowhere_in_particular(tmp_path: Path) -> None:
    """`*` is no name."""
    text = obj("Alert", "web", '{eventSources: [{kind: GitRepository, name: "*"}]}')
    assert findings(tmp_path, "AF202", text) == []


def test_the_repository_at_hand_is_not_defined_in_itself(tmp_path: Path) -> None:
    """A source whose paths exist here was made when Flux was set up; so was its Kustomization."""
    texts = {
        "web/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: web}\n",
        "web.yaml": obj("Kustomization", "web", USING % ("GitRepository", "fleet")),
        "other.yaml": obj("GitRepository", "other", GIT),
        "hook.yaml": obj("Receiver", "hook", "{resources: [{kind: Kustomization, name: fleet}]}"),
    }
    assert findings(tmp_path, "AF202", texts) == []


def test_no_fix_where_namespaces_are_locked(tmp_path: Path) -> None:
    """Controllers that forbid references to other namespaces are not told to make one."""
    flags = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: kustomize-controller
  namespace: flux-system
  labels: {app.kubernetes.io/part-of: flux, app.kubernetes.io/component: kustomize-controller}
spec:
  template:
    spec:
      containers:
        - name: manager
          args: [--no-cross-namespace-refs=true]
"""
    sync = obj(
        "Kustomization", "flux-system", USING % ("GitRepository", "flux-system"), "flux-system"
    )
    texts = {
        "web/flux-system/gotk-sync.yaml": sync,
        "web/flux-system/gotk-components.yaml": flags,
        "web/source.yaml": obj("GitRepository", "shop", GIT, namespace="sources"),
        "web/app.yaml": obj(
            "Kustomization", "app", "{path: ./app, sourceRef: {kind: GitRepository, name: shop}}"
        ),
        "app/kustomization.yaml": "resources: []\n",
    }
    (found,) = findings(tmp_path, "AF202", texts)
    assert "it is in namespace `sources`" in found.message
    assert found.fix is None


@pytest.mark.parametrize("code", ["AF202", "AF203", "AF205"])
def test_a_part_of_a_repository_is_not_judged(tmp_path: Path, code: str) -> None:
    """What a folder of a work tree lacks may stand beside it."""
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        "metadata: {name: web, namespace: argocd}\nspec: {project: shop}\n"
    )
    release = obj(
        "HelmRelease",
        "web",
        "{dependsOn: [{name: gone}], chartRef: {kind: OCIRepository, name: gone}}",
    )
    text = "---\n".join([release, obj("OCIRepository", "other"), application])
    (tmp_path / ".git").mkdir()
    assert findings(tmp_path, code, text) == []
    assert len(findings(tmp_path / "whole", code, {".git/HEAD": "", "all.yaml": text})) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            obj("HelmRelease", "database")
            + "---\n"
            + obj("Kustomization", "other")
            + "---\n"
            + obj("Kustomization", "web", "{dependsOn: [{name: database}]}"),
            "a Kustomization cannot wait for the HelmRelease of that name",
        ),
        (
            obj("ResourceSet", "one")
            + "---\n"
            + obj(
                "ResourceSet",
                "two",
                "{dependsOn: [{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, name: ones}]}",
            ),
            "did you mean `one`?",
        ),
    ],
    ids=["other kind", "resource sets"],
)
def test_what_is_waited_for(tmp_path: Path, text: str, words: str) -> None:
    """`dependsOn` stays within the kind; sets state theirs."""
    (found,) = findings(tmp_path, "AF203", text)
    assert words in found.message


def test_a_circle_of_three_is_told_once(tmp_path: Path) -> None:
    """Objects of other namespaces belong to the circle, those beside it do not."""
    text = "---\n".join(
        [
            obj("HelmRelease", "a", "{dependsOn: [{name: b, namespace: data}]}"),
            obj("HelmRelease", "b", "{dependsOn: [{name: c, namespace: web}]}", "data"),
            obj("HelmRelease", "c", "{dependsOn: [{name: a, namespace: apps}]}", "web"),
            obj("HelmRelease", "d", "{dependsOn: [{name: a}]}"),
        ]
    )
    (found,) = findings(tmp_path, "AF204", text)
    assert (
        "HelmRelease/apps/a -> HelmRelease/data/b -> HelmRelease/web/c -> HelmRelease/apps/a"
        in found.message
    )
    assert len(found.related) == 2
