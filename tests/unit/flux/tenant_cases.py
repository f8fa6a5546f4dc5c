"""Projects with apps, converted under the tenant layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.argocd_cases import Case, convert_case

if TYPE_CHECKING:
    from argoflux.mapping.draft import Draft

IN_CLUSTER = "server: https://kubernetes.default.svc"
LIMITED = f"sourceRepos: ['*'], destinations: [{{{IN_CLUSTER}, namespace: web}}]"


def project(spec: str, *, name: str = "team", metadata: str = "") -> str:
    more = f", {metadata}" if metadata else ""
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
        f"metadata: {{name: {name}, namespace: argocd{more}}}\nspec: {{{spec}}}\n---\n"
    )


def application(
    *,
    name: str = "web",
    belongs: str = "team",
    namespace: str = "web",
    repo: str = "https://github.com/acme/web.git",
    revision: str = "main",
    source: str = "",
    cluster: str = IN_CLUSTER,
) -> str:
    more = f", {source}" if source else ""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: {belongs}
  source: {{repoURL: '{repo}', targetRevision: {revision}, path: app{more}}}
  destination: {{{cluster}, namespace: {namespace}}}
  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}}
---
"""


def tenant(spec: str, apps: str | None = None, *, metadata: str = "", **options: Any) -> Case:
    """The conversion of a project with one app, or with the given ones."""
    text = project(spec, metadata=metadata) + (application() if apps is None else apps)
    return convert_case(text, layout="tenant", **options)


def found(case: Case, kind: str, name: str = "", namespace: str | None = None) -> list[Draft]:
    """The drafts of a kind, narrowed by name and namespace."""
    return [
        draft
        for draft in case.emission.drafts
        if draft.kind == kind and name in {"", draft.name} and namespace in {None, draft.namespace}
    ]


def body(case: Case, kind: str, name: str = "", namespace: str | None = None) -> dict[str, Any]:
    """The body of the one draft that fits."""
    (draft,) = found(case, kind, name, namespace)
    return draft.body
