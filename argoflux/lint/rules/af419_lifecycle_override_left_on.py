"""A switch that is meant for an emergency, and was committed.

## What it does

It reports `suspend`, `force`, `upgrade.force`, `preserveValues`, waits that are switched off, tests whose failures are ignored, pruning without deletion, and the
annotation that makes Argo CD skip an Application.

## Why is this bad

Such switches get something through once. Left on, they hide the next failure: a suspended object ignores Git, `force` deletes and recreates what
cannot be changed, and preserved values stand nowhere in Git.

## When to ignore it

When it shall stay so: write down why, in a comment that ignores the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import flag, table, text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import ALL_APPS
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF419",
    name="lifecycle-override-left-on",
    severity=Severity.WARNING,
    kinds=(
        "Kustomization",
        "HelmRelease",
        "GitRepository",
        "OCIRepository",
        "HelmRepository",
        "HelmChart",
        "Bucket",
        "Application",
    ),
    links=("https://fluxcd.io/flux/components/kustomize/kustomizations/#force",),
)

# kustomize-controller:docs/spec/v1/kustomizations.md Force; helm-controller:docs/spec/v2/helmreleases.md
_SKIP = "argocd.argoproj.io/skip-reconcile"
_SWITCHES: dict[str, tuple[tuple[tuple[str, ...], str, Severity], ...]] = {
    "Kustomization": (
        (
            ("spec", "force"),
            "deletes and recreates objects whose immutable fields change; annotate the few that need it",
            Severity.WARNING,
        ),
    ),
    "HelmRelease": (
        (
            ("spec", "upgrade", "force"),
            "replaces objects instead of patching them, where Helm does not apply on the server",
            Severity.WARNING,
        ),
        (
            ("spec", "upgrade", "preserveValues"),
            "keeps values of earlier releases, which stand nowhere in Git",
            Severity.WARNING,
        ),
        (("spec", "install", "disableWait"), "counts as ready before anything runs", Severity.INFO),
        (("spec", "upgrade", "disableWait"), "counts as ready before anything runs", Severity.INFO),
        (
            ("spec", "test", "ignoreFailures"),
            "runs tests whose result does not count",
            Severity.WARNING,
        ),
    ),
}


def check(resource: Resource, _ctx: Context) -> Iterator[Finding]:
    """Switches that are on."""
    for path, effect, severity in _SWITCHES.get(resource.ref.kind, ()):
        if flag(resource.body, *path) is True:
            message = f"`{path[-1]}: true` is meant for a while: it {effect}"
            yield RULE.at(resource.place(*path), message, resource=resource, severity=severity)
    if flag(resource.body, "spec", "suspend") is True:
        message = "it is suspended: changes in Git have no effect until it is resumed"
        place = resource.place("spec", "suspend")
        yield RULE.at(place, message, resource=resource, severity=Severity.INFO)
    if (
        flag(resource.body, "spec", "prune") is True
        and text(resource.body, "spec", "deletionPolicy") == "Orphan"
    ):
        message = "`deletionPolicy: Orphan` leaves everything behind when the object goes; set it for a move only"
        place = resource.place("spec", "deletionPolicy")
        yield RULE.at(place, message, resource=resource, severity=Severity.INFO)
    skipped = str(table(resource.body, "metadata", "annotations").get(_SKIP, ""))
    if skipped == "true" and not has_placeholder(skipped):
        message = "Argo CD skips the Application: changes in Git have no effect"
        yield RULE.at(resource.place("metadata", "annotations", _SKIP), message, resource=resource)


BAD = (
    Example(title="force for everything", yaml=ALL_APPS + "  force: true\n", at="spec.force"),
    Example(title="a pause", yaml=ALL_APPS + "  suspend: true\n", at="spec.suspend"),
)
GOOD = (
    Example(title="nothing of that", yaml=ALL_APPS),
    Example(title="a pause that is over", yaml=ALL_APPS + "  suspend: false\n"),
)
