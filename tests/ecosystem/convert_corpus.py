"""`python -m tests.ecosystem.convert_corpus [REPOSITORY…]`: convert the corpus both ways, and check.

Prints one line per repository and direction, the complaints, and the sums.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from argoflux.report.manifests import render_tree
from argoflux.workspace.read import read
from tests.convert_run import convert_folder
from tests.ecosystem.accounts import all_checks
from tests.ecosystem.corpus import repositories
from tests.oracle.engines import kustomize_build, program

if TYPE_CHECKING:
    from argoflux.convert.result import Conversion
    from argoflux.mapping.concept import System

DIRECTIONS: tuple[System, ...] = ("flux", "argocd")


@dataclass(slots=True)
class Sums:
    """What the whole corpus came to."""

    outcomes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    built: int = 0
    complaints: list[str] = field(default_factory=list)

    def add(self, result: Conversion) -> None:
        self.documents += len(result.documents)
        for outcome in result.outcomes:
            self.outcomes[outcome.outcome] += 1
            if outcome.outcome == "skipped":
                self.reasons[f"{outcome.resource.ref.kind}: {outcome.reason[:60]}"] += 1
        for verdict, count in result.verdicts().items():
            self.verdicts[verdict] += count


def builds(result: Conversion) -> list[str]:
    """Every emitted kustomization.yaml builds with the real kustomize."""
    wrong = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for path, text in render_tree(result).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        for file in result.files:
            if file.path.endswith("kustomization.yaml"):
                done = kustomize_build((folder / file.path).parent)
                if done.returncode:
                    wrong.append(f"{file.path}: {done.stderr.strip()[-400:]}")
    return wrong


def check_repository(folder: Path, to: System, sums: Sums) -> Conversion | None:
    """Convert one repository, add it to the sums, and note every complaint."""
    try:
        workspace = read([str(folder)], cwd=str(folder))
        result = convert_folder(workspace, to, ConvertOptions(to_folder=True))
        complaints = all_checks(workspace.resources, result)
        if program("kubectl") is not None:
            complaints += builds(result)
            sums.built += sum(1 for f in result.files if f.path.endswith("kustomization.yaml"))
    except Exception:  # noqa: BLE001  # the point of this script is to list every crash
        sums.complaints.append(f"{folder.name} --to {to}: {traceback.format_exc(limit=-4)}")
        return None
    sums.add(result)
    sums.complaints += [f"{folder.name} --to {to}: {text}" for text in complaints]
    return result


def main(names: list[str]) -> int:
    sums = {to: Sums() for to in DIRECTIONS}
    for folder in repositories():
        if names and folder.name not in names:
            continue
        for to in DIRECTIONS:
            result = check_repository(folder, to, sums[to])
            if result is not None and result.entries:
                verdicts = {str(v): n for v, n in result.verdicts().items() if n}
                print(f"{folder.name:<45} {to:<7} {len(result.documents):>5} docs  {verdicts}")
    for to, total in sums.items():
        print(f"\n--to {to}: {total.documents} documents, {total.built} kustomizations built")
        print("  outcomes", dict(total.outcomes))
        print("  verdicts", dict(total.verdicts))
        for reason, count in total.reasons.most_common(40):
            print(f"  {count:>5}  {reason}")
        print(f"  complaints: {len(total.complaints)}")
        for text in total.complaints[:60]:
            print("   -", text)
    return 1 if any(total.complaints for total in sums.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
