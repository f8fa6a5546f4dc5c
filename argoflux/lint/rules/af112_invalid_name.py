"""A name that Kubernetes, Helm or the controller does not accept.

## What it does

It checks names and namespaces of objects against the rules of Kubernetes, release names and target
namespaces of HelmReleases, names of the roles of an AppProject, names of sources (`ref`) of an
Application, names that an ApplicationSet makes, the length of Application names where Argo CD
tracks by label, keys and values of labels, and keys of annotations. A HelmRelease whose release name
Flux shortens is a remark.

## Why is this bad

The API server refuses the object, or the controller its field: argo-cd:util/argo/argo.go
(GetRefSources), argo-cd:pkg/apis/application/v1alpha1/types.go (roleNameRegexp),
helm/helm:pkg/chart/common (release names), kubernetes/apimachinery:pkg/util/validation/validation.go.
One bad name among those that an ApplicationSet makes is an error of the whole set.

## When to ignore it

When a kustomization file adds a prefix that makes the name valid.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.lint.application import is_known
from argoflux.lint.label_names import wrong_labels
from argoflux.lint.rule import Example, Rule
from argoflux.text import path_text
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(code="AF112", name="invalid-name", severity=Severity.ERROR)

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_ROLE = re.compile(r"[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?\Z")
_REF = re.compile(r"[a-zA-Z0-9_-]+\Z")
_LONGEST_NAME, _LONGEST_LABEL, _LONGEST_RELEASE = 253, 63, 53

_A_NAME = "lower case letters, digits, `-` and `.`, with a letter or digit at both ends"
_A_LABEL = "lower case letters, digits and `-`, with a letter or digit at both ends"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The names in one object."""
    yield from _name(resource, ("metadata", "name"), _LONGEST_NAME)
    yield from _label(resource, ("metadata", "namespace"))
    yield from _labels(resource, ("metadata",))
    match resource.ref.kind:
        case "HelmRelease":
            yield from _release(resource)
        case "Kustomization":
            yield from _label(resource, ("spec", "targetNamespace"))
        case "AppProject":
            yield from _roles(resource)
        case "Application" | "ApplicationSet":
            yield from _labels(resource, ("spec", "template", "metadata"))
            yield from _sources(resource, ctx)
            yield from _applications(resource, ctx)
        case _:
            pass


def _name(resource: Resource, path: Path, longest: int) -> Iterator[Finding]:
    value = dig(resource.body, *path)
    if not _judged(value):
        return
    if not _NAME.match(value):
        yield _bad(resource, path, value, _A_NAME)
    elif len(value) > longest:
        yield _long(resource, path, len(value), longest)


def _label(resource: Resource, path: Path) -> Iterator[Finding]:
    value = dig(resource.body, *path)
    if not _judged(value):
        return
    if not _LABEL.match(value):
        yield _bad(resource, path, value, _A_LABEL)
    elif len(value) > _LONGEST_LABEL and path[0] == "metadata":  # the schema tells the others
        yield _long(resource, path, len(value), _LONGEST_LABEL)


def _labels(resource: Resource, at: Path) -> Iterator[Finding]:
    for path, is_key, what in wrong_labels(resource.body, at):
        place = resource.place(*path, on="key" if is_key else "value")
        yield RULE.at(place, what, resource=resource)


def _release(resource: Resource) -> Iterator[Finding]:
    stated = dig(resource.body, "spec", "releaseName")
    namespace = dig(resource.body, "spec", "targetNamespace")
    yield from _label(resource, ("spec", "targetNamespace"))
    yield from _label(resource, ("spec", "storageNamespace"))
    if isinstance(stated, str) and stated:
        if is_known(stated) and not _NAME.match(stated):
            yield _bad(resource, ("spec", "releaseName"), stated, _A_NAME)
        return
    name = resource.ref.name
    prefix = namespace if isinstance(namespace, str) else ""
    whole = f"{prefix}-{name}" if prefix else name
    if is_known(whole) and len(whole) > _LONGEST_RELEASE:
        # fluxcd/helm-controller:internal/release/name.go ShortenName
        yield RULE.at(
            resource.place("metadata", "name"),
            f"Helm takes at most {_LONGEST_RELEASE} characters, so Flux shortens the release name"
            f" `{whole}` and ends it in a hash; state `spec.releaseName`",
            resource=resource,
            severity=Severity.INFO,
        )


def _roles(resource: Resource) -> Iterator[Finding]:
    roles = dig(resource.body, "spec", "roles")
    for index, role in enumerate(roles if isinstance(roles, list) else ()):
        value = dig(role, "name")
        if _judged(value) and not _ROLE.match(value):
            wanted = "letters, digits, `-` and `_`, with a letter or digit at both ends"
            yield _bad(resource, ("spec", "roles", index, "name"), value, wanted)


def _sources(resource: Resource, ctx: Context) -> Iterator[Finding]:
    for view in ctx.applications(resource):
        for path, source in view.sources():
            value = source.get("ref")
            if _judged(value) and not _REF.match(str(value)):
                full = (*view.at, *path, "ref")
                yield _bad(resource, full, str(value), "letters, digits, `-` and `_`")


def _applications(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Names that a set makes, one finding for all; and names that are too long for a label."""
    path: Path = ("metadata", "name")
    if resource.ref.kind == "ApplicationSet":
        path = ("spec", "template", *path)
        bad = [p for p in ctx.set_problems(resource) if p.reason == "invalid" and p.path == path]
        if bad:
            more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
            yield RULE.at(
                resource.place(*path),
                f"{bad[0].text}{more}; use `slugify` of Go templates, or the parameter that ends in"
                " `Normalized`",
                resource=resource,
            )
    names = [view.name for view in ctx.applications(resource) if is_known(view.name)]
    longest = max(map(len, names), default=0)
    if longest > _LONGEST_LABEL and _tracked_by_label(resource, ctx):
        # argo-cd:util/argo/resource_tracking.go: the name is the value of a label
        yield _long(resource, path, longest, _LONGEST_LABEL, why=" where Argo CD tracks by label")


def _tracked_by_label(resource: Resource, ctx: Context) -> bool:
    found = ctx.inventory.of_kind("", "ConfigMap")
    settings = [r for r in found if r.pseudo == "ConfigMap:argocd-cm" and r.root == resource.root]
    key = "application.resourceTrackingMethod"
    return any(dig(one.body, "data", key) == "label" for one in settings)


def _judged(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and is_known(value)


def _bad(resource: Resource, path: Path, value: str, wanted: str) -> Finding:
    return RULE.at(
        resource.place(*path),
        f"`{path_text(path)}` is `{value}`, which is not accepted; it must have {wanted}",
        resource=resource,
    )


def _long(resource: Resource, path: Path, length: int, longest: int, *, why: str = "") -> Finding:
    return RULE.at(
        resource.place(*path),
        f"`{path_text(path)}` has {length} characters and may have {longest}{why}; shorten it",
        resource=resource,
    )


_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: My_App
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
  destination:
    name: in-cluster
    namespace: web
"""
_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: teams
  namespace: argocd
spec:
  generators:
    - list:
        elements:
          - team: Team_A
          - team: Team_B
  template:
    metadata:
      name: "{{team}}-web"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        path: web
      destination:
        name: in-cluster
        namespace: web
"""
_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: kubernetes-dashboard-metrics-scraper
  namespace: apps
spec:
  interval: 10m
  targetNamespace: observability-production
  chartRef: {kind: OCIRepository, name: dashboard}
"""

BAD = (
    Example(title="capitals and an underscore", yaml=_APPLICATION, at="metadata.name"),
    Example(title="names that a set makes", yaml=_SET, at="spec.template.metadata.name"),
    Example(title="a release name that is shortened", yaml=_RELEASE, at="metadata.name"),
    Example(
        title="a role with a blank",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  roles:
    - name: read only
""",
        at="spec.roles[0].name",
    ),
    Example(
        title="a label with a blank",
        yaml=_APPLICATION.replace(
            "  name: My_App\n", "  name: my-app\n  labels:\n    team: web shop\n"
        ),
        at="metadata.labels.team",
    ),
    Example(
        title="a long name, tracked by label",
        files={
            "app.yaml": _APPLICATION.replace("My_App", "a" * 64),
            "settings.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  application.resourceTrackingMethod: label
""",
        },
        at="metadata.name",
        file="app.yaml",
    ),
)
GOOD = (
    Example(title="a valid name", yaml=_APPLICATION.replace("My_App", "my-app")),
    Example(
        title="labels and annotations",
        yaml=_APPLICATION.replace(
            "  name: My_App\n",
            "  name: my-app\n  labels:\n    example.com/Team_A: web.Shop-1\n    empty: ''\n"
            "    open: ${TEAM} of ${CITY}\n  annotations:\n    Example.com/Why: any text, of course\n",
        ),
    ),
    Example(
        title="a name that is filled in later", yaml=_APPLICATION.replace("My_App", "${APP}_x")
    ),
    Example(
        title="a set whose parameters are not known",
        yaml=_SET.replace(
            """\
    - list:
        elements:
          - team: Team_A
          - team: Team_B
""",
            "    - clusters: {}\n",
        ).replace("{{team}}", "{{name}}"),
    ),
    Example(
        title="a release name of its own",
        yaml=_RELEASE.replace("spec:\n", "spec:\n  releaseName: dashboard\n"),
    ),
)
