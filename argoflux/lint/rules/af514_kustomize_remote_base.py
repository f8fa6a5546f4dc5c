"""A kustomization file that fetches a base from elsewhere, at whatever revision there is.

## What it does

It looks at kustomization files that an Application or a Flux Kustomization builds: remote `resources`, `bases`
and `components` without a revision (error) or with one that moves (warning); tags, commits and files of a
release are fine. It also reports `helmCharts` in paths that Flux builds, and `spec.components` of a Flux
Kustomization that are not inside of its source.

## Why is this bad

What is deployed changes without a commit in the repository, and whoever can push to the other one deploys to
the cluster. Every build fetches it again: when the other host is slow or down, nothing can be applied. Flux never
inflates charts of kustomization files, and takes no components from elsewhere.

## When to ignore it

For a branch of a repository of one's own that is as protected as this one; a source of its own is still better.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from argoflux.argocd.shapes import items
from argoflux.finding import Place, Severity
from argoflux.flux.fields import table
from argoflux.lint.application import is_known
from argoflux.lint.kustomized import kustomized
from argoflux.lint.rule import Example, Rule
from argoflux.model.content import Gap
from argoflux.workspace.kustomization import is_remote, read_kustomization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.workspace.kustomization import KustomizationFile

RULE = Rule(
    code="AF514",
    name="kustomize-remote-base",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet", "Kustomization"),
    evidence=("graph", "files"),
    links=("https://fluxcd.io/flux/faq/#should-i-be-using-kustomize-remote-bases",),
)

_FILE = re.compile(r"\Ahttps?://[^?]+\.(?:ya?ml|json)(?:\?|\Z)", re.IGNORECASE)
_MOVING_FILE = re.compile(r"/(?:refs/heads/[^/]+|main|master|develop|latest|stable|HEAD)/")
_VERSIONED = re.compile(r"\d+\.\d+|[0-9a-f]{40}")
_MOVING = re.compile(
    r"(?:refs/heads/.+|main|master|develop|dev|latest|stable|HEAD)\Z", re.IGNORECASE
)
_CHARTS = ("helmCharts", "helmChartInflationGenerator")


def check(ctx: Context) -> Iterator[Finding]:
    """The kustomization files that owners build, then the components of Flux."""
    built = kustomized(ctx)
    for directory in sorted(built.live):
        file = read_kustomization(ctx.workspace.tree, directory)
        if not isinstance(file, Gap):
            yield from _bases(file)
            if directory in built.flux:
                yield from _charts(file)
    for resource in ctx.resources:
        if resource.ref[:2] == ("kustomize.toolkit.fluxcd.io", "Kustomization"):
            yield from _components(resource)


def _place(file: KustomizationFile, *path: str | int, key: bool = False) -> Place:
    document = file.document
    return Place(
        source=document.source,
        document=document,
        path=(*document.prefix, *path),
        on="key" if key else "value",
    )


def _bases(file: KustomizationFile) -> Iterator[Finding]:
    for value, path in file.entries("resources", "bases", "components"):
        if isinstance(value, str) and is_remote(value) and is_known(value):
            severity, problem = _judged(value)
            if severity is not None:
                yield RULE.at(_place(file, *path), problem, severity=severity)


def _judged(url: str) -> tuple[Severity | None, str]:
    """What is wrong with an address.

    kubernetes-sigs/kustomize:api/internal/target/kusttarget.go accumulateResources (a file that is
    fetched as it is comes first), api/internal/git/repospec.go parseQuery (`ref`, `version`).
    """
    if _FILE.match(url):
        address = url.partition("?")[0]
        if _MOVING_FILE.search(address) and not _VERSIONED.search(address):
            return Severity.WARNING, (
                "this file is fetched from a branch, or from whatever is newest; use the address of a release,"
                " or keep a copy"
            )
        return None, ""
    query = parse_qs(url.partition("?")[2])
    stated = (query.get("ref") or query.get("version") or [""])[0]
    if not stated:
        return Severity.ERROR, (
            "this base is fetched at the newest commit of its default branch; add `?ref=` with a tag or commit"
        )
    if _MOVING.match(stated):
        return Severity.WARNING, f"`{stated}` moves; use a tag or a commit for this base"
    return None, ""


def _charts(file: KustomizationFile) -> Iterator[Finding]:
    """fluxcd/pkg:kustomize/kustomize_generator.go Build: charts are switched off."""
    for field in _CHARTS:
        if file.body.get(field):
            yield RULE.at(
                _place(file, field, key=True),
                f"Flux does not inflate `{field}`, so the build fails; use a HelmRelease",
                severity=Severity.ERROR,
            )


def _components(resource: Resource) -> Iterator[Finding]:
    """fluxcd/pkg:kustomize/kustomize_generator.go: a component is local and relative."""
    for number, value in enumerate(items(table(resource.body, "spec"), "components")):
        if isinstance(value, str) and is_known(value) and (is_remote(value) or value[:1] == "/"):
            yield RULE.at(
                resource.place("spec", "components", number),
                "a component is a path inside of the source, relative to `spec.path`; Flux refuses this one",
                resource=resource,
                severity=Severity.ERROR,
            )


_APP = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./{name}
  sourceRef:
    kind: GitRepository
    name: flux-system
"""
_EMPTY = "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: settings\n"
_OTHERS = {
    "cluster/apps.yaml": "---\n".join(_APP.format(name=name) for name in ("web", "db", "cache")),
    "db/settings.yaml": _EMPTY,
    "cache/settings.yaml": _EMPTY,
}
_COMPONENTS = "  components:\n    - https://git.example.com/parts.git?ref=v1.2.0\n"


def _built(text: str) -> dict[str, str]:
    return {**_OTHERS, "web/kustomization.yaml": text}


BAD = (
    Example(
        title="a base without a revision",
        files=_built("resources:\n  - https://git.example.com/shop/web.git//deploy\n"),
        file="web/kustomization.yaml",
        at="resources[0]",
    ),
    Example(
        title="a base from a branch",
        files=_built("resources:\n  - https://github.com/example/web/deploy?ref=main\n"),
        file="web/kustomization.yaml",
        at="resources[0]",
    ),
    Example(
        title="a file from a branch",
        files=_built(
            "resources:\n  - https://raw.githubusercontent.com/example/web/main/deploy.yaml\n"
        ),
        file="web/kustomization.yaml",
        at="resources[0]",
    ),
    Example(
        title="a chart in a path of Flux",
        files=_built("helmCharts:\n  - name: web\n    repo: https://charts.example.com\n"),
        file="web/kustomization.yaml",
        at="helmCharts",
    ),
    Example(
        title="a component from elsewhere",
        yaml=_APP.format(name="web") + _COMPONENTS,
        at="spec.components[0]",
    ),
)
GOOD = (
    Example(
        title="a base at a tag, and a file of a release",
        files=_built(
            "resources:\n  - https://github.com/example/web/deploy?ref=v1.2.0\n"
            "  - https://github.com/example/web/releases/download/v1.2.0/web.yaml\n"
        ),
    ),
    Example(
        title="a revision that is filled in later",
        files=_built("resources:\n  - https://github.com/example/web/deploy?ref=${REF}\n"),
    ),
    Example(
        title="a kustomization file that nothing builds",
        files={
            **_OTHERS,
            "web/settings.yaml": _EMPTY,
            "lab/kustomization.yaml": "resources:\n  - https://github.com/example/web/deploy\n",
        },
    ),
)
