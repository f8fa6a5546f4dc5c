"""Which release serves and understands what."""

import pytest

from argoflux.versions import SUPPORTED, Release, available, served_version, since


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("2.9", Release(2, 9)),
        ("v3.5.1", Release(3, 5)),
        ("2.14.x", Release(2, 14)),
        (" 3.5.0-rc1 ", Release(3, 5)),
        ("v2.9.4+build", Release(2, 9)),
    ],
)
def test_release(text, release):
    assert Release.parse(text) == release


@pytest.mark.parametrize("text", ["", "3", "latest", "3.x", "2.9.4.1", ">=2.9"])
def test_no_release(text):
    with pytest.raises(ValueError, match="not a release"):
        Release.parse(text)


def test_releases_compare_as_numbers():
    assert Release.parse("2.14") > Release.parse("2.9")
    assert str(Release(2, 14)) == "2.14"
    assert Release(2, 9) in SUPPORTED["flux"]
    assert Release(2, 10) not in SUPPORTED["flux"]


@pytest.mark.parametrize(
    ("kind", "release", "version"),
    [
        ("HelmRelease", (2, 1), "v2beta1"),
        ("HelmRelease", (2, 2), "v2beta2"),
        ("HelmRelease", (2, 3), "v2"),
        ("OCIRepository", (2, 5), "v1beta2"),
        ("OCIRepository", (2, 6), "v1"),
        ("ImageUpdateAutomation", (2, 6), "v1beta2"),
        ("ImageUpdateAutomation", (2, 9), "v1"),
        ("Alert", (2, 9), "v1beta3"),
        ("ExternalArtifact", (2, 6), None),
        ("ExternalArtifact", (2, 10), "v1"),
        ("Application", (2, 8), "v1alpha1"),
        ("ResourceSet", (2, 9), "v1"),
        ("Deployment", (2, 9), None),
    ],
)
def test_served_version(kind, release, version):
    assert served_version(kind, Release(*release)) == version


@pytest.mark.parametrize(
    ("kind", "path", "release", "answer"),
    [
        ("Kustomization", "spec.deletionPolicy", (2, 4), False),
        ("Kustomization", "spec.deletionPolicy", (2, 5), True),
        ("Kustomization", "spec.ignore[].paths[]", (2, 8), False),
        ("Kustomization", "spec.ignore", (2, 9), True),
        ("HelmRelease", "spec.install.strategy.name", (2, 6), False),
        ("HelmRelease", "spec.install.strategy.name", (2, 7), True),
        ("Application", "spec.syncPolicy.automated.enabled", (3, 0), False),
        ("Application", "spec.syncPolicy.automated.enabled", (3, 1), True),
        ("Application", "spec.sources[].directory.disableExtensionFilter", (3, 5), False),
        ("ApplicationSet", "spec.template.spec.source.kustomize.patches[].patch", (2, 8), False),
        ("Kustomization", "spec.validation", (2, 9), False),
        ("ExternalArtifact", "spec.sourceRef.kind", (2, 6), False),
        ("ConfigMap:argocd-cm", "repositories", (2, 14), True),
        ("ConfigMap:argocd-cm", "repositories", (3, 0), False),
        ("flags:flux", "feature-gates.ExternalArtifact", (2, 6), False),
        # unknown is neither
        ("Kustomization", "spec.somethingNew", (2, 10), None),
        ("Application", "spec.project", (2, 5), None),
        ("ResourceSet", "spec.steps", (2, 9), None),
        ("Deployment", "spec.replicas", (2, 9), None),
    ],
)
def test_available(kind, path, release, answer):
    assert available(kind, path, Release(*release)) is answer


@pytest.mark.parametrize(
    ("kind", "path", "value", "release", "answer"),
    [
        ("Kustomization", "spec.deletionPolicy", "WaitForTermination", (2, 5), False),
        ("Kustomization", "spec.deletionPolicy", "WaitForTermination", (2, 6), True),
        ("Kustomization", "spec.deletionPolicy", "Delete", (2, 5), True),
        ("Receiver", "spec.type", "cdevents", (2, 2), False),
        ("Receiver", ("spec", "resources", 0, "kind"), "ExternalArtifact", (2, 7), False),
        ("Provider", "spec.type", "zulip", (2, 6), False),
    ],
)
def test_available_value(kind, path, value, release, answer):
    assert available(kind, path, Release(*release), value) is answer


def test_since():
    assert since("Kustomization", "v1", "spec.deletionPolicy") == Release(2, 5)
    assert since("HelmRelease", "v2", "spec.chart.spec.chart") == Release(2, 3)
    assert since("Application", "v1alpha1", "spec.project") is None
    assert since("Kustomization", "v1", "spec.nope") is None
