"""gitignore rules of a Flux source as ``directory.exclude`` globs of one path.

Flux tests every file alone and the last matching pattern wins, also below an excluded directory
(fluxcd/pkg:artifact/storage/archive.go). Argo CD's globs are relative to the path, and ``*``
crosses ``/`` (gobwas without separators). A translation counts only if it leaves out no file that
Flux keeps; files that no rule covers are listed by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.goports.globs import gobwas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GLOB_SPECIAL = frozenset("\\*?[]{},!")
_MANIFESTS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Globs relative to the path, and the rules that could not be said so."""

    globs: tuple[str, ...] = ()
    inexpressible: tuple[str, ...] = ()

    def text(self, *more: str) -> str:
        """One glob for all of them, with ``more``; empty when there is none."""
        return joined((*self.globs, *more))


def joined(globs: Iterable[str]) -> str:
    """One glob that matches what any of the globs matches."""
    found = tuple(dict.fromkeys(globs))
    if len(found) <= 1:
        return found[0] if found else ""
    return "{" + ",".join(found) + "}"


def rules_of(text: str) -> list[str]:
    """The rules of gitignore text, without comments and blank lines."""
    lines = (line.rstrip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def kept_directories(text: str) -> tuple[str, ...]:
    """The directories that the idiom ``/*`` + ``!/dir`` keeps; empty for any other text."""
    rules = rules_of(text)
    if not rules or rules[0] not in {"/*", "/**"}:
        return ()
    kept = [rule[1:].removesuffix("/**").strip("/") for rule in rules[1:]]
    literal = all(
        rule.startswith("!/") and directory and not set(directory) & _GLOB_SPECIAL
        for rule, directory in zip(rules[1:], kept, strict=True)
    )
    return tuple(kept) if literal else ()


def exclude_globs(text: str, path: str) -> Exclusion:
    """Translate rules for the files below ``path`` (``.`` for the repository's root)."""
    globs: list[str] = []
    lost: list[str] = []
    everything = ""
    for rule in rules_of(text):
        negated = rule.startswith("!")
        reach = _reach(rule.removeprefix("!").removeprefix("\\"), path)
        if reach is None:
            lost.append(rule)
        elif reach == ["*"]:
            globs, lost = [], [] if negated else lost
            everything = "" if negated else rule
        elif negated and reach and (globs or everything):
            lost.append(rule)
        elif reach and not negated and not everything:
            globs.extend(reach)
    if everything:
        lost.append(everything)
    return Exclusion(globs=tuple(dict.fromkeys(globs)), inexpressible=tuple(dict.fromkeys(lost)))


def _reach(rule: str, path: str) -> list[str] | None:
    """What a pattern matches below ``path``: ``["*"]`` for all, None when no glob says it."""
    directory_only = rule.endswith("/")
    pattern = rule.rstrip("/")
    if not pattern or set(pattern) & set("[]\\{},"):
        return None
    anchored = "/" in pattern
    pattern = pattern.removeprefix("/")
    if pattern.startswith("**/"):
        pattern = pattern[3:]
        anchored = "/" in pattern
        if anchored:
            return None
    below = [] if path == "." else path.split("/")
    if not anchored:
        if any(_segment(pattern, part) for part in below):
            return ["*"]
        return _anywhere(pattern, directory_only=directory_only)
    return _anchored(pattern.split("/"), below, directory_only=directory_only)


def _anywhere(pattern: str, *, directory_only: bool) -> list[str]:
    """The globs for a name at any depth."""
    a_manifest = pattern.endswith(_MANIFESTS)
    out: list[str] = []
    if not directory_only and (a_manifest or pattern.endswith(("*", "?"))):
        out.append(pattern)
    if not a_manifest and not (out and pattern.endswith("*")):
        out.append(f"{pattern}/*")
    if not pattern.startswith("*"):
        out += [f"*/{glob}" for glob in out]
    return out


def _anchored(steps: list[str], below: list[str], *, directory_only: bool) -> list[str] | None:
    """The globs for a path from the repository's root, compared with the applied path."""
    for step, part in zip(steps, below, strict=False):
        if step == "**":
            return None
        if not _segment(step, part):
            return []
    rest = steps[len(below) :]
    if not rest or rest == ["**"]:
        return ["*"]
    if rest == ["*"]:
        return ["*/*"] if directory_only else ["*"]
    if rest[0] == "**":
        return _anywhere(rest[1], directory_only=directory_only) if len(rest) == 2 else None  # noqa: PLR2004  # ** and a name
    if "**" in rest[:-1]:
        return None
    inner = "/".join(step for step in rest if step != "**")
    if rest[-1] == "**" or directory_only:
        return [f"{inner}/*"]
    if inner.endswith(_MANIFESTS):
        return [inner]
    return [inner, f"{inner}/*"] if inner.endswith("?") else [f"{inner}/*"]


def _segment(pattern: str, part: str) -> bool:
    return gobwas(pattern, part, "/")


def checked(
    exclusion: Exclusion, *, every: Iterable[str], kept: Iterable[str]
) -> tuple[Exclusion, tuple[str, ...]]:
    """Correct globs by the files at hand; all names are relative to the path.

    ``every`` are the manifests that Argo CD would read, ``kept`` those that Flux keeps. Globs that
    leave out a kept file go; files that are left over are named. Returns the names apart, too.
    """
    wanted = set(kept)
    globs = [glob for glob in exclusion.globs if not any(gobwas(glob, name) for name in wanted)]
    extra = sorted(set(every) - wanted)
    left = [name for name in extra if not any(gobwas(glob, name) for glob in globs)]
    named = tuple(quoted(name) for name in left)
    return Exclusion(globs=(*globs, *named), inexpressible=exclusion.inexpressible), named


def quoted(name: str) -> str:
    """A glob that matches one name only."""
    return "".join(_escape(name))


def _escape(name: str) -> Iterator[str]:
    for char in name:
        yield f"\\{char}" if char in _GLOB_SPECIAL else char
