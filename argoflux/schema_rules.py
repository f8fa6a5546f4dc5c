"""The validation rules that CRDs state in CEL, as far as the CRDs of Argo CD and Flux use the language.

Covered are literals, field access, ``has``, ``size``, comparison, ``!``, ``&&``, ``||``, ``? :``,
``+``, the string functions ``startsWith``, ``endsWith``, ``contains``, ``matches`` and
``substring``, and the macros ``all``, ``exists`` and ``exists_one``. As in the API server, defaults
are applied before a rule sees a value, an error inside of ``&&`` and ``||`` counts only where the
other side does not decide, and a rule that ends in an error rejects
(kubernetes/apiextensions-apiserver:pkg/apiserver/schema/cel/validation.go, google/cel-spec).
"""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Scope = Mapping[str, Any]
    Term = Callable[[Scope], Any]

KEYWORD = "x-kubernetes-validations"

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+)|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||[=!<>]=|[-!<>+?:.,()\[\]]))"""
)
_LITERALS = {"true": True, "false": False, "null": None}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda one, two: type(one) is type(two) and one == two,
    "!=": lambda one, two: type(one) is not type(two) or one != two,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_METHODS: dict[str, Callable[..., Any]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": operator.contains,
    "matches": lambda text, pattern: re.search(pattern, text) is not None,
    "substring": lambda text, start: text[start:],
}
_MACROS = frozenset({"all", "exists", "exists_one"})
_ESCAPE = re.compile(r"\\(.)")


class RuleError(Exception):
    """A rule that cannot be evaluated on a value, or that uses more than is covered here."""


class Undecided(Exception):  # noqa: N818  # no error: the value is filled in later
    """The rule needs a value that nobody knows yet."""


def broken_rules(value: Any, node: dict[str, Any], known: Callable[[Any], bool]) -> list[str]:
    """The texts of a schema's rules that a value breaks; ``known`` is false for placeholders.

    Rules about changes (``oldSelf``) and rules that need a value not known yet break nothing.
    """
    rules = [item["rule"] for item in node.get(KEYWORD, ())]
    if not rules:
        return []
    scope = {"self": _defaulted(value, node), "": known}
    return [text for text in rules if "oldSelf" not in text and not _holds(text, scope)]


def _holds(text: str, scope: Scope) -> bool:
    try:
        return compile_rule(text)(scope) is True
    except Undecided:
        return True
    except (RuleError, TypeError, IndexError, AttributeError):
        return False


def _defaulted(value: Any, node: dict[str, Any]) -> Any:
    """The value with the defaults of its schema, and without nulls that count as absent."""
    if isinstance(value, dict):
        children = node.get("properties") or {}
        out = {}
        for key, item in value.items():
            child = children.get(key) or {}
            if item is not None or child.get("nullable"):
                out[key] = _defaulted(item, child)
        for key, child in children.items():
            if key not in out and "default" in child:
                out[key] = child["default"]
        return out
    if isinstance(value, list):
        items = node.get("items")
        child = items if isinstance(items, dict) else {}
        return [_defaulted(item, child) for item in value]
    return value


@lru_cache(maxsize=512)
def compile_rule(text: str) -> Term:
    """A rule as a function of its scope; raises RuleError where it uses more than is covered."""
    parser = _Parser(text)
    term = parser.choice()
    parser.expect("")
    return term


class _Parser:
    """Recursive descent over the tokens of one rule; each method returns a function of the scope."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise RuleError(f"cannot read the rule at {text[at:]!r}")
            kind = str(match.lastgroup)
            self.tokens.append((kind, match[kind]))
            at = match.end()
        self.tokens.append(("end", ""))
        self.at = 0

    def take(self, *signs: str) -> str:
        """The next token when it is one of these signs, else nothing."""
        kind, value = self.tokens[self.at]
        if kind != "sign" or value not in signs:
            return ""
        self.at += 1
        return value

    def expect(self, sign: str) -> None:
        kind, value = self.tokens[self.at]
        if kind not in {"sign", "end"} or value != sign:
            raise RuleError(f"expected {sign or 'the end'!r}, found {value!r}")
        self.at += 1

    def name(self) -> str:
        kind, value = self.tokens[self.at]
        if kind != "name":
            raise RuleError(f"expected a name, found {value!r}")
        self.at += 1
        return value

    def choice(self) -> Term:
        test = self.either()
        if not self.take("?"):
            return test
        yes = self.choice()
        self.expect(":")
        no = self.choice()
        return lambda scope: yes(scope) if test(scope) else no(scope)

    def either(self) -> Term:
        term = self.both()
        while self.take("||"):
            term = _decided_by(term, self.both(), decisive=True)
        return term

    def both(self) -> Term:
        term = self.comparison()
        while self.take("&&"):
            term = _decided_by(term, self.comparison(), decisive=False)
        return term

    def comparison(self) -> Term:
        left = self.total()
        sign = self.take(*_COMPARISONS)
        return _applied(_COMPARISONS[sign], left, self.total()) if sign else left

    def total(self) -> Term:
        term = self.negation()
        while self.take("+"):
            term = _applied(operator.add, term, self.negation())
        return term

    def negation(self) -> Term:
        if not self.take("!"):
            return self.member()
        term = self.negation()
        return lambda scope: not _truth(term(scope))

    def member(self) -> Term:
        term = self.primary()
        while self.take("."):
            name = self.name()
            if name in _MACROS and self.take("("):
                term = self.macro(name, term)
            elif name in _METHODS and self.take("("):
                term = _applied(_METHODS[name], term, *self.arguments())
            else:
                term = _field(term, name)
        return term

    def macro(self, name: str, items: Term) -> Term:
        variable = self.name()
        self.expect(",")
        body = self.choice()
        self.expect(")")

        def answers(scope: Scope) -> list[bool]:
            return [_truth(body({**scope, variable: item})) for item in items(scope)]

        if name == "all":
            return lambda scope: all(answers(scope))
        if name == "exists":
            return lambda scope: any(answers(scope))
        return lambda scope: sum(answers(scope)) == 1

    def arguments(self) -> list[Term]:
        found = [self.choice()]
        while self.take(","):
            found.append(self.choice())
        self.expect(")")
        return found

    def primary(self) -> Term:
        if self.take("("):
            term = self.choice()
            self.expect(")")
            return term
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return _constant(int(value))
        if kind == "text":
            return _constant(_ESCAPE.sub(r"\1", value[1:-1]))
        if kind != "name":
            raise RuleError(f"expected a value, found {value!r}")
        if value in _LITERALS:
            return _constant(_LITERALS[value])
        if value in {"has", "size"} and self.take("("):
            return self.present() if value == "has" else _applied(len, *self.arguments())
        return lambda scope: scope[value]

    def present(self) -> Term:
        """The argument of ``has``: a field that may be absent, of something that may not."""
        term = self.primary()
        self.expect(".")
        name = self.name()
        while self.take("."):
            term, name = _field(term, name), self.name()
        self.expect(")")
        return lambda scope: name in _mapping(term(scope))


def _constant(value: Any) -> Term:
    return lambda _scope: value


def _field(term: Term, name: str) -> Term:
    def read(scope: Scope) -> Any:
        found = _mapping(term(scope))
        if name not in found:
            raise RuleError(f"no such field: {name}")
        value = found[name]
        if not scope[""](value):
            raise Undecided(name)
        return value

    return read


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RuleError("a field of something that has none")
    return value


def _applied(function: Callable[..., Any], *terms: Term) -> Term:
    return lambda scope: function(*(term(scope) for term in terms))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise RuleError("expected true or false")
    return value


def _decided_by(left: Term, right: Term, *, decisive: bool) -> Term:
    """``||`` and ``&&``: one side that decides is enough, whatever happens to the other."""

    def decide(scope: Scope) -> bool:
        try:
            if _truth(left(scope)) is decisive:
                return decisive
        except (RuleError, Undecided, TypeError, IndexError):
            if _truth(right(scope)) is decisive:
                return decisive
            raise
        return _truth(right(scope))

    return decide
