"""Golden conversions: one folder per case, compared as files.

``case.toml`` gives the arguments (run inside the case's folder on ``input``, or on a folder of
``examples``, with ``back`` on what another case expects, with ``like`` on another case's input),
``expected/`` the whole output tree without the reports, ``report.txt`` the text report, and ``pair.yaml``, where
there is one, the worked pair of the specification: every field it shows is in the output.
A case with ``stdout`` is printed instead: ``expected/stdout.yaml``.
``UPDATE_GOLDEN=1`` rewrites ``expected`` and ``report.txt``; a missing file fails.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from argoflux.cli.main import main
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.controller_checks import controller_complaints

CASES = Path(__file__).parent / "convert"
EXAMPLES = Path(__file__).parents[2] / "examples"
REPORTS = {"report.json", "report.md"}
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"


def case_names() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/case.toml"))


def run_case(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = tomllib.loads((folder / "case.toml").read_text())
    monkeypatch.chdir(EXAMPLES if "example" in case else folder)
    # where this checkout was cloned from is no part of a case
    monkeypatch.setattr("argoflux.convert.request.origin_url", lambda directory: "")
    report = out.parent / "report.txt"
    source = case.get("example", "input")
    if "back" in case:
        source = f"../{case['back']}/expected"
    elif "like" in case:
        source = f"../{case['like']}/input"
    args = ["convert", source, *case["args"], "--no-config", "--report", str(report)]
    target = [] if case.get("stdout") else ["-d", str(out)]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main([*args, *target, "--fail-on", "never"])
    if case.get("stdout"):
        out.mkdir()
        (out / "stdout.yaml").write_text(printed.getvalue())
    assert case.get("exit", 0) == code


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in REPORTS
    }


def documents(texts: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for name, text in sorted(texts.items()):
        if name.endswith(".yaml"):
            loaded = load_text(SourceFile(name=name, text=text))
            assert loaded.findings == ()
            found += [document.body for document in loaded.documents]
    return found


def shown(pair: Any, actual: Any) -> bool:
    """Whether everything a worked pair shows is in the output; lists of scalars as subsets."""
    if isinstance(pair, dict):
        return isinstance(actual, dict) and all(
            key in actual and shown(value, actual[key]) for key, value in pair.items()
        )
    if isinstance(pair, list):
        if not isinstance(actual, list):
            return False
        if any(isinstance(item, dict) for item in pair):
            return len(pair) == len(actual) and all(map(shown, pair, actual))
        return all(item in actual for item in pair)
    return bool(pair == actual)


@pytest.mark.parametrize("name", case_names())
def test_case(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = CASES / name
    out = tmp_path / "out"
    run_case(folder, out, monkeypatch)
    expected = folder / "expected"
    report = (tmp_path / "report.txt").read_text()
    if UPDATE:
        shutil.rmtree(expected, ignore_errors=True)
        for path, text in tree(out).items():
            target = expected / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        (folder / "report.txt").write_text(report)
    assert tree(expected) == tree(out)
    assert (folder / "report.txt").read_text() == report


@pytest.mark.parametrize(
    "name", [name for name in case_names() if (CASES / name / "pair.yaml").exists()]
)
def test_worked_pair(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = CASES / name
    run_case(folder, tmp_path / "out", monkeypatch)
    actual = documents(tree(tmp_path / "out"))
    for pair in documents({"pair.yaml": (folder / "pair.yaml").read_text()}):
        same = [
            body
            for body in actual
            if body.get("kind") == pair["kind"]
            and body.get("metadata", {}).get("name") == pair["metadata"]["name"]
        ]
        assert len(same) == 1, pair["metadata"]
        assert shown(pair, same[0]), (pair, same[0])


TO_ARGOCD = [
    name
    for name in case_names()
    if "argocd" in tomllib.loads((CASES / name / "case.toml").read_text())["args"]
]


@pytest.mark.parametrize("name", TO_ARGOCD)
def test_controllers_of_argocd_take_the_output(name: str) -> None:
    texts = tree(CASES / name / "expected")
    folders = {path.rpartition("/")[0] for path in texts}
    assert controller_complaints(documents(texts), folders=folders) == []


def test_there_are_cases() -> None:
    assert len(case_names()) >= 8
    assert len(TO_ARGOCD) >= 8
