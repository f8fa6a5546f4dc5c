"""The config file ``.argoflux.yaml``, and the values that a command finally runs with.

Precedence: flag, then ``ARGOFLUX_…`` variable, then config file, then default.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argoflux.config_shape import CONFIG, Problem, check
from argoflux.errors import InputError, UsageError
from argoflux.finding import Finding, Place, Severity
from argoflux.options import NOBODY, Option, Value, from_environment, options_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.yamlio.tree import Document

NAMES = (".argoflux.yaml", ".argoflux.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """A suppression for lint: codes, a gitignore-like path, the last day, and why."""

    codes: tuple[str, ...]
    path: str = "**"
    until: str = ""
    reason: str = ""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PathTarget:
    """Releases for the files below a path."""

    path: str
    argocd: str = ""
    flux: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a config file says; ``Settings()`` is the answer of no file.

    ``values`` holds scalars and lists by their path of keys, with release numbers as written;
    ``directory`` is where relative paths in the file start, relative to the working directory.
    """

    file: str = ""
    directory: str = ""
    values: Mapping[tuple[str, ...], Value] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    targets: tuple[PathTarget, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    oci_sources: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    findings: tuple[Finding, ...] = ()

    def require_valid(self) -> Settings:
        """The settings themselves; raises UsageError that lists every problem with its place."""
        if not self.findings:
            return self
        lines = []
        for finding in self.findings:
            line, column = finding.place.line_column()
            lines.append(f"{finding.place.source.name}:{line}:{column}: {finding.message}")
        raise UsageError("\n".join(lines), hint="`argoflux config init` prints a commented example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The value of every option of a command, and where each comes from.

    An origin is ``flag --to``, ``environment ARGOFLUX_TO``, ``.argoflux.yaml:3`` or ``default``.
    """

    values: Mapping[str, Value]
    origins: Mapping[str, str]

    def text(self, name: str) -> str:
        """A text value, empty when nobody said anything."""
        value = self.values[name]
        return value if isinstance(value, str) else ""

    def switch(self, name: str) -> bool:
        """A switch."""
        return self.values[name] is True

    def texts(self, name: str) -> tuple[str, ...]:
        """A repeatable value."""
        value = self.values[name]
        return value if isinstance(value, tuple) else ()

    def stated(self, name: str) -> bool:
        """Whether somebody said so, rather than the default."""
        return self.origins[name] != NOBODY


def find_config(paths: Sequence[str], cwd: str | None = None) -> str:
    """The absolute path of the config file for the first path given, empty when there is none.

    Looked for from the path upward to the Git root; outside of Git in the path's folder only.
    Raises UsageError where a folder holds both spellings.
    """
    start = Path(cwd or Path.cwd(), next((p for p in paths if p != "-"), "."))
    folder = Path(os.path.normpath(start if start.is_dir() else start.parent))
    inside = next((f for f in (folder, *folder.parents) if os.path.lexists(f / ".git")), folder)
    for at in (folder, *folder.parents):
        here = [name for name in NAMES if os.path.lexists(at / name)]
        if len(here) > 1:
            raise UsageError(
                f"there are both {here[0]} and {here[1]} in one folder", hint="keep one of them"
            )
        if here:
            return str(at / here[0])
        if at == inside:
            break
    return ""


def read_settings(path: str, cwd: str | None = None) -> Settings:
    """Read a config file; what is wrong with it is in ``findings``.

    Raises InputError when the file cannot be read at all.
    """
    from argoflux.yamlio.load import decode_bytes, load_text

    base = Path(cwd or Path.cwd()).absolute()
    full = Path(base, path)
    name = os.path.relpath(full, base).replace(os.sep, "/")
    try:
        source = decode_bytes(name, full.read_bytes())
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise InputError(
            f"cannot read the config file `{name}`: {reason}", hint="check --config"
        ) from error
    if isinstance(source, Finding):
        return Settings(file=name, findings=(source,))
    loaded = load_text(source)
    directory = str(Path(name).parent)
    documents = [document for document in loaded.documents if document.body is not None]
    broken = [finding for finding in loaded.findings if finding.severity is not Severity.INFO]
    if broken or not documents:
        return Settings(file=name, directory=directory, findings=tuple(broken))
    return _settings(documents[0], name, directory)


def _settings(document: Document, name: str, directory: str) -> Settings:
    body = document.body

    def raw(path: tuple[str | int, ...]) -> str:
        span = document.locate(path)
        return document.source.text[span.start : span.end]

    values: dict[tuple[str, ...], Value] = {}
    problems = list(check(CONFIG, body, raw=raw, values=values))
    body = body if isinstance(body, dict) else {}
    return Settings(
        file=name,
        directory=directory,
        values=values,
        lines={path: _line(document, path) for path in values},
        targets=tuple(_path_targets(body, raw)),
        sources=_texts(body.get("sources")),
        oci_sources=_texts(body.get("oci-sources")),
        ignore=tuple(_ignores(document)),
        findings=tuple(_finding(document, problem) for problem in problems),
    )


def _line(document: Document, path: tuple[str, ...]) -> int:
    return document.source.line_column(document.locate(path, "key").start)[0]


def _finding(document: Document, problem: Problem) -> Finding:
    place = Place(source=document.source, document=document, path=problem.path, on=problem.on)
    return Finding(
        code="config",
        slug="config-invalid",
        severity=Severity.ERROR,
        message=problem.message,
        place=place,
    )


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: item for key, item in value.items() if isinstance(item, str)}


def _path_targets(body: Mapping[str, Any], raw: Any) -> list[PathTarget]:
    targets = body.get("targets")
    entries = targets.get("paths") if isinstance(targets, dict) else None
    out: list[PathTarget] = []
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("path"), str):
            found = {
                system: raw(("targets", "paths", index, system)).strip("\"'")
                for system in ("argocd", "flux")
                if system in entry
            }
            out.append(PathTarget(path=entry["path"], **found))
    return out


def _ignores(document: Document) -> list[Ignore]:
    body = document.body
    entries = body.get("ignore") if isinstance(body, dict) else None
    out: list[Ignore] = []
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict) or not isinstance(entry.get("codes"), list):
            continue
        out.append(
            Ignore(
                codes=tuple(code for code in entry["codes"] if isinstance(code, str)),
                path=str(entry.get("path", "**")),
                until=str(entry.get("until", "")),
                reason=str(entry.get("reason", "")),
                place=Place(source=document.source, document=document, path=("ignore", index)),
            )
        )
    return out


def resolve(
    command: str,
    flags: Mapping[str, Value],
    env: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> Resolved:
    """The value of every option of a command.

    ``flags`` maps long names without dashes to values; None and an empty tuple mean "not given".
    Raises UsageError for a value that is not among the choices, naming where it came from.
    """
    settings = settings or Settings()
    stated = from_environment(command, os.environ if env is None else env)
    values: dict[str, Value] = {}
    origins: dict[str, str] = {}
    for option in options_of(command):
        value, origin = _resolve_one(option, command, flags, stated, settings)
        if option.type == "choice" and isinstance(value, str):
            option.check_choice(value, origin.removeprefix("flag "))
        if option.type == "path" and value == "":
            name = origin.removeprefix("flag ")
            raise UsageError(f"{name}: the path is empty", hint="is a variable unset?")
        values[option.name], origins[option.name] = value, origin
    return Resolved(values=values, origins=origins)


def _resolve_one(
    option: Option,
    command: str,
    flags: Mapping[str, Value],
    stated: Mapping[str, Value],
    settings: Settings,
) -> tuple[Value, str]:
    given = flags.get(option.name)
    if given is not None and given != ():
        return given, f"flag {option.flag}"
    if option.name in stated:
        return stated[option.name], f"environment {option.env}"
    path = option.config_path(command)
    if option.name == "source" and settings.sources:
        pairs = (f"{url}={_from_file(settings, at)}" for url, at in settings.sources.items())
        return tuple(pairs), settings.file
    if path in settings.values:
        value = settings.values[path]
        if option.type == "path" and isinstance(value, str):
            value = _from_file(settings, value)
        elif option.name == "report" and isinstance(value, tuple):
            value = tuple(_from_file(settings, item) for item in value)
        return value, f"{settings.file}:{settings.lines[path]}"
    return option.default, NOBODY


def _from_file(settings: Settings, path: str) -> str:
    """A path that the file states, relative to the working directory."""
    return os.path.normpath(Path(settings.directory, path)).replace(os.sep, "/")


def example() -> str:
    """The commented example that ``config init`` prints."""
    return _EXAMPLE


_EXAMPLE = """\
# yaml-language-server: $schema=https://argoflux.dev/schemas/config.schema.json
# Settings of argoflux. Flags and ARGOFLUX_… variables win over this file.

# The releases that both systems speak; detected from the files where they tell.
targets:
  argocd: "3.5"
  flux: "2.9"
#  paths:                     # other releases for some files; the last match wins
#    - path: clusters/old/**
#      flux: "2.4"

# Local copies of other repositories, so that their content can be read.
#sources:
#  https://github.com/example/apps.git: ../apps

# What an OCI source of Argo CD holds when its address does not tell.
#oci-sources:
#  oci://registry.example.com/team/web: chart     # or manifests

# Flags of a command.
#convert:
#  to: flux
#  output-dir: out
#  fail-on: manual            # approximate, none, manual or never
#  layout: flat               # or tenant

#lint:
#  profile: recommended       # strict, production, multi-tenant, migration-to-flux, migration-to-argocd
#  fail-on: error             # warning, info or never
#  baseline: argoflux-baseline.json

# Findings that are known and accepted, until a day.
#ignore:
#  - codes: [AF501]
#    path: apps/legacy/**
#    until: "2027-01-31"
#    reason: moves to a pinned tag with the next release
"""
