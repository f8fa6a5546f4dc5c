"""Revisions of a local Git repository, read without a checkout: ``ls-tree`` and ``cat-file``.

Only commands that print objects run: no hook, no filter, no network.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from argoflux.errors import InputError
from argoflux.workspace.sources import origin_url
from argoflux.workspace.tree import contains

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILE_MODES = frozenset({"100644", "100755"})
_LIMIT = 10 * 1024 * 1024


class Blob(NamedTuple):
    """A file of a revision: its path in the repository, its object id and its size in bytes."""

    path: str
    oid: str
    size: int


def work_tree(path: str) -> str:
    """The root of the Git work tree that holds a path; raises InputError outside of one."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    for at in (Path(folder), *Path(folder).parents):
        if (at / ".git").exists():
            return str(at)
    raise InputError(f"`{path}` is in no Git repository", hint="give a path inside a work tree")


def commit_of(root: str, revision: str) -> str:
    """The id of the commit that a revision names; raises InputError where there is none."""
    found = _run(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if found is None or not found.strip():
        raise InputError(
            f"`{revision}` is no revision of the repository",
            hint="fetch it first: CI systems often clone the last commit only",
        )
    return found.decode().strip()


def files_of(root: str, commit: str) -> list[Blob]:
    """Every regular file of a commit that is small enough to be read."""
    listing = _run(root, "ls-tree", "-r", "-z", "-l", "--full-tree", commit) or b""
    found = []
    for entry in listing.split(b"\0"):
        head, tab, name = entry.partition(b"\t")
        match head.decode().split():
            case [mode, "blob", oid, size] if tab and mode in _FILE_MODES:
                if int(size) <= _LIMIT:
                    found.append(Blob(os.fsdecode(name), oid, int(size)))
            case _:
                continue
    return found


def contents_of(root: str, blobs: Sequence[Blob]) -> Iterator[tuple[Blob, bytes]]:
    """The bytes of files, in their order, by one process."""
    asked = "".join(f"{blob.oid}\n" for blob in blobs).encode()
    answer = _run(root, "cat-file", "--batch", stdin=asked) or b""
    at = 0
    for blob in blobs:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        yield blob, answer[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


class RevisionCopy(NamedTuple):
    """Files of a revision in a folder of their own.

    ``root`` stands for the work tree, ``cwd`` for the working directory in it, ``paths`` for the
    paths that exist in the revision.
    """

    root: str
    cwd: str
    paths: tuple[str, ...]


def copy_revision(
    revision: str, paths: Sequence[str], cwd: str, folder: str, suffixes: Sequence[str]
) -> RevisionCopy:
    """Write the files of a revision whose names end in one of ``suffixes`` into ``folder``.

    ``paths`` are absolute, and lie in one work tree. Raises InputError for an unknown revision.
    """
    root = work_tree(paths[0])
    target = os.path.join(folder, os.path.basename(root) or "repository")
    os.makedirs(target)
    for blob, data in contents_of(root, _wanted(root, revision, suffixes)):
        path = Path(target, blob.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    url = origin_url(root)
    _pretend(target, url)
    inside = contains(root, cwd)
    start = os.path.normpath(os.path.join(target, os.path.relpath(cwd, root))) if inside else target
    os.makedirs(start, exist_ok=True)
    moved = [os.path.join(target, os.path.relpath(path, root)) for path in paths]
    there = tuple(os.path.relpath(path, start) for path in moved if os.path.exists(path))
    if not there:  # nothing of this existed: an empty folder stands for it
        nothing = os.path.join(folder, "nothing")
        os.makedirs(nothing)
        there = (nothing,)
    return RevisionCopy(target, start, there)


def _pretend(target: str, url: str) -> None:
    """Make a copy look like a work tree of its repository, so that roots have the same names."""
    folder = Path(target, ".git")
    folder.mkdir()
    origin = f'[remote "origin"]\n\turl = {url}\n' if url else ""
    (folder / "config").write_text(origin, encoding="utf-8")


def _wanted(root: str, revision: str, suffixes: Sequence[str]) -> list[Blob]:
    return [
        blob
        for blob in files_of(root, commit_of(root, revision))
        if blob.path.endswith(tuple(suffixes)) and ".." not in PurePosixPath(blob.path).parts
    ]


def _run(root: str, *arguments: str, stdin: bytes = b"") -> bytes | None:
    """What git prints; None when it fails. Raises InputError where there is no git."""
    command = ["git", "--no-replace-objects", "-C", root, *arguments]
    env = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, env=env)
    except OSError as error:
        raise InputError("`git` cannot be run", hint="install git, or leave out --base") from error
    return done.stdout if done.returncode == 0 else None
