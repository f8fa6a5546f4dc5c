"""A Secret for Argo CD that it does not see, refuses, or uses in another way than it seems.

## What it does

It looks at Secrets with the label `argocd.argoproj.io/secret-type`, and at what produces such Secrets: values of the
label that Argo CD does not know, a label on a SealedSecret or ExternalSecret that its template does not pass on, credentials
of several kinds for one repository, an SSH key for an address of another kind, two Secrets for one repository, and
settings of clusters that exclude each other. Missing and misspelt keys are told by AF101. Of encrypted Secrets
only the keys are looked at.

## Why is this bad

Argo CD finds these Secrets by their label alone and leaves out what it cannot read: the repository or cluster is
missing or the login fails, while nothing points to the Secret.

## When to ignore it

When something else adds the label in the cluster.
"""

from __future__ import annotations

import json
import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.argocd.produced_secrets import origin_of, stated_texts
from argoflux.finding import Severity
from argoflux.flux.fields import flag, table, text
from argoflux.goports.giturl import normalize_git_url
from argoflux.kinds import SECRET_TYPE_LABEL, secret_type, secret_types
from argoflux.lint.application import is_known
from argoflux.lint.rule import Example, Rule
from argoflux.schema_words import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF515",
    name="argocd-secret-malformed",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Secret:repository", "Secret:repo-creds", "Secret:cluster"),
    evidence=("document", "graph"),
    yields_to=("AF101",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/",),
)

_REPOSITORIES = frozenset({"repository", "repo-creds", "repository-write", "repo-write-creds"})
_LABEL = ("metadata", "labels", SECRET_TYPE_LABEL)
_TEMPLATES = {"SealedSecret": "spec.template", "ExternalSecret": "spec.target.template"}
_PROGRAMS = frozenset({"argocd-k8s-auth", "argocd", "git", "helm", "kustomize", "sh", "bash"})
"""What there is in the image that could log in: argo-cd:Dockerfile."""


def check(ctx: Context) -> Iterator[Finding]:
    """Labels first, then what the Secrets say, then Secrets that speak about one repository."""
    for resource in ctx.workspace.marked:
        yield from _label(resource)
    same: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
    for resource in ctx.resources:
        if resource.ref.group or resource.ref.kind != "Secret":
            continue
        kind = secret_type(resource.body)
        if kind == "cluster":
            yield from _cluster(resource)
        elif kind in _REPOSITORIES:
            yield from _repository(resource)
            stated = stated_texts(resource)
            url, project = (stated.get(key, "").strip() for key in ("url", "project"))
            if url and is_known(url) and is_known(project):
                folder = posixpath.dirname(resource.file)
                where = (resource.root, folder, resource.ref.namespace)
                same[(*where, kind, project, normalize_git_url(url))].append(resource)
    for members in same.values():
        yield from _several(members)


def _label(resource: Resource) -> Iterator[Finding]:
    """A label that has no effect.

    sealed-secrets:pkg/apis/sealedsecrets/v1alpha1/sealedsecret_expansion.go Unseal takes labels from the
    template; external-secrets:pkg/controllers/externalsecret/externalsecret_controller_template.go
    takes those of the ExternalSecret only where the template has no metadata.
    """
    stated = text(resource.body, *_LABEL)
    if stated is None or not is_known(stated):
        return
    template = _TEMPLATES.get(resource.ref.kind)
    if template is not None and stated in secret_types():
        yield RULE.at(
            resource.place(*_LABEL, on="key"),
            f"the Secret that this makes does not get the label, so Argo CD does not take it for a Secret of type"
            f" `{stated}`; put the label into `{template}.metadata.labels`",
            resource=resource,
            severity=Severity.WARNING,
        )
    elif resource.ref.kind == "Secret" and not resource.ref.group and stated not in secret_types():
        near = closest(stated, sorted(secret_types()))
        known = ", ".join(f"`{each}`" for each in sorted(secret_types()))
        advice = f"did you mean `{near}`?" if near else f"it knows {known}"
        yield RULE.at(
            resource.place(*_LABEL),
            f"Argo CD knows no Secrets of type `{stated}` and does not read this one; {advice}",
            resource=resource,
        )


def _repository(resource: Resource) -> Iterator[Finding]:
    """argo-cd:pkg/apis/application/v1alpha1/repository_types.go GetGitCreds: a password or token wins
    over an SSH key, and that over a GitHub App.
    """
    stated = stated_texts(resource)
    holder = "stringData" if "sshPrivateKey" in table(resource.body, "stringData") else "data"
    if "sshPrivateKey" not in stated:
        return
    place = resource.place(holder, "sshPrivateKey", on="key")
    other = next((key for key in ("password", "bearerToken") if key in stated), "")
    url = stated.get("url", "").strip().lower()
    if other:
        yield RULE.at(
            place,
            f"the Secret has `sshPrivateKey` and `{other}`; Argo CD uses `{other}` alone, remove the one"
            " that is not meant",
            resource=resource,
        )
    elif url.startswith(("https://", "http://")):
        yield RULE.at(
            place,
            "an SSH key is no login for an HTTP address; use `ssh://…` or `username` and `password`",
            resource=resource,
        )


def _several(members: list[Resource]) -> Iterator[Finding]:
    """argo-cd:util/db/repository_secrets.go getRepositorySecret: one of them is taken."""
    names = {resource.ref.name for resource in members}
    if len(names) < len(members) or len(members) == 1:
        return  # several files for one object: AF201
    first = members[0]
    for resource in members[1:]:
        yield RULE.at(
            resource.place("metadata", "name"),
            f"Secret `{first.ref.name}` is for the same repository and project; Argo CD uses one of them,"
            " remove the other",
            resource=resource,
            severity=Severity.WARNING,
            related=((first.place("metadata", "name"), "the other Secret"),),
        )


def _cluster(resource: Resource) -> Iterator[Finding]:
    """argo-cd:pkg/apis/application/v1alpha1/types.go RawRestConfig passes both on, and
    client-go:transport/transport.go TLSConfigFor refuses them together.
    """
    if origin_of(resource) == "SOPS":
        return
    try:
        config = json.loads(stated_texts(resource).get("config", ""))
    except ValueError:
        return  # AF101
    holder = "stringData" if "config" in table(resource.body, "stringData") else "data"
    place = resource.place(holder, "config", on="key")
    config = config if isinstance(config, dict) else {}
    if flag(config, "tlsClientConfig", "insecure") and text(config, "tlsClientConfig", "caData"):
        yield RULE.at(
            place,
            "`tlsClientConfig` has `insecure: true` and `caData`, which the client refuses; keep `caData`",
            resource=resource,
        )
    program = text(config, "execProviderConfig", "command") or ""
    if program and is_known(program) and "/" not in program and program not in _PROGRAMS:
        yield RULE.at(
            place,
            f"the program `{program}` is not in the image of Argo CD; use `argocd-k8s-auth`, or add it to"
            " the pods",
            resource=resource,
            severity=Severity.INFO,
        )


_REPOSITORY = """\
apiVersion: v1
kind: Secret
metadata:
  name: {name}
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: {type}
stringData:
  url: {url}
"""
_KEY = "  sshPrivateKey: ${KEY}\n"
_WORD = "  password: ${WORD}\n"
_CLUSTER = """\
apiVersion: v1
kind: Secret
metadata:
  name: far
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: cluster
stringData:
  name: far
  server: https://far.example.com
  config: |
    {config}
"""
_SEALED = """\
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: shop
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repository
spec:
  encryptedData:
    url: AgBy3i4OJSWK
"""
_TEMPLATE = """\
  template:
    metadata:
      labels:
        argocd.argoproj.io/secret-type: repository
"""
_HTTPS = "https://git.example.com/shop.git"
_SSH = "ssh://git@git.example.com/shop.git"

BAD = (
    Example(
        title="a type that Argo CD does not know",
        yaml=_REPOSITORY.format(name="shop", type="repositories", url=_HTTPS),
        at='metadata.labels["argocd.argoproj.io/secret-type"]',
    ),
    Example(
        title="a label that does not reach the Secret",
        yaml=_SEALED,
        at='metadata.labels["argocd.argoproj.io/secret-type"]',
    ),
    Example(
        title="an SSH key beside a password",
        yaml=_REPOSITORY.format(name="shop", type="repository", url=_SSH) + _KEY + _WORD,
        at="stringData.sshPrivateKey",
    ),
    Example(
        title="an SSH key for an HTTP address",
        yaml=_REPOSITORY.format(name="shop", type="repository", url=_HTTPS) + _KEY,
        at="stringData.sshPrivateKey",
    ),
    Example(
        title="two Secrets for one repository",
        yaml=_REPOSITORY.format(name="shop", type="repository", url=_HTTPS)
        + "---\n"
        + _REPOSITORY.format(name="shop-again", type="repository", url=_HTTPS),
        at="metadata.name",
    ),
    Example(
        title="a certificate that is not to be looked at",
        yaml=_CLUSTER.format(config='{"tlsClientConfig": {"insecure": true, "caData": "LS0t"}}'),
        at="stringData.config",
    ),
    Example(
        title="a program that is not there",
        yaml=_CLUSTER.format(config='{"execProviderConfig": {"command": "kubelogin"}}'),
        at="stringData.config",
    ),
)
GOOD = (
    Example(
        title="an SSH key for an SSH address",
        yaml=_REPOSITORY.format(name="shop", type="repository", url=_SSH) + _KEY,
    ),
    Example(title="a label in the template", yaml=_SEALED + _TEMPLATE),
    Example(
        title="an address that is filled in later",
        yaml=_REPOSITORY.format(name="shop", type="repository", url="${URL}") + _KEY,
    ),
    Example(
        title="a login of a cloud",
        yaml=_CLUSTER.format(config='{"execProviderConfig": {"command": "argocd-k8s-auth"}}'),
    ),
)
