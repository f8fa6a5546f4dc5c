"""CRDs to compact schemas: complete, small, and the same bytes every time."""

import copy
import json
from pathlib import Path

import pytest
import yaml

from argoflux import kinds
from argoflux.errors import InputError
from argoflux.schema_import import compact, dump_compact, expand, import_crds, pool
from argoflux.schema_index import merge_index, render_index

CRDS = Path(__file__).parent.parent / "data" / "crds"


def documents(name):
    return list(yaml.safe_load_all((CRDS / name).read_text()))


@pytest.fixture
def basket():
    return next(s for s in import_crds(documents("baskets.yaml")) if s.version == "v1")


def test_facts_of_the_versions():
    found = import_crds(documents("baskets.yaml"))
    assert [(s.version, s.served, s.storage, s.deprecated) for s in found] == [
        ("v1", True, True, False),
        ("v1beta1", True, False, True),
    ]
    assert (found[0].group, found[0].kind, found[0].plural) == (
        "fruit.example.dev",
        "Basket",
        "baskets",
    )
    assert found[0].file == "fruit.example.dev/basket_v1.json"


def test_the_compact_schema(basket):
    label = {
        "type": "object",
        "properties": {
            "key": {"type": "string", "maxLength": 63, "pattern": "^[a-z]+$"},
            "values": {"type": "array", "items": {"type": "string"}},
        },
    }
    assert basket.schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-kubernetes-group-version-kind": {
            "group": "fruit.example.dev",
            "kind": "Basket",
            "version": "v1",
        },
        "type": "object",
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": {
                "type": "object",
                "required": ["colour", "fruit"],
                "properties": {
                    "colour": {"type": "string", "enum": ["red", "green"], "default": "red"},
                    "fruit": {
                        "type": "array",
                        "minItems": 1,
                        "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["name"],
                        "items": {
                            "type": "object",
                            "required": ["name"],
                            "properties": {
                                "name": {"type": "string", "minLength": 1},
                                "weight": {"type": "integer", "exclusiveMinimum": 0},
                                "port": {"x-kubernetes-int-or-string": True},
                            },
                        },
                    },
                    "first": {"$ref": "#/$defs/first"},
                    "second": {"$ref": "#/$defs/first"},
                    "notes": {"type": "object", "additionalProperties": {"type": "string"}},
                    "extra": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                    "owner": {"type": "string", "nullable": True},
                },
                "x-kubernetes-validations": [{"rule": "!has(self.second) || has(self.first)"}],
            },
        },
        "$defs": {"first": label},
    }


def test_no_sentence_survives(basket):
    text = basket.text()
    for word in ("description", "example", "dropped", "message", "status", "basket of"):
        assert word not in text.replace("fruit.example.dev", "")


def test_one_schema_for_all_versions_in_apiextensions_v1beta1():
    [jar] = import_crds(documents("legacy.yaml"))
    assert (jar.version, jar.scope, jar.storage) == ("v1alpha1", "Cluster", True)
    assert jar.schema["properties"]["spec"]["properties"] == {"lid": {"type": "boolean"}}


def test_lists_are_unwrapped_and_other_objects_skipped():
    items = [*documents("baskets.yaml"), {"kind": "Namespace"}, *documents("legacy.yaml")]
    listed = {"apiVersion": "v1", "kind": "List", "items": items}
    found = import_crds([None, "text", {"kind": "List", "items": [listed]}])
    assert [(s.kind, s.version) for s in found] == [
        ("Basket", "v1"),
        ("Basket", "v1beta1"),
        ("Jar", "v1alpha1"),
    ]


def test_the_same_definition_twice_is_one():
    assert import_crds(documents("baskets.yaml") * 2) == import_crds(documents("baskets.yaml"))


def test_different_definitions_of_one_version_are_refused():
    other = documents("legacy.yaml")
    other[0]["spec"]["scope"] = "Namespaced"
    with pytest.raises(InputError, match=r"Jar fruit\.example\.dev/v1alpha1 is defined twice"):
        import_crds([*documents("legacy.yaml"), *other])


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([], "no CustomResourceDefinition in here"),
        ([{"kind": "Deployment"}], "no CustomResourceDefinition in here"),
        ([{"kind": "CustomResourceDefinition"}], "has no `spec.names.kind`"),
        ([{"kind": "CustomResourceDefinition", "spec": {"names": []}}], "no `spec.names.kind`"),
        (
            [
                {
                    "kind": "CustomResourceDefinition",
                    "metadata": {"name": "x.y"},
                    "spec": {"names": {"kind": "X"}, "versions": [{"name": "v1"}]},
                }
            ],
            "x.y has no schema for version v1",
        ),
    ],
)
def test_what_is_no_definition_is_said(documents, message):
    with pytest.raises(InputError, match=message):
        import_crds(documents, origin="here")


@pytest.mark.parametrize(
    "schema",
    [
        {"required": 3},
        {"required": [1]},
        {"properties": ["a"]},
        {"properties": {"a": 1}},
        {"items": [{"type": "string"}]},
        {"allOf": {"a": 1}},
        {"oneOf": ["a"]},
        {"type": ["string"]},
        {"minimum": "a"},
        {"x-kubernetes-validations": [{}]},
        {"properties": {"a": {"additionalProperties": {"pattern": 1}}}},
    ],
)
def test_a_malformed_schema_is_said(schema):
    crd = {
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "broken"},
        "spec": {
            "names": {"kind": "K"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema}}],
        },
    }
    with pytest.raises(InputError, match=r"CustomResourceDefinition broken: .*malformed|not a map"):
        import_crds([crd])


def test_key_order_of_the_input_does_not_matter(basket):
    def reversed_keys(value):
        if isinstance(value, dict):
            return {key: reversed_keys(value[key]) for key in reversed(value)}
        return [reversed_keys(item) for item in value] if isinstance(value, list) else value

    crds = [reversed_keys(document) for document in documents("baskets.yaml")]
    assert import_crds(crds)[0].text() == basket.text()


def test_pool_and_expand_are_inverse(basket):
    whole = compact(
        documents("baskets.yaml")[0]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    )
    before = copy.deepcopy(whole)
    pooled = pool(whole)
    assert expand(pooled) == whole == before
    assert expand(pooled)["properties"]["spec"]["properties"]["first"] is not None
    assert len(dump_compact(pooled)) < len(dump_compact(whole))


def test_properties_may_be_called_like_keywords():
    odd = {
        "type": "object",
        "properties": {
            "properties": {"type": "string"},
            "items": {"type": "array", "items": {"type": "object", "properties": {}}},
            "description": {"type": "string", "description": "dropped"},
            "$ref": {"type": "string"},
        },
    }
    assert compact(odd)["properties"]["description"] == {"type": "string"}
    assert expand(pool(compact(odd))) == compact(odd)


SHIPPED = [(kind, version) for kind in kinds.KINDS for version in kind.versions if version.file]


@pytest.mark.parametrize(("kind", "version"), SHIPPED, ids=lambda part: getattr(part, "kind", ""))
def test_shipped_schemas_are_what_the_import_gives(kind, version):
    path = kinds.schema_path(kind.kind, version.version)
    schema = expand(json.loads(path.read_text()))
    crd = {
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{kind.group}"},
        "spec": {
            "group": kind.group,
            "scope": kind.scope,
            "names": {"kind": kind.kind, "plural": kind.plural},
            "versions": [{"name": version.version, "schema": {"openAPIV3Schema": schema}}],
        },
    }
    [imported] = import_crds([crd])
    assert imported.text() == path.read_text()


def test_shipped_schemas_are_small():
    """Repeated parts stand once: ApplicationSet is 341 kB when written out."""
    folder = kinds.schema_folder()
    sizes = {v.file: (folder / v.file).stat().st_size for _, v in SHIPPED}
    assert max(sizes.values()) < 20_000
    assert sum(sizes.values()) < 200_000


def test_importing_into_the_shipped_index_changes_nothing():
    index = kinds.load_index()
    text = (kinds.schema_folder() / "index.json").read_text()
    assert render_index(merge_index(index, [])) == text
    kind, version = next((k, v) for k, v in SHIPPED if k.kind == "HelmRelease")
    crd = {
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": kind.group,
            "names": {"kind": kind.kind, "plural": kind.plural},
            "versions": [
                {
                    "name": version.version,
                    "served": True,
                    "storage": version.storage,
                    "schema": {"openAPIV3Schema": {"type": "object"}},
                }
            ],
        },
    }
    assert render_index(merge_index(index, import_crds([crd]))) == text


def test_a_new_kind_in_the_index(basket):
    index = merge_index({}, [basket], "fruit v1")
    [row] = json.loads(render_index(index))["kinds"]
    assert (row["kind"], row["engine"]) == ("Basket", None)
    assert row["versions"][0]["schema"] == "fruit.example.dev/basket_v1.json"
    assert row["versions"][0]["from"] == "fruit v1"
