"""The quick test and the explaining validator give the same answer on every value."""

from hypothesis import given, settings
from hypothesis import strategies as st

from argoflux import schema
from argoflux.schema_accept import accepts

KINDS = [
    ("Application", "v1alpha1"),
    ("ApplicationSet", "v1alpha1"),
    ("ImagePolicy", "v1"),
    ("Kustomization", "v1"),
    ("HelmRelease", "v2"),
    ("ArtifactGenerator", "v1beta1"),
    ("ResourceSetInputProvider", "v1"),
    ("Secret:repository", "v1"),
    ("ConfigMap:argocd-cm", "v1"),
]

ODD = st.sampled_from(
    [None, True, False, 0, -1, 1.5, 2.0, "", "x", "5m", "true", "${X}", [], {}, [None], {"a": 1}]
)


def values(node, depth=0):
    """Values near the schema: mostly right, sometimes odd, with unknown and absent keys."""
    if depth > 6:
        return ODD
    if "enum" in node:
        good = st.sampled_from(node["enum"])
    elif node.get("properties"):
        good = objects(node, depth)
    elif isinstance(node.get("items"), dict):
        good = st.lists(values(node["items"], depth + 1), max_size=2)
    elif isinstance(node.get("additionalProperties"), dict):
        child = values(node["additionalProperties"], depth + 1)
        good = st.dictionaries(st.sampled_from(["a", "b"]), child, max_size=2)
    else:
        good = GOOD.get(node.get("type"), ODD)
    return st.one_of([good] * 15 + [ODD]) if depth else good


GOOD = {
    "string": st.sampled_from(["name", "1m", "1m", "https://x", "true", "1"]),
    "boolean": st.booleans(),
    "integer": st.sampled_from([0, 1, 3.0]),
}


def objects(node, depth):
    keys = {
        name: st.deferred(lambda child=child: values(child, depth + 1))
        for name, child in node["properties"].items()
    }
    required = {name: keys[name] for name in node.get("required", ()) if name in keys}
    plain = st.fixed_dictionaries(required)
    more = st.lists(st.sampled_from(sorted(keys)), max_size=3, unique=True).flatmap(
        lambda names: st.fixed_dictionaries(required | {name: keys[name] for name in names})
    )
    unknown = st.builds(lambda body: {**body, "unheard": 1}, more)
    lacking = more.map(lambda body: dict(list(body.items())[1:]))
    return st.one_of([plain] * 4 + [more] * 12 + [unknown, lacking])


def cases():
    nodes = [schema.load_schema(kind, version) for kind, version in KINDS]
    return st.one_of([st.tuples(st.just(node), values(node)) for node in nodes])


@given(cases(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_same_answer(case, partial):
    node, value = case
    errors = list(schema._validator(partial=partial)(node).iter_errors(value))
    assert accepts(value, node, partial=partial) == (not errors)


@given(cases())
@settings(max_examples=60, deadline=None)
def test_every_error_has_a_place_and_words(case):
    node, value = case
    for error in schema._validator(partial=False)(node).iter_errors(value):
        worded = schema._explain(error, "Application", "v1alpha1")
        assert worded.message
        assert not worded.message.endswith(".")
        assert worded.path or worded.rule in {"required", "type"}
