"""Image updates of Applications: the ImageUpdater objects, and annotations.

Facts: argocd-image-updater:docs/configuration/applications.md (which rule is used: the most
specific of one object), pkg/argocd/annotations.go (annotations as settings),
docs/configuration/images.md. Without an ImageUpdater in the input the annotations count, as they
did before v1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, switch, text, texts
from argoflux.goports import globs
from argoflux.goports.labels import SelectorError, requirements
from argoflux.mapping.emission import Saying
from argoflux.mapping.image_updates import A2F_IMG_024
from argoflux.model.image_update import (
    ALPHABETICAL,
    DIGEST,
    NEWEST,
    SEMVER,
    ImageUpdate,
    ImageUpdates,
    WriteBack,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.argocd.loading import Loading
    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path

PREFIX = "argocd-image-updater.argoproj.io/"
IMAGE_LIST = f"{PREFIX}image-list"
_NOTES: Path = ("metadata", "annotations")

# argocd-image-updater:pkg/image/options.go ParseUpdateStrategy
_STRATEGIES = {
    "semver": SEMVER,
    "latest": NEWEST,
    "newest-build": NEWEST,
    "name": ALPHABETICAL,
    "alphabetical": ALPHABETICAL,
    "digest": DIGEST,
}
_SETTINGS = {
    "updateStrategy": "update-strategy",
    "allowTags": "allow-tags",
    "ignoreTags": "ignore-tags",
    "forceUpdate": "force-update",
    "pullSecret": "pull-secret",
    "platforms": "platforms",
}
"""Settings of the ImageUpdater by the names of their annotations."""

_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_META = re.compile(r"[*?\[\\]")


@dataclass(slots=True, kw_only=True)
class _Settings:
    """What holds for an image: values by setting, and where each is stated."""

    values: dict[str, Any] = field(default_factory=dict)
    stated: dict[str, Path] = field(default_factory=dict)

    def over(self, outer: _Settings) -> _Settings:
        """These settings, and those of the outer level where nothing is stated here."""
        return _Settings(
            values={**outer.values, **self.values}, stated={**outer.stated, **self.stated}
        )


def keep_updater(resource: Resource, loading: Loading) -> None:
    """Remember an ImageUpdater until all Applications are known."""
    loading.updaters.append(resource)


def read_image_updates(loading: Loading) -> dict[App, ImageUpdates]:
    """The image updates of every app that has some."""
    found: dict[App, ImageUpdates] = {}
    rules = [_Rules.of(resource) for resource in loading.updaters]
    roots = {resource.root for resource in loading.updaters}
    for app in loading.apps:
        seen = [own for own in rules if _may_see(own.updater, app)]
        offers = [offer for own in seen if (offer := _from_updater(own, app)) is not None]
        if app.root not in roots:
            offers = [offer for offer in [_from_annotations(app)] if offer is not None]
        if offers:
            found[app] = offers[0]
        if len(offers) > 1:
            loading.loaded.sayings.append(_conflict(app, offers))
    return found


def _conflict(app: App, offers: list[ImageUpdates]) -> Saying:
    """The remark about an app that several objects select."""
    updaters = [offer.updater for offer in offers if offer.updater is not None]
    return Saying(
        message=A2F_IMG_024,
        facts={"app": app.id, "updaters": " and ".join(str(r.ref) for r in updaters)},
        places=tuple(resource.place("spec", "applicationRefs") for resource in updaters),
    )


def _may_see(updater: Resource, app: App) -> bool:
    """An ImageUpdater manages Applications of its own root and namespace."""
    own = updater.ref.namespace
    return updater.root == app.root and (not own or not app.namespace or own == app.namespace)


def _from_updater(rules: _Rules, app: App) -> ImageUpdates | None:
    updater = rules.updater
    spec = block(updater.body, "spec")
    number = rules.most_specific(app)
    if number is None:
        return None
    rule = rules.stated[number]
    if switch(rule, "useAnnotations"):
        found = _from_annotations(app) or ImageUpdates(resource=app.resource, images=())
        return replace(found, updater=updater, rule=number)
    at: Path = ("spec", "applicationRefs", number)
    outer = _settings(rule, at).over(_settings(spec, ("spec",)))
    images = tuple(
        _image(stated, (*at, "images", index), outer)
        for index, stated in enumerate(blocks(rule, "images"))
    )
    inner = _write_back(rule, at)
    write_back = inner if inner.stated else _write_back(spec, ("spec",))
    return ImageUpdates(
        resource=updater, updater=updater, rule=number, images=images, write_back=write_back
    )


@dataclass(slots=True, kw_only=True)
class _Rules:
    """The rules of one ImageUpdater: by name where they name one Application, else in order."""

    updater: Resource
    stated: list[dict[str, Any]]
    named: dict[str, list[int]] = field(default_factory=dict)
    globs: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, updater: Resource) -> _Rules:
        """Sort the rules of an object."""
        rules = cls(updater=updater, stated=blocks(block(updater.body, "spec"), "applicationRefs"))
        for number, rule in enumerate(rules.stated):
            pattern = text(rule.get("namePattern"))
            where = rules.globs if _META.search(pattern) else rules.named.setdefault(pattern, [])
            where.append(number)
        return rules

    def most_specific(self, app: App) -> int | None:
        """The number of the rule that is used: exact name, label conditions, literal characters."""
        scores: list[tuple[bool, int, int, int]] = []
        for number in (*self.named.get(app.name, ()), *self.globs):
            pattern = text(self.stated[number].get("namePattern"))
            try:
                wanted = tuple(requirements(self.stated[number].get("labelSelectors")))
                named = globs.filepath_match(pattern, app.name)
            except (SelectorError, globs.GlobError):
                continue
            if named and all(one.holds(app.labels) for one in wanted):
                literal = len(_META.sub("", re.sub(r"\[[^\]]*\]", "*", pattern)))
                scores.append((not _META.search(pattern), len(wanted), literal, -number))
        return -max(scores)[3] if scores else None


def _settings(node: Mapping[str, Any], at: Path) -> _Settings:
    found = _Settings()
    stated = block(node, "commonUpdateSettings")
    for key, name in _SETTINGS.items():
        value = stated.get(key)
        if value is None:
            continue
        found.values[name] = value
        found.stated[name] = (*at, "commonUpdateSettings", key)
    verify = block(node, "imagesVerification")
    if verify:
        off = switch(verify, "enabled") is False
        secret = text(block(verify, "cosignKey").get("secretName"))
        found.values["verify"] = "" if off else secret
        found.stated["verify"] = (*at, "imagesVerification")
    return found


def _image(stated: dict[str, Any], at: Path, outer: _Settings) -> ImageUpdate:
    settings = _settings(stated, at).over(outer)
    targets = block(stated, "manifestTargets")
    helm, plugin = block(targets, "helm"), block(targets, "plugin")
    where = {**settings.stated, "alias": (*at, "alias"), "image": (*at, "imageName")}
    for tool in ("helm", "kustomize", "plugin"):
        for key in block(targets, tool):
            where[f"{tool}.{key}"] = (*at, "manifestTargets", tool, key)
    return _built(
        text(stated.get("imageName")),
        settings.values,
        where,
        alias=text(stated.get("alias")),
        kustomize_name=text(block(targets, "kustomize").get("name")),
        helm_name=text(helm.get("name")),
        helm_tag=text(helm.get("tag")),
        helm_spec=text(helm.get("spec")),
        plugin=bool(plugin),
    )


def _built(
    identifier: str, values: Mapping[str, Any], stated: Mapping[str, Path], **more: Any
) -> ImageUpdate:
    image, constraint = split_image(identifier)
    strategy = text(values.get("update-strategy")).strip() or SEMVER
    force = values.get("force-update")
    return ImageUpdate(
        image=image,
        constraint=constraint,
        strategy=_STRATEGIES.get(strategy, strategy),
        allow=text(values.get("allow-tags")).strip(),
        ignore=_list(values.get("ignore-tags")),
        platforms=_list(values.get("platforms")),
        pull_secret=text(values.get("pull-secret")).strip(),
        force=force is True or text(force).strip() in _TRUE,
        verify=text(values.get("verify")),
        stated=stated,
        **more,
    )


def _list(value: Any) -> tuple[str, ...]:
    stated = value if isinstance(value, list) else text(value).split(",")
    return tuple(text(item).strip() for item in stated if text(item).strip())


def split_image(identifier: str) -> tuple[str, str]:
    """Name and constraint of ``registry:5000/name:1.x``; a digest counts as no constraint.

    argocd-image-updater:pkg/image/image.go getImageTagFromIdentifier.
    """
    name = identifier.strip().partition("@")[0]
    head, slash, last = name.rpartition("/")
    bare, _, constraint = last.partition(":")
    return f"{head}{slash}{bare}", constraint


def _from_annotations(app: App) -> ImageUpdates | None:
    notes = texts(app.resource.body.get("metadata"), "annotations")
    listed = notes.get(IMAGE_LIST)
    if listed is None:
        return None
    images = tuple(_listed_images(listed, notes))
    return ImageUpdates(
        resource=app.resource, images=images, write_back=_annotated_write_back(notes)
    )


def _listed_images(listed: str, notes: Mapping[str, str]) -> Iterator[ImageUpdate]:
    outer = _annotated(notes, "")
    for item in filter(None, (part.strip() for part in listed.split(","))):
        alias, equals, identifier = item.partition("=")
        if not equals:
            alias, identifier = "", item
        key = alias.strip().replace("/", "_")
        settings = (_annotated(notes, f"{key}.") if key else _Settings()).over(outer)
        names = {
            "kustomize.name": f"{PREFIX}{key}.kustomize.image-name",
            "helm.name": f"{PREFIX}{key}.helm.image-name",
            "helm.tag": f"{PREFIX}{key}.helm.image-tag",
            "helm.spec": f"{PREFIX}{key}.helm.image-spec",
        }
        values = {name: notes.get(note, "").strip() if key else "" for name, note in names.items()}
        where = {name: (*_NOTES, note) for name, note in names.items() if values[name]}
        yield _built(
            identifier.strip(),
            settings.values,
            {**settings.stated, **where, "image": (*_NOTES, IMAGE_LIST)},
            alias=alias.strip(),
            kustomize_name=values["kustomize.name"],
            helm_name=values["helm.name"],
            helm_tag=values["helm.tag"],
            helm_spec=values["helm.spec"],
        )


def _annotated(notes: Mapping[str, str], prefix: str) -> _Settings:
    """Settings of one image, or of the whole Application with an empty prefix."""
    found = _Settings()
    for name in _SETTINGS.values():
        key = f"{PREFIX}{prefix}{name}"
        if notes.get(key, "").strip() and (prefix or name != "platforms"):
            found.values[name] = notes[key]
            found.stated[name] = (*_NOTES, key)
    return found


def _annotated_write_back(notes: Mapping[str, str]) -> WriteBack:
    names = {
        "method": "write-back-method",
        "branch": "git-branch",
        "repository": "git-repository",
        "target": "write-back-target",
    }
    values = {name: notes.get(f"{PREFIX}{key}", "").strip() for name, key in names.items()}
    stated: dict[str, Path] = {
        name: (*_NOTES, f"{PREFIX}{key}") for name, key in names.items() if values[name]
    }
    return _written_back(values, stated)


def _write_back(node: Mapping[str, Any], at: Path) -> WriteBack:
    stated = block(node, "writeBackConfig")
    git = block(stated, "gitConfig")
    at = (*at, "writeBackConfig")
    values = {"method": text(stated.get("method"))}
    where: dict[str, Path] = {"method": (*at, "method")} if values["method"] else {}
    for name, key in (
        ("branch", "branch"),
        ("repository", "repository"),
        ("target", "writeBackTarget"),
    ):
        values[name] = text(git.get(key))
        if values[name]:
            where[name] = (*at, "gitConfig", key)
    asked = block(git, "pullRequest")
    values["pull_request"] = next(iter(asked), "")
    if asked:
        where["pull_request"] = (*at, "gitConfig", "pullRequest")
    return _written_back(values, where)


def _written_back(values: Mapping[str, str], stated: Mapping[str, Path]) -> WriteBack:
    """Method ``git:secret:ns/name``, and branch ``base:write``."""
    method, _, reference = values["method"].partition(":")
    base, _, write = values["branch"].partition(":")
    return WriteBack(
        method=method or "argocd",
        secret=reference.removeprefix("secret:") if reference.startswith("secret:") else "",
        branch=base,
        push_branch=write,
        repository=values["repository"],
        target=values["target"],
        pull_request=values.get("pull_request", ""),
        stated=stated,
    )
