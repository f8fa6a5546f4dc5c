"""An ApplicationSet in which whoever writes to a generator's input chooses the project.

## What it does

It reports ApplicationSets whose project, in the template or in `templatePatch`, is filled in from parameters: of files or folders in Git, of
repositories or pull requests of a host, or of a plugin. Parameters that a list in the set itself gives are fine.

## Why is this bad

The project is what limits an Application. Who can add a folder or a file to the repository that a generator reads can then put an
Application into the project with the most rights. Argo CD also checks no signatures of such a repository.

## When to ignore it

When only the people who run the installation can write to all inputs of the generators.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.lint.appsets import COMBINING, generators, may_give, parameters, spec_of
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Place
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
_PATCHED = re.compile(r"(?m)^\s*[\"']?project[\"']?:\s*(.*\{\{.*)$")


def check(resource: Resource, _ctx: Context) -> Iterator[Finding]:
    """A templated project and the generators that can fill it in."""
    spec = spec_of(resource)
    stated = block(block(spec, "template"), "spec").get("project")
    patch = spec.get("templatePatch")
    if isinstance(stated, str) and "{{" in stated:
        place = resource.place("spec", "template", "spec", "project")
        yield from _chosen(resource, stated, place)
    elif isinstance(patch, str):
        found = _PATCHED.search(patch)
        if found is not None:
            yield from _chosen(resource, found[1], resource.place("spec", "templatePatch"))


def _chosen(resource: Resource, project: str, place: Place) -> Iterator[Finding]:
    """Who chooses a project: the inputs of the generators that may give its parameters."""
    named = parameters(project, go=spec_of(resource).get("goTemplate") is True)
    asked = [one for one in generators(resource) if one.kind not in COMBINING]
    kinds = {
        one.kind for one in asked if named is None or any(may_give(one, each) for each in named)
    }
    if kinds & set(_OPEN):
        inputs = " and ".join(_OPEN[kind] for kind in sorted(kinds & set(_OPEN)))
        message = f"the project is filled in from {inputs}: whoever writes there chooses it; name one project"
        yield RULE.at(place, message, resource=resource)
    elif kinds - {"list"}:
        message = (
            "the project is filled in from parameters; whoever may change the generators' input"
            " chooses it"
        )
        yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)


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
    Example(
        title="a patch from the files of Git",
        yaml=_SET.replace("<project>", "shop").replace(
            "directories:\n          - path: apps/*", "files:\n          - path: apps/*/app.yaml"
        )
        + "  templatePatch: |\n    spec:\n      project: {{ .project }}\n",
        at="spec.templatePatch",
    ),
)
GOOD = (
    Example(title="one project", yaml=_SET.replace("<project>", "shop")),
    Example(
        title="a value of the generator itself",
        yaml=_SET.replace("<project>", '"{{ .values.project }}"').replace(
            "        directories:", "        values: {project: shop}\n        directories:"
        ),
    ),
    Example(
        title="a list beside the folders",
        yaml=_SET.replace("<project>", '"{{ .project }}"').replace(
            """    - git:
        repoURL: https://git.example.com/apps.git
        revision: main
        directories:
          - path: apps/*
""",
            """    - matrix:
        generators:
          - list:
              elements:
                - {project: shop}
          - git:
              repoURL: https://git.example.com/apps.git
              revision: main
              directories:
                - path: apps/*
""",
        ),
    ),
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
