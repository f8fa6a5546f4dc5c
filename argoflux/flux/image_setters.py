"""Where the converted objects hold an image, and the marks by which Flux finds these places.

Facts: image-automation-controller:pkg/update/setters.go (a comment behind a scalar names the
policy, with ``:name``, ``:tag`` or ``:digest`` for parts of the image);
argocd-image-updater:pkg/argocd/argocd.go SetHelmImage, SetKustomizeImage.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_files import read_mapping
from argoflux.model.content import Known
from argoflux.model.render import Helm
from argoflux.yamlio.dump import Remarked
from argoflux.yamlio.tree import MISSING, dig, leaves

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.model.image_update import ImageUpdate

TODO = "TODO"
_LATEST = "latest"  # argocd-image-updater:docs/basics/update-strategies.md (digest)
_SLOT = "image_updates.targets"
_NAME, _TAG = "image.name", "image.tag"
_FULL = re.compile(r"v?\d+\.\d+\.\d+\Z")
_DOTS = re.compile(r"(?<!\\)\.")


@dataclass(slots=True, kw_only=True)
class Marks:
    """What came of marking an image in one applier.

    ``tag`` is the present one, ``unknown`` are paths whose present value nobody knows. ``problem`` is ``form`` where Flux has
    no mark for what Argo CD's image updater writes, ``path`` where the parameter has no place.
    """

    unknown: list[str] = field(default_factory=list)
    tag: str = ""
    problem: str = ""


def mark_image(plan: Plan, draft: Draft, image: ImageUpdate, policy: str, *, digest: bool) -> Marks:
    """Mark the places of an image in an applier; missing ones are added."""
    if isinstance(plan.part.render, Helm):
        return _mark_values(plan, draft, image, policy, digest=digest)
    return _mark_entry(plan, draft, image, policy, digest=digest)


def _remark(policy: str, part: str = "") -> str:
    """The text of the comment; JSON, as the controller reads it."""
    return json.dumps({"$imagepolicy": f"{policy}:{part}" if part else policy})


def _mark_entry(
    plan: Plan, draft: Draft, image: ImageUpdate, policy: str, *, digest: bool
) -> Marks:
    """Mark ``spec.images`` of a Kustomization."""
    name = image.kustomize_name or image.image
    entries = draft.body["spec"].get("images", [])
    number = next((n for n, entry in enumerate(entries) if entry.get("name") == name), None)
    if number is None:
        draft.add("spec.images", {"name": name}, slot=_SLOT)
        entries = draft.body["spec"]["images"]
        number = len(entries) - 1
    entry = entries[number]
    marks = Marks()
    at = f"spec.images[{number}]"
    if name != image.image:
        entry["newName"] = Remarked(image.image, _remark(policy, "name"))
    key = "digest" if digest else "newTag"
    value = entry.get(key) or ("" if digest else _tag_in_content(plan, name) or _exact(image))
    entry[key] = Remarked(str(value or TODO), _remark(policy, "digest" if digest else "tag"))
    if not value:
        marks.unknown.append(f"{at}.{key}")
    elif not digest:
        marks.tag = str(value)
    return marks


def _exact(image: ImageUpdate) -> str:
    """The version that a constraint allows where it is only one."""
    return image.constraint if _FULL.match(image.constraint) else ""


def _whole(image: ImageUpdate, *, digest: bool) -> str:
    """Name and tag, where the tag is known."""
    tag = (image.constraint or _LATEST) if digest else _exact(image)
    return f"{image.image}:{tag}" if tag else ""


def _tag_in_content(plan: Plan, name: str) -> str:
    """The tag that the manifests of the path give the image, where they agree on one."""
    if not isinstance(plan.content, Known):
        return ""
    tags: set[str] = set()
    for obj in plan.content.objects:
        for path, value in leaves(obj.body):
            if path[-1:] == ("image",) and isinstance(value, str):
                found, _, tag = value.partition("@")[0].rpartition(":")
                if found == name and "/" not in tag:
                    tags.add(tag)
    return tags.pop() if len(tags) == 1 else ""


def _mark_values(
    plan: Plan, draft: Draft, image: ImageUpdate, policy: str, *, digest: bool
) -> Marks:
    """Mark ``spec.values`` of a HelmRelease, at the places of the parameters."""
    marks = Marks()
    if image.helm_spec:
        wanted = [(image.helm_spec, "", "")]
    elif digest:
        return Marks(problem="form")
    else:
        wanted = [
            (image.helm_name or _NAME, "name", image.image),
            (image.helm_tag or _TAG, "tag", ""),
        ]
    for parameter, part, known in wanted:
        path = tuple(step.replace("\\.", ".") for step in _DOTS.split(parameter))
        values = draft.body["spec"].get("values", {})
        if "[" in parameter or not _fits(values, path):
            return Marks(problem="path")
        value = known or _present(plan, values, path)
        if not value and part != "name":
            value = _whole(image, digest=digest) if part == "" else _exact(image)
        at = ".".join(("spec.values", *path))
        remarked = Remarked(value or TODO, _remark(policy, part))
        _put_value(draft, path, remarked)
        if not value:
            marks.unknown.append(at)
        elif part != "name":
            marks.tag = value.rpartition(":")[2] if part == "" else value
    return marks


def _put_value(draft: Draft, path: tuple[str, ...], value: Remarked) -> None:
    """Write the value; one that stands there already keeps the leaves that it came from."""
    at = ("spec", "values", *path)
    earlier = dig(draft.body, *at) is not MISSING
    kept = [trace for trace in draft.traces if trace.path == at]
    draft.put(at, value, slot=_SLOT)
    draft.traces += kept if earlier else []


def _fits(values: Any, path: tuple[str, ...]) -> bool:
    """Whether a scalar can stand at the path: nothing above it is a scalar, nothing there a map."""
    for step in path:
        if not isinstance(values, dict):
            return False
        if step not in values:
            return True
        values = values[step]
    return not isinstance(values, dict | list)


def _present(plan: Plan, values: Any, path: tuple[str, ...]) -> str:
    """The value in use: of the release, else of the last values file that states it."""
    render = plan.part.render
    files = render.values_files if isinstance(render, Helm) else ()
    own = posixpath.normpath(posixpath.join(plan.part.path, "values.yaml"))
    found = dig(values, *path)
    for name in (*reversed(files), own):
        if found is not MISSING:
            break
        body = read_mapping(plan, name)
        found = dig(body, *path) if body is not None else MISSING
    return "" if found is MISSING or isinstance(found, dict | list | None) else str(found)
