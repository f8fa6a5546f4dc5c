"""Argo CD's one-text revisions against Flux's ``ref``, in both directions.

Order of the decisions: argo-cd:util/git/client.go lsRemote, argo-cd:util/git/git.go (short SHA),
argo-cd:util/versions/tags.go (version before constraint).
"""

from __future__ import annotations

import re

from argoflux.goports import semver
from argoflux.model.source import Revision

HEAD = "HEAD"
_BRANCH = "refs/heads/"
_TAG = "refs/tags/"
_DIGEST = re.compile(r"[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9A-Fa-f]{32,}")
_COMMIT = re.compile(r"[0-9A-Fa-f]{40}")
_SHORT = re.compile(r"[0-9A-Fa-f]{7,}")
_LIKE_TAG = re.compile(r"(?:^|[-_/])v?\d+(?:\.\d+)+|(?:^|[-_/])v\d")


def classify(text: str, *, default_branch: str) -> Revision:
    """Tell what a ``targetRevision`` of a Git source means, from the text alone.

    ``default_branch`` is what ``HEAD`` stands for. A kind that only the look of the name suggests
    is ``guessed``.
    """
    if text in {"", HEAD}:
        return Revision(kind="head", value=default_branch)
    if _COMMIT.fullmatch(text):
        return Revision(kind="commit", value=text)
    if text.startswith("refs/"):
        return _named(text)
    if _SHORT.fullmatch(text):
        return Revision(kind="short", value=text, guessed=True)
    if semver.is_version(text):
        return Revision(kind="tag", value=text, guessed=True)
    if semver.is_constraint(text):
        return Revision(kind="semver", value=text)
    return Revision(kind="branch", value=text, guessed=_LIKE_TAG.search(text) is not None)


def _named(ref: str) -> Revision:
    """What a full ref name stands for: a branch, a tag, or something else that has a name."""
    if ref.startswith(_BRANCH):
        return Revision(kind="branch", value=ref.removeprefix(_BRANCH))
    if ref.startswith(_TAG):
        return Revision(kind="tag", value=ref.removeprefix(_TAG))
    return Revision(kind="name", value=ref)


def classify_artifact(text: str) -> Revision:
    """Tell what the ``targetRevision`` of an artifact in a registry means, from the text alone.

    A version is looked up as a tag first and may be a range only where there is no such tag
    (argo-cd:util/oci/client.go ResolveRevision).
    """
    if _DIGEST.fullmatch(text):
        return Revision(kind="digest", value=text)
    if not semver.is_version(text) and semver.is_constraint(text):
        return Revision(kind="semver", value=text)
    return Revision(kind="tag", value=text)


def spell(revision: Revision) -> str:
    """Write a revision as the ``targetRevision`` that Argo CD reads as the same kind of ref.

    A bare branch or tag name stays only where ``classify`` gives the same kind back; a version in
    ``ref.semver`` becomes ``=<version>``, because Argo CD would look for a tag of that name.
    """
    match revision.kind:
        case "head":
            return HEAD
        case "branch":
            return _bare_or_full(revision, _BRANCH)
        case "tag":
            return _bare_or_full(revision, _TAG)
        case "semver":
            return f"={revision.value}" if semver.is_version(revision.value) else revision.value
        case "commit" | "name" | "short" | "digest":
            return revision.value


def spell_version(version: str) -> str:
    """A version or range of charts and artifacts as Argo CD reads the same one.

    A version with one or two numbers would be looked up once, under that name
    (argo-cd:reposerver/repository/repository.go newHelmClientResolveRevision).
    """
    numbers = version.partition("+")[0].partition("-")[0].count(".") + 1
    partial = semver.is_version(version) and numbers < 3  # noqa: PLR2004  # x.y.z
    return f"={version}" if partial else version


def _bare_or_full(revision: Revision, prefix: str) -> str:
    read_back = classify(revision.value, default_branch="")
    same = read_back.kind == revision.kind and read_back.value == revision.value
    return revision.value if same else prefix + revision.value


def canonical(revision: Revision) -> tuple[str, str]:
    """A key that is equal for revisions that select the same content."""
    if revision.kind == "semver":
        try:
            return revision.kind, semver.Constraint.parse(revision.value).canonical()
        except semver.SemverError:
            return revision.kind, revision.value
    if revision.kind == "head":
        return "branch", revision.value
    if revision.kind == "commit":
        return revision.kind, revision.value.lower()
    if revision.kind == "name":
        revision = _named(revision.value)
    return revision.kind, revision.value
