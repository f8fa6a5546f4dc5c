"""Which files of a plain directory count, as the ``ignore`` rules of a GitRepository of its own.

Argo CD: one gobwas glob on the path below the directory, ``*`` crosses ``/``, ``exclude`` wins
(argo-cd:reposerver/repository/repository.go getPotentiallyValidManifests). Flux: gitignore rules on
every file alone, the last match wins (fluxcd/pkg:artifact/storage/archive.go), so a rule that takes
a directory back does so for all below it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from argoflux.goports.bracetext import braces
from argoflux.goports.globs import GlobError
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.model.content import Content
    from argoflux.model.render import Plain

_SUFFIXES = frozenset({"*.yaml", "*.yml"})
_MOST_PATTERNS = 16


def is_flux_file_rule(plain: Plain) -> bool:
    """Whether a directory source reads what Flux reads: all YAML files at any depth."""
    included = frozenset(_alternatives(plain.include)) if plain.include else frozenset()
    return plain.recurse and not plain.exclude and included == _SUFFIXES


def adds_below(content: Content) -> bool | None:
    """Whether Flux would read manifests below a flat directory; None when nobody knows."""
    if not isinstance(content, Known):
        return None
    return bool(content.facts.yaml_directories or content.facts.nested_kustomizations)


def ignore_rules(plain: Plain, path: str, content: Content) -> str | None:
    """The rules for a directory, None when the source can be shared as it is.

    ``path`` is the directory from the repository's root.
    """
    skipped = content.facts.skip_marked if isinstance(content, Known) else ()
    flat = not plain.recurse and adds_below(content) is not False
    filtered = bool(plain.include or plain.exclude) and not is_flux_file_rule(plain)
    if not (flat or filtered or skipped):
        return None
    base = "" if path == "." else "/" + _quote(path)
    lines = [f"# only what Argo CD read of {path if path != '.' else 'the repository'}"]
    lines += _only_below(path)
    if not plain.recurse:
        lines.append(f"{base}/*/")
    if filtered and plain.include:
        lines.append(f"{base}/**/*" if plain.recurse else f"{base}/*")
        lines += [f"!{base}/{p}" for p in _patterns(plain.include, deep=plain.recurse)]
    if filtered and plain.exclude:
        lines += [f"{base}/{p}" for p in _patterns(plain.exclude, deep=plain.recurse)]
    lines += [f"{base}/{_quote(name)}" for name in _below(content, skipped)]
    return "\n".join(lines) + "\n"


def _only_below(path: str) -> list[str]:
    """Rules that leave out everything beside one directory."""
    lines: list[str] = []
    at = ""
    for step in path.split("/") if path != "." else ():
        lines.append(f"{at}/*")
        at = f"{at}/{_quote(step)}"
        lines.append(f"!{at}/")
    return lines


def _patterns(glob: str, *, deep: bool) -> list[str]:
    """The gitignore patterns, relative to the directory, that match what a glob matches."""
    found: list[str] = []
    for alternative in _alternatives(glob):
        pattern = alternative.lstrip("/")
        if deep:
            found += _deep_patterns(pattern)
        elif "/" not in pattern:
            found.append(pattern.replace("**", "*"))
    return list(dict.fromkeys(found))


def _deep_patterns(pattern: str) -> list[str]:
    """One pattern per way in which a ``*`` can stay in a directory or cross into others."""
    leading = pattern.startswith("*")
    body = pattern.lstrip("*")
    if not body:
        return ["**/*"]
    pieces = body.replace("**", "*").split("*")
    found = [pieces[0]]
    for index, piece in enumerate(pieces[1:], start=1):
        last = index == len(pieces) - 1 and not piece
        joints = ["*"] if last else ["*", "*/**/*"]
        found = [f"{start}{joint}{piece}" for start in found for joint in joints]
        if len(found) > _MOST_PATTERNS:
            return [("**/*" if leading else "") + body]
    if not leading:
        return found
    prefix = "**" if body.startswith("/") else "**/*"
    return [prefix + start for start in found]


def _alternatives(glob: str) -> tuple[str, ...]:
    try:
        return braces(glob)
    except GlobError:
        return (glob,)


def _quote(path: str) -> str:
    """A path whose characters all stand for themselves in a gitignore rule."""
    return "".join(f"\\{char}" if char in "*?[]\\ " else char for char in path)


def _below(content: Content, names: Iterable[str]) -> list[str]:
    """Display paths as paths below the directory that was read."""
    if not isinstance(content, Known):
        return []
    return [posixpath.relpath(name, content.directory or ".") for name in names]
