"""Git repository URLs: Argo CD's comparison, the scp form, and credentials in URLs.

Facts: argo-cd:util/git/git.go (NormalizeGitURL, SameURL), source-controller:api/v1/gitrepository_types.go
(the URL pattern), git's own documentation of URLs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from argoflux.goports.gourl import UrlError, respell

_ARGO_SSH = re.compile(r"(ssh://)?[^/:]*?@[^@]+")
_FLUX = re.compile(r"(http|https|ssh)://")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP = re.compile(r"(?:(?P<user>[^/:@]*)@)?(?P<host>\[[^\]/]*\]|[^/:@]+):(?P<path>.*)", re.DOTALL)
_WEB = frozenset({"http", "https"})


class GitUrlError(ValueError):
    """The text cannot be read as a repository URL."""


class GitUrl(NamedTuple):
    """The parts of a repository URL; absent parts are empty.

    ``is_scp``: written as ``user@host:path``, with ``scheme`` ssh. A plain path has only ``path``.
    """

    scheme: str = ""
    user: str = ""
    password: str = ""
    host: str = ""
    port: int | None = None
    path: str = ""
    is_scp: bool = False


def normalize_git_url(url: str) -> str:
    """Return the form in which Argo CD compares repositories, or "" where it cannot read the URL.

    Lower case, without ``.git`` and ``ssh://``; ``git@host:org/repo`` becomes ``git@host/org/repo``.
    Ports, users and a trailing ``/`` stay. Only for comparing: hosts may tell cases apart.
    """
    text = url.strip().lower()
    if _ARGO_SSH.fullmatch(text) and not text.startswith("ssh://"):
        text = "ssh://" + text.replace(":", "/", 1)
    try:
        return respell(text.removesuffix(".git")).removeprefix("ssh://")
    except UrlError:
        return ""


@lru_cache(maxsize=1024)
def repository_key(url: str) -> str:
    """Return a key that is equal for URLs that Argo CD takes for the same repository.

    A URL that Argo CD cannot read is its own key.
    """
    return normalize_git_url(url) or url


def same_repository(left: str, right: str) -> bool:
    """Tell whether Argo CD takes both URLs for the same repository; empty ones never are."""
    key = repository_key(left)
    return key != "" and key == repository_key(right)


@lru_cache(maxsize=1024)
def parse(url: str) -> GitUrl:
    """Split a URL, an scp form or a plain path; letter case stays.

    In the scp form everything after the colon is the path: ``git@host:2222/x`` has no port.
    Raises GitUrlError for a port that is not a number (``ssh://git@host:org/repo``).
    """
    text = url.strip()
    scheme = _SCHEME.match(text)
    if scheme is None:
        scp = _SCP.fullmatch(text)
        if scp is None:
            return GitUrl(path=text)
        return GitUrl(
            scheme="ssh", user=scp["user"] or "", host=scp["host"], path=scp["path"], is_scp=True
        )
    authority, slash, path = text[scheme.end() :].partition("/")
    userinfo, _, location = authority.rpartition("@")
    user, _, password = userinfo.partition(":")
    host, port = _split_port(location)
    return GitUrl(
        scheme=scheme[1].lower(),
        user=user,
        password=password,
        host=host,
        port=port,
        path=slash + path,
    )


def _split_port(location: str) -> tuple[str, int | None]:
    if location.endswith("]"):
        return location, None
    host, colon, port = location.rpartition(":")
    if not colon:
        return location, None
    if port and not (port.isascii() and port.isdigit()):
        raise GitUrlError(f"port '{port}' of a repository URL is not a number")
    return host, int(port) if port else None


@lru_cache(maxsize=1024)
def to_ssh_url(url: str) -> str:
    """Write an scp form as ``ssh://``, the only one of the two that Flux accepts.

    ``git@host:org/repo.git`` becomes ``ssh://git@host/org/repo.git``; other URLs stay as they are.
    """
    text = url.strip()
    if _SCHEME.match(text):
        return text
    scp = _SCP.fullmatch(text)
    if scp is None:
        return text
    user = f"{scp['user']}@" if scp["user"] else ""
    return f"ssh://{user}{scp['host']}/{scp['path'].lstrip('/')}"


def flux_accepts(url: str) -> bool:
    """Tell whether ``GitRepository.spec.url`` may hold the URL: http, https or ssh, in lower case."""
    return _FLUX.match(url) is not None


def has_credentials(url: str) -> bool:
    """Tell whether the URL holds a user in http(s), or a password in any scheme.

    The user of an ssh URL is an address, not a secret.
    """
    return strip_credentials(url) != url


@lru_cache(maxsize=1024)
def strip_credentials(url: str) -> str:
    """Remove the user part of an http(s) URL and the password of any other; never fails."""
    while (stripped := _strip_once(url)) != url:
        url = stripped
    return url


def _strip_once(url: str) -> str:
    scheme = _SCHEME.match(url)
    if scheme is None:
        return url
    rest = url[scheme.end() :]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" not in authority and not re.fullmatch(r"[^:]*(:[0-9]*)?|\[.*", authority):
        # A password with an unescaped slash: no host has such a port.
        authority = rest
    userinfo, at, _ = authority.rpartition("@")
    if not at:
        return url
    user = "" if scheme[1].lower() in _WEB else userinfo.partition(":")[0]
    return scheme[0] + (f"{user}@" if user else "") + rest[len(userinfo) + 1 :]


def basename(url: str) -> str:
    """Return the last segment of the repository's path without ``.git``; "" if there is none."""
    path = re.split(r"[?#]", strip_credentials(url.strip()), maxsplit=1)[0]
    scheme = _SCHEME.match(path)
    if scheme is not None:
        path = path[scheme.end() :].partition("/")[2]
    return re.split(r"[/:]", path.rstrip("/"))[-1].removesuffix(".git")
