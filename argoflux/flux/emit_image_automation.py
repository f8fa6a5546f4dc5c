"""The automation that commits new tags: one for each pair of branches in a namespace.

Facts: image-automation-controller:api/v1/imageupdateautomation_types.go (policies of its own
namespace; ``checkout`` and ``push``); argocd-image-updater:docs/basics/update-methods.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.emit_gates import api_version
from argoflux.goports.giturl import repository_key, strip_credentials
from argoflux.mapping.draft import Draft
from argoflux.mapping.image_updates import A2F_IMG_016
from argoflux.mapping.names import shorten, slug, with_hash
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.image_update import ImageUpdates, WriteBack
    from argoflux.resource import Resource

_INTERVAL = "10m"
_BOOTSTRAP = "flux-system"
_NAME = "fleet"
_OUTPUT = "./apps"
_AUTHOR = {"name": "fluxbot", "email": "flux@example.invalid"}
_MESSAGE = "chore: update images"
_PUSH = "image-updates"
_SLOT = "image_updates.branch"

_Key = tuple[str, str, str, str]
"""Root, namespace, branch to read, branch to write."""


class _Fleet(NamedTuple):
    """The GitRepository that delivers the converted objects; ``assumed`` when nobody says which."""

    namespace: str
    name: str
    assumed: bool = False


@dataclass(slots=True, kw_only=True)
class Automation:
    """One automation to be, with the apps that it serves."""

    fleet: _Fleet
    branch: str
    push: str
    folders: set[str] = field(default_factory=set)
    plans: dict[Plan, None] = field(default_factory=dict)
    sources: list[Resource] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Automations:
    """The automations of one run."""

    request: Request
    emission: Emission
    taken: set[Identity]
    found: dict[_Key, Automation] = field(default_factory=dict)

    def of(self, plan: Plan, updates: ImageUpdates, folders: set[str]) -> Automation:
        """The automation of the app's branches; apps that agree share one.

        ``folders`` are those of the output that hold marks.
        """
        branch, push = _branches(updates.write_back)
        key = (plan.app.root, plan.namespace, branch, push)
        found = self.found.get(key)
        if found is None:
            fleet = _fleet(plan, self.emission, self.request)
            found = Automation(fleet=fleet, branch=branch, push=push)
            self.found[key] = found
        found.folders |= folders
        found.plans.setdefault(plan)
        if updates.updater is not None and updates.updater not in found.sources:
            found.sources.append(updates.updater)
        return found

    def write(self) -> None:
        """One ImageUpdateAutomation for each pair of branches in a namespace."""
        for key, automation in sorted(self.found.items()):
            root, namespace, branch, push = key
            alone = sum(other[:2] == key[:2] for other in self.found) == 1
            wanted = _NAME if alone else "-".join(filter(None, (_NAME, slug(push or branch))))
            name = shorten(wanted)
            if (root, "ImageUpdateAutomation", namespace, name) in self.taken:
                name = with_hash(wanted, f"ImageUpdateAutomation/{namespace}/{branch}:{push}")
            self.taken.add((root, "ImageUpdateAutomation", namespace, name))
            self.emission.drafts.append(self._draft(name, key, automation))
            if automation.fleet.assumed:
                apps = tuple(sorted(plan.app.id for plan in automation.plans))
                facts = {"source": automation.fleet.name, "path": self._path(root, automation)}
                self.emission.say(A2F_IMG_016, apps=apps, **facts)

    def _draft(self, name: str, key: _Key, automation: Automation) -> Draft:
        root, namespace, branch, push = key
        fleet = automation.fleet
        draft = Draft(
            api_version=api_version(self.request.flux, "ImageUpdateAutomation"),
            kind="ImageUpdateAutomation",
            namespace=namespace,
            name=name,
            folder="images",
            root=root,
            apps=[plan.app for plan in automation.plans],
            sources=list(automation.sources),
        )
        draft.put("spec.interval", _INTERVAL, origin="required")
        draft.put("spec.sourceRef.kind", "GitRepository", origin="required")
        draft.put("spec.sourceRef.name", fleet.name, origin="required")
        if fleet.namespace != namespace:
            draft.put("spec.sourceRef.namespace", fleet.namespace, origin="required")
        if branch:
            draft.put("spec.git.checkout.ref.branch", branch, slot=_SLOT)
        for field_name, value in _AUTHOR.items():
            draft.put(f"spec.git.commit.author.{field_name}", value, origin="required")
        draft.put("spec.git.commit.messageTemplate", _MESSAGE, origin="default")
        if push or branch:
            draft.put("spec.git.push.branch", push or branch, slot=_SLOT)
        draft.put("spec.update.path", self._path(root, automation), origin="derived")
        draft.put("spec.update.strategy", "Setters", origin="default")
        return draft

    def _path(self, root: str, automation: Automation) -> str:
        """The folder of the output that holds the marks; several roots have folders of their own."""
        several = any(draft.root != root for draft in self.emission.drafts)
        return _OUTPUT if automation.folders == {"apps"} and not several else "./"


def _branches(write_back: WriteBack) -> tuple[str, str]:
    """Branch to read and branch to write; a template keeps its fixed beginning."""
    push = write_back.push_branch
    if "{{" in push:
        push = slug(push.partition("{{")[0])
        push = _PUSH if push == "x" else push
    return write_back.branch, push


def _fleet(plan: Plan, emission: Emission, request: Request) -> _Fleet:
    """The GitRepository of the repository that holds the output."""
    root = plan.app.root
    control = request.options.control_namespace or _BOOTSTRAP
    kept = [r for r in request.kept if r.root == root and r.ref.kind == "GitRepository"]
    origin = request.origins.get(root, "")
    key = repository_key(strip_credentials(origin)) if origin else ""
    for resource in sorted(kept, key=lambda r: (r.ref.name != _BOOTSTRAP, r.sort_key())):
        url = dig(resource.body, "spec", "url")
        same = isinstance(url, str) and key == repository_key(strip_credentials(url))
        if resource.ref.name == _BOOTSTRAP or (key and same):
            return _Fleet(resource.ref.namespace or control, resource.ref.name)
    for draft in emission.drafts:
        url = dig(draft.body, "spec", "url")
        own = draft.kind == "GitRepository" and draft.root == root
        if own and key and isinstance(url, str) and repository_key(url) == key:
            return _Fleet(draft.namespace, draft.name)
    return _Fleet(control, _BOOTSTRAP, assumed=True)
