"""Objects as a whole: type and identity, objects that are not converted, fields without effect."""

from __future__ import annotations

from argoflux.mapping.concept import Concept, Opaque, equivalent, on
from argoflux.mapping.verdict import Message, Verdict

A2F_OBJ_001 = Message(
    code="A2F-OBJ-001",
    verdict=Verdict.MANUAL,
    text="{name} is not converted by this release of argoflux",
    instead="convert it by hand; `argoflux field --coverage` lists what is still to come",
)
A2F_OBJ_002 = Message(
    code="A2F-OBJ-002",
    verdict=Verdict.MANUAL,
    text="`{path}` is not converted by this release of argoflux",
    instead="carry its meaning over by hand",
)
A2F_OBJ_003 = Message(
    code="A2F-OBJ-003",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: {what}",
    instead="{remedy}",
)
F2A_OBJ_001 = Message(
    code="F2A-OBJ-001",
    verdict=Verdict.MANUAL,
    text="{name} is not converted by this release of argoflux",
    instead="convert it by hand; `argoflux field --coverage` lists what is still to come",
)
F2A_OBJ_002 = Message(
    code="F2A-OBJ-002",
    verdict=Verdict.MANUAL,
    text="`{path}` is not converted by this release of argoflux",
    instead="carry its meaning over by hand",
)
F2A_OBJ_003 = Message(
    code="F2A-OBJ-003",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: {what}",
    instead="{remedy}",
)
F2A_OBJ_004 = Message(
    code="F2A-OBJ-004",
    verdict=Verdict.MANUAL,
    text="{name} applies only Flux objects ({objects}); they are converted themselves, their parent is not",
    instead="apply the converted Applications from a parent Application, or directly",
)
A2F_FLD_001 = Message(
    code="A2F-FLD-001",
    verdict=Verdict.UNKNOWN,
    text="`{path}` is no field of {kind}{hint}",
    instead="correct the spelling, or remove it",
)
F2A_FLD_001 = Message(
    code="F2A-FLD-001",
    verdict=Verdict.UNKNOWN,
    text="`{path}` is no field of {kind}{hint}",
    instead="correct the spelling, or remove it",
)
A2F_FLD_002 = Message(
    code="A2F-FLD-002",
    verdict=Verdict.UNKNOWN,
    text="`{path}` is {found} where {expected} is expected; it was not converted",
    instead="correct the value; what holds a placeholder is converted after it is filled in",
)
F2A_FLD_002 = Message(
    code="F2A-FLD-002",
    verdict=Verdict.UNKNOWN,
    text="`{path}` is {found} where {expected} is expected; it was not converted",
    instead="correct the value; what holds a placeholder is converted after it is filled in",
)
F2A_API_001 = Message(
    code="F2A-API-001",
    verdict=Verdict.EQUIVALENT,
    text="{kind} {version} is no longer served since Flux {release}; it was read as {newer}",
    instead="`flux migrate` rewrites the version; fields that moved need a look",
)
F2A_API_002 = Message(
    code="F2A-API-002",
    verdict=Verdict.APPROXIMATE,
    text="{kind} {version} predates every supported Flux release; it was read as the next newer version",
    instead="check the result against what the cluster runs",
)
F2A_API_003 = Message(
    code="F2A-API-003",
    verdict=Verdict.APPROXIMATE,
    text="{kind} has no version {version} that argoflux knows; it was read as {newer}",
    instead="correct the version, or check the fields that are new in it",
)
A2F_API_001 = Message(
    code="A2F-API-001",
    verdict=Verdict.APPROXIMATE,
    text="{kind} has no version {version} that argoflux knows; it was read as {newer}",
    instead="correct the version, or check the fields that are new in it",
)
A2F_OPN_001 = Message(
    code="A2F-OPN-001",
    verdict=Verdict.EQUIVALENT,
    text="the pending operation of {name} is not desired state and was left out",
    instead="finish or cancel it before the move",
)
F2A_BOOT_001 = Message(
    code="F2A-BOOT-001",
    verdict=Verdict.EQUIVALENT,
    text="{file} installs Flux{release}; it is not converted",
    instead="install Argo CD first, then apply the converted Applications",
)

FLUX_KINDS = (
    "Kustomization",
    "HelmRelease",
    "GitRepository",
    "OCIRepository",
    "HelmRepository",
    "HelmChart",
    "Bucket",
    "ExternalArtifact",
    "ArtifactGenerator",
    "Alert",
    "Provider",
    "Receiver",
    "ImageRepository",
    "ImagePolicy",
    "ImageUpdateAutomation",
    "FluxInstance",
    "FluxReport",
    "ResourceSet",
    "ResourceSetInputProvider",
)
ARGO_KINDS = ("Application", "ApplicationSet", "AppProject", "ImageUpdater")

_TYPE = "Which type of object this is."

# argo-cd:pkg/apis/application/v1alpha1/register.go; Flux kinds: the api folders of the controllers
# (fluxcd/flux2:manifests/crds/kustomization.yaml); controllers alone write `status`
ROWS = (
    Concept(
        slot="kind",
        says=_TYPE,
        argo=tuple(on(kind, path) for kind in ARGO_KINDS for path in ("apiVersion", "kind")),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="kind",
        says=_TYPE,
        flux=tuple(on(kind, path) for kind in FLUX_KINDS for path in ("apiVersion", "kind")),
        to_argo=(equivalent(),),
    ),
    *(
        Opaque(kind=kind, path="status", reason="written by the controller")
        for kind in (*ARGO_KINDS, *FLUX_KINDS)
    ),
    Opaque(kind="Application", path="operation", reason="a one-off request, not desired state"),
)
