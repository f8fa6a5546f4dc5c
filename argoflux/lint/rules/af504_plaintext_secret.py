"""A password, a token or a private key in the open.

## What it does

It looks at Secrets (those of Argo CD included), ConfigMaps, values and parameters of Helm, plugin environments and
substitutions. A value counts by its form (private keys, tokens of known services), or by a key such as `password`
or `clientSecret` together with a value that is no placeholder, no reference and not obviously invented.
What is encrypted with SOPS, sealed, or fetched by ExternalSecrets is fine; so are the marks of tools that fill
secrets in (`${…}`, `<path:…>`, `ref+…`, `vault:…`). Values that everybody knows, such as `changeme`, are told as a warning.
Folders of tests, fixtures and samples are left alone. No value is printed.

## Why is this bad

Everybody who can read the repository, a copy of it or its history has the secret. Base64 in `data` is no protection.
Argo CD showed content of malformed Secrets in its error messages (CVE-2025-23216).

## When to ignore it

When the value protects nothing. Otherwise encrypt it or move it to a store, and replace it: what was committed
once stays in the history.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from argoflux.argocd.produced_secrets import origin_of
from argoflux.finding import Severity
from argoflux.flux.fields import table
from argoflux.flux.objects import KINDS
from argoflux.lint.plaintext import judge, judge_lines, settings
from argoflux.lint.rule import Example, Rule
from argoflux.model.credentials import secret_bytes
from argoflux.yamlio.tree import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.plaintext import Judgement
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF504",
    name="plaintext-secret",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Application", "ApplicationSet", "Kustomization", "HelmRelease", "Secret", "ConfigMap"),
    evidence=("document", "files"),
    yields_to=("AF503",),
    confidential=True,
    links=("https://fluxcd.io/flux/security/best-practices/",),
)

_SPARED = frozenset(
    {
        "test",
        "tests",
        "testdata",
        "fixtures",
        "e2e",
        "mocks",
        "template",
        "templates",
        "examples",
        "samples",
    }
)
_FILLED_IN = ("avp.kubernetes.io/", "vault.security.banzaicloud.io/", "vault.hashicorp.com/")
_APPS = frozenset({"Application", "ApplicationSet", "Kustomization", "HelmRelease"})


class Judged(NamedTuple):
    """A value that is a secret, or a password that everybody knows; ``key`` is how people call it."""

    path: Path
    key: str
    judgement: Judgement


def check(ctx: Context) -> Iterator[Finding]:
    """Secrets and ConfigMaps of all manifests, and the settings of apps: one finding per object."""
    for resource in ctx.resources:
        if resource.ref.kind in _APPS and not _is_spared(resource):
            yield from _told(resource, list(_of_app(resource)))
    for resource in ctx.others(*KINDS):
        if resource.ref.group or _is_spared(resource):
            continue
        found = _of_secret(resource) if resource.ref.kind == "Secret" else _of_map(resource)
        yield from _told(resource, list(found))


def _is_spared(resource: Resource) -> bool:
    metadata = table(resource.body, "metadata")
    notes = table(metadata, "annotations")
    filled_in = any(str(key).startswith(_FILLED_IN) for key in notes)
    folders = resource.file.lower().split("/")[:-1]
    return filled_in or origin_of(resource) == "SOPS" or not _SPARED.isdisjoint(folders)


def _told(resource: Resource, found: list[Judged]) -> Iterator[Finding]:
    grave = [one for one in found if one.judgement == "secret"]
    shown = grave or found
    if not shown:
        return
    first, paths = shown[0], [one.path for one in shown]
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    what = "a secret in plain text" if grave else "a password that everybody knows"
    verb = "hold" if more else "holds"
    yield RULE.at(
        resource.place(*first.path),
        f"`{first.key}`{more} {verb} {what}; encrypt it or fetch it from a store, and replace what was"
        " committed",
        resource=resource,
        severity=None if grave else Severity.WARNING,
        related=tuple((resource.place(*path), "another one") for path in paths[1:]),
    )


def _of_secret(resource: Resource) -> Iterator[Judged]:
    for holder in ("data", "stringData"):
        for key, value in table(resource.body, holder).items():
            if not isinstance(value, str):
                continue
            raw = secret_bytes(resource, key) if holder == "data" else None
            text = value if raw is None else raw.decode("utf-8", "replace")
            judgement = judge(key, text, sure=True) or (judge_lines(text) if "\n" in text else "")
            if key in {"config", ".dockerconfigjson"}:
                judgement = judgement or _of_json(text)
            if judgement:
                yield Judged((holder, key), key, judgement)


def _of_json(text: str) -> Judgement:
    """The credentials of a cluster or a registry: argo-cd:docs/operator-manual/declarative-setup.md."""
    try:
        stated = json.loads(text)
    except ValueError:
        return ""
    aliases = {"keyData": "privateKey", "bearerToken": "token", "auth": "token"}
    found = {judge(aliases.get(key, key), value, sure=True) for _, key, value in settings(stated)}
    return "secret" if "secret" in found else "default" if "default" in found else ""


def _of_map(resource: Resource) -> Iterator[Judged]:
    for key, value in table(resource.body, "data").items():
        if isinstance(value, str):
            judgement = judge(key, value)
            if judgement:
                yield Judged(("data", key), key, judgement)


def _of_app(resource: Resource) -> Iterator[Judged]:
    spec = resource.body.get("spec", MISSING)
    for path, key, value in settings(spec):
        judgement = judge(key, value) or (judge_lines(value) if "\n" in value else "")
        if judgement:
            yield Judged(("spec", *path), key, judgement)


_MANIFEST = """\
apiVersion: v1
kind: Secret
metadata:
  name: shop-db
  namespace: shop
stringData:
  username: shop
  password: {value}
"""
_RELEASE = """\
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
  values:
    auth:
      existingSecret: shop-db
      adminPassword: {value}
"""
_APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://charts.example.com
    chart: web
    targetRevision: 1.2.3
    helm:
      values: |
        auth:
          password: {value}
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
"""

BAD = (
    Example(
        title="a Secret as it is",
        yaml=_MANIFEST.format(value="vK3-moonlit-Quay"),
        at="stringData.password",
    ),
    Example(
        title="a password among the values of a release",
        yaml=_RELEASE.format(value="vK3-moonlit-Quay"),
        at="spec.values.auth.adminPassword",
    ),
    Example(
        title="a password in the text of values, and known to everybody",
        yaml=_APP.format(value="changeme"),
        at="spec.source.helm.values",
    ),
)
GOOD = (
    Example(
        title="a Secret that SOPS encrypted",
        yaml=_MANIFEST.format(value="ENC[AES256_GCM,data:bW9v,iv:aQ==,tag:dA==,type:str]")
        + "sops:\n  mac: ENC[AES256_GCM,data:bQ==,iv:aQ==,tag:dA==,type:str]\n",
    ),
    Example(
        title="a password that is filled in later", yaml=_MANIFEST.format(value="${DB_PASSWORD}")
    ),
    Example(title="a reference to a store", yaml=_APP.format(value="<path:shop/db#password>")),
    Example(title="a text to be replaced", yaml=_RELEASE.format(value="replace-with-your-own")),
)
