"""The author's view of an object, and looking resources up."""

from __future__ import annotations

import pytest

from argoflux.resource import Inventory, Ref, Resource, author_view
from argoflux.text import SourceFile
from argoflux.yamlio.tree import Document, Map


def resource(kind="GitRepository", name="a", namespace="ns", root="r", body=None) -> Resource:
    body = Map(body or {})
    source = SourceFile("a.yaml", "")
    return Resource(
        ref=Ref("source.toolkit.fluxcd.io", kind, namespace, name),
        version="v1",
        body=body,
        document=Document(source=source, index=0, body=body, start=0, end=0),
        root=root,
    )


@pytest.mark.parametrize(
    ("body", "view"),
    [
        ({"kind": "X", "status": {}}, {"kind": "X"}),
        (
            {
                "metadata": {
                    "name": "n",
                    "uid": "u",
                    "resourceVersion": "1",
                    "managedFields": [],
                    "creationTimestamp": None,
                    "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
                },
                "spec": {},
            },
            {"metadata": {"name": "n"}, "spec": {}},
        ),
        (
            {
                "metadata": {
                    "annotations": {
                        "kubectl.kubernetes.io/last-applied-configuration": "",
                        "own": "x",
                    }
                }
            },
            {"metadata": {"annotations": {"own": "x"}}},
        ),
        ({"metadata": "odd", "status": 1}, {"metadata": "odd"}),
    ],
)
def test_author_view_drops_what_the_server_added(body, view):
    before = repr(body)
    assert author_view(body) == view
    assert repr(body) == before


def test_author_view_of_a_manifest_is_the_manifest():
    body = {"metadata": {"name": "n", "annotations": {"a": "b"}}, "spec": {}}
    assert author_view(body) is body


@pytest.mark.parametrize(
    ("metadata", "dump"),
    [({"uid": "x"}, True), ({"managedFields": []}, True), ({"name": "n"}, False), ("odd", False)],
)
def test_dumps_are_recognised(metadata, dump):
    assert resource(body={"metadata": metadata}).dump is dump


def test_inventory_answers_inside_one_root():
    one, two = resource(), resource(root="other")
    found = Inventory([one, two])
    assert found.at("r", one.ref) == (one,)
    assert found.find("other", *one.ref[:2], "ns", "a") == (two,)
    assert found.at("third", one.ref) == ()
    assert len(found) == 2


def test_inventory_falls_back_to_definitions_without_namespace():
    bare = resource(namespace="")
    found = Inventory([bare])
    assert found.find("r", *bare.ref[:2], "any", "a") == (bare,)
    assert found.at("r", bare.ref._replace(namespace="any")) == ()


def test_inventory_lists_kinds_in_order_and_conflicts_together():
    first, other, second = resource(), resource(kind="Bucket"), resource()
    found = Inventory([first, other, second])
    assert found.of_kind("source.toolkit.fluxcd.io", "GitRepository") == (first, second)
    assert found.of_kind("source.toolkit.fluxcd.io", "Bucket", "GitRepository") == (
        first,
        other,
        second,
    )
    assert found.at("r", first.ref) == (first, second)
    assert list(found) == [first, other, second]
