"""Sources, identities and automation of Flux that Argo CD has no exact equal for.

## What it does

In the profile of a migration it tells what `argoflux convert` would lose or change on the way to Argo CD: verification, buckets, cloud identities, impersonation, notifications and image automation. What
is lost or needs a person is a warning, what differs in part a remark.

## Why is this bad

Argo CD verifies Git only, reads no buckets, and knows clusters, notifications and image updates through objects and settings of
its own.

## When to ignore it

When you know what takes its place; `argoflux message CODE` explains the code at the end of each remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.portability import losses
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import GIT_REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF610",
    name="flux-trust-and-automation-not-portable",
    severity=Severity.WARNING,
    scope="estate",
    kinds=(
        "GitRepository",
        "OCIRepository",
        "Bucket",
        "Kustomization",
        "HelmRelease",
        "Alert",
        "Provider",
        "Receiver",
        "ImageRepository",
        "ImagePolicy",
        "ImageUpdateAutomation",
        "ArtifactGenerator",
        "ResourceSet",
    ),
    evidence=("document", "graph", "files"),
    only=("migration-to-argocd",),
)


def check(ctx: Context) -> Iterator[Finding]:
    """What the conversion says."""
    yield from losses(RULE, "argocd", ctx)


BAD = (
    Example(
        title="a bucket",
        files={
            "flux.yaml": """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 5m
  bucketName: apps
  endpoint: minio.example.com
""",
        },
        at="",
        file="flux.yaml",
    ),
)
GOOD = (
    Example(
        title="a Git repository",
        files={
            "flux.yaml": GIT_REPOSITORY,
        },
    ),
)
