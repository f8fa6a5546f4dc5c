"""Kinds, groups, versions, and configuration that has no CRD."""

import json

import pytest

from argoflux import kinds


@pytest.mark.parametrize(
    ("group", "engine"),
    [
        ("argoproj.io", "argocd"),
        ("argocd-image-updater.argoproj.io", "image-updater"),
        ("source.toolkit.fluxcd.io", "flux"),
        ("source.extensions.fluxcd.io", "flux"),
        ("fluxcd.controlplane.io", "flux-operator"),
        ("helm.fluxcd.io", "flux"),
        ("kustomize.config.k8s.io", None),
        ("promoter.argoproj.io", None),
        ("notfluxcd.io", None),
        ("", None),
    ],
)
def test_engine_of_group(group, engine):
    assert kinds.engine_of(group) == engine


def test_the_two_kustomizations_are_told_apart_by_group():
    assert kinds.find("kustomize.toolkit.fluxcd.io", "Kustomization") is not None
    assert kinds.find("kustomize.config.k8s.io", "Kustomization") is None


def test_kind_names_are_unique_across_groups():
    assert len({kind.kind for kind in kinds.KINDS}) == len(kinds.KINDS) == 23


def test_other_kinds_of_the_argoproj_group_are_known_as_such():
    assert kinds.is_other_kind("argoproj.io", "Rollout")
    assert kinds.is_other_kind("argoproj.io", "SomethingNew")
    assert not kinds.is_other_kind("argoproj.io", "Application")
    assert not kinds.is_other_kind("apps", "Deployment")
    assert kinds.OTHER_ARGOPROJ_KINDS.isdisjoint(kind.kind for kind in kinds.KINDS)


@pytest.mark.parametrize(
    ("kind", "newest", "older"),
    [
        ("Application", "v1alpha1", ()),
        ("HelmRelease", "v2", ("v2beta2", "v2beta1")),
        ("Alert", "v1beta3", ("v1beta2", "v1beta1")),
        ("ImagePolicy", "v1", ("v1beta2", "v1beta1", "v1alpha2", "v1alpha1")),
    ],
)
def test_newest_and_older_versions(kind, newest, older):
    known = kinds.by_name(kind)
    assert known.newest.version == newest
    assert tuple(version.version for version in known.older) == older


def test_history_of_a_version():
    version = kinds.by_name("HelmRelease").version("v2beta2")
    assert (version.introduced, version.deprecated_in, version.removed) == ("2.2", "2.3", "2.8")
    assert kinds.by_name("HelmRelease").version("v1") is None


def test_versions_sort_as_in_kubernetes():
    names = ["v1alpha1", "v2beta1", "v1", "v2", "v1beta2", "v1beta10", "odd"]
    ranked = sorted(names, key=kinds.version_rank, reverse=True)
    assert ranked == ["v2", "v1", "v2beta1", "v1beta10", "v1beta2", "v1alpha1", "odd"]


def test_every_schema_named_by_the_index_is_there():
    named = [(kind, v) for kind in kinds.KINDS for v in kind.versions if v.file]
    assert len(named) == 48
    for kind, version in named:
        path = kinds.schema_path(kind.kind, version.version)
        stated = json.loads(path.read_text())["x-kubernetes-group-version-kind"]
        assert stated == {"group": kind.group, "kind": kind.kind, "version": version.version}


def test_every_pseudo_kind_has_its_schema_and_nothing_else_stands_there():
    files = {kinds.schema_path(name).name for name in kinds.pseudo_kinds()}
    assert files == {path.name for path in (kinds.schema_folder() / "pseudo").iterdir()}
    for name in kinds.pseudo_kinds():
        assert json.loads(kinds.schema_path(name).read_text())["x-argoflux-kind"] == name


@pytest.mark.parametrize(
    ("kind", "version"),
    [("Deployment", "v1"), ("ImagePolicy", "v1alpha1"), ("Alert", "v1"), ("Secret:unheard", "v1")],
)
def test_no_schema(kind, version):
    assert kinds.schema_path(kind, version) is None


def _secret(label):
    labels = {kinds.SECRET_TYPE_LABEL: label}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "labels": labels}}


def _config_map(name, namespace=None, part_of=None):
    metadata = {"name": name, "labels": {kinds.PART_OF_LABEL: part_of} if part_of else {}}
    if namespace:
        metadata["namespace"] = namespace
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


@pytest.mark.parametrize(
    ("body", "pseudo"),
    [
        (_secret("repository"), "Secret:repository"),
        (_secret("repo-write-creds"), "Secret:repo-write-creds"),
        (_secret("cluster"), "Secret:cluster"),
        (_secret("something"), None),
        (_secret(["repository"]), None),
        (_config_map("argocd-cm", namespace="argocd"), "ConfigMap:argocd-cm"),
        (_config_map("argocd-cm", part_of="argocd"), "ConfigMap:argocd-cm"),
        (_config_map("argocd-cm", "gitops", "argocd"), "ConfigMap:argocd-cm"),
        (_config_map("argocd-cm", namespace="other"), None),
        (_config_map("argocd-cm"), None),
        (_config_map("argocd-ssh-known-hosts-cm", "argocd"), "ConfigMap:argocd-ssh-known-hosts-cm"),
        (_config_map(["argocd-cm"], "argocd"), None),
        ({"apiVersion": "v1", "kind": "Secret"}, None),
        ({"apiVersion": "v1", "kind": "Secret", "metadata": {"labels": ["x"]}}, None),
        ({"apiVersion": "apps/v1", "kind": "Secret", "metadata": {}}, None),
        (["not", "a", "map"], None),
        (None, None),
    ],
)
def test_pseudo_kind(body, pseudo):
    assert kinds.pseudo_kind(body) == pseudo
    assert pseudo is None or pseudo in kinds.pseudo_kinds()


def test_config_kinds():
    assert kinds.is_config_kind("argoproj.io", "Application")
    assert kinds.is_config_kind("", "Secret")
    assert not kinds.is_config_kind("apps", "Deployment")
    assert not kinds.is_config_kind("argoproj.io", "Rollout")


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.kind)
def test_the_prefilter_finds_every_group(kind):
    assert any(needle in kind.group.encode() for needle in kinds.NEEDLES)
