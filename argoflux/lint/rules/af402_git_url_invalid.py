"""An address of a Git repository that Flux cannot use.

## What it does

It looks at the address of a GitRepository: the short form `git@host:path`, a path behind a colon, other protocols, and SSH without the Secret that
holds key and known hosts.

## Why is this bad

Flux takes http, https and ssh addresses only, and does not guess. SSH needs a key and the keys of the host; without them the source
never becomes ready.

## Fix safety

The fix writes the same address in the form that Flux reads.

## When to ignore it

Never; the source does not work.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import table, text
from argoflux.lint.arrivals import arrivals
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.stand_ins import is_stand_in
from argoflux.yamlio.edit import set_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF402",
    name="git-url-invalid",
    severity=Severity.ERROR,
    kinds=("GitRepository",),
    links=("https://fluxcd.io/flux/components/source/gitrepositories/#url",),
)

# source-controller:api/v1/gitrepository_types.go (pattern), fluxcd/pkg:git/options.go (SSH: identity, known_hosts)
_SHORT = re.compile(r"(?:([^@/\s:]+)@)?([^:/\s]+):(?!//)(\S+)")
_COLON = re.compile(r"(ssh://(?:[^@/\s]+@)?[^:/\s]+):(?!\d+(?:/|$))(\S+)")


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Addresses that are refused, with the form that is meant."""
    url = known_text(text(resource.body, "spec", "url"))
    if not url:
        return
    place = resource.place("spec", "url")
    short, colon = _SHORT.fullmatch(url), _COLON.fullmatch(url)
    if short is not None and "://" not in url:
        meant = f"ssh://{short[1] or 'git'}@{short[2]}/{short[3].lstrip('/')}"
        message = f"Flux does not read the short form of SSH addresses; write `{meant}`"
        fix = ctx.safe(f"write `{meant}`", set_value(resource.document, place.path, meant))
        yield RULE.at(place, message, resource=resource, fix=fix)
    elif colon is not None:
        meant = f"{colon[1]}/{colon[2]}"
        message = f"what follows the colon is read as a port; write `{meant}`"
        fix = ctx.safe(f"write `{meant}`", set_value(resource.document, place.path, meant))
        yield RULE.at(place, message, resource=resource, fix=fix)
    elif is_stand_in(url):
        return
    elif not url.startswith(("http://", "https://", "ssh://")):
        yield RULE.at(place, "Flux reads http, https and ssh addresses only", resource=resource)
    elif url.startswith("ssh://") and not any(map(_has_key, _everywhere(resource, ctx))):
        message = "SSH needs a Secret with `identity` and `known_hosts`; add `secretRef`"
        yield RULE.at(place, message, resource=resource)


def _everywhere(resource: Resource, ctx: Context) -> tuple[Resource, ...]:
    """The source as it is written, or as parents make it where it arrives."""
    return (resource,) if _has_key(resource) else arrivals(ctx).of(resource)


def _has_key(resource: Resource) -> bool:
    provider = text(resource.body, "spec", "provider") or "generic"
    return provider != "generic" or bool(table(resource.body, "spec", "secretRef").get("name"))


_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: {url}
  ref:
    branch: main
"""
_WITH_KEY = "  secretRef:\n    name: fleet\n"

BAD = (
    Example(
        title="the short form",
        yaml=_SOURCE.format(url="git@git.example.com:team/fleet.git") + _WITH_KEY,
        at="spec.url",
        fixed=_SOURCE.format(url="ssh://git@git.example.com/team/fleet.git") + _WITH_KEY,
    ),
    Example(
        title="a path behind a colon",
        yaml=_SOURCE.format(url="ssh://git@git.example.com:team/fleet.git") + _WITH_KEY,
        at="spec.url",
        fixed=_SOURCE.format(url="ssh://git@git.example.com/team/fleet.git") + _WITH_KEY,
    ),
    Example(
        title="no key",
        yaml=_SOURCE.format(url="ssh://git@git.example.com/team/fleet.git"),
        at="spec.url",
    ),
)
GOOD = (
    Example(title="HTTPS", yaml=_SOURCE.format(url="https://git.example.com/team/fleet.git")),
    Example(
        title="a port",
        yaml=_SOURCE.format(url="ssh://git@git.example.com:7999/team/fleet.git") + _WITH_KEY,
    ),
    Example(title="an address that is filled in later", yaml=_SOURCE.format(url="${REPOSITORY}")),
    Example(title="a word that a script replaces", yaml=_SOURCE.format(url="GIT_PREFIX/fleet")),
)
