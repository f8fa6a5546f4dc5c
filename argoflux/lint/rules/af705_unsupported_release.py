"""An installation of Argo CD or Flux that gets no fixes any more, or has a known hole.

## What it does

Install manifests, FluxInstances and addresses of releases in the input name the release that they install. It is
compared with the three newest minor releases of each project, and with advisories that every patch of a minor is affected by. Receivers of type
`gcr` are reported for releases that do not check who sent a message.

## Why is this bad

Both projects fix bugs and vulnerabilities in their newest minor releases only. And every minor that is skipped adds to
the changes that the next upgrade brings at once.

## When to ignore it

When somebody else patches the release for you. The table is as old as argoflux itself: the message names its day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import text
from argoflux.lint.rule import Example, Rule
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.workspace.releases import Sighting

# argo-cd:docs/operator-manual/installation.md Supported versions (three minors); fluxcd.io/flux/releases
_OLDEST = {"argocd": Release(3, 3), "flux": Release(2, 7)}
_AS_OF = "2026-08-22"
_TITLES = {"argocd": "Argo CD", "flux": "Flux"}
_ADVISORIES = (
    # github.com/argoproj/argo-cd/security/advisories: fixed in 2.13.9, 2.14.16, 3.0.14 and 3.1.2
    (
        "argocd",
        Release(2, 12),
        "CVE-2025-55190 (project tokens read the credentials of repositories)",
    ),
    # fixed in 2.11.13, 2.12.10 and 2.13.4
    ("argocd", Release(2, 10), "CVE-2025-23216 (values of Secrets in error messages)"),
)

_UNCHECKED = Release(2, 7)
"""Later releases check Receivers of type `gcr`, from 2.9 on all (notification-controller 1.8.3 and 1.9.0)."""

RULE = Rule(
    code="AF705",
    name="unsupported-release",
    severity=Severity.INFO,
    scope="estate",
    kinds=("FluxInstance", "Receiver"),
    evidence=("files", "target"),
    links=(
        "https://argo-cd.readthedocs.io/en/stable/operator-manual/installation/#supported-versions",
        "https://fluxcd.io/flux/releases/",
    ),
)


def check(ctx: Context) -> Iterator[Finding]:
    """Releases that the input names and that are out of support."""
    for seen in ctx.workspace.releases.sightings:
        release = Release.parse(seen.release)
        if release >= _OLDEST[seen.system]:
            continue
        known = _advisories(seen, release)
        message = (
            f"{_TITLES[seen.system]} {release} gets no fixes any more: since {_AS_OF} at the latest,"
            f" only {_OLDEST[seen.system]} and newer do{known}"
        )
        yield RULE.at(seen.place, message)
    yield from _receivers(ctx)


def _receivers(ctx: Context) -> Iterator[Finding]:
    for resource in ctx.inventory.of_kind("notification.toolkit.fluxcd.io", "Receiver"):
        if text(resource.body, "spec", "type") != "gcr":
            continue
        release = ctx.release("flux", resource)
        if release <= _UNCHECKED:
            message = (
                f"Flux {release} does not check for whom Google signed the messages to this Receiver"
                " (CVE-2026-40109); move to 2.9, which wants `email` and `audience` in its Secret"
            )
            yield RULE.at(resource.place("spec", "type"), message, resource=resource)


def _advisories(seen: Sighting, release: Release) -> str:
    found = [
        text for system, last, text in _ADVISORIES if system == seen.system and release <= last
    ]
    return f"; it is affected by {' and '.join(found)}" if found else ""


_RECEIVER = """\
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata:
  name: images
  namespace: flux-system
spec:
  type: gcr
  secretRef: {name: images}
  resources:
    - {kind: ImageRepository, name: web}
"""

BAD = (
    Example(
        title="an old distribution",
        yaml="""\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  distribution:
    registry: ghcr.io/fluxcd
    version: 2.5.x
""",
        at="spec.distribution.version",
    ),
    Example(
        title="the install manifest of an old release",
        files={
            "argocd/kustomization.yaml": """\
resources:
  - https://raw.githubusercontent.com/argoproj/argo-cd/v2.12.3/manifests/install.yaml
patches:
  - path: app.yaml
""",
            "argocd/app.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
""",
        },
        at="line 2",
        file="argocd/kustomization.yaml",
    ),
    Example(
        title="a Receiver that an old release does not check",
        yaml=_RECEIVER,
        flux="2.7",
        at="spec.type",
    ),
)
GOOD = (
    Example(title="a Receiver that is checked", yaml=_RECEIVER, flux="2.9"),
    Example(
        title="a release that is supported",
        yaml="""\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  distribution:
    registry: ghcr.io/fluxcd
    version: 2.9.x
""",
    ),
    Example(
        title="a release that is filled in later",
        yaml="""\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  distribution:
    registry: ghcr.io/fluxcd
    version: ${FLUX_VERSION}
""",
    ),
)
