"""An ApplicationSet in which whoever writes to a generator's input chooses the project.

## What it does

It reports ApplicationSets whose `spec.template.spec.project` is filled in from parameters: of files or folders in Git, of
repositories or pull requests of a host, or of a plugin.

## Why is this bad

The project is what limits an Application. Who can add a folder or a file to the repository that a generator reads can then put an
Application into the project with the most rights. Argo CD also checks no signatures of such a repository.

## When to ignore it

When only the people who run the installation can write to all inputs of the generators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, blocks
from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

# argo-cd:docs/operator-manual/applicationset/Security.md, argo-cd:applicationset/generators/git.go
RULE = Rule(
    code="AF509",
    name="appset-templated-project",
    severity=Severity.ERROR,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security/",),
)
_OPEN = {
    "git": "files or folders in Git",
    "scmProvider": "the repositories of a host",
    "pullRequest": "pull requests",
    "plugin": "a plugin",
}


def check(resource: Resource, _ctx: Context) -> Iterator[Finding]:
    """A templated project and the generators that can fill it in."""
    spec = block(resource.body, "spec")
    project = block(block(spec, "template"), "spec").get("project")
    if not isinstance(project, str) or "{{" not in project:
        return
    kinds = sorted(set(_kinds(spec)) & set(_OPEN))
    place = resource.place("spec", "template", "spec", "project")
    if not kinds:
        message = (
            "the project is filled in from parameters; whoever may change the generators' input"
            " chooses it"
        )
        if set(_kinds(spec)) - {"list"}:
            yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)
        return
    inputs = " and ".join(_OPEN[kind] for kind in kinds)
    message = (
        f"the project is filled in from {inputs}: whoever writes there chooses it; name one project"
    )
    yield RULE.at(place, message, resource=resource)


def _kinds(node: Mapping[str, Any]) -> Iterator[str]:
    for generator in blocks(node, "generators"):
        for kind, stated in generator.items():
            if isinstance(stated, dict) and kind != "selector":
                if kind in {"matrix", "merge"}:
                    yield from _kinds(stated)
                else:
                    yield kind


_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - git:
        repoURL: https://git.example.com/apps.git
        revision: main
        directories:
          - path: apps/*
  template:
    metadata:
      name: "{{ .path.basename }}"
    spec:
      project: <project>
      source:
        repoURL: https://git.example.com/apps.git
        targetRevision: main
        path: "{{ .path.path }}"
      destination:
        name: in-cluster
        namespace: "{{ .path.basename }}"
"""

BAD = (
    Example(
        title="the name of a folder is the project",
        yaml=_SET.replace("<project>", '"{{ .path.basename }}"'),
        at="spec.template.spec.project",
    ),
)
GOOD = (
    Example(title="one project", yaml=_SET.replace("<project>", "shop")),
    Example(
        title="a list in the set itself",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - list:
        elements:
          - {name: web, project: shop}
  template:
    metadata:
      name: "{{ .name }}"
    spec:
      project: "{{ .project }}"
      source:
        repoURL: https://git.example.com/apps.git
        targetRevision: main
        path: "{{ .name }}"
      destination:
        name: in-cluster
        namespace: "{{ .name }}"
""",
    ),
)
