"""Charts that source-watcher puts together: the chart with values files of other sources merged in.

The merged files are the defaults of the chart that helm-controller installs, so inline values still
win, as in Argo CD. Both sources stay watched.

Facts: source-watcher:internal/builder/builder.go (a directory is copied with its own name, the root
of a source with none), source-watcher:internal/builder/merge.go, helm:pkg/chart/loader/archive.go
(a chart stands in one directory of its archive), source-controller:internal/controller/
helmchart_controller.go (fetches dependencies, and names that directory after the chart).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.chart_files import OWN_VALUES
from argoflux.flux.emit_gates import api_version
from argoflux.flux.emit_kept import kept_names
from argoflux.flux.source_groups import free_name
from argoflux.flux.values_layers import GENERATOR, parse_values
from argoflux.mapping.draft import Draft, Trace
from argoflux.mapping.helm import A2F_HELM_006
from argoflux.mapping.multi import A2F_MUL_008
from argoflux.mapping.names import slug, undotted
from argoflux.model.source import GitSource, HelmSource, OciSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.values_layers import ValuesFile
    from argoflux.model.app import App

_CHART = "HelmChart"
_INTERVAL = "10m"
_FILES = "part.render.helm.values_files"
_NOT_ALIAS = re.compile(r"[^a-z0-9_-]+")
_ARTIFACT = "@artifact/"


class _Charts(NamedTuple):
    """The new HelmCharts by what they are made of, and the names that are taken."""

    drafts: dict[tuple[str, ...], Draft]
    taken: set[Identity]


def emit_generators(plans: Sequence[Plan]) -> list[Draft]:
    """The generators of all plans that need one, with their HelmCharts; plans learn the artifact."""
    wanted = [plan for plan in plans if plan.layers.way == "artifact"]
    if not wanted:
        return []
    charts = _Charts({}, kept_names(wanted[0].request.kept))
    sources = {(plan.app, plan.index): plan for plan in plans}
    generators = [_emit(plan, sources, charts) for plan in wanted]
    return [*charts.drafts.values(), *generators]


@dataclass(slots=True)
class _Aliases:
    """The sources of one generator: an alias for each, the same one for the same object."""

    by_object: dict[tuple[str, str], str] = field(default_factory=dict)

    def alias(self, kind: str, name: str, wanted: str) -> str:
        """The alias of an object; ``wanted`` as far as it is free and allowed."""
        known = self.by_object.get((kind, name))
        if known is not None:
            return known
        base = _NOT_ALIAS.sub("-", wanted.lower()).strip("-_") or "values"
        alias, number = base, 2
        while alias in self.by_object.values():
            alias, number = f"{base}-{number}", number + 1
        self.by_object[kind, name] = alias
        return alias


class _Chart(NamedTuple):
    """The chart inside the artifact: its directory, and the first copy that brings it there."""

    directory: str
    copy: dict[str, str]
    alias: str


def _emit(plan: Plan, sources: Mapping[tuple[App, int], Plan], charts: _Charts) -> Draft:
    aliases = _Aliases()
    name = free_name(charts.taken, plan, GENERATOR, undotted(plan.name), plan.app.id)
    made = free_name(charts.taken, plan, "ExternalArtifact", f"{name}-chart", plan.app.id)
    chart = _place_chart(plan, aliases, charts)
    copies = [chart.copy]
    own = posixpath.normpath(posixpath.join(plan.part.path, OWN_VALUES))
    merged: list[int] = []
    lenders: list[Plan] = []
    for file in plan.layers.beside:
        lender = sources[plan.app, plan.index if file.part is None else file.part]
        if lender is not plan and lender not in lenders:
            lenders.append(lender)
        if lender is plan and len(copies) == 1 and file.path == own:
            continue  # the chart's own values come first anyway
        source = _copied_from(plan, lender, file, chart, aliases)
        target = f"{_ARTIFACT}{chart.directory}/{OWN_VALUES}"
        merged.append(len(copies))
        copies.append({"from": source, "to": target, "strategy": "Merge"})
    origin = aliases.by_object[lenders[0].source_kind, lenders[0].source]
    draft = Draft(
        api_version=api_version(plan.flux, GENERATOR),
        kind=GENERATOR,
        namespace=plan.namespace,
        name=name,
        folder="sources",
        root=plan.app.root,
        apps=[plan.app],
        part_of={plan.app: {plan.index, *(lender.index for lender in lenders)}},
    )
    _put_sources(draft, aliases, lenders)
    item = {"name": made, "originRevision": f"@{origin}", "copy": copies}
    draft.put("spec.artifacts", [item], origin="derived")
    at = ("spec", "artifacts", 0, "copy")
    draft.traces += [Trace((*at, number), _FILES, "derived") for number in merged]
    if aliases.by_object.get(("GitRepository", plan.source)) == chart.alias:
        draft.traces.append(Trace((*at, 0, "from"), "part.path", "derived"))
    _note(plan, draft, made)
    return draft


def _note(plan: Plan, draft: Draft, artifact: str) -> None:
    """What the plan and its rows need to know."""
    plan.layers = replace(plan.layers, artifact=artifact)
    files = [file.stored for file in plan.layers.beside if file.part != plan.index]
    plan.facts["generator"] = draft.id
    plan.facts["missing_stops"] = any(file.files is None for file in plan.layers.beside)
    plan.say(A2F_HELM_006, files=", ".join(files), generator=draft.id)


def _put_sources(draft: Draft, aliases: _Aliases, lenders: Sequence[Plan]) -> None:
    """The sources; the alias of one that has a name in the input carries that name."""
    named = {(lender.source_kind, lender.source) for lender in lenders}
    for number, ((kind, name), alias) in enumerate(aliases.by_object.items()):
        draft.add("spec.sources", {"alias": alias, "kind": kind, "name": name})
        if (kind, name) in named:
            draft.traces.append(Trace(("spec", "sources", number, "alias"), "part.ref", "derived"))


def _copied_from(
    plan: Plan, lender: Plan, file: ValuesFile, chart: _Chart, aliases: _Aliases
) -> str:
    if lender is plan and not isinstance(plan.part.source, GitSource):
        return f"@{chart.alias}/{chart.directory}/{file.path}"
    wanted = lender.part.ref or "repository"
    return f"@{aliases.alias(lender.source_kind, lender.source, wanted)}/{file.path}"


def _place_chart(plan: Plan, aliases: _Aliases, charts: _Charts) -> _Chart:
    """How the chart gets into the artifact, below a directory of its own."""
    source = plan.part.source
    if isinstance(source, OciSource):
        directory = source.url.rpartition("/")[2]
        kind, name = plan.source_kind, plan.source
    elif isinstance(source, HelmSource):
        directory = source.chart
        kind, name = _CHART, _helm_chart(plan, source.chart, charts)
    else:
        directory = _name_of_chart(plan)
        if not directory:
            return _copied_chart(plan, aliases)
        kind, name = _CHART, _helm_chart(plan, directory, charts)
    alias = aliases.alias(kind, name, "chart")
    return _Chart(directory, {"from": f"@{alias}/", "to": _ARTIFACT}, alias)


def _copied_chart(plan: Plan, aliases: _Aliases) -> _Chart:
    """A chart whose files cannot be seen: its directory as it stands in Git."""
    alias = aliases.alias(plan.source_kind, plan.source, "chart")
    path = plan.part.path
    plan.say(A2F_MUL_008, chart=path, url=plan.facts.get("url"))
    if path == ".":
        directory = undotted(plan.name)
        return _Chart(directory, {"from": f"@{alias}/", "to": f"{_ARTIFACT}{directory}/"}, alias)
    return _Chart(posixpath.basename(path), {"from": f"@{alias}/{path}/", "to": _ARTIFACT}, alias)


def _name_of_chart(plan: Plan) -> str:
    """The name that ``Chart.yaml`` states; empty when it cannot be read."""
    if plan.files is None:
        return ""
    text = plan.files.read(posixpath.normpath(posixpath.join(plan.part.path, "Chart.yaml")))
    name = (parse_values(text) or {}).get("name")
    return name if isinstance(name, str) else ""


def _helm_chart(plan: Plan, chart: str, charts: _Charts) -> str:
    """The HelmChart that a chart is fetched with, shared by apps that agree on all of it."""
    source = plan.part.source
    found = source.chart if isinstance(source, HelmSource) else _directory(plan.part.path)
    version = source.version if isinstance(source, HelmSource) else ""
    where = (plan.app.root, plan.namespace, plan.source_kind, plan.source)
    key = (*where, found, version)
    draft = charts.drafts.get(key)
    if draft is not None:
        draft.apps += [plan.app] if plan.app not in draft.apps else []
        draft.part_of.setdefault(plan.app, set()).add(plan.index)
        return draft.name
    draft = charts.drafts[key] = Draft(
        api_version=api_version(plan.flux, _CHART),
        kind=_CHART,
        namespace=plan.namespace,
        name=free_name(charts.taken, plan, _CHART, undotted(slug(chart)), "/".join(key)),
        folder="sources",
        root=plan.app.root,
        apps=[plan.app],
        part_of={plan.app: {plan.index}},
    )
    draft.put("spec.interval", _INTERVAL, origin="required")
    if isinstance(source, HelmSource):
        draft.put("spec.chart", found, slot="part.source.chart")
        draft.put("spec.version", version, slot="part.source.revision")
    else:
        draft.put("spec.chart", found, slot="part.path")
        draft.put("spec.reconcileStrategy", "Revision", origin="derived")
    draft.put("spec.sourceRef.kind", plan.source_kind, origin="required")
    draft.put("spec.sourceRef.name", plan.source, origin="required")
    return draft.name


def _directory(path: str) -> str:
    return "./" if path == "." else f"./{path}"
