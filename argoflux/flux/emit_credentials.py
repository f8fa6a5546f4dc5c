"""The Secrets of all sources in the output, and the fate of every Secret of the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.secret_book import facts_of
from argoflux.goports.giturl import to_ssh_url
from argoflux.mapping.emission import Decision, Idle
from argoflux.model.source import GitSource, HelmSource, OciSource
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from argoflux.flux.access_needs import SourceKind
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.secret_book import SecretBook, Use
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Loaded
    from argoflux.model.credentials import Credential
    from argoflux.resource import Resource

_KINDS: dict[str, SourceKind] = {
    "GitRepository": "GitRepository",
    "HelmRepository": "HelmRepository",
    "OCIRepository": "OCIRepository",
}


def assign_needs(plans: Iterable[Plan], book: SecretBook) -> None:
    """Find what each plan's source needs, before plans are asked to share one.

    Argo CD looks credentials up by the address that the Application states.
    """
    for plan in plans:
        kind = _kind_of(plan)
        if kind is not None:
            url, project = stated_url(plan), plan.app.project or "default"
            plan.need = book.need(kind, url, root=plan.app.root, project=project)


def _kind_of(plan: Plan) -> SourceKind | None:
    """The kind of object that will most likely hold the source."""
    match plan.part.source:
        case GitSource():
            return "GitRepository"
        case HelmSource():
            return "HelmRepository"
        case OciSource():
            return "OCIRepository"
        case _:
            return None


def stated_url(plan: Plan) -> str:
    """The address as the Application states it."""
    stated = dig(plan.app.resource.body, *plan.part.at, "repoURL")
    if isinstance(stated, str) and stated:
        return stated
    source: Any = plan.part.source
    return str(getattr(source, "url", ""))


def grant_access(plans: Sequence[Plan], drafts: Iterable[Draft], book: SecretBook) -> None:
    """Give every new source object the credentials of the plans that use it."""
    users: dict[tuple[str, str, str, str], list[Plan]] = {}
    for plan in plans:
        key = (plan.app.root, plan.source_kind, plan.namespace, plan.source)
        users.setdefault(key, []).append(plan)
    for draft in drafts:
        kind = _KINDS.get(draft.kind)
        using = users.get((draft.root, draft.kind, draft.namespace, draft.name), [])
        if kind is None or not using:
            continue
        first = using[0]
        url, project = stated_url(first), first.app.project or "default"
        need = book.need(kind, url, root=draft.root, project=project)
        access = book.grant(need, kind, url, using)
        access.put(draft)
        for plan in using:
            plan.facts["source_secret"] = access.secret


def emit_credentials(book: SecretBook, loaded: Loaded, emission: Emission) -> None:
    """Hand over the Secrets that sources were granted, with a decision for each resource behind them.

    What no source uses is idle; a Secret whose repository cannot be read needs a person.
    """
    for draft in book.drafts:
        draft.sources = book.sources_of(draft)
    emission.drafts += book.drafts
    keyring = book.keyring
    for credential in keyring.secrets():
        use = book.uses.get(credential.resource)
        if use is not None:
            emission.made[credential.resource] = _decision(credential, use)
        elif not credential.url and loaded.estate.apps:
            facts = {"unplaced": True, "foreign": False}
            emission.made[credential.resource] = Decision(kind="", facts=facts)
        else:
            _leave(credential.resource, "no converted source uses it", loaded)
    for resource in keyring.writers:
        emission.made[resource] = Decision(kind="")
    for resource in keyring.tokens:
        _leave(resource, "no converted generator uses its token", loaded)
    for trust in (*keyring.host_keys.values(), *keyring.certificates.values()):
        if trust.resource in book.uses:
            emission.made[trust.resource] = Decision(kind="")
        else:
            _leave(trust.resource, "no converted source needs it", loaded)


def _decision(credential: Credential, use: Use) -> Decision:
    facts = facts_of(use)
    facts["foreign"] = not credential.readable and bool(use.secrets)
    facts["ssh"] = any(to_ssh_url(url).startswith("ssh://") for url in use.urls)
    facts["renames"] = facts["renames"] or "none"
    return Decision(kind="Secret" if use.written else "", facts=facts)


def _leave(resource: Resource, reason: str, loaded: Loaded) -> None:
    loaded.idle.append(Idle(resource=resource, reason=reason))
