"""A source that says too little to be found, or too much to be rendered.

## What it does

It looks at each source of an Application: an empty repository URL; neither a path nor a chart (nor
`ref`, where there are several sources); a chart without a version, with a path or with `tagPrefix`;
options of more than one tool; `ref` on a single source; and names that two sources share.

## Why is this bad

Argo CD refuses an incomplete source with InvalidSpecError, and a source with options of two tools
fails to render: nothing is synced until it is corrected. Parts that do not go together are ignored,
and who asks for a source by name gets the first of two.

## When to ignore it

Never for errors. A warning may wait: what it speaks about has no effect.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import tool_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.text import Path, Side

RULE = Rule(
    code="AF302",
    name="source-incomplete-or-mixed",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/",),
)


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:  # noqa: ARG001 - one shape
    """What is wrong with each source that counts."""
    if app.spec.get("sourceHydrator"):
        return  # AF301: the sources do not count
    whole = authored.is_whole(app)
    for path, source in app.sources():
        if whole and "repoURL" in source:  # AF101 tells that it is missing
            yield from _incomplete(app, path, source)
        yield from _mixed(app, path, source)
    yield from _same_names(app)


def _incomplete(app: ApplicationView, path: Path, source: Mapping[str, Any]) -> Iterator[Finding]:
    """What Argo CD refuses: argo-cd:util/argo/argo.go validateSourcePermissions."""
    several = path[-1] != "source"

    def states(name: str) -> bool:
        return bool(source.get(name)) or authored.is_filled_in(app, *path, name)

    if source.get("repoURL") == "" and not states("repoURL"):
        yield _error(app, (*path, "repoURL"), "the source has no repository; set its `repoURL`")
    wanted = ("path", "chart", "ref") if several else ("path", "chart")
    if not any(map(states, wanted)):
        names = "`path`, `chart` or `ref`" if several else "`path` or `chart`"
        yield _error(
            app, path, f"the source names no {names}; use `path: .` for the whole repository"
        )
    if source.get("chart") and not states("targetRevision"):
        text = "a chart needs a version in `targetRevision`; `*` means the newest one"
        yield _error(app, (*path, "chart"), text)


def _mixed(app: ApplicationView, path: Path, source: Mapping[str, Any]) -> Iterator[Finding]:
    # argo-cd:pkg/apis/application/v1alpha1/types.go ExplicitType
    tools = tool_blocks(source)
    if len(tools) > 1:
        names = ", ".join(f"`{name}`" for name in tools)
        text = f"the source has options of several tools ({names}), so it is not rendered; keep one"
        yield _error(app, (*path, tools[1]), text, on_key=True)
    if source.get("chart"):
        for name in ("path", "tagPrefix"):
            if source.get(name):
                text = f"`{name}` is ignored beside `chart`; delete it"
                yield _warning(app, (*path, name), text)
    if path[-1] == "source" and source.get("ref"):
        text = "`ref` is ignored on a single source; only `sources` can refer to each other"
        yield _warning(app, (*path, "ref"), text)


def _same_names(app: ApplicationView) -> Iterator[Finding]:
    named = [
        (path, source["name"])
        for path, source in app.sources()
        if isinstance(source.get("name"), str) and source["name"]
    ]
    counts = Counter(name for _, name in named)
    seen: set[str] = set()
    for path, name in named:
        if counts[name] > 1 and name in seen:
            text = f"another source is named `{name}` too; give each a name of its own"
            yield _warning(app, (*path, "name"), text, on="value")
        seen.add(name)


def _error(app: ApplicationView, path: Path, text: str, *, on_key: bool = False) -> Finding:
    place = app.place(*path, on="key" if on_key else "value")
    return RULE.at(place, text, resource=app.resource)


def _warning(app: ApplicationView, path: Path, text: str, on: Side = "key") -> Finding:
    place = app.place(*path, on=on)
    return RULE.at(place, text, resource=app.resource, severity=Severity.WARNING)


def _example(source: str) -> str:
    lines = "".join(f"    {line}\n" for line in source.splitlines())
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: cache
  namespace: argocd
spec:
  project: shop
  source:
{lines}\
  destination:
    server: https://kubernetes.default.svc
    namespace: cache
"""


BAD = (
    Example(
        title="a chart without a version",
        yaml=_example("repoURL: https://charts.example.com\nchart: redis"),
        at="spec.source.chart",
    ),
    Example(
        title="neither a path nor a chart",
        yaml=_example("repoURL: https://git.example.com/cache.git\ntargetRevision: v1.0.0"),
        at="spec.source",
    ),
    Example(
        title="no repository",
        yaml=_example('repoURL: ""\npath: cache'),
        at="spec.source.repoURL",
    ),
    Example(
        title="options of two tools",
        yaml=_example(
            "repoURL: https://git.example.com/cache.git\npath: cache\n"
            "helm:\n  releaseName: cache\nkustomize:\n  namePrefix: eu-"
        ),
        at="spec.source.kustomize",
    ),
    Example(
        title="a path beside a chart",
        yaml=_example(
            "repoURL: https://charts.example.com\nchart: redis\ntargetRevision: 19.0.1\npath: redis"
        ),
        at="spec.source.path",
    ),
    Example(
        title="a name to refer to, and nobody who could",
        yaml=_example("repoURL: https://git.example.com/cache.git\npath: cache\nref: values"),
        at="spec.source.ref",
    ),
    Example(
        title="two sources of one name",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: cache
  namespace: argocd
spec:
  project: shop
  sources:
    - name: main
      repoURL: https://git.example.com/cache.git
      path: cache
    - name: main
      repoURL: https://git.example.com/rules.git
      path: rules
  destination:
    server: https://kubernetes.default.svc
    namespace: cache
""",
        at="spec.sources[1].name",
    ),
)
GOOD = (
    Example(
        title="a chart with its version",
        yaml=_example("repoURL: https://charts.example.com\nchart: redis\ntargetRevision: 19.0.1"),
    ),
    Example(
        title="an empty block of another tool, which Argo CD drops",
        yaml=_example(
            "repoURL: https://git.example.com/cache.git\npath: cache\n"
            "helm:\n  releaseName: cache\ndirectory:\n  jsonnet: {}\n  recurse: false"
        ),
    ),
    Example(
        title="a chart that is filled in later",
        yaml=_example(
            "repoURL: https://charts.example.com\nchart: ${CHART}\ntargetRevision: ${VERSION}"
        ),
    ),
)
