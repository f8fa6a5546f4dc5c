"""Promises of the repository: layers, versions, documentation, no traces of machines."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from argoflux import __version__
from argoflux.mapping.index import messages, topics
from argoflux.options import COMMANDS, OPTIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked(*suffixes: str) -> list[Path]:
    """The text files of the repository, whether it is a checkout or an unpacked archive."""
    skipped = {".git", ".venv", "__pycache__", "build", "dist", "out"}
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and path.suffix in suffixes
        and not skipped & set(path.relative_to(ROOT).parts)
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts[:-1])
    )


def test_imports_go_down_only_and_heavy_libraries_have_one_importer() -> None:
    pytest.importorskip("importlinter", reason="import-linter belongs to the group lint")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_is_in_the_layers() -> None:
    """Holds where import-linter is not installed, too."""
    (layers,) = [
        contract["layers"]
        for contract in PYPROJECT["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    listed = {name.strip() for layer in layers for name in re.split(r"[|:]", layer)}
    package = ROOT / "argoflux"
    present = {path.stem for path in package.glob("*.py")} | {
        path.parent.name for path in package.glob("*/__init__.py")
    }
    assert present - listed - {"__init__"} == set()


def test_the_quickstart_has_its_two_commands() -> None:
    quickstart = README.split("## Quickstart\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```$", quickstart, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    assert all(len(block.strip().splitlines()) == 1 for block in blocks)
    assert re.search(r"argoflux convert examples --to (flux|argocd) -d \S+$", blocks[0].strip())
    assert blocks[1].strip().endswith("pytest")
    assert (ROOT / "examples").is_dir()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"## argoflux {command}\n" in (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert f"`{command}`" in README


def test_every_option_message_and_topic_is_documented() -> None:
    config = (ROOT / "docs/config.md").read_text(encoding="utf-8")
    assert [option.flag for option in OPTIONS if option.flag not in config] == []
    catalogue = (ROOT / "docs/messages.md").read_text(encoding="utf-8")
    assert [code for code in messages() if f"## {code}\n" not in catalogue] == []
    pages = {path.stem for path in (ROOT / "docs/mapping").glob("*.md")} - {"README"}
    assert pages == {topic for topic, _ in topics()}


def test_the_version_is_a_release_number_with_an_entry_in_the_changelog() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changelog or "## [Unreleased]" in changelog


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in tracked(".md"):
        text = re.sub(
            r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        broken += [
            f"{page.relative_to(ROOT)}: {target}"
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
        ]
    assert broken == []


def test_decisions_are_listed() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (ROOT / "docs/adr").glob("0*.md")]
    assert [name for name in pages if name not in index] == []


def test_contributing_stays_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 200


def test_every_dependency_has_a_reason() -> None:
    reasons = (ROOT / "docs/adr/0010-dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=!; ]", text)[0] for text in PYPROJECT["project"]["dependencies"]]
    assert [name for name in names if f"| {name} |" not in reasons] == []


def test_no_module_is_called_anything() -> None:
    vague = {"utils", "util", "helpers", "common", "core", "base", "misc"}
    assert [path for path in tracked(".py") if path.stem in vague] == []


def matches(pattern: str, *suffixes: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked(*suffixes)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_path_of_a_developers_machine() -> None:
    suffixes = (".py", ".md", ".toml", ".yaml", ".yml", ".json", ".txt", ".patch")
    assert matches(r"(?<![\w.])/(?:work|home|root|Users)/[a-z]", *suffixes) == []


def test_no_note_about_work_that_is_left() -> None:
    assert matches(r"#\s*(?:TO" + "DO|FIX" + r"ME|XXX)\b", ".py", ".toml") == []
