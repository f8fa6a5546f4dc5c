"""What `convert` writes has no error that its input did not have.

`python -m tests.ecosystem.lint_own_output [REPOSITORY…]` converts the corpus both ways and lints
every output tree. A finding counts as that of the input where the input has one of the same code, or
of one of ``CAUSES``: the same fact of the estate, told by the rule for the other system.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from argoflux.report.manifests import render_tree
from argoflux.workspace.read import read
from tests.convert_run import convert_folder
from tests.ecosystem.convert_corpus import DIRECTIONS
from tests.ecosystem.corpus import repositories
from tests.ecosystem.linting import Told, lint_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.mapping.concept import System

CAUSES: dict[str, frozenset[str]] = {}
"""Codes of the input that explain a code of the output."""


def new_errors(before: Iterable[Told], after: Iterable[Told]) -> list[Told]:
    """Errors of the output for which the input has no error of that kind."""
    errors = {told.code for told in before if told.severity == "error"}
    return [
        told
        for told in after
        if told.severity == "error"
        and told.code not in errors
        and not CAUSES.get(told.code, frozenset()) & errors
    ]


def convert_to(folder: Path, to: System, out: Path) -> None:
    """Write the output tree of a conversion."""
    workspace = read([str(folder)], cwd=str(folder))
    for path, text in render_tree(
        convert_folder(workspace, to, ConvertOptions(to_folder=True))
    ).items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def check(folder: Path, to: System) -> tuple[int, list[Told]]:
    """How many errors the output has, and those that are new."""
    with TemporaryDirectory() as temporary:
        convert_to(folder, to, Path(temporary))
        after = lint_folder(Path(temporary), name=folder.name)
    errors = sum(told.severity == "error" for told in after)
    return errors, new_errors(lint_folder(folder), after) if errors else []


def main(names: Sequence[str]) -> int:
    total, new = 0, Counter[str]()
    for folder in repositories():
        if names and folder.name not in names:
            continue
        for to in DIRECTIONS:
            errors, found = check(folder, to)
            total += errors
            for told in found:
                new[told.code] += 1
                text = re.sub(r"\s+", " ", told.message)
                print(f"{folder.name} --to {to}: {told.file}:{told.line}: {told.code} {text}")
    print(
        f"{total} errors in output, {sum(new.values())} that the input does not have: {dict(new)}"
    )
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
