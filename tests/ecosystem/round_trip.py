"""Round trips: an app that converts without loss comes back as the same app.

Argo CD to Flux to Argo CD, and the other way round. An app qualifies when every leaf of its objects
is exact or equivalent. It came back when its model, after defaults and without cadence, retries and
provenance, holds all that it held before, and nothing more than what ``ADDITIONS`` names: what the
other system has to state, or does anyhow (docs/adr/0011). An app for
which a person has to fill in something does not qualify, nor does one that several sources make
several objects.

`python -m tests.ecosystem.round_trip [REPOSITORY…]` prints the counts and every exception.
"""

from __future__ import annotations

import copy
import posixpath
import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.load import load as load_argocd
from argoflux.convert.request import Contents, request_for
from argoflux.flux.load import load as load_flux
from argoflux.flux.load_registry import HELM_LAYER
from argoflux.goports.giturl import repository_key
from argoflux.goports.semver import Constraint, SemverError
from argoflux.goports.strvals import apply_parameter
from argoflux.mapping.emission import ConvertOptions
from argoflux.mapping.verdict import Verdict
from argoflux.model.app import App, Destination, Drift, Health, IgnoreRule, Order, Part, Retry, Sync
from argoflux.model.content import Known, Unknown
from argoflux.model.render import Helm
from argoflux.model.source import GitSource, Revision
from argoflux.workspace.read import read
from argoflux.yamlio.dump import dump_documents
from tests.convert_run import ARGOCD, FLUX, convert_folder
from tests.ecosystem.corpus import repositories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.convert.result import Conversion
    from argoflux.mapping.concept import System
    from argoflux.model.content import Content
    from argoflux.workspace.read import Workspace

OTHER: dict[System, System] = {"flux": "argocd", "argocd": "flux"}
LOADERS = {"argocd": load_argocd, "flux": load_flux}
FREE = {Verdict.EXACT, Verdict.EQUIVALENT}
LEFT_OUT = {
    *("root", "made_of", "extra", "at", "ref"),  # where it stands, not what it is
    *("by_name", "access"),  # how a chart is named and reached: repository Secrets hold the latter
    *("interval", "timeout", "retry"),  # cadence and retries
    "automated_stated",  # how automation is spelled
    "guessed",
}
ADDITIONS: dict[System, dict[str, tuple[Any, Any]]] = {
    "argocd": {
        # Flux applies server-side and prunes in the background, whatever is asked of it
        "sync.options.ServerSideApply=true": (None, True),
        "sync.options.PrunePropagationPolicy=background": (None, True),
        # deleting a HelmRelease uninstalls, whatever was said (A2F-DEL-002)
        "deletion": (None, "foreground"),
        # it corrects drift at every interval, and a Helm upgrade deletes what left the chart
        "sync.self_heal": (None, True),
        "sync.prune": (None, True),
        # without a kustomization file it reads the whole tree, and only these files
        "parts.render.recurse": (None, True),
        "parts.render.include": (None, "{*.yaml,*.yml}"),
        # the guard against an empty render comes back on: Flux has none that could be off
        "sync.allow_empty": (True, None),
    },
    "flux": {
        # Argo CD always reports health, and rolls a chart in Git out commit by commit
        "health.wait": (None, True),
        "parts.render.reconcile_on": ("chart-version", "revision"),
        # the account that the controller uses anyhow (only in flux-system; elsewhere a project names it)
        "service_account": ("helm-controller", None),
    },
}
"""What a round trip may make explicit in an app of a system: by path in the model, the value that
nobody stated and the one that comes back. All else that differs is an exception."""
TRANSPARENT = (App, Part, Sync, Retry, Health, Destination, Drift, IgnoreRule, Order)
TODO = "TODO"
ADDED = (
    *("argoflux.dev/", "argocd.argoproj.io/manifest-generate-paths"),
    "argocd.argoproj.io/sync-wave",  # the order is compared, not the numbers
    "kustomize.toolkit.fluxcd.io/",  # instructions to the controllers of one system
)
DEFAULTS = {"": None, "orphan": None, False: None, "default": None, (): None}


class Trip(NamedTuple):
    """Counts of one or more round trips, with every app that came back different."""

    apps: int
    converted: int
    qualified: int
    different: tuple[str, ...]

    def plus(self, other: Trip) -> Trip:
        return Trip(
            self.apps + other.apps,
            self.converted + other.converted,
            self.qualified + other.qualified,
            (*self.different, *other.different),
        )


def with_defaults(app: App) -> App:
    """The app with what its controller does when nothing is said about deletion.

    kustomize-controller:api/v1/kustomization_types.go: MirrorPrune deletes where ``prune`` is set.
    """
    if app.kind == "Kustomization" and app.deletion is None and app.sync.prune:
        return replace(app, deletion="background")
    return app


def canonical(value: Any, key: str = "") -> Any:
    """A model value as plain data after defaults, without what a round trip may change."""
    if isinstance(value, Revision):
        kind = "branch" if value.kind == "head" else value.kind  # the default branch is given
        return (kind, _range(value.value) if value.kind == "semver" else value.value)
    if isinstance(value, Helm) and value.parameters:
        value = _with_parameters(value)
    if isinstance(value, Part) and isinstance(value.render, Helm):
        value = replace(value, render=_with_own_files(value))
    if is_dataclass(value) and not isinstance(value, type):
        found = {
            item.name: canonical(getattr(value, item.name), item.name)
            for item in fields(value)
            if item.name not in LEFT_OUT
            and not (isinstance(value, GitSource) and item.name == "name")
        }
        kept = {k: v for k, v in found.items() if v not in (None, {}, [])}
        return kept if isinstance(value, TRANSPARENT) else {"is": type(value).__name__, **kept}
    if isinstance(value, dict):
        kept = {k: canonical(v) for k, v in value.items() if not str(k).startswith(ADDED)}
        return kept or None
    if isinstance(value, list | tuple):
        if key == "parts":  # sources that only lend files are part of what uses them
            return [canonical(part) for part in value if part.produces]
        if key == "options":
            return dict.fromkeys(map(str, value), True)
        return [canonical(item) for item in value] or None
    if key == "url":
        return repository_key(value).rstrip("/")
    if key == "layer":
        return None if value == HELM_LAYER else value
    if isinstance(value, str | bool) and value in DEFAULTS:
        return None
    return value


def _with_parameters(helm: Helm) -> Helm:
    """The chart with its parameters merged into the values, as Helm merges them."""
    values: dict[str, Any] = copy.deepcopy(dict(helm.values or {}))
    for forced in (False, True):
        for item in helm.parameters:
            if item.force_string is forced:
                apply_parameter(values, item.name, item.value, force_string=forced)
    return replace(helm, values=values, parameters=())


def _with_own_files(part: Part) -> Helm:
    """The chart with its values files by their path; its own defaults count without being named."""
    helm = part.render
    assert isinstance(helm, Helm)
    own = posixpath.normpath(posixpath.join(part.path, "values.yaml"))
    files = [re.sub(r"^\$[^/]+/", "", name) for name in helm.values_files]
    return replace(helm, values_files=tuple(name for name in files if name != own))


def _range(text: str) -> str:
    try:
        return Constraint.parse(text).canonical()
    except SemverError:
        return text


def loaded_apps(workspace: Workspace, system: System) -> list[App]:
    """The apps of one system, as its loader reads them."""
    request = request_for(
        workspace, OTHER[system], ConvertOptions(to_folder=True), argocd=ARGOCD, flux=FLUX
    )
    groups = ("argoproj.io",) if system == "argocd" else ("fluxcd.io", "")
    own = [r for r in workspace.resources if r.ref.group.endswith(groups) and not r.pseudo]
    return list(LOADERS[system](own, request).estate.apps)


def copies(workspace: Workspace, system: System, apps: Sequence[App]) -> list[str]:
    """The local copies that the first conversion looked at, as `--source` values."""
    contents = Contents(workspace, OTHER[system])
    found = {}
    for app in apps:
        for part in app.parts:
            place = contents.copy(app, part)
            if isinstance(part.source, GitSource) and not isinstance(place, Unknown):
                found[part.source.url] = f"{part.source.url}={place.directory}"
    return sorted(found.values())


def back_again(result: Conversion, root: str, system: System, sources: list[str]) -> dict[str, App]:
    """Convert the documents of one root back, and load them; by identity."""
    with tempfile.TemporaryDirectory() as temporary:
        there, here = Path(temporary, "there"), Path(temporary, "here")
        _write(there, [dict(d.body) for d in result.documents if d.root == root])
        second = convert_folder(
            read([str(there)], cwd=temporary, sources=sources),
            system,
            ConvertOptions(to_folder=True),
        )
        _write(here, [dict(d.body) for d in second.documents])
        final = read([str(here)], cwd=temporary, sources=sources)
        return {app.id: app for app in loaded_apps(final, system)}


def _write(folder: Path, documents: list[dict[str, Any]]) -> None:
    folder.mkdir()
    Path(folder, "all.yaml").write_text(dump_documents(documents))


def trip(folder: Path, system: System) -> Trip:
    """One repository there and back again."""
    workspace = read([str(folder)], cwd=str(folder))
    apps = loaded_apps(workspace, system)
    result = convert_folder(workspace, OTHER[system], ConvertOptions(to_folder=True))
    worst: dict[int, set[Verdict]] = defaultdict(set)
    for entry in result.entries:
        if not entry.origin and entry.place is not None:
            worst[id(entry.place.document)].add(entry.verdict)
    done = {id(o.resource) for o in result.outcomes if o.outcome == "converted"}
    converted = [app for app in apps if id(app.resource.written) in done]
    work = {n for m in result.messages if m.verdict is Verdict.MANUAL for n in m.apps}
    free = [
        app
        for app in converted
        if app.id not in work
        and all(worst[id(r.document)] <= FREE for r in app.made_of)
        and sum(part.produces for part in app.parts) == 1
    ]
    different = []
    stubs = 0
    contents = Contents(workspace, OTHER[system])
    sources = copies(workspace, system, free)
    for root in sorted({app.root for app in free}):
        returned = back_again(result, root, system, sources)
        for app in (a for a in free if a.root == root):
            again = returned.get(app.id) or _only(returned, app)
            if again is None:
                different.append(f"{folder.name}: {app.id} did not come back")
            elif TODO in _flat(canonical(again)).values():
                stubs += 1
            else:
                content = contents.content(app, app.parts[0])
                found = _difference(app, again, system, content)
                different += [f"{folder.name}: {app.id}: {found}"] if found else []
    return Trip(len(apps), len(converted), len(free) - stubs, tuple(different))


def _only(returned: dict[str, App], app: App) -> App | None:
    """The one app of that name, for an app that stated no namespace."""
    same = [other for other in returned.values() if other.name == app.name]
    if app.namespace or len(same) != 1:
        return None
    return replace(same[0], namespace="")


def _difference(one: App, two: App, system: System, content: Content) -> str:
    """What is lost, changed or added beyond what may be added; empty when nothing is.

    ``content`` is what the path of the first app yields.
    """
    namespaces = content.namespaces if isinstance(content, Known) else ()
    everywhere = namespaces[0] if len(namespaces) == 1 else ""
    left, right = (_flat(canonical(with_defaults(app))) for app in (one, two))
    allowed = ADDITIONS[system]
    found = []
    for key in sorted({*left, *right}):
        change = (left.get(key), right.get(key))
        if _slot(key) == "parts.render.namespace" and change == (None, everywhere):
            continue  # all objects of the path are in that namespace anyhow
        if change[0] != change[1] and allowed.get(_slot(key)) != change:
            found.append(f"{key}: {change[0]!r} -> {change[1]!r}")
    return "; ".join(found[:4])


def _slot(key: str) -> str:
    """The attribute path without list positions."""
    return ".".join(step for step in key.split(".") if not step.isdigit())


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {prefix: value}
    out: dict[str, Any] = {}
    for key, item in value.items():
        out.update(_flat(item, f"{prefix}.{key}" if prefix else str(key)))
    return out


def main(names: list[str]) -> int:
    reasons: Counter[str] = Counter()
    for system in ("argocd", "flux"):
        total = Trip(0, 0, 0, ())
        for folder in repositories():
            if not names or folder.name in names:
                total = total.plus(trip(folder, system))
        print(
            f"{system} and back: {total.apps} apps, {total.converted} converted,"
            f" {total.qualified} qualify, {len(total.different)} came back different"
        )
        for text in total.different[:40]:
            print("  -", text)
            reasons[text.rpartition(":")[0]] += 1
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
