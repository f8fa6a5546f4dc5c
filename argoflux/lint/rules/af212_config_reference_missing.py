"""A ConfigMap or Secret for variables or values that is not there.

## What it does

It looks for what `postBuild.substituteFrom` of a Kustomization and `valuesFrom` of a HelmRelease name, in
the namespace of the object, among manifests, generators, and what makes Secrets of other objects. A
generated name that ends in a hash does not count, for Flux does not know the hash. One that is in another
namespace, or lacks the key, is an error. One that is not in the files at all is told only where others are: often they come
from elsewhere.

## Why is this bad

The build or the release stops with an error until the object appears; what runs stays as it was.

## When to ignore it

When the object is created by something that the files do not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.flux.fields import flag, tables, text
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals, is_flux, is_kustomization
from argoflux.lint.config_objects import config_objects, in_namespace
from argoflux.lint.rule import Example, Rule
from argoflux.lint.wholeness import is_whole
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.config_objects import ConfigObject
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF212",
    name="config-reference-missing",
    severity=Severity.WARNING,
    kinds=("Kustomization", "HelmRelease"),
    evidence=("document", "graph"),
    links=(
        "https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution",
        "https://fluxcd.io/flux/components/helm/helmreleases/#values-references",
    ),
)

_LISTS = {
    "Kustomization": ("spec", "postBuild", "substituteFrom"),
    "HelmRelease": ("spec", "valuesFrom"),
}
_VALUES = "values.yaml"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """References of an object, at every place where it arrives.

    fluxcd/pkg:kustomize/kustomize_varsub.go LoadVariables,
    fluxcd/pkg:chartutil/values.go ChartValuesFromReferences (the key is `values.yaml` by default).
    """
    for one, number, stated in _references(resource, ctx):
        problem, severity = _problem(ctx, one, stated)
        at = _LISTS[one.ref.kind]
        if problem:
            yield RULE.at(
                one.place(*at, number, "name"),
                f"`{'.'.join(at[1:])}` names {stated['kind']} `{stated['name']}`, {problem}",
                resource=one,
                severity=severity,
            )


def _references(
    resource: Resource, ctx: Context
) -> Iterator[tuple[Resource, int, Mapping[str, Any]]]:
    """The references that have to be there, of objects that are known to be applied as they are."""
    at = _LISTS[resource.ref.kind]
    if not is_flux(resource) or not tables(resource.body, *at):
        return
    there = arrivals(ctx)
    for one in there.of(resource):
        top = is_kustomization(one) and isinstance(there.content(one), Known)
        if not there.is_applied(one) and not top:
            continue
        for number, stated in enumerate(tables(one.body, *at)):
            name = text(stated, "name")
            if text(stated, "kind") and name and is_known(name) and not flag(stated, "optional"):
                yield one, number, stated


def _problem(ctx: Context, resource: Resource, stated: Mapping[str, Any]) -> tuple[str, Severity]:
    """What is wrong with a reference, and how much it weighs; empty when nothing is."""
    kind, name = text(stated, "kind") or "", text(stated, "name") or ""
    known, space = config_objects(ctx), resource.ref.namespace
    found = known.named(resource.root, kind, name)
    here = in_namespace(found, space)
    if not here:
        if known.may_be_made(resource.root, kind, name) or not is_known(space):
            return "", Severity.INFO
        unseen = arrivals(ctx).unseen(resource.root)
        if found and space:
            spaces = ", ".join(sorted({f"`{one.namespace}`" for one in found}))
            proved = kind == "ConfigMap" and is_whole(ctx, resource.root) and not unseen
            severity = Severity.ERROR if proved else Severity.WARNING
            return f"which is in namespace {spaces} and not in its own, `{space}`", severity
        if unseen or not is_whole(ctx, resource.root) or kind not in _kept(ctx, resource.root):
            return "", Severity.INFO
        severity = Severity.WARNING if kind == "ConfigMap" else Severity.INFO
        return "which is not in the files at hand", severity
    if all(one.hashed for one in here) and not _follows_names(here):
        return (
            "but its generator adds a hash to the name; set `disableNameSuffixHash: true`",
            Severity.ERROR,
        )
    if resource.ref.kind == "HelmRelease":
        return _key_problem(here, text(stated, "valuesKey") or _VALUES)
    return "", Severity.INFO


def _kept(ctx: Context, root: str) -> frozenset[str]:
    """The kinds that a root keeps in its files: another reference to one is answered."""
    known: dict[str, frozenset[str]] = ctx.memory.setdefault("AF212 kept", {})
    if root not in known:
        objects = config_objects(ctx)
        resources = [r for r in ctx.resources if r.ref.kind in _LISTS]
        known[root] = frozenset(
            text(stated, "kind") or ""
            for resource in resources
            for one, _, stated in _references(resource, ctx)
            if one.root == root
            and objects.named(root, text(stated, "kind") or "", text(stated, "name") or "")
        )
    return known[root]


def _key_problem(found: tuple[ConfigObject, ...], key: str) -> tuple[str, Severity]:
    keys = [one.keys for one in found if one.keys is not None]
    if len(keys) < len(found) or not is_known(key) or any(key in each for each in keys):
        return "", Severity.INFO
    shown = ", ".join(f"`{each}`" for each in sorted(keys[0])[:5])
    return f"which has no key `{key}`, only {shown}", Severity.ERROR


def _follows_names(found: tuple[ConfigObject, ...]) -> bool:
    """Whether a kustomization file teaches kustomize where the name is used (`configurations`).

    kubernetes-sigs/kustomize:api/internal/konfig/builtinpluginconsts/namereference.go has no kind of
    Flux.
    """
    return any("configurations" in one.place.source.text for one in found)


_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./{name}
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_SUBSTITUTED = (
    _KUSTOMIZATION.format(name="apps")
    + """\
  postBuild:
    substituteFrom:
      - kind: {kind}
        name: settings
        optional: {optional}
"""
)
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: {namespace}
data:
  {key}: "large"
"""
_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: web
  valuesFrom:
    - kind: ConfigMap
      name: settings
"""
_GENERATOR = """\
namespace: flux-system
resources: [release.yaml]
configMapGenerator:
  - name: settings
    literals: ["values.yaml=replicas: 2"]
    options:
      disableNameSuffixHash: {fixed}
"""

BAD = (
    Example(
        title="a ConfigMap in another namespace",
        files={
            "cluster/apps.yaml": _SUBSTITUTED.format(kind="ConfigMap", optional="false"),
            "apps/settings.yaml": _CONFIG.format(namespace="apps", key="SIZE"),
        },
        file="cluster/apps.yaml",
        at="spec.postBuild.substituteFrom[0].name",
    ),
    Example(
        title="a ConfigMap without the key",
        files={
            "cluster/apps.yaml": _KUSTOMIZATION.format(name="apps"),
            "apps/release.yaml": _RELEASE,
            "apps/settings.yaml": _CONFIG.format(namespace="flux-system", key="values-prod.yaml"),
        },
        file="apps/release.yaml",
        at="spec.valuesFrom[0].name",
    ),
    Example(
        title="a generated name with a hash",
        files={
            "cluster/apps.yaml": _KUSTOMIZATION.format(name="apps"),
            "apps/release.yaml": _RELEASE,
            "apps/kustomization.yaml": _GENERATOR.format(fixed="false"),
        },
        file="apps/release.yaml",
        at="spec.valuesFrom[0].name",
    ),
    Example(
        title="one that is not in the files, where others are",
        files={
            "cluster/apps.yaml": _SUBSTITUTED.format(kind="ConfigMap", optional="false"),
            "cluster/web.yaml": _SUBSTITUTED.format(kind="ConfigMap", optional="false")
            .replace("apps", "web")
            .replace("name: settings", "name: web-settings"),
            "apps/settings.yaml": _CONFIG.format(namespace="flux-system", key="SIZE"),
            "web/kustomization.yaml": "resources: []\n",
        },
        file="cluster/web.yaml",
        at="spec.postBuild.substituteFrom[0].name",
    ),
)
GOOD = (
    Example(
        title="a ConfigMap in the namespace of the object",
        files={
            "cluster/apps.yaml": _SUBSTITUTED.format(kind="ConfigMap", optional="false"),
            "apps/settings.yaml": _CONFIG.format(namespace="flux-system", key="SIZE"),
        },
    ),
    Example(
        title="a generated name without a hash",
        files={
            "cluster/apps.yaml": _KUSTOMIZATION.format(name="apps"),
            "apps/release.yaml": _RELEASE,
            "apps/kustomization.yaml": _GENERATOR.format(fixed="true"),
        },
    ),
    Example(
        title="one that may be missing",
        yaml=_SUBSTITUTED.format(kind="Secret", optional="true"),
    ),
    Example(
        title="Secrets that come from elsewhere",
        files={
            "cluster/apps.yaml": _SUBSTITUTED.format(kind="Secret", optional="false"),
            "apps/settings.yaml": _CONFIG.format(namespace="apps", key="SIZE"),
        },
    ),
    Example(
        title="a namespace that is filled in later",
        files={
            "cluster/apps.yaml": _SUBSTITUTED.format(kind="ConfigMap", optional="false"),
            "apps/settings.yaml": _CONFIG.format(namespace="${team}", key="SIZE"),
        },
    ),
)
