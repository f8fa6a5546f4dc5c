"""How Go's net/url reads a URL and prints it again.

Facts: go:src/net/url/url.go (1.26); checked against vectors of the real package.
"""

from __future__ import annotations

import re
import string
from ipaddress import AddressValueError, IPv6Address

_PLAIN = (string.ascii_letters + string.digits + "-_.~").encode()
_USER_SAFE = frozenset(_PLAIN + b"$&+,;=")
_HOST_SAFE = frozenset(_PLAIN + b"!$&'()*+,;=:[]<>\"")
_PATH_SAFE = frozenset(_PLAIN + b"$&+,/:;=@")
_FRAGMENT_SAFE = frozenset(_PLAIN + b"$&+,/:;=?@!()*")
_KEPT = frozenset(b"!$&'()*+,;=:@[]%")
_USERINFO = frozenset(_PLAIN + b":!$&'()*+,;=%@")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PORT = re.compile(r"(:[0-9]*)?")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class UrlError(ValueError):
    """Go's url.Parse refuses the text."""


def respell(text: str) -> str:
    """Return what ``url.Parse(text)`` prints; raises UrlError where Parse fails."""
    main, _, fragment = text.partition("#")
    printed = _respell_main(main)
    if fragment:
        printed += "#" + _respell_escapes(fragment, _FRAGMENT_SAFE)
    return printed


def _respell_main(text: str) -> str:
    if _CONTROL.search(text):
        raise UrlError("control character in URL")
    if text == "*":
        return text
    if text.startswith(":"):
        raise UrlError("URL without scheme before ':'")
    match = _SCHEME.match(text)
    scheme = match[1].lower() + ":" if match else ""
    rest = text[match.end() :] if match else text
    if rest.endswith("?") and rest.count("?") == 1:
        rest, query = rest[:-1], "?"
    else:
        rest, _, query = rest.partition("?")
        query = f"?{query}" if query else ""
    return scheme + _respell_rest(scheme, rest) + query


def _respell_rest(scheme: str, rest: str) -> str:
    if not rest.startswith("/"):
        if scheme:
            return rest
        if ":" in rest.partition("/")[0]:
            raise UrlError("colon in the first segment of a path")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        shown = _respell_authority(authority)
        path = _respell_escapes(slash + path, _PATH_SAFE)
        return f"//{shown}{path}" if shown or path else ""
    return _respell_escapes(rest, _PATH_SAFE)


def _respell_authority(authority: str) -> str:
    userinfo, at, host = authority.rpartition("@")
    shown_host = _escape(_read_host(host), _HOST_SAFE)
    if not at:
        return shown_host
    if not _USERINFO.issuperset(_encode(userinfo)):
        raise UrlError("invalid character in the user part of a URL")
    user, colon, password = userinfo.partition(":")
    shown_user = _escape(_unescape(user), _USER_SAFE)
    shown_password = _escape(_unescape(password), _USER_SAFE)
    return f"{shown_user}{colon}{shown_password}@{shown_host}"


def _read_host(host: str) -> bytes:
    if "[" in host:
        return _read_bracketed_host(host)
    _, colon, port = host.rpartition(":")
    if not _PORT.fullmatch(colon + port if colon else ""):
        raise UrlError("invalid port in URL")
    return _unescape_host(host)


def _read_bracketed_host(host: str) -> bytes:
    if host.rfind("[") > 0 or "]" not in host:
        raise UrlError("misplaced '[' in the host of a URL")
    address, _, port = host[1:].rpartition("]")
    if not _PORT.fullmatch(port):
        raise UrlError("invalid port in URL")
    try:
        IPv6Address(_unescape(address).decode(errors="replace"))
    except AddressValueError as error:
        raise UrlError("invalid IPv6 address in URL") from error
    return b"[" + _unescape(address) + b"]" + port.encode()


def _unescape_host(host: str) -> bytes:
    """Unescape a host, where only bytes above ASCII (and ``%25``) may be escaped."""
    plain = _ESCAPE.sub(_check_host_escape, _encode(host))
    if not _HOST_SAFE.issuperset(plain.decode(errors="replace").encode("ascii", "ignore")):
        raise UrlError("invalid character in the host of a URL")
    return _unescape(host)


def _check_host_escape(match: re.Match[bytes]) -> bytes:
    if match[0] < b"%8" and match[0] != b"%25":
        raise UrlError("needless escape in the host of a URL")
    return b""


def _respell_escapes(text: str, safe: frozenset[int]) -> str:
    """Check the escapes; keep a spelling that is valid as it stands, else escape anew."""
    plain = _unescape(text)
    if (safe | _KEPT).issuperset(_encode(text)) or plain == b"*":
        return text
    return _escape(plain, safe)


def _encode(text: str) -> bytes:
    return text.encode(errors="replace")


def _unescape(text: str) -> bytes:
    raw = _encode(text)
    if raw.count(b"%") != len(_ESCAPE.findall(raw)):
        raise UrlError("invalid escape in URL")
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), raw)


def _escape(raw: bytes, safe: frozenset[int]) -> str:
    return "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in raw)
