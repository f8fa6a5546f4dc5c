"""Keys of the Secrets that Flux fetches with: what each is called in a repository Secret of Argo CD.

argo-cd:util/db/repository_secrets.go secretToRepository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, Context
from argoflux.mapping.flux_credentials import CREDENTIALS
from argoflux.mapping.index import find_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.mapping.emission import Emission, Request
    from argoflux.mapping.verdict import Message
    from argoflux.model.app import App
    from argoflux.model.source import SecretKeys

_NAMES = {
    "username": "username",
    "password": "password",
    "bearerToken": "bearerToken",
    "identity": "sshPrivateKey",
    "tls.crt": "tlsClientCertData",
    "tls.key": "tlsClientCertKey",
    "certFile": "tlsClientCertData",
    "keyFile": "tlsClientCertKey",
    "githubAppID": "githubAppID",
    "githubAppInstallationID": "githubAppInstallationID",
    "githubAppPrivateKey": "githubAppPrivateKey",
    "githubAppBaseURL": "githubAppEnterpriseBaseUrl",
    "githubAppInstallationOwner": "githubAppInstallationID",
}


def stub_keys(apps: Iterable[App], secret: str) -> tuple[str, ...]:
    """The keys of a repository Secret, by those of the Secret with credentials; empty if unknown.

    A password beside an SSH key is its passphrase, for which there is no key.
    """
    known = {
        key for app in apps for one in _secrets(app) if one.secret == secret for key in one.keys
    }
    names = {_NAMES[key] for key in known & _NAMES.keys()}
    if "identity" in known:
        names.discard("password")
    return tuple(sorted(names))


def say_secret_keys(emission: Emission, request: Request, apps: Iterable[App]) -> None:
    """What is different about single keys, once for each Secret."""
    said: dict[tuple[Message, str, str], tuple[SecretKeys, dict[str, Any], list[App]]] = {}
    for app in apps:
        for one in _secrets(app):
            for key, message, facts in _judged(one, request):
                entry = said.setdefault((message, one.secret, key), (one, facts, []))
                entry[2].append(app)
    for (message, secret, _), (one, facts, users) in said.items():
        names = tuple(dict.fromkeys(app.id for app in users))
        emission.say(message, one.place, apps=names, secret=secret, **facts)


def _secrets(app: App) -> tuple[SecretKeys, ...]:
    """The Secrets of the app's source that the input holds."""
    found: tuple[SecretKeys, ...] = app.extra["facts"].get("secret_keys") or ()
    return found


def _judged(one: SecretKeys, request: Request) -> Iterator[tuple[str, Message, dict[str, Any]]]:
    """The messages of the rows about keys; tests see names only."""
    body = {"data": dict.fromkeys(one.keys, "")}
    for key in one.keys:
        match = find_pattern(CREDENTIALS, (key,), "flux")
        if match is None or not isinstance(match.row, Concept):
            continue
        ctx = Context(
            to="argocd",
            kind="",
            argocd=request.argocd,
            flux=request.flux,
            body=body,
            path=("data", key),
            facts={"host": one.host},
        )
        note = next(n for n in match.row.to_argo if n.when is None or n.when("", ctx))
        if note.message is not None:
            yield key, note.message, dict(note.facts("", ctx)) if note.facts else {}
