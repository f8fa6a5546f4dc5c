"""Hypothesis strategies for YAML: values, and texts that write them in many styles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from argoflux.yamlio.dump import double_quoted, inline_token
from argoflux.yamlio.scalars import UNUSUAL

ODD_TEXTS = sorted(
    UNUSUAL
    | {
        "1e3", "0777", "0o14", "0x1F", "1:30", "2024-01-01", "2024-01-01T00:00:00Z", "=", "-", "?",
        ":", "a: b", "a:", "a #b", "#a", "- a", "---", "--- a", "...", "@a", "`a", "%a", "&a", "*a",
        "!a", "|", ">", "{a}", "[a]", "a,b", "{{ x }}", "${X}", "'", '"', "it's", "\\", " a", "a ",
        "\t", "a\tb", "\n", "\n\n", "a\n", "a\nb", "a\n\nb\n\n", " a\nb", "\na", "\n a", "a\n b\n",
        "a \nb", "a\n\t\nb", "a\n  \nb", "a\r\nb", "\r", "\x85", "\u2028", "\ufeff", "\x00", "\x7f",
        "é", "日本", "😀", "a\n#b\n", "a\n---\nb", "key: |\n  x\n", "1_000", "+1", ".5", "5.", "1e400",
        "0b1", "1.2.3", "10.0.0.1", "v1", "190:20:30.15", "~", "null ", "x" * 1200,
    }
)  # fmt: skip

_ALPHABET = st.characters(codec="utf-8", exclude_categories=["Cs"])
TEXTS = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(alphabet="ab:#-'\" \n\t{}[],&*!|>%@`\\?.0e1", max_size=12),
    st.text(alphabet=_ALPHABET, max_size=8),
)
KEYS = st.one_of(
    st.sampled_from(["name", "spec", "a.b/c", "app.kubernetes.io/name", "on", "1", "x y", "null"]),
    TEXTS.filter(lambda text: text != "<<"),  # kustomize drops a key `<<`, however it is quoted
)
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer()),
)
SCALARS = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)

# Values for hand-written texts: words that every style can hold.
WORDS = st.sampled_from(["a", "bc", "1.10", "yes", "a b", "x-1", "", "2024-01-01", "n"])
SIMPLE_KEYS = st.sampled_from(["a", "b", "name", "spec", "a.b/c", "on", "list", "10"])
SIMPLE = st.recursive(
    st.one_of(WORDS, st.integers(0, 99), st.booleans(), st.none(), st.just("l1\nl2\n")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(SIMPLE_KEYS, inner, max_size=3)
    ),
    max_leaves=10,
)
TREES = st.dictionaries(SIMPLE_KEYS, SIMPLE, min_size=1, max_size=4)


@dataclass(frozen=True, slots=True)
class Written:
    """A text and the value it was written for."""

    text: str
    value: Any


class _Writer:
    """Writes a value in styles that are drawn one by one."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.step = draw(st.sampled_from(["", "  "]))
        self.comments = 0

    def flag(self) -> bool:
        return self.draw(st.integers(0, 3)) == 0

    def scalar(self, value: Any) -> str:
        if isinstance(value, str):
            if "\n" in value or self.flag():
                return double_quoted(value)
            if self.flag():
                return "'" + value.replace("'", "''") + "'"
        return inline_token(value, "")

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            entries = (f"{double_quoted(k)}: {self.flow(v)}" for k, v in value.items())
            return "{" + ", ".join(entries) + "}"
        if isinstance(value, list):
            return "[ " + ", ".join(map(self.flow, value)) + " ]"
        return double_quoted(value) if isinstance(value, str) else inline_token(value, "")

    def comment(self) -> str:
        if not self.flag():
            return ""
        self.comments += 1
        return f" # note {self.comments}"

    def block(self, value: Any, indent: str) -> list[str]:
        """Lines of a collection that is not empty; some are comments or blank."""
        lines: list[str] = []
        mapping = isinstance(value, dict)
        for key in value if mapping else range(len(value)):
            if lines and self.flag():
                lines.append(f"{indent}{self.comment().strip()}".rstrip())
            item = value[key]
            head = f"{indent}{self.scalar(key)}:" if mapping else f"{indent}-"
            if not isinstance(item, dict | list) or not item or self.flag():
                lines.extend(self.leaf(head, item, indent))
            elif mapping:
                lines.append(head + self.comment())
                lines.extend(
                    self.block(item, indent + (self.step if isinstance(item, list) else "  "))
                )
            else:
                inner = self.block(item, indent + "  ")
                lines.append(f"{head} {inner[0].lstrip()}")
                lines.extend(inner[1:])
        return lines

    def leaf(self, head: str, item: Any, indent: str) -> list[str]:
        if isinstance(item, dict | list):
            return [f"{head} {self.flow(item)}{self.comment()}"]
        if item is None and self.flag():
            return [head + self.comment()]
        if isinstance(item, str) and item.endswith("2\n") and not self.flag():
            lines = item.splitlines()
            return [f"{head} |{self.comment()}", *(f"{indent}  {line}" for line in lines)]
        return [f"{head} {self.scalar(item)}{self.comment()}"]


@st.composite
def written(draw: Any) -> Written:
    """A mapping as somebody may have written it: styles, comments, indents and line endings."""
    value = draw(TREES)
    writer = _Writer(draw)
    lines = ["# top", *writer.block(value, "")]
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    ending = draw(st.sampled_from(["\n", "\n", "\n\n", ""]))
    if lines[-1].endswith("  l2"):  # the end of a block scalar: without a line break it loses one
        ending = ending or "\n"
    return Written((newline.join(lines) + ending.replace("\n", newline)), value)
