"""Git generators that take every folder below another one, as one path pattern of Flux does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.goports.giturl import repository_key

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*\Z")
_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9_.]{0,61}[a-z0-9])?\Z")
_OPTIONS = ("files", "values", "template")


class Folders(NamedTuple):
    """Every folder directly below ``parent``, but for the names in ``excluded``."""

    parent: str
    excluded: tuple[str, ...]


def folders_of(spec: Mapping[str, Any]) -> Folders | str:
    """What the only generator of a spec takes; a text says why no path pattern of Flux does that."""
    stated = items(spec, "generators")[0]
    git = block(stated, "git")
    other = next((key for key in _OPTIONS if git.get(key)), "")
    if other or stated.get("selector") or text(git.get("pathParamPrefix")):
        name = other or ("selector" if stated.get("selector") else "pathParamPrefix")
        return f"an ArtifactGenerator knows nothing like `{name}` of the git generator"
    reason = _same_source(spec, git)
    return reason or _patterns(git)


def _patterns(git: Mapping[str, Any]) -> Folders | str:
    taken = [text(item.get("path")) for item in blocks(git, "directories") if not _out(item)]
    left = [text(item.get("path")) for item in blocks(git, "directories") if _out(item)]
    if len(taken) != 1:
        return "an ArtifactGenerator takes one path pattern"
    parent, _, last = taken[0].rpartition("/")
    if last != "*" or not _PLAIN.match(parent):
        return f"`{taken[0]}` is not a folder with one `*` below it"
    names: set[str] = set()
    for pattern in left:
        above, _, name = pattern.rpartition("/")
        if not _PLAIN.match(pattern):
            return f"`{pattern}` excludes by a pattern, and an ArtifactGenerator finds by name"
        if above != parent:
            continue
        if not _LABEL.match(name):  # the ArtifactGenerator finds it too, and labels it
            return f"`{name}` is no value of a label in small letters, which excludes need"
        names.add(name)
    return Folders(parent, tuple(sorted(names)))


def _out(item: Mapping[str, Any]) -> bool:
    return item.get("exclude") is True


def _same_source(spec: Mapping[str, Any], git: Mapping[str, Any]) -> str:
    """Whether the Applications read what the generator looks at, each its own folder."""
    source = block(block(block(spec, "template"), "spec"), "source")
    if repository_key(text(source.get("repoURL"))) != repository_key(text(git.get("repoURL"))):
        return "its Applications come from another repository than their folders"
    revisions = {text(one) or "HEAD" for one in (source.get("targetRevision"), git.get("revision"))}
    return (
        "" if len(revisions) == 1 else "its Applications take another revision than its generator"
    )
