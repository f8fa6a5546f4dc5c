"""Repository Secrets: what Argo CD needs to fetch a repository, as stubs without values.

Keys of both sides: argo-cd:docs/operator-manual/declarative-setup.md,
fluxcd/website:content/en/flux/components/source/gitrepositories.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.goports.giturl import repository_key
from argoflux.kinds import SECRET_TYPE_LABEL
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash
from argoflux.mapping.source import F2A_SEC_002
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.mapping.emission import Emission
    from argoflux.model.app import App

FOLDER = "secrets"


class _Need(NamedTuple):
    """A repository with the Secret that Flux takes its credentials from."""

    root: str
    namespace: str
    secret: str
    key: str  # the repository, however its URL is spelled
    name: str  # of the source object


def put_repository_secrets(
    emission: Emission, apps: Iterable[App], namespace: str
) -> dict[App, Draft]:
    """One stub for every repository that needs credentials, by the apps that use it."""
    needs: dict[_Need, list[App]] = {}
    for app in apps:
        need = _need(app)
        if need is not None:
            needs.setdefault(need, []).append(app)
    drafts: dict[App, Draft] = {}
    shared: dict[tuple[str, str, str, str], Draft] = {}
    taken: set[tuple[str, str]] = set()
    for need in sorted(needs, key=lambda n: (n.root, n.namespace, n.name, n.secret, n.key)):
        users = needs[need]
        same = (need.root, need.namespace, need.secret, need.key)
        if same not in shared:
            name = _free_name(need, taken)
            shared[same] = _stub(need, users, name, namespace)
            emission.drafts.append(shared[same])
        draft = shared[same]
        for app in users:
            drafts[app] = draft
            if app not in draft.apps:
                draft.apps.append(app)
    _say_conflicts(emission, needs)
    return drafts


def _need(app: App) -> _Need | None:
    source = app.parts[0].source
    if not isinstance(source, GitSource) or not (source.secret or source.proxy):
        return None
    return _Need(
        app.root,
        _source_namespace(app),
        source.secret or "",
        repository_key(source.url),
        source.name,
    )


def _source_namespace(app: App) -> str:
    found = next((r for r in app.made_of if r.ref.kind == "GitRepository"), None)
    return found.ref.namespace or app.namespace if found is not None else app.namespace


def _free_name(need: _Need, taken: set[tuple[str, str]]) -> str:
    name = shorten(slug(f"repo-{need.name}"), LABEL_LIMIT)
    if (need.root, name) in taken:
        name = with_hash(name, f"GitRepository/{need.namespace}/{need.name}")
    taken.add((need.root, name))
    return name


def _stub(need: _Need, users: list[App], name: str, namespace: str) -> Draft:
    source = users[0].parts[0].source
    if not isinstance(source, GitSource):
        raise TypeError(f"{users[0].id} has no Git source")
    draft = Draft(
        api_version="v1",
        kind="Secret",
        namespace=namespace,
        name=name,
        folder=FOLDER,
        root=need.root,
        header=["a stub: fill in the values before you apply it"],
    )
    draft.put(("metadata", "labels", SECRET_TYPE_LABEL), "repository", origin="required")
    draft.put("stringData.type", "git", origin="required")
    draft.put("stringData.name", source.name, origin="derived")
    draft.put("stringData.url", source.url, origin="derived")
    owner = "-".join(part for part in (need.namespace, need.secret) if part)
    if source.secret:
        for key in _credential_keys(source):
            todo = f"TODO-copy-from-{owner}"
            draft.put(("stringData", key), todo, slot="part.source.secret")
    if source.provider == "azure":
        slot = "part.source.provider"
        draft.put("stringData.useAzureWorkloadIdentity", "true", slot=slot)
    if source.proxy:
        todo = f"TODO-copy-from-{need.namespace}-{source.proxy}"
        draft.put("stringData.proxy", todo, slot="part.source.proxy")
    return draft


def _credential_keys(source: GitSource) -> tuple[str, ...]:
    """The keys that a repository of this scheme and provider usually needs."""
    if source.provider == "github":
        return ("githubAppID", "githubAppInstallationID", "githubAppPrivateKey")
    if source.url.startswith("ssh://"):
        return ("sshPrivateKey",)
    return ("username", "password")


def _say_conflicts(emission: Emission, needs: dict[_Need, list[App]]) -> None:
    """Repositories that are fetched with more than one set of credentials."""
    by_key: dict[tuple[str, str], dict[tuple[str, str], list[App]]] = {}
    for need, users in needs.items():
        secrets = by_key.setdefault((need.root, need.key), {})
        secrets.setdefault((need.namespace, need.secret), []).extend(users)
    for (_, key), secrets in sorted(by_key.items()):
        if len(secrets) < 2:  # noqa: PLR2004  # a conflict takes two
            continue
        users = sorted((app for group in secrets.values() for app in group), key=_order)
        emission.say(
            F2A_SEC_002,
            *(app.resource.place() for app in users),
            apps=tuple(app.id for app in users),
            url=key,
            secrets=", ".join("/".join(part for part in pair if part) for pair in sorted(secrets)),
        )


def _order(app: App) -> tuple[str, ...]:
    return app.sort_key()
