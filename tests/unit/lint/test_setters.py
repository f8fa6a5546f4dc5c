"""Marks of image policies in the text of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.setters import setters_below
from argoflux.workspace.tree import Tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('image: web:1 # {"$imagepolicy": "apps:web"}', ("apps", "web", "", "web:1")),
        ('  tag: "1.0" # {"$imagepolicy": "apps:web:tag"}', ("apps", "web", "tag", "1.0")),
        ('- 1.0 # {"$imagepolicy": "apps:web:name"}', ("apps", "web", "name", "1.0")),
        ('image: web:1 # {"$imagepolicy": "web"}', ("", "web", "", "web:1")),
        ('image: web:1 # {"$imagepolicy": "web:tag"}', ("", "web", "tag", "web:1")),
        ('image: web:1 # {"$imagepolicy": 7}', None),
        ("image: web:1 # {$imagepolicy}", None),
        ('image: web:1 # {"$setter": "apps:web"}', None),
    ],
)
def test_one_line(tmp_path: Path, line: str, expected: tuple[str, ...] | None) -> None:
    """Namespace, policy, part of the image, and the value before the mark."""
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "web.yaml").write_text(f"a: 1\n{line}\n")
    (tmp_path / "apps" / "notes.txt").write_text(line)
    tree = Tree(str(tmp_path))
    tree.add(str(tmp_path))
    found = list(setters_below(tree, str(tmp_path)))
    assert [(s.namespace, s.policy, s.part, s.value) for s in found] == (
        [expected] if expected else []
    )
    for setter in found:
        assert setter.source.text[slice(*setter.span)] == setter.stated
