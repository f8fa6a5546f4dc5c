"""Making text from manifests harmless: control characters, Markdown, credentials in addresses."""

from __future__ import annotations

import re
import unicodedata

_CODE = re.compile(r"`([^`\n]+)`")
_MARKDOWN = frozenset("\\`*_[]<>#|~@&$")
_CREDENTIALS = re.compile(
    r"(?i)\b(?:(ssh://[^/\s@:]*)(?::[^/\s@]*)?|([a-z][a-z0-9+.-]*://)[^/\s@]*)@"
)


def visible(text: str, *, lines: bool = False) -> str:
    """``text`` with every character that could steer a terminal written as an escape.

    That are control and formatting characters (among them those that turn the direction of
    writing), lone surrogates, and characters that this Python knows no meaning of. With ``lines``
    a line break stays.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if _harmless(char) or (lines and char == "\n") else _escaped(char) for char in text
    )


def _harmless(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _escaped(char: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if known is not None:
        return known
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004 - two hexadecimal digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four digits


def without_credentials(text: str) -> str:
    """``text`` with the credentials of every address replaced by ``***``.

    The user of an ssh address is part of the address; its password is not.
    """
    return _CREDENTIALS.sub(_masked, text) if "@" in text else text


def _masked(match: re.Match[str]) -> str:
    ssh, other = match.groups()
    if ssh is None:
        return f"{other}***@"
    return match[0] if match[0] == f"{ssh}@" else f"{ssh}:***@"


def markdown(text: str) -> str:
    """``text`` for a Markdown table cell: spans in backticks become code, nothing else is markup.

    Every character with a meaning in Markdown or HTML becomes an entity, so a name can neither
    leave its cell nor mention a user or an issue.
    """
    out: list[str] = []
    at = 0
    shown = visible(text)
    for match in _CODE.finditer(shown):
        out += [_entities(shown[at : match.start()]), "<code>", _entities(match[1]), "</code>"]
        at = match.end()
    out.append(_entities(shown[at:]))
    return "".join(out)


def markdown_code(text: str) -> str:
    """``text`` as code in a Markdown table cell, whatever it holds."""
    return f"<code>{_entities(visible(text))}</code>" if text else ""


def _entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" if char in _MARKDOWN else char for char in text)
