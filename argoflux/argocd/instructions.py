"""Instructions of Flux on single objects, as annotations that Argo CD reads.

A kustomize build gets them by patches of the Application, rendered objects have them in their file; in
a plain folder nothing can add them. Only kustomize-controller reads the instructions, so charts have none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.mapping.apply_instructions import (
    F2A_ANN_010,
    HOOK,
    INSTRUCTED,
    SYNC_OPTIONS,
    instructions,
    merged_options,
)
from argoflux.mapping.concept import Concept, Context
from argoflux.mapping.index import find_pattern
from argoflux.mapping.object_annotations import RESOURCE
from argoflux.mapping.whole_patches import instructing
from argoflux.mapping.yields import split
from argoflux.model.content import Known
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.argocd.writing import Writing
    from argoflux.mapping.verdict import Message
    from argoflux.model.content import ContentObject

_PATCHES = "spec.source.kustomize.patches"
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Instructed:
    """An object with its instructions, and the annotations that say the same to Argo CD."""

    obj: ContentObject
    stated: Mapping[str, str]
    wanted: Mapping[str, str]


def put_instructions(work: Writing, *, patched: bool) -> None:
    """Add what the objects of the path ask for by patches; say it where that cannot be."""
    found = _instructed(work)
    carried = patched and not (any(one.wanted for one in found) and work.lacks("patches"))
    for patch in _patches(work, found) if carried else ():
        work.draft.add(_PATCHES, patch, origin="derived")
    _say_all(work, found, carried=carried)


def say_instructions(work: Writing) -> None:
    """What becomes of the instructions of rendered objects, which get their annotations in place."""
    _say_all(work, _instructed(work), carried=True)


def _say_all(work: Writing, found: list[_Instructed], *, carried: bool) -> None:
    """Messages once for all objects that state the same."""
    said: dict[Message, tuple[dict[str, Any], list[_Instructed]]] = {}
    left: dict[tuple[tuple[str, str], ...], list[_Instructed]] = {}
    for one in found:
        if one.wanted and not carried:
            left.setdefault(tuple(sorted(one.wanted.items())), []).append(one)
        for message, facts in _judged(work, one):
            if carried or not one.wanted:
                said.setdefault(message, (facts, []))[1].append(one)
    for message, (facts, objects) in said.items():
        _say(work, message, objects, **facts)
    for wanted, objects in left.items():
        stated = sorted(
            {f"`{key}: {value}`" for one in objects for key, value in one.stated.items()}
        )
        _say(
            work,
            F2A_ANN_010,
            objects,
            objects=_listed(objects),
            instructions=", ".join(stated),
            wanted=", ".join(f"`{key}: {value}`" for key, value in wanted),
        )


def with_annotations(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object with the annotations that say to Argo CD what it says to Flux."""
    metadata = body.get("metadata")
    added = _annotations(body)
    if not added or not isinstance(metadata, dict):
        return body
    annotations = {**(metadata.get("annotations") or {}), **added}
    return {**body, "metadata": {**metadata, "annotations": annotations}}


def _instructed(work: Writing) -> list[_Instructed]:
    content = work.final_content()
    if not isinstance(content, Known):
        return []
    yields = split(content)
    return [
        _Instructed(obj=obj, stated=stated, wanted=_annotations(obj.body))
        for obj in (*yields.plain, *yields.installation)
        if (stated := dict(_stated(obj.body)))
    ]


def _stated(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The labels and annotations of an object that are for kustomize-controller."""
    metadata = body.get("metadata")
    for name in ("labels", "annotations"):
        block = metadata.get(name) if isinstance(metadata, dict) else None
        for key, value in block.items() if isinstance(block, dict) else ():
            if isinstance(key, str) and isinstance(value, str) and key.startswith(INSTRUCTED):
                yield key, value


def _annotations(body: Mapping[str, Any]) -> dict[str, str]:
    """What has to be added, merged with the options that the object states already."""
    options, skip = instructions(_stated(body))
    metadata = body.get("metadata")
    stated = metadata.get("annotations") if isinstance(metadata, dict) else None
    own = {k: v for k, v in (stated or {}).items() if isinstance(v, str)}
    wanted = {SYNC_OPTIONS: merged_options(own, options)} if options else {}
    if skip:
        wanted[HOOK] = "Skip"
    return {key: value for key, value in wanted.items() if own.get(key) != value}


def _judged(work: Writing, one: _Instructed) -> Iterator[tuple[Message, dict[str, Any]]]:
    """The messages of the rows."""
    for key, value in one.stated.items():
        match = find_pattern(RESOURCE, (key,), "flux")
        if match is None or not isinstance(match.row, Concept):
            continue
        ctx = Context(
            to="argocd",
            kind="",
            argocd=work.request.argocd,
            flux=work.request.flux,
            body=one.obj.body,
            path=(key,),
        )
        note = next(n for n in match.row.to_argo if n.when is None or n.when(value, ctx))
        if note.message is not None:
            yield note.message, dict(note.facts(value, ctx)) if note.facts else {}


def _say(work: Writing, message: Message, found: Iterable[_Instructed], **facts: Any) -> None:
    places = tuple(dict.fromkeys(one.obj.place for one in found))
    work.emission.say(message, *places, apps=(work.app.id,), name=work.app.id, **facts)


def _listed(objects: list[_Instructed]) -> str:
    names = sorted({str(one.obj.ref) for one in objects})
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _patches(work: Writing, found: Iterable[_Instructed]) -> Iterator[dict[str, object]]:
    """One patch for all objects of a kind that want the same."""
    equal: dict[tuple[str, str, tuple[tuple[str, str], ...]], set[str]] = {}
    for one in found:
        key = (one.obj.ref.group, one.obj.ref.kind, tuple(one.wanted.items()))
        if one.wanted:
            equal.setdefault(key, set()).add(_pattern(work, one.obj.ref.name))
    for (group, kind, wanted), names in equal.items():
        name = next(iter(names)) if len(names) == 1 else f"({'|'.join(sorted(names))})"
        target = {**({"group": group} if group else {}), "kind": kind, "name": name}
        yield instructing(target, dict(wanted))


def _pattern(work: Writing, name: str) -> str:
    """The name that an object has before the prefix and suffix of the build itself."""
    render = work.part.render
    if isinstance(render, Kustomize):
        name = name.removeprefix(render.name_prefix or "").removesuffix(render.name_suffix or "")
    return re.escape(name).replace("\\-", "-")
