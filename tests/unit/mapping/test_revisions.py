"""Classification of targetRevision, and its spelling on the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argoflux.mapping.revisions import canonical, classify, spell
from argoflux.model.source import Revision

SHA = "0123456789abcdef0123456789ABCDEF01234567"


@pytest.mark.parametrize(
    ("text", "kind", "value", "guessed"),
    [
        ("", "head", "trunk", False),
        ("HEAD", "head", "trunk", False),
        (SHA, "commit", SHA, False),
        ("1" * 40, "commit", "1" * 40, False),
        ("refs/heads/v1.2.3", "branch", "v1.2.3", False),
        ("refs/tags/release", "tag", "release", False),
        ("refs/pull/7/head", "name", "refs/pull/7/head", False),
        ("refs/merge-requests/1/head", "name", "refs/merge-requests/1/head", False),
        ("deadbee", "short", "deadbee", True),
        ("1234567", "short", "1234567", True),
        (SHA + "0", "short", SHA + "0", True),
        ("abc123", "branch", "abc123", False),
        ("1.2", "tag", "1.2", True),
        ("v1.2.3", "tag", "v1.2.3", True),
        ("2024", "tag", "2024", True),
        ("1.x", "semver", "1.x", False),
        ("v1.*", "semver", "v1.*", False),
        (">=1.0 <2", "semver", ">=1.0 <2", False),
        ("=1.2.3", "semver", "=1.2.3", False),
        ("*", "semver", "*", False),
        ("main", "branch", "main", False),
        ("origin/main", "branch", "origin/main", False),
        ("release-1.2.3", "branch", "release-1.2.3", True),
        ("app/v1", "branch", "app/v1", True),
    ],
)
def test_classify(text: str, kind: str, value: str, guessed: bool) -> None:
    found = classify(text, default_branch="trunk")
    assert (found.kind, found.value, found.guessed) == (kind, value, guessed)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("head", "main", "HEAD"),
        ("branch", "main", "main"),
        ("branch", "v2", "refs/heads/v2"),
        ("branch", "deadbeef", "refs/heads/deadbeef"),
        ("branch", "HEAD", "refs/heads/HEAD"),
        ("branch", "1.x", "refs/heads/1.x"),
        ("tag", "v1.2.3", "v1.2.3"),
        ("tag", "release-1", "refs/tags/release-1"),
        ("tag", "20240101", "refs/tags/20240101"),
        ("semver", "1.0", "=1.0"),
        ("semver", "1.2.3", "=1.2.3"),
        ("semver", ">=1.0", ">=1.0"),
        ("commit", SHA, SHA),
        ("name", "refs/pull/1/head", "refs/pull/1/head"),
    ],
)
def test_spell(kind: str, value: str, text: str) -> None:
    """A bare name stays only where Argo CD reads the same kind of ref from it."""
    assert spell(Revision(kind=kind, value=value)) == text


_NAMES = st.text(alphabet="abcdefv0123456789.-/x*=", min_size=1, max_size=12).filter(
    lambda name: not name.startswith("refs/")
)


@given(kind=st.sampled_from(["branch", "tag"]), value=_NAMES)
def test_branches_and_tags_survive(kind: str, value: str) -> None:
    back = classify(spell(Revision(kind=kind, value=value)), default_branch="main")
    assert (back.kind, back.value) == (kind, value)


def test_canonical_unifies_spellings() -> None:
    """`=1.2.3` and `1.2.3` are one constraint, HEAD and its branch one revision."""
    assert canonical(Revision(kind="semver", value="=1.2.3")) == canonical(
        Revision(kind="semver", value="1.2.3")
    )
    assert canonical(Revision(kind="head", value="main")) == canonical(
        Revision(kind="branch", value="main")
    )
    assert canonical(Revision(kind="commit", value=SHA)) == canonical(
        Revision(kind="commit", value=SHA.lower())
    )
    assert canonical(Revision(kind="name", value="refs/heads/main")) == ("branch", "main")
    assert canonical(Revision(kind="name", value="refs/tags/v1")) == ("tag", "v1")
    assert canonical(Revision(kind="name", value="refs/pull/1/head"))[0] == "name"
    assert canonical(Revision(kind="tag", value="a")) != canonical(
        Revision(kind="branch", value="a")
    )
