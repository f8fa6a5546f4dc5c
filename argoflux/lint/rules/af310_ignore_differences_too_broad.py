"""An ignore rule that hides more than one field of one kind.

## What it does

It reports entries of `ignoreDifferences` for whole sections (`/spec`, `/data`, `/metadata`), for
every kind at once, or for fields of Argo CD's own field managers; rules of Flux for a whole object,
and rules without a target; and the part of argocd-cm for all kinds (`ignoreDifferences.all`) that
carries a group and a kind, which are no selectors there.

## Why is this bad

What is ignored can be changed by anyone without being seen, and is never corrected. Together with
`RespectIgnoreDifferences=true` changes in Git do not arrive any more either.

## When to ignore it

When another controller really owns the whole section: a Secret that an operator fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, items
from argoflux.finding import Severity
from argoflux.lint.ignored import entries, words
from argoflux.lint.rule import Example, Rule
from argoflux.text import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

_SETTINGS = "ConfigMap:argocd-cm"
RULE = Rule(
    code="AF310",
    name="ignore-differences-too-broad",
    severity=Severity.WARNING,
    kinds=("Application", "ApplicationSet", "Kustomization", "HelmRelease", _SETTINGS),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/",),
)

_SECTIONS = frozenset({"spec", "data", "stringData", "metadata"})
_OF_ALL = "resource.customizations.ignoreDifferences.all"
_RULES_OF_FLUX: Mapping[str, Path] = {
    "Kustomization": ("spec", "ignore"),
    "HelmRelease": ("spec", "driftDetection", "ignore"),
}


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The ignore rules of Applications, of appliers of Flux, and of the installation."""
    if resource.pseudo == _SETTINGS:
        yield from _for_all(resource)
    elif resource.ref.kind in _RULES_OF_FLUX:
        yield from _of_flux(resource, _RULES_OF_FLUX[resource.ref.kind])
    else:
        for app in ctx.applications(resource):
            for path, entry in entries(app):
                yield from _entry(resource, (*app.at, *path), entry)


def _entry(resource: Resource, path: Path, entry: Mapping[str, Any]) -> Iterator[Finding]:
    every = entry.get("group") == "*" and entry.get("kind") == "*" and not entry.get("name")
    for key, section_of in (
        ("jsonPointers", _section_of_pointer),
        ("jqPathExpressions", _section_of_expression),
    ):
        for number, text in words(entry, key):
            section = section_of(text)
            if section is not None and not entry.get("name"):
                what = f"all of `{section}`" if section else "the whole object"
                yield _told(
                    resource,
                    (*path, key, number),
                    f"this hides every change of {what} in {_selected(entry)}; name the fields that"
                    " differ, or the one object",
                )
            elif every and not _is_note(text):
                yield _told(
                    resource,
                    (*path, key, number),
                    "this hides the field in objects of every kind; name the kinds",
                )
    for number, manager in words(entry, "managedFieldsManagers"):
        # argo-cd:util/argo/managedfields/managed_fields.go trustedManager compares names
        if manager in {"argocd-controller", "argocd-application-controller"}:
            text = f"`{manager}` is Argo CD itself: this hides every field that it applied"
        elif manager.startswith("kubectl"):
            text = f"`{manager}` is everyone who works by hand: this hides their changes"
        elif manager == "*":
            text = "managers are compared by name, so `*` is nobody; name them"
        else:
            continue
        yield _told(resource, (*path, "managedFieldsManagers", number), text)


def _selected(entry: Mapping[str, Any]) -> str:
    kind = entry.get("kind")
    return "objects of every kind" if kind in (None, "", "*") else f"every {kind}"


def _section_of_pointer(pointer: str) -> str | None:
    section = pointer.removeprefix("/")
    return section if pointer.startswith("/") and section in _SECTIONS else None


def _section_of_expression(expression: str) -> str | None:
    """The section that a jq path stands for, empty for the whole object."""
    text = expression.strip()
    if text in {".", "..", ".[]"}:
        return ""
    section = text.removeprefix(".").removesuffix("?")
    return section if text.startswith(".") and section in _SECTIONS else None


def _is_note(path: str) -> bool:
    """Whether a path leads to one label, one annotation, or to the status."""
    text = path.replace("[", ".").replace("/", ".")
    return text.startswith((".metadata.labels.", ".metadata.annotations.", ".status"))


def _of_flux(resource: Resource, at: Path) -> Iterator[Finding]:
    """fluxcd/pkg:ssa/jsondiff: without a target a rule is for all objects; "" is all of one."""
    node: Any = resource.body
    for step in at[:-1]:
        node = block(node, str(step))
    for number, rule in enumerate(items(node, str(at[-1]))):
        if not isinstance(rule, dict):
            continue
        targeted = any(block(rule, "target").values())
        for index, text in words(rule, "paths"):
            path: Path = (*at, number, "paths", index)
            if text in {"", "/"} or _section_of_pointer(text) is not None:
                what = f"all of `{text[1:]}`" if len(text) > 1 else "the whole object"
                yield _told(resource, path, f"this hides every change of {what}; name the fields")
            elif not targeted:
                yield _told(
                    resource,
                    path,
                    "without a `target` this hides the field in all objects; name their kind",
                    Severity.INFO,
                )


def _for_all(resource: Resource) -> Iterator[Finding]:
    """argo-cd:util/settings/settings.go: under `all` only the paths are read."""
    from argoflux.yamlio.load import load_text

    stated = block(resource.body, "data").get(_OF_ALL)
    if not isinstance(stated, str):
        return
    for document in load_text(SourceFile(_OF_ALL, stated)).documents:
        body = document.body
        if isinstance(body, dict) and {"group", "kind"} & body.keys():
            yield _told(
                resource,
                ("data", _OF_ALL),
                "`group` and `kind` select nothing here, the paths count for every kind; write the key"
                " as `resource.customizations.ignoreDifferences.<group>_<kind>`",
            )


def _told(resource: Resource, path: Path, text: str, severity: Severity | None = None) -> Finding:
    return RULE.at(resource.place(*path), text, resource=resource, severity=severity)


def _example(entry: str) -> str:
    return f"""\
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
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  ignoreDifferences:
    - {entry}
"""


def _release(rule: str) -> str:
    return f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: web
  driftDetection:
    mode: enabled
    ignore:
      - {rule}
"""


def _settings(key: str) -> str:
    return f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  {key}: |
    group: argoproj.io
    kind: Rollout
    jsonPointers:
      - /spec/replicas
"""


_FIRST = "spec.ignoreDifferences[0]"
BAD = (
    Example(
        title="all of the spec",
        yaml=_example("group: apps\n      kind: Deployment\n      jsonPointers: [/spec]"),
        at=f"{_FIRST}.jsonPointers[0]",
    ),
    Example(
        title="a section as an expression",
        yaml=_example("kind: ConfigMap\n      jqPathExpressions: [.data]"),
        at=f"{_FIRST}.jqPathExpressions[0]",
    ),
    Example(
        title="one field of every kind",
        yaml=_example('group: "*"\n      kind: "*"\n      jsonPointers: [/spec/replicas]'),
        at=f"{_FIRST}.jsonPointers[0]",
    ),
    Example(
        title="what Argo CD applied itself",
        yaml=_example(
            "group: apps\n      kind: Deployment\n      managedFieldsManagers: [argocd-controller]"
        ),
        at=f"{_FIRST}.managedFieldsManagers[0]",
    ),
    Example(
        title="every object of a release",
        yaml=_release("paths: [/spec/replicas]"),
        at="spec.driftDetection.ignore[0].paths[0]",
    ),
    Example(
        title="whole objects of a release",
        yaml=_release('paths: [""]\n        target:\n          kind: ConfigMap'),
        at="spec.driftDetection.ignore[0].paths[0]",
    ),
    Example(
        title="a selector that selects nothing",
        yaml=_settings("resource.customizations.ignoreDifferences.all"),
        at='data["resource.customizations.ignoreDifferences.all"]',
    ),
)
GOOD = (
    Example(
        title="one field of one kind",
        yaml=_example("group: apps\n      kind: Deployment\n      jsonPointers: [/spec/replicas]"),
    ),
    Example(
        title="the data of one Secret",
        yaml=_example("kind: Secret\n      name: web-tls\n      jsonPointers: [/data]"),
    ),
    Example(
        title="one label of every kind",
        yaml=_example('group: "*"\n      kind: "*"\n      jsonPointers: [/metadata/labels/owner]'),
    ),
    Example(
        title="a field of the Deployments of a release",
        yaml=_release("paths: [/spec/replicas]\n        target:\n          kind: Deployment"),
    ),
    Example(
        title="a path that is filled in later",
        yaml=_example('kind: ConfigMap\n      jsonPointers: ["{{ path }}"]'),
    ),
)
