"""Secrets with access to other clusters, which become kubeconfigs or references to cloud identities."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.secrets_messages import A2F_SEC_011, A2F_SEC_013
from argoflux.mapping.verdict import Message, Verdict

A2F_DST_003 = Message(
    code="A2F-DST-003",
    verdict=Verdict.APPROXIMATE,
    text="{object} acts as service account {account} on the other cluster",
    instead="create namespace and account with their rights there before the move",
)
A2F_DST_004 = Message(
    code="A2F-DST-004",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD does not verify the API server of cluster {cluster}; Flux ignores that setting of a kubeconfig",
    instead="give the kubeconfig the authority of the server, or start the controllers with --insecure-kubeconfig-tls",
    tags=("security",),
)
A2F_DST_005 = Message(
    code="A2F-DST-005",
    verdict=Verdict.APPROXIMATE,
    text="cluster {cluster} is reached with an identity of {provider} named in {secrets}: {found}",
    instead="check the id, and give the identity of the controllers (or of `serviceAccountName`) the rights that Argo CD's has",
)
A2F_DST_008 = Message(
    code="A2F-DST-008",
    verdict=Verdict.MANUAL,
    text="Argo CD logs in to cluster {cluster} with the program {command}; the controllers of Flux have no such program",
    instead="put a token or client certificate into {secrets}",
)
A2F_DST_009 = Message(
    code="A2F-DST-009",
    verdict=Verdict.MANUAL,
    text="`config` of {name} cannot be read as JSON; {secrets} is a stub",
    instead="write the kubeconfig of cluster {cluster} by hand",
)
A2F_DST_010 = Message(
    code="A2F-DST-010",
    verdict=Verdict.MANUAL,
    text="cluster {cluster} is reached with an identity of {provider}; Flux {flux} reads kubeconfigs from Secrets only",
    instead="use Flux 2.7 or later, or put a token into {secrets}",
)
A2F_DST_011 = Message(
    code="A2F-DST-011",
    verdict=Verdict.MANUAL,
    text="cluster {cluster} is reached with an identity of {provider}; its full id is not in the input, and {secrets} is a stub",
    instead="fill in `cluster` ({form}), and give the identity of the controllers the rights that Argo CD's has",
)
A2F_DST_012 = Message(
    code="A2F-DST-012",
    verdict=Verdict.NONE,
    text="`{key}` of {name} is dropped: Flux reaches what the account in its kubeconfig may reach",
    instead="limit the role of that account on the cluster",
    tags=("security",),
)
A2F_DST_013 = Message(
    code="A2F-DST-013",
    verdict=Verdict.APPROXIMATE,
    text="`shard` of {name} is dropped: Flux shards by object, with the label sharding.fluxcd.io/key",
    instead="label the objects of this cluster where one controller is not enough",
)

CLUSTER = "Secret:cluster"

CLUSTER_IDS = {
    "aws": "arn:aws:eks:REGION:ACCOUNT:cluster/NAME",
    "gcp": "projects/PROJECT/locations/LOCATION/clusters/NAME",
    "azure": "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.ContainerService/managedClusters/NAME",
}
"""How a cloud names a cluster (kustomize-controller:docs/spec/v1/kustomizations.md)."""


def _with_key(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"key": ctx.path[-1]}


_CONFIG = (
    says(A2F_SEC_013, when=fact("foreign")),
    equivalent(when=lambda _v, ctx: not ctx.fact("secrets")),
    says(A2F_DST_009, when=lambda _v, ctx: ctx.fact("method") == "unreadable"),
    says(A2F_DST_008, when=lambda _v, ctx: ctx.fact("method") == "exec"),
    says(A2F_DST_010, when=fact("too_old")),
    says(A2F_DST_011, when=fact("id_missing")),
    says(A2F_DST_005, when=fact("provider")),
    says(A2F_SEC_011, when=fact("stub")),
    exact(),
)

# argo-cd:util/db/cluster.go (SecretToCluster), argo-cd:pkg/apis/application/v1alpha1/types.go
# (ClusterConfig, RawRestConfig); fluxcd/pkg:runtime/client/kubeconfig.go (what a kubeconfig may
# hold), fluxcd/pkg:auth/utils/restconfig.go (keys of the ConfigMap)
ROWS = (
    Concept(
        slot="cluster.name",
        says="The name by which Applications mean the cluster.",
        argo=(on(CLUSTER, "name"),),
        to_flux=(says(A2F_SEC_013, when=fact("foreign")), equivalent()),
    ),
    Concept(
        slot="cluster.server",
        says="The URL of the cluster's API.",
        argo=(on(CLUSTER, "server"),),
        to_flux=(equivalent(when=lambda _v, ctx: not ctx.fact("secrets")), exact()),
    ),
    Concept(
        slot="cluster.config",
        says="How to log in there, as JSON.",
        argo=(on(CLUSTER, "config"),),
        to_flux=_CONFIG,
    ),
    Concept(
        slot="cluster.config",
        says="A login that is written down, and how to connect.",
        argo=tuple(
            on(CLUSTER, f"config.{key}")
            for key in (
                "bearerToken",
                "username",
                "password",
                "disableCompression",
                "proxyUrl",
                "tlsClientConfig.caData",
                "tlsClientConfig.certData",
                "tlsClientConfig.keyData",
                "tlsClientConfig.serverName",
            )
        ),
        to_flux=_CONFIG,
    ),
    Concept(
        slot="cluster.config",
        says="Do not verify the certificate of the API server.",
        argo=(on(CLUSTER, "config.tlsClientConfig.insecure", default=False),),
        to_flux=(exact(when=lambda value, _ctx: value is False), says(A2F_DST_004)),
    ),
    Concept(
        slot="cluster.config",
        says="A login to AWS.",
        argo=tuple(
            on(CLUSTER, f"config.awsAuthConfig.{key}")
            for key in ("clusterName", "roleARN", "profile")
        ),
        to_flux=_CONFIG,
    ),
    Concept(
        slot="cluster.config",
        says="A program that logs in; that of Argo CD knows the clouds.",
        argo=tuple(
            on(CLUSTER, f"config.execProviderConfig.{key}", subtree=True)
            for key in ("command", "args[]", "env", "apiVersion", "installHint")
        ),
        to_flux=_CONFIG,
    ),
    Concept(
        slot="cluster.scope",
        says="What of the cluster Argo CD looks at.",
        argo=(on(CLUSTER, "namespaces"), on(CLUSTER, "clusterResources")),
        to_flux=(
            equivalent(when=lambda value, _ctx: value == ""),
            says(A2F_DST_012, when=fact("secrets"), facts=_with_key),
            equivalent(),
        ),
    ),
    Concept(
        slot="cluster.project",
        says="The only project whose Applications may be sent there.",
        argo=(on(CLUSTER, "project"),),
        to_flux=(equivalent(),),  # the kubeconfig is written only beside the appliers that use it
    ),
    Concept(
        slot="cluster.shard",
        says="Which replica of the controller looks after the cluster.",
        argo=(on(CLUSTER, "shard"),),
        to_flux=(says(A2F_DST_013, when=fact("secrets")), equivalent()),
    ),
    Concept(
        slot="access.sops",
        says="What SOPS needs to decrypt the Secret.",
        argo=(on(CLUSTER, "sops", subtree=True),),
        to_flux=(equivalent(),),
    ),
)
