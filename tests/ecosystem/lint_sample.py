"""Findings of severity error in real repositories, drawn by a fixed seed and judged by hand.

`python -m tests.ecosystem.lint_sample` prints the draw with excerpts and the verdicts known so far;
`--open` only what is not judged yet; `--write FILE` a table with an empty verdict for each of them.
The verdicts stand in ``lint_sample.tsv``; a row counts for as long as the message is the same.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.ecosystem.corpus import repositories
from tests.ecosystem.linting import Told, is_test_data, lint_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLE = Path(__file__).with_name("lint_sample.tsv")
SIZE, SEED = 200, 20261123
COLUMNS = ("repository", "file", "line", "code", "message", "verdict", "reason")
TRUE, FALSE = "true", "false alarm"


def population() -> list[Told]:
    """Every error outside of the tools' own test data, sorted."""
    found = [told for folder in repositories() for told in lint_folder(folder)]
    return sorted(told for told in found if told.severity == "error" and not is_test_data(told))


def draw(found: Sequence[Told]) -> list[Told]:
    """The sample, the same for the same findings."""
    if len(found) <= SIZE:
        return list(found)
    return sorted(random.Random(SEED).sample(found, SIZE))  # noqa: S311 - a repeatable draw is wanted


def key(told: Told) -> tuple[str, str, str, str]:
    """What a verdict is about; the line may move."""
    return (told.repository, told.file, told.code, told.fingerprint)


def verdicts() -> dict[tuple[str, str, str, str], dict[str, str]]:
    """The judged findings."""
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {(row["repository"], row["file"], row["code"], row["message"]): row for row in rows}


def write(path: Path, sample: Sequence[Told]) -> None:
    """The table of a draw, with the verdicts that are known."""
    known = verdicts() if TABLE.exists() else {}
    with path.open("w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        for told in sample:
            row = known.get(key(told), {})
            judged = (row.get("verdict", ""), row.get("reason", ""))
            writer.writerow(
                (told.repository, told.file, told.line, told.code, told.fingerprint, *judged)
            )


def excerpt(told: Told, around: int = 4) -> str:
    """The lines around a finding."""
    folder = next(folder for folder in repositories() if folder.name == told.repository)
    lines = (folder / told.file).read_text(errors="replace").splitlines()
    first = max(0, told.line - 1 - around)
    shown = lines[first : told.line + around]
    return "\n".join(f"    {first + n + 1:>4} | {line[:160]}" for n, line in enumerate(shown))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.ecosystem.lint_sample")
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args(arguments)
    found = population()
    sample = draw(found)
    known = verdicts() if TABLE.exists() else {}
    sums: Counter[str] = Counter()
    for told in sample:
        verdict = known.get(key(told), {}).get("verdict", "")
        sums[verdict or "open"] += 1
        if asked.quiet or (asked.open and verdict):
            continue
        print(f"{told.repository}/{told.file}:{told.line}: {told.code} {told.message}")
        print(f"    verdict: {verdict or 'open'}\n{excerpt(told)}\n")
    if asked.write:
        write(asked.write, sample)
    print(f"{len(found)} errors, {len(sample)} drawn: {dict(sums)}")
    print(f"by code: {dict(Counter(told.code for told in found).most_common())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
