"""What the settings of an installation mean for each applier: rules, health checks, filters, labels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_drift import rule_item
from argoflux.flux.emit_gates import has_field
from argoflux.flux.emit_patches import delete_patch
from argoflux.flux.renders import cluster_url, listed, renders, selects_by, version_of
from argoflux.mapping.drift import A2F_IGN_001, A2F_IGN_002, A2F_IGN_003, A2F_IGN_012
from argoflux.mapping.emission import Decision
from argoflux.mapping.health_checks import known_check
from argoflux.mapping.ignore_rules import is_pointer
from argoflux.mapping.jq_paths import pointer_of
from argoflux.mapping.settings_messages import (
    A2F_CM_001,
    A2F_CM_006,
    A2F_CM_007,
    A2F_CM_014,
    A2F_HLT_001,
    A2F_HLT_002,
    A2F_HLT_003,
    A2F_HLT_004,
    A2F_IGN_006,
    A2F_MIG_003,
)
from argoflux.mapping.verdict import Verdict
from argoflux.model.content import Known
from argoflux.model.settings import Stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Loaded
    from argoflux.mapping.verdict import Message
    from argoflux.model.settings import ArgoSettings, HealthScript, SystemRule
    from argoflux.resource import Resource

_IGNORE = {"Kustomization": "spec.ignore", "HelmRelease": "spec.driftDetection.ignore"}
_EXPRESSIONS = "spec.healthCheckExprs"
_SURE = "nothing to do"
_UNSURE = "remove it where nothing of that kind is applied: what some of them render cannot be seen"


@dataclass(slots=True)
class SettingsWork:
    """The settings of one root on their way into its appliers."""

    settings: ArgoSettings
    appliers: list[tuple[Plan, Draft]]
    emission: Emission
    fates: dict[Resource, dict[str, dict[str, dict[str, Any]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )

    def find(self, stated: Stated, message: Message, **facts: Any) -> None:
        """Note a fate of a key; a second one of the same code is said beside the leaf's own."""
        known = self.fates[stated.resource][stated.key]
        if message.code in known:
            self.say(stated, message, facts)
        else:
            known[message.code] = facts

    def say(self, stated: Stated, message: Message, facts: dict[str, Any]) -> None:
        """Raise what a key says besides the verdict of its leaf."""
        place = stated.resource.place("data", stated.key)
        # a name among the apps of a manual message would judge the ConfigMap as a whole
        manual = message.verdict is Verdict.MANUAL
        names = () if manual else (str(stated.resource.ref),)
        self.emission.say(message, place, apps=names, **facts)


def emit_settings(appliers: Mapping[Plan, Draft], loaded: Loaded, emission: Emission) -> None:
    """Carry the settings of every root into its appliers, and account for their ConfigMaps."""
    for settings in loaded.estate.settings:
        own = [(plan, draft) for plan, draft in appliers.items() if plan.app.root == settings.root]
        work = SettingsWork(settings, own, emission)
        for stated in settings.unread:
            work.find(stated, A2F_CM_014, key=stated.key)
        for rule in settings.rules:
            _copy_rule(work, rule)
        for script in settings.health:
            _place_health(work, script)
        for stated in settings.actions:
            work.find(stated, A2F_CM_006)
        _leave_out(work)
        _keep_label(work)
        _find_compare_options(work)
        for resource in settings.resources:
            fates = {key: dict(found) for key, found in work.fates[resource].items()}
            emission.made[resource] = Decision(kind="", facts={"fates": fates})
            _say_the_rest(work, resource)


def _say_the_rest(work: SettingsWork, resource: Resource) -> None:
    """Raise what one text says besides the worst of it, which is the verdict of its leaf."""
    for key, found in work.fates[resource].items():
        if len(found) < 2:  # noqa: PLR2004  # the leaf's own
            continue
        for code, facts in found.items():
            message = _MESSAGES.get(code)
            if message is not None:
                work.say(Stated(resource, key), message, facts)


_MESSAGES = {
    message.code: message
    for message in (
        A2F_HLT_001,
        A2F_HLT_002,
        A2F_HLT_003,
        A2F_HLT_004,
        A2F_IGN_001,
        A2F_IGN_002,
        A2F_IGN_003,
        A2F_IGN_006,
        A2F_IGN_012,
    )
}


def _split(
    work: SettingsWork, group: str, kind: str
) -> tuple[list[tuple[Plan, Draft]], list[tuple[Plan, Draft]]]:
    """Appliers that render a kind, and those of which that is not known."""
    sure: list[tuple[Plan, Draft]] = []
    unsure: list[tuple[Plan, Draft]] = []
    for plan, draft in work.appliers:
        found = renders(plan.content, group, kind)
        if found is not False:
            (sure if found else unsure).append((plan, draft))
    return sure, unsure


def _target_name(group: str, kind: str) -> str:
    return "all kinds" if (group, kind) == ("*", "*") else f"{group}/{kind}" if group else kind


def _objects(appliers: Iterable[tuple[Plan, Draft]]) -> str:
    return listed(sorted(draft.id for _, draft in appliers))


# --- ignored differences


def _copy_rule(work: SettingsWork, system: SystemRule) -> None:
    """Write a rule into every applier whose objects it may be for."""
    rule, stated = system.rule, system.stated
    sure, unsure = _split(work, rule.group, rule.kind)
    for manager in rule.managers:
        work.find(stated, A2F_IGN_002, value=manager)
    for expression in rule.jq:
        if pointer_of(expression) is None:
            work.find(stated, A2F_IGN_001, value=expression)
    for pointer in rule.pointers:
        if pointer and not is_pointer(pointer):
            work.find(stated, A2F_IGN_012, value=pointer)
    item, _ = rule_item(rule)
    if item is None:
        return
    written: list[tuple[Plan, Draft]] = []
    for plan, draft in (*sure, *unsure):
        path = _IGNORE[plan.kind]
        if not has_field(plan.flux, plan.kind, path):
            work.find(stated, A2F_IGN_003)
            continue
        written.append((plan, draft))
        if item not in _at(draft, path):
            draft.add(path, item, slot="settings.rules")
            _credit(draft, stated)
    if written:
        remedy = _UNSURE if unsure else _SURE
        name = _target_name(rule.group, rule.kind)
        work.find(stated, A2F_IGN_006, kind=name, objects=_objects(written), remedy=remedy)


def _at(draft: Draft, path: str) -> list[Any]:
    node: Any = draft.body
    for key in path.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, list) else []


def _credit(draft: Draft, stated: Stated) -> None:
    if stated.resource not in draft.sources:
        draft.sources.append(stated.resource)


# --- health


def _place_health(work: SettingsWork, script: HealthScript) -> None:
    """CEL expressions where they are known, a message where a person must write them."""
    name = _target_name(script.group, script.kind)
    if (script.group, script.kind) == ("argoproj.io", "Application"):
        return
    sure, unsure = _split(work, script.group, script.kind)
    if not sure:
        message = A2F_HLT_004 if unsure else A2F_HLT_003
        work.find(script.stated, message, kind=name)
        return
    check = known_check(script.group, script.kind)
    able = [(p, d) for p, d in sure if has_field(p.flux, p.kind, _EXPRESSIONS)]
    unable = [pair for pair in sure if check is None or pair not in able]
    if unable:
        since = "" if able else "; it needs Flux 2.5 (HelmRelease: 2.8)"
        remedy = f"say the same as CEL in `healthCheckExprs` of {_objects(unable)}{since}"
        objects = _objects(unable)
        work.find(script.stated, A2F_HLT_001, kind=name, objects=objects, remedy=remedy)
    if check is None or not able:
        return
    for plan, draft in able:
        version = version_of(plan.content, check.group, check.kind) or check.api_version
        item = {"apiVersion": version, "kind": check.kind}
        item |= {"failed": check.failed, "current": check.current}
        draft.add(_EXPRESSIONS, item, slot="settings.health")
        _credit(draft, script.stated)
    work.find(script.stated, A2F_HLT_002, kind=name, objects=_objects(able))


# --- filters


def _leave_out(work: SettingsWork) -> None:
    """Delete what Argo CD leaves alone from each build; say it where that cannot be seen."""
    found: dict[Stated, tuple[set[str], set[str]]] = {}
    unseen: set[str] = set()
    for plan, draft in work.appliers:
        if not isinstance(plan.content, Known) or not plan.content.complete:
            unseen.add(draft.id)
        for (group, version, kind), stated in _filtered(work.settings, plan).items():
            kinds, objects = found.setdefault(stated, (set(), set()))
            kinds.add(kind)
            objects.add(draft.id)
            draft.add("spec.patches", delete_patch(group, version, kind), slot="settings.filter")
            _credit(draft, stated)
    for stated, (kinds, objects) in found.items():
        handling = f"a patch takes them out of {listed(sorted(objects))}"
        work.find(stated, A2F_CM_001, kinds=listed(sorted(kinds)), handling=handling)
    if unseen:
        _say_unseen(work, listed(sorted(unseen)))


def _say_unseen(work: SettingsWork, objects: str) -> None:
    """What cannot be seen may hold kinds that Argo CD leaves alone."""
    handling = f"Flux would apply them, and what {objects} holds cannot be seen"
    for filters, words in (
        (work.settings.exclusions, "{}"),
        (work.settings.inclusions, "everything but {}"),
    ):
        names: dict[Stated, list[str]] = {}
        for each in filters:
            names.setdefault(each.stated, []).extend(each.names)
        for stated, kinds in names.items():
            work.find(stated, A2F_CM_001, kinds=words.format(listed(kinds)), handling=handling)


def _filtered(settings: ArgoSettings, plan: Plan) -> dict[tuple[str, str, str], Stated]:
    """The kinds of an app's build that Argo CD leaves alone, by group, version and kind."""
    if not isinstance(plan.content, Known) or plan.kind != "Kustomization":
        return {}
    cluster = cluster_url(plan)
    found: dict[tuple[str, str, str], Stated] = {}
    for obj in plan.content.objects:
        hit = settings.leaves_alone(obj.ref.group, obj.ref.kind, cluster)
        if hit is not None:
            found[obj.ref.group, obj.version, obj.ref.kind] = hit.stated
    return dict(sorted(found.items(), key=lambda item: item[0]))


# --- labels and comparison


def _keep_label(work: SettingsWork) -> None:
    """Where objects select by the label with which Argo CD marks all objects, Flux sets it too."""
    label = work.settings.label
    if not label:
        return
    added: list[str] = []
    unseen: list[str] = []
    for plan, draft in work.appliers:
        if plan.kind != "Kustomization":
            continue
        found = selects_by(plan.content, label)
        if found is None:
            unseen.append(draft.id)
        elif found:
            added.append(draft.id)
            path = ("spec", "commonMetadata", "labels", label)
            if label not in draft.body["spec"].get("commonMetadata", {}).get("labels", {}):
                draft.put(path, _instance(plan, work.settings), slot="settings.label")
            for stated in work.settings.label_stated:
                _credit(draft, stated)
    for objects, handling in (
        (added, "`commonMetadata` sets it, because objects are selected by it: {objects}"),
        (unseen, "whether anything selects by it cannot be seen for {objects}"),
    ):
        if objects:
            facts = {"label": label, "handling": handling.format(objects=listed(objects))}
            _say_label(work, facts)


def _instance(plan: Plan, settings: ArgoSettings) -> str:
    """What Argo CD calls an app: with its namespace where that is not the installation's own.

    argo-cd:pkg/apis/application/v1alpha1/types.go InstanceName.
    """
    own = next((r.ref.namespace for r in settings.resources if r.ref.namespace), "argocd")
    app = plan.app
    return app.name if app.namespace in {"", own} else f"{app.namespace}_{app.name}"


def _say_label(work: SettingsWork, facts: dict[str, Any]) -> None:
    if not work.settings.label_stated:
        work.emission.say(A2F_MIG_003, **facts)
    for stated in work.settings.label_stated:
        work.find(stated, A2F_MIG_003, **facts)


def _find_compare_options(work: SettingsWork) -> None:
    """Aggregated roles matter where an app renders one, or may."""
    stated = work.settings.aggregated_roles
    if stated is None:
        return
    group = "rbac.authorization.k8s.io"
    if any(renders(plan.content, group, "ClusterRole") is not False for plan, _ in work.appliers):
        work.find(stated, A2F_CM_007)
