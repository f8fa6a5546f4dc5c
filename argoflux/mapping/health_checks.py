"""CEL health checks for kinds whose status kstatus cannot read, or reads too kindly.

Facts: fluxcd/pkg:runtime/cel/status_evaluator.go (order, and that only the group of the API version
counts); fluxcd/website:content/en/flux/cheatsheets/cel-healthchecks.md (SealedSecret, Cluster API);
conditions: external-secrets:apis/externalsecrets/v1, cert-manager:pkg/apis/certmanager/v1,
keda:apis/keda/v1alpha1/condition_types.go; phases:
argo-rollouts:pkg/apis/rollouts/v1alpha1/types.go, cloudnative-pg:api/v1/cluster_types.go.
"""

from __future__ import annotations

from typing import NamedTuple


class HealthCheck(NamedTuple):
    """Expressions for one kind."""

    api_version: str
    kind: str
    current: str
    failed: str

    @property
    def group(self) -> str:
        """The API group, which is all of the version that counts."""
        return self.api_version.partition("/")[0]


def _condition(name: str) -> tuple[str, str]:
    """Current and failed by one condition."""
    true, false = (
        f"has(status.conditions) && status.conditions.exists(c, c.type == '{name}' && c.status == '{state}')"
        for state in ("True", "False")
    )
    return true, false


def _phase(healthy: str, broken: str) -> tuple[str, str]:
    """Current and failed by one phase each."""
    phase = "has(status.phase) && status.phase == "
    return f"{phase}'{healthy}'", f"{phase}'{broken}'"


_READY = _condition("Ready")
_CHECKS = {
    (check.group, check.kind): check
    for check in (
        HealthCheck("bitnami.com/v1alpha1", "SealedSecret", *_condition("Synced")),
        HealthCheck("cluster.x-k8s.io/v1beta1", "Cluster", *_READY),
        HealthCheck("external-secrets.io/v1", "ExternalSecret", *_READY),
        HealthCheck("external-secrets.io/v1", "SecretStore", *_READY),
        HealthCheck("external-secrets.io/v1", "ClusterSecretStore", *_READY),
        HealthCheck("cert-manager.io/v1", "Certificate", *_READY),
        HealthCheck("cert-manager.io/v1", "Issuer", *_READY),
        HealthCheck("cert-manager.io/v1", "ClusterIssuer", *_READY),
        HealthCheck("keda.sh/v1alpha1", "ScaledObject", *_READY),
        HealthCheck("argoproj.io/v1alpha1", "Rollout", *_phase("Healthy", "Degraded")),
        HealthCheck(
            "postgresql.cnpg.io/v1",
            "Cluster",
            *_phase(
                "Cluster in healthy state",
                "Cluster is in an unrecoverable state, needs manual intervention",
            ),
        ),
    )
}


def known_check(group: str, kind: str) -> HealthCheck | None:
    """The expressions for a kind, None where there are none."""
    return _CHECKS.get((group, kind))
