"""Two ways to say where an Application comes from, of which Argo CD reads one.

## What it does

It reports Applications that state more than one of `spec.sourceHydrator`, `spec.sources` and
`spec.source`, and those that state none of them.

## Why is this bad

Argo CD takes the first of the three that is set and never looks at the others. What is left over
from a half-finished move to several sources still reads as if it counted: somebody raises an image
tag there, and nothing happens.

## Fix safety

The fix deletes the block that is ignored. What Argo CD deploys stays the same, but what the block
says is gone: compare it with the one that counts first.

## When to ignore it

Never: an ignored block misleads its next reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF301",
    name="competing-sources",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/multiple_sources/",),
)

# argo-cd:pkg/apis/application/v1alpha1/types.go GetSource, GetSources, HasMultipleSources
_BY_RANK = ("sourceHydrator", "sources", "source")


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """Every block of sources that another one hides; and an Application without any."""
    stated = [name for name in _BY_RANK if app.spec.get(name)]
    for name in stated[1:]:
        yield RULE.at(
            app.place("spec", name, on="key"),
            f"`spec.{name}` is ignored because `spec.{stated[0]}` is set; move what still counts"
            " there and delete it",
            resource=app.resource,
            fix=ctx.unsafe(f"delete `spec.{name}`", authored.delete(app, ("spec", name))),
        )
    if not stated and app.spec and authored.is_whole(app):
        yield RULE.at(
            app.place("spec", on="key"),
            "the Application has no source; set `spec.source` or `spec.sources`",
            resource=app.resource,
        )


BAD = (
    Example(
        title="a source left over from before there were several",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
  sources:
    - repoURL: https://git.example.com/apps.git
      path: web
      targetRevision: v1.3.0
  destination:
    server: https://kubernetes.default.svc
    namespace: web
""",
        at="spec.source",
        fixed="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  sources:
    - repoURL: https://git.example.com/apps.git
      path: web
      targetRevision: v1.3.0
  destination:
    server: https://kubernetes.default.svc
    namespace: web
""",
        safety="unsafe",
    ),
    Example(
        title="no source at all",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  sources: []
  destination:
    server: https://kubernetes.default.svc
    namespace: web
""",
        at="spec",
    ),
)
GOOD = (
    Example(
        title="one list of sources",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  sources:
    - repoURL: https://git.example.com/apps.git
      path: web
      targetRevision: v1.3.0
  destination:
    server: https://kubernetes.default.svc
    namespace: web
""",
    ),
    Example(
        title="a template whose sources come from a patch",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: shops
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - clusters: {}
  template:
    metadata:
      name: "shop-{{ .name }}"
    spec:
      project: shop
      destination:
        name: "{{ .name }}"
        namespace: shop
  templatePatch: |
    spec:
      source: {{ .metadata.annotations.source }}
""",
    ),
)
