"""Which lines of a known_hosts file are for a host."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from argoflux.goports.known_hosts import host_lines

KEY = "ssh-ed25519 AAAAC3Nz"


def hashed(name: str) -> str:
    salt = b"0123456789abcdef0123"
    digest = hmac.new(salt, name.encode(), hashlib.sha1).digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    ("names", "host", "port", "found"),
    [
        ("github.com", "github.com", None, True),
        ("github.com", "GitHub.com", 22, True),
        ("github.com,140.82.121.3", "140.82.121.3", None, True),
        ("gitlab.com", "github.com", None, False),
        ("github.com", "github.com", 2222, False),
        ("[git.acme.io]:2222", "git.acme.io", 2222, True),
        ("[git.acme.io]:2222", "git.acme.io", None, False),
        ("[git.acme.io]:22", "git.acme.io", None, True),
        ("*.acme.io", "git.acme.io", None, True),
        ("*.acme.io", "acme.io", None, False),
        ("*.acme.io,!git.acme.io", "git.acme.io", None, False),
        ("git?.acme.io", "git1.acme.io", None, True),
        ("@cert-authority *.acme.io", "git.acme.io", None, True),
        (hashed("github.com"), "github.com", None, True),
        (hashed("github.com"), "gitlab.com", None, False),
        ("|1|no base64|x", "github.com", None, False),
        ("# github.com", "github.com", None, False),
    ],
)
def test_a_line_is_for_a_host(names: str, host: str, port: int | None, found: bool) -> None:
    line = f"{names} {KEY}"
    assert host_lines(f"\n{line}\n", host, port) == ((line,) if found else ())


def test_lines_come_once_in_their_order() -> None:
    text = f"b.io {KEY}2\na.io {KEY}1\nb.io {KEY}1\nb.io {KEY}2\nb.io\n"
    assert host_lines(text, "b.io") == (f"b.io {KEY}2", f"b.io {KEY}1")
