"""Round trips: an app that converts without loss comes back as the same app.

Argo CD to Flux to Argo CD, and the other way round. An app qualifies when no leaf of its objects
that feeds something compared is worse than equivalent. It came back when its model, after defaults
and without cadence, retries and provenance, holds all that it held before, and nothing more than
what ``ADDITIONS`` names (docs/adr/0011). An app for which a person has to fill in something that is
compared does not qualify, nor does one that several sources make several objects.

The conversion is told what a person would tell it after a first run: the default branch, where the
output will stand, the checkout, and that projects shall be enforced.

`python -m tests.ecosystem.round_trip [REPOSITORY…]` prints the counts, why apps do not qualify, and
every exception.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.emit_parents import root_name
from argoflux.argocd.load import load as load_argocd
from argoflux.convert.request import Contents, request_for
from argoflux.flux.load import load as load_flux
from argoflux.goports.giturl import flux_accepts, to_ssh_url
from argoflux.mapping.emission import ConvertOptions
from argoflux.mapping.index import messages
from argoflux.mapping.verdict import Verdict
from argoflux.model.content import Known, Unknown
from argoflux.model.render import Kustomize, Plain
from argoflux.model.source import GitSource
from argoflux.workspace.read import read
from argoflux.yamlio.dump import dump_documents
from argoflux.yamlio.tree import dig
from tests.convert_run import ARGOCD, FLUX, convert_folder
from tests.ecosystem.comparing import TODO, canonical, compared, difference, flat
from tests.ecosystem.corpus import repositories

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from argoflux.convert.result import Conversion, Entry
    from argoflux.mapping.concept import System
    from argoflux.model.app import App
    from argoflux.text import Path as At
    from argoflux.workspace.read import Workspace

OTHER: dict[System, System] = {"flux": "argocd", "argocd": "flux"}
LOADERS = {"argocd": load_argocd, "flux": load_flux}
APPLIERS = {"Application", "Kustomization", "HelmRelease"}
FREE = {Verdict.EXACT, Verdict.EQUIVALENT}
OPTIONS = ConvertOptions(to_folder=True, branch_stated=True, deploy_path="out", layout="tenant")
NOTHING = "the other system needs nothing of what it deploys, or has it anyhow"
_CODE = re.compile(r"(A2F|F2A|AF)-?\w+")
SEVERAL = "it becomes several objects"
STUB = "a placeholder"
EMPTY = "its path holds nothing"
ADDRESS = "no system takes the address of its repository"
TWINS = "another app of its root has its name"
ROOT = "the parent of a whole cluster, which gets a name of its own"


class Trip(NamedTuple):
    """Counts of one or more round trips.

    ``barred`` has, for each converted app that does not qualify, the reasons: code and slot;
    ``unseen`` of them depend on a repository or a cluster that the corpus does not hold.
    ``different`` names every app that came back different.
    """

    apps: int = 0
    converted: int = 0
    qualified: int = 0
    barred: tuple[frozenset[str], ...] = ()
    different: tuple[str, ...] = ()

    @property
    def unseen(self) -> int:
        """Apps of which something compared could only be guessed."""
        guesses = {code for code, message in messages().items() if "evidence" in message.tags}
        return sum(any(r.partition("  ")[0] in guesses for r in found) for found in self.barred)

    @property
    def share(self) -> float:
        """How many of the apps that the corpus holds whole qualify, between 0 and 1."""
        return self.qualified / max(1, self.converted - self.unseen)

    def plus(self, other: Trip) -> Trip:
        return Trip(
            self.apps + other.apps,
            self.converted + other.converted,
            self.qualified + other.qualified,
            (*self.barred, *other.barred),
            (*self.different, *other.different),
        )


def checkout(folder: Path) -> Workspace:
    """A repository of the corpus, with the address that it was cloned from."""
    address = "https://github.com/" + folder.name.replace("+", "/")
    return read([str(folder)], cwd=str(folder), sources=[f"{address}={folder}"])


def loaded_apps(workspace: Workspace, system: System) -> list[App]:
    """The apps of one system, as its loader reads them."""
    request = request_for(workspace, OTHER[system], OPTIONS, argocd=ARGOCD, flux=FLUX)
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


def back_again(
    result: Conversion, root: str, system: System, sources: list[str]
) -> tuple[dict[str, App], set[str]]:
    """Convert the documents of one root back, and load them; by identity.

    Also the apps whose appliers ask for nothing on the way back (what installs Flux, say).
    """
    with tempfile.TemporaryDirectory() as temporary:
        there, here = Path(temporary, "there"), Path(temporary, "here")
        _write(there, [dict(d.body) for d in result.documents if d.root == root])
        workspace = read([str(there)], cwd=temporary, sources=sources)
        second = convert_folder(workspace, system, OPTIONS)
        _write(here, [dict(d.body) for d in second.documents])
        final = read([str(here)], cwd=temporary, sources=sources)
        idle = {
            _origin(outcome.resource.body)
            for outcome in second.outcomes
            if outcome.outcome == "skipped" and not _CODE.match(outcome.reason)
        }
        return {app.id: app for app in loaded_apps(final, system)}, idle


def _write(folder: Path, documents: list[dict[str, Any]]) -> None:
    folder.mkdir()
    Path(folder, "all.yaml").write_text(dump_documents(documents))


class Losses:
    """The losses of something compared, as code and slot, by app.

    An entry is the worst of what becomes of a leaf for all apps that use it; which of them are
    meant, and what the others lose there, is told by the messages.
    """

    def __init__(self, result: Conversion) -> None:
        self._compared: dict[int, list[Entry]] = defaultdict(list)
        for entry in result.entries:
            if not entry.origin and entry.place is not None and compared(entry.slot, entry.path):
                self._compared[id(entry.place.document)].append(entry)
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._said: dict[tuple[str, int, At], set[str]] = defaultdict(set)
        for message in result.messages:
            for app in message.apps if message.verdict not in FREE else ():
                self._codes[app].add(message.code)
                for place in message.places:
                    self._said[app, id(place.document), place.path].add(message.code)

    def of(self, app: App) -> set[str]:
        """What one app loses."""
        found: set[str] = set()
        for document in {id(resource.document) for resource in app.made_of}:
            for entry in self._compared[document]:
                codes = set(self._said[app.id, document, entry.path])
                if entry.verdict not in FREE:
                    codes |= {entry.code or ""} & {"", *self._codes[app.id]}
                what = entry.slot or f"{entry.resource.partition('/')[0]} {_pattern(entry.path)}"
                found |= {f"{code or 'no code'}  {what}" for code in codes}
        return found


def _pattern(path: Sequence[str | int]) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def obstacles(
    app: App, apps: Sequence[App], result: Conversion, contents: Contents
) -> Iterator[str]:
    """Why an app cannot come back as one app of its name, whatever its leaves are."""
    made = [d for d in result.documents if d.root == app.root and _origin(d.body) == app.id]
    if sum(part.produces for part in app.parts) != 1 or len(made) > 1:
        yield SEVERAL
    if not made:
        yield NOTHING
    if any(other is not app and _named_alike(app, other) for other in apps):
        yield TWINS
    if root_name(app):
        yield ROOT
    part = app.parts[0]
    content = contents.content(app, part)
    nothing = isinstance(content, Known) and content.complete and not content.objects
    if nothing and isinstance(part.render, Plain | Kustomize):
        yield EMPTY
    if isinstance(part.source, GitSource) and not flux_accepts(to_ssh_url(part.source.url)):
        yield ADDRESS


def _origin(body: Mapping[str, Any]) -> str:
    """The app that an applier was made from."""
    noted = dig(dict(body), "metadata", "annotations") if body.get("kind") in APPLIERS else {}
    if not isinstance(noted, dict):
        return ""
    return str(noted.get("argoflux.dev/source", ""))


def _named_alike(one: App, two: App) -> bool:
    """Whether two apps of a root may be one object: some state no namespace."""
    same = (one.root, one.kind, one.name) == (two.root, two.kind, two.name)
    return same and (one.namespace == two.namespace or not (one.namespace and two.namespace))


def trip(folder: Path, system: System) -> Trip:
    """One repository there and back again."""
    workspace = checkout(folder)
    apps = loaded_apps(workspace, system)
    result = convert_folder(workspace, OTHER[system], OPTIONS)
    losses = Losses(result)
    done = {id(o.resource) for o in result.outcomes if o.outcome == "converted"}
    converted = [app for app in apps if id(app.resource.written) in done]
    contents = Contents(workspace, OTHER[system])
    free, barred = [], []
    for app in converted:
        reasons = set(obstacles(app, apps, result, contents))
        reasons |= losses.of(app)
        if reasons:
            barred.append(frozenset(reasons))
        else:
            free.append(app)
    different = []
    sources = copies(workspace, system, free)
    for root in sorted({app.root for app in free}):
        returned, idle = back_again(result, root, system, sources)
        for app in (a for a in free if a.root == root):
            again = returned.get(app.id) or _only(returned, app)
            if again is None and app.id in idle:
                barred.append(frozenset({NOTHING}))
            elif again is None:
                different.append(f"{folder.name}: {app.id} did not come back")
            elif TODO in flat(canonical(again)).values():
                barred.append(frozenset({STUB}))
            else:
                content = contents.content(app, app.parts[0])
                moved = again.parts[0].path.startswith(f"{OPTIONS.deploy_path}/")
                kept = _without_nothings(app, result)
                found = difference(kept, again, system, content, moved)
                different += [f"{folder.name}: {app.id}: {found}"] if found else []
    return Trip(
        len(apps), len(converted), len(converted) - len(barred), tuple(barred), tuple(different)
    )


def _without_nothings(app: App, result: Conversion) -> App:
    """The app without its dependencies on what became nothing: there is no one to wait for."""
    made = {_origin(document.body) for document in result.documents if document.root == app.root}
    waits = tuple(r for r in app.order.depends_on if f"{r.kind}/{r.namespace}/{r.name}" in made)
    return replace(app, order=replace(app.order, depends_on=waits))


def _only(returned: dict[str, App], app: App) -> App | None:
    """The one app of that name, for an app that stated no namespace."""
    same = [other for other in returned.values() if other.name == app.name]
    if app.namespace or len(same) != 1:
        return None
    return replace(same[0], namespace="")


def table(barred: Sequence[frozenset[str]]) -> list[str]:
    """Why apps do not qualify: apps with the reason, those with no other, code and slot."""
    every = Counter(reason for reasons in barred for reason in reasons)
    alone = Counter(reason for reasons in barred if len(reasons) == 1 for reason in reasons)
    rows = [
        f"  {count:>5} {alone[reason]:>5}  {reason}"
        for reason, count in sorted(every.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ["   apps alone  reason", *rows]


def main(names: list[str]) -> int:
    wrong = 0
    systems: tuple[System, ...] = ("argocd", "flux")
    for system in systems:
        total = Trip()
        for folder in repositories():
            if not names or folder.name in names:
                total = total.plus(trip(folder, system))
        print(
            f"{system} and back: {total.apps} apps, {total.converted} converted,"
            f" {total.unseen} of them not seen whole, {total.qualified} qualify"
            f" ({total.share:.0%}), {len(total.different)} came back different"
        )
        print("\n".join(table(total.barred)))
        for text in total.different:
            print("  -", text)
        wrong += len(total.different)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
