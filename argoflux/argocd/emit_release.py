"""HelmReleases whose chart stands in Git as Applications with a Helm source."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from argoflux.argocd import application
from argoflux.argocd.artifacts import refuse_artifact
from argoflux.argocd.drift import put_ignored_differences
from argoflux.argocd.lenders import put_lenders
from argoflux.argocd.post_rendered import put_post_rendered
from argoflux.mapping.artifacts import F2A_AG_005
from argoflux.mapping.chart_scan import scan_chart
from argoflux.mapping.destination import F2A_NS_001
from argoflux.mapping.emission import Decision
from argoflux.mapping.helm import F2A_HC_001, F2A_HC_004
from argoflux.mapping.registry import F2A_HR_001
from argoflux.mapping.release import F2A_HR_002, F2A_HR_007, F2A_HR_013, F2A_HR_014, crd_effect
from argoflux.mapping.values_from import F2A_HR_025
from argoflux.model.render import Helm
from argoflux.model.source import HelmSource, OciSource
from argoflux.yamlio.dump import dump

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing

_AT = "spec.source.helm"
_SLOT = "part.render.helm"


def write_release(work: Writing, cluster: str | None) -> Decision:
    """Fill the draft for a chart at a path of a repository."""
    render = work.part.render
    if not isinstance(render, Helm):
        raise TypeError(f"{work.app.id} is no chart")
    refused = refuse_artifact(work)
    if refused is not None:
        return refused
    application.put_project(work)
    if not put_post_rendered(work, render):
        application.put_source(work)
        _put_helm(work, render)
        put_lenders(work)
    namespace = work.app.destination.namespace
    slot = "destination.namespace" if work.facts.get("target_stated") else "namespace"
    application.put_destination(work, namespace, slot=slot, cluster=cluster)
    if namespace is None:
        work.say(F2A_NS_001)
    put_ignored_differences(work)
    application.put_sync_policy(work)
    application.put_metadata(work)
    work.refresh_paths += _refresh_paths(work, render.values_files)
    application.put_refresh_paths(work)
    _say_release(work, render)
    return Decision(kind="Application", facts=work.facts)


def _put_helm(work: Writing, render: Helm) -> None:
    """The release name always, because Argo CD would take the Application's."""
    draft = work.draft
    slot = f"{_SLOT}.release_name" if work.facts.get("release_stated") else ""
    draft.put(f"{_AT}.releaseName", render.release_name, slot=slot)
    for file in render.values_files:
        path = _from_root(file) if work.git is not None and not file.startswith("$") else file
        draft.add(f"{_AT}.valueFiles", path, slot=f"{_SLOT}.values_files")
    skip = render.ignore_missing_values_files
    if skip is not None:
        slot = f"{_SLOT}.ignore_missing_values_files"
        draft.put(f"{_AT}.ignoreMissingValueFiles", skip, slot=slot)
    if render.values is not None:
        if work.lacks("valuesObject"):
            draft.put(f"{_AT}.values", dump(render.values), slot=f"{_SLOT}.values")
        else:
            draft.put(f"{_AT}.valuesObject", render.values, slot=f"{_SLOT}.values")
    if render.pass_credentials:
        slot = f"{_SLOT}.pass_credentials"
        draft.put(f"{_AT}.passCredentials", value=True, slot=slot)
    if render.skip_crds:
        draft.put(f"{_AT}.skipCrds", value=True, slot=f"{_SLOT}.skip_crds")
    if render.skip_schema_validation and not work.lacks("skipSchemaValidation"):
        slot = f"{_SLOT}.skip_schema_validation"
        draft.put(f"{_AT}.skipSchemaValidation", value=True, slot=slot)


def _from_root(file: str) -> str:
    """A path from the repository's root: Argo CD reads others from the chart's directory."""
    return file if "://" in file else f"/{file.removeprefix('/')}"


def _refresh_paths(work: Writing, values_files: tuple[str, ...]) -> list[str]:
    """The chart and the values files outside of it, in a Git repository."""
    chart = work.part.path
    if chart == "." or work.git is None or len(work.app.parts) > 1:
        return []
    outside = [
        file
        for file in values_files
        if "://" not in file and posixpath.commonpath([chart, file]) != chart
    ]
    return [f"/{chart}", *(f"/{file}" for file in outside)]


def _say_release(work: Writing, render: Helm) -> None:
    """What changes with every release, whatever it states."""
    source = work.part.source
    if isinstance(source, HelmSource):
        work.facts["chart"] = source.chart
    elif isinstance(source, OciSource):
        work.facts["chart"] = source.url.rpartition("/")[2]
    work.say(F2A_HR_002, release=render.release_name)
    overruled = work.facts.get("values_overruled")
    if overruled:
        work.say(F2A_HR_025, references=overruled)
    if work.facts.get("floating"):
        work.say(F2A_HR_001, chart_name=work.facts.get("chart_name"))
    if work.facts.get("generator"):
        work.say(
            F2A_AG_005,
            generator=work.facts["generator"],
            files=", ".join(render.values_files),
        )
    if work.git is not None and not work.facts.get("strategy_stated"):
        work.say(F2A_HC_001, chart=work.part.path)
    files = work.files()
    found = scan_chart(files, work.part.path) if files is not None else None
    if found is None or found.hooks:
        work.emission.say(F2A_HR_014)
    if found is None:
        return
    if found.dependencies:
        work.say(
            F2A_HC_004,
            chart=work.part.path,
            count=found.dependencies,
            repositories=", ".join(found.repositories),
        )
    work.facts["no_crds"] = found.whole and not found.crds
    if found.crds and not render.skip_crds:
        work.say(F2A_HR_007, chart=work.part.path, effect=crd_effect(work.app.resource.body))
    if found.unsteady:
        work.say(F2A_HR_013, chart=work.part.path, functions=", ".join(found.unsteady))
