"""Options of one tool for a folder that belongs to another.

## What it does

For sources in Git whose folder is at hand it compares `helm`, `kustomize` and `directory` with the
files: a chart without `Chart.yaml`, a kustomization without its file, plain manifests where there is
a chart or a kustomization; and a folder with both files while the source names no tool.

## Why is this bad

The options choose the tool. `helm` without a chart fails; `directory` on a kustomization applies
bases and patches as they are, or sends `kustomization.yaml` itself to the cluster. With both files
Argo CD takes kustomize and never looks at the chart.

## Fix safety

The fix removes the block, so that Argo CD finds the tool itself. What is applied changes.

## When to ignore it

When the files are written into the branch by something else before Argo CD reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.copies import is_sample
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import CONFIG_MAP
from argoflux.lint.source_content import folder_of, is_proved, tool_blocks
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import PathFacts
    from argoflux.text import Path

RULE = Rule(
    code="AF317",
    name="source-type-mismatch",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "files"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/tool_detection/",),
)


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """What the source says it is, against what the folder holds."""
    if app.open or is_sample(app.resource) or app.spec.get("sourceHydrator"):
        return
    for path, source in app.sources():
        folder, tools = folder_of(app, source), tool_blocks(source)
        content = ctx.content(app.resource, *folder) if folder is not None else None
        if folder is None or not isinstance(content, Known) or len(tools) > 1:
            continue
        if content.facts.argocd_source_files or content.facts.symlinks:
            continue  # files that change the source, or lead elsewhere
        if tools:
            yield from _stated(app, path, tools[0], folder, content.facts, ctx)
        elif content.facts.chart and content.facts.kustomization and _is_silent(source):
            # argo-cd:util/app/discovery/discovery.go Discover: the last file in order decides
            yield RULE.at(
                app.place(*path, "path"),
                f"`{folder[1]}` is a chart and a kustomization; Argo CD takes kustomize and ignores the"
                " chart: move one of them",
                resource=app.resource,
                severity=Severity.WARNING,
            )


def _is_silent(source: Mapping[str, Any]) -> bool:
    return not any(name in source for name in ("helm", "kustomize", "directory"))


def _stated(
    app: ApplicationView,
    path: Path,
    tool: str,
    folder: tuple[str, str],
    facts: PathFacts,
    ctx: Context,
) -> Iterator[Finding]:
    """argo-cd:pkg/apis/application/v1alpha1/types.go ExplicitType: the options choose the tool."""
    is_a = _is_a(facts)
    match tool:
        case "helm" if not facts.chart:
            text = f"`helm` options, but `{folder[1]}` has no Chart.yaml{is_a}"
        case "kustomize" if not facts.kustomization:
            text = f"`kustomize` options, but `{folder[1]}` has no kustomization file{is_a}"
        case "directory" if is_a and not _chooses(app, path):
            text = f"`directory` options, but `{folder[1]}`{is_a.replace(': it', '')}"
        case _:
            return
    yield RULE.at(
        app.place(*path, tool, on="key"),
        f"{text}; remove the options or correct the path",
        resource=app.resource,
        severity=None if is_proved(app, folder, ctx) else Severity.WARNING,
        fix=ctx.unsafe(f"remove `{tool}`", authored.delete(app, (*path, tool))),
    )


def _is_a(facts: PathFacts) -> str:
    if facts.kustomization:
        return ": it is a kustomization"
    return ": it is a chart" if facts.chart else ""


def _chooses(app: ApplicationView, path: Path) -> bool:
    """Whether patterns choose the files: then plain manifests are meant."""
    directory = block(app.get(*path), "directory")
    return bool(directory.get("include") or directory.get("exclude") or directory.get("jsonnet"))


def _example(options: str = "") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/fleet.git
    path: web
    targetRevision: main
{options}  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""


_CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
_KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - config.yaml
"""
_CONFIG = CONFIG_MAP
_HELM = "    helm:\n      releaseName: web\n"
_KUSTOMIZE = "    kustomize:\n      namePrefix: eu-\n"
_DIRECTORY = "    directory:\n      recurse: true\n"
_FOLDER = {"web/kustomization.yaml": _KUSTOMIZATION, "web/config.yaml": _CONFIG}
BAD = (
    Example(
        title="a chart that is none",
        files={"app.yaml": _example(_HELM), "web/config.yaml": _CONFIG},
        file="app.yaml",
        at="spec.source.helm",
        fixed=_example(),
        safety="unsafe",
    ),
    Example(
        title="kustomize for a chart",
        files={"app.yaml": _example(_KUSTOMIZE), "web/Chart.yaml": _CHART},
        file="app.yaml",
        at="spec.source.kustomize",
        fixed=_example(),
        safety="unsafe",
    ),
    Example(
        title="plain manifests where there is a kustomization",
        files={"app.yaml": _example(_DIRECTORY), **_FOLDER},
        file="app.yaml",
        at="spec.source.directory",
        fixed=_example(),
        safety="unsafe",
    ),
    Example(
        title="a chart and a kustomization",
        files={"app.yaml": _example(), "web/Chart.yaml": _CHART, **_FOLDER},
        file="app.yaml",
        at="spec.source.path",
    ),
)
GOOD = (
    Example(
        title="a chart",
        files={"app.yaml": _example(_HELM), "web/Chart.yaml": _CHART},
    ),
    Example(
        title="a kustomization",
        files={"app.yaml": _example(_KUSTOMIZE), **_FOLDER},
    ),
    Example(
        title="an empty block, which Argo CD drops",
        files={"app.yaml": _example("    helm: {}\n"), **_FOLDER},
    ),
    Example(title="a folder that is not at hand", yaml=_example(_HELM)),
)
