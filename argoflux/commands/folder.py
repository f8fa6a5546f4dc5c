"""Writing an output folder: nothing leaves it, nothing foreign is replaced, nothing half-written.

The folder's own ``report.json`` lists the files that argoflux wrote; those may be replaced. A file
with the same content is not touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from argoflux.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

REPORT = "report.json"
_TEMPORARY = ".argoflux-new"
_LISTED = 20
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]|\A\.\.?\Z|(?i:\A\.git\Z)")
_SEGMENT_BYTES = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What writing would do; paths inside the folder, sorted.

    ``stale`` are files of an earlier run that this run no longer makes; they stay.
    """

    folder: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    stale: tuple[str, ...]


def safe_path(path: str) -> str:
    """``path`` as a relative path that stays inside its folder and out of ``.git``.

    Paths come from names of objects. A step that could lead elsewhere, or that file systems cannot
    hold, is replaced by its harmless characters and a hash, so that two names never meet.
    """
    return "/".join(_safe_step(step) for step in path.split("/") if step) or _safe_step("")


def _safe_step(step: str) -> str:
    encoded = step.encode("utf-8", "surrogatepass")
    if step and not _UNSAFE.search(step) and len(encoded) <= _SEGMENT_BYTES and _encodable(step):
        return step
    kept = re.sub(r"[^A-Za-z0-9_-]+", "-", step)[:60].strip("-") or "x"
    return f"{kept}-{hashlib.sha256(encoded).hexdigest()[:8]}"


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def compare(
    folder: str,
    files: Mapping[str, str],
    *,
    shown: str = "",
    force: bool = False,
    inputs: Collection[str] = (),
) -> Changes:
    """Find out what writing ``files`` to ``folder`` would do, without writing anything.

    ``files`` maps safe relative paths to texts, ``inputs`` are absolute paths that must never be
    written, ``shown`` is the folder as messages name it. Raises InputError where a file of somebody else, an input or a link is in the way.
    """
    root, name = Path(folder), shown or folder
    if _mode(root) is not None and not root.is_dir():
        raise UsageError(
            f"`{name}` is not a folder", hint="give -d a folder, or a name that is free"
        )
    own = _own_files(root)
    protected = {os.path.realpath(path) for path in inputs}
    new, changed, same, foreign, blocked = [], [], [], [], []
    for path in sorted(files):
        full = root / path
        if _obstructed(root, path) or os.path.realpath(full) in protected:
            blocked.append(path)
        elif _mode(full) is None:
            new.append(path)
        elif _holds(full, files[path]):
            same.append(path)
        elif path in own or force:
            changed.append(path)
        else:
            foreign.append(path)
    if blocked:
        raise InputError(
            f"`{name}` cannot take these files, an input, a link or another kind of file is in"
            f" the way: {_some(blocked)}",
            hint="choose another folder for -d",
        )
    if foreign:
        raise InputError(
            f"`{name}` has files that argoflux did not write and would replace: {_some(foreign)}",
            hint="choose another folder for -d, or replace them with --force",
        )
    stale = [path for path in sorted(own - set(files)) if (root / path).is_file()]
    return Changes(
        folder=folder,
        new=tuple(new),
        changed=tuple(changed),
        same=tuple(same),
        stale=tuple(stale),
    )


def own_paths(folder: Path) -> frozenset[str]:
    """The absolute paths of the files that an earlier run wrote to a folder."""
    root = os.path.normpath(folder)
    return frozenset(os.path.normpath(Path(root, path)) for path in _own_files(folder))


def write(changes: Changes, files: Mapping[str, str]) -> None:
    """Write the new and changed files, each at once or not at all; the report comes last."""
    root = Path(changes.folder)
    wanted = sorted((*changes.new, *changes.changed), key=lambda path: (path == REPORT, path))
    for path in wanted:
        try:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            if _obstructed(root, path):
                raise InputError(f"`{path}` became a link while argoflux was writing")
            replace_file(root / path, files[path])
        except OSError as error:
            reason = (error.strerror or "error").lower()
            raise InputError(f"`{path}` cannot be written to the folder: {reason}") from error


def replace_file(path: Path, text: str) -> None:
    """Put ``text`` at ``path``; whoever reads it sees the old or the new content, never a part."""
    replace_bytes(path, encoded(text))


def replace_bytes(path: Path, data: bytes) -> None:
    """Like ``replace_file``; a file that was there keeps its permissions."""
    temporary = path.with_name(_TEMPORARY)
    temporary.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if path.is_file():
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def encoded(text: str) -> bytes:
    """The bytes of a text file; a lone surrogate becomes an escape instead of an error."""
    return text.encode("utf-8", "backslashreplace")


def _own_files(folder: Path) -> set[str]:
    """The files that the folder's report lists, with the report; empty where there is none."""
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    if not isinstance(report, dict) or report.get("kind") != "ConversionReport":
        return set()
    listed = report.get("files")
    names = listed if isinstance(listed, list) else []
    safe = {name for name in names if isinstance(name, str) and name == safe_path(name)}
    return {*safe, REPORT}


def _obstructed(folder: Path, path: str) -> bool:
    """Whether a step on the way to ``path`` is not a folder, or ``path`` itself is no file."""
    steps = path.split("/")
    for depth in range(1, len(steps)):
        mode = _mode(folder.joinpath(*steps[:depth]))
        if mode is not None and not stat.S_ISDIR(mode):
            return True
    mode = _mode(folder / path)
    return mode is not None and not stat.S_ISREG(mode)


def _mode(path: Path) -> int | None:
    """The mode of what stands at ``path`` itself, links not followed; None for nothing."""
    try:
        return path.lstat().st_mode
    except OSError:
        return None


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == encoded(text)
    except OSError:
        return False


def _some(paths: list[str]) -> str:
    text = ", ".join(paths[:_LISTED])
    rest = len(paths) - _LISTED
    return f"{text} and {rest} more" if rest > 0 else text
