r"""Flux's post-build substitution: ``${VAR}`` and what may stand around the name.

==============================  =======================================================
``${V}``                        the value
``${#V}``                       its length in bytes
``${V^}`` ``^^`` ``,`` ``,,``   first or all letters in upper or lower case
``${V:pos}`` ``${V:pos:len}``   a slice of its bytes; negative numbers count from the end
``${V/a/b}`` ``//`` ``/#`` ``/%``  literal text replaced: first, all, at the start, at the end
``${V#g}`` ``##`` ``%`` ``%%``  shortest or longest glob removed from the start or the end
``${V:-d}`` and ``:=`` ``=`` ``:+`` ``:?``  the value, or ``d`` where it is empty: all five alike
==============================  =======================================================

A default may hold further ``${…}``; ``$$`` is a literal ``$`` outside of defaults, ``\/`` and ``\\``
are escapes in patterns and replacements. Everything else after a name is an error, also the forms
of a shell that look harmless (``${V-d}``, ``${V?x}``).

Facts: fluxcd/pkg:envsubst/parse/{parse,scan}.go, envsubst/{template,funcs}.go, envsubst/path/match.go
(a glob whose ``*`` crosses ``/``). Values are text; Go slices bytes, so a slice inside of a
character gives U+FFFD here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.goports.globs import filepath_match
from argoflux.goports.globtext import GlobError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_END = "\0"  # the scanner takes a NUL in the text for its end
_NUMBER = re.compile(r"[+-]?[0-9]+")
_DEEPEST = 100  # nobody writes that by hand, and deeper ones must not exhaust the stack
_DEFAULTS = frozenset({"=", ":=", ":-", ":?", ":+"})


class SubstitutionError(ValueError):
    """The text cannot be substituted: a form that does not exist, or a variable that is not set."""


class UnsetError(SubstitutionError):
    """A variable without value is used where no default covers it; ``name`` is the variable."""

    def __init__(self, name: str) -> None:
        super().__init__(f"variable not set: {name}")
        self.name = name


@dataclass(slots=True)
class Use:
    """One ``${…}``: the variable, the operator and its arguments (texts and further uses)."""

    name: str
    operator: str = ""
    arguments: list[list[Use | str]] = field(default_factory=list)

    @property
    def has_default(self) -> bool:
        """Whether an unset variable is covered here."""
        return self.operator in _DEFAULTS


Part = Use | str


def substitute(text: str, values: Mapping[str, str], *, strict: bool = True) -> str:
    """The text with every use replaced; values are not looked at again.

    With ``strict`` an unset variable without a default is an UnsetError, else it is empty.
    """
    return "".join(_texts(parse(text), values, strict=strict))


def uses(parts: list[Part]) -> Iterator[Use]:
    """Every use, also those inside of arguments, in order of appearance."""
    for part in parts:
        if isinstance(part, Use):
            yield part
            for argument in part.arguments:
                yield from uses(argument)


def parse(text: str) -> list[Part]:
    """The literal texts and uses of a text; raises SubstitutionError."""
    return _Reader(text).parts()


def _texts(parts: list[Part], values: Mapping[str, str], *, strict: bool) -> Iterator[str]:
    for part in parts:
        yield part if isinstance(part, str) else _value(part, values, strict=strict)


def _value(use: Use, values: Mapping[str, str], *, strict: bool) -> str:
    """What a use becomes; arguments are evaluated first, whether they are needed or not."""
    arguments = ["".join(_texts(each, values, strict=strict)) for each in use.arguments]
    if strict and use.name not in values and not use.has_default:
        raise UnsetError(use.name)
    return _apply(use.operator, values.get(use.name, ""), arguments)


class _Reader:
    """Reads a text from left to right; each method consumes what it returns."""

    def __init__(self, text: str) -> None:
        end = text.find(_END)
        self.text = text if end < 0 else text[:end]
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else _END

    def parts(self) -> list[Part]:
        found: list[Part] = []
        while self.at < len(self.text):
            if self.text.startswith("${", self.at):
                found.append(self.use())
            else:
                found.append(self.literal())
        return found

    def literal(self) -> str:
        """Text up to the next use; ``$$`` is a dollar that starts nothing."""
        out: list[str] = []
        while (dollar := self.text.find("$", self.at)) >= 0:
            out.append(self.text[self.at : dollar])
            self.at = dollar
            if self.text.startswith("${", dollar):
                return "".join(out)
            out.append("$")
            self.at += 2 if self.text.startswith("$$", dollar) else 1
        out.append(self.text[self.at :])
        self.at = len(self.text)
        return "".join(out)

    def use(self) -> Use:
        self.at += 2
        if self.peek() == "#":
            self.at += 1
            return self.closed(Use(self.name("bad substitution"), "#"))
        use = Use(self.name("unable to parse variable name"))
        match self.peek():
            case ":":
                following = self.text[self.at + 1 : self.at + 2]
                if not following.isascii():  # the scanner steps back by the wrong width
                    raise SubstitutionError("bad substitution")
                if following and following in "=-?+":
                    return self.default(use, 2)
                return self.slice(use)
            case "=":
                return self.default(use, 1)
            case "," | "^":
                use.operator = self.run(",^")
            case "/":
                return self.replacement(use)
            case "#" | "%" as sign:
                use.operator = self.run(sign)
                use.arguments.append([self.argument("}")])
            case "}":
                pass
            case _:
                raise SubstitutionError("missing closing brace")
        return self.closed(use)

    def name(self, otherwise: str) -> str:
        start = self.at
        while self.peek() == "_" or self.peek().isalpha() or self.peek().isdecimal():
            self.at += 1
        if start == self.at:
            raise SubstitutionError(otherwise)
        return self.text[start : self.at]

    def run(self, signs: str) -> str:
        """An operator of one or two of these signs."""
        start = self.at
        while self.peek() in signs and self.at - start < 2:  # noqa: PLR2004  # `##`
            self.at += 1
        return self.text[start : self.at]

    def default(self, use: Use, size: int) -> Use:
        use.operator = self.text[self.at : self.at + size]
        self.at += size
        while self.peek() != "}":
            use.arguments.append([self.argument("}")])
        return self.closed(use)

    def slice(self, use: Use) -> Use:
        use.operator = ":"
        self.at += 1
        use.arguments.append([self.argument(":}")])
        if self.peek() == ":":
            while self.peek() == ":":
                self.at += 1
            use.arguments.append([self.argument("}")])
        return self.closed(use)

    def replacement(self, use: Use) -> Use:
        self.at += 1
        following = self.peek()
        use.operator = f"/{following}" if following in "/#%" else "/"
        self.at += len(use.operator) - 1
        use.arguments.append([self.argument("/", escapes=True)])
        if self.peek() != "/":
            raise SubstitutionError("bad substitution")
        while self.peek() == "/":
            self.at += 1
        if self.peek() != "}":
            use.arguments.append([self.argument("}", escapes=True)])
        return self.closed(use)

    def argument(self, stops: str, *, escapes: bool = False) -> Part:
        """A further use, or text up to one of ``stops`` or the next use; never empty."""
        if self.text.startswith("${", self.at):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise SubstitutionError(f"more than {_DEEPEST} expressions inside of each other")
            inner = self.use()
            self.depth -= 1
            return inner
        out: list[str] = []
        while (char := self.peek()) != _END:
            if self.text.startswith("${", self.at):
                break
            escaped = self.text[self.at : self.at + 2] in {"$$", "\\/", "\\\\"}
            if escapes and escaped:
                self.at += 1
                out.append(self.peek())
            elif char in stops:
                break
            else:
                out.append(char)
            self.at += 1
        if not out:
            raise SubstitutionError("unable to parse substitution within function")
        return "".join(out)

    def closed(self, use: Use) -> Use:
        if self.peek() != "}":
            raise SubstitutionError("bad substitution")
        self.at += 1
        return use


def _apply(operator: str, value: str, arguments: list[str]) -> str:
    if operator == "#" and not arguments:
        return str(len(value.encode()))
    if operator in _CASES:
        return _CASES[operator](value)
    if operator in _TRIMS:
        return _trimmed(value, arguments[0], *_TRIMS[operator])
    if operator in {"/", "//", "/#", "/%"}:
        return _replaced(operator, value, *arguments)
    if operator == ":":
        return _slice(value, *arguments)
    return value or "".join(arguments)


def _upper(text: str) -> str:
    """Letter by letter, as Go does: a letter never becomes two."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def _lower(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


_CASES: Mapping[str, Callable[[str], str]] = {
    "^": lambda text: _upper(text[:1]) + text[1:],
    "^^": _upper,
    ",": lambda text: _lower(text[:1]) + text[1:],
    ",,": _lower,
}
_TRIMS = {"#": (False, False), "##": (False, True), "%": (True, False), "%%": (True, True)}
"""By operator: whether the end is trimmed, and whether the longest match is."""


def _trimmed(value: str, glob: str, at_end: bool, longest: bool) -> str:  # table
    """The value without what the glob matches; the end is trimmed on reversed texts."""
    if at_end:
        return _trimmed(value[::-1], glob[::-1], at_end=False, longest=longest)[::-1]
    sizes = range(len(value), 0, -1) if longest else range(1, len(value) + 1)
    try:
        size = next((n for n in sizes if filepath_match(glob, value[:n], "")), 0)
    except GlobError:
        return value
    return value[size:]


def _replaced(operator: str, value: str, pattern: str, by: str | None = None) -> str:
    match operator:
        case "/":
            return value.replace(pattern, by or "", 1)
        case "//":
            return value.replace(pattern, by or "")
        case "/#" if by is not None and value.startswith(pattern):
            return value.replace(pattern, by, 1)
        case "/%" if by is not None and value.endswith(pattern):
            return value.removesuffix(pattern) + by
        case _:
            return value


def _slice(value: str, start: str, size: str | None = None) -> str:
    """A slice of the value's bytes; the value itself where a number is none."""
    if not _NUMBER.fullmatch(start) or (size is not None and not _NUMBER.fullmatch(size)):
        at_end = _NUMBER.fullmatch(start) is not None and size is None
        return "" if at_end else value
    data = value.encode()
    at = int(start) if int(start) >= 0 else max(0, len(data) + int(start))
    end = len(data)
    if size is not None:
        end = (at if int(size) >= 0 else end) + int(size)
    return data[at : max(at, end)].decode(errors="replace")
