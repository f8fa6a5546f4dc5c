"""A number or boolean where the field takes text.

## What it does

It reports unquoted values that YAML reads as a number or a boolean although the field takes text:
`targetRevision: 1.10`, a commit of digits, `value: true` of a Helm parameter, `sync-wave: 1`, keys of
Argo CD's Secrets and ConfigMaps, and of those that Flux takes variables and values from. Free values,
such as those of a Helm chart, are never judged.

## Why is this bad

The API server refuses the object, or the value has changed before anybody looks at it: `1.10` is the
number 1.1, `12345e6` is 12345000000. Flux asks for quotes around substituted numbers and booleans
for the same reason (fluxcd/kustomize-controller:docs/spec/v1/kustomizations.md). Errors about values
in Secrets used to show the value (CVE-2025-23216).

## Fix safety

The fix puts quotes around the characters as they stand. It is safe: the field takes nothing but text.

## When to ignore it

Never. `yes`, `no`, `on` and `off` are warnings, since kustomize reads them as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.flux.fields import items, table
from argoflux.lint.rule import Example, Rule
from argoflux.schema import field_facts
from argoflux.schema_accept import compiled
from argoflux.schema_words import hidden
from argoflux.text import path_text
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.scalars import DISPUTED
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF003",
    name="ambiguous-scalar",
    severity=Severity.ERROR,
    scope="estate",
    yields_to=("AF005",),
)

_TAKEN_FROM = {
    "Kustomization": (("spec", "postBuild", "substituteFrom"),),
    "HelmRelease": (("spec", "valuesFrom"),),
}


def check(ctx: Context) -> Iterator[Finding]:
    """Fields of our objects that take text, and annotations and labels of all objects."""
    for resource in ctx.resources:
        written = ctx.as_written(resource)
        for error in ctx.schema_errors(resource):
            if error.rule == "type" and error.expected.startswith("text"):
                yield from _judged(written, error.path, ctx)
    for resource in ctx.workspace.marked:
        for name in ("annotations", "labels"):
            notes = dig(resource.body, "metadata", name)
            for key in notes if isinstance(notes, dict) else ():
                yield from _judged(resource, ("metadata", name, key), ctx)
    yield from _variables(ctx)


def _variables(ctx: Context) -> Iterator[Finding]:
    """The ConfigMaps and Secrets that Flux takes variables and values from."""
    named = {
        (source.get("kind"), source.get("name"))
        for resource in ctx.inventory
        for path in _TAKEN_FROM.get(resource.ref.kind, ())
        for source in items(resource.body, *path)
        if isinstance(source, dict)
    }
    for resource in ctx.others("ConfigMap", "Secret") if named else ():
        if resource.pseudo or (resource.ref.kind, resource.ref.name) not in named:
            continue
        for holder in ("data", "stringData"):
            for key in table(resource.body, holder):
                yield from _judged(resource, (holder, key), ctx)


def _judged(resource: Resource, path: Path, ctx: Context) -> Iterator[Finding]:
    value = dig(resource.body, *path)
    if not isinstance(value, bool | int | float):
        return
    place = resource.place(*path)
    document = resource.document
    raw = document.text_at(place.path)
    if not _would_fit(resource, path, raw):
        return
    plain = document.has_place(place.path) and not raw.startswith(("*", "&", "!"))
    read = _shown(value, raw) if plain and not hidden(path) else _type(value)
    yield RULE.at(
        place,
        f"`{path_text(path)}` takes text, but YAML reads {read}; put it in quotes",
        resource=resource,
        severity=Severity.WARNING if raw in DISPUTED else None,
        fix=ctx.safe("put it in quotes", set_value(document, place.path, raw)) if plain else None,
    )


def _would_fit(resource: Resource, path: Path, raw: str) -> bool:
    """Whether quotes are all that is missing: the text has the form that the field asks for."""
    key = path[-1:] if resource.pseudo and path[0] in {"data", "stringData"} else path
    facts = field_facts(resource.pseudo or resource.ref.kind, key, resource.version)
    if facts is None:
        return True
    if facts.enum and raw not in facts.enum:
        return False
    return facts.pattern is None or compiled(facts.pattern).search(raw) is not None


def _type(value: Any) -> str:
    return "a boolean" if isinstance(value, bool) else "a number"


def _shown(value: Any, raw: str) -> str:
    if isinstance(value, bool):
        return f"`{raw}` as the boolean {'true' if value else 'false'}"
    return f"`{raw}` as a number" if str(value) == raw else f"`{raw}` as the number {value}"


_APPLICATION = """\
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
    targetRevision: 1.10  # the stable line
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""

BAD = (
    Example(
        title="a revision that becomes a number",
        yaml=_APPLICATION,
        at="spec.source.targetRevision",
        fixed=_APPLICATION.replace("1.10", '"1.10"'),
    ),
    Example(
        title="a wave without quotes",
        yaml="""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-wave: -1
""",
        at='metadata.annotations["argocd.argoproj.io/sync-wave"]',
        fixed="""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
""",
    ),
    Example(
        title="a variable that is a number",
        files={
            "apps.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  sourceRef: {kind: GitRepository, name: fleet}
  postBuild:
    substituteFrom:
      - {kind: ConfigMap, name: variables}
""",
            "variables.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: variables
  namespace: flux-system
data:
  replicas: 3
""",
        },
        file="variables.yaml",
        at="data.replicas",
        fixed="""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: variables
  namespace: flux-system
data:
  replicas: "3"
""",
    ),
    Example(
        title="a key of a Secret of Argo CD",
        yaml="""\
apiVersion: v1
kind: Secret
metadata:
  name: apps-repository
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repository
stringData:
  url: https://git.example.com/apps.git
  insecure: true
""",
        at="stringData.insecure",
        fixed="""\
apiVersion: v1
kind: Secret
metadata:
  name: apps-repository
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repository
stringData:
  url: https://git.example.com/apps.git
  insecure: "true"
""",
    ),
)
GOOD = (
    Example(title="in quotes", yaml=_APPLICATION.replace("1.10", '"1.10"')),
    Example(title="filled in later", yaml=_APPLICATION.replace("1.10", "${VERSION}")),
    Example(
        title="free values of a chart",
        yaml="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef: {kind: OCIRepository, name: web}
  values:
    replicas: 2
    debug: off
""",
    ),
    Example(
        title="a number of a duration: quotes would not make it one",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 60
  url: https://git.example.com/fleet.git
""",
    ),
)
