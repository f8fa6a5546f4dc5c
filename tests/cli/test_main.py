"""The command line: flags, help, errors and exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from argoflux import __version__
from argoflux.cli.main import main
from argoflux.options import COMMANDS, options_of

PROGRAM = [sys.executable, "-m", "argoflux"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(args)
    out, err = capsys.readouterr()
    return code, out, err


# --- help and version


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *command.split(), "--help")
    assert (code, err) == (0, "")
    assert f"Usage: argoflux {command} " in out
    assert f"argoflux {command}" in out.split("Example", 1)[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_the_table_is_in_the_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = run(capsys, *command.split(), "-h")[1].split("\nOptions:\n")[1]
    shown = re.findall(r"^  (?:-\w, )?(--[\w-]+)", options, re.MULTILINE)
    expected = [option.flag for option in options_of(command)]
    assert sorted(shown) == sorted([*expected, "--version", "--help"])


@pytest.mark.parametrize("args", [["--version"], ["convert", "--version"], ["-q", "--version"]])
def test_version_is_one_line(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *args) == (0, f"argoflux {__version__}\n", "")


def test_without_a_command_the_help_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, out) == (2, "")
    assert err.startswith("Usage: argoflux ")


# --- wrong command lines


@pytest.mark.parametrize(
    ("args", "error", "hint"),
    [
        (["convrt"], "no such command `convrt`", "did you mean `convert`?"),
        (
            ["convert", "--fial-on", "x"],
            "`--fial-on` is not a flag of `argoflux convert`",
            "did you mean `--fail-on`?",
        ),
        (
            ["convert", "--to", "fluxx"],
            "--to: `fluxx` is not flux or argocd",
            "did you mean `flux`?",
        ),
        (
            ["convert", "--to", "flux", "--fail-on", "all"],
            "--fail-on: `all` is not approximate, none, manual or never",
            "say approximate, none, manual or never",
        ),
        (["convert"], "convert to which system? --to is missing", "say --to flux or --to argocd"),
        (["convert", "--to"], "option `--to` requires an argument", "--help"),
        (["convert", "--to", "flux", "gone"], "path `gone` does not exist", "files or folders"),
        (
            ["convert", "--to", "flux", "--report", "r.html"],
            "the name of a report file tells its format, and `r.html` does not",
            "end it with one of .json, .md, .txt",
        ),
        (
            ["convert", "--to", "flux", "--flux-version", "1.0"],
            "--flux-version: `1.0` is not a supported release of Flux",
            "say a release from 2.3 to 2.9",
        ),
        (["field"], "which field? PATH is missing", "--coverage"),
        (["field", "spec.nothing.here"], "`spec.nothing.here` is not a field", "--coverage"),
        (["field", "a b"], "`a b` is not a path of a field", "spec.images[].newTag"),
        (["message", "A2F-DEL-01"], "`A2F-DEL-01` is not a code of a message", "did you mean"),
        (["message", "--list", "-o", "xml"], "-o: `xml` is not a format", "say text or json"),
        (["version", "-o", "text", "-o", "json"], "-o: two formats cannot share stdout", "=out"),
        (["completion", "tcsh"], "`tcsh` is not a shell with completion", "bash, zsh, fish"),
        (["--config", "gone.yaml", "version"], "`gone.yaml`", "--config"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong_and_what_to_do(
    args: list[str], error: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith("error: ")
    assert error in first
    assert second.startswith("hint: ")
    assert hint in second


def test_control_characters_of_arguments_never_reach_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for args in (["convert", "--to", "flux", "a\x1b[2J"], ["\x1b[2J"], ["field", "\x1b[2J"]):
        code, _, err = run(capsys, *args)
        assert code == 2
        assert "\x1b" not in err


# --- where settings come from


def test_flags_of_every_command_stand_before_or_after_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for args in (
        ["--color", "always", "message", "A2F-DEL-001"],
        ["message", "A2F-DEL-001", "--color", "always"],
    ):
        assert "\x1b[" in run(capsys, *args)[1]
    assert (
        "\x1b["
        not in run(capsys, "--color", "always", "message", "A2F-DEL-001", "--color", "never")[1]
    )


def test_flag_over_variable_over_file_over_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def layout(*args: str) -> list[str]:
        rows = run(capsys, *args, "config", "show")[1].splitlines()
        (row,) = [row for row in rows if row.split()[:2] == ["convert", "layout"]]
        return row.split()[2:]

    assert layout() == ["flat", "default"]
    (tmp_path / ".argoflux.yaml").write_text("convert:\n  layout: tenant\n")
    assert layout() == ["tenant", ".argoflux.yaml:2"]
    assert layout("--no-config") == ["flat", "default"]
    monkeypatch.setenv("ARGOFLUX_LAYOUT", "flat")
    assert layout() == ["flat", "environment", "ARGOFLUX_LAYOUT"]


def test_the_example_config_is_valid(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / ".argoflux.yaml").write_text(run(capsys, "config", "init")[1])
    code, out, _ = run(capsys, "config", "show")
    assert code == 0
    assert out.startswith("config file: .argoflux.yaml\n")


def test_a_broken_config_file_names_its_places(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / ".argoflux.yaml").write_text("convert:\n  layuot: flat\n")
    code, _, err = run(capsys, "version")
    assert code == 2
    assert ".argoflux.yaml:2:3: " in err


# --- colours


@pytest.mark.parametrize(
    ("variable", "flag", "coloured"),
    [
        ({}, "auto", False),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": "1"}, "never", False),
        ({"NO_COLOR": "1"}, "always", True),
    ],
)
def test_colour_is_decided_by_flag_then_variables_then_terminal(
    variable: dict[str, str],
    flag: str,
    coloured: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run(capsys, "message", "A2F-DEL-001", "--color", flag)[1]) == coloured


# --- failures of other kinds


def test_an_unexpected_error_is_called_a_bug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> int:
        raise KeyError("\x1b[31mgone")

    monkeypatch.setattr("argoflux.commands.version.run", fail)
    code, out, err = run(capsys, "version")
    assert (code, out) == (2, "")
    assert err.startswith(f"this is a bug in argoflux {__version__}: KeyError: ")
    assert "\x1b" not in err
    assert "Traceback" not in err
    assert "Traceback" in run(capsys, "version", "--debug")[2]


def test_an_interrupt_is_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("argoflux.commands.version.run", fail)
    assert run(capsys, "version") == (130, "", "")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{' '.join(PROGRAM)} message --list; echo $? >&2"
    with subprocess.Popen(
        ["bash", "-c", f"({command}) | true"], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.read() == "0\n"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_sigint_of_a_process_is_quiet() -> None:
    with subprocess.Popen(
        [*PROGRAM, "convert", "--to", "flux", "-"],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a test run in the background was told to ignore the signal, and children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads here
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        # the process reads standard input only when everything is imported
        process.stdin.write(b"#" * 1_000_000)
        process.stdin.flush()
        for _ in range(20):  # a signal between two reads is only seen with the next one
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)
                break
        assert process.returncode == 130
        assert process.stderr.read() == b""


# --- reference commands


def test_field_explains_one_field(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "field", "Application.spec.syncPolicy.automated.prune")
    assert code == 0
    assert out.startswith("Application: spec.syncPolicy.automated.prune  Argo CD\n")
    assert "boolean; default false" in out
    assert "Kustomization:spec.prune" in out


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Application:spec.source.repoURL", ["Application:spec.source.repoURL"]),
        ("application/spec.source.repoURL", ["Application:spec.source.repoURL"]),
        ("spec.sources.repoURL", ["Application:spec.sources[].repoURL"]),
        ("Application.spec.sources[0].repoURL", ["Application:spec.sources[].repoURL"]),
        ("automated.prune", ["Application:spec.syncPolicy.automated.prune"]),
        ("HelmRelease.spec.values.image.tag", ["HelmRelease:spec.values.image.tag"]),
        ("Secret:repository:url", ["Secret:repository:url"]),
        ("Kustomization", ["Kustomization:"]),
        ("Kustomization.status", ["Kustomization:status"]),
        (
            'Application.metadata.annotations["argocd.argoproj.io/refresh"]',
            ['Application:metadata.annotations["argocd.argoproj.io/refresh"]'],
        ),
        ("metadata.name", ["Application:metadata.name", "Kustomization:metadata.name"]),
    ],
)
def test_fields_are_found_the_way_people_write_them(
    asked: str, found: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    report = json.loads(run(capsys, "field", asked, "-o", "json")[1])
    assert report["kind"] == "FieldList"
    assert [f"{page['kind']}:{page['path']}" for page in report["fields"]] == found


def test_output_goes_to_a_file_and_to_stdout(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "message", "A2F-DEL-001", "-o", "text", "-o", "json=deep/out.json")
    assert code == 0
    assert out.startswith("A2F-DEL-001")
    assert json.loads((tmp_path / "deep/out.json").read_text())["kind"] == "MessageList"


def test_messages_name_the_fields_that_raise_them(capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(run(capsys, "message", "a2f-del-001", "-o", "json")[1])
    assert report["messages"][0]["fields"] == ["metadata.finalizers[]"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_scripts_ask_argoflux(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "completion", shell)
    assert code == 0
    assert "_ARGOFLUX_COMPLETE" in out


def test_completion_answers() -> None:
    asked = {"_ARGOFLUX_COMPLETE": "complete_bash", "COMP_CWORD": "1"}
    answer = subprocess.run(
        PROGRAM,
        env={**ENVIRONMENT, **asked, "COMP_WORDS": "argoflux conv"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout.split() == ["convert"]


# --- convert around the conversion


def test_a_folder_without_our_kinds_is_fine_with_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "service.yaml").write_text("apiVersion: v1\nkind: Service\n")
    assert run(capsys, "convert", "--to", "flux") == (
        0,
        "",
        "no objects of Argo CD or Flux in .\n",
    )


def test_standard_input_is_read_for_a_dash(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"apiVersion: argoproj.io/v1alpha1\nkind: [\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    code, out, err = run(capsys, "convert", "-", "--to", "flux", "--stdin-filename", "a/b.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("a/b.yaml:")
    assert "[AF001]" in err
