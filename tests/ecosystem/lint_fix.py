"""`lint --fix` on a copy of the corpus: comments and values stay, and a second run finds nothing to do.

`python -m tests.ecosystem.lint_fix [--unsafe] [REPOSITORY…]`. After fixing, every comment that was
there is there, as often (of unsafe fixes: but for those inside of what is taken away); a file that read before reads still; and a run again changes no byte. Every
value that is other than before is printed.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from contextlib import chdir, redirect_stderr, redirect_stdout
from difflib import SequenceMatcher
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from argoflux.cli.main import main as run
from argoflux.text import SourceFile, path_text
from argoflux.yamlio.load import load_text
from tests.ecosystem.corpus import repositories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Changed(NamedTuple):
    """A file that fixing changed: values by path that are other, gone or new."""

    file: str
    values: tuple[str, ...]


def comments(text: str) -> Counter[str]:
    """The comments of a text: what libyaml's tokens leave between each other, behind a ``#``."""
    found: Counter[str] = Counter()
    end = 0
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            found.update(_between(text, end, token.start_mark.index))
            end = max(end, token.end_mark.index)
    except yaml.YAMLError:
        found.update(line.strip() for line in text.splitlines() if line.lstrip().startswith("#"))
    return found


def _between(text: str, start: int, end: int) -> Iterator[str]:
    for line in text[start:end].splitlines():
        _, mark, comment = line.partition("#")
        if mark:
            yield comment.strip()


def comments_inside(old: str, new: str) -> Counter[str]:
    """The comments of runs of lines that are gone, behind the key that each run begins with."""
    lines = old.splitlines()
    found: Counter[str] = Counter()
    for what, start, end, _, _ in SequenceMatcher(
        None, lines, new.splitlines(), autojunk=False
    ).get_opcodes():
        if what == "delete" and not lines[start].lstrip().startswith("#"):
            for line in lines[start:end]:
                found.update(_between(line, 0, len(line)))
    return found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every scalar (and empty map or list) of a document by its path."""
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    elif isinstance(value, list) and value:
        for number, below in enumerate(value):
            yield from leaves(below, (*path, number))
    else:
        yield path_text(path), repr(value)


def values(text: str) -> tuple[int, dict[str, str]]:
    """The number of findings of the reader, and the scalars of all documents."""
    loaded = load_text(SourceFile("file.yaml", text))
    found = {
        f"{number}: {path}": value
        for number, document in enumerate(loaded.documents)
        for path, value in leaves(document.body)
    }
    return len(loaded.findings), found


def fix(folder: Path, *, unsafe: bool) -> None:
    """Write the fixes of a folder."""
    with chdir(folder), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        flags = ["--fix", *(["--unsafe-fixes"] if unsafe else [])]
        code = run(["lint", ".", "--no-config", "--fail-on", "never", *flags])
    if code:
        raise RuntimeError(f"lint {' '.join(flags)} of {folder.name} ended with {code}")


def texts(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def compare(
    file: str, before: bytes, after: bytes, *, unsafe: bool = False
) -> tuple[list[str], Changed]:
    """Complaints about one fixed file, and what changed in it."""
    complaints = []
    old, new = (data.decode("utf-8-sig", "surrogateescape") for data in (before, after))
    lost = comments(old) - comments(new)
    if unsafe:  # what is taken away whole takes the comments inside of it along
        lost -= comments_inside(old, new)
    added = comments(new) - comments(old)
    complaints += [f"{file}: the comment `{text}` is lost" for text in lost]
    complaints += [f"{file}: the comment `{text}` is new" for text in added]
    (wrong_before, values_before), (wrong, values_after) = values(old), values(new)
    if wrong > wrong_before:
        complaints.append(f"{file}: it does not read as before")
    paths = {*values_before, *values_after}
    other = tuple(
        f"{path}: {values_before.get(path, 'nothing')} -> {values_after.get(path, 'nothing')}"
        for path in sorted(paths)
        if values_before.get(path) != values_after.get(path)
    )
    return complaints, Changed(file, other)


def check(folder: Path, *, unsafe: bool) -> tuple[list[str], list[Changed]]:
    """Fix a copy of a repository; complaints, and every changed file."""
    with TemporaryDirectory() as temporary:
        copy = Path(temporary, folder.name)
        shutil.copytree(folder, copy, symlinks=True)
        before = texts(copy)
        fix(copy, unsafe=unsafe)
        after = texts(copy)
        complaints, changed = [], []
        for file in sorted(before):
            if before[file] != after[file]:
                found, change = compare(file, before[file], after[file], unsafe=unsafe)
                complaints += found
                changed.append(change)
        fix(copy, unsafe=unsafe)
        again = texts(copy)
        complaints += [
            f"{file}: a second run changes it" for file in after if after[file] != again[file]
        ]
    return [f"{folder.name}/{text}" for text in complaints], changed


def main(arguments: Sequence[str]) -> int:
    unsafe = "--unsafe" in arguments
    names = [name for name in arguments if not name.startswith("--")]
    complaints: list[str] = []
    files = count = 0
    for folder in repositories():
        if names and folder.name not in names:
            continue
        found, changed = check(folder, unsafe=unsafe)
        complaints += found
        files += len(changed)
        for change in changed:
            count += len(change.values)
            for value in change.values:
                print(f"{folder.name}/{change.file}: {value[:200]}")
    for text in complaints:
        print("complaint:", text)
    print(f"{files} files fixed, {count} values changed, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
