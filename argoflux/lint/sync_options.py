"""The sync options that Argo CD reads, on an Application and on an object that it applies.

Facts: argo-cd:controller/sync.go SyncAppState and gitops-engine/pkg/sync/sync_context.go compare
whole texts; argo-cd:gitops-engine/pkg/sync/common/types.go names them. On objects the annotation is
split at commas and trimmed (gitops-engine/pkg/sync/resource/annotations.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.mapping.sync_options import KNOWN_OPTIONS, UNREAD_BEFORE
from argoflux.schema_words import closest
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["application", "object"]
Trouble = Literal["unknown", "elsewhere", "unread", "inert"]

ANNOTATION = "argocd.argoproj.io/sync-options"

_OBJECT_OPTIONS = {
    "Prune": ("false", "confirm", "true"),
    "Delete": ("false", "confirm", "true"),
    "Validate": ("false", "true"),
    "SkipDryRunOnMissingResource": ("true", "false"),
    "PruneLast": ("true", "false"),
    "Replace": ("true", "false"),
    "Force": ("true", "false"),
    "ServerSideApply": ("true", "false"),
}
_OPTIONS: Mapping[Level, Mapping[str, tuple[str, ...]]] = {
    "application": KNOWN_OPTIONS,
    "object": _OBJECT_OPTIONS,
}
_INERT: Mapping[Level, frozenset[str]] = {
    "application": frozenset(
        {"Prune=true", "Delete=true", "Validate=true", "ClientSideApplyMigration=true"}
    ),
    "object": frozenset({"Validate=true", "Replace=false", "Force=false"}),
}
"""Options that say what holds anyway; ``Prune=true`` on an object overrules the Application."""


class Judgement(NamedTuple):
    """What is wrong with an option: the kind of trouble, and the option that was meant."""

    trouble: Trouble
    meant: str = ""
    since: str = ""


def judge(option: str, level: Level, release: Release) -> Judgement | None:
    """What Argo CD makes of an option at a level, None when it is read and has an effect."""
    name, _, value = option.partition("=")
    known = _OPTIONS[level]
    if value in known.get(name, ()):
        since = UNREAD_BEFORE.get(name, "") if level == "application" else ""
        if since and release < Release.parse(since):
            return Judgement("unread", since=since)
        return Judgement("inert") if option in _INERT[level] else None
    other: Level = "object" if level == "application" else "application"
    if name not in known and value in _OPTIONS[other].get(name, ()):
        return Judgement("elsewhere")
    return Judgement("unknown", meant=_meant(option, level))


def _meant(option: str, level: Level) -> str:
    """The option that an unknown text probably stands for, empty when nothing is close."""
    name, separator, value = option.partition("=")
    known = _OPTIONS[level]
    folded = {each.lower(): each for each in known}
    plain = name.strip().lower().replace("-", "").replace("_", "")
    right = folded.get(plain) or folded.get(closest(plain, list(folded)))
    if right is None:
        return ""
    values = known[right]
    wanted = value.strip().strip("\"'").lower()
    if not separator or not wanted:
        return f"{right}={values[0]}"
    found = wanted if wanted in values else closest(wanted, values)
    return f"{right}={found}" if found else ""


def is_respelt(option: str, meant: str) -> bool:
    """Whether two options differ in case, blanks and quotes only."""
    return bool(meant) and "".join(option.split()).replace('"', "").lower() == meant.lower()
