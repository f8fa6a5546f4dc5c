"""An ApplicationSet that deletes workloads when a generator answers with less.

## What it does

It reports sets whose generators ask clusters, a host of repositories, a plugin or Git, whose Applications sync automatically, and which say
neither `preserveResourcesOnDeletion` nor a policy that keeps Applications. Sets of pull requests are meant to delete.

## Why is this bad

An expired token, a renamed label or a folder that moved makes the generator answer with less. Argo CD then deletes the Applications that are
missing, and with them, by the finalizer that it adds itself, all that they deployed.

## Fix safety

The fix keeps what was deployed when an Application of the set goes; it then has to be deleted by hand.

## When to ignore it

For environments that shall go with their folder, or label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, text
from argoflux.finding import Severity
from argoflux.lint.appsets import kinds_of, spec_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF333",
    name="appset-deletion-cascade",
    severity=Severity.WARNING,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

# argo-cd:docs/operator-manual/applicationset/Controlling-Resource-Modification.md,
# argo-cd:applicationset/utils/utils.go RenderTemplateParams (the finalizer)
_ASKING = ("clusters", "scmProvider", "plugin", "clusterDecisionResource", "git")
_KEEPING = frozenset({"create-only", "create-update"})


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Sets that may shrink by themselves."""
    spec, kinds = spec_of(resource), kinds_of(resource)
    asked = [kind for kind in _ASKING if kind in kinds]
    policy = block(spec, "syncPolicy")
    automated = block(block(block(spec, "template"), "spec"), "syncPolicy").get("automated")
    syncs = isinstance(automated, dict) and automated.get("enabled") is not False
    kept = policy.get("preserveResourcesOnDeletion") is True
    if not asked or "pullRequest" in kinds or not syncs or kept:
        return
    if text(policy.get("applicationsSync")) in _KEEPING:
        return
    message = (
        f"when `{asked[0]}` answers with less, Applications are deleted with all that they deployed; set"
        " `syncPolicy.preserveResourcesOnDeletion: true`, or `applicationsSync: create-update`"
    )
    at = (*resource.place("spec").path, "syncPolicy", "preserveResourcesOnDeletion")
    fix = ctx.unsafe(
        "set `preserveResourcesOnDeletion: true`", insert(resource.document, at, value=True)
    )
    place = resource.place("spec", "generators", on="key")
    live = asked[0] != "git"  # what Git holds changes with a commit that somebody looks at
    severity = Severity.WARNING if live else Severity.INFO
    yield RULE.at(place, message, resource=resource, severity=severity, fix=fix)


_AUTOMATED = (
    APPLICATION_SET
    + """\
      syncPolicy:
        automated: {}
"""
)

BAD = (
    Example(
        title="one Application for each cluster",
        yaml=_AUTOMATED.replace("<generator>", "- clusters: {}"),
        at="spec.generators",
        fixed=_AUTOMATED.replace("<generator>", "- clusters: {}")
        + "  syncPolicy:\n    preserveResourcesOnDeletion: true\n",
        safety="unsafe",
    ),
)
GOOD = (
    Example(
        title="a list in the set itself", yaml=_AUTOMATED.replace("<generator>", LIST_GENERATOR)
    ),
    Example(
        title="what was deployed is preserved",
        yaml=_AUTOMATED.replace("<generator>", "- clusters: {}")
        + "  syncPolicy:\n    preserveResourcesOnDeletion: true\n",
    ),
    Example(
        title="syncs are switched off",
        yaml=_AUTOMATED.replace("<generator>", "- clusters: {}").replace(
            "automated: {}", "automated: {enabled: false}"
        ),
    ),
    Example(
        title="nothing is synced by itself",
        yaml=APPLICATION_SET.replace("<generator>", "- clusters: {}"),
    ),
)
