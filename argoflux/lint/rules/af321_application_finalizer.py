"""A finalizer that nobody removes, or that decides otherwise than meant what a deletion takes along.

## What it does

It reports finalizers that look like Argo CD's and are not, on Applications, what ApplicationSets
make, and AppProjects; those that Argo CD sets by itself; Applications without a finalizer that their parent prunes; and
parents with one that prune.

## Why is this bad

An object with a finalizer that no controller knows can be deleted, but never goes. An Application without
a finalizer leaves its objects behind when its file leaves Git; a parent with one takes every
Application and all their objects along.

## Fix safety

The fix adds `resources-finalizer.argocd.argoproj.io`, so removing the Application deletes its objects.

## When to ignore it

For Applications whose objects are meant to outlive them, and for parents that are meant to take all along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, items
from argoflux.finding import Severity
from argoflux.lint.children import families
from argoflux.lint.context import known_text
from argoflux.lint.owners import FINALIZER
from argoflux.lint.rule import Example, Rule
from argoflux.lint.sync_policy import automation
from argoflux.yamlio.edit import insert
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.finding import Finding, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

RULE = Rule(
    code="AF321",
    name="application-finalizer",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet", "AppProject"),
    evidence=("document", "graph", "files"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/",),
)

# argo-cd:pkg/apis/application/v1alpha1/application_defaults.go, types.go isPropagationPolicyFinalizer
_CASCADING = frozenset({FINALIZER, f"{FINALIZER}/foreground", f"{FINALIZER}/background"})
_OWN = ("post-delete-finalizer.", "pre-delete-finalizer.")
"""How the finalizers begin that Argo CD sets, with and without a stage behind them."""
_LIKE_OURS = ("argoproj", "argocd", "resources-finalizer")


def check(ctx: Context) -> Iterator[Finding]:
    """Finalizers of projects and Applications, and what parents prune."""
    for project in ctx.inventory.of_kind("argoproj.io", "AppProject"):
        for number, name in enumerate(items(block(project.body, "metadata"), "finalizers")):
            # argo-cd:pkg/apis/application/v1alpha1/app_project_types.go HasFinalizer: this one alone
            if _looks_ours(name) and name != FINALIZER:
                place = project.place("metadata", "finalizers", number)
                yield _unknown(place, str(name), project)
    for app in ctx.all_applications:
        for number, name in enumerate(items(dict(app.metadata), "finalizers")):
            if known_text(name) is not None and name not in _CASCADING:
                yield from _stated(app.place("metadata", "finalizers", number), name, app.resource)
    for app, children in families(ctx):
        automated = automation(app)
        if automated is not None and automated.get("prune") is True:
            yield from _family(app, children, ctx)


def _looks_ours(name: object) -> bool:
    text = known_text(name)
    return text is not None and any(part in text.lower() for part in _LIKE_OURS)


def _stated(place: Place, name: str, resource: Resource) -> Iterator[Finding]:
    if name.startswith(_OWN):
        told = "Argo CD sets this finalizer by itself while there are hooks for deletion; remove it"
        yield RULE.at(place, told, resource=resource, severity=Severity.INFO)
    elif _looks_ours(name):
        yield _unknown(place, name, resource)


def _unknown(place: Place, name: str, resource: Resource) -> Finding:
    told = (
        f"no controller removes the finalizer `{name}`, so the object never goes when it is deleted"
    )
    return RULE.at(place, f"{told}; use `{FINALIZER}`", resource=resource, severity=Severity.ERROR)


def _family(
    app: ApplicationView, children: Sequence[ContentObject], ctx: Context
) -> Iterator[Finding]:
    """What an Application that prunes does to the Applications that it applies."""
    for child in children:
        if child.ref.kind == "Application" and child.certain:
            yield from _left_behind(app, child, ctx)
    for number, name in enumerate(items(dict(app.metadata), "finalizers")):
        if name in _CASCADING:
            count = f"{len(children)} Applications" if len(children) > 1 else "the Application"
            told = (
                f"deleting this Application deletes {count} that it applies, and all that they deploy;"
                " leave the finalizer out if that must not happen by accident"
            )
            place = app.place("metadata", "finalizers", number)
            yield RULE.at(place, told, resource=app.resource, severity=Severity.INFO)
            return


def _left_behind(app: ApplicationView, child: ContentObject, ctx: Context) -> Iterator[Finding]:
    metadata = block(dict(child.body), "metadata")
    if items(metadata, "finalizers"):
        return
    document = child.place.document
    at = (*child.place.path, "metadata", "finalizers", 0)
    edits = insert(document, at, FINALIZER) if isinstance(document, Document) else ()
    yield RULE.at(
        child.place,
        f"the Application has no finalizer, so its objects stay when `{app.name}` prunes it",
        severity=Severity.INFO,
        related=((app.place("spec", "syncPolicy", "automated"), f"{app.name} prunes"),),
        fix=ctx.unsafe(f"add `{FINALIZER}`", edits),
    )


_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
{finalizers}spec:
  project: shop
  source:
    repoURL: https://git.example.com/{name}.git
    path: {name}
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_PRUNES = "  syncPolicy:\n    automated:\n      prune: true\n"


def _example(finalizer: str = "", name: str = "web") -> str:
    stated = f"  finalizers:\n    - {finalizer}\n" if finalizer else ""
    return _APPLICATION.format(name=name, finalizers=stated)


_AT = "metadata.finalizers[0]"
BAD = (
    Example(
        title="a finalizer of a group that there is not",
        yaml=_example("resources-finalizer.argoproj.io"),
        at=_AT,
    ),
    Example(
        title="a policy that projects do not have",
        yaml=f"""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
  finalizers:
    - {FINALIZER}/background
spec:
  sourceRepos:
    - https://git.example.com/apps.git
""",
        at=_AT,
    ),
    Example(
        title="one that Argo CD sets",
        yaml=_example("post-delete-finalizer.argocd.argoproj.io/cleanup"),
        at=_AT,
    ),
    Example(
        title="a child that leaves its objects behind",
        files={
            "parent.yaml": _example(name="children") + _PRUNES,
            "children/web.yaml": _example(),
        },
        file="children/web.yaml",
        at="",
        fixed=_APPLICATION.format(name="web", finalizers=f"  finalizers:\n  - {FINALIZER}\n"),
        safety="unsafe",
    ),
    Example(
        title="a parent that takes all along",
        files={
            "parent.yaml": _example(FINALIZER, name="children") + _PRUNES,
            "children/web.yaml": _example(FINALIZER),
        },
        file="parent.yaml",
        at=_AT,
    ),
)
GOOD = (
    Example(title="the finalizer of Argo CD", yaml=_example(FINALIZER)),
    Example(title="in the background", yaml=_example(f"{FINALIZER}/background")),
    Example(title="a finalizer of somebody else", yaml=_example("backup.example.com/keep")),
    Example(title="a finalizer that is filled in later", yaml=_example("${FINALIZER}")),
    Example(
        title="a parent that does not prune",
        files={"parent.yaml": _example(name="children"), "children/web.yaml": _example()},
    ),
)
