"""A `dependsOn` that names an object which does not exist.

## What it does

It looks for the objects that `dependsOn` of Kustomizations, HelmReleases and ResourceSets names. A
Kustomization waits for Kustomizations only, a HelmRelease for HelmReleases only. Where the input has no
entry point, or nobody knows what some Kustomization applies, it is one info per missing object. Single files
and folders of a Git work tree are not judged.

## Why is this bad

The controller retries every half a minute and never applies the object: everything that it should
deploy is missing, and changes to it have no effect.

## Fix safety

The fix takes the one object of that name from its namespace. It changes what is waited for, so it is
unsafe.

## When to ignore it

When the object is created elsewhere, for example by another repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.dangling import dangling, other_namespace
from argoflux.lint.references import DEPENDENCIES
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.dangling import Dangling
    from argoflux.resource import Resource

RULE = Rule(
    code="AF203",
    name="depends-on-missing",
    severity=Severity.ERROR,
    kinds=tuple(DEPENDENCIES),
    evidence=("document", "graph"),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies",),
)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """A dependency that no object of its kind is.

    kustomize-controller:internal/controller/kustomization_controller.go checkDependencies,
    helm-controller:internal/controller/helmrelease_controller.go checkDependencies,
    flux-operator:internal/controller/resourceset_controller.go checkDependencies.
    """
    for found in dangling(resource, ctx, DEPENDENCIES):
        reference = found.reference
        advice, fix = other_namespace(ctx, found)
        missing = "does not exist" if found.proved else "is not defined in the files at hand"
        yield RULE.at(
            found.place,
            f"`dependsOn` waits for {reference.target}, which {missing}{advice or _hint(found)}",
            resource=reference.resource,
            severity=None if found.proved else Severity.INFO,
            fix=fix if found.proved else None,
        )


def _hint(found: Dangling) -> str:
    reference = found.reference
    if reference.resource.ref.kind != "ResourceSet":
        other = found.definitions.other_kind(reference, ("Kustomization", "HelmRelease"))
        if other is not None:
            return (
                f"; a {reference.kind} cannot wait for the {other.resource.ref.kind} of that name,"
                " only for its own kind"
            )
    near = found.definitions.near(reference)
    return f"; did you mean `{near}`?" if near else ""


_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
  namespace: {namespace}
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: {name}
"""
_WAITING = (
    _RELEASE.format(name="web", namespace="apps")
    + """\
  dependsOn:
    - name: {name}
"""
)

BAD = (
    Example(
        title="a release in another namespace",
        files={
            ".git/HEAD": "ref: refs/heads/main\n",
            "database.yaml": _RELEASE.format(name="database", namespace="data"),
            "web.yaml": _WAITING.format(name="database"),
        },
        file="web.yaml",
        at="spec.dependsOn[0].name",
        fixed=_WAITING.format(name="database") + "      namespace: data\n",
        safety="unsafe",
    ),
    Example(
        title="a name with a slip",
        files={
            "database.yaml": _RELEASE.format(name="database", namespace="apps"),
            "web.yaml": _WAITING.format(name="databse"),
        },
        file="web.yaml",
        at="spec.dependsOn[0].name",
    ),
)
GOOD = (
    Example(
        title="a release in the same namespace",
        files={
            "database.yaml": _RELEASE.format(name="database", namespace="apps"),
            "web.yaml": _WAITING.format(name="database"),
        },
    ),
    Example(
        title="a release whose name is filled in later",
        files={
            "database.yaml": _RELEASE.format(name="database-${region}", namespace="apps"),
            "web.yaml": _WAITING.format(name="database-west"),
        },
    ),
)
