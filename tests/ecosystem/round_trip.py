"""Round trips: an app that converts without loss comes back as the same app.

Argo CD to Flux to Argo CD, and the other way round. An app qualifies when every leaf of its objects
is exact or equivalent, and so is every message about it (messages that only say that something
could not be seen do not count). Two apps are the same when their models are, after defaults,
without cadence, retries and provenance, and also without what the target writes whatever the input
says: apply mode, `wait`, `allowEmpty`, and ignore or sparse rules that do not reach the path.

That is milder than leaving out cadence, retries and provenance alone, and judging leaves alone: by
that measure most of the few apps that qualify come back with one of those additions, or with a
default of the other system (self-heal, pruning of charts, recursion).

`python -m tests.ecosystem.round_trip [REPOSITORY…]` prints the counts and every exception.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.load import load as load_argocd
from argoflux.convert.request import Contents, request_for
from argoflux.flux.load import load as load_flux
from argoflux.goports.semver import Constraint, SemverError
from argoflux.mapping.emission import ConvertOptions
from argoflux.mapping.verdict import Verdict
from argoflux.model.content import Unknown
from argoflux.model.source import GitSource, Revision
from argoflux.workspace.read import read
from argoflux.yamlio.dump import dump_documents
from tests.convert_run import ARGOCD, FLUX, convert_folder
from tests.ecosystem.corpus import repositories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.convert.result import Conversion
    from argoflux.mapping.concept import System
    from argoflux.model.app import App
    from argoflux.workspace.read import Workspace

OTHER: dict[System, System] = {"flux": "argocd", "argocd": "flux"}
LOADERS = {"argocd": load_argocd, "flux": load_flux}
FREE = {Verdict.EXACT, Verdict.EQUIVALENT}
LEFT_OUT = {
    *("root", "made_of", "extra"),  # where it stands, not what it is
    *("interval", "timeout", "retry"),  # cadence and retries
    *("wait", "automated_stated"),  # Argo CD always reports health; how automation is spelled
    "guessed",
    "allow_empty",  # Flux has no such guard; Argo CD's stays as it is by default
    *("ignore", "sparse"),  # what of a repository is shipped, where it does not reach the path
}
APPLY_MODE = ("ServerSideApply=", "PrunePropagationPolicy=", "ApplyOutOfSyncOnly=")
ADDED = ("argoflux.dev/", "argocd.argoproj.io/manifest-generate-paths")
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
    if is_dataclass(value) and not isinstance(value, type):
        found = {
            item.name: canonical(getattr(value, item.name), item.name)
            for item in fields(value)
            if item.name not in LEFT_OUT
            and not (isinstance(value, GitSource) and item.name == "name")
        }
        return {type(value).__name__: {k: v for k, v in found.items() if v not in (None, {}, [])}}
    if isinstance(value, dict):
        kept = {k: canonical(v) for k, v in value.items() if not str(k).startswith(ADDED)}
        return kept or None
    if isinstance(value, list | tuple):
        items = [canonical(item) for item in value]
        if key == "options":
            items = sorted(o for o in items if o and not o.startswith(APPLY_MODE))
        return items or None
    if isinstance(value, str | bool) and value in DEFAULTS:
        return None
    return value


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
    converted = [app for app in apps if id(app.resource) in done]
    noted = {
        name
        for message in result.messages
        if message.verdict not in FREE and "evidence" not in message.tags
        for name in message.apps
    }
    free = [
        app
        for app in converted
        if app.id not in noted and all(worst[id(r.document)] <= FREE for r in app.made_of)
    ]
    different = []
    sources = copies(workspace, system, free)
    for root in sorted({app.root for app in free}):
        returned = back_again(result, root, system, sources)
        for app in (a for a in free if a.root == root):
            again = returned.get(app.id) or _only(returned, app)
            if again is None:
                different.append(f"{folder.name}: {app.id} did not come back")
            elif canonical(with_defaults(app)) != canonical(with_defaults(again)):
                different.append(f"{folder.name}: {app.id}: {_difference(app, again)}")
    return Trip(len(apps), len(converted), len(free), tuple(different))


def _only(returned: dict[str, App], app: App) -> App | None:
    """The one app of that name, for an app that stated no namespace."""
    same = [other for other in returned.values() if other.name == app.name]
    if app.namespace or len(same) != 1:
        return None
    return replace(same[0], namespace="")


def _difference(one: App, two: App) -> str:
    left, right = (_flat(canonical(with_defaults(app))) for app in (one, two))
    keys = sorted(k for k in {*left, *right} if left.get(k) != right.get(k))
    return "; ".join(f"{k}: {left.get(k)!r} -> {right.get(k)!r}" for k in keys[:4])


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {prefix: value}
    out: dict[str, Any] = {}
    for key, item in value.items():
        out.update(_flat(item, f"{prefix}.{key}"))
    return out


def main(names: list[str]) -> int:
    reasons: Counter[str] = Counter()
    for system in ("argocd", "flux"):
        total = Trip(0, 0, 0, ())
        for folder in repositories():
            if not names or folder.name in names:
                total = total.plus(trip(folder, system))  # type: ignore[arg-type]  # literals
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
