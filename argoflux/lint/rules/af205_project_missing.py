"""An Application that names a project which is not defined.

## What it does

It looks for the AppProject that `spec.project` names, for Applications and for what an
ApplicationSet makes. The project `default` always exists. Where most Applications use projects that
these files do not define, or a chart makes some, projects are kept elsewhere: then it is one info per
project.

## Why is this bad

Argo CD refuses an Application whose project does not exist, with the condition `InvalidSpecError`:
nothing is compared and nothing is synced. An ApplicationSet does not create the Application.

## When to ignore it

When the project is created elsewhere: by Terraform, in the web interface, from another repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.context import known_text
from argoflux.lint.elsewhere import may_be, templates_make
from argoflux.lint.rule import Example, Rule
from argoflux.lint.shared_values import others_say, users
from argoflux.lint.wholeness import is_whole
from argoflux.schema_words import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF205",
    name="project-missing",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "graph"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/projects/",),
)

_CHART = "argocd-apps"
"""argoproj/argo-helm:charts/argocd-apps makes AppProjects of its values."""


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """A project that no AppProject of the input is named like.

    argo-cd:util/argo/argo.go GetAppProject (an empty name is `default`, which the API server
    creates); argo-cd:applicationset/controllers/applicationset_controller.go
    validateGeneratedApplications.
    """
    project = known_text(app.get("spec", "project"))
    if not project or project == "default" or not is_whole(ctx, app.resource.root):
        return
    everywhere, here = _projects(ctx).get("", ()), _projects(ctx).get(app.resource.root, ())
    if any(may_be(name, project) for name in everywhere):
        return
    near = closest(project, [*here, "default"])
    hint = f"; did you mean `{near}`?" if near else ""
    if _is_kept_here(ctx, app.resource.root, here):
        advice = hint or "; define an AppProject of that name, or Argo CD refuses the Application"
        message = f"project `{project}` is not defined{advice}"
        yield RULE.at(app.place("spec", "project"), message, resource=app.resource)
        return
    more = others_say(ctx, app, "spec", "project")
    if more is not None:
        message = f"project `{project}` is not defined in the files at hand{more}{hint}"
        place = app.place("spec", "project")
        yield RULE.at(place, message, resource=app.resource, severity=Severity.INFO)


def _is_kept_here(ctx: Context, root: str, names: tuple[str, ...]) -> bool:
    """Whether the projects of a root stand in its files: most Applications use one of them."""
    stated = {
        name: len(resources)
        for (at, name), resources in users(ctx, "spec", "project").items()
        if at == root and name != "default"
    }
    found = sum(count for name, count in stated.items() if name in names)
    return (
        found * 2 >= sum(stated.values())
        and not templates_make(ctx, "AppProject")
        and not _made_by_chart(ctx)
    )


def _projects(ctx: Context) -> dict[str, tuple[str, ...]]:
    """The names of AppProjects by root; those of all roots under the empty name."""
    known: dict[str, tuple[str, ...]] | None = ctx.memory.get("AF205 projects")
    if known is None:
        found: dict[str, dict[str, None]] = {"": {}}
        for resource in (*ctx.resources, *ctx.workspace.templated):
            if resource.ref.kind == "AppProject" and resource.ref.group == "argoproj.io":
                found[""][resource.ref.name] = None
                found.setdefault(resource.root, {})[resource.ref.name] = None
        known = ctx.memory["AF205 projects"] = {root: tuple(each) for root, each in found.items()}
    return known


def _made_by_chart(ctx: Context) -> bool:
    """Whether an Application installs the chart that makes projects of its values."""
    known: bool | None = ctx.memory.get("AF205 chart")
    if known is None:
        known = any(
            source.get("chart") == _CHART
            for app in ctx.all_applications
            for _, source in app.sources()
        )
        ctx.memory["AF205 chart"] = known
    return known


_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos: ["https://git.example.com/shop.git"]
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: {project}
  source:
    repoURL: https://git.example.com/shop.git
    path: web
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: web
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - {generator}
  template:
    metadata:
      name: "web-{{{{ .name }}}}"
    spec:
      project: "{{{{ .name }}}}"
      source:
        repoURL: https://git.example.com/shop.git
        path: web
      destination:
        server: https://kubernetes.default.svc
        namespace: web
"""

BAD = (
    Example(
        title="a name with a slip",
        files={
            "project.yaml": _PROJECT,
            "api.yaml": _APPLICATION.format(project="shop").replace("web", "api"),
            "web.yaml": _APPLICATION.format(project="shops"),
        },
        file="web.yaml",
        at="spec.project",
    ),
    Example(
        title="what an ApplicationSet makes",
        files={
            "project.yaml": _PROJECT,
            "web.yaml": _SET.format(generator="list: {elements: [{name: shop}, {name: pay}]}"),
        },
        file="web.yaml",
        at="spec.template.spec.project",
    ),
    Example(
        title="no AppProject at hand is an info",
        yaml=_APPLICATION.format(project="shop"),
        at="spec.project",
    ),
)
GOOD = (
    Example(
        title="a project that is defined",
        files={"project.yaml": _PROJECT, "web.yaml": _APPLICATION.format(project="shop")},
    ),
    Example(
        title="the project that Argo CD brings along",
        files={"project.yaml": _PROJECT, "web.yaml": _APPLICATION.format(project="default")},
    ),
    Example(
        title="a name that is filled in later",
        files={
            "project.yaml": _PROJECT,
            "web.yaml": _SET.format(generator="clusters: {}"),
        },
    ),
)
