"""Image automation of Flux as ImageUpdater objects.

argocd-image-updater:api/v1alpha1/imageupdater_types.go, docs/basics/update-methods.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.draft import Draft
from argoflux.mapping.emission import Decision
from argoflux.mapping.flux_images import (
    F2A_IMG_008,
    F2A_IMG_009,
    F2A_IMG_010,
    F2A_IMG_011,
    F2A_IMG_013,
)
from argoflux.mapping.names import slug

if TYPE_CHECKING:
    from argoflux.mapping.emission import Emission, Loaded
    from argoflux.model.app import App
    from argoflux.model.image_update import Automation, Marker, Policy

_API = "argocd-image-updater.argoproj.io/v1alpha1"
_UNSEEN = "; the files of its repository are not at hand"
_HELM = {"name": "name", "tag": "tag", "": "spec"}


def emit_image_updates(loaded: Loaded, emission: Emission, namespace: str) -> None:
    """One ImageUpdater per automation whose markers stand in converted Applications."""
    estate = loaded.estate
    used: set[Policy] = set()
    names = [(a.resource.root, a.resource.ref.name) for a in estate.automations]
    for automation in estate.automations:
        ref = automation.resource.ref
        alone = names.count((automation.resource.root, ref.name)) == 1
        name = slug(ref.name if alone else f"{ref.namespace}-{ref.name}")
        writing = _Updater(automation, estate.policies, emission, namespace, name)
        used |= writing.write()
    unseen = any(not automation.looked for automation in estate.automations)
    why = _UNSEEN if unseen else ""
    for policy in estate.policies:
        facts = {"suspended": policy.off, "unused": policy not in used, "why": why}
        emission.made[policy.resource] = Decision(
            kind="ImageUpdater" if policy in used else "", facts=facts
        )
    taken = {policy.repository for policy in used}
    for repository in estate.image_repositories:
        off = any(p.repository is repository and p.off for p in estate.policies)
        facts = {"suspended": off, "unused": repository not in taken, "why": why}
        emission.made[repository] = Decision(
            kind="ImageUpdater" if repository in taken else "", facts=facts
        )


class _Updater:
    """One ImageUpdater under construction."""

    def __init__(
        self,
        automation: Automation,
        policies: tuple[Policy, ...],
        emission: Emission,
        namespace: str,
        name: str,
    ) -> None:
        self.automation = automation
        self.emission = emission
        resource = automation.resource
        self.policies = {
            f"{p.resource.ref.namespace}:{p.resource.ref.name}": p
            for p in policies
            if p.resource.root == resource.root
        }
        self.namespace = namespace
        self.draft = Draft(
            api_version=_API,
            kind="ImageUpdater",
            namespace=namespace,
            name=name,
            folder="image-updates",
            root=resource.root,
            sources=[resource],
        )

    def write(self) -> set[Policy]:
        """Convert or tell of each marker; the policies that became images."""
        automation = self.automation
        found: dict[App, dict[tuple[str, str], list[Marker]]] = {}
        for marker in () if automation.off else automation.markers:
            if self._counts(marker) and marker.app is not None:
                group = marker.name.rpartition(".")[0] if marker.form == "values" else marker.name
                images = found.setdefault(marker.app, {})
                images.setdefault((marker.policy, group), []).append(marker)
        used: set[Policy] = set()
        for app, images in sorted(found.items(), key=lambda item: item[0].sort_key()):
            used |= self._application(app, images)
        why = "" if automation.looked else _UNSEEN
        self.emission.made[automation.resource] = Decision(
            kind="ImageUpdater" if used else "",
            facts={"suspended": automation.off, "unused": not used, "why": why},
        )
        if used:
            self.draft.sources += [p.resource for p in self.policies.values() if p in used]
            repositories = [p.repository for p in self.policies.values() if p in used]
            self.draft.sources += dict.fromkeys(r for r in repositories if r is not None)
            self.emission.drafts.append(self.draft)
        return used

    def _counts(self, marker: Marker) -> bool:
        """Whether a marker becomes part of an image; says what else becomes of it."""
        place = self.automation.resource.place("spec", "update")
        policy = self.policies.get(marker.policy)
        where = marker.where
        if policy is None:
            self.emission.say(F2A_IMG_010, place, where=where, policy=marker.policy)
            return False
        if marker.policy not in self.automation.policies:
            return False
        if marker.form == "manifest":
            self.emission.say(F2A_IMG_008, place, where=where)
        elif marker.form == "other":
            self.emission.say(F2A_IMG_009, place, where=where, field=marker.name)
        elif marker.app is None or self._written(marker.app) is None:
            self.emission.say(F2A_IMG_013, place, where=where)
        else:
            return policy.image is not None and not policy.lowest and not policy.off
        return False

    def _written(self, app: App) -> Draft | None:
        drafts = (d for d in self.emission.drafts if d.kind == "Application")
        return next((d for d in drafts if app in d.apps), None)

    def _application(self, app: App, images: dict[tuple[str, str], list[Marker]]) -> set[Policy]:
        application = self._written(app)
        if application is None:
            return set()
        by_git = all(m.form == "kustomization" for ms in images.values() for m in ms)
        rule: dict[str, Any] = {"namePattern": application.name}
        rule["images"] = []
        aliases: list[str] = []
        used: set[Policy] = set()
        for (name, group), markers in images.items():
            policy = self.policies[name]
            aliases.append(name.partition(":")[2])
            number = aliases.count(aliases[-1])
            alias = aliases[-1] if number == 1 else f"{aliases[-1]}-{number}"
            rule["images"].append(self._image(policy, group, markers, alias))
            used.add(policy)
        rule["writeBackConfig"] = self._write_back() if by_git else {"method": "argocd"}
        if not by_git:
            place = self.automation.resource.place("spec", "update")
            self.emission.say(F2A_IMG_011, place, app=application.id)
        self.draft.add("spec.applicationRefs", rule, slot="image_updates.images")
        number = len(self.draft.body["spec"]["applicationRefs"]) - 1
        self._trace(rule, number)
        return used

    def _trace(self, rule: dict[str, Any], number: int) -> None:
        """Name where the fields of policies and of the automation stand in the rule."""
        at = ("spec", "applicationRefs", number)
        trace = type(self.draft.traces[0])
        slots = {
            "updateStrategy": "strategy",
            "allowTags": "allow_tags",
            "pullSecret": "pull_secret",
        }
        for position, image in enumerate(rule["images"]):
            own = (*at, "images", position)
            self.draft.traces.append(
                trace((*own, "imageName"), "image_updates.versions", "derived")
            )
            for key in image["commonUpdateSettings"]:
                path = (*own, "commonUpdateSettings", key)
                self.draft.traces.append(trace(path, f"image_updates.{slots[key]}", "derived"))
        config = rule["writeBackConfig"].get("gitConfig", {})
        for key, slot in (("branch", "branch"), ("writeBackTarget", "target")):
            if key in config:
                below = (*at, "writeBackConfig", "gitConfig", key)
                self.draft.traces.append(trace(below, f"image_updates.{slot}", "derived"))

    def _write_back(self) -> dict[str, Any]:
        automation = self.automation
        config = {"writeBackTarget": "kustomization"}
        branch = automation.branch
        if branch:
            push = automation.push_branch
            config["branch"] = f"{branch}:{push}" if push and push != branch else branch
        return {"method": "git", "gitConfig": config}

    def _image(
        self, policy: Policy, group: str, markers: list[Marker], alias: str
    ) -> dict[str, Any]:
        stated = policy.image
        if stated is None:
            raise TypeError(f"{policy.resource.ref} has no image")
        constraint = f":{stated.constraint}" if stated.constraint else ""
        settings = {"updateStrategy": stated.strategy}
        if stated.allow:
            settings["allowTags"] = stated.allow
        if stated.pull_secret:
            settings["pullSecret"] = f"pullsecret:{self.namespace}/{stated.pull_secret}"
        if markers[0].form == "values":
            targets = {_HELM[m.part]: m.name for m in markers if m.part in _HELM}
            target: dict[str, Any] = {"helm": targets}
        else:
            target = {"kustomize": {"name": group}}
        return {
            "alias": alias,
            "imageName": stated.image + constraint,
            "commonUpdateSettings": settings,
            "manifestTargets": target,
        }
