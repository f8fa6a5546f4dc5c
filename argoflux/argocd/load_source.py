"""One source of an Application as a Part of the model."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from argoflux.argocd.build_variables import Expansion, variables
from argoflux.argocd.load_chart import REGISTRY, read_chart
from argoflux.argocd.load_helm import read_helm
from argoflux.argocd.load_hydrator import AT as HYDRATOR
from argoflux.argocd.load_hydrator import hydrated_source, note_hydrator
from argoflux.argocd.load_kustomize import read_kustomize
from argoflux.argocd.load_oci import read_artifact, settle, told
from argoflux.argocd.load_plugin import heed_discovery, refuse_plugin
from argoflux.argocd.overrides import merge_overrides
from argoflux.argocd.shapes import block, items, switch, text
from argoflux.argocd.source_type import Detected, detect, stated_blocks
from argoflux.argocd.withheld_files import only_withheld
from argoflux.goports.giturl import flux_accepts, strip_credentials, to_ssh_url
from argoflux.mapping.directory import A2F_SRC_004
from argoflux.mapping.emission import Refusal, Saying
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.revisions import classify
from argoflux.mapping.source import (
    A2F_REV_011,
    A2F_SRC_000,
    A2F_SRC_007,
    A2F_SRC_011,
    A2F_SRC_012,
    A2F_SRC_024,
    A2F_SRC_025,
)
from argoflux.model.app import App, Destination, Part
from argoflux.model.content import Known
from argoflux.model.render import Opened, Plain
from argoflux.model.source import GitSource, OciSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.argocd.references import Reference
    from argoflux.argocd.settings import Settings
    from argoflux.mapping.emission import Request
    from argoflux.mapping.verdict import Message
    from argoflux.model.files import SourceFiles
    from argoflux.model.render import Render
    from argoflux.model.source import Source
    from argoflux.resource import Resource
    from argoflux.text import Path


@dataclass(slots=True, kw_only=True)
class SourceReading:
    """The reading of one Application's source: what it needs, and what it found out.

    ``at`` is where the source stands, ``references`` are the other sources of the Application that
    have a name. ``facts`` go to the rows, ``sayings`` to the report; a set
    ``refusal`` ends the reading.
    """

    resource: Resource
    request: Request
    settings: Settings
    app_name: str
    project: str
    namespace: str
    at: Path = ("spec", "source")
    references: Mapping[str, Reference] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    sayings: list[Saying] = field(default_factory=list)
    refusal: Refusal | None = None

    def ended(self) -> bool:
        """Whether the Application is refused."""
        return self.refusal is not None

    def of_source(self, at: Path) -> SourceReading:
        """The reading of one source: facts of its own, and the same sayings."""
        return replace(self, at=at, facts={"returns": self.facts.get("returns")}, refusal=None)

    def refuse(self, message: Message, **facts: Any) -> None:
        """Give up on the whole Application; the first reason counts."""
        if self.refusal is None:
            self.refusal = Refusal(resource=self.resource, message=message, facts=facts)

    def say(self, message: Message, **facts: Any) -> None:
        """Raise a message about the source, or the Application as a whole where it has one."""
        place = self.resource.place(*(self.at if len(self.at) > 2 else ("spec",)))  # noqa: PLR2004
        app = str(self.resource.ref)
        self.sayings.append(Saying(message=message, facts=facts, places=(place,), apps=(app,)))


def read_source(reading: SourceReading, source: dict[str, Any]) -> Part | None:
    """The Part that one source makes; None when the Application is refused."""
    if reading.at == HYDRATOR:
        note_hydrator(reading, block(reading.resource.body, "spec"))
    _refuse_unreadable(reading, source)
    refuse_plugin(reading, source)
    where = None if reading.ended() else _read_where(reading, source)
    path = "." if reading.facts.get("chart_by_name") else _repository_path(text(source.get("path")))
    if path is None:
        what = f"its path `{text(source.get('path'))}` leaves the repository"
        reading.refuse(A2F_OBJ_003, what=what, remedy="give a path inside the repository")
    if reading.ended() or where is None or path is None:
        return None
    reading.facts["revision_stated"] = text(source.get("targetRevision")) != ""
    seen = Part(source=where, render=Opened(tool="undecided"), path=path, extra=_extra(reading))
    provisional = _provisional(reading, seen)
    files = reading.request.files(provisional, seen)
    if files is not None:
        source = _merged(reading, source, path, files)
    if not stated_blocks(source):
        heed_discovery(reading, path, files)
    detected = _source_type(reading, source, provisional, seen)
    if detected is not None and isinstance(where, OciSource) and where.chart is None:
        where = settle(reading, where, detected.tool, path)
        seen = replace(seen, source=where)
    render = None
    if detected is not None and not reading.ended():
        render = _render(reading, source, seen, detected, files)
    if render is None:
        return None
    return Part(
        source=where,
        render=render,
        path=path,
        name=text(source.get("name")),
        at=reading.at,
        ref=text(source.get("ref")),
        extra=_extra(reading),
    )


def _extra(reading: SourceReading) -> dict[str, Any]:
    return {"facts": reading.facts}


def _refuse_unreadable(reading: SourceReading, source: dict[str, Any]) -> None:
    """Sources without an address, and those that Jsonnet renders."""
    if not text(source.get("repoURL")):
        what = "its source has no `repoURL`"
        reading.refuse(A2F_OBJ_003, what=what, remedy="give the address of the source")
    jsonnet = block(block(source, "directory"), "jsonnet")
    if any(items(jsonnet, key) for key in ("extVars", "tlas", "libs")):
        reading.refuse(A2F_SRC_004, files="")


def _read_where(reading: SourceReading, source: dict[str, Any]) -> Source | None:
    """The repository, the registry or the Helm repository; None when the Application is refused."""
    if text(source.get("chart")):
        return read_chart(reading, source)
    if text(source.get("repoURL")).startswith(REGISTRY):
        return read_artifact(reading, source)
    return _read_git(reading, source)


def _read_git(reading: SourceReading, source: dict[str, Any]) -> GitSource | None:
    url = text(source.get("repoURL"))
    if not flux_accepts(to_ssh_url(url)):
        reading.refuse(A2F_REV_011, url=strip_credentials(url))
        return None
    revision = classify(
        text(source.get("targetRevision")),
        default_branch=reading.request.options.default_branch,
    )
    prefix = text(source.get("tagPrefix"))
    if prefix and revision.kind == "tag" and revision.guessed:
        # a version is looked up with its prefix (argo-cd:util/versions/tags.go MaxVersion)
        revision = replace(revision, value=prefix + revision.value)
    return GitSource(url=url, revision=revision)


def _repository_path(stated: str) -> str | None:
    """The directory from the repository's root; None when it leads out of it."""
    path = posixpath.normpath(stated.lstrip("/") or ".")
    return None if path == ".." or path.startswith("../") else path


def _provisional(reading: SourceReading, part: Part) -> App:
    """The Application as far as it is known before its source is understood."""
    ref = reading.resource.ref
    return App(
        kind="Application",
        namespace=ref.namespace,
        name=reading.app_name,
        root=reading.resource.root,
        parts=(part,),
        made_of=(reading.resource,),
        destination=Destination(namespace=reading.namespace or None),
    )


def _merged(
    reading: SourceReading, source: dict[str, Any], path: str, files: SourceFiles
) -> dict[str, Any]:
    """The source with the override files of its directory merged in."""
    git_url = strip_credentials(text(source.get("repoURL")))
    if files.assumed:
        reading.say(A2F_SRC_024, url=git_url, directory=files.directory)
    merged, used = merge_overrides(source, path, reading.app_name, files)
    if used:
        reading.facts["overridden"] = True
        reading.say(A2F_SRC_011, files=", ".join(used))
    return merged


def _source_type(
    reading: SourceReading, source: dict[str, Any], provisional: App, seen: Part
) -> Detected | None:
    """The tool that renders the source; None when the Application is refused."""
    stated = stated_blocks(source)
    if len(stated) > 1:
        reading.refuse(A2F_SRC_000, tools=", ".join(stated))
        return None
    by_name = bool(reading.facts.get("chart_by_name"))
    url = text(source.get("repoURL"))
    content = reading.request.content(provisional, seen)
    told_by_hand = False
    detected: Detected | None
    if stated:
        detected = Detected(stated[0], known=True)
    elif by_name:
        detected = Detected("helm", known=True)
    elif isinstance(seen.source, OciSource) and not isinstance(content, Known):
        detected = told(reading, seen.source)
        told_by_hand = True
    else:
        detected = detect(content)
    if detected is None:
        return None
    if detected.known and reading.settings.tool_off(detected.tool):
        detected = Detected("directory", known=True)
    if by_name and detected.tool != "helm":
        what = f"its chart is read as `{detected.tool}`, not as a chart"
        reading.refuse(A2F_OBJ_003, what=what, remedy="correct the source in Argo CD first")
    if not detected.known and not told_by_hand:
        reading.say(
            A2F_SRC_007,
            path=f"`{seen.path}`",
            url=strip_credentials(url),
            type="manifests or a kustomization",
        )
    return detected


def _render(
    reading: SourceReading,
    source: dict[str, Any],
    part: Part,
    detected: Detected,
    files: SourceFiles | None,
) -> Render | None:
    """How the source is rendered; None when the Application is refused."""
    expansion = Expansion(
        variables(
            app=reading.app_name,
            namespace=reading.namespace,
            project=reading.project,
            url=text(source.get("repoURL")),
            path=text(source.get("path")),
            revision=text(source.get("targetRevision")),
        )
    )
    render: Render | None
    if detected.tool == "helm":
        render = read_helm(reading, block(source, "helm"), part, expansion, files)
    elif detected.tool == "kustomize":
        render = read_kustomize(block(source, "kustomize"), expansion, reading.facts)
    else:
        stated = _without_withheld(reading, block(source, "directory"), part.path, files)
        reading.facts["recurse_stated"] = "recurse" in stated
        render = _read_directory(stated, known=detected.known)
    for name, value in sorted(expansion.used.items()):
        reading.say(A2F_SRC_012, var=f"${name}", value=value)
    for name in sorted(expansion.runtime):
        reading.say(A2F_SRC_025, var=f"${name}")
    return render


def _without_withheld(
    reading: SourceReading, stated: dict[str, Any], path: str, files: SourceFiles | None
) -> dict[str, Any]:
    """The options of a directory without what keeps Flux objects out of Argo CD alone."""
    exclude = text(stated.get("exclude"))
    if not (exclude and files is not None and reading.facts.get("returns")):
        return stated
    if not only_withheld(exclude, path, files):
        return stated
    reading.facts["flux_excluded"] = True
    return {key: value for key, value in stated.items() if key != "exclude"}


def _read_directory(stated: dict[str, Any], *, known: bool) -> Plain | Opened:
    """A plain directory; when nobody knows what is there, the tool stays open."""
    if not known:
        return Opened(tool="undecided")
    return Plain(
        recurse=switch(stated, "recurse") or False,
        include=text(stated.get("include")) or None,
        exclude=text(stated.get("exclude")) or None,
        any_extension=switch(stated, "disableExtensionFilter") or False,
    )


def chosen_sources(spec: dict[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    """The sources that count, with their paths in the Application.

    A hydrator wins over a non-empty ``sources``, and that over ``source`` (argo-cd:pkg/apis/
    application/v1alpha1/types.go GetSource).
    """
    hydrated = hydrated_source(spec)
    if hydrated is not None:
        return [(HYDRATOR, hydrated)]
    several = [
        (("spec", "sources", number), source)
        for number, source in enumerate(items(spec, "sources"))
        if isinstance(source, dict)
    ]
    if several:
        return [*several]
    single = spec.get("source")
    return [(("spec", "source"), single)] if isinstance(single, dict) and single else []
