"""AF702 with a repository that is known to be the one of the Application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.samples import APPLICATION, CONFIG_MAP
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

NOTE = "argocd.argoproj.io/manifest-generate-paths"
GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'


def said(folder: Path, paths: str, url: str = "https://git.example.com/apps.git") -> list[str]:
    """What the rule says about an annotation."""
    text = APPLICATION.replace(
        "  namespace: argocd\n", f"  namespace: argocd\n  annotations: {{{NOTE}: '{paths}'}}\n", 1
    )
    text = text.replace("targetRevision: v1.2.3", "targetRevision: main")
    files = {
        ".git/config": GIT.replace("https://git.example.com/apps.git", url),
        ".git/HEAD": "ref: refs/heads/main\n",
        "app.yaml": text,
        "web/web.yaml": CONFIG_MAP,
        "shared/values.yaml": "a: 1\n",
    }
    result = lint_texts(folder, files, code="AF702")
    assert not [f for f in result.findings if f.code == "AF901"]
    return [f.message for f in result.findings if f.code == "AF702"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (".", []),
        (".;../shared", []),
        ("/web;/shared/values.yaml", []),
        (".;/share", ["there is nothing at `share`"]),
        (".;shared", ["there is nothing at `web/shared`"]),
        ("/*/*.yaml", []),
        ("/shared", ["a change of `web/web.yaml` does not refresh"]),
        ("${PATHS}", []),
    ],
)
def test_paths(tmp_path: Path, paths: str, expected: list[str]) -> None:
    """Paths that lead nowhere, and files that no path covers."""
    found = said(tmp_path, paths)
    assert len(found) == len(expected)
    assert all(one.startswith(words) for words, one in zip(expected, found, strict=True))


def test_another_repository(tmp_path: Path) -> None:
    """Nothing is told of a repository that is not at hand."""
    assert said(tmp_path, ".;/share", "https://git.example.com/other.git") == []
