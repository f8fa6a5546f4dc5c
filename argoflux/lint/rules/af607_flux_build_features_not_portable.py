"""Steps of a Flux build that Argo CD does not have.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Argo CD: variables, decryption, paths and patches that Argo CD cannot say. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Argo CD runs kustomize and nothing after it: no variables are filled in, nothing is decrypted, and no kustomization file is made
for a plain folder that needs one.

## When to ignore it

When you know what takes its place; `argoflux message CODE` explains the code at the end of each remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.portability import losses
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLIED, CONFIG_MAP, LISTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF607",
    name="flux-build-features-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Kustomization",),
    evidence=("document", "graph", "files"),
    only=("migration-to-argocd",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "argocd", ctx)


BAD = (
    Example(
        title="a secret that is decrypted",
        files={
            "flux.yaml": APPLIED
            + """\
  decryption:
    provider: sops
""",
            "web/kustomization.yaml": """\
resources:
  - secret.yaml
""",
            "web/secret.yaml": """\
apiVersion: v1
kind: Secret
metadata:
  name: web
stringData:
  token: ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]
sops:
  age: []
  lastmodified: "2026-01-01T00:00:00Z"
  mac: ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]
  version: 3.9.0
""",
        },
        at="spec.decryption.provider",
        file="flux.yaml",
    ),
)
GOOD = (
    Example(
        title="a kustomization as Argo CD builds it",
        files={
            "flux.yaml": APPLIED,
            "web/web.yaml": CONFIG_MAP,
            "web/kustomization.yaml": LISTED,
        },
    ),
)
