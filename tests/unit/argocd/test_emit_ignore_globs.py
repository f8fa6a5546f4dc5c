"""gitignore rules as globs of Argo CD, relative to one path."""

import pytest

from argoflux.argocd.ignore_globs import Exclusion, checked, exclude_globs, joined, kept_directories
from argoflux.goports.globs import gobwas


@pytest.mark.parametrize(
    ("rules", "path", "globs", "lost"),
    [
        ("/manifests/drafts/\n*.bak.yaml\n", "manifests", ("drafts/*", "*.bak.yaml"), ()),
        ("# comment\n\n/other/\n", "manifests", (), ()),
        ("drafts", "manifests", ("drafts/*", "*/drafts/*"), ()),
        ("drafts/", "manifests", ("drafts/*", "*/drafts/*"), ()),
        ("**/drafts", "manifests", ("drafts/*", "*/drafts/*"), ()),
        ("test-*.yaml", ".", ("test-*.yaml", "*/test-*.yaml"), ()),
        ("tmp*", ".", ("tmp*", "*/tmp*"), ()),
        ("/manifests/a.yaml", "manifests", ("a.yaml",), ()),
        ("manifests/**/old", "manifests", ("old/*", "*/old/*"), ()),
        ("/*\n!/deploy\n", "deploy/prod", (), ()),
        ("/*\n!/deploy\n/deploy/prod/x/\n", "deploy/prod", ("x/*",), ()),
        ("/*", "deploy", (), ("/*",)),
        ("/*\n!/deploy/a.yaml\n", "deploy", (), ("!/deploy/a.yaml", "/*")),
        ("*.md\n!x.yaml\n", "deploy", ("*.md/*",), ("!x.yaml",)),
        ("[ab].yaml", "deploy", (), ("[ab].yaml",)),
        ("/deploy/**/a/b", "deploy", (), ("/deploy/**/a/b",)),
    ],
)
def test_rules(rules: str, path: str, globs: tuple[str, ...], lost: tuple[str, ...]) -> None:
    found = exclude_globs(rules, path)
    assert (found.globs, found.inexpressible) == (globs, lost)


def test_globs_that_hit_wanted_files_go_and_left_over_files_are_named() -> None:
    """In gobwas without separators `*` crosses `/`, so `test-*.yaml` also hits test-dir/other.yaml."""
    every = ["test-a.yaml", "test-dir/other.yaml", "odd[1].yaml", "x.yaml"]
    found = Exclusion(globs=("test-*.yaml", "*/test-*.yaml"))
    exclusion, named = checked(found, every=every, kept=["test-dir/other.yaml", "x.yaml"])
    assert exclusion.globs == ("*/test-*.yaml", "odd\\[1\\].yaml", "test-a.yaml")
    assert named == ("odd\\[1\\].yaml", "test-a.yaml")
    text = exclusion.text()
    assert [name for name in every if gobwas(text, name)] == ["test-a.yaml", "odd[1].yaml"]


def test_joined() -> None:
    assert joined([]) == ""
    assert joined(["a", "a"]) == "a"
    assert joined(["a", "b"]) == "{a,b}"


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ("/*\n!/deploy\n!/charts/\n", ("deploy", "charts")),
        ("/*\n!/deploy/**\n", ("deploy",)),
        ("/*\n!/dep*\n", ()),
        ("*.md\n!/deploy\n", ()),
        ("", ()),
    ],
)
def test_the_idiom_that_only_keeps_directories(rules: str, kept: tuple[str, ...]) -> None:
    assert kept_directories(rules) == kept
