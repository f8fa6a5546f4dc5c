"""An object that is asked or applied more often than the controllers can use.

## What it does

It compares intervals of Flux objects, and `requeueAfterSeconds` of generators that ask an API, with the least that
makes sense: 60 seconds for a Kustomization and for images on Docker Hub, 30 seconds for everything else.

## Why is this bad

Every interval costs a clone, a download or a full server-side apply. Registries and Git hosts answer with rate limits, and
then nothing is updated at all; the API server carries the rest of the load.

## Fix safety

The fix raises the interval to the least value, which delays what the short one made quick.

## When to ignore it

On a cluster for experiments. For quick reactions to a push, a Receiver or webhook costs less than a short interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import blocks, whole
from argoflux.finding import Severity
from argoflux.flux.fields import text
from argoflux.goports.duration import SECOND, DurationError, parse_flux
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import ALL_APPS
from argoflux.yamlio.edit import set_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

# kustomize-controller:docs/spec/v1/kustomizations.md asks for at least 60s; the others are judgement
_LEAST = {
    "Kustomization": 60,
    "HelmRelease": 30,
    "GitRepository": 30,
    "OCIRepository": 30,
    "HelmRepository": 30,
    "HelmChart": 30,
    "Bucket": 30,
    "ImageRepository": 30,
    "ImageUpdateAutomation": 30,
}
_DOCKER_HUB = 60
"""docs.docker.com/docker-hub/usage: pulls and tag listings without an account are limited by address."""

# argo-cd:docs/operator-manual/applicationset/Generators-Pull-Request.md and its neighbours
_ASKING = ("scmProvider", "pullRequest", "plugin")
_LEAST_REQUEUE = 30

RULE = Rule(
    code="AF701",
    name="polling-too-aggressive",
    severity=Severity.WARNING,
    kinds=(*_LEAST, "ApplicationSet"),
    yields_to=("AF109",),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#interval",),
)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """An interval that is shorter than useful."""
    if resource.ref.kind == "ApplicationSet":
        spec = resource.body.get("spec")
        yield from _generators(resource, spec if isinstance(spec, dict) else {}, ("spec",), ctx)
        return
    if resource.ref.kind == "HelmRepository" and text(resource.body, "spec", "type") == "oci":
        return  # AF403: it has no effect
    stated = text(resource.body, "spec", "interval")
    least = _least(resource)
    try:
        nanoseconds = parse_flux(stated or "")
    except DurationError:
        return
    if nanoseconds >= least * SECOND or nanoseconds == 0:
        return
    place = resource.place("spec", "interval")
    wanted = "1m" if least == _DOCKER_HUB else f"{least}s"
    message = f"an interval of {stated} is below {wanted}, the least that is of use for this kind"
    edits = set_value(resource.document, place.path, wanted)
    fix = ctx.unsafe(f"write `{wanted}`", edits)
    yield RULE.at(place, message, resource=resource, fix=fix)


def _least(resource: Resource) -> int:
    if resource.ref.kind == "ImageRepository":
        image = known_text(text(resource.body, "spec", "image"))
        if not image:
            return _LEAST[resource.ref.kind]
        host, slash, _ = image.partition("/")
        if (
            not slash
            or not ({".", ":"} & set(host) or host == "localhost")
            or host in {"docker.io", "index.docker.io"}
        ):
            return _DOCKER_HUB
    return _LEAST[resource.ref.kind]


def _generators(
    resource: Resource, node: Mapping[str, Any], at: Path, ctx: Context
) -> Iterator[Finding]:
    for number, generator in enumerate(blocks(node, "generators")):
        path = (*at, "generators", number)
        for kind, stated in generator.items():
            if not isinstance(stated, dict):
                continue
            seconds = whole(stated, "requeueAfterSeconds")
            if kind in _ASKING and seconds is not None and 0 < seconds < _LEAST_REQUEUE:
                place = resource.place(*path, kind, "requeueAfterSeconds")
                message = (
                    f"the generator `{kind}` asks its API every {seconds} seconds, which runs into"
                    f" rate limits; wait {_LEAST_REQUEUE} or more"
                )
                edits = set_value(resource.document, place.path, _LEAST_REQUEUE)
                fix = ctx.unsafe(f"write `{_LEAST_REQUEUE}`", edits)
                yield RULE.at(place, message, resource=resource, fix=fix)
            yield from _generators(resource, stated, (*path, kind), ctx)


BAD = (
    Example(
        title="a Kustomization every ten seconds",
        yaml="""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10s  # for quick tests
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
""",
        at="spec.interval",
        fixed="""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 1m  # for quick tests
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
""",
        safety="unsafe",
    ),
    Example(
        title="pull requests every five seconds",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: previews
  namespace: argocd
spec:
  generators:
    - matrix:
        generators:
          - list:
              elements:
                - cluster: dev
          - pullRequest:
              github:
                owner: example
                repo: shop
              requeueAfterSeconds: 5
  template:
    metadata:
      name: "preview-{{number}}"
    spec:
      project: previews
      destination:
        name: "{{cluster}}"
""",
        at="spec.generators[0].matrix.generators[1].pullRequest.requeueAfterSeconds",
        fixed="""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: previews
  namespace: argocd
spec:
  generators:
    - matrix:
        generators:
          - list:
              elements:
                - cluster: dev
          - pullRequest:
              github:
                owner: example
                repo: shop
              requeueAfterSeconds: 30
  template:
    metadata:
      name: "preview-{{number}}"
    spec:
      project: previews
      destination:
        name: "{{cluster}}"
""",
        safety="unsafe",
    ),
    Example(
        title="an image on Docker Hub every thirty seconds",
        yaml="""\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: web
  namespace: flux-system
spec:
  image: library/nginx
  interval: 30s
""",
        at="spec.interval",
        fixed="""\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: web
  namespace: flux-system
spec:
  image: library/nginx
  interval: 1m
""",
        safety="unsafe",
    ),
)
GOOD = (
    Example(
        title="a Kustomization every ten minutes, and an image elsewhere",
        yaml=ALL_APPS
        + """\
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: web
  namespace: flux-system
spec:
  image: ghcr.io/example/web
  interval: 30s
""",
    ),
    Example(
        title="an interval that is filled in later",
        yaml="""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: ${INTERVAL}
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
""",
    ),
)
