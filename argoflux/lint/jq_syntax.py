"""Whether a jq expression can be read: words, brackets and names, not the whole grammar.

Argo CD parses ``del(<expression>)`` with gojq and compiles it: a word that is no function fails
there (argo-cd:util/argo/normalizers/diff_normalizer.go; itchyny/gojq:lexer.go, func.go, builtin.jq).
What this reader does not know for wrong counts as right.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<blank>\s+|\#[^\n]*)
      | (?P<number>\.?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
      | (?P<field>\.[A-Za-z_]\w*)
      | (?P<dots>\.\.?)
      | (?P<variable>\$[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)
      | (?P<format>@\w+)
      | (?P<word>[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)
      | (?P<operator>\?//=|\?//|\|=|//=|==|!=|<=|>=|\+=|-=|\*=|/=|%=|//|[-|,+*/%<>=?;:])
      | (?P<bracket>[()\[\]{}])
    """,
    re.VERBOSE,
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_KEYWORDS = """
and as break catch def elif else end foreach if import include label limit or reduce then try
__loc__
"""
_FUNCTIONS = """
abs acos acosh add all any arrays ascii ascii_downcase ascii_upcase asin asinh atan atan2 atanh
booleans bsearch builtins capture cbrt ceil combinations contains copysign cos cosh date dateadd
datesub debug del delpaths drem empty endswith env erf erfc error exp exp10 exp2 explode expm1
fabs false fdim finites first flatten floor fma fmax fmin fmod format frexp from_entries
fromdate fromdateiso8601 fromjson fromstream gamma get_search_list getpath gmtime group_by gsub
halt halt_error has have_decnum have_literal_numbers hypot implode IN in INDEX index indices
infinite input input_filename input_line_number inputs inside isempty isfinite isinfinite isnan
isnormal isvalid iterables j0 j1 join keys keys_unsorted last ldexp leaf_paths length lgamma
lgamma_r limit localtime log log10 log1p log2 logb ltrim ltrimstr map map_values match max
max_by min min_by mktime modf modulemeta nan nearbyint nextafter nexttoward normals not now nth
null nulls numbers objects output path paths pick pow pow10 range recurse recurse_down repeat
reverse rindex rint round rtrim rtrimstr scalars scalb scalbln scan select setpath significand
sin sinh skip sort sort_by split splits sqrt startswith JOIN stderr strflocaltime strftime strings
strptime sub
tan tanh test tgamma to_entries toarray toboolean todate todateiso8601 tojson tonumber tostream
tostring transpose trim trimstr true trunc truncate_stream type unique unique_by until
utf8bytelength values walk while with_entries y0 y1
"""
_KNOWN = frozenset((_KEYWORDS + _FUNCTIONS).split())


class _Token(NamedTuple):
    kind: str
    text: str


def problem(expression: str) -> str:
    """What keeps an expression from being read, empty where nothing is known to.

    The sentence follows the expression: ``.a[`` "leaves `[` open".
    """
    if not expression.strip():
        return "is empty"
    tokens: list[_Token] = []
    trouble = _split(expression, tokens)
    return trouble or _brackets(tokens) or _ends(tokens) or _names(tokens)


def _split(text: str, tokens: list[_Token]) -> str:
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = _string_end(text, at)
            if end is None:
                return "leaves a string open"
            tokens.append(_Token("string", text[at:end]))
            at = end
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            if text[at] == "'":
                return "has single quotes; strings of jq stand in double quotes"
            return f"has `{text[at]}`, which means nothing in jq"
        if match.lastgroup != "blank":
            tokens.append(_Token(str(match.lastgroup), match.group()))
        at = match.end()
    return ""


def _string_end(text: str, start: int) -> int | None:
    """Where a string ends; an expression that is interpolated into it may hold strings again."""
    at = start + 1
    while at < len(text):
        if text.startswith("\\(", at):
            depth, at = 1, at + 2
            while at < len(text) and depth:
                if text[at] == '"':
                    end = _string_end(text, at)
                    if end is None:
                        return None
                    at = end
                    continue
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                at += 1
        elif text[at] == "\\":
            at += 2
        elif text[at] == '"':
            return at + 1
        else:
            at += 1
    return None


def _brackets(tokens: list[_Token]) -> str:
    opened: list[str] = []
    for token in tokens:
        if token.kind != "bracket":
            continue
        if token.text in _CLOSING:
            if not opened or opened.pop() != _CLOSING[token.text]:
                return f"closes `{token.text}`, which is not open"
        else:
            opened.append(token.text)
    return f"leaves `{opened[-1]}` open" if opened else ""


def _ends(tokens: list[_Token]) -> str:
    if not tokens:
        return "is empty"
    first, last = tokens[0], tokens[-1]
    if first.kind == "operator" and first.text == "/":
        return "is a JSON pointer; move it to `jsonPointers`"
    if first.kind == "operator" and first.text != "-":
        return f"begins with `{first.text}`"
    if last.kind == "operator" and last.text != "?":
        return f"ends with `{last.text}`"
    return ""


def _names(tokens: list[_Token]) -> str:
    """A word that is neither a function nor the key of an object."""
    if any(token.text in {"def", "import", "include"} for token in tokens):
        return ""
    for number, token in enumerate(tokens):
        if token.kind != "word" or token.text in _KNOWN:
            continue
        before = tokens[number - 1] if number else _Token("", "")
        after = tokens[number + 1] if number + 1 < len(tokens) else _Token("", "")
        if after.text == ":" or before.text in {"{", "label", "break"} or after.text == "}":
            continue  # the key of an object
        if before.text == ",":
            continue  # may be one: {a, b}
        return _unknown_word(token.text, before, number)
    return ""


def _unknown_word(word: str, before: _Token, number: int) -> str:
    if number == 0:
        return f"does not begin with `.`, so jq takes `{word}` for a function"
    if before.text in {"-", "/"}:
        return f'reads as a calculation with `{word}`; write keys with `{before.text}` as ["…"]'
    return f"calls `{word}`, which is no function of jq"
