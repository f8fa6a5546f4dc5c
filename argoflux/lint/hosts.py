"""Hosts of addresses, and which of them are not reached over a network of others."""

from __future__ import annotations

import re
from ipaddress import ip_address

_HOST = re.compile(r"\A(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)
_NEAR = re.compile(r"(?:\.localhost|\.svc|[^.]+\.[^.]+\.svc\.[a-z0-9.-]+)\.?\Z")


def host_of(address: str) -> str:
    """The host of a URL or of ``host[:port]``, in lower case."""
    found = _HOST.match(address.strip())
    return found[1].strip("[]").lower() if found is not None else ""


def is_near(address: str) -> bool:
    """Whether an address stays inside of a cluster or machine: Services, and names without a dot."""
    host = host_of(address)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return bool(host) and ("." not in host or _NEAR.search(host) is not None)
