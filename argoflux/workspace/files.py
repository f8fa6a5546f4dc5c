"""Input files: folders, single files and standard input, with a byte pre-filter."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from argoflux.errors import InputError
from argoflux.finding import Finding, Severity
from argoflux.kinds import NEEDLES
from argoflux.workspace.tree import (
    KUSTOMIZATION_NAMES,
    MANIFEST_SUFFIXES,
    SIZE_LIMIT,
    Link,
    Tree,
    contains,
    file_finding,
    printable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STDIN = "-"

_CHUNK = 1024 * 1024
_OVERLAP = max(len(needle) for needle in NEEDLES) * 4  # UTF-32 has four bytes a character
_SNIFFED = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that passed the pre-filter.

    ``path`` is absolute, empty for standard input; ``name`` is the display path; ``asked`` is the
    absolute PATH argument (a directory, or the file itself) through which it was found.
    """

    path: str
    name: str
    data: bytes = field(repr=False)
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """The relevant files in the order of their display paths, and what was seen on the way.

    ``manifests`` are the absolute paths of all files that were looked at, ``patching`` those of
    kustomization files that mention patches. ``asked`` are the arguments as absolute paths, the
    display name for standard input.
    """

    files: tuple[InputFile, ...]
    findings: tuple[Finding, ...]
    tree: Tree
    asked: tuple[str, ...] = ()
    patching: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()

    @property
    def seen(self) -> int:
        """How many files were looked at."""
        return len(self.manifests)


class Limits(NamedTuple):
    """Bounds of discovery; ``size`` is in bytes per file."""

    size: int = SIZE_LIMIT


def relevant(data: bytes) -> bool:
    """Whether a file can hold documents of Argo CD or Flux."""
    data = without_zeros(data)
    for needle in NEEDLES:  # noqa: SIM110 - a loop is twice as fast as any() over a generator
        if needle in data:
            return True
    return False


def without_zeros(data: bytes) -> bytes:
    """The bytes of a file to look for ASCII words in, in any encoding of Unicode."""
    if b"\0" in data[:_SNIFFED]:  # UTF-16 or UTF-32: ASCII text with zeros between
        return data.replace(b"\0", b"")
    return data


def discover(
    paths: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    stdin_name: str = "<stdin>",
    cwd: str | None = None,
    limits: Limits | None = None,
    keep: Callable[[bytes], bool] = relevant,
    texts: Mapping[str, bytes] | None = None,
) -> Discovered:
    """Find the input files of a command.

    ``paths`` are files (any suffix), folders (searched for ``.yaml .yml .json``) and ``-``;
    ignore files, links that leave the tree and the size limit are respected. ``texts`` holds the
    bytes of files, by absolute path, that count instead of those on disk. Raises InputError for a
    path that does not exist or a folder that cannot be opened.
    """
    stdin_name = stdin_name or "<stdin>"
    search = _Search(Tree(cwd or os.getcwd(), texts), limits or Limits(), keep)
    folders: list[str] = []
    for path in dict.fromkeys(paths):
        if path == STDIN:
            search.take_stdin(stdin, stdin_name)
            search.asked.append(printable(stdin_name))
            continue
        if not path:
            raise InputError(
                "a PATH is empty", hint="is a variable unset? `.` is the working directory"
            )
        full = os.path.normpath(os.path.join(search.tree.cwd, path))
        if not os.path.exists(full):
            raise InputError(
                f"path `{printable(path)}` does not exist",
                hint="give files or folders that exist, or `-` for standard input",
            )
        search.tree.add(full)
        search.asked.append(full)
        if os.path.isdir(full):
            folders.append(full)
        else:
            search.take_file(full, os.path.realpath(full), asked=full, explicit=True)
    for folder in sorted(folders, key=lambda f: (len(f), f)):
        search.take_folder(folder)
    return search.result()


class _Search:
    """One run of ``discover``: what was taken so far."""

    def __init__(self, tree: Tree, limits: Limits, keep: Callable[[bytes], bool]) -> None:
        self.tree = tree
        self.limits = limits
        self.keep = keep
        self.files: list[InputFile] = []
        self.findings: list[Finding] = []
        self.asked: list[str] = []
        self.patching: list[str] = []
        self.manifests: list[str] = []
        self.taken: set[str] = set()
        self.walked: set[str] = set()

    def take_stdin(self, stdin: BinaryIO | None, name: str) -> None:
        if stdin is None:
            raise InputError("standard input is not available", hint="give a file or a folder")
        name = printable(name)
        data = stdin.read(self.limits.size + 1)
        if len(data) > self.limits.size:
            self.findings.append(_too_large(name, self.limits.size))
        else:
            self.files.append(InputFile(path="", name=name, data=data, asked=""))

    def take_folder(self, folder: str) -> None:
        self.tree.take_as_asked(folder)
        if self.tree.listing(folder) is None:
            problem = self.tree.problems.get(folder)
            reason = problem.message if problem else "cannot read the folder"
            raise InputError(
                f"`{self.tree.display(folder)}`: {reason}", hint="check its permissions"
            )
        links: list[tuple[str, Link]] = []
        self.walk(folder, os.path.realpath(folder), folder, links)
        while links:
            links.sort()
            pending, links = links, []
            for path, link in pending:
                self.follow(path, link, folder, links)

    def walk(self, start: str, real_start: str, asked: str, links: list[tuple[str, Link]]) -> None:
        """Take the manifests below a directory; links are left for later."""
        stack = [start]
        while stack:
            folder = stack.pop()
            real = real_start + folder[len(start) :]
            if real in self.walked:
                continue
            self.walked.add(real)
            listing = self.tree.listing(folder)
            if listing is None:
                if folder in self.tree.problems:
                    self.findings.append(self.tree.problems[folder])
                continue
            prefix = folder if folder.endswith(os.sep) else folder + os.sep
            real_prefix = real if real.endswith(os.sep) else real + os.sep
            for name in listing.files:
                if name.endswith(MANIFEST_SUFFIXES) or name in KUSTOMIZATION_NAMES:
                    self.take_file(prefix + name, real_prefix + name, asked=asked)
            stack.extend(prefix + name for name in listing.directories)
            links.extend((prefix + link.name, link) for link in listing.links)

    def follow(self, path: str, link: Link, asked: str, links: list[tuple[str, Link]]) -> None:
        """Take what a link leads to, unless it leaves the tree or was taken already."""
        manifest = path.endswith(MANIFEST_SUFFIXES)
        name = self.tree.display(path)
        if not link.exists:
            if manifest:
                text = "symbolic link leads nowhere, skipped"
                self.findings.append(file_finding(name, text, Severity.INFO))
        elif not link.inside:
            if manifest or link.directory:
                text = "symbolic link leaves the tree, not followed"
                self.findings.append(file_finding(name, text))
        elif link.directory:
            loop = contains(link.target, os.path.realpath(os.path.dirname(path)))
            if not loop:
                self.walk(path, link.target, asked, links)
        elif manifest:
            self.take_file(path, link.target, asked=asked)

    def take_file(self, path: str, real: str, *, asked: str, explicit: bool = False) -> None:
        if real in self.taken:
            return
        self.taken.add(real)
        self.manifests.append(path)
        keep = self.keep
        if os.path.basename(path) in KUSTOMIZATION_NAMES:
            keep = partial(self.note_patching, path)
        try:
            data = self.tree.texts.get(path)
            if data is None:
                data = read_if(path, self.limits.size, keep)
        except OSError as error:
            reason = (error.strerror or "error").lower()
            finding = file_finding(self.tree.display(path), f"cannot read the file: {reason}")
            self.findings.append(finding)
            return
        if data is None:
            return
        name = self.tree.display(path)
        if len(data) > self.limits.size:
            self.findings.append(_too_large(name, self.limits.size))
            return
        if explicit or data:
            self.files.append(InputFile(path=path, name=name, data=data, asked=asked))

    def note_patching(self, path: str, data: bytes) -> bool:
        """The pre-filter of kustomization files: those with patches are remembered.

        One that installs Argo CD from its repository is kept, for the release it names.
        """
        if b"atch" in data:
            self.patching.append(path)
        return self.keep(data) or b"argoproj/argo-cd" in data

    def result(self) -> Discovered:
        return Discovered(
            files=tuple(sorted(self.files, key=lambda file: (file.name, file.path))),
            findings=tuple(sorted(self.findings, key=lambda f: (f.place.source.name, f.message))),
            tree=self.tree,
            asked=tuple(self.asked),
            patching=tuple(sorted(self.patching)),
            manifests=tuple(sorted(self.manifests)),
        )


def read_if(path: str, limit: int, keep: Callable[[bytes], bool]) -> bytes | None:
    """The bytes of a file that ``keep`` wants, else None.

    A larger file than ``limit`` is searched piece by piece; when it is wanted, more than ``limit``
    bytes come back and the caller refuses them. Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(handle)
        regular = stat.S_ISREG(status.st_mode)
        if regular and 0 < status.st_size <= limit:
            data = os.read(handle, status.st_size)
            if len(data) == status.st_size:
                return data if keep(data) else None
            os.lseek(handle, 0, os.SEEK_SET)
        return _read_in_pieces(handle, limit, keep, regular=regular)
    finally:
        os.close(handle)


def _read_in_pieces(
    handle: int, limit: int, keep: Callable[[bytes], bool], *, regular: bool
) -> bytes | None:
    pieces: list[bytes] = []
    size = 0
    while size <= limit:
        piece = os.read(handle, min(_CHUNK, limit + 1 - size))
        if not piece:
            data = b"".join(pieces)
            return data if keep(data) else None
        pieces.append(piece)
        size += len(piece)
    data = b"".join(pieces)
    if not regular:  # a device or a pipe may never end
        return data
    tail = b""
    piece = data
    while piece:
        piece = tail + piece
        if keep(piece):
            return data
        tail = piece[-_OVERLAP:]
        piece = os.read(handle, _CHUNK)
    return None


def _too_large(name: str, limit: int) -> Finding:
    return file_finding(
        name, f"file is larger than {limit // 1024 // 1024} MiB, skipped; split it to have it read"
    )
