"""The settings of an installation that concern objects, from argocd-cm.

Facts: argo-cd:util/settings/settings.go (GetResourceOverrides, appendResourceOverridesFromSplitKeys,
GetResourceCompareOptions), util/settings/resources_filter.go and filtered_resource.go,
util/argo/normalizers/diff_normalizer.go (keys without a group are for the core group),
docs/operator-manual/upgrading/2.14-3.0.md (the label was the default mark before 3.0).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, items, text
from argoflux.model.app import IgnoreRule
from argoflux.model.settings import (
    ArgoSettings,
    HealthScript,
    KindFilter,
    Stated,
    SystemRule,
    matches_glob,
)
from argoflux.text import SourceFile
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.argocd.loading import Loading
    from argoflux.resource import Resource

ARGOCD_CM = "ConfigMap:argocd-cm"
SETTINGS = (
    ARGOCD_CM,
    "ConfigMap:argocd-cmd-params-cm",
    "ConfigMap:argocd-rbac-cm",
    "ConfigMap:plugin",
    "Secret:argocd-secret",
)

_CUSTOMIZATIONS = "resource.customizations"
_METHOD = "application.resourceTrackingMethod"
_LABEL_KEY = "application.instanceLabelKey"
_LABEL = "app.kubernetes.io/instance"
_ANNOTATION_SINCE = "3.0"
_ALL = "*"
_NOT_YAML = object()


@dataclass(slots=True, kw_only=True)
class _Reading:
    rules: list[SystemRule] = field(default_factory=list)
    health: list[HealthScript] = field(default_factory=list)
    exclusions: list[KindFilter] = field(default_factory=list)
    inclusions: list[KindFilter] = field(default_factory=list)
    unread: list[Stated] = field(default_factory=list)
    actions: list[Stated] = field(default_factory=list)
    aggregated_roles: Stated | None = None


def note_settings(_resource: Resource, _loading: Loading) -> None:
    """Accept a ConfigMap of settings: those of a root are read together by ``read_installations``."""


def read_installations(
    resources: Iterable[Resource], roots: Iterable[str], release: str
) -> tuple[ArgoSettings, ...]:
    """The settings of every root; a root without a ConfigMap has the defaults of the release."""
    by_root: dict[str, list[Resource]] = {root: [] for root in roots}
    for resource in resources:
        if resource.pseudo in SETTINGS:
            by_root.setdefault(resource.root, []).append(resource)
    return tuple(_read(root, by_root[root], release) for root in sorted(by_root))


def _read(root: str, resources: list[Resource], release: str) -> ArgoSettings:
    reading = _Reading()
    config: dict[str, str] = {}
    marks: list[Stated] = []
    for resource in resources:
        if resource.pseudo != ARGOCD_CM:
            continue
        for key, value in block(resource.body, "data").items():
            if not isinstance(value, str):
                continue
            config[key] = value
            _read_key(reading, Stated(resource, key), value)
            if key in {_METHOD, _LABEL_KEY}:
                marks.append(Stated(resource, key))
    return ArgoSettings(
        root=root,
        resources=tuple(resources),
        rules=tuple(reading.rules),
        health=tuple(reading.health),
        exclusions=tuple(reading.exclusions),
        inclusions=tuple(reading.inclusions),
        unread=tuple(reading.unread),
        actions=tuple(reading.actions),
        aggregated_roles=reading.aggregated_roles,
        label=instance_label(config, release),
        label_stated=tuple(marks),
        waits_for_children=checks_applications(config),
    )


def instance_label(config: Mapping[str, str], release: str) -> str:
    """The label that Argo CD puts on the objects of an app; empty when an annotation marks them."""
    usual = "annotation" if Release.parse(release) >= Release.parse(_ANNOTATION_SINCE) else "label"
    method = config.get(_METHOD, "").strip() or usual
    return (config.get(_LABEL_KEY, "") or _LABEL) if "label" in method else ""


def checks_applications(config: Mapping[str, str]) -> bool:
    """Whether a script gives Applications a health, so that waves wait for children."""
    return any(
        part == "health"
        and matches_glob(group, "argoproj.io")
        and matches_glob(kind, "Application")
        for part, group, kind, _value in _customizations(config)
    )


def _read_key(reading: _Reading, stated: Stated, value: str) -> None:
    key = stated.key
    if key == _CUSTOMIZATIONS or key.startswith(f"{_CUSTOMIZATIONS}."):
        if _broken(key, value):
            reading.unread.append(stated)
        for part, group, kind, found in _customizations({key: value}):
            _read_part(reading, stated, part, group, kind, found)
    elif key in {"resource.exclusions", "resource.inclusions"}:
        found = _yaml(value)
        if not isinstance(found, list | None):
            reading.unread.append(stated)
            return
        into = reading.exclusions if key == "resource.exclusions" else reading.inclusions
        into += [_filter(stated, item) for item in found or () if isinstance(item, dict)]
    elif key == "resource.compareoptions":
        found = _yaml(value)
        if not isinstance(found, dict | None):
            reading.unread.append(stated)
        elif found and found.get("ignoreAggregatedRoles") is True:
            reading.aggregated_roles = stated


def _read_part(
    reading: _Reading, stated: Stated, part: str, group: str, kind: str, value: Any
) -> None:
    if part == "health":
        reading.health.append(HealthScript(stated=stated, group=group, kind=kind))
    elif part == "actions":
        reading.actions.append(stated)
    elif part == "ignoreDifferences" and isinstance(value, dict):
        rule = IgnoreRule(
            group=group,
            kind=kind,
            pointers=tuple(text(item) for item in items(value, "jsonPointers")),
            jq=tuple(text(item) for item in items(value, "jqPathExpressions")),
            managers=tuple(text(item) for item in items(value, "managedFieldsManagers")),
        )
        reading.rules.append(SystemRule(stated=stated, rule=rule))


def _customizations(config: Mapping[str, str]) -> Iterator[tuple[str, str, str, Any]]:
    """Part, group, kind and value of every customization, of the one key and of the split keys."""
    for key, value in config.items():
        if key == _CUSTOMIZATIONS:
            found = _yaml(value)
            for target, parts in found.items() if isinstance(found, dict) else ():
                group, kind = _target(str(target), "/")
                for name, content in parts.items() if isinstance(parts, dict) else ():
                    part = "health" if name == "health.lua" else str(name)
                    nested = part in {"ignoreDifferences", "ignoreResourceUpdates"}
                    inner = _yaml(content) if nested and isinstance(content, str) else content
                    yield part, group, kind, inner
        elif key.startswith(f"{_CUSTOMIZATIONS}."):
            part, _, target = key.removeprefix(f"{_CUSTOMIZATIONS}.").partition(".")
            if target:
                content = _yaml(value) if part.startswith("ignore") else value
                yield part, *_target(target, "_"), content


def _target(name: str, separator: str) -> tuple[str, str]:
    """Group and kind of a customization; a name without a group is a kind of the core group."""
    if name == "all" and separator == "_":
        return _ALL, _ALL
    group, found, kind = name.rpartition(separator)
    return (group, kind) if found else ("", name)


def _broken(key: str, value: str) -> bool:
    """Whether a customization that holds YAML is not readable as such."""
    if key == _CUSTOMIZATIONS:
        return not isinstance(_yaml(value), dict | None)
    part = key.removeprefix(f"{_CUSTOMIZATIONS}.").partition(".")[0]
    return part.startswith("ignore") and not isinstance(_yaml(value), dict | None)


def _filter(stated: Stated, item: dict[str, Any]) -> KindFilter:
    return KindFilter(
        stated=stated,
        groups=tuple(text(group) for group in items(item, "apiGroups")),
        kinds=tuple(text(kind) for kind in items(item, "kinds")),
        clusters=tuple(text(cluster) for cluster in items(item, "clusters")),
    )


def _yaml(value: str) -> Any:
    """The first document of a text; None for an empty text, a mark for what is no YAML."""
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile("argocd-cm", value))
    if loaded.findings and not loaded.documents:
        return _NOT_YAML
    return next((document.body for document in loaded.documents), None)
