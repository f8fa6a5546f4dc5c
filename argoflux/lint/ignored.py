"""`ignoreDifferences` of Applications: the entries, and whether they can match anything.

Facts: argo-cd:util/argo/normalizers/diff_normalizer.go (group and kind are globs, an empty group is
the core group; name and namespace are compared as they are).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from argoflux import kinds
from argoflux.flux.kind_plurals import known_kinds
from argoflux.goports.globs import GlobError, gobwas
from argoflux.mapping.ignore_rules import is_glob

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.lint.application import ApplicationView
    from argoflux.text import Path

AT: Path = ("spec", "ignoreDifferences")


def entries(view: ApplicationView) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The entries of an Application with their paths."""
    stated = view.get(*AT)
    for number, entry in enumerate(stated if isinstance(stated, list) else ()):
        if isinstance(entry, dict):
            yield (*AT, number), entry


def words(entry: Mapping[str, Any], key: str) -> list[tuple[int, str]]:
    """The texts of a list of an entry with their numbers."""
    stated = entry.get(key)
    found = enumerate(stated if isinstance(stated, list) else ())
    return [(number, item) for number, item in found if isinstance(item, str)]


def selects(entry: Mapping[str, Any], group: str, kind: str, name: str, namespace: str) -> bool:
    """Whether an entry is for an object; a namespace that nobody states may be any."""
    wanted = str(entry.get("namespace") or "")
    if entry.get("name") not in (None, "", name) or (wanted and namespace not in {"", wanted}):
        return False
    try:
        return gobwas(str(entry.get("group") or ""), group) and gobwas(
            str(entry.get("kind") or ""), kind
        )
    except GlobError:
        return False


@cache
def _groups_of_kinds() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in known_kinds(()).entries():
        found.setdefault(entry.kind, set()).add(entry.group)
    for kind in kinds.KINDS:
        if not kinds.is_pseudo(kind.kind):
            found.setdefault(kind.kind, set()).add(kind.group)
    return {kind: frozenset(groups) for kind, groups in found.items()}


@cache
def _kinds_by_alias() -> dict[str, str]:
    """Kinds by their plural and by their name in lower case."""
    found = {kind.lower(): kind for kind in _groups_of_kinds()}
    found.update({entry.plural: entry.kind for entry in known_kinds(()).entries()})
    return found


@cache
def built_in_groups() -> frozenset[str]:
    """The groups of Kubernetes itself, the core group (empty) included."""
    return frozenset(entry.group for entry in known_kinds(()).entries())


def groups_of(kind: str) -> frozenset[str]:
    """The groups that a kind is known in; a glob of words (`{A,B}`) counts where they agree."""
    if kind.startswith("{") and kind.endswith("}"):
        found = {groups_of(word) for word in kind[1:-1].split(",")}
        return found.pop() if len(found) == 1 else frozenset()
    return frozenset() if is_glob(kind) else _groups_of_kinds().get(kind, frozenset())


def meant_kind(kind: str) -> str:
    """The kind that a plural or a name in lower case stands for, empty for others."""
    return _kinds_by_alias().get(kind, "") if kind.islower() else ""
