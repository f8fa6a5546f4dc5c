"""``python -m argoflux.devtools all|pages|console [--check]``."""

from __future__ import annotations

import argparse
import sys
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from argoflux.devtools.console import console_texts
from argoflux.devtools.pages import page_texts

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
_DIFF_LINES = 40

JOBS: dict[str, Callable[[Path], dict[str, str]]] = {
    "pages": page_texts,
    "console": console_texts,
}


def main() -> int:
    """Write what is generated, or with ``--check`` say what is out of date and return 1."""
    parser = argparse.ArgumentParser(prog="python -m argoflux.devtools", description=__doc__)
    parser.add_argument("job", choices=("all", *JOBS), help="what to generate")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    options = parser.parse_args()
    jobs = JOBS if options.job == "all" else {options.job: JOBS[options.job]}
    stale = 0
    for make in jobs.values():
        texts = make(ROOT)
        stale += _settle(texts, check=options.check)
        if make is page_texts:
            stale += _settle_leftovers(texts, check=options.check)
    if options.check and stale:
        print(f"{stale} files are out of date: run python -m argoflux.devtools all")
        return 1
    return 0


def _settle(texts: dict[str, str], *, check: bool) -> int:
    """Write or compare files; returns how many differed."""
    stale = 0
    for name, text in sorted(texts.items()):
        path = ROOT / name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if old == text:
            continue
        stale += 1
        if check:
            lines = unified_diff(old.splitlines(), text.splitlines(), name, "generated", n=1)
            print("\n".join(list(lines)[:_DIFF_LINES]))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return stale


def _settle_leftovers(texts: dict[str, str], *, check: bool) -> int:
    """Remove, or name, pages of topics that no longer exist."""
    kept = {ROOT / name for name in texts}
    leftovers = [path for path in (ROOT / "docs/mapping").glob("*.md") if path not in kept]
    for path in leftovers:
        if check:
            print(f"{path.relative_to(ROOT)} belongs to no topic")
        else:
            path.unlink()
            print(f"removed {path.relative_to(ROOT)}")
    return len(leftovers)


if __name__ == "__main__":
    sys.exit(main())
