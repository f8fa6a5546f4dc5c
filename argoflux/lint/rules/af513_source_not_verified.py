"""A signature check that lets everything pass, can never pass, or is missing in production.

## What it does

It looks at `verify` of GitRepositories, OCIRepositories, HelmCharts and HelmReleases, and at the
source integrity of AppProjects: keyless checks that accept every identity or match a part of one only, checks
of tags where no tag is fetched, policies that check nothing or have no keys, and old keys that no longer count. OCI artifacts of production without any check are told as
information.

## Why is this bad

A keyless signature proves that somebody signed. Without `matchOIDCIdentity` anybody with an account at a public
identity provider is good enough, and an expression without `^` and `$` also matches longer names that
somebody else may own.

## When to ignore it

When the publisher signs nothing, there is nothing to check: pin a digest instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.flux.fields import table, tables, text, texts
from argoflux.lint.application import is_known
from argoflux.lint.production import is_production
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF513",
    name="source-not-verified",
    severity=Severity.INFO,
    kinds=("GitRepository", "OCIRepository", "HelmChart", "HelmRelease", "AppProject"),
    links=("https://fluxcd.io/flux/components/source/ocirepositories/#verification",),
)

_TAG_MODES = frozenset({"Tag", "TagAndHEAD"})
_UNCHECKED = "none"
_WIDE = re.compile(r"\^?(?:\.[*+])\$?")


def check(resource: Resource, _ctx: Context) -> Iterator[Finding]:
    """What is wrong with the check of signatures that an object states."""
    match resource.ref.kind:
        case "GitRepository":
            yield from _git(resource)
        case "AppProject":
            yield from _project(resource)
        case "HelmRelease":
            yield from _keyless(resource, ("spec", "chart", "spec", "verify"))
        case kind:
            yield from _keyless(resource, ("spec", "verify"))
            stated = table(resource.body, "spec")
            if kind == "OCIRepository" and "verify" not in stated and "url" in stated:
                yield from _missing(resource)


def _missing(resource: Resource) -> Iterator[Finding]:
    pinned = text(resource.body, "spec", "ref", "digest")
    if not pinned and is_production(resource):
        yield RULE.at(
            resource.place("spec", "url"),
            "nothing checks who made this artifact of production; set `spec.verify`, or pin a digest where"
            " the publisher signs nothing",
            resource=resource,
        )


def _keyless(resource: Resource, at: Path) -> Iterator[Finding]:
    """source-controller:internal/controller/ocirepository_controller.go verifySignature.

    Identities are regular expressions: sigstore/cosign:pkg/cosign/verify.go (CheckOpts.Identities).
    """
    verify = table(resource.body, *at)
    if not verify or (text(verify, "provider") or "cosign") != "cosign":
        return
    if "secretRef" in verify:  # checked against keys
        return
    identities = verify.get("matchOIDCIdentity")
    if not identities:
        yield RULE.at(
            resource.place(*at),
            "a keyless check without `matchOIDCIdentity` accepts a signature of anybody; state issuer and"
            " subject of the publisher",
            resource=resource,
            severity=Severity.WARNING,
        )
        return
    for number, identity in enumerate(identities if isinstance(identities, list) else ()):
        for key in ("issuer", "subject"):
            stated = text(identity, key) if isinstance(identity, dict) else None
            problem = _loose(stated) if stated and is_known(stated) else ""
            if problem:
                yield RULE.at(
                    resource.place(*at, "matchOIDCIdentity", number, key),
                    f"this regular expression {problem}",
                    resource=resource,
                    severity=Severity.WARNING,
                )


def _loose(pattern: str) -> str:
    """What an expression lets through; one that starts at the beginning may end in any revision."""
    if _WIDE.fullmatch(pattern):
        return "matches everything; state who signs"
    if not pattern.startswith(("^", "\\A", "(?i)^")):
        return "also matches in the middle of a text; start it with `^`"
    host = re.fullmatch(r"\^https?://[^/]+", pattern)
    if host is not None and not pattern.endswith("$"):
        return "also matches longer names of hosts; end it with `$`"
    return ""


def _git(resource: Resource) -> Iterator[Finding]:
    """source-controller:internal/controller/gitrepository_controller.go verifySignature.

    A commit wins over the tag beside it, so that no tag object is fetched
    (fluxcd/pkg:git/gogit/client.go clone).
    """
    verify, ref = (table(resource.body, "spec", key) for key in ("verify", "ref"))
    mode = text(verify, "mode") or "HEAD"
    if not verify or not all(is_known(value) for value in (mode, *ref.values())):
        return
    name = text(ref, "name") or ""
    tagged = name.startswith("refs/tags/") if name else bool(ref.get("tag") or ref.get("semver"))
    tagged = tagged and not ref.get("commit")
    if mode in _TAG_MODES and not tagged:
        yield RULE.at(
            resource.place("spec", "verify", "mode"),
            f"mode `{mode}` needs a tag, but `spec.ref` names none that is fetched, so the source never gets"
            " ready; use `HEAD`",
            resource=resource,
            severity=Severity.ERROR,
        )


def _project(resource: Resource) -> Iterator[Finding]:
    """argo-cd:pkg/apis/application/v1alpha1/app_project_types.go EffectiveSourceIntegrity,
    argo-cd:util/sourceintegrity/git.go.
    """
    spec = table(resource.body, "spec")
    at: Path = ("spec", "sourceIntegrity", "git", "policies")
    policies = tables(resource.body, *at)
    if policies and spec.get("signatureKeys"):
        yield RULE.at(
            resource.place("spec", "signatureKeys", on="key"),
            "these keys do not count beside `sourceIntegrity.git`; move them to its policies",
            resource=resource,
            severity=Severity.WARNING,
        )
    for number, policy in enumerate(policies):
        found = _policy(policy)
        if found is not None:
            path, problem = found
            yield RULE.at(
                resource.place(*at, number, *path),
                problem,
                resource=resource,
                severity=Severity.WARNING,
            )


def _policy(policy: Mapping[str, Any]) -> tuple[Path, str] | None:
    gpg = table(policy, "gpg")
    if text(gpg, "mode") == _UNCHECKED:
        return ("gpg", "mode"), "mode `none` checks nothing; use `head` or `strict`"
    if "keys" in gpg and not texts(gpg, "keys"):
        return ("gpg", "keys"), "without keys no signature is good enough, so nothing is deployed"
    return None


_ARTIFACT = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: web
  namespace: {namespace}
spec:
  interval: 10m
  url: oci://registry.example.com/web
"""
_KEYLESS = """\
  verify:
    provider: cosign
    matchOIDCIdentity:
      - issuer: ^https://token.actions.githubusercontent.com$
        subject: {subject}
"""
_GIT = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  url: https://git.example.com/web.git
  ref:
    {ref}
  verify:
    mode: Tag
    secretRef:
      name: keys
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
  sourceIntegrity:
    git:
      policies:
        - repos:
            - url: https://git.example.com/*
          gpg:
            mode: {mode}
            keys:
              - D56C4FCA57A46444
"""

BAD = (
    Example(
        title="a keyless check that accepts everybody",
        yaml=_ARTIFACT.format(namespace="apps") + "  verify:\n    provider: cosign\n",
        at="spec.verify",
    ),
    Example(
        title="an expression that matches everything",
        yaml=_ARTIFACT.format(namespace="apps") + _KEYLESS.format(subject="^.*$"),
        at="spec.verify.matchOIDCIdentity[0].subject",
    ),
    Example(
        title="a tag to be checked where a branch is fetched",
        yaml=_GIT.format(ref="branch: main"),
        at="spec.verify.mode",
    ),
    Example(
        title="a policy that checks nothing",
        yaml=_PROJECT.format(mode="none"),
        at="spec.sourceIntegrity.git.policies[0].gpg.mode",
    ),
    Example(
        title="an artifact of production without a check",
        yaml=_ARTIFACT.format(namespace="production"),
        at="spec.url",
    ),
)
GOOD = (
    Example(
        title="a keyless check of one publisher",
        yaml=_ARTIFACT.format(namespace="production")
        + _KEYLESS.format(subject="^https://github.com/example/web/"),
    ),
    Example(title="a signed tag", yaml=_GIT.format(ref="semver: 1.x")),
    Example(title="a branch that is filled in later", yaml=_GIT.format(ref='name: "${REF}"')),
    Example(title="a policy that checks", yaml=_PROJECT.format(mode="head")),
    Example(title="an artifact outside of production", yaml=_ARTIFACT.format(namespace="apps")),
)
