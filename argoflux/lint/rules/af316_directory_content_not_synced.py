"""Manifests below the path of an Application that it does not read.

## What it does

For sources that are plain folders it counts the manifests in folders below the path while
`directory.recurse` is off, without those that another Application or Kustomization applies, charts,
kustomizations and folders that begin with a dot; and it reports `include` and `exclude` that leave nothing of the folder.

## Why is this bad

Argo CD reads the top folder alone. What lies below is not in the cluster, and the Application is
Synced and Healthy all the same.

## Fix safety

The fix turns `directory.recurse` on: the manifests below are applied at the next sync.

## When to ignore it

When the manifests below are samples, or are applied by something outside of the input.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from argoflux.argocd.path_rules import relative
from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.copies import is_sample, path_uses, repository_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import content_of, folder_of, is_proved, tool_blocks
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Fix
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.text import Path

RULE = Rule(
    code="AF316",
    name="directory-content-not-synced",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "files"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/directory/",),
)

_PLAIN = frozenset({"directory"})


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """What a plain folder holds, against what Argo CD reads of it."""
    if app.open or is_sample(app.resource) or app.spec.get("sourceHydrator"):
        return
    for path, source in app.sources():
        folder = folder_of(app, source)
        if folder is None or not _PLAIN.issuperset(tool_blocks(source)):
            continue
        content = content_of(app, source, ctx)
        if not isinstance(content, Known) or content.kind_of_path != "directory":
            continue
        directory = block(source, "directory")
        if directory.get("include") or directory.get("exclude"):
            yield from _globs(app, path, folder, content, ctx)
        elif directory.get("recurse") is not True:
            yield from _below(app, path, source, content, ctx)


def _below(
    app: ApplicationView, path: Path, source: Mapping[str, Any], content: Known, ctx: Context
) -> Iterator[Finding]:
    """argo-cd:reposerver/repository/repository.go findManifests: only with recurse it descends."""
    folder = folder_of(app, source)
    if folder is None or not content.facts.yaml_directories:
        return
    every = ctx.content(app.resource, *folder, recurse=True, source_type="directory")
    if not isinstance(every, Known):
        return
    left_out = _left_out(app, source, every, ctx)
    if left_out is None:
        return
    lost = [obj for obj in every.objects if _is_lost(relative(every, obj.file), left_out)]
    if not lost:
        return
    empty = not content.objects and content.complete and is_proved(app, folder, ctx)
    count = "1 manifest" if len(lost) == 1 else f"{len(lost)} manifests"
    yield RULE.at(
        app.place(*path, "path"),
        f"{count} below `{folder[1]}` {'is' if len(lost) == 1 else 'are'} not synced:"
        " `directory.recurse` is off",
        resource=app.resource,
        severity=Severity.ERROR if empty else None,
        related=((lost[0].place, "the first of them"),),
        fix=_fix(app, path, ctx),
    )


def _left_out(
    app: ApplicationView, source: Mapping[str, Any], every: Known, ctx: Context
) -> list[str] | None:
    """Folders below the path that others look after; None where that cannot be told."""
    repository = repository_of(source, app.resource.root)
    top = _clean(str(source.get("path")))
    found = [relative(every, name) for name in every.facts.nested_kustomizations]
    found += [posixpath.dirname(name) for name in _charts(app, source, ctx, top)]
    for use in path_uses(ctx):
        below = _under(_clean(use.path), top)
        same = repository is not None and use.repository[:2] == repository[:2]
        if below == "" and same and use.resource is not app.resource:
            return None  # somebody else reads the same folder, perhaps all of it
        if below and use.resource.root == app.resource.root:
            found.append(below)
    return found


def _charts(
    app: ApplicationView, source: Mapping[str, Any], ctx: Context, top: str
) -> Iterator[str]:
    """The charts below the path, relative to it."""
    files = ctx.files(app.resource, str(source.get("repoURL")))
    for name in files.names() if files is not None else ():
        if name.endswith("/Chart.yaml") and (below := _under(name, top)):
            yield below


def _clean(path: str) -> str:
    return posixpath.normpath("/" + path).lstrip("/")


def _under(path: str, top: str) -> str | None:
    """A path relative to a folder above it, empty for that folder, None for others."""
    if not top:
        return path
    if path == top:
        return ""
    return path.removeprefix(f"{top}/") if path.startswith(f"{top}/") else None


def _is_lost(file: str, left_out: list[str]) -> bool:
    """Whether a file below the path is nobody's; folders with a dot are not meant to be applied."""
    folders = file.split("/")[:-1]
    if not folders or any(folder.startswith(".") for folder in folders):
        return False
    return not any(file.startswith(f"{folder}/") for folder in left_out)


def _fix(app: ApplicationView, path: Path, ctx: Context) -> Fix | None:
    at: Path = (*path, "directory", "recurse")
    if app.get(*at) is False:
        edits = authored.set_value(app, at, value=True)
    else:
        edits = authored.insert(app, at, value=True)
    return ctx.unsafe("turn `directory.recurse` on", edits)


def _globs(
    app: ApplicationView, path: Path, folder: tuple[str, str], content: Known, ctx: Context
) -> Iterator[Finding]:
    directory = block(app.get(*path), "directory")
    if content.objects or content.gaps:
        return
    recurse = directory.get("recurse") is True
    every = ctx.content(app.resource, *folder, recurse=recurse, source_type="directory")
    if isinstance(every, Known) and every.objects:
        key = "include" if directory.get("include") else "exclude"
        yield RULE.at(
            app.place(*path, "directory", key),
            f"`{key}` leaves none of the {len(every.objects)} manifests in `{folder[1]}`; patterns"
            " match the path below it",
            resource=app.resource,
        )


def _example(directory: str = "") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: apps
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/fleet.git
    path: apps
    targetRevision: main
{directory}  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""


def _config(name: str) -> str:
    return f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  colour: blue
"""


_RECURSE = "    directory:\n      recurse: true\n"
BAD = (
    Example(
        title="a manifest in a folder below",
        files={
            "app.yaml": _example(),
            "apps/web.yaml": _config("web"),
            "apps/api/api.yaml": _config("api"),
        },
        file="app.yaml",
        at="spec.source.path",
        fixed=_example(_RECURSE),
        safety="unsafe",
    ),
    Example(
        title="a pattern that nothing matches",
        files={
            "app.yaml": _example("    directory:\n      include: apps/*.yaml\n"),
            "apps/web.yaml": _config("web"),
        },
        file="app.yaml",
        at="spec.source.directory.include",
    ),
)
GOOD = (
    Example(
        title="the folders below are read too",
        files={"app.yaml": _example(_RECURSE), "apps/api/api.yaml": _config("api")},
    ),
    Example(
        title="a folder below that another Application reads",
        files={
            "app.yaml": _example(),
            "api.yaml": _example()
            .replace("name: apps", "name: api")
            .replace("apps\n", "apps/api\n"),
            "apps/web.yaml": _config("web"),
            "apps/api/api.yaml": _config("api"),
        },
    ),
    Example(
        title="a folder of tools",
        files={
            "app.yaml": _example(),
            "apps/web.yaml": _config("web"),
            "apps/.tools/wipe.yaml": _config("wipe"),
        },
    ),
    Example(title="a folder that is not at hand", yaml=_example()),
)
