"""`python -m tests.bench`: the speed table of the design as ratios measured in one run.

It reads the corpus where it is at hand (CORPUS names another folder), else `examples`. Figures are
CPU seconds; the ratio is the median over pairs of runs that follow one another.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from argoflux.schema import check
from argoflux.text import SourceFile
from argoflux.workspace.files import discover
from argoflux.workspace.read import read
from argoflux.yamlio.load import load_text
from tests.bench.growth import estate_of
from tests.bench.measure import function_seconds, paired, process_peak_mb, process_seconds
from tests.convert_run import convert_folder
from tests.ecosystem.corpus import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON = [sys.executable, "-c", "pass"]
ARGOFLUX = [sys.executable, "-m", "argoflux"]


def row(name: str, target: str, figure: str) -> str:
    return f"{name:<58} {target:<22} {figure}"


def start_up() -> Iterator[str]:
    for args, target in ((["--version"], "<= 1.6 x"), (["--help"], "<= 8 x")):
        ratio = paired(
            lambda args=args: process_seconds([*ARGOFLUX, *args]),
            lambda: process_seconds(PYTHON),
            runs=15,
        )
        yield row(f"argoflux {args[0]} / python -c pass", target, f"{ratio.ratio:.2f} x")


def relevant_texts(folder: Path) -> list[SourceFile]:
    found = []
    for path in sorted(folder.rglob("*.y*ml")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if b"argoproj.io" not in data and b"fluxcd" not in data:
            continue
        try:
            text = data.decode()
            list(yaml.load_all(text, yaml.CSafeLoader))
        except (UnicodeDecodeError, yaml.YAMLError):
            continue
        found.append(SourceFile(name=path.name, text=text))
    return found


def parsing(folder: Path) -> Iterator[str]:
    texts = relevant_texts(folder)

    def ours() -> None:
        for source in texts:
            load_text(source)

    def theirs() -> None:
        for source in texts:
            list(yaml.load_all(source.text, yaml.CSafeLoader))

    ratio = paired(lambda: function_seconds(ours), lambda: function_seconds(theirs), runs=5)
    size = sum(len(source.text) for source in texts) / 1e6
    yield row(
        f"parse with positions / CSafeLoader ({len(texts)} files, {size:.1f} MB)",
        "<= 0.7 x",
        f"{ratio.ratio:.2f} x",
    )


def discovery(folder: Path) -> Iterator[str]:
    grep = ["grep", "-rlE", "argoproj\\.io|fluxcd", str(folder)]
    ratio = paired(
        lambda: function_seconds(lambda: discover([str(folder)])),
        lambda: process_seconds(grep),
        runs=5,
    )
    yield row("discovery and prefilter / grep -rlE", "<= 2.5 x", f"{ratio.ratio:.2f} x")


def schema(folder: Path) -> Iterator[str]:
    resources = [r for r in read([str(folder)]).resources if not r.pseudo and r.ref.group]

    def validate() -> None:
        for resource in resources:
            check(resource.ref.kind, resource.version, resource.body)

    validate()
    seconds = min(function_seconds(validate) for _ in range(3))
    yield row(
        f"schema check per document ({len(resources)} documents)",
        "<= 150 us",
        f"{seconds / max(1, len(resources)) * 1e6:.0f} us",
    )


def conversion(folder: Path) -> Iterator[str]:
    for to in ("flux", "argocd"):
        workspace = read([str(folder)])
        count = max(1, len(workspace.resources))
        seconds = min(function_seconds(partial(convert_folder, workspace, to)) for _ in range(2))
        yield row(
            f"convert --to {to} per input document ({count} documents)",
            "<= 0.5 ms",
            f"{seconds / count * 1e3:.2f} ms",
        )


def linting(folder: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as empty:
        ratio = paired(
            lambda: process_seconds([*ARGOFLUX, "lint", "-q", empty]),
            lambda: process_seconds(PYTHON),
            runs=15,
        )
        yield row("lint of an empty folder / python -c pass", "<= 12 x", f"{ratio.ratio:.2f} x")
    lint = [*ARGOFLUX, "lint", "-q", "--fail-on", "never", "-o", "concise", str(folder)]
    grep = ["grep", "-rlE", "argoproj\\.io|fluxcd", str(folder)]
    ratio = paired(lambda: process_seconds(lint), lambda: process_seconds(grep), runs=3)
    yield row("whole lint / grep -rlE", "<= 12 x", f"{ratio.ratio:.2f} x")
    ratio = paired(
        lambda: process_seconds(lint),
        lambda: function_seconds(partial(load_everything, folder)),
        runs=3,
    )
    yield row("whole lint / CSafeLoader over all YAML", "<= 0.5 x", f"{ratio.ratio:.2f} x")


def load_everything(folder: Path) -> None:
    for path in sorted(folder.rglob("*.y*ml")):
        if path.is_file():
            with path.open("rb") as file, contextlib.suppress(yaml.YAMLError, UnicodeDecodeError):
                list(yaml.load_all(file, yaml.CSafeLoader))


def growth() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as temporary:
        small, large = Path(temporary, "small"), Path(temporary, "large")
        relevant = estate_of(small, 500)
        estate_of(large, 5000)
        command = [*ARGOFLUX, "convert", "--to", "flux", "--fail-on", "never", "-q"]
        ratio = paired(
            lambda: process_seconds([*command, str(large)]),
            lambda: process_seconds([*command, str(small)]),
            runs=3,
        )
        yield row("convert, 10 x the documents (500 -> 5,000)", "<= 11 x", f"{ratio.ratio:.1f} x")
        peak = process_peak_mb([*command, str(large)])
        allowed = 60 + 20 * relevant * 10 / 1e6
        yield row("memory of converting 5,000 documents", f"<= {allowed:.0f} MB", f"{peak:.0f} MB")


def main() -> None:
    folder = corpus() or Path(__file__).parents[2] / "examples"
    print(f"measured over {folder.name}; ratios are medians over pairs of runs")
    print(row("job", "target", "measured"))
    for part in (start_up(), parsing(folder), discovery(folder), schema(folder)):
        for line in part:
            print(line, flush=True)
    for part in (conversion(folder), linting(folder), growth()):
        for line in part:
            print(line, flush=True)


if __name__ == "__main__":
    main()
