"""The files that CI systems read of this repository, and the snippets that the documentation gives."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from argoflux.lint.registry import rule_names
from argoflux.options import options_of
from argoflux.report.formats import FORMATS
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

ROOT = Path(__file__).parents[2]
SNIPPETS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/ci.md").read_text(), re.DOTALL)
FLAGS = {option.flag for option in options_of("lint")} | {
    f"-{option.short}" for option in options_of("lint") if option.short
}


def yaml(text: str) -> Any:
    loaded = load_text(SourceFile("snippet.yaml", text))
    assert not loaded.findings
    (document,) = loaded.documents
    return document.body


def test_the_hook_runs_lint_over_the_whole_repository() -> None:
    (hook,) = yaml((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "argoflux lint"
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert f"id: {hook['id']}\n" in "".join(SNIPPETS)


def test_the_action_has_the_inputs_that_the_documentation_names() -> None:
    action = yaml((ROOT / "action.yml").read_text())
    assert isinstance(action, dict)
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.(\w+)", text)) == set(action["inputs"])
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"], "inputs reach the shell through the environment only"
    (example,) = [yaml(each) for each in SNIPPETS if "uses: argoflux" in each]
    given = example["jobs"]["lint"]["steps"][1]["with"]
    assert set(given) <= set(action["inputs"])


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippets_are_yaml_with_flags_that_exist(snippet: str) -> None:
    yaml(snippet)
    for command in re.findall(r"argoflux lint[^\n]*", snippet):
        words = shlex.split(command)[2:]
        assert {word for word in words if word.startswith("-")} <= FLAGS
        formats = [words[n + 1] for n, word in enumerate(words) if word == "-o"]
        assert {name.partition("=")[0] for name in formats} <= set(FORMATS["lint"])
    codes = set(re.findall(r"ignore\[(AF\d+)\]", snippet))
    assert codes <= {name.code for name in rule_names()}
