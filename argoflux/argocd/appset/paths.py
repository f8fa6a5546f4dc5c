"""The repositories and paths that the git generators of an ApplicationSet name."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_META = re.compile(r"[*?\[\\]|\{\{")
_NESTING = ("matrix", "merge")


def repository_paths(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each URL with a folder that must be there: patterns count up to their first wildcard.

    A URL that a template fills in later is left out. The template's own source counts as well.
    """
    for item in blocks(spec, "generators"):
        yield from _generator_paths(item)
    template = block(block(spec, "template"), "spec")
    for source in (block(template, "source"), *blocks(template, "sources")):
        url = text(source.get("repoURL"))
        if url and "{{" not in url and not text(source.get("chart")):
            yield url, _folder(text(source.get("path")), file=False)


def _generator_paths(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    git = block(item, "git")
    url = text(git.get("repoURL"))
    if url and "{{" not in url:
        for key in ("directories", "files"):
            for wanted in blocks(git, key):
                if wanted.get("exclude") is not True:
                    yield url, _folder(text(wanted.get("path")), file=key == "files")
    for kind in _NESTING:
        for nested in blocks(block(item, kind), "generators"):
            yield from _generator_paths(nested)


def _folder(pattern: str, *, file: bool) -> str:
    """The folder that a pattern starts with, empty for one that starts with a wildcard."""
    found = _META.search(pattern)
    if found is None and not file:
        return pattern.strip("/")
    return posixpath.dirname(pattern[: found.start()] if found else pattern).strip("/")
