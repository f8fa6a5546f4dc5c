"""Sources other than Git: repositories of charts, artifacts of registries, buckets.

Fields: source-controller:api/v1/{helmrepository,ocirepository,helmchart,bucket}_types.go; what
Argo CD has for them: argo-cd:docs/operator-manual/declarative-setup.md (repositories),
argo-cd:docs/user-guide/oci.md, argo-cd:util/oci/client.go, argo-cd:util/helm/client.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import (
    Concept,
    Mount,
    Opaque,
    equivalent,
    exact,
    on,
    says,
)
from argoflux.mapping.conditions import fact
from argoflux.mapping.revision import F2A_GIT_004
from argoflux.mapping.source import F2A_GIT_011
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context

F2A_OCI_001 = Message(
    code="F2A-OCI-001",
    verdict=Verdict.MANUAL,
    text="Argo CD refuses layers of type {layer} until `reposerver.oci.layer.media.types` of argocd-cmd-params-cm lists it; {file} holds the whole list",
    instead="merge the key into that ConfigMap",
    run=True,
)
F2A_OCI_002 = Message(
    code="F2A-OCI-002",
    verdict=Verdict.APPROXIMATE,
    text="to follow {value}, Argo CD lists the tags of {url}, which some public registries refuse without credentials",
    instead="add credentials for the registry, or pin a tag",
    tags=("evidence",),
)
F2A_OCI_003 = Message(
    code="F2A-OCI-003",
    verdict=Verdict.MANUAL,
    text="the tag filter `{value}` of {source} has no counterpart; the range picks among all tags",
    instead="pin a tag, or let Argo CD Image Updater choose",
)
F2A_OCI_004 = Message(
    code="F2A-OCI-004",
    verdict=Verdict.APPROXIMATE,
    text="{source} picks the layer of type {value}; Argo CD has one list of types for all artifacts, and needs exactly one such layer",
)
F2A_OCI_005 = Message(
    code="F2A-OCI-005",
    verdict=Verdict.MANUAL,
    text="{source} authenticates with the cloud identity `{value}`, which Argo CD does not have for charts and artifacts",
    instead="keep a token fresh in the repository Secret (External Secrets), or use a credential helper",
)
F2A_OCI_006 = Message(
    code="F2A-OCI-006",
    verdict=Verdict.MANUAL,
    text="the pull identity `{value}` of {source} is not used by Argo CD",
    instead="put credentials of the registry into the repository Secret",
)
F2A_OCI_008 = Message(
    code="F2A-OCI-008",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: manifests from a registry need Argo CD 3.1",
    instead="upgrade Argo CD, or commit the manifests to Git",
)
F2A_OCI_009 = Message(
    code="F2A-OCI-009",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: a chart pinned by digest needs Argo CD 3.1",
    instead="upgrade Argo CD, or pin the version of the chart",
)
F2A_OCI_010 = Message(
    code="F2A-OCI-010",
    verdict=Verdict.APPROXIMATE,
    text="ignore rules of {source} were left out: what the artifact holds cannot be seen",
    instead="leave the files out when the artifact is built",
)
F2A_HREPO_001 = Message(
    code="F2A-HREPO-001",
    verdict=Verdict.MANUAL,
    text="{source} needs credentials in Argo CD; the stub {stub} holds no values",
    instead="copy them from Secret {secret}",
)
F2A_HREPO_002 = Message(
    code="F2A-HREPO-002",
    verdict=Verdict.APPROXIMATE,
    text="{source} is suspended and serves what it fetched last; Argo CD has no such state, so automation of its users is off",
    instead="pin the version of the chart, then switch automation on",
)
F2A_HREPO_003 = Message(
    code="F2A-HREPO-003",
    verdict=Verdict.MANUAL,
    text="certificates of {source} stand in Secret {value}; the stub {stub} holds none",
    instead="copy `tls.crt` and `tls.key` into it, and `ca.crt` into argocd-tls-certs-cm under the host's name",
)
F2A_HR_001 = Message(
    code="F2A-HR-001",
    verdict=Verdict.EQUIVALENT,
    text="{name} follows every new version of the chart `{chart_name}`",
    instead="state a version or a range to decide when it is upgraded",
)
F2A_BKT_001 = Message(
    code="F2A-BKT-001",
    verdict=Verdict.MANUAL,
    text="{bucket} is an object store, which Argo CD cannot read",
    instead="publish the content as an artifact (`flux push artifact`, `oras push`), or commit it to Git",
)
F2A_AG_001 = Message(
    code="F2A-AG-001",
    verdict=Verdict.MANUAL,
    text="{artifact} is composed in the cluster, which Argo CD cannot do",
    instead="publish the composed artifact from CI, or bring its sources together in Git",
)
F2A_JOIN_004 = Message(
    code="F2A-JOIN-004",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: {source} is not in the input, so nobody knows where the chart or artifact comes from",
    instead="give the manifests that define it as input",
)

_HELM, _OCI, _CHART, _BUCKET = "HelmRepository", "OCIRepository", "HelmChart", "Bucket"
_REGISTRIES = (_HELM, _OCI)
_KNOWN_LAYERS = frozenset(
    {
        "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        "application/vnd.cncf.flux.content.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+gzip",
    }
)


def _source(value: Any, ctx: Context) -> dict[str, Any]:
    return {"value": value, "source": ctx.fact("source"), "url": ctx.fact("url")}


def _secret(_value: Any, ctx: Context) -> dict[str, Any]:
    return {
        "source": ctx.fact("source"),
        "secret": ctx.fact("repository_secret"),
        "stub": ctx.fact("repository_stub"),
    }


def _loses(_value: Any, ctx: Context) -> bool:
    return ctx.path[-1] in (ctx.fact("ref_losers") or ())


def _either(kinds: tuple[str, ...], path: str, default: Any = None) -> tuple[Any, ...]:
    if default is None:
        return tuple(on(kind, path) for kind in kinds)
    return tuple(on(kind, path, default) for kind in kinds)


ROWS = (
    Mount(kind=_CHART, path="spec", table="HelmChartSpec"),
    Concept(
        slot="part.source.url",
        says="The repository of charts, or the artifact.",
        flux=_either(_REGISTRIES, "spec.url"),
        to_argo=(exact(),),
    ),
    Concept(
        slot="part.source.by_name",
        says="Whether a repository of charts is a web server or a registry.",
        flux=(on(_HELM, "spec.type", "default"),),
        to_argo=(exact(),),
    ),
    # source-controller:internal/controller/ocirepository_controller.go; argo-cd:util/oci/client.go
    Concept(
        slot="part.source.revision",
        says="The tag, digest or range of an artifact.",
        flux=(on(_OCI, "spec.ref.tag", "latest"), on(_OCI, "spec.ref.digest")),
        to_argo=(says(F2A_GIT_004, when=_loses), exact()),
    ),
    Concept(
        slot="part.source.revision",
        says="The range of tags of an artifact.",
        flux=(on(_OCI, "spec.ref.semver"),),
        to_argo=(says(F2A_GIT_004, when=_loses), says(F2A_OCI_002, facts=_source)),
    ),
    Concept(
        slot="part.source.filter",
        says="Which tags count for the range.",
        flux=(on(_OCI, "spec.ref.semverFilter"),),
        to_argo=(says(F2A_OCI_003, facts=_source),),
    ),
    Concept(
        slot="part.source.layer",
        says="Which layer of the artifact holds the content.",
        flux=(on(_OCI, "spec.layerSelector.mediaType"),),
        to_argo=(
            equivalent(when=lambda value, _ctx: value in _KNOWN_LAYERS),
            says(F2A_OCI_004, facts=_source),
        ),
    ),
    Concept(
        slot="part.source.layer",
        says="Whether the layer is unpacked or kept as it is.",
        flux=(on(_OCI, "spec.layerSelector.operation", "extract"),),
        to_argo=(equivalent(),),
    ),
    # argo-cd:util/db/repository_secrets.go useAzureWorkloadIdentity; none for other clouds
    Concept(
        slot="part.source.access.provider",
        says="Whose identity is used to log in.",
        flux=_either(_REGISTRIES, "spec.provider", "generic"),
        to_argo=(
            exact(when=lambda value, _ctx: value == "generic"),
            equivalent(when=lambda value, _ctx: value == "azure"),
            says(F2A_OCI_005, facts=_source),
        ),
    ),
    Concept(
        slot="part.source.access.secret",
        says="Credentials for the repository or registry.",
        flux=_either(_REGISTRIES, "spec.secretRef.name"),
        to_argo=(equivalent(when=fact("renders_nothing")), says(F2A_HREPO_001, facts=_secret)),
    ),
    Concept(
        slot="part.source.access.certificate",
        says="Certificates for the repository or registry.",
        flux=_either(_REGISTRIES, "spec.certSecretRef.name"),
        to_argo=(
            equivalent(when=fact("renders_nothing")),
            says(
                F2A_HREPO_003,
                facts=lambda value, ctx: {**_secret(value, ctx), "value": value},
            ),
        ),
    ),
    Concept(
        slot="part.source.access.proxy",
        says="The proxy used for one registry.",
        flux=(on(_OCI, "spec.proxySecretRef.name"),),
        to_argo=(says(F2A_GIT_011),),
    ),
    Concept(
        slot="part.source.access.insecure",
        says="Whether plain HTTP is allowed.",
        flux=_either(_REGISTRIES, "spec.insecure", default=False),
        to_argo=(exact(when=lambda value, _ctx: value is False), equivalent()),
    ),
    Concept(
        slot="part.source.access.service_account",
        says="The account whose pull secrets and identity are used.",
        flux=(on(_OCI, "spec.serviceAccountName"),),
        to_argo=(says(F2A_OCI_006, facts=_source),),
    ),
    # argo-cd:pkg/apis/application/v1alpha1/types.go ApplicationSourceHelm.PassCredentials
    Concept(
        slot="part.render.helm.pass_credentials",
        says="Whether credentials are sent to other hosts that serve charts.",
        flux=(on(_HELM, "spec.passCredentials", default=False),),
        to_argo=(exact(),),
    ),
    Concept(
        slot="part.source.interval",
        says="How often the source is looked at.",
        flux=(*_either(_REGISTRIES, "spec.interval"),),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="part.source.timeout",
        says="How long fetching may take; one setting for all in Argo CD.",
        flux=_either(_REGISTRIES, "spec.timeout", "60s"),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="part.source.access.suspended",
        says="Whether the source is frozen at what it fetched last.",
        flux=(
            *_either(_REGISTRIES, "spec.suspend", default=False),
            on(_CHART, "spec.suspend", default=False),
        ),
        to_argo=(
            exact(when=lambda value, _ctx: value is False),
            says(F2A_HREPO_002, facts=_source),
        ),
    ),
    Concept(
        slot="part.source.ignore",
        says="Files left out of the artifact.",
        flux=(on(_OCI, "spec.ignore"),),
        to_argo=(
            equivalent(when=fact("chart_ref")),
            says(
                F2A_OCI_010,
                facts=_source,
            ),
        ),
    ),
    *(
        Opaque(kind=kind, path="spec.accessFrom", reason="never enforced by source-controller")
        for kind in (_HELM, _CHART, _BUCKET)
    ),
    # every Bucket is refused as a whole, with what to do
    *(
        Concept(
            slot="",
            says="Part of an object store, which Argo CD cannot read.",
            flux=(on(_BUCKET, f"spec.{name}", subtree=True),),
            to_argo=(says(F2A_BKT_001, facts=lambda _value, ctx: {"bucket": ctx.fact("name")}),),
        )
        for name in (
            "bucketName",
            "certSecretRef",
            "endpoint",
            "ignore",
            "insecure",
            "interval",
            "prefix",
            "provider",
            "proxySecretRef",
            "region",
            "secretRef",
            "serviceAccountName",
            "sts",
            "suspend",
            "timeout",
        )
    ),
)
