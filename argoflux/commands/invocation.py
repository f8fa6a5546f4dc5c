"""One run of a command: its arguments, its resolved settings, and the streams around it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from argoflux.options import NOBODY, options_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.config import Settings
    from argoflux.options import Value


_WITHOUT_FILE = frozenset({"config init", "completion"})
"""Commands whose answer no config file can change."""

_READING = frozenset({"convert", "lint", "schema import"})
"""Commands whose arguments are paths: the config file is searched from there."""


def _no_settings() -> Settings:
    from argoflux.config import Settings

    return Settings()


def _stdin() -> BinaryIO:
    return cast("BinaryIO", getattr(sys.stdin, "buffer", sys.stdin))


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What a command is asked to do.

    ``values`` has one value per option of the command, by the option's name; ``origins`` tells
    where each comes from; ``config`` is the config file that was read, and ``settings`` what it
    says beside values of options. ``cwd`` is absolute: display paths are relative to it.
    """

    command: str
    arguments: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    config: str = ""
    settings: Settings = field(default_factory=_no_settings)
    cwd: str = field(default_factory=lambda: str(Path.cwd()))
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    stdin: BinaryIO = field(default_factory=_stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)

    @classmethod
    def resolve(
        cls, command: str, arguments: tuple[str, ...], said: Mapping[str, object]
    ) -> Invocation:
        """Settle every option: flag, then variable, then config file, then default.

        ``said`` holds the flags that were given, by parameter name. Raises UsageError.
        """
        from argoflux.config import Settings, find_config, read_settings, resolve

        flags = {
            option.name: _value(said[option.parameter])
            for option in options_of(command)
            if option.parameter in said
        }
        first = resolve(command, flags)
        file = first.text("config")
        if command in _WITHOUT_FILE or first.switch("no-config"):
            settings = Settings()
        else:
            named = first.texts("filename") if "filename" in first.values else ()
            paths = (*arguments, *named) if command in _READING else ()
            file = file or find_config(paths)
            settings = read_settings(file).require_valid() if file else Settings()
        resolved = resolve(command, flags, settings=settings)
        return cls(
            command=command,
            arguments=arguments,
            values=resolved.values,
            origins=resolved.origins,
            config=settings.file,
            settings=settings,
        )

    def text(self, name: str) -> str:
        """The value of a text option, empty when nobody stated one."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def stated(self, name: str) -> bool:
        """Whether somebody gave the option, rather than its default."""
        return self.origins.get(name, NOBODY) != NOBODY

    def flag(self, name: str) -> bool:
        """The value of a switch."""
        return bool(self.values.get(name))

    def many(self, name: str) -> tuple[str, ...]:
        """The values of a repeatable option."""
        value = self.values.get(name)
        return value if isinstance(value, tuple) else ()

    def say(self, text: str) -> None:
        """One line for the person on stderr, unless ``--quiet``."""
        if not self.flag("quiet"):
            self.stderr.write(f"{text}\n")

    def explain(self, text: str) -> None:
        """One line on stderr, only with ``--verbose``."""
        if self.flag("verbose"):
            self.stderr.write(f"{text}\n")


def _value(said: object) -> Value:
    if isinstance(said, list):
        return tuple(said)
    return cast("Value", said)
