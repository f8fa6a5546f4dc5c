"""A field that is still accepted, and does little or nothing any more.

## What it does

It reports fields that the target release ignores or is about to drop: `summary` of an Alert, `proxy`
of a Provider, `rollback.recreate` of a HelmRelease, `verify.mode: head` of a GitRepository,
certificates in the Secret that `secretRef` of a HelmRepository names, `signatureKeys` of an
AppProject, `applyNestedSelectors` of an ApplicationSet, `helm.version` of an Application, and
HelmRepositories of the type `oci`, which is a remark only.

## Why is this bad

An ignored field looks as if it did something. The others stop working with a later release:
argo-cd:docs/operator-manual/upgrading/2.14-3.0.md and 3.4-3.5.md,
fluxcd/notification-controller:docs/spec/v1beta3/alerts.md and providers.md,
fluxcd/source-controller:docs/spec/v1/gitrepositories.md and helmrepositories.md.

## Fix safety

The fix removes what is ignored, and moves a value that has a new place. It is unsafe for
`signatureKeys`: with `sourceIntegrity` every source of the project has to be signed, Helm charts and
OCI artifacts are judged by their own policies.

## When to ignore it

When the manifests also serve a cluster with an older release that needs the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.lint.application import is_known
from argoflux.lint.config_objects import config_objects, in_namespace
from argoflux.lint.rule import Example, Rule
from argoflux.lint.steps import in_steps
from argoflux.schema import field_facts
from argoflux.text import path_text
from argoflux.versions import Release, available
from argoflux.yamlio.edit import delete, insert, set_value
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF107",
    name="deprecated-field",
    severity=Severity.WARNING,
    kinds=(
        "Alert",
        "AppProject",
        "Application",
        "ApplicationSet",
        "GitRepository",
        "HelmRelease",
        "HelmRepository",
        "Provider",
    ),
    evidence=("document", "target"),
)

_TLS_KEYS = frozenset({"caFile", "certFile", "keyFile", "ca.crt", "tls.crt", "tls.key"})
_HELM_4_ONLY = Release(3, 5)
_NESTED_SELECTORS = Release(3, 0)
_SOURCE_INTEGRITY = Release(3, 5)
_NO_RECREATE = Release(2, 8)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The fields of the kind of this object."""
    match resource.ref.kind:
        case "Alert":
            yield from _summary(resource, ctx)
        case "AppProject":
            yield from _signature_keys(resource, ctx)
        case "Application":
            yield from _helm_version(resource, ctx)
        case "ApplicationSet":
            yield from _helm_version(resource, ctx)
            yield from _nested_selectors(resource, ctx)
        case "GitRepository":
            yield from _verify_mode(resource, ctx)
        case "HelmRelease":
            yield from _recreate(resource, ctx)
        case "HelmRepository":
            yield from _oci(resource)
            yield from _tls_keys(resource, ctx)
        case "Provider":
            yield from _proxy(resource, ctx)
        case _:
            pass


def _summary(resource: Resource, ctx: Context) -> Iterator[Finding]:
    path: Path = ("spec", "summary")
    text = dig(resource.body, *path)
    if text in (MISSING, None):
        return
    if field_facts("Alert", "spec.eventMetadata", resource.version) is None:
        return
    old, new = _full(resource, path), _full(resource, ("spec", "eventMetadata", "summary"))
    fix = None
    if dig(resource.body, "spec", "eventMetadata", "summary") is MISSING:
        edits = in_steps(
            resource.document,
            [lambda d: insert(d, new, text, after="summary"), lambda d: delete(d, old)],
        )
        fix = ctx.safe("write it as `eventMetadata.summary`", edits)
    yield _told(resource, path, "is deprecated; use `spec.eventMetadata.summary`", fix)


def _signature_keys(resource: Resource, ctx: Context) -> Iterator[Finding]:
    path: Path = ("spec", "signatureKeys")
    keys = dig(resource.body, *path)
    if not isinstance(keys, list) or ctx.release("argocd", resource) < _SOURCE_INTEGRITY:
        return
    if dig(resource.body, "spec", "sourceIntegrity", "git") is not MISSING:
        yield _told(
            resource,
            path,
            "is ignored since Argo CD 3.5 where `sourceIntegrity.git` stands; remove it",
            _removal(resource, ctx, path),
        )
        return
    names = [key.get("keyID") if isinstance(key, dict) else None for key in keys]
    fix = None
    if names and all(isinstance(name, str) for name in names):
        policy = {"repos": [{"url": "*"}], "gpg": {"mode": "head", "keys": names}}
        old, new = _full(resource, path), _full(resource, ("spec", "sourceIntegrity"))
        value = {"git": {"policies": [policy]}}
        steps = [
            lambda d: insert(d, new, value, after="signatureKeys"),
            lambda d: delete(d, old),
        ]
        fix = ctx.unsafe("write it as `sourceIntegrity`", in_steps(resource.document, steps))
    yield _told(
        resource,
        path,
        "is deprecated since Argo CD 3.5 and goes with the next major release; use"
        " `spec.sourceIntegrity`",
        fix,
    )


def _helm_version(resource: Resource, ctx: Context) -> Iterator[Finding]:
    if ctx.release("argocd", resource) < _HELM_4_ONLY:
        return
    for view in ctx.applications(resource):
        for path, source in view.sources():
            if dig(source, "helm", "version") in (MISSING, None):
                continue
            full = (*view.at, *path, "helm", "version")
            yield _told(
                resource,
                full,
                "is ignored since Argo CD 3.5, which has Helm 4 only; remove it",
                _removal(resource, ctx, full),
            )


def _nested_selectors(resource: Resource, ctx: Context) -> Iterator[Finding]:
    path: Path = ("spec", "applyNestedSelectors")
    value = dig(resource.body, *path)
    if value in (MISSING, None) or ctx.release("argocd", resource) < _NESTED_SELECTORS:
        return
    effect = "is ignored since Argo CD 3.0; remove it"
    if value is False:
        effect = (
            "is ignored since Argo CD 3.0: selectors of nested generators do filter now; remove it"
        )
    yield _told(resource, path, effect, _removal(resource, ctx, path))


def _verify_mode(resource: Resource, ctx: Context) -> Iterator[Finding]:
    path: Path = ("spec", "verify", "mode")
    if dig(resource.body, *path) != "head":
        return
    release = ctx.release("flux", resource)
    if available("GitRepository", path, release, "HEAD") is not True:
        return
    full = _full(resource, path)
    fix = ctx.safe("write `HEAD`", set_value(resource.document, full, "HEAD"))
    yield _told(resource, path, "has the old name `head` of the mode `HEAD`", fix, on_value=True)


def _recreate(resource: Resource, ctx: Context) -> Iterator[Finding]:
    path: Path = ("spec", "rollback", "recreate")
    if dig(resource.body, *path) in (MISSING, None):
        return
    if ctx.release("flux", resource) >= _NO_RECREATE:
        yield _told(
            resource,
            path,
            "has no effect since Flux 2.8; remove it",
            _removal(resource, ctx, path),
        )


def _oci(resource: Resource) -> Iterator[Finding]:
    if dig(resource.body, "spec", "type") == "oci":
        yield RULE.at(
            resource.place("spec", "type"),
            "Flux keeps HelmRepositories of the type `oci` as they are and develops them no further;"
            " an OCIRepository with `chartRef` in the HelmRelease replaces them",
            resource=resource,
            severity=Severity.INFO,
        )


def _tls_keys(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Certificates belong into a Secret of their own, whatever its keys are called."""
    name = dig(resource.body, "spec", "secretRef", "name")
    if not isinstance(name, str) or not is_known(name):
        return
    found = config_objects(ctx).named(resource.root, "Secret", name)
    for secret in in_namespace(found, resource.ref.namespace):
        keys = sorted(_TLS_KEYS & (secret.keys or frozenset()))
        if keys:
            listed = ", ".join(f"`{key}`" for key in keys)
            yield RULE.at(
                resource.place("spec", "secretRef", "name"),
                f"certificates in the Secret of `secretRef` ({listed}) are deprecated; put them into one"
                " that `spec.certSecretRef` names, as `ca.crt`, `tls.crt` and `tls.key`",
                resource=resource,
                related=((secret.place, "the Secret"),),
            )
            return


def _proxy(resource: Resource, ctx: Context) -> Iterator[Finding]:
    path: Path = ("spec", "proxy")
    if dig(resource.body, *path) in (MISSING, None):
        return
    release = ctx.release("flux", resource)
    if available("Provider", "spec.proxySecretRef", release):
        yield _told(resource, path, "is deprecated since Flux 2.7; use `spec.proxySecretRef`", None)


def _told(
    resource: Resource, path: Path, effect: str, fix: Fix | None, *, on_value: bool = False
) -> Finding:
    return RULE.at(
        resource.place(*path, on="value" if on_value else "key"),
        f"`{path_text(path)}` {effect}",
        resource=resource,
        fix=fix,
    )


def _removal(resource: Resource, ctx: Context, path: Path) -> Fix | None:
    edits: Any = delete(resource.document, _full(resource, path))
    return ctx.safe(f"remove `{path[-1]}`", edits)


def _full(resource: Resource, path: Path) -> Path:
    return resource.place(*path).path


_ALERT = """\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: shop
  namespace: flux-system
spec:
  summary: "production"
  providerRef:
    name: chat
  eventSources:
    - kind: Kustomization
      name: "*"
"""
_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/shop.git
  signatureKeys:
    - keyID: 4AEE18F83AFDEB23
"""
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
    helm:
      version: v3
      releaseName: web
  destination:
    name: in-cluster
    namespace: web
"""

BAD = (
    Example(
        title="the summary of an alert",
        yaml=_ALERT,
        at="spec.summary",
        fixed=_ALERT.replace(
            '  summary: "production"\n', "  eventMetadata:\n    summary: production\n"
        ),
    ),
    Example(
        title="the version of Helm",
        yaml=_APPLICATION,
        at="spec.source.helm.version",
        fixed=_APPLICATION.replace("      version: v3\n", ""),
    ),
    Example(
        title="keys that commits are signed with",
        yaml=_PROJECT,
        at="spec.signatureKeys",
        fixed=_PROJECT.replace(
            "  signatureKeys:\n    - keyID: 4AEE18F83AFDEB23\n",
            """\
  sourceIntegrity:
    git:
      policies:
        - repos:
            - url: '*'
          gpg:
            mode: head
            keys:
              - "4AEE18F83AFDEB23"
""",
        ),
        safety="unsafe",
    ),
    Example(
        title="a certificate beside the password",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  interval: 1h
  url: https://charts.example.com
  secretRef:
    name: charts-login
---
apiVersion: v1
kind: Secret
metadata:
  name: charts-login
  namespace: flux-system
stringData:
  username: reader
  password: ${PASSWORD}
  caFile: ${CA}
""",
        at="spec.secretRef.name",
    ),
    Example(
        title="an OCI registry as a HelmRepository",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  type: oci
  interval: 1h
  url: oci://registry.example.com/charts
""",
        at="spec.type",
    ),
)
GOOD = (
    Example(
        title="the summary where it belongs",
        yaml=_ALERT.replace(
            '  summary: "production"\n', "  eventMetadata:\n    summary: production\n"
        ),
    ),
    Example(
        title="a Secret that is not in the input",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  interval: 1h
  url: https://charts.example.com
  secretRef:
    name: charts-login
""",
    ),
    Example(title="a release that reads the field", yaml=_APPLICATION, argocd="3.4"),
)
