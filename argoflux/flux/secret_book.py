"""The Secrets that Flux needs for its sources: written once each, shared by all that need the same.

A Secret is a stub with ``TODO`` values unless values are to be copied. What is encrypted or made by
another object is referred to by its own name, and nothing is written for it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from argoflux.flux.access_needs import ANY_LOGIN, KNOWN_HOSTS, Item, Need, Recipe, find_need
from argoflux.goports.giturl import GitUrlError, parse, strip_credentials, to_ssh_url
from argoflux.mapping.draft import Draft, Trace
from argoflux.mapping.names import shorten, with_hash
from argoflux.mapping.secrets_messages import A2F_SEC_002, A2F_SEC_012
from argoflux.model.credentials import secret_bytes, secret_text
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.flux.access_needs import SourceKind
    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Request
    from argoflux.model.credentials import Credential, Keyring
    from argoflux.resource import Resource

FOLDER = "secrets"
TODO = "TODO"
_REGISTRY_TYPE = "kubernetes.io/dockerconfigjson"
_REGISTRY_KEY = ".dockerconfigjson"


class Access(NamedTuple):
    """How a source object gets at its repository: names of Secrets beside it, and settings."""

    secret: str = ""
    cert: str = ""
    proxy: str = ""
    provider: str = ""
    insecure: bool = False

    def put(self, draft: Draft) -> None:
        """Write the fields of a source object."""
        if self.provider:
            draft.put("spec.provider", self.provider, origin="derived")
        if self.secret:
            draft.put("spec.secretRef.name", self.secret, origin="derived")
        if self.cert:
            draft.put("spec.certSecretRef.name", self.cert, origin="derived")
        if self.proxy:
            draft.put("spec.proxySecretRef.name", self.proxy, origin="derived")
        if self.insecure:
            draft.put("spec.insecure", value=True, origin="derived")


@dataclass(slots=True)
class Use:
    """What became of one Secret of the input."""

    used: set[str] = field(default_factory=set)
    unmet: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)
    renames: set[str] = field(default_factory=set)
    placeholders: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    namespaces: set[str] = field(default_factory=set)
    stub: bool = False
    written: bool = False


class SecretBook:
    """Hands out names of Secrets, and writes the Secrets."""

    def __init__(self, keyring: Keyring, request: Request, taken: set[Identity]) -> None:
        """``taken`` are the identities of objects that exist already."""
        self.keyring = keyring
        self.request = request
        self.uses: dict[Resource, Use] = {}
        self._taken = taken
        self._drafts: dict[tuple[str, str, Recipe], Draft] = {}

    @property
    def drafts(self) -> list[Draft]:
        """The Secrets written so far."""
        return list(self._drafts.values())

    def sources_of(self, draft: Draft) -> list[Resource]:
        """The objects of the input that a Secret was made from."""
        recipe = next(recipe for (_, _, recipe), made in self._drafts.items() if made is draft)
        return list(dict.fromkeys(found for found in map(_origin, recipe.items) if found))

    def need(self, kind: SourceKind, url: str, *, root: str, project: str) -> Need:
        """What a source needs; sources that share an object must need the same."""
        flux = self.request.flux
        return find_need(self.keyring, kind, url, root=root, project=project, flux=flux)

    def grant(self, need: Need, kind: SourceKind, url: str, users: list[Plan]) -> Access:
        """The access of one source object in the namespace of its users; writes its Secrets."""
        shown = strip_credentials(url)
        if kind == "GitRepository":
            shown = to_ssh_url(shown)
        first = users[0]
        for credential in need.members:
            self._note(credential.resource, kind, shown, first.namespace)
        for credential, key in need.used:
            self.uses[credential.resource].used.add(key)
        for credential, key in need.unmet:
            self.uses[credential.resource].unmet.add(key)
        return Access(
            secret=self._secret(need.auth, kind, shown, users),
            cert=self._secret(need.cert, kind, shown, users),
            proxy=self._secret(need.proxy, kind, shown, users),
            provider=need.provider,
            insecure=need.insecure,
        )

    def _note(self, resource: Resource, kind: str, url: str, namespace: str) -> Use:
        use = self.uses.setdefault(resource, Use())
        use.kinds.add(kind)
        use.urls.add(url)
        use.namespaces.add(namespace)
        return use

    def name(self, root: str, namespace: str, wanted: str, identity: str) -> str:
        """A free name of a Secret; all but the first that want one get a hash."""
        name = shorten(wanted)
        if (root, "Secret", namespace, name) in self._taken:
            name = with_hash(wanted, f"Secret/{namespace}/{identity}")
        self._taken.add((root, "Secret", namespace, name))
        return name

    def _secret(self, recipe: Recipe | None, kind: SourceKind, url: str, users: list[Plan]) -> str:
        """The name of the Secret that holds a recipe; it is written where values can be."""
        if recipe is None:
            return ""
        root, namespace = users[0].app.root, users[0].namespace
        foreign = recipe.foreign
        if foreign is not None:
            self._refer(recipe, foreign, namespace)
            return foreign.secret
        draft = self._drafts.get((root, namespace, recipe))
        if draft is None:
            identity = f"{recipe.name} {_identity(recipe)} {url}"
            draft = Draft(
                api_version="v1",
                kind="Secret",
                namespace=namespace,
                name=self.name(root, namespace, recipe.name, identity),
                folder=FOLDER,
                root=root,
            )
            self._drafts[root, namespace, recipe] = draft
            self._fill(draft, recipe, url)
        _serve(draft, users)
        for item in recipe.items:
            resource = _origin(item)
            if resource is not None:
                use = self._note(resource, kind, url, namespace)
                use.secrets.add(f"{namespace}/{draft.name}")
                use.used.add(item.source_key)
                use.written = True
                use.stub |= item.credential is not None and not self.copied
                if item.credential and has_placeholder(
                    secret_text(resource, item.source_key) or ""
                ):
                    use.placeholders.add(item.source_key)
                if item.credential is not None and _is_open(item):
                    use.placeholders.add(item.source_key)
        return draft.name

    @property
    def copied(self) -> bool:
        """Whether values of Secrets are copied."""
        return self.request.options.include_secrets

    def _refer(self, recipe: Recipe, foreign: Credential, namespace: str) -> None:
        """Note what has to change in the object that makes a Secret."""
        use = self.uses[foreign.resource]
        use.secrets.add(f"{namespace}/{foreign.secret}")
        if recipe.registry:
            use.renames.add(f"`{_REGISTRY_KEY}` for {recipe.registry} made of user and password")
            return
        for item in recipe.items:
            if item.key == ANY_LOGIN:
                use.renames.add("those that it fetches, which are not in the input")
            elif item.credential is None:
                use.renames.add(f"`{item.key}` added")
            elif item.key != item.source_key:
                use.renames.add(f"`{item.source_key}` named `{item.key}`")

    def _fill(self, draft: Draft, recipe: Recipe, url: str) -> None:
        if recipe.registry:
            self._put_registry(draft, recipe)
            return
        for item in recipe.items:
            if item.key == "address" and self.copied:
                self._put_proxy(draft, item)
            else:
                self._put(draft, item, url)

    def _put(self, draft: Draft, item: Item, url: str) -> None:
        path, slot = ("stringData", item.key), f"access.{item.source_key}"
        if item.text:
            draft.put(path, item.text, slot=slot if item.trust is not None else "")
        elif item.hidden:
            draft.put(path, item.hidden if self.copied else TODO, origin="required")
        elif item.credential is None:
            message = A2F_SEC_002 if item.key == "known_hosts" else A2F_SEC_012
            facts = {"url": url, "secret": draft.name, "key": item.key, "host": _host(url)}
            draft.put(path, TODO, origin="required", message=message, **facts)
        elif not self.copied:
            draft.put(path, TODO, slot=slot)
        else:
            text = secret_text(item.credential.resource, item.source_key)
            if text is None:
                raw = secret_bytes(item.credential.resource, item.source_key) or b""
                draft.put(("data", item.key), base64.b64encode(raw).decode(), slot=slot)
            else:
                draft.put(path, text, slot=slot)

    def _value(self, item: Item) -> str:
        if not self.copied or item.credential is None:
            return TODO
        return secret_text(item.credential.resource, item.source_key) or ""

    def _put_registry(self, draft: Draft, recipe: Recipe) -> None:
        """A Secret of the type that registries use, which holds one JSON document."""
        login = {item.key: self._value(item) for item in recipe.items}
        draft.put("type", _REGISTRY_TYPE, origin="required")
        path = ("stringData", _REGISTRY_KEY)
        text = json.dumps({"auths": {recipe.registry: login}}, indent=2) + "\n"
        slots = [f"access.{item.source_key}" for item in recipe.items]
        draft.put(path, text, slot=slots[0])
        draft.traces += [Trace(path, slot, "derived") for slot in slots[1:]]

    def _put_proxy(self, draft: Draft, item: Item) -> None:
        """The address of a proxy without its login, which Flux keeps apart."""
        value = self._value(item)
        try:
            parts = parse(value)
        except GitUrlError:
            parts = None
        draft.put("stringData.address", _without_login(value), slot="access.proxy")
        if parts is not None and parts.user:
            draft.put("stringData.username", unquote(parts.user), origin="derived")
        if parts is not None and parts.password:
            draft.put("stringData.password", unquote(parts.password), origin="derived")


def _without_login(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else url


def _serve(draft: Draft, users: Iterable[Plan]) -> None:
    """Add the apps that use a Secret."""
    for plan in users:
        if plan.app not in draft.apps:
            draft.apps.append(plan.app)
        draft.part_of.setdefault(plan.app, set()).add(plan.index)


def _is_open(item: Item) -> bool:
    """Whether the value of an item is filled in by another tool (``<path:…>``: vault plugin)."""
    resource = _origin(item)
    text = secret_text(resource, item.source_key) or "" if resource is not None else ""
    return has_placeholder(text) or text.startswith("<path:")


def _origin(item: Item) -> Resource | None:
    """The object that holds the value of an item."""
    return item.credential.resource if item.credential is not None else item.trust


def _identity(recipe: Recipe) -> str:
    """What tells recipes of one name apart, whatever the order of the input."""
    return " ".join(str(found.ref) for found in map(_origin, recipe.items) if found is not None)


def _host(url: str) -> str:
    try:
        return parse(to_ssh_url(url)).host
    except GitUrlError:
        return url


def facts_of(use: Use) -> dict[str, Any]:
    """What the rows look at, and what their messages name."""
    return {
        "used": frozenset(use.used),
        "unmet": frozenset(use.unmet),
        "placeholders": frozenset(use.placeholders),
        "stub": use.stub,
        "secrets": _listed(f"Secret {name}" for name in use.secrets),
        "renames": _listed(use.renames),
        "kinds": frozenset(use.kinds),
        "urls": _listed(use.urls),
        "host_keys": KNOWN_HOSTS,
    }


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(sorted(set(texts)))
