"""A Secret that cannot be used for what refers to it.

## What it does

Where the Secret that a Flux object refers to is in the files, it checks that it is in the namespace of the
object, has the keys that are needed (an SSH source needs `identity` and `known_hosts`, a Receiver needs
`token`), and has no name that a generator ends with a hash. Of encrypted Secrets only the keys are looked
at. For ApplicationSets it checks that the Secret of a `tokenRef` has its label where the controller
insists on it.

## Why is this bad

The source cannot be fetched, the webhook is refused, or nothing can be decrypted. All Flux references to
Secrets stay in the namespace of the object, whatever else is there.

## When to ignore it

When a controller adds the missing keys, or copies the Secret to other namespaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, texts
from argoflux.finding import Severity
from argoflux.flux.fields import table, text
from argoflux.kinds import SECRET_TYPE_LABEL
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.lint.config_objects import config_objects, in_namespace
from argoflux.lint.rule import Example, Rule
from argoflux.lint.secret_shapes import SHAPES, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF213",
    name="secret-reference-problem",
    severity=Severity.WARNING,
    kinds=(*SHAPES, "ApplicationSet"),
    evidence=("document", "graph"),
)

_PARAMS = "ConfigMap:argocd-cmd-params-cm"
_STRICT = "applicationsetcontroller.enable.tokenref.strict.mode"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Secrets of Flux objects at every place where they arrive, and tokens of generators."""
    if resource.ref.kind == "ApplicationSet":
        yield from _tokens(resource, ctx)
        return
    shapes = SHAPES[resource.ref.kind]
    if not is_flux(resource) or not any(table(resource.body, *path) for path, _ in shapes):
        return
    for one in arrivals(ctx).of(resource):
        for path, shape in shapes:
            reference = table(one.body, *path)
            name = text(reference, "name") or ""
            if not name or not is_known(name) or not is_known(one.ref.namespace):
                continue
            found = config_objects(ctx).named(one.root, "Secret", name)
            here = in_namespace(found, one.ref.namespace)
            problem = ""
            if found and not here:
                spaces = ", ".join(sorted({f"`{each.namespace}`" for each in found}))
                problem = f"is in namespace {spaces} and not in its own, `{one.ref.namespace}`"
            elif here and all(each.hashed for each in here):
                if not any("configurations" in each.place.source.text for each in here):
                    problem = "is generated, with a hash in its name; set `disableNameSuffixHash`"
            elif here and all(each.keys is not None for each in here):
                problems = [
                    shape(
                        Use(
                            keys=each.keys, body=one.body, reference=reference, flux=_flux(ctx, one)
                        )
                    )
                    for each in here
                    if each.keys is not None
                ]
                problem = problems[0] if all(problems) else ""
            if problem:
                yield RULE.at(
                    one.place(*path, "name"),
                    f"Secret `{name}` {problem}",
                    resource=one,
                    related=tuple((each.place, "the Secret") for each in (here or found)[:1]),
                )


def _flux(ctx: Context, resource: Resource) -> tuple[int, int]:
    release = ctx.release("flux", resource)
    return (release.major, release.minor)


def _tokens(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Tokens without their label where the controller runs in strict mode.

    argo-cd:applicationset/utils/kubernetes.go GetSecretRef (ErrDisallowedSecretAccess).
    """
    strict = any(
        one.pseudo == _PARAMS
        and one.root == resource.root
        and texts(one.body, "data").get(_STRICT) == "true"
        for one in ctx.resources
    )
    if not strict:
        return
    labelled = {
        one.ref.name
        for one in ctx.resources
        if one.root == resource.root and one.pseudo.endswith((":scm-creds", ":argocd"))
    }
    secrets = {
        one.ref.name for one in ctx.others("ConfigMap", "Secret") if one.root == resource.root
    }
    for path, name in _token_references(block(resource.body, "spec"), ("spec",)):
        if name in secrets and name not in labelled:
            yield RULE.at(
                resource.place(*path),
                f"Secret `{name}` lacks the label `{SECRET_TYPE_LABEL}: scm-creds`, without which"
                " the controller does not read it in strict mode",
                resource=resource,
            )


def _token_references(node: Any, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "tokenRef" and isinstance(value, dict):
                name = value.get("secretName")
                if isinstance(name, str) and is_known(name):
                    yield (*at, key, "secretName"), name
            elif key != "template":
                yield from _token_references(value, (*at, key))
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from _token_references(item, (*at, number))


_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: shop
  namespace: apps
spec:
  interval: 5m
  url: {url}
  secretRef:
    name: shop-git
"""
_KEYS = """\
apiVersion: v1
kind: Secret
metadata:
  name: shop-git
  namespace: {namespace}
stringData:
  {keys}
"""
_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: previews
  namespace: argocd
spec:
  generators:
    - pullRequest:
        github:
          owner: shop
          repo: web
          tokenRef:
            secretName: shop-git
            key: token
  template:
    metadata:
      name: "web-{{number}}"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop.git
        path: web
      destination:
        server: https://kubernetes.default.svc
        namespace: web
"""
_STRICT_MODE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cmd-params-cm
  namespace: argocd
data:
  applicationsetcontroller.enable.tokenref.strict.mode: "true"
"""


def _files(url: str, secret: str) -> dict[str, str]:
    return {
        "cluster/apps.yaml": _KUSTOMIZATION,
        "apps/secret.yaml": secret,
        "apps/source.yaml": _SOURCE.format(url=url),
    }


_SSH = "ssh://git@git.example.com/shop.git"

BAD = (
    Example(
        title="SSH without known hosts",
        files=_files(_SSH, _KEYS.format(namespace="apps", keys="identity: TODO")),
        file="apps/source.yaml",
        at="spec.secretRef.name",
    ),
    Example(
        title="a Secret in another namespace",
        files=_files(_SSH, _KEYS.format(namespace="flux-system", keys="identity: TODO")),
        file="apps/source.yaml",
        at="spec.secretRef.name",
    ),
    Example(
        title="a password without a user",
        files=_files(
            "https://git.example.com/shop.git",
            _KEYS.format(namespace="apps", keys="password: TODO"),
        ),
        file="apps/source.yaml",
        at="spec.secretRef.name",
    ),
    Example(
        title="a token without the label that strict mode wants",
        files={
            "params.yaml": _STRICT_MODE,
            "previews.yaml": _SET,
            "secret.yaml": _KEYS.format(namespace="argocd", keys="token: TODO"),
        },
        file="previews.yaml",
        at="spec.generators[0].pullRequest.github.tokenRef.secretName",
    ),
)
GOOD = (
    Example(
        title="SSH with both keys",
        files=_files(
            _SSH,
            _KEYS.format(namespace="apps", keys="identity: TODO\n  known_hosts: TODO"),
        ),
    ),
    Example(
        title="a Secret that is not in the files",
        yaml=_SOURCE.format(url=_SSH),
    ),
    Example(
        title="a namespace that is filled in later",
        files=_files(
            _SSH, _KEYS.format(namespace="${team}", keys="identity: TODO\n  known_hosts: TODO")
        ),
    ),
)
