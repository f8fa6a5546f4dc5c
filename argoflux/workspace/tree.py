"""Names of everything below the given paths and the repositories around them, read on demand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux.finding import Finding, Place, Severity
from argoflux.text import SourceFile
from argoflux.workspace.ignore import Patterns
from argoflux.yamlio.load import decode_bytes, load_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.yamlio.load import Loaded

Flavour = Literal["sigs", "kustomize"]

KUSTOMIZATION_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""kubernetes-sigs/kustomize:api/konfig/general.go RecognizedKustomizationFileNames."""

MANIFEST_SUFFIXES = (".yaml", ".yml", ".json")

SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of a file beyond which it is not read."""

_IGNORE_FILES = (".gitignore", ".argofluxignore")
_SKIPPED = frozenset({".git", "node_modules", ".terraform", ".cache"})


class Link(NamedTuple):
    """A symbolic link: its name, the real path it leads to, and whether that is a directory.

    ``inside`` is false where the target lies outside the tree; ``exists`` where there is none.
    """

    name: str
    target: str
    directory: bool
    inside: bool
    exists: bool


class Listing(NamedTuple):
    """The names in one directory, sorted, without what ignore files leave out."""

    files: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    def kustomization(self) -> str:
        """The name of the kustomization file, empty when there is none."""
        return next((name for name in KUSTOMIZATION_NAMES if name in self.files), "")


class Base(NamedTuple):
    """A boundary: nothing outside ``directory`` is read. ``git`` marks a Git work tree."""

    directory: str
    git: bool


@dataclass(frozen=True, slots=True)
class _Scope:
    """The ignore patterns in force in a directory, the nearest first, with their path offsets."""

    patterns: tuple[tuple[int, Patterns], ...] = ()


def printable(text: str) -> str:
    """A name as it may reach a terminal: control and undecodable characters are escaped."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "replace").decode("ascii")
        for c in text
    )


def file_finding(name: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    """A finding AF007 ``limit-or-unreadable`` about a file as a whole."""
    place = Place(source=SourceFile(name, ""))
    return Finding(
        code="AF007",
        slug="limit-or-unreadable",
        severity=severity,
        message=message,
        place=place,
    )


class Tree:
    """A lazily read index of names, bounded by the bases that were added.

    Paths are absolute strings with the separator of the platform; ``cwd`` is only what display
    paths are relative to. Ignore files of every directory from the base down are honoured.
    """

    __slots__ = (
        "_linked",
        "_listings",
        "_loaded",
        "_outside",
        "_scopes",
        "bases",
        "cwd",
        "memory",
        "problems",
        "texts",
    )

    def __init__(self, cwd: str, texts: Mapping[str, bytes] | None = None) -> None:
        """``texts`` holds the bytes of files, by path, that count instead of those on disk."""
        self.cwd = os.path.abspath(cwd)
        self.texts = texts or {}
        self.bases: list[Base] = []
        self.problems: dict[str, Finding] = {}
        self.memory: dict[object, Any] = {}
        self._loaded: dict[tuple[str, str], Loaded | Finding] = {}
        self._linked: dict[str, bool] = {}
        self._listings: dict[str, Listing | None] = {}
        self._scopes: dict[str, _Scope] = {}
        self._outside: dict[str, str] = {}

    def add(self, path: str) -> Base:
        """Open the tree around a path: its Git work tree, else the directory itself."""
        directory = path if os.path.isdir(path) else os.path.dirname(path)
        root = _git_root(directory)
        base = Base(root or directory, bool(root))
        if base not in self.bases:
            self.bases.append(base)
        return base

    def base_of(self, path: str) -> Base | None:
        """The innermost base that holds a path, None outside of all.

        A text that no file can be named by (a NUL, half a character) is outside.
        """
        if not _can_be_path(path):
            return None
        holding = [base for base in self.bases if contains(base.directory, path)]
        return max(holding, key=lambda base: (len(base.directory), base.git), default=None)

    def display(self, path: str) -> str:
        """A path relative to the working directory, with ``/``, safe to print."""
        if path.startswith(self.cwd + os.sep):
            shown = path[len(self.cwd) + 1 :]
        elif contains(path, self.cwd):
            shown = os.path.relpath(path, self.cwd)
        else:
            folder, _, name = path.rpartition(os.sep)
            outside = self._outside.get(folder)
            if outside is None:
                outside = self._outside[folder] = os.path.relpath(folder or os.sep, self.cwd)
            shown = os.path.normpath(os.path.join(outside, name))
        return printable(shown.replace(os.sep, "/"))

    def take_as_asked(self, directory: str) -> None:
        """Read a directory although ignore files further up leave it out."""
        base = self.base_of(directory)
        if base is None or directory == base.directory:
            return
        scope = self._scope(os.path.dirname(directory), base)
        if self._ignored(directory + "/", scope):
            self._scopes[directory] = self._own_scope(directory, _Scope())

    def listing(self, directory: str) -> Listing | None:
        """What is in a directory; None when it is absent, unreadable or outside of every base."""
        if directory not in self._listings:
            self._listings[directory] = self._read_listing(directory)
        return self._listings[directory]

    def is_file(self, path: str) -> bool:
        """Whether a path is a regular file of the tree, or a link to one inside of it."""
        folder, name = os.path.split(path)
        listing = self.listing(folder)
        if listing is None:
            return False
        return name in listing.files or any(
            link.name == name and link.exists and link.inside and not link.directory
            for link in listing.links
        )

    def is_directory(self, path: str) -> bool:
        """Whether a path is a directory of the tree, or a link to one inside of it."""
        return self.listing(path) is not None

    def read(self, path: str) -> SourceFile | Finding:
        """The text of a file of the tree; a finding AF007 when it cannot be read."""
        data = self.read_bytes(path)
        return data if isinstance(data, Finding) else decode_bytes(self.display(path), data)

    def read_bytes(self, path: str) -> bytes | Finding:
        """The bytes of a file of the tree; a finding AF007 when it cannot be read."""
        if not self.is_file(path):
            return file_finding(self.display(path), "file does not exist in the tree")
        if path in self.texts:
            return self.texts[path]
        try:
            with open(path, "rb", buffering=0) as file:
                if os.fstat(file.fileno()).st_size > SIZE_LIMIT:
                    limit = SIZE_LIMIT // 1024 // 1024
                    return file_finding(self.display(path), f"file is larger than {limit} MiB")
                return file.readall()
        except OSError as error:
            reason = (error.strerror or "error").lower()
            return file_finding(self.display(path), f"cannot read the file: {reason}")

    def load(self, path: str, flavour: Flavour) -> Loaded | Finding:
        """The documents of a file as one of the two readers sees them, kept for the next caller."""
        key = (path, flavour)
        if key not in self._loaded:
            source = self.read(path)
            self._loaded[key] = (
                source if isinstance(source, Finding) else load_text(source, flavour=flavour)
            )
        return self._loaded[key]

    def linked(self, path: str, base: Base) -> bool:
        """Whether a path below a base is a symbolic link, or below one."""
        if path == base.directory:
            return False
        known = self._linked.get(path)
        if known is None:
            above = os.path.dirname(path)
            known = self._linked[path] = self.linked(above, base) or os.path.islink(path)
        return known

    def directories_below(self, directory: str) -> Iterator[str]:
        """A directory and everything below it, in the order of a depth-first lexical walk."""
        stack = [directory]
        while stack:
            folder = stack.pop()
            listing = self.listing(folder)
            if listing is not None:
                yield folder
                stack += [os.path.join(folder, name) for name in reversed(listing.directories)]

    def _read_listing(self, directory: str) -> Listing | None:
        base = self.base_of(directory)
        if base is None or not self._reached(directory, base):
            return None
        files: list[str] = []
        directories: list[str] = []
        links: list[Link] = []
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        links.append(_link(entry.path, entry.name, base))
                    elif entry.is_file():
                        files.append(entry.name)
                    elif entry.is_dir() and entry.name not in _SKIPPED:
                        directories.append(entry.name)
        except OSError as error:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                name = self.display(directory)
                reason = (error.strerror or "error").lower()
                self.problems[directory] = file_finding(name, f"cannot read the folder: {reason}")
            return None
        files.sort()
        directories.sort()
        links.sort()
        scope = self._scope(directory, base, files)
        if scope.patterns:
            prefix = directory.rstrip(os.sep) + os.sep
            files = [n for n in files if not (_matters(n) and self._ignored(prefix + n, scope))]
            directories = [n for n in directories if not self._ignored(f"{prefix}{n}/", scope)]
            links = [link for link in links if not self._ignored(prefix + link.name, scope)]
        return Listing(tuple(files), tuple(directories), tuple(links))

    def _reached(self, directory: str, base: Base) -> bool:
        """Whether a directory is really inside the base (links may lead out of it)."""
        parent, name = os.path.split(directory)
        above = self._listings.get(parent)
        if above is not None and directory != base.directory:
            if name in above.directories:
                return True
            if name in above.files:
                return False
        return contains(os.path.realpath(base.directory), os.path.realpath(directory))

    def _scope(self, directory: str, base: Base, names: list[str] | None = None) -> _Scope:
        known = self._scopes.get(directory)
        if known is not None:
            return known
        above = _Scope()
        if directory != base.directory:
            above = self._scope(os.path.dirname(directory), base)
        elif base.git:
            exclude = _patterns(os.path.join(directory, ".git", "info", "exclude"))
            if exclude:
                above = _Scope(((len(directory.rstrip(os.sep)) + 1, exclude),))
        if names is None or any(name in names for name in _IGNORE_FILES):
            above = self._own_scope(directory, above)
        self._scopes[directory] = above
        return above

    def _own_scope(self, directory: str, above: _Scope) -> _Scope:
        own: list[tuple[int, Patterns]] = []
        for name in _IGNORE_FILES:
            patterns = _patterns(os.path.join(directory, name))
            if patterns:
                own.insert(0, (len(directory.rstrip(os.sep)) + 1, patterns))
        return _Scope((*own, *above.patterns)) if own else above

    @staticmethod
    def _ignored(path: str, scope: _Scope) -> bool:
        for offset, patterns in scope.patterns:
            verdict = patterns.ignores(path[offset:].replace(os.sep, "/"))
            if verdict is not None:
                return verdict
        return False


def contains(directory: str, path: str) -> bool:
    """Whether a path is a directory or something below it (by text)."""
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def _can_be_path(text: str) -> bool:
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def _matters(name: str) -> bool:
    return name.endswith(MANIFEST_SUFFIXES) or name in KUSTOMIZATION_NAMES


def _git_root(directory: str) -> str:
    """The nearest directory upwards with a ``.git`` entry, empty when there is none."""
    at = directory
    while True:
        if os.path.lexists(os.path.join(at, ".git")):
            return at
        above = os.path.dirname(at)
        if above == at:
            return ""
        at = above


def _link(path: str, name: str, base: Base) -> Link:
    target = os.path.realpath(path)
    exists = os.path.exists(target)
    inside = contains(os.path.realpath(base.directory), target)
    return Link(name, target, os.path.isdir(target), inside, exists)


def _patterns(path: str) -> Patterns | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            patterns = Patterns(file.read(1_000_000))
    except OSError:
        return None
    return patterns or None
