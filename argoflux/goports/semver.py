"""Versions and constraints as Masterminds/semver v3 reads them, the library of Argo CD and Flux.

Facts: Masterminds/semver:version.go and constraints.go (v3.4, v3.5), argo-cd:util/versions/tags.go,
checked against vectors of the Go library in ``tests/unit/goports``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import total_ordering
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_VERSION_BYTES = 256
MAX_CONSTRAINT_BYTES = 512
MAX_GROUPS = 32
_UINT64_MAX = 2**64 - 1
_MAJOR, _MINOR, _PATCH = 1, 2, 3

_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = re.compile(
    rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-({_IDENTIFIERS}))?(?:\+({_IDENTIFIERS}))?"
)
_STRICT = re.compile(rf"([0-9]+)\.([0-9]+)\.([0-9]+)(?:-({_IDENTIFIERS}))?(?:\+({_IDENTIFIERS}))?")

# Go's \s is these five characters; Python's has more.
_SPACE = r"[\t\n\f\r ]"
_PART = r"[0-9xX*|]+"
_WILD_VERSION = (
    rf"v?(?:{_PART})(?:\.{_PART})?(?:\.{_PART})?(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
)
_OPERATOR = r"=>|=<|=|!=|>=|<=|>|<|~>|~|\^"
_COMPARATOR = re.compile(
    rf"(?P<op>{_OPERATOR})?{_SPACE}*"
    rf"v?(?P<major>{_PART})(?:\.(?P<minor>{_PART}))?(?:\.(?P<patch>{_PART}))?"
    rf"(?:-(?P<pre>{_IDENTIFIERS}))?(?:\+(?P<build>{_IDENTIFIERS}))?"
)
_SEPARATOR = re.compile(rf"{_SPACE}*,{_SPACE}*|{_SPACE}+")
_HYPHEN_RANGE = re.compile(
    rf"{_SPACE}*({_WILD_VERSION}){_SPACE}+-{_SPACE}+({_WILD_VERSION}){_SPACE}*"
)
_SPELLINGS = {"": "=", "=>": ">=", "=<": "<=", "~>": "~"}
_WILDCARDS = frozenset({"x", "X", "*"})


class SemverError(ValueError):
    """The text is not a version, or not a constraint."""


class SegmentError(SemverError):
    """The text has the shape of a version but a part of it is invalid (``1.0.0-01``).

    Argo CD ignores tags that have another shape, but gives up the whole look-up at one of these
    (argo-cd:util/versions/tags.go MaxVersion).
    """


@total_ordering
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """One version; comparing ignores build metadata and the spelling."""

    major: int
    minor: int = 0
    patch: int = 0
    pre: str = ""
    build: str = ""
    original: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a version leniently: ``v1``, ``1.2``, ``01.2``; missing parts are 0.

        Raises SemverError, and its subclass SegmentError for an invalid part.
        """
        return cls._read(text, _VERSION)

    @classmethod
    def parse_strict(cls, text: str) -> Self:
        """Read ``major.minor.patch[-pre][+build]`` without leading ``v`` or zeros."""
        version = cls._read(text, _STRICT)
        if str(version) != text:
            raise SegmentError(f"a number of {text!r} starts with 0")
        return version

    @classmethod
    def _read(cls, text: str, pattern: re.Pattern[str]) -> Self:
        if len(text.encode(errors="replace")) > MAX_VERSION_BYTES:
            raise SegmentError(f"version is longer than {MAX_VERSION_BYTES} bytes")
        match = pattern.fullmatch(text)
        if match is None:
            raise SemverError(f"{text!r} is not a semantic version")
        numbers = [int(number or "0") for number in match.group(1, 2, 3)]
        if any(number > _UINT64_MAX for number in numbers):
            raise SegmentError(f"a number of {text!r} is too large")
        pre = match[4] or ""
        if any(_is_zero_led_number(part) for part in pre.split(".")):
            raise SegmentError(f"a pre-release number of {text!r} starts with 0")
        return cls(
            major=numbers[0],
            minor=numbers[1],
            patch=numbers[2],
            pre=pre,
            build=match[5] or "",
            original=text,
        )

    @property
    def sort_key(self) -> tuple[int, int, int, tuple[int, ...], tuple[tuple[int, int, str], ...]]:
        """Order of precedence: a release is above its pre-releases, build metadata is ignored."""
        released = (0,) if self.pre else (1,)
        return (self.major, self.minor, self.patch, released, _pre_key(self.pre))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self.sort_key == other.sort_key

    def __lt__(self, other: Version) -> bool:
        return self.sort_key < other.sort_key

    def __hash__(self) -> int:
        return hash(self.sort_key)

    def __str__(self) -> str:
        pre = f"-{self.pre}" if self.pre else ""
        build = f"+{self.build}" if self.build else ""
        return f"{self.major}.{self.minor}.{self.patch}{pre}{build}"


def _is_zero_led_number(part: str) -> bool:
    return len(part) > 1 and part.startswith("0") and part.isdigit()


def _pre_key(pre: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers below words, numbers by value, words by bytes; fewer parts first."""
    if not pre:
        return ()
    return tuple(
        (0, int(part), "") if part.isdigit() and int(part) <= _UINT64_MAX else (1, 0, part)
        for part in pre.split(".")
    )


class Comparator(NamedTuple):
    """One comparison of a constraint.

    ``operator`` is one of ``= != > < >= <= ~ ^``. ``known`` counts the parts that were written
    (3: ``1.2.3``, 2: ``1.2`` or ``1.2.x``, 1: ``1``, 0: ``*``); the others are 0 in ``version``.
    """

    operator: str
    version: Version
    known: int

    def matches(self, version: Version) -> bool:
        """Tell whether the version passes; pre-releases are the caller's business."""
        bound = self.version
        match self.operator:
            case "=":
                return version == bound if self.is_full else self._in_tilde(version)
            case "!=":
                return not self._is_excluded(version)
            case ">":
                return self._is_above(version)
            case "<":
                return version < bound
            case ">=":
                return version >= bound
            case "<=":
                return self._is_at_most(version)
            case "~":
                return self._in_tilde(version)
            case _:
                return self._in_caret(version)

    def _is_excluded(self, version: Version) -> bool:
        bound = self.version
        if self.is_full:
            return version == bound
        if version.major != bound.major:
            return False
        if self.known == _MAJOR:
            return True
        if version.minor != bound.minor:
            return False
        # Masterminds/semver:constraints.go constraintNotEqual: `!=1.2-a` compares pre-releases only,
        # and `!=*` excludes 0.0.0 alone.
        if self.known == _MINOR:
            return _pre_key(version.pre) == _pre_key(bound.pre)
        return version == bound

    def _is_above(self, version: Version) -> bool:
        bound = self.version
        if self.known == _MAJOR:
            return version.major > bound.major
        if self.known == _MINOR:
            return (version.major, version.minor) > (bound.major, bound.minor)
        return version > bound

    def _is_at_most(self, version: Version) -> bool:
        bound = self.version
        if self.is_full:
            return version <= bound
        if self.known == _MAJOR:
            return version.major <= bound.major
        return (version.major, version.minor) <= (bound.major, bound.minor)

    def _in_tilde(self, version: Version) -> bool:
        bound = self.version
        if version < bound:
            return False
        if self.is_open:
            return True
        if self.known == _MAJOR:
            return version.major == bound.major
        return (version.major, version.minor) == (bound.major, bound.minor)

    @property
    def is_full(self) -> bool:
        """True when all three numbers were written."""
        return self.known == _PATCH

    @property
    def is_open(self) -> bool:
        """True for ``*`` and for ``~0.0.0``, which the library reads as "anything from here"."""
        numbers = (self.version.major, self.version.minor, self.version.patch)
        return numbers == (0, 0, 0) and self.known in {0, _PATCH}

    def _in_caret(self, version: Version) -> bool:
        bound = self.version
        if version < bound:
            return False
        if bound.major > 0 or self.known == _MAJOR:
            return version.major == bound.major
        if version.major > 0:
            return False
        if bound.minor > 0 or self.known == _MINOR:
            return version.minor == bound.minor
        # Documented as "any", but `^*` is `^0.0.0` and accepts 0.0.0 alone.
        return version.minor == 0 and version.patch == bound.patch

    @property
    def canonical(self) -> str:
        """One spelling for all spellings of the same comparison."""
        operator, known = self.operator, self.known
        if self.is_open and (operator == "~" or (operator == "=" and not known)):
            operator, known = ">=", _PATCH
        elif not self.is_full and (operator == "~" or (operator == "^" and self._caret_is_range)):
            operator = "="
        elif operator in {"^", ">=", "<"} or not (known or operator in {">", "<="}):
            known = _PATCH
        text = ("" if operator == "=" else operator) + self._text(known)
        return "*" if text == ">=0.0.0" else text

    @property
    def _caret_is_range(self) -> bool:
        """True for ``^1`` and ``^0.1``, the same as ``1.x`` and ``0.1.x``."""
        return self.known == _MAJOR or (self.known == _MINOR and self.version.major == 0)

    def _text(self, known: int) -> str:
        numbers = (self.version.major, self.version.minor, self.version.patch)
        shown = [str(number) for number in numbers[:known]]
        if known < _PATCH:
            shown.append("x" if known else "*")
        pre = f"-{self.version.pre}" if self.version.pre else ""
        return ".".join(shown) + pre


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Alternatives (``||``) of comparators that must all hold."""

    groups: tuple[tuple[Comparator, ...], ...]
    original: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``>=1.2 <2``, ``~1.2``, ``^1``, ``1.x``, ``1.2 - 1.4``, ``a || b``.

        A bare version is a constraint too, as in a Flux ``ref.semver``: ``1.0`` means ``1.0.x``.
        Raises SemverError.
        """
        if len(text.encode(errors="replace")) > MAX_CONSTRAINT_BYTES:
            raise SemverError(f"constraint is longer than {MAX_CONSTRAINT_BYTES} bytes")
        parts = _rewrite_ranges(text).split("||")
        if len(parts) > MAX_GROUPS:
            raise SemverError(f"constraint has more than {MAX_GROUPS} alternatives")
        return cls(groups=tuple(_read_group(part) for part in parts), original=text)

    def matches(self, version: Version) -> bool:
        """Tell whether the version satisfies the constraint.

        A pre-release needs an alternative that names a pre-release in one of its comparators.
        """
        return any(_passes(group, version) for group in self.groups)

    def canonical(self) -> str:
        """The same text for constraints that only differ in spelling and order.

        ``=1.2.3``, ``1.2.3`` and ``v1.2.3`` are one, and so are ``1.0``, ``=1.0``, ``~1.0`` and ``1.0.x``.
        """
        groups = {
            " ".join(sorted({comparator.canonical for comparator in group}))
            for group in self.groups
        }
        return " || ".join(sorted(groups))


def _rewrite_ranges(text: str) -> str:
    """Turn ``1.2 - 1.4`` into ``>= 1.2, <= 1.4``, wherever it stands."""
    for match in list(_HYPHEN_RANGE.finditer(text)):
        text = text.replace(match[0], f">= {match[1]}, <= {match[2]} ", 1)
    return text


def _read_group(text: str) -> tuple[Comparator, ...]:
    body = text.strip("\t\n\f\r ")
    comparators: list[Comparator] = []
    at = 0
    while True:
        match = _COMPARATOR.match(body, at)
        if match is None:
            raise SemverError(f"{text!r} is not a version constraint")
        comparators.append(_read_comparator(match))
        if match.end() == len(body):
            return tuple(comparators)
        gap = _SEPARATOR.match(body, match.end())
        if gap is None:
            raise SemverError(f"{text!r} is not a version constraint")
        at = gap.end()


def _read_comparator(match: re.Match[str]) -> Comparator:
    parts = match.group("major", "minor", "patch")
    known = _PATCH
    for index, part in enumerate(parts):
        if part is None or part in _WILDCARDS:
            known = index
            break
    numbers = [*(part or "" for part in parts[:known]), *(["0"] * (_PATCH - known))]
    pre = f"-{match['pre']}" if match["pre"] else ""
    build = f"+{match['build']}" if match["build"] and known == _PATCH else ""
    operator = match["op"] or ""
    return Comparator(
        operator=_SPELLINGS.get(operator, operator),
        version=Version.parse(".".join(numbers) + pre + build),
        known=known,
    )


def _passes(group: tuple[Comparator, ...], version: Version) -> bool:
    if version.pre and not any(comparator.version.pre for comparator in group):
        return False
    return all(comparator.matches(version) for comparator in group)


def is_version(text: str) -> bool:
    """Tell whether Argo CD takes the text for a version: a pin, looked up as a literal ref."""
    try:
        Version.parse(text)
    except SemverError:
        return False
    return True


def is_constraint(text: str) -> bool:
    """Tell whether Argo CD takes the text for a constraint: one that is not a version.

    Flux reads ``ref.semver`` as a constraint always: use ``Constraint.parse`` there.
    """
    if is_version(text):
        return False
    try:
        Constraint.parse(text)
    except SemverError:
        return False
    return True


def highest(tags: Iterable[str], constraint: Constraint, *, strict: bool = False) -> str | None:
    """Return the tag of the highest version that satisfies the constraint, as it is spelled.

    Of equal versions the first one wins. Tags that are no versions are skipped; with ``strict`` a
    misspelt one (``1.0.0-01``) raises SegmentError, as it makes Argo CD give up.
    """
    best: Version | None = None
    for tag in tags:
        try:
            version = Version.parse(tag)
        except SegmentError:
            if strict:
                raise
            continue
        except SemverError:
            continue
        if constraint.matches(version) and (best is None or version > best):
            best = version
    return None if best is None else best.original
