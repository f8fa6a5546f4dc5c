"""A password or token inside of an address.

## What it does

It looks at every field of Argo CD and Flux objects that holds an address: a user with a password, a token in place of the user,
a token among the query parameters, and incoming webhooks of chat services, whose address is the secret.

## Why is this bad

Addresses are shown in user interfaces, status fields, events and logs. Argo CD also finds credentials by address, so one with a
password in it matches none of its credential templates.

## When to ignore it

Never for a real credential: move it to a Secret and revoke the one that was committed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

_USER = re.compile(r"\A[a-z][a-z0-9+.-]*://([^/\s@:]+)(:[^/\s@]+)?@", re.IGNORECASE)
_TOKEN = re.compile(
    r"gh[pousr]_\w{20,}|glpat-[\w-]{16,}|github_pat_\w{20,}|x-oauth|[A-Za-z0-9_-]{32,}"
)
_QUERY = re.compile(
    r"[?&](?:access_token|private_token|token|api_?key|auth|sig)=[^&\s]{6,}", re.IGNORECASE
)
_HOOKS = re.compile(
    r"\Ahttps://(?:hooks\.slack\.com/services/|discord(?:app)?\.com/api/webhooks/|chat\.googleapis\.com/v1/"
    r"|[a-z0-9.-]+\.webhook\.office\.com/)\S+",
    re.IGNORECASE,
)
_FREE = frozenset({"values", "valuesObject", "data", "stringData"})
"""Parts whose texts AF504 looks at."""

RULE = Rule(
    code="AF503",
    name="credentials-in-url",
    severity=Severity.ERROR,
    confidential=True,
    links=(
        "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories",
    ),
)


def check(resource: Resource, _ctx: Context) -> Iterator[Finding]:
    """Addresses that hold a credential; the message names the field only."""
    for path, value in leaves(resource.body):
        if not isinstance(value, str) or "://" not in value or path[0] == "status":
            continue
        if has_placeholder(value) or not _FREE.isdisjoint(path):
            continue
        what = _holds(value)
        if what:
            message = (
                f"the address holds {what}; move it to a Secret, and revoke what was committed"
            )
            yield RULE.at(resource.place(*path), message, resource=resource)


def _holds(url: str) -> str:
    if _HOOKS.match(url):
        return "the secret of an incoming webhook"
    found = _USER.match(url)
    if found is not None and found[2]:
        return "a password"
    if found is not None and not url.lower().startswith("ssh:") and _TOKEN.fullmatch(found[1]):
        return "a token"
    return "a token" if _QUERY.search(url) else ""


BAD = (
    Example(
        title="a password in the address of a repository",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  url: https://ci:not-a-real-one@git.example.com/apps.git
""",
        at="spec.url",
    ),
    Example(
        title="an incoming webhook in the open",
        yaml="""\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: chat
  namespace: flux-system
spec:
  type: slack
  channel: deployments
  address: https://hooks.slack.com/services/TEAM/CHANNEL/EXAMPLE
""",
        at="spec.address",
    ),
)
GOOD = (
    Example(
        title="credentials in a Secret, and a user of ssh",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  url: ssh://git@git.example.com/apps.git
  secretRef:
    name: apps
""",
    ),
    Example(
        title="a password that is filled in later",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  url: https://ci:${TOKEN}@git.example.com/apps.git
""",
    ),
)
