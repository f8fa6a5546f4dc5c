"""What the contents of an app's path mean for Flux, where no leaf of the input says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_files import read_kustomization
from argoflux.mapping.directory import (
    A2F_SRC_005,
    A2F_SRC_006,
    A2F_SRC_013,
    A2F_SRC_015,
    A2F_SRC_016,
    A2F_SRC_019,
    A2F_SRC_021,
)
from argoflux.mapping.kustomize import A2F_KUS_010, A2F_KUS_011
from argoflux.mapping.source import A2F_SRC_008
from argoflux.model.content import Known
from argoflux.model.render import Kustomize, Plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.flux.emit_plan import Plan

_SHOWN = 5
# kustomize-controller:internal/decryptor, fluxcd/pkg:kustomize/kustomize.go (plugins disabled)
_PLUGINS = (
    "helmCharts",
    "helmChartInflationGenerator",
    "generators",
    "transformers",
    "validators",
)
# fluxcd/pkg:sourceignore/sourceignore.go ExcludeExt, ExcludeExtra
_LEFT_OUT = (
    ".jpg",
    ".jpeg",
    ".gif",
    ".png",
    ".wmv",
    ".flv",
    ".tar.gz",
    ".zip",
    ".goreleaser.yml",
    ".goreleaser.yaml",
    ".sops.yaml",
    ".flux.yaml",
)


def note_content(plan: Plan) -> None:
    """Raise what is known about the files and objects of an app that kustomize-controller builds."""
    render = plan.part.render
    if not isinstance(plan.content, Known) or plan.kind != "Kustomization":
        return
    for link in plan.content.facts.symlinks:
        plan.say(A2F_SRC_021, link=link)
    for obj in plan.content.generated_names:
        plan.say(A2F_SRC_016, id=f"{obj.ref.kind} {obj.generate_name}* ({obj.file})")
    if isinstance(render, Plain):
        _note_directory(plan, render, plan.content)
    elif isinstance(render, Kustomize):
        _note_build(plan)


def _note_directory(plan: Plan, render: Plain, content: Known) -> None:
    facts = content.facts
    if facts.json_manifests:
        plan.say(A2F_SRC_005, files=_listed(facts.json_manifests))
    if facts.other_yaml:
        plan.say(A2F_SRC_006, files=_listed(facts.other_yaml), path=plan.part.path)
    if facts.skip_marked:
        plan.say(A2F_SRC_013, files=_listed(facts.skip_marked))
    if render.recurse and facts.nested_kustomizations:
        nested = _listed(facts.nested_kustomizations)
        plan.say(A2F_SRC_019, directories=nested, path=plan.part.path)
    for _, again in content.duplicates:
        plan.say(A2F_SRC_015, id=str(again.ref), path=plan.part.path)


def _note_build(plan: Plan) -> None:
    stated = read_kustomization(plan)
    _note_default_ignores(plan, stated)
    if any(stated.get(key) for key in _PLUGINS):
        plan.say(A2F_KUS_010, path=plan.part.path)
    for key in ("resources", "bases", "components"):
        found = stated.get(key)
        for base in found if isinstance(found, list) else ():
            if isinstance(base, str) and ("://" in base or "?ref=" in base):
                plan.say(A2F_KUS_011, base=base)


def _note_default_ignores(plan: Plan, stated: dict[str, Any]) -> None:
    """Files that generators read and that Flux leaves out of its artifacts by default."""
    used: set[str] = set()
    for key in ("configMapGenerator", "secretGenerator"):
        found = stated.get(key)
        for generator in found if isinstance(found, list) else ():
            files = generator.get("files") if isinstance(generator, dict) else None
            for item in files if isinstance(files, list) else ():
                used.add(str(item).rpartition("=")[2])
    left_out = sorted(name for name in used if name.endswith(_LEFT_OUT))
    if left_out:
        shown = _listed(left_out)
        plan.say(A2F_SRC_008, files=shown, path=plan.part.path, kind=plan.source_kind)


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = len(found) - _SHOWN
    return ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
