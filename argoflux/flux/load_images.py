"""Image repositories, policies and automations, with the markers in the files they write.

image-automation-controller:internal/update/setters.go (form of a marker);
image-reflector-controller:api/v1 (policies).
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import flag, pairs, table, tables, text
from argoflux.model.image_update import (
    ALPHABETICAL,
    NEWEST,
    SEMVER,
    Automation,
    ImageUpdate,
    Marker,
    Policy,
)
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from argoflux.yamlio.tree import dig, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.flux.loading import Loading
    from argoflux.model.app import App
    from argoflux.model.files import SourceFiles
    from argoflux.resource import Resource
    from argoflux.text import Path
    from argoflux.yamlio.tree import Document

_MARK = re.compile(r"#\s*(\{\s*\"\$imagepolicy\".*?\})")
_KEYS = {"newTag": "tag", "newName": "name", "digest": "digest"}
_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_MINIMUM = 3
"""``<namespace>:<policy>:<part>``"""


def read_repository(resource: Resource, loading: Loading) -> None:
    """Note an ImageRepository."""
    loading.image_repositories.append(resource.written)


def read_policy(resource: Resource, loading: Loading) -> None:
    """Note an ImagePolicy, joined with its repository."""
    body = resource.body
    reference = table(body, "spec", "imageRepositoryRef")
    namespace = text(reference, "namespace") or resource.ref.namespace
    repository = _find(resource, "ImageRepository", namespace, text(reference, "name"), loading)
    rules = table(body, "spec", "policy")
    lowest = "desc" in {
        text(rules, "alphabetical", "order"),
        text(rules, "numerical", "order"),
    }
    suspended = flag(body, "spec", "suspend") is True
    image = None
    if repository is not None:
        suspended = suspended or flag(repository.body, "spec", "suspend") is True
        image = _image(resource, repository, rules)
    loading.policies.append(
        Policy(
            resource=resource.written,
            repository=None if repository is None else repository.written,
            image=image,
            lowest=lowest,
            off=suspended,
        )
    )


def _image(policy: Resource, repository: Resource, rules: Mapping[str, Any]) -> ImageUpdate:
    strategy = SEMVER
    if "alphabetical" in rules:
        strategy = ALPHABETICAL
    elif "numerical" in rules:
        strategy = NEWEST
    pattern = text(policy.body, "spec", "filterTags", "pattern")
    return ImageUpdate(
        alias=policy.ref.name,
        image=text(repository.body, "spec", "image") or "",
        constraint=text(rules, "semver", "range") or "",
        strategy=strategy,
        allow=f"regexp:{pattern}" if pattern else "",
        pull_secret=text(repository.body, "spec", "secretRef", "name") or "",
    )


def _find(
    user: Resource, kind: str, namespace: str, name: str | None, loading: Loading
) -> Resource | None:
    found = loading.named(user.root, kind, namespace, name or "")
    return found[0] if found else None


def read_automation(resource: Resource, loading: Loading) -> None:
    """Note an ImageUpdateAutomation, with the markers below its path where files are at hand."""
    body = resource.body
    source = table(body, "spec", "sourceRef")
    namespace = text(source, "namespace") or resource.ref.namespace
    repository = _find(
        resource, text(source, "kind") or "GitRepository", namespace, text(source, "name"), loading
    )
    users = [app for app in loading.apps if repository is not None and repository in app.made_of]
    found = (loading.request.files(app, app.parts[0]) for app in users)
    files = next((each for each in found if each is not None), None)
    folder = posixpath.normpath(text(body, "spec", "update", "path") or ".").lstrip("/")
    markers = () if files is None else tuple(_markers(files, folder, users, loading.apps))
    branch = text(body, "spec", "git", "checkout", "ref", "branch")
    if branch is None and repository is not None:
        branch = text(repository.body, "spec", "ref", "branch")
    loading.automations.append(
        Automation(
            resource=resource.written,
            branch=branch or "",
            push_branch=text(body, "spec", "git", "push", "branch") or "",
            looked=files is not None,
            off=flag(body, "spec", "suspend") is True,
            markers=markers,
            policies=tuple(_selected(resource, loading)),
        )
    )


def _selected(automation: Resource, loading: Loading) -> Iterator[str]:
    """Policies of the automation's namespace that its selector takes, as ``namespace:name``."""
    selector = table(automation.body, "spec", "policySelector")
    wanted = pairs(selector, "matchLabels")
    for resource in loading.resources:
        ref = resource.ref
        if ref.kind != "ImagePolicy" or ref.namespace != automation.ref.namespace:
            continue
        labels = pairs(resource.body, "metadata", "labels")
        named = all(labels.get(key) == value for key, value in wanted.items())
        if named and all(_fits(rule, labels) for rule in tables(selector, "matchExpressions")):
            yield f"{ref.namespace}:{ref.name}"


def _fits(rule: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    held = labels.get(text(rule, "key") or "")
    values = rule.get("values") or []
    match text(rule, "operator"):
        case "In":
            return held in values
        case "NotIn":
            return held not in values
        case "Exists":
            return held is not None
        case _:
            return held is None


def _markers(
    files: SourceFiles, folder: str, users: list[App], apps: list[App]
) -> Iterator[Marker]:
    """Every marker below a folder, in order of files and lines."""
    for name in files.names():
        inside = folder == "." or name.startswith(f"{folder}/")
        if not inside or not name.endswith((".yaml", ".yml")):
            continue
        content = files.read(name)
        if content is None or '"$imagepolicy"' not in content:
            continue
        source = SourceFile(name, content)
        for document in load_text(source).documents:
            if '"$imagepolicy"' in content[document.start : document.end]:
                yield from _of_document(document, source, users, apps)


def _of_document(
    document: Document, source: SourceFile, users: list[App], apps: list[App]
) -> Iterator[Marker]:
    for path, value in leaves(document.body):
        if not path or not isinstance(value, str | int | float):
            continue
        line = source.line_column(document.locate(path).start)[0]
        found = _MARK.search(source.line_text(line))
        if found is None:
            continue
        try:
            stated = str(json.loads(found[1])["$imagepolicy"])
        except (ValueError, KeyError, TypeError):
            continue
        steps = stated.split(":")
        form, name, app = _form(document.body, path, source.name, users, apps)
        yield Marker(
            where=f"{source.name}:{line}",
            policy=":".join(steps[:2]),
            part=steps[2] if len(steps) >= _MINIMUM else "",
            form=form,
            name=name,
            app=app,
        )


def _form(
    body: Any, path: Path, file: str, users: list[App], apps: list[App]
) -> tuple[str, str, App | None]:
    """What a marked value is, the name of its image, and the app that has it."""
    kind = dig(body, "kind")
    folder = posixpath.dirname(file) or "."
    if posixpath.basename(file) in _FILES and path[0] == "images" and path[-1] in _KEYS:
        name = str(dig(body, *path[:-1], "name"))
        return "kustomization", name, next((u for u in users if _at(u) == folder), None)
    named = (dig(body, "metadata", "namespace"), dig(body, "metadata", "name"))
    app = next((a for a in apps if a.kind == kind and (a.namespace, a.name) == named), None)
    if kind == "HelmRelease" and path[:2] == ("spec", "values"):
        return "values", ".".join(str(step) for step in path[2:]), app
    if kind == "Kustomization" and path[:2] == ("spec", "images") and path[-1] in _KEYS:
        return "overrides", str(dig(body, *path[:-1], "name")), app
    return ("manifest" if path[-1] == "image" else "other"), str(path[-1]), None


def _at(app: App) -> str:
    return posixpath.normpath(app.parts[0].path or ".")
