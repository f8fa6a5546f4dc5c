"""Input made to break the reader: nothing raises, nothing runs long, nothing leaves the tree."""

from __future__ import annotations

import contextlib
import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argoflux.model.content import Known, Unknown
from argoflux.workspace.overlay import read_path
from argoflux.workspace.patching import PatchError, apply_operations, merge
from argoflux.workspace.read import read
from argoflux.workspace.selectors import Identity, SelectorError, parse_target
from argoflux.workspace.tree import Tree, printable

QUICK = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=4)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "env", "name", "$patch", "spec", "metadata"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        *("resources", "bases", "components", "patches", "patchesStrategicMerge", "images"),
        *("patchesJson6902", "labels", "commonLabels", "replicas", "configMapGenerator"),
        *("secretGenerator", "namespace", "namePrefix", "generatorOptions", "commonAnnotations"),
    ]
)


@QUICK
@given(VALUES, VALUES, st.booleans())
def test_merge_takes_any_two_values(base, patch, built_in):
    merge(base, patch, built_in=built_in)


@QUICK
@given(
    VALUES,
    st.lists(
        st.fixed_dictionaries(
            {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"])},
            optional={
                "path": st.sampled_from(["", "/", "/a", "/a/0", "/a/-", "/env/-1", "x", "/~1"]),
                "from": st.sampled_from(["", "/a", "/env/0"]),
                "value": VALUES,
            },
        ),
        max_size=3,
    ),
)
def test_operations_apply_or_say_why(base, operations):
    before = repr(base)
    with contextlib.suppress(PatchError):
        apply_operations(base, operations)
    assert repr(base) == before


@QUICK
@given(st.dictionaries(st.sampled_from(["kind", "name", "labelSelector"]), st.text(max_size=12)))
def test_targets_parse_or_say_why(target):
    with contextlib.suppress(SelectorError):
        parsed = parse_target(target)
        identity = Identity("", "v1", "ConfigMap", "name", "")
        assert parsed.matches(identity, identity, {}, {}) in {True, False}


@pytest.mark.parametrize(
    "pattern", ["(a|a)*b", "(a?)*b", "a*a*a*a*a*b", "(a+)+", "a{1,}{2,}", "[[a]"]
)
def test_patterns_that_could_run_long_are_refused(pattern):
    with pytest.raises(SelectorError):
        parse_target({"name": pattern})


@pytest.mark.parametrize("pattern", [".*-web-.*", "(a|b)", "web.*", "^(.*)$", "(abc)*"])
def test_patterns_in_use_are_quick(pattern):
    target = parse_target({"name": pattern})
    identity = Identity("", "v1", "ConfigMap", "a" * 253, "")
    start = time.perf_counter()
    target.matches(identity, identity, {}, {})
    assert time.perf_counter() - start < 1


@QUICK
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_kustomization_file_gives_an_answer(tmp_path_factory, body):
    root = tmp_path_factory.mktemp("k")
    (root / "kustomization.yaml").write_text(json.dumps(body), encoding="utf-8")
    tree = Tree(str(root))
    tree.add(str(root))
    for flavour in ("flux", "argocd"):
        assert isinstance(read_path(tree, str(root), flavour=flavour), Known | Unknown)


@QUICK
@given(st.binary(max_size=60), st.sampled_from(["a.yaml", "kustomization.yaml", "x.json"]))
def test_any_bytes_are_read_without_a_crash(tmp_path_factory, data, name):
    root = tmp_path_factory.mktemp("b")
    (root / name).write_bytes(b"# argoproj.io\n" + data)
    read(["."], cwd=str(root))


@pytest.mark.parametrize("path", ["a\0b", "\ud800", "x" * 5000, "a/" * 3000, "../" * 50, "~", "*"])
def test_paths_that_no_file_has(write, path):
    root = write({"a.yaml": "kind: X\n"})
    tree = Tree(str(root))
    tree.add(str(root))
    full = os.path.join(str(root), path)  # noqa: PTH118 - the text as it is
    assert tree.listing(full) is None
    assert not tree.is_file(full)
    assert isinstance(read_path(tree, full, flavour="flux"), Unknown)


def test_very_deep_folders_are_walked(write):
    root = write({"a.yaml": "x: argocd\n"})
    at = os.open(root, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    tree = Tree(str(root))
    tree.add(str(root))
    assert sum(1 for _ in tree.directories_below(str(root))) > 1400
    assert isinstance(read_path(tree, str(root), flavour="flux"), Known)
    assert read(["."], cwd=str(root)).seen == 1
    for depth in range(1500, 0, -1):  # pytest's own cleaning up is recursive
        (root / ("d/" * depth)).rmdir()


def test_a_chain_of_many_bases_ends(write):
    files = {f"k{n}/kustomization.yaml": f"resources: [../k{n + 1}]\n" for n in range(200)}
    root = write({**files, "k200/kustomization.yaml": "namePrefix: x\n"})
    tree = Tree(str(root))
    tree.add(str(root))
    found = read_path(tree, str(root / "k0"), flavour="flux")
    assert isinstance(found, Known)
    assert any("nested too deeply" in gap.reason for gap in found.gaps)


def test_a_link_inside_a_base_cannot_lead_out_of_the_tree(write):
    root = write(
        {
            "repo/.git/HEAD": "",
            "repo/kustomization.yaml": "resources: [out/secret.yaml, one.yaml, out]\n",
            "outside/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
            "outside/kustomization.yaml": "resources: [secret.yaml]\n",
        }
    )
    (root / "repo/out").symlink_to(root / "outside")
    (root / "repo/one.yaml").symlink_to(root / "outside/secret.yaml")
    tree = Tree(str(root))
    tree.add(str(root / "repo"))
    for flavour in ("flux", "argocd"):
        found = read_path(tree, str(root / "repo"), flavour=flavour)
        assert isinstance(found, Known)
        assert found.objects == ()
        assert len(found.gaps) == 3


@given(st.text())
@QUICK
def test_printable_names_are_printable(text):
    assert printable(text).isprintable()
