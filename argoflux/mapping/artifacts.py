"""Artifacts composed in the cluster: generators, and the artifacts that they and others publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.concept import Concept, Opaque, equivalent, exact, on, says
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import On

F2A_AG_002 = Message(
    code="F2A-AG-002",
    verdict=Verdict.MANUAL,
    text="{artifact} unpacks an archive in the cluster, which Argo CD cannot do",
    instead="publish what is in the archive as an artifact of its own, or commit it to Git",
)
F2A_AG_003 = Message(
    code="F2A-AG-003",
    verdict=Verdict.MANUAL,
    text="{artifact} is made for each directory that `pathPattern: {pattern}` finds; there is no artifact of a fixed name to convert",
    instead="write an ApplicationSet with a git directory generator for these directories",
)
F2A_AG_004 = Message(
    code="F2A-AG-004",
    verdict=Verdict.APPROXIMATE,
    text="`exclude: {value}` was left out: an Application reads all of its path",
    instead="check that nothing left out by it is applied; a kustomization.yaml that lists its files decides by itself",
)

F2A_AG_005 = Message(
    code="F2A-AG-005",
    verdict=Verdict.EQUIVALENT,
    text="{generator} merges {files} into the values of the chart; the Application names them in `valueFiles`",
)

_KIND = "ArtifactGenerator"


def _own(*paths: str, subtree: bool = False) -> tuple[On, ...]:
    return tuple(on(_KIND, path, subtree=subtree) for path in paths)


_MAKERS = (_KIND, "ExternalArtifact")
_COPY = "spec.artifacts[].copy[]"

# source-watcher:api/v1beta1/artifactgenerator_types.go, source-controller:api/v1/externalartifact_types.go
ROWS = (
    Concept(
        slot="",
        says="Name, place and notes of what composes an artifact; nothing of it is deployed.",
        flux=(
            *(on(kind, f"metadata.{path}") for kind in _MAKERS for path in ("name", "namespace")),
            *(
                on(kind, f"metadata.{path}", subtree=True)
                for kind in _MAKERS
                for path in ("labels", "annotations")
            ),
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="part.source.url",
        says="The sources that an artifact is composed of, each by an alias.",
        flux=_own(
            *(f"spec.sources[].{name}" for name in ("alias", "kind", "name", "namespace")),
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="part.path",
        says="The files that are copied from a source, and the place in the artifact.",
        flux=_own(f"{_COPY}.from", f"{_COPY}.to"),
        to_argo=(exact(),),
    ),
    Concept(
        slot="part.path",
        says="Files that are not copied.",
        flux=_own(f"{_COPY}.exclude[]"),
        to_argo=(says(F2A_AG_004),),
    ),
    Concept(
        slot="",
        says="What becomes of a file that is there already.",
        flux=_own(f"{_COPY}.strategy"),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="",
        says="The name of an artifact, and whose revision it carries; the path itself is read instead.",
        flux=_own(*(f"spec.artifacts[].{name}" for name in ("name", "revision", "originRevision"))),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="",
        says="One artifact for each directory that fits a pattern.",
        flux=_own("spec.pathPattern"),
        to_argo=(
            says(
                F2A_AG_003,
                facts=lambda value, ctx: {"artifact": ctx.fact("name"), "pattern": value},
            ),
        ),
    ),
    *(
        Opaque(kind=_KIND, path=f"spec.commonMetadata.{name}", reason="notes on the artifact alone")
        for name in ("labels", "annotations")
    ),
    Concept(
        slot="",
        says="The object that publishes an artifact.",
        flux=tuple(
            on("ExternalArtifact", f"spec.sourceRef.{name}")
            for name in ("apiVersion", "kind", "name", "namespace")
        ),
        to_argo=(equivalent(),),
    ),
)
