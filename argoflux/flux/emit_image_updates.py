"""ImageRepositories and ImagePolicies, and what became of each image update.

Facts: image-reflector-controller:api/v1/imagerepository_types.go, imagepolicy_types.go;
argocd-image-updater:docs/configuration/images.md (credentials).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.emit_gates import api_version
from argoflux.flux.emit_image_automation import Automations
from argoflux.flux.emit_kept import kept_names
from argoflux.flux.image_policy import is_known_strategy, is_overlooked, policy_for
from argoflux.flux.image_setters import Marks, mark_image
from argoflux.mapping.draft import Draft
from argoflux.mapping.emission import Decision
from argoflux.mapping.image_updates import (
    A2F_IMG_004,
    IMAGES,
    WRITE_BACKS,
)
from argoflux.mapping.names import shorten, slug, with_hash
from argoflux.model.image_update import ALPHABETICAL
from argoflux.model.render import Helm, Kustomize, Plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.flux.emit_image_automation import Automation
    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.image_policy import Policy
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.app import App
    from argoflux.model.image_update import ImageUpdate, ImageUpdates
    from argoflux.resource import Resource
    from argoflux.text import Path

_TODO = "TODO"
_SCAN = "5m"
_DIGESTS = "10m"

_IMAGE = "image_updates.images"
_STRATEGY = "image_updates.strategy"
_SECRET = "image_updates.pull_secret"  # noqa: S105 - a slot, not a password


class _Pull(NamedTuple):
    """Registry credentials: the Secret to be, and what a person must do about it."""

    secret: str = ""
    task: str = ""
    stub: bool = False


def emit_image_updates(
    plans: Sequence[Plan], loaded: Loaded, request: Request, emission: Emission
) -> None:
    """Write what keeps images up to date, mark their places, and state what became of each."""
    by_app: dict[App, list[Plan]] = {}
    for plan in plans:
        by_app.setdefault(plan.app, []).append(plan)
    taken = kept_names(request.kept)
    automations = Automations(request=request, emission=emission, taken=taken)
    writing = _Writing(emission=emission, taken=taken, automations=automations)
    for draft in emission.drafts:
        for app in draft.apps if draft.kind in {"Kustomization", "HelmRelease"} else ():
            writing.appliers.setdefault(app, []).append(draft)
    for app, updates in loaded.estate.image_updates.items():
        if app in by_app:
            writing.update(by_app[app], updates)
    writing.automations.write()
    for app, own in by_app.items():
        for plan in own:
            plan.facts |= writing.facts_of(app.resource)
    rules: dict[Resource, dict[int, list[str]]] = {}
    for app, updates in loaded.estate.image_updates.items():
        if updates.updater is not None and app in by_app:
            rules.setdefault(updates.updater, {}).setdefault(updates.rule, []).append(app.id)
    carried = {resource for draft in emission.drafts for resource in draft.sources}
    for resource in loaded.estate.updaters:
        made = resource in carried
        facts = {**writing.facts_of(resource), "rules": rules.get(resource, {})}
        emission.made[resource] = Decision(kind="ImagePolicy" if made else "", facts=facts)


@dataclass(slots=True, kw_only=True)
class _Writing:
    """The documents of one run, and what became of each image by resource and leaf."""

    emission: Emission
    taken: set[Identity]
    repositories: dict[tuple[str, str, str, str], Draft] = field(default_factory=dict)
    automations: Automations
    appliers: dict[App, list[Draft]] = field(default_factory=dict)
    stubs: dict[tuple[str, str, str], Draft] = field(default_factory=dict)
    images: dict[Resource, dict[Path, list[dict[str, Any]]]] = field(default_factory=dict)
    write_backs: dict[Resource, dict[Path, list[dict[str, Any]]]] = field(default_factory=dict)

    def facts_of(self, resource: Resource) -> dict[str, Any]:
        """The decisions that the rows of a resource look at."""
        found = ((IMAGES, self.images), (WRITE_BACKS, self.write_backs))
        return {name: items[resource] for name, items in found if resource in items}

    def update(self, plans: list[Plan], updates: ImageUpdates) -> None:
        """All images of one app."""
        plan = _updated(plans)
        read = not isinstance(plan.part.render, Plain)
        folders: set[str] = set()
        for image in updates.images:
            item = self._update_image(plan, updates, image, read=read)
            for path in {*image.stated.values()}:
                self.images.setdefault(updates.resource, {}).setdefault(path, []).append(item)
            folders |= item["folders"]
        automation = self.automations.of(plan, updates, folders) if folders else None
        self._note_write_back(plan, updates, automation)

    def _update_image(
        self, plan: Plan, updates: ImageUpdates, image: ImageUpdate, *, read: bool
    ) -> dict[str, Any]:
        """One image: its repository, its policy, and the marks in the applier."""
        name = image.alias or image.image.rpartition("/")[2]
        policy = policy_for(image, plan.flux)
        pull = _pull(image, plan.namespace)
        item: dict[str, Any] = {
            "image": image.image or "an image without a name",
            "app": plan.app.id,
            "object": plan.id,
            "read": read,
            "problem": "" if not read else "plugin" if image.plugin else policy.problem,
            "known_strategy": is_known_strategy(image.strategy),
            "strategy": image.strategy,
            "digest": policy.digest,
            "by_name": image.strategy == ALPHABETICAL,
            "constraint": image.constraint or "any tag",
            "task": pull.task,
            "secret": pull.secret,
            "namespace": plan.namespace,
            "flux": plan.flux,
            "unknown": "",
            "overlooked": "",
            "folders": set(),
            "policy": "",
        }
        if item["problem"] or not read:
            return item
        wanted = shorten(slug(f"{plan.name}-{name}"))
        if (plan.app.root, "ImagePolicy", plan.namespace, wanted) in self.taken:
            wanted = with_hash(wanted, f"ImagePolicy/{plan.namespace}/{plan.name}/{image.image}")
        self.taken.add((plan.app.root, "ImagePolicy", plan.namespace, wanted))
        marks = self._mark(plan, image, f"{plan.namespace}:{wanted}", item, digest=policy.digest)
        if marks.problem:
            item["problem"] = marks.problem
            return item
        draft = self._policy(plan, updates, image, policy, wanted, pull)
        item |= {
            "policy": draft.id,
            "overlooked": marks.tag if is_overlooked(marks.tag, policy) else "",
            "unknown": ", ".join(f"`{path}`" for path in marks.unknown),
        }
        return item

    def _mark(
        self, plan: Plan, image: ImageUpdate, policy: str, item: dict[str, Any], *, digest: bool
    ) -> Marks:
        """Mark the image in every applier of the plan (waves split one into several)."""
        found, marked = Marks(problem="path"), list[str]()
        for draft in self.appliers.get(plan.app, ()):
            own = draft.kind == plan.kind and draft.namespace == plan.namespace
            if own and draft.serves(plan.app, plan.index):
                found = mark_image(plan, draft, image, policy, digest=digest)
                if not found.problem:
                    item["folders"].add(draft.folder)
                    marked.append(draft.id)
        item["object"] = ", ".join(sorted(marked)) or plan.id
        return found

    def _policy(
        self,
        plan: Plan,
        updates: ImageUpdates,
        image: ImageUpdate,
        policy: Policy,
        name: str,
        pull: _Pull,
    ) -> Draft:
        repository = self._repository(plan, updates, image, pull)
        draft = self._draft("ImagePolicy", plan, name, updates)
        draft.put("spec.imageRepositoryRef.name", repository.name, slot=_IMAGE)
        if policy.pattern:
            slot = _IMAGE if policy.digest else "image_updates.allow_tags"
            draft.put("spec.filterTags.pattern", policy.pattern, slot=slot)
        (kind, choice) = next(iter(policy.choice.items()))
        for key, value in choice.items():
            slot = _IMAGE if key == "range" else _STRATEGY
            draft.put(("spec", "policy", kind, key), value, slot=slot, origin="required")
        if policy.digest:
            draft.put("spec.digestReflectionPolicy", "Always", slot=_STRATEGY)
            draft.put("spec.interval", _DIGESTS, origin="required")
        self.emission.drafts.append(draft)
        return draft

    def _repository(
        self, plan: Plan, updates: ImageUpdates, image: ImageUpdate, pull: _Pull
    ) -> Draft:
        """The ImageRepository of an image, shared by all that need the same credentials."""
        key = (plan.app.root, plan.namespace, image.image, pull.secret)
        known = self.repositories.get(key)
        if known is not None:
            _share(known, plan, updates)
            return known
        wanted = slug(re.sub(r"[^A-Za-z0-9]+", "-", image.image))
        name = shorten(wanted)
        if (plan.app.root, "ImageRepository", plan.namespace, name) in self.taken:
            name = with_hash(wanted, f"ImageRepository/{plan.namespace}/{image.image}{pull.secret}")
        self.taken.add((plan.app.root, "ImageRepository", plan.namespace, name))
        draft = self._draft("ImageRepository", plan, name, updates)
        draft.put("spec.image", image.image, slot=_IMAGE)
        draft.put("spec.interval", _SCAN, origin="required")
        if pull.secret:
            draft.put("spec.secretRef.name", pull.secret, slot=_SECRET)
            if pull.stub:
                self._stub(plan, updates, pull.secret)
        self.repositories[key] = draft
        self.emission.drafts.append(draft)
        return draft

    def _stub(self, plan: Plan, updates: ImageUpdates, name: str) -> None:
        key = (plan.app.root, plan.namespace, name)
        known = self.stubs.get(key)
        if known is not None:
            _share(known, plan, updates)
            return
        draft = self._draft("Secret", plan, name, updates, api="v1")
        draft.folder = "secrets"
        draft.put("type", "kubernetes.io/dockerconfigjson", origin="required")
        draft.put(("stringData", ".dockerconfigjson"), _TODO, origin="required")
        self.stubs[key] = draft
        self.emission.drafts.append(draft)

    def _draft(
        self, kind: str, plan: Plan, name: str, updates: ImageUpdates, *, api: str = ""
    ) -> Draft:
        draft = Draft(
            api_version=api or api_version(plan.flux, kind),
            kind=kind,
            namespace=plan.namespace,
            name=name,
            folder="images",
            root=plan.app.root,
            apps=[],
        )
        _share(draft, plan, updates)
        return draft

    def _note_write_back(
        self, plan: Plan, updates: ImageUpdates, automation: Automation | None
    ) -> None:
        """What became of the write-back settings; the default method is said where none is stated."""
        write_back = updates.write_back
        source = automation.fleet.name if automation is not None else ""
        item: dict[str, Any] = {
            "app": plan.app.id,
            "object": plan.id,
            "used": automation is not None,
            "method": write_back.method,
            "source": source,
            "secret": write_back.secret or "the repository's own credentials",
            "template": "{{" in write_back.push_branch,
            "push": automation.push if automation is not None else "",
            "moved": bool(write_back.target),
            "host": write_back.pull_request,
        }
        for path in write_back.stated.values():
            kept = self.write_backs.setdefault(updates.resource, {}).setdefault(path, [])
            kept.append(item)
        if automation is not None and "method" not in write_back.stated:
            place = updates.resource.place(*_first(updates))
            self.emission.say(A2F_IMG_004, place, apps=(plan.app.id,), **item)


def _first(updates: ImageUpdates) -> Path:
    """A leaf that stands for the whole: the list of images, or the first of them."""
    return updates.images[0].stated.get("image", ("spec",))


def _share(draft: Draft, plan: Plan, updates: ImageUpdates) -> None:
    if not draft.apps or draft.apps[-1] is not plan.app:  # apps come one after the other
        draft.apps.append(plan.app)
    if updates.updater is not None and updates.updater not in draft.sources:
        draft.sources.append(updates.updater)


def _updated(plans: list[Plan]) -> Plan:
    """The source that is updated: the first with a chart or a kustomize build, else the first."""
    makers = [plan for plan in plans if plan.kind]
    tools = (Helm, Kustomize)
    return next((p for p in makers if isinstance(p.part.render, tools)), (makers or plans)[0])


def _pull(image: ImageUpdate, namespace: str) -> _Pull:
    """argocd-image-updater:pkg/image/credentials.go ParseCredentialSource."""
    kind, _, reference = image.pull_secret.partition(":")
    where, _, rest = reference.partition("/")
    name = slug(rest.partition("#")[0]) if rest else ""
    match kind:
        case "":
            return _Pull()
        case "pullsecret" if name and where == namespace:
            return _Pull(secret=name)
        case "pullsecret" if name:
            return _Pull(secret=name, stub=True, task=f"is to be copied from namespace {where}")
        case "secret" if name:
            task = f"is to be made of user and password in Secret {where}/{name}"
            return _Pull(secret=name, stub=True, task=task)
        case _:
            secret = f"{slug(image.alias or image.image)}-registry"
            return _Pull(secret=secret, stub=True, task=f"has no counterpart of `{kind}`")
