"""Public keys in OpenPGP's text form: their ids, and one text for each.

RFC 4880: armor and checksum (6), packets (4.2), key ids (12.2), flags of subkeys (5.2.3.21). GnuPG
signs with a subkey where there is one for signing; its id is then the one that git reports.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----[ \t]*\r?\n(.*?)-----END PGP PUBLIC KEY BLOCK-----",
    re.DOTALL,
)
_PRIVATE = re.compile(r"-----BEGIN PGP (?:PRIVATE|SECRET) KEY")
_SIGNATURE, _KEY, _SUBKEY = 2, 6, 14
_BINDING = 0x18
_FLAGS = 27
_MAY_SIGN = 0x02
_VERSION = 4
_ID_SIZE = 8
_WIDTH = 64


class OpenPgpError(ValueError):
    """A text holds no public keys, or not only those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key by its id, 16 hexadecimal digits; ``signers`` are its subkeys that sign."""

    id: str
    text: str
    signers: tuple[str, ...] = ()


class _Packet(NamedTuple):
    tag: int
    body: bytes
    raw: bytes


def read_keys(text: str) -> tuple[PublicKey, ...]:
    """The public keys of a text, in its order.

    Raises OpenPgpError where there are none, where a private one is among them, and for keys of
    another version than 4, which is all that GnuPG knows.
    """
    if _PRIVATE.search(text):
        raise OpenPgpError("it holds a private key")
    packets = [packet for block in _BLOCK.findall(text) for packet in _packets(_unarmored(block))]
    keys: list[list[_Packet]] = []
    for packet in packets:
        if packet.tag == _KEY:
            keys.append([])
        if keys:
            keys[-1].append(packet)
    if not keys:
        raise OpenPgpError("it holds no OpenPGP public key")
    alone = text.strip() + "\n" if len(keys) == 1 else ""
    return tuple(
        PublicKey(id=_id(key[0].body), text=alone or _armored(key), signers=_signers(key))
        for key in keys
    )


def _unarmored(block: str) -> bytes:
    """The bytes of a block, without its headers and checksum."""
    lines = [line.strip() for line in block.splitlines()]
    if "" in lines:  # headers end with an empty line
        lines = lines[lines.index("") + 1 :]
    try:
        return base64.b64decode(
            "".join(line for line in lines if not re.match(r"=[^=]", line)), validate=True
        )
    except (binascii.Error, ValueError) as why:
        raise OpenPgpError("its text is damaged") from why


def _armored(packets: list[_Packet]) -> str:
    data = b"".join(packet.raw for packet in packets)
    encoded = base64.b64encode(data).decode("ascii")
    lines = [encoded[at : at + _WIDTH] for at in range(0, len(encoded), _WIDTH)]
    check = base64.b64encode(_checksum(data).to_bytes(3, "big")).decode("ascii")
    kind = "PGP PUBLIC KEY BLOCK"
    return "\n".join(
        [f"-----BEGIN {kind}-----", "", *lines, f"={check}", f"-----END {kind}-----\n"]
    )


def _checksum(data: bytes) -> int:
    """CRC-24 of RFC 4880, 6.1."""
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc & 0xFFFFFF


def _packets(data: bytes) -> Iterator[_Packet]:
    at = 0
    try:
        while at < len(data):
            first = data[at]
            if not first & 0x80:
                raise OpenPgpError("its text is damaged")
            tag, start, length = _header(data, at, new=bool(first & 0x40))
            end = start + length
            if end > len(data):
                raise OpenPgpError("its text is cut off")
            yield _Packet(tag, data[start:end], data[at:end])
            at = end
    except IndexError as why:
        raise OpenPgpError("its text is cut off") from why


def _header(data: bytes, at: int, *, new: bool) -> tuple[int, int, int]:
    """Tag of a packet, where its body starts, and how long that is."""
    first = data[at]
    if new:
        length, start = _length(data, at + 1)
        return first & 0x3F, start, length
    size = (1, 2, 4, 0)[first & 3]
    if not size:
        raise OpenPgpError("a packet of it has no length")
    start = at + 1 + size
    return (first >> 2) & 0x0F, start, int.from_bytes(data[at + 1 : start], "big")


_TWO_BYTES, _PARTIAL, _FIVE_BYTES = 192, 224, 255
"""First bytes from which a length is longer, or comes in parts: RFC 4880, 4.2.2."""


def _length(data: bytes, at: int) -> tuple[int, int]:
    """A length of one, two or five bytes, and where what it measures starts."""
    first = data[at]
    if first < _TWO_BYTES:
        return first, at + 1
    if first < _PARTIAL:
        return ((first - _TWO_BYTES) << 8) + data[at + 1] + _TWO_BYTES, at + 2
    if first < _FIVE_BYTES:
        raise OpenPgpError("a packet of it comes in parts")
    return int.from_bytes(data[at + 1 : at + 5], "big"), at + 5


def _id(body: bytes) -> str:
    if body[:1] != bytes([_VERSION]):
        raise OpenPgpError("a key of it is not of version 4")
    # the hash names keys, it protects nothing here
    digest = hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body, usedforsecurity=False)
    return digest.digest()[-_ID_SIZE:].hex().upper()


def _signers(packets: list[_Packet]) -> tuple[str, ...]:
    """The subkeys that are bound to the key as keys that sign."""
    found: list[str] = []
    subkey: bytes | None = None
    for packet in packets:
        if packet.tag == _SUBKEY:
            subkey = packet.body
        elif packet.tag != _SIGNATURE:
            subkey = None
        elif subkey is not None and _lets_sign(packet.body):
            found.append(_id(subkey))
            subkey = None
    return tuple(found)


def _lets_sign(signature: bytes) -> bool:
    if signature[:2] != bytes([_VERSION, _BINDING]):
        return False
    size = int.from_bytes(signature[4:6], "big")
    hashed = signature[6 : 6 + size]
    at = 0
    while at < len(hashed):
        length, start = _length(hashed, at)
        if length and hashed[start] & 0x7F == _FLAGS:
            return bool(hashed[start + 1 : start + 2] and hashed[start + 1] & _MAY_SIGN)
        at = start + length
    return False
