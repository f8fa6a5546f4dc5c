"""Paths, types, defaults and dates of fields."""

import pytest

from argoflux import kinds
from argoflux.schema_fields import (
    LeafFacts,
    field_facts,
    leaf_paths,
    load_availability,
    metadata_leaf_paths,
)


@pytest.mark.parametrize(
    ("kind", "version", "count"),
    [
        ("Application", "v1alpha1", 239),
        ("AppProject", "v1alpha1", 46),
        ("Kustomization", "v1", 65),
        ("HelmRelease", "v2", 124),
        ("GitRepository", "v1", 21),
        ("OCIRepository", "v1", 22),
        ("Alert", "v1beta3", 12),
        ("ImagePolicy", "v1", 10),
        ("ImagePolicy", "v1alpha1", 0),
        ("Unheard", "v1", 0),
    ],
)
def test_number_of_leaves(kind, version, count):
    assert len(leaf_paths(kind, version)) == count


@pytest.mark.parametrize(
    ("kind", "version", "path", "facts"),
    [
        ("Kustomization", "v1", "spec.images[].newTag", LeafFacts("string")),
        ("Kustomization", "v1", "spec.postBuild.substitute", LeafFacts("map of string")),
        ("Kustomization", "v1", "spec.prune", LeafFacts("boolean", required=True)),
        ("Kustomization", "v1", "spec.force", LeafFacts("boolean", default=False)),
        (
            "Kustomization",
            "v1",
            "spec.deletionPolicy",
            LeafFacts(
                "string",
                enum=("MirrorPrune", "Delete", "WaitForTermination", "Orphan"),
                since="2.5",
            ),
        ),
        ("HelmRelease", "v2", "spec.values", LeafFacts("any")),
        (
            "Application",
            "v1alpha1",
            "spec.source.kustomize.replicas[].count",
            LeafFacts("int-or-string", required=True),
        ),
        (
            "Application",
            "v1alpha1",
            "spec.source.directory.disableExtensionFilter",
            LeafFacts("boolean", since="3.6"),
        ),
        ("ApplicationSet", "v1alpha1", "spec.template", LeafFacts("template", required=True)),
        ("Secret:repository", "v1", "type", LeafFacts("string", "git", ("git", "helm", "oci"))),
        ("ConfigMap:argocd-cm", "v1", "resource.customizations.health.*", LeafFacts("string")),
        ("Secret:cluster", "v1", "config.tlsClientConfig.caData", LeafFacts("string")),
        ("flags:flux", "v1", "no-remote-bases", None),
    ],
)
def test_leaf(kind, version, path, facts):
    found = leaf_paths(kind, version)[path]
    assert facts is None or found == facts


def test_templates_are_one_leaf_each():
    paths = leaf_paths("ApplicationSet", "v1alpha1")
    assert not [path for path in paths if ".template." in path]
    assert "spec.generators[].git.template" in paths


def test_every_dated_path_is_a_leaf():
    """A date of a field that no schema has would never be found."""
    for name, row in load_availability().items():
        kind, version = name.split("/")
        leaves = leaf_paths(kind, version)
        dated = [path for paths in row["since"].values() for path in paths]
        assert not set(dated) - set(leaves), name
        for path, values in row.get("values", {}).items():
            assert set(values) <= set(leaves[path].enum), (name, path)


def test_every_version_with_a_schema_has_dates_and_leaves():
    for kind in kinds.KINDS:
        for version in kind.versions:
            if version.file:
                assert f"{kind.kind}/{version.version}" in load_availability()
                assert leaf_paths(kind.kind, version.version), kind.kind


@pytest.mark.parametrize(
    ("kind", "path", "type_", "since"),
    [
        ("HelmRelease", "spec.install.strategy", "object", "2.7"),
        ("HelmRelease", "spec.install", "object", None),
        ("Kustomization", ("spec", "ignore", 3, "paths", 0), "string", "2.9"),
        ("Kustomization", "spec.ignore", "array", "2.9"),
        ("Kustomization", "spec.postBuild.substitute.ANY", "string", None),
        ("HelmRelease", "spec.values.any.thing", "any", None),
        ("ApplicationSet", "spec.template.spec.source.kustomize.patches[].patch", "string", "2.9"),
        ("ConfigMap:argocd-cm", "timeout.reconciliation", "string", None),
    ],
)
def test_field_facts(kind, path, type_, since):
    facts = field_facts(kind, path)
    assert (facts.type, facts.since) == (type_, since)


@pytest.mark.parametrize(
    ("kind", "path"),
    [("Kustomization", "spec.validation"), ("Unheard", "spec"), ("Secret:repository", "nope")],
)
def test_no_such_field(kind, path):
    assert field_facts(kind, path) is None


def test_an_older_version_keeps_its_fields():
    assert field_facts("Kustomization", "spec.validation", "v1beta2") is not None


def test_metadata_leaves():
    leaves = metadata_leaf_paths()
    assert leaves["labels"].type == "map of string"
    assert "finalizers[]" in leaves
    assert "ownerReferences[].name" in leaves


def test_a_key_with_dots_is_a_key_of_a_free_map() -> None:
    labels = ("spec", "commonMetadata", "labels")
    facts = field_facts("Kustomization", (*labels, "app.kubernetes.io/instance"))
    assert facts is not None
    assert facts == field_facts("Kustomization", (*labels, "team"))
    assert field_facts("Kustomization", ("spec", "path.to")) is None
