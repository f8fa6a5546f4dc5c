"""Names of the Applications that Flux objects become; they do not depend on input order.

The smallest (namespace, name, file) keeps its name; parents of others come last. Argo CD before 3.0
writes the name into a label of every object (argo-cd:docs/user-guide/resource_tracking.md), which
limits it to 63 characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.argocd.emit_parents import is_parent, root_name
from argoflux.argocd.gates import is_at_least
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.model.app import App

OBJECT_LIMIT = 253
_DNS_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SHORT = {"Kustomization": "ks", "HelmRelease": "hr"}


def application_names(apps: Iterable[App], argocd: str) -> dict[App, str]:
    """The name of each app's Application, unique within its root.

    ``argocd`` is the release of the target. An app that an earlier conversion made from an
    Application takes that one's name again.
    """
    limit = OBJECT_LIMIT if is_at_least(argocd, "3.0") else LABEL_LIMIT
    by_root: dict[str, list[App]] = {}
    for app in apps:
        by_root.setdefault(app.root, []).append(app)
    names: dict[App, str] = {}
    for members in by_root.values():
        members.sort(key=lambda a: (is_parent(a), a.namespace, a.name, a.resource.file, a.kind))
        names.update(_unique(members, limit))
    return names


def _unique(apps: list[App], limit: int) -> dict[App, str]:
    names: dict[App, str] = {}
    taken: set[str] = set()
    for app in apps:
        wanted = shorten(_wanted(app), limit)
        if wanted not in taken:
            names[app] = wanted
            taken.add(wanted)
    for app in apps:
        if app not in names:
            names[app] = next(name for name in _alternatives(app, limit) if name not in taken)
            taken.add(names[app])
    return names


def _wanted(app: App) -> str:
    restored = app.extra.get("application")
    return _dns_name(str(restored) if restored else root_name(app) or app.name)


def _dns_name(text: str) -> str:
    """The text itself where the API server takes it as a name, else what can stay of it."""
    return text if _DNS_NAME.fullmatch(text) else slug(text)


def _alternatives(app: App, limit: int) -> Iterator[str]:
    """``ns-name``, ``ns-name-ks``, then hashes of the identity, of identity and file, and so on."""
    base = _dns_name(f"{app.namespace}-{app.name}" if app.namespace else app.name)
    suffixed = f"{base}-{_SHORT.get(app.kind, app.kind.lower())}"
    yield from (name for name in (base, suffixed) if len(name) <= limit)
    yield with_hash(suffixed, app.id)
    identity = f"{app.id} {app.resource.file}"
    while True:
        yield with_hash(suffixed, identity)
        identity += "+"
