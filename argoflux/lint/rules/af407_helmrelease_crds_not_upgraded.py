"""A HelmRelease that leaves the CRDs of its chart as they were first installed.

## What it does

It reports releases without `upgrade.crds: CreateReplace` whose chart is known to bring CRDs in its `crds`
folder: a chart in the repository at hand that has such a folder, a well-known chart, or a release that
states `install.crds: CreateReplace`.

## Why is this bad

Without the setting an upgrade creates missing CRDs and leaves those that exist. The controller of the new
release then meets old CRDs: fields that it needs are dropped in silence, or it does not start. Forced
server-side apply, the default since Flux 2.8, may replace some of them, which nobody should rely on.

## Fix safety

The fix makes upgrades replace the CRDs, also fields that somebody changed by hand.

## When to ignore it

When another release or Kustomization looks after the CRDs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import flag, table, text
from argoflux.lint.arrivals import arrivals
from argoflux.lint.copies import copy_of, flux_repository
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import GIT_REPOSITORY, HELM_RELEASE
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.edit import insert, set_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF407",
    name="helmrelease-crds-not-upgraded",
    severity=Severity.INFO,
    kinds=("HelmRelease",),
    evidence=("document", "files"),
    links=(
        "https://fluxcd.io/flux/components/helm/helmreleases/#controlling-the-lifecycle-of-custom-resource-definitions",
    ),
)

_CHARTS = frozenset(
    {
        "external-dns",
        "gateway-helm",
        "gha-runner-scale-set-controller",
        "gpu-operator",
        "grafana-operator",
        "kong",
        "kube-prometheus-stack",
        "node-feature-discovery",
        "postgres-operator",
        "sealed-secrets",
        "spark-operator",
        "strimzi-kafka-operator",
        "traefik",
        "trivy-operator",
        "vault-secrets-operator",
        "velero",
    }
)
"""Charts with a `crds` folder of their own or in a chart that they need (assumed of all releases)."""

_REPLACE = "CreateReplace"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """CRDs that upgrades leave alone.

    helm-controller:internal/action/crds.go crdPolicyOrDefault (an empty policy is Create).
    """
    if _is_settled(resource):
        return
    arrived = arrivals(ctx).of(resource)
    if any(_is_settled(one) for one in arrived):
        return
    why = _evidence(arrived[0], ctx)
    if not why:
        return
    policy = text(resource.body, "spec", "upgrade", "crds")
    at = ("spec", "upgrade", "crds")
    if policy:
        place = resource.place(*at)
        edits = set_value(resource.document, place.path, _REPLACE)
    else:
        place = resource.place("spec", on="key")
        edits = insert(resource.document, resource.place(*at).path, _REPLACE)
    effect = (
        "an upgrade leaves out the CRDs of the chart altogether"
        if policy == "Skip"
        else "an upgrade creates the CRDs of the chart and does not replace those that exist"
    )
    yield RULE.at(
        place,
        f"{effect} ({why}); set `upgrade.crds: {_REPLACE}`",
        resource=resource,
        fix=ctx.unsafe(f"set `upgrade.crds: {_REPLACE}`", edits),
    )


def _is_settled(release: Resource) -> bool:
    """Whether CRDs are replaced, looked after elsewhere, or nobody knows."""
    install, upgrade = (
        text(release.body, "spec", key, "crds") or "" for key in ("install", "upgrade")
    )
    values = table(release.body, "spec", "values")
    switched_off = flag(values, "crds", "enabled") is False or flag(values, "installCRDs") is False
    by_job = flag(values, "crds", "upgradeJob", "enabled") is True
    elsewhere = install == upgrade == "Skip"
    unknown = has_placeholder(upgrade) or has_placeholder(install)
    return upgrade == _REPLACE or switched_off or by_job or elsewhere or unknown


def _evidence(release: Resource, ctx: Context) -> str:
    """Why the chart is taken to have CRDs, empty where it is not known to."""
    if text(release.body, "spec", "install", "crds") == _REPLACE:
        return "while installing replaces them"
    spec = table(release.body, "spec", "chart", "spec")
    chart, reference = text(spec, "chart") or "", table(spec, "sourceRef")
    if not chart or reference.get("kind") == "GitRepository":
        return _in_files(release, chart, ctx) or _well_known(_artifact(release, ctx))
    return _well_known(chart)


def _well_known(chart: str) -> str:
    name = chart.rstrip("/").rpartition("/")[2]
    return f"{name} has a `crds` folder" if name in _CHARTS else ""


def _artifact(release: Resource, ctx: Context) -> str:
    """The address of the artifact that a release takes its chart from."""
    reference = table(release.body, "spec", "chartRef")
    kind, name = text(reference, "kind") or "", text(reference, "name") or ""
    space = text(reference, "namespace") or release.ref.namespace
    found = arrivals(ctx).sources.find(release.root, kind, space, name)
    return (text(found[0].body, "spec", "url") or "") if kind == "OCIRepository" and found else ""


def _in_files(release: Resource, chart: str, ctx: Context) -> str:
    """What a chart in Git holds."""
    if not chart or has_placeholder(chart):
        return ""
    repository = flux_repository(
        ctx, release, table(release.body, "spec", "chart", "spec", "sourceRef")
    )
    copy = copy_of(ctx, repository) if repository is not None else None
    listing = ctx.workspace.tree.listing(copy.tree.path(f"{chart}/crds")) if copy else None
    has_any = listing is not None and bool(listing.files or listing.directories)
    return f"there are some in `{chart}/crds`" if has_any else ""


_STACK = HELM_RELEASE.replace("chart: web", "chart: kube-prometheus-stack")
_LOCAL = (
    HELM_RELEASE.replace("chart: web", "chart: charts/web")
    .replace("      version: 1.2.3\n", "")
    .replace("{kind: HelmRepository, name: charts}", "{kind: GitRepository, name: apps}")
)
_SOURCE = GIT_REPOSITORY.replace("{tag: v1.2.3}", "{branch: main}")
_GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
_CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: shops.example.com
"""

BAD = (
    Example(
        title="a well-known chart with CRDs",
        yaml=_STACK,
        at="spec",
        fixed=_STACK + "  upgrade:\n    crds: CreateReplace\n",
        safety="unsafe",
    ),
    Example(
        title="replaced with the installation only",
        yaml=HELM_RELEASE + "  install: {crds: CreateReplace}\n  upgrade: {crds: Skip}\n",
        at="spec.upgrade.crds",
        fixed=HELM_RELEASE + "  install: {crds: CreateReplace}\n  upgrade: {crds: CreateReplace}\n",
        safety="unsafe",
    ),
    Example(
        title="a chart in the repository",
        files={
            ".git/config": _GIT,
            "source.yaml": _SOURCE,
            "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\n",
            "charts/web/crds/shops.yaml": _CRD,
            "web.yaml": _LOCAL,
        },
        file="web.yaml",
        at="spec",
        fixed=_LOCAL + "  upgrade:\n    crds: CreateReplace\n",
        safety="unsafe",
    ),
)
GOOD = (
    Example(title="replaced", yaml=_STACK + "  upgrade: {crds: CreateReplace}\n"),
    Example(title="a chart that nobody knows to have CRDs", yaml=HELM_RELEASE),
    Example(
        title="CRDs from elsewhere",
        yaml=_STACK + "  install: {crds: Skip}\n  upgrade: {crds: Skip}\n",
    ),
    Example(
        title="a policy that is filled in later", yaml=_STACK + "  upgrade: {crds: '${crds}'}\n"
    ),
)
