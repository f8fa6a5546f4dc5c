"""Start-up: what a command imports decides how long it takes; the lists are deterministic."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"yaml", "git", "jsonschema", "rich", "pydantic", "pathspec", "gotpl", "asyncio", "ssl"}
OURS_NEVER = ("argoflux.model", "argoflux.mapping", "argoflux.convert", "argoflux.workspace")


def imported(*args: str) -> set[str]:
    """The modules that a run imports beyond those of an empty Python."""

    def names(*command: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        rows = [row for row in done.stderr.splitlines() if row.startswith("import time:")]
        return {row.rpartition("|")[2].strip() for row in rows[1:]}

    return names("-m", "argoflux", *args) - names("-c", "pass")


@pytest.mark.parametrize(
    ("args", "most"),
    [
        (["--help"], 170),
        (["convert", "--help"], 170),
        (["--version"], 25),
    ],
    ids=["help", "convert help", "version"],
)
def test_help_and_version_import_little(args: list[str], most: int) -> None:
    found = imported(*args)
    assert "argoflux.cli.main" in found
    assert not {name.split(".")[0] for name in found} & HEAVY
    assert not [name for name in found if name.startswith(OURS_NEVER)]
    assert len(found) <= most, sorted(found)


def test_reference_commands_need_no_yaml() -> None:
    found = imported("message", "A2F-DEL-001")
    assert "argoflux.mapping.index" in found
    assert not {name.split(".")[0] for name in found} & (HEAVY - {"rich"})


def test_text_in_a_pipe_needs_no_colours() -> None:
    assert "rich" not in imported("version")
