"""``argoflux lint`` on files that are broken, huge, foreign or hostile, and as a process among others."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from argoflux.cli.main import main
from tests.cli.test_hostile_calls import PLACE, PROGRAM, shell
from tests.cli.test_hostile_input import BROKEN, CONTROL, HARMLESS, NAMES, app, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")
MESSAGES = {"spec a list": "`spec` is a list, expected"}
"""Where lint says it otherwise than convert."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.yaml").write_text(app("good"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_once(*args: str) -> tuple[int, str, str]:
        code = main(["lint", *args])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "bug in argoflux" not in err
        assert "AF901" not in out
        return code, out, err

    return run_once


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_document_is_a_finding_and_the_rest_is_judged(
    run: Run, tmp_path: Path, case: str
) -> None:
    text, message = BROKEN[case]
    put(tmp_path, "bad.yaml", text)
    _, out, _ = run("in", "-o", "concise")
    assert "in/bad.yaml:" in out
    assert MESSAGES.get(case, message) in out
    assert "in/good.yaml:5:12: warning: the Application belongs to project `default`" in out


@pytest.mark.parametrize("case", HARMLESS)
def test_unusual_files_are_no_errors(run: Run, tmp_path: Path, case: str) -> None:
    put(tmp_path, "odd.yaml", HARMLESS[case])
    code, out, _ = run("in", "-o", "concise")
    assert (code, ": error:" in out) == ((1, True) if case == "JSON" else (0, False))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", NAMES)
def test_names_do_not_break_out_of_a_report(run: Run, tmp_path: Path, case: str, form: str) -> None:
    put(tmp_path, "odd.yaml", app(NAMES[case]))
    _, out, _ = run("in", "-o", form)
    assert not CONTROL.search(out)
    if form in {"json", "sarif", "gitlab"}:
        json.loads(out)
    if form == "junit":
        ET.fromstring(out)  # noqa: S314 - our own output
    if form in {"concise", "github"}:
        assert all(line.startswith(("in/", "::")) for line in out.splitlines())
    if form == "markdown":
        assert "<img" not in out


def test_large_files_are_skipped_with_a_finding(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "ours.yaml", app("late") + "---\n" + "a: b\n" * 2_500_000)
    _, out, _ = run("in", "-o", "concise")
    assert "in/ours.yaml:1:1: warning: file is larger than 10 MiB, skipped" in out


def test_links_lead_nobody_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(app("outside"))
    (tmp_path / "in/out.yaml").symlink_to(tmp_path / "outside.yaml")
    (tmp_path / "in/self").symlink_to("self")
    (tmp_path / "in/up").symlink_to("..")
    _, out, _ = run("in", "-o", "concise", "--fix")
    assert "in/out.yaml:1:1: warning: symbolic link leaves the tree, not followed" in out
    assert (tmp_path / "outside.yaml").read_text() == app("outside")


# --- the process itself


@pytest.mark.parametrize(
    ("command", "code", "err"),
    [
        ("argoflux lint in -q --fail-on never | true", 0, ""),
        ("argoflux lint in -q -o json | head -1", 0, ""),
        ("cat in/good.yaml | argoflux lint - -q", 0, ""),
        ("argoflux lint - -q <&-", 2, "error: standard input is not available"),
        ("argoflux lint in -q >/dev/full", 2, "error: the output cannot be written: no space left"),
        ("argoflux lint gone", 2, "error: path `gone` does not exist"),
        ("argoflux rule --list | head -1", 0, ""),
    ],
)
def test_streams_that_went_away(tmp_path: Path, command: str, code: int, err: str) -> None:
    done = shell(command, tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert done.stderr.startswith(err)
    if not err:
        assert done.stderr == ""


def test_an_interrupt_ends_it_quietly(tmp_path: Path) -> None:
    for number in range(400):
        put(tmp_path, f"a{number}.yaml", app(f"a{number}"))
    process = subprocess.Popen(
        [*PROGRAM, "lint", "in", "-q"],
        cwd=tmp_path,
        env=PLACE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert process.returncode in {0, 130, -signal.SIGINT}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_must_not_be_written(tmp_path: Path) -> None:
    text = app("good").replace("selfHeal: true", "selfHeal: 'true'")
    (tmp_path / "in/good.yaml").write_text(text)
    (tmp_path / "in").chmod(0o555)
    try:
        done = shell("argoflux lint in --fix", tmp_path)
    finally:
        (tmp_path / "in").chmod(0o755)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert (tmp_path / "in/good.yaml").read_text() == text
