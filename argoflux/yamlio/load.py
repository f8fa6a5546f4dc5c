"""Text to documents: one broken document never hides its neighbours, nothing is ever raised."""

from __future__ import annotations

import codecs
import gc
import posixpath
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from argoflux.finding import Finding, Fix, Place, Severity
from argoflux.text import Edit, SourceFile, Span, path_text
from argoflux.yamlio.problems import Broken, OverLimit, explain, is_template
from argoflux.yamlio.tree import Document, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argoflux.text import Key, Path
    from argoflux.yamlio.build import Built
    from argoflux.yamlio.repeats import Repeat
    from argoflux.yamlio.scalars import Flavour
    from argoflux.yamlio.tree import Yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the loader accepts before it refuses a file (``size``, ``documents``) or a document."""

    size: int = 256 * 1024 * 1024  # characters of a file
    documents: int = 250_000  # documents of a file
    depth: int = 100  # nested collections
    expansion: int = 100_000  # values that aliases add to a document


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds. ``templated`` tells that a part of it is a template, not YAML."""

    documents: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()
    templated: bool = False


class _Piece(NamedTuple):
    """A part of a text that is parsed on its own; offsets of the source."""

    start: int
    end: int


_TOP = Span(0, 0)
_AFTER_DASHES = frozenset(("", " ", "\t", "\r", "\n"))
_SPACE = " \t\r\n"
_BLANK = re.compile(r"[ \t\r\n]*(?:#[^\r\n]*)?")
_LINE = re.compile(r"[^\r\n]*")


def _after_blanks(text: str, at: int, *, directives: bool = False) -> int:
    """The position after white space, comments and, where asked, directive lines.

    No regular expression with possessive groups: Python before 3.11.5 gets them wrong.
    """
    while True:
        match = _BLANK.match(text, at)
        end = match.end() if match is not None else at
        starts_line = end == 0 or text[end - 1] == "\n"
        if end == at:
            if not (directives and starts_line and text.startswith("%", at)):
                return at
            line = _LINE.match(text, at)
            end = line.end() if line is not None else len(text)
        at = end


def _says_nothing(text: str) -> bool:
    """Whether a piece holds no document: white space, comments, document marks."""
    at = _after_blanks(text, 3 if text.startswith("---") else 0)
    if text.startswith("...", at):
        return not text[at + 3 :].strip(_SPACE)
    return at == len(text)


def load_text(
    source: SourceFile,
    *,
    flavour: Flavour = "sigs",
    limits: Limits = DEFAULT_LIMITS,
    keep: Callable[[str], bool] | None = None,
) -> Loaded:
    """The documents of a text as one of the two readers sees them.

    ``keep`` decides by the text of a document whether it is parsed at all. Never raises: a
    document that does not parse is a finding (AF001, or AF006 where it is a template, AF007 where
    it exceeds a limit), a key written twice is AF002.
    """
    if len(source.text) > limits.size:
        message = f"the file has more than {limits.size} characters and was not read"
        return Loaded(findings=(limit_finding(source, message),))
    reading = _Reading(source, flavour, limits)
    with _no_collection():
        _read_pieces(reading, source, limits, keep)
    return Loaded(tuple(reading.documents), tuple(reading.findings), reading.templated)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Parsing makes many objects and no cycles: looking for cycles would cost a third more."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_pieces(
    reading: _Reading,
    source: SourceFile,
    limits: Limits,
    keep: Callable[[str], bool] | None,
) -> None:
    for piece in _split(source.text):
        if reading.index >= limits.documents:
            message = f"the file has more than {limits.documents} documents; the rest was not read"
            reading.findings.append(limit_finding(source, message, Span(piece.start, piece.start)))
            break
        text = source.text[piece.start : piece.end]
        if keep is None or keep(text):
            reading.read(piece, text)
        elif not _says_nothing(text):
            reading.index += 1


def _split(text: str) -> Iterator[_Piece]:
    """The text cut before every ``---`` line; directives stay with the document they are for."""
    start = at = 0
    while (at := text.find("\n---", at) + 1) > 0:
        if text[at + 3 : at + 4] in _AFTER_DASHES and not _only_directives(text[start:at]):
            yield _Piece(start, at)
            start = at
    yield _Piece(start, len(text))


def _only_directives(text: str) -> bool:
    return "%" in text and _after_blanks(text, 0, directives=True) == len(text)


class _Reading:
    """The documents and findings of one text while it is read."""

    __slots__ = ("_flavour", "_limits", "_source", "documents", "findings", "index", "templated")

    def __init__(self, source: SourceFile, flavour: Flavour, limits: Limits) -> None:
        self._source = source
        self._flavour = flavour
        self._limits = limits
        self.documents: list[Document] = []
        self.findings: list[Finding] = []
        self.index = 0
        self.templated = False

    def read(self, piece: _Piece, text: str) -> None:
        """Parse one piece and keep what it holds."""
        import yaml

        from argoflux.yamlio.build import Builder

        limits = self._limits
        try:
            builder = Builder(text, self._flavour, depth=limits.depth, expansion=limits.expansion)
            for built in builder.documents():
                self._add(built, piece)
        except OverLimit as error:
            span = Span(piece.start + error.start, piece.start + error.end)
            self.findings.append(limit_finding(self._source, error.problem, span))
            self.index += 1
        except Broken as error:
            self._broken(piece, text, error.problem, Span(error.start, error.end))
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self._broken(piece, text, *explain(error, text))

    def _add(self, built: Built, piece: _Piece) -> None:
        start, end = piece.start, piece.end
        if self.documents and self.documents[-1].end == end:  # several documents in one piece
            previous = self.documents[-1]
            start += built.start
            self.documents[-1] = replace(previous, end=start)
        paths = _paths(built)
        disputes = tuple(
            (_at(paths, dispute.owner, dispute.key), dispute.text)
            for dispute in built.disputes
            if id(dispute.owner) in paths
        )
        document = Document(
            self._source, self.index, built.root, start, end, two_readings=disputes,
            root=built.root, base=piece.start, flavour=self._flavour,
        )  # fmt: skip
        self.index += 1
        self.documents.append(document)
        for repeat in built.repeats:
            path = _at(paths, repeat.owner, repeat.key)
            self.findings.append(self._repeated(document, path, repeat))

    def _repeated(self, document: Document, path: Path, repeat: Repeat) -> Finding:
        first, second = (
            Span(mark[0] + document.base, mark[1] + document.base)
            for mark in (repeat.first, repeat.second)
        )
        lines = [self._source.line_column(span.start)[0] for span in (first, second)]
        where = f"in `{path_text(path[:-1])}`" if path[:-1] else "at the top level"
        return Finding(
            code="AF002",
            slug="duplicate-mapping-key",
            severity=Severity.ERROR,
            message=f"key `{repeat.key}` is set twice {where} (lines {lines[0]} and {lines[1]}); "
            f"only the last value survives{self._refusal(document)}",
            place=Place(
                source=self._source, document=document, path=path, on="key", offsets=second
            ),
            related=(
                (Place(source=self._source, document=document, offsets=first), "first set here"),
            ),
            fix=self._removal(document, repeat) if repeat.equal else None,
        )

    def _refusal(self, document: Document) -> str:
        """Who refuses a repeated key: kustomize reads objects and its own files, not Helm values."""
        own = posixpath.basename(self._source.name).lower().startswith("kustomization")
        read = own or (isinstance(document.body, dict) and "apiVersion" in document.body)
        return ", and kustomize refuses the file" if read else ""

    def _removal(self, document: Document, repeat: Repeat) -> Fix | None:
        """Remove the earlier of two equal entries where it has its lines for itself."""
        text, base = self._source.text, document.base
        start, end = repeat.first[0] + base, repeat.first[3] + base
        line = text.rfind("\n", 0, start) + 1
        stop = (text.find("\n", end) + 1) or len(text)
        if text[line:start].strip() or text[end:stop].strip():
            return None
        title = f"remove the first `{repeat.key}`, which has the same value"
        return Fix(title=title, safety="unsafe", edits=(Edit(line, stop, ""),))

    def _broken(self, piece: _Piece, text: str, problem: str, span: Span) -> None:
        """Note a document that does not parse: broken, or a template."""
        self.index += 1
        place = Place(
            source=self._source,
            offsets=Span(piece.start + span.start, piece.start + span.end),
        )
        if not is_template(text, span.start):
            finding = Finding(
                code="AF001",
                slug="yaml-syntax",
                severity=Severity.ERROR,
                message=f"cannot parse YAML: {problem}",
                place=place,
            )
        elif self.templated:
            return
        else:
            self.templated = True
            finding = Finding(
                code="AF006",
                slug="templated-file-skipped",
                severity=Severity.INFO,
                message="this is a template rather than YAML and was skipped; "
                "render it to have its objects read",
                place=place,
            )
        self.findings.append(finding)


def _paths(built: Built) -> dict[int, Path]:
    """Where the collections stand that something is to be said about, by identity."""
    if not built.repeats and not built.disputes:
        return {}
    paths: dict[int, Path] = {id(built.root): ()}
    for path, value in walk(built.root):
        if isinstance(value, dict | list):
            paths.setdefault(id(value), path)
    return paths


def _at(paths: dict[int, Path], owner: Yaml, key: Key) -> Path:
    """The path of an entry; the key alone when its mapping was replaced by a later one."""
    return (*paths.get(id(owner), ()), key)


def limit_finding(source: SourceFile, message: str, span: Span = _TOP) -> Finding:
    """A finding AF007 about a file or a part of it that was not read."""
    return Finding(
        code="AF007",
        slug="limit-or-unreadable",
        severity=Severity.WARNING,
        message=message,
        place=Place(source=source, offsets=span),
    )


def decode_bytes(name: str, data: bytes) -> SourceFile | Finding:
    """The text of a file, or a finding AF007 that says why it has none. ``name`` is for display.

    Kubernetes manifests are UTF-8; a byte order mark is left out of the text and remembered.
    """
    source = SourceFile(name, "")
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return limit_finding(source, "the file is UTF-32, manifests are UTF-8; save it as UTF-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return limit_finding(source, "the file is UTF-16, manifests are UTF-8; save it as UTF-8")
    if (nul := data.find(0)) >= 0:
        message = f"the file has a NUL byte at byte {nul + 1}: it is not a text file"
        return limit_finding(source, message)
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        return SourceFile(name, data.decode("utf-8-sig"), marked)
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start + 1}); save it as UTF-8"
        return limit_finding(source, message)
