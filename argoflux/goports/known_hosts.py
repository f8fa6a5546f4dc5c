"""Lines of an OpenSSH known_hosts file that speak for one host.

Facts: openssh-portable:sshd.8 (SSH_KNOWN_HOSTS FILE FORMAT), golang/crypto:ssh/knownhosts/knownhosts.go.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from functools import lru_cache

_SSH_PORT = 22
_MARKERS = frozenset({"@cert-authority", "@revoked"})
_FIELDS = 3
_HASH_PARTS = 4


def host_lines(known_hosts: str, host: str, port: int | None = None) -> tuple[str, ...]:
    """The lines that apply to a host, each once, in the order of the file.

    Names are compared without regard to case; patterns (``*``, ``?``, ``!``) and hashed names
    (``|1|salt|hash``) count. A port other than 22 is part of the name: ``[host]:2222``.
    """
    name = host.lower().strip("[]")
    if port not in {None, _SSH_PORT} or ":" in name:
        wanted = f"[{name}]:{port}" if port not in {None, _SSH_PORT} else name
    else:
        wanted = name
    lines = (line.strip() for line in known_hosts.splitlines())
    return tuple(dict.fromkeys(line for line in lines if _speaks_for(line, wanted)))


def _speaks_for(line: str, wanted: str) -> bool:
    fields = line.split()
    if fields and fields[0] in _MARKERS:
        fields = fields[1:]
    if len(fields) < _FIELDS or fields[0].startswith("#"):
        return False
    names = fields[0]
    if names.startswith("|"):
        return _is_hash_of(names, wanted)
    found = False
    for pattern in names.lower().split(","):
        if pattern.startswith("!"):
            if _regex(pattern[1:]).fullmatch(wanted):
                return False
        elif _regex(pattern).fullmatch(wanted):
            found = True
    return found


@lru_cache(maxsize=1024)
def _regex(pattern: str) -> re.Pattern[str]:
    """A host pattern: ``*`` any characters, ``?`` one; ``[host]:22`` is the host alone."""
    plain = re.fullmatch(r"\[(.*)\]:22", pattern)
    parts = re.split(r"([*?])", plain[1] if plain else pattern)
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(part) or re.escape(part) for part in parts), re.DOTALL)


def _is_hash_of(text: str, wanted: str) -> bool:
    """Whether a hashed name (``|1|salt|hash``, HMAC-SHA1) is that of a host."""
    parts = text.split("|")
    if len(parts) != _HASH_PARTS or parts[1] != "1":
        return False
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in parts[2:])
    except (binascii.Error, ValueError):
        return False
    # the format prescribes SHA-1; nothing is protected by it here
    made = hmac.new(salt, wanted.encode(), hashlib.sha1).digest()
    return hmac.compare_digest(made, digest)
