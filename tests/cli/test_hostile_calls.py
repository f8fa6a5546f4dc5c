"""Calls that cannot work: each says what is wrong, leaves with its exit code, and touches nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from argoflux.cli.main import main
from tests.cli.test_hostile_input import app

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

PROGRAM = [sys.executable, "-m", "argoflux"]
PLACE = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"]}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web.yaml").write_text(app())
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_once(*args: str) -> tuple[int, str, str]:
        code = main(args)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "bug in argoflux" not in err
        return code, out, err

    return run_once


TO = ("--to", "flux")
CALLS: dict[str, tuple[tuple[str, ...], str]] = {
    "no target": (("convert",), "--to is missing"),
    "unknown target": (("convert", "--to", "flu"), "--to: `flu` is not flux or argocd"),
    "missing path": (("convert", *TO, "gone.yaml"), "path `gone.yaml` does not exist"),
    "empty path": (("convert", *TO, ""), "a PATH is empty"),
    "empty folder name": (("convert", *TO, "-d", ""), "--output-dir: the path is empty"),
    "empty config name": (("convert", *TO, "--config", ""), "--config: the path is empty"),
    "unknown flag": (("convert", *TO, "--strict"), "`--strict` is not a flag of"),
    "flag before its command": (("--to", "flux", "convert"), "`--to` is not a flag of `argoflux`"),
    "fail-on": (("convert", *TO, "--fail-on", "x"), "--fail-on: `x` is not approximate"),
    "release": (("convert", *TO, "--flux-version", "9"), "--flux-version: `9` is not a supported"),
    "no release": (("convert", *TO, "--argocd-version", "x\n"), "is not a supported release"),
    "namespace": (
        ("convert", *TO, "--control-namespace", "../x"),
        "--control-namespace: `../x` is not the name of a namespace",
    ),
    "branch": (
        ("convert", *TO, "--default-branch", "a\nb"),
        "--default-branch: `'a\\nb'` is not the name of a branch",
    ),
    "source": (("convert", *TO, "--source", "x"), "--source: `x` has no `=`"),
    "source elsewhere": (
        ("convert", *TO, "--source", "a=gone"),
        "--source: `gone` is not a folder",
    ),
    "report format": (("convert", *TO, "--report", "x.pdf"), "`x.pdf` does not"),
    "report name empty": (("convert", *TO, "--report", ""), "`` does not"),
    "config missing": (("convert", *TO, "--config", "gone"), "cannot read the config file `gone`"),
    "config a folder": (("convert", *TO, "--config", "empty"), "is a directory"),
    "config something else": (
        ("convert", *TO, "--config", "web.yaml"),
        "web.yaml:1:1: unknown key",
    ),
    "folder a file": (("convert", *TO, "-d", "web.yaml"), "`web.yaml` is not a folder"),
    "folder below a file": (("convert", *TO, "-d", "web.yaml/x"), "not a directory"),
    "folder name too long": (("convert", *TO, "-d", "x" * 300), "file name too long"),
    "no field": (("field",), "PATH is missing"),
    "empty field": (("field", ""), "PATH is missing"),
    "dots for a field": (("field", ".."), "`..` is not a field that argoflux knows"),
    "brackets for a field": (("field", "[[[["), "`[[[[` is not a path of a field"),
    "escape for a field": (("field", "\x1b[31m"), "`\\x1b[31m` is not a path of a field"),
    "no message": (("message",), "CODE is missing"),
    "unknown message": (("message", "\x1b[31m"), "`\\x1b[31m` is not a code of a message"),
    "shell": (("completion", "tcsh"), "`tcsh` is not a shell with completion"),
    "output format": (("version", "-o", "yaml"), "-o: `yaml` is not a format of this command"),
    "two on stdout": (("version", "-o", "json", "-o", "text"), "two formats cannot share stdout"),
    "no definitions": (("schema", "import", "web.yaml"), "no CustomResourceDefinition in web.yaml"),
    "unknown command": (("bogus",), "no such command `bogus`"),
    "empty command": (("",), "no such command ``"),
    "an argument too many": (("version", "x"), "got unexpected extra argument"),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_call_that_cannot_work_says_why(run: Run, tmp_path: Path, case: str) -> None:
    args, message = CALLS[case]
    code, out, err = run(*args)
    assert code == 2
    assert out == "" or case.startswith(("report", "folder"))
    assert err.startswith("error: ")
    assert message in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "web.yaml"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ARGOFLUX_TO", "bogus", "ARGOFLUX_TO: `bogus` is not flux or argocd"),
        ("ARGOFLUX_QUIET", "maybe", "ARGOFLUX_QUIET: `maybe` is not true or false"),
        ("ARGOFLUX_DEBUG", "maybe", "ARGOFLUX_DEBUG: `maybe` is not true or false"),
        ("ARGOFLUX_COLOR", "blue", "ARGOFLUX_COLOR: `blue` is not auto, always or never"),
        ("ARGOFLUX_FLUX_VERSION", "7", "ARGOFLUX_FLUX_VERSION: `7` is not a supported release"),
        ("ARGOFLUX_CONFIG", "gone", "cannot read the config file `gone`"),
        ("ARGOFLUX_FILENAME", "gone", "path `gone` does not exist"),
        ("ARGOFLUX_REPORT", "a.pdf", "`a.pdf` does not"),
    ],
)
def test_a_bad_variable_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    code, out, err = run("convert", "web.yaml", *(() if name == "ARGOFLUX_TO" else TO))
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"convert: [1]\n", ".argoflux.yaml:1:10: `convert` must be a mapping"),
        (b"convert: {to: bogus}\n", ".argoflux.yaml:1:15: `convert.to`: `bogus` is not known"),
        (b"- a\n", ".argoflux.yaml:1:1: the file must be a mapping"),
        (b"a: b: c\n", ".argoflux.yaml:1:5: cannot parse YAML"),
        (b"convert: {fial-on: never}\n", "did you mean `fail-on`?"),
        (b'targets: {flux: "7.1"}\n', ".argoflux.yaml:1: `7.1` is not a supported release"),
        (b"\xff\n", ".argoflux.yaml:1:1: the file is not UTF-8"),
        (b"a: \0\n", ".argoflux.yaml:1:1: the file has a NUL byte"),
        (b"convert: &a {to: *a}\n", "the anchor `&a` contains itself"),
        (b"sources: {x: [1]}\n", ".argoflux.yaml:1:14: `sources.x` must be text"),
    ],
)
def test_a_broken_config_file_is_named(run: Run, tmp_path: Path, text: bytes, message: str) -> None:
    (tmp_path / ".argoflux.yaml").write_bytes(text)
    code, out, err = run("convert", "web.yaml", *TO)
    assert (code, out) == (2, "")
    assert message in err


def test_a_config_file_that_is_no_file_is_not_passed_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".argoflux.yaml").mkdir()
    assert run("convert", "web.yaml", *TO)[0] == 2
    (tmp_path / ".argoflux.yaml").rmdir()
    (tmp_path / ".argoflux.yaml").symlink_to(".argoflux.yaml")
    code, _, err = run("convert", "web.yaml", *TO)
    assert code == 2
    assert "cannot read the config file `.argoflux.yaml`" in err


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("output", ["in/out", "in"])
def test_an_output_folder_inside_the_input_is_not_eaten(
    run: Run, tmp_path: Path, output: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.yaml").write_text(app("a"))
    for _ in range(2):
        assert run("convert", "in", *TO, "-d", output)[0] == 0
        first = tree(tmp_path)
    assert run("convert", "in", *TO, "-d", output)[0] == 0
    assert tree(tmp_path) == first
    assert sum(name.startswith("in/") and "/apps/" in name for name in first) == 1


def test_links_in_the_output_folder_lead_nobody_out(run: Run, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "file").write_text("keep\n")
    for name, target in (("apps", "../victim"), ("report.json", "../victim/file")):
        out = tmp_path / f"out-{name}"
        out.mkdir()
        (out / name).symlink_to(target)
        code, _, err = run("convert", "web.yaml", *TO, "-d", out.name, "--force")
        assert code == 2
        assert "a link or another kind of file is in the way" in err
    assert tree(victim) == {"file": b"keep\n"}


def test_a_forged_report_gives_no_right_to_files_outside(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/kustomization.yaml").write_text("mine\n")
    forged = '{"kind": "ConversionReport", "files": ["../web.yaml", "/etc/x", 7, {"a": 1}]}'
    (tmp_path / "out/report.json").write_text(forged)
    code, _, err = run("convert", "web.yaml", *TO, "-d", "out")
    assert code == 2
    assert "would replace: kustomization.yaml" in err
    assert (tmp_path / "web.yaml").read_text() == app()
    assert (tmp_path / "out/kustomization.yaml").read_text() == "mine\n"


def test_a_report_replaces_no_input_and_nothing_special(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to("web.yaml")
    assert run("convert", "web.yaml", *TO, "--report", "link.json")[0] == 2
    os.mkfifo(tmp_path / "pipe.json")
    code, _, err = run("convert", "web.yaml", *TO, "--report", "pipe.json")
    assert code == 2
    assert "`pipe.json` cannot be written: it is not a regular file" in err
    (tmp_path / "folder.json").mkdir()
    assert run("convert", "web.yaml", *TO, "--report", "folder.json")[0] == 2
    assert (tmp_path / "web.yaml").read_text() == app()


# --- the process itself


def shell(command: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    quoted = " ".join(PROGRAM)
    return subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command.replace("argoflux", quoted)],
        cwd=folder,
        env={**PLACE, **env},
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "code", "err"),
    [
        ("argoflux convert web.yaml --to flux -q | true", 0, ""),
        ("argoflux message --list | head -1", 0, ""),
        ("argoflux --version | true", 0, ""),
        ("argoflux version >&-", 0, ""),
        ("argoflux --version >&- 2>&-", 0, ""),
        ("argoflux convert gone --to flux 2>&-", 2, ""),
        ("argoflux convert - --to flux <&-", 2, "error: standard input is not available"),
        ("argoflux --version >/dev/full", 2, "error: the output cannot be written: no space left"),
        ("argoflux convert gone --to flux 2>/dev/full", 2, ""),
        ("cd empty; rmdir ../empty; argoflux version", 2, "error: the working directory does not"),
    ],
)
def test_streams_and_folders_that_went_away(
    tmp_path: Path, command: str, code: int, err: str
) -> None:
    done = shell(command, tmp_path)
    assert done.returncode == code
    assert done.stderr.startswith(err)
    assert "Traceback" not in done.stderr
    if not err:
        assert done.stderr == ""


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"COLUMNS": "abc", "LINES": "-1", "TERM": "", "HOME": ""},
        {"PYTHONHASHSEED": "1"},
    ],
)
def test_the_environment_does_not_change_the_bytes(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "web.yaml").write_text(app('"ü-🚀"'))
    command = "argoflux convert web.yaml --to flux -v"
    plain, other = shell(command, tmp_path, PYTHONHASHSEED="0"), shell(command, tmp_path, **env)
    assert (plain.returncode, plain.stdout, plain.stderr) == (
        other.returncode,
        other.stdout,
        other.stderr,
    )
    assert "Application/argocd/ü-🚀" in other.stderr


def test_colours_only_where_asked_for(tmp_path: Path) -> None:
    command = "argoflux convert web.yaml --to flux"
    for env, coloured in (
        ({}, False),
        ({"NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "ARGOFLUX_COLOR": "never"}, False),
    ):
        done = shell(command, tmp_path, **env)
        assert ("\x1b[" in done.stderr) is coloured
        assert "\x1b[" not in done.stdout
