"""AppProjects with an app of theirs, for the tests of their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from tests.unit.mapping.row_cases import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

TENANT = ConvertOptions(layout="tenant")
IN_CLUSTER = "server: https://kubernetes.default.svc"
REPO = "https://github.com/acme/web.git"
OPERATOR = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec: {distribution: {version: 2.x, registry: ghcr.io/fluxcd}}
---
"""


def project(spec: str, *, metadata: str = "", name: str = "team") -> str:
    """An AppProject; ``spec`` and ``metadata`` are flow items."""
    more = f", {metadata}" if metadata else ""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: {name}, namespace: argocd{more}}}
spec: {{{spec}}}
---
"""


def application(
    destination: str = IN_CLUSTER,
    *,
    name: str = "web",
    repo: str = REPO,
    revision: str = "main",
    source: str = "",
    belongs: str = "team",
    namespace: str = "web",
) -> str:
    """An Application of the project."""
    more = f", {source}" if source else ""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: {belongs}
  source: {{repoURL: '{repo}', targetRevision: {revision}, path: app{more}}}
  destination: {{{destination}, namespace: {namespace}}}
  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}}
---
"""


def case(
    id: str,  # noqa: A002  # named like the row's own
    spec: str,
    path: str = "",
    verdict: str = "exact",
    code: str | None = None,
    *,
    shown: str = "",
    apps: str | None = None,
    flat: bool = False,
    metadata: str = "",
    targets: tuple[str, ...] | None = None,
    files: Mapping[str, str] | None = None,
    resource: str = "AppProject",
) -> Row:
    """One leaf of a project under the tenant layout, or the flat one."""
    return Row(
        id=id,
        text=project(spec, metadata=metadata) + (application() if apps is None else apps),
        path=path,
        verdict=verdict,
        code=code,
        shown=shown,
        targets=targets,
        files=files or {},
        resource=resource,
        options=ConvertOptions() if flat else TENANT,
    )
