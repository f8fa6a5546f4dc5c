"""A sync window that Argo CD cannot read, or that is never open, or always.

## What it does

It reads the windows of a project as Argo CD does: `kind`, a cron schedule of five fields, a Go
duration, a time zone, and what the window is for. It also notes windows that cover all the time, that
stand there twice, and whose patterns fit no Application of the project in the input.

## Why is this bad

One window that cannot be read keeps every Application of the project from syncing. An unknown
time zone is read as UTC without an error, which moves a freeze by hours.

## Fix safety

The fix writes a duration in units that Go knows: `1d` becomes `24h`.

## When to ignore it

For a window that covers all the time on purpose, as a freeze until somebody removes it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from argoflux.argocd.shapes import block, items, text
from argoflux.finding import Severity
from argoflux.goports.cron import WEEK, CronError, parse, weekly_starts
from argoflux.goports.duration import MINUTE, DurationError
from argoflux.goports.duration import parse as parse_duration
from argoflux.lint.context import known_text
from argoflux.lint.duration_words import suggestion
from argoflux.lint.permissions import project_named
from argoflux.lint.rule import Example, Rule
from argoflux.model.tenant import SyncWindow
from argoflux.schema_words import closest
from argoflux.yamlio import edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF325",
    name="sync-window-invalid",
    severity=Severity.ERROR,
    kinds=("AppProject",),
    evidence=("document", "graph"),
    yields_to=("AF109",),  # durations are told there
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/",),
)

_TARGETS = ("applications", "namespaces", "clusters")
_ZONED = ("TZ=", "CRON_TZ=")
_NO_ZONE_FILE = frozenset({"", "UTC", "Local"})  # go:src/time/zoneinfo.go LoadLocation


def check(project: Resource, ctx: Context) -> Iterator[Finding]:
    """Every window of a project."""
    seen: list[Any] = []
    for number, window in enumerate(items(block(project.body, "spec"), "syncWindows")):
        if not isinstance(window, dict):
            continue
        at: Path = ("spec", "syncWindows", number)
        yield from _unread(project, at, window, ctx)
        yield from _zone(project, at, window)
        meant = {key: value for key, value in window.items() if key != "description"}
        if meant in seen:
            told = (
                "the window stands there twice, so Argo CD's API refuses every change; remove one"
            )
            yield RULE.at(project.place(*at), told, resource=project, severity=Severity.WARNING)
        elif _is_always_open(window):
            told = "the window covers all the time; if that is not meant, shorten its duration"
            place = project.place(*at, "schedule")
            yield RULE.at(place, told, resource=project, severity=Severity.INFO)
        elif _fits_nothing(project, window, ctx):
            told = "the patterns fit no Application of the project that is at hand; check the names"
            place = project.place(*at, "applications")
            yield RULE.at(place, told, resource=project, severity=Severity.INFO)
        seen.append(meant)


def _unread(project: Resource, at: Path, window: dict[str, Any], ctx: Context) -> Iterator[Finding]:
    """argo-cd:pkg/apis/application/v1alpha1/types.go SyncWindow.Validate, app_project_types.go."""
    breaks = "no Application of the project can be synced while it stands there"
    kind = text(window.get("kind"))
    if known_text(kind) is not None and kind not in {"allow", "deny"}:
        place = project.place(*at, "kind") if kind else project.place(*at)
        told = f"`kind` of a sync window is `allow` or `deny`, not `{kind}`; {breaks}"
        yield RULE.at(place, told, resource=project)
    schedule = text(window.get("schedule"))
    if known_text(schedule) is not None:
        trouble = _schedule_trouble(schedule)
        if trouble:
            place = project.place(*at, "schedule") if schedule else project.place(*at)
            told = f"Argo CD cannot read the schedule: {trouble}; {breaks}"
            yield RULE.at(place, told, resource=project)
    duration = text(window.get("duration"))
    if known_text(duration) is not None:
        yield from _duration(project, (*at, "duration"), duration, ctx)
    if not any(items(window, key) for key in _TARGETS) and not any(
        isinstance(window.get(key), str) for key in _TARGETS
    ):
        told = "the window is for nothing: it names no `applications`, `namespaces` or `clusters`"
        yield RULE.at(project.place(*at), f"{told}; add what it is for", resource=project)


def _schedule_trouble(schedule: str) -> str:
    """What keeps robfig/cron from reading a schedule; a time zone may stand before it."""
    if schedule.startswith("@"):
        return f"`{schedule}` is a shorthand; write five fields"
    fields = schedule.split(maxsplit=1)
    if fields and fields[0].startswith(_ZONED):
        schedule = fields[1] if len(fields) > 1 else ""
    try:
        parse(schedule)
    except CronError as error:
        return str(error).replace("'", "`")
    return ""


def _duration(project: Resource, path: Path, duration: str, ctx: Context) -> Iterator[Finding]:
    place = project.place(*path) if duration else project.place(*path[:-1])
    try:
        found = parse_duration(duration)
    except DurationError:
        meant = suggestion(duration)
        edits = edit.set_value(project.document, place.path, meant) if meant else ()
        told = f"`{duration}` is no duration that Argo CD reads"
        hint = f"write `{meant}`" if meant else "use hours and minutes, such as `8h30m`"
        yield RULE.at(
            place,
            f"{told}; {hint}",
            resource=project,
            fix=ctx.safe(f"write `{meant}`", edits),
        )
        return
    if found <= 0:
        told = f"a window of `{duration}` is never open; give it a length"
        yield RULE.at(place, told, resource=project, severity=Severity.WARNING)


def _zone(project: Resource, at: Path, window: dict[str, Any]) -> Iterator[Finding]:
    """An unknown zone is UTC for Argo CD; zones may be newer than those that are known here."""
    zone = known_text(window.get("timeZone"))
    if zone is None or zone in _NO_ZONE_FILE or _is_zone(zone):
        return
    zones = available_timezones()
    if zones:
        near = closest(zone, zones)
        hint = f"; did you mean `{near}`?" if near else "; use a name such as `Europe/Berlin`"
        told = f"`{zone}` is no time zone, so Argo CD takes the schedule as UTC{hint}"
        place = project.place(*at, "timeZone")
        yield RULE.at(place, told, resource=project, severity=Severity.WARNING)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def _is_always_open(window: dict[str, Any]) -> bool:
    """Whether each opening lasts until the next one at least."""
    try:
        cron = parse(text(window.get("schedule")))
        length = parse_duration(text(window.get("duration")))
    except (CronError, DurationError):
        return False
    if not cron.weekly or length < MINUTE:
        return False
    starts = weekly_starts(cron)
    gaps = [after - before for before, after in pairwise([*starts, starts[0] + WEEK])]
    return bool(gaps) and max(gaps) * MINUTE <= length


def _fits_nothing(project: Resource, window: dict[str, Any], ctx: Context) -> bool:
    """Whether a window for Applications by name alone is for none; False where some are unknown."""
    patterns = [each for each in items(window, "applications") if known_text(each) is not None]
    if not patterns or len(patterns) != len(items(window, "applications")):
        return False
    if items(window, "namespaces") or items(window, "clusters"):
        return False
    names = _names(ctx).get((project.root, project.ref.name), ())
    if not names or "" in names:
        return False
    meant = SyncWindow(kind="", schedule="", duration="", applications=tuple(patterns))
    return not any(meant.holds(name, "", "", "") for name in names)


def _names(ctx: Context) -> dict[tuple[str, str], set[str]]:
    """The names of the Applications of each project; empty ones where some are not known."""
    known: dict[tuple[str, str], set[str]] | None = ctx.memory.get(RULE.code)
    if known is None:
        known = ctx.memory[RULE.code] = {}
        for app in ctx.all_applications:
            name = "" if app.open else (known_text(app.name) or "")
            known.setdefault((app.resource.root, project_named(app) or ""), set()).add(name)
    return known


_WINDOW = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/shop.git
  syncWindows:
    - kind: {kind}
      schedule: "{schedule}"
      duration: {duration}
      timeZone: {zone}
      applications:
        - "{name}"
"""


def _example(
    kind: str = "deny",
    schedule: str = "0 22 * * *",
    duration: str = "8h",
    zone: str = "Europe/Amsterdam",
    name: str = "*",
) -> str:
    return _WINDOW.format(kind=kind, schedule=schedule, duration=duration, zone=zone, name=name)


_AT = "spec.syncWindows[0]"
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/shop.git
    path: web
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
"""

BAD = (
    Example(
        title="days are no unit",
        yaml=_example(duration="1d", schedule="0 22 * * 5"),
        at=f"{_AT}.duration",
        fixed=_example(duration="24h", schedule="0 22 * * 5"),
    ),
    Example(
        title="a zone with a slip",
        yaml=_example(zone="Europe/Amsterdm"),
        at=f"{_AT}.timeZone",
    ),
    Example(
        title="an hour that there is not",
        yaml=_example(schedule="0 24 * * *"),
        at=f"{_AT}.schedule",
    ),
    Example(title="a shorthand", yaml=_example(schedule="@daily"), at=f"{_AT}.schedule"),
    Example(title="another kind", yaml=_example(kind="block"), at=f"{_AT}.kind"),
    Example(title="always open", yaml=_example(duration="24h"), at=f"{_AT}.schedule"),
    Example(title="never open", yaml=_example(duration="0s"), at=f"{_AT}.duration"),
    Example(
        title="a window for nothing",
        yaml=_example().replace('applications:\n        - "*"', "manualSync: true"),
        at=_AT,
    ),
    Example(
        title="a window for no Application of the project",
        files={"project.yaml": _example(name="api-*"), "app.yaml": _APPLICATION},
        file="project.yaml",
        at=f"{_AT}.applications",
    ),
)
GOOD = (
    Example(title="every night", yaml=_example()),
    Example(
        title="a window for an Application",
        files={"project.yaml": _example(name="we*"), "app.yaml": _APPLICATION},
    ),
    Example(title="values that are filled in later", yaml=_example(kind="${KIND}", zone="${ZONE}")),
    Example(title="no Application at hand", yaml=_example(name="api-*")),
)
