"""GitRepositories as model sources.

Facts: source-controller:api/v1/gitrepository_types.go.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from argoflux.flux.defaults import DEFAULT_BRANCH, REF_ORDER
from argoflux.flux.fields import flag, text, texts
from argoflux.goports import duration
from argoflux.goports.giturl import GitUrlError, parse, strip_credentials
from argoflux.model.source import GitSource, Revision, Verify

if TYPE_CHECKING:
    from argoflux.resource import Resource

TODO_URL = "TODO"
"""Written where a repository is not known."""

_ARTIFACT = re.compile(r"(?:.*[@/:])?([0-9a-f]{40})\Z")
_LONG_FETCH = 90 * duration.SECOND
"""ARGOCD_EXEC_TIMEOUT: argo-cd:util/exec/exec.go."""


def read_git_source(resource: Resource) -> GitSource:
    """The repository that a GitRepository describes.

    A suspended one whose status names its last artifact is pinned to that commit.
    """
    body = resource.body
    revision = read_revision(resource)
    suspended = flag(body, "spec", "suspend") or False
    commit = artifact_commit(resource)
    if suspended and commit:
        revision = Revision(kind="commit", value=commit)
    mode = text(body, "spec", "verify", "mode")
    secret = text(body, "spec", "verify", "secretRef", "name")
    return GitSource(
        url=text(body, "spec", "url") or TODO_URL,
        revision=revision,
        name=resource.ref.name,
        submodules=flag(body, "spec", "recurseSubmodules"),
        ignore=text(body, "spec", "ignore"),
        sparse=tuple(directory.strip("/") for directory in texts(body, "spec", "sparseCheckout")),
        verify=Verify(mode=mode or "HEAD", secret=secret or "") if mode or secret else None,
        provider=text(body, "spec", "provider"),
        secret=text(body, "spec", "secretRef", "name"),
        proxy=text(body, "spec", "proxySecretRef", "name"),
        suspended=suspended and not commit,
    )


def read_revision(resource: Resource) -> Revision:
    """What ``ref`` selects, by the precedence of the code; branch master when it is absent."""
    for key in REF_ORDER:
        value = text(resource.body, "spec", "ref", key)
        if value is None:
            continue
        return Revision(kind=key, value=value)
    return Revision(kind="branch", value=DEFAULT_BRANCH)


def stated_refs(resource: Resource) -> tuple[str, ...]:
    """The members of ``ref`` that are set, the one that counts first."""
    return tuple(key for key in REF_ORDER if text(resource.body, "spec", "ref", key))


def artifact_commit(resource: Resource) -> str:
    """The commit of the last artifact, from the status of an exported object; empty when unknown."""
    match = _ARTIFACT.match(text(resource.body, "status", "artifact", "revision") or "")
    return match[1] if match else ""


def source_facts(resource: Resource) -> dict[str, Any]:
    """What messages about a GitRepository name, and what their tests look at."""
    body = resource.body
    url = text(body, "spec", "url") or TODO_URL
    refs = stated_refs(resource)
    facts: dict[str, Any] = {
        "source": str(resource.ref),
        "url": strip_credentials(url),
        "git_timeout_long": _is_long(text(body, "spec", "timeout")),
        "gitlab_suffix": _wants_suffix(url),
        "mode": text(body, "spec", "verify", "mode") or "HEAD",
        "repository": resource.ref.name,
    }
    if refs:
        facts["ref_winner"] = refs[0]
        facts["ref_losers"] = refs[1:]
        facts["fields"] = ", ".join(sorted(refs))
        facts["winner"] = refs[0]
    commit = artifact_commit(resource)
    if flag(body, "spec", "suspend") and commit:
        facts["pinned"] = commit
    return facts


def _is_long(timeout: str | None) -> bool:
    try:
        return timeout is not None and duration.parse(timeout) > _LONG_FETCH
    except duration.DurationError:
        return True


def _wants_suffix(url: str) -> bool:
    """Whether GitLab would answer with a redirect, which Argo CD does not follow."""
    if not url.lower().startswith(("http://", "https://")):
        return False
    try:
        parts = parse(url)
    except GitUrlError:  # a port that is no number; nobody fetches from there
        return False
    return "gitlab" in parts.host.lower() and not parts.path.endswith(".git")


def clean_path(path: str | None) -> str | None:
    """A path from the repository's root without ``./``; ``.`` is the root, None leaves it."""
    clean = posixpath.normpath((path or "").strip("/") or ".")
    return None if clean == ".." or clean.startswith("../") else clean
