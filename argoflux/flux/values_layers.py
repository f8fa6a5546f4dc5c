"""Where each values file of a chart goes: with the chart, or by a way of its own.

Argo CD hands all files to Helm in the order of the list, wherever they come from. A chart takes only
the files of its own source along, so those before the first file of another source stay with it,
and the others, in their order, take one of three ways:

artifact   source-watcher merges them into the chart's values.yaml
configmap  copies in a ConfigMap, read with ``valuesFrom``
inline     merged into ``spec.values``

From the first one on that nobody can read, they wait: ``valuesFrom`` names a ConfigMap that a person
has to make, so that no release goes without its values.

Facts: helm-controller:internal/controller/helmrelease_controller.go (``valuesFrom`` in order, then
``values``), source-watcher:internal/builder/merge.go (merged as Helm merges files).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux.flux.emit_gates import has_field
from argoflux.goports.giturl import repository_key, strip_credentials
from argoflux.mapping.revisions import canonical
from argoflux.model.source import GitSource
from argoflux.text import SourceFile
from argoflux.versions import Release
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Request
    from argoflux.model.app import Part
    from argoflux.model.files import SourceFiles
    from argoflux.model.render import Helm
    from argoflux.model.source import Source

Way = Literal["artifact", "configmap", "inline"]

GENERATOR = "ArtifactGenerator"
_GATED = "2.9"
"""The first release for which a chart of an ArtifactGenerator is the usual choice."""
_EXTRA = "source-watcher"
_GLOB = frozenset("*?[{")


class ValuesFile(NamedTuple):
    """One values file: as the model holds it, the part it is read from, and its path there.

    ``part`` is the number of the app's part, None for an address or a name that nothing has; a file
    of the chart's own repository and revision is the chart's, whichever part lends it (``lender``).
    ``files`` are those of that part, where they are at hand.
    """

    stored: str
    part: int | None
    path: str
    files: SourceFiles | None
    lender: int | None = None

    @property
    def settled(self) -> bool:
        """Whether the file is one known path of a source."""
        return self.part is not None and not _GLOB & set(self.path)

    @property
    def text(self) -> str | None:
        """What the file holds, None when it cannot be read."""
        return None if self.files is None or not self.settled else self.files.read(self.path)

    @property
    def absent(self) -> bool:
        """Whether the repository is at hand and has no such file."""
        return self.files is not None and self.settled and self.path not in self.files.names()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The files that stay with the chart, the others in their order, and the way they take.

    ``waiting`` are the last ones, which a person has to provide. ``artifact`` is the name of the
    ExternalArtifact that holds chart and values, ``lenders`` are the numbers of the other parts
    whose source objects deliver files.
    """

    with_chart: tuple[str, ...] = ()
    beside: tuple[ValuesFile, ...] = ()
    way: Way | None = None
    waiting: tuple[ValuesFile, ...] = ()
    artifact: str = ""
    lenders: frozenset[int] = frozenset()


def choose_layers(plan: Plan, helm: Helm) -> Layers:
    """Decide for one chart; a file that Argo CD skips because it does not exist is left out."""
    files = [located(plan, stored) for stored in helm.values_files]
    own = list(takewhile(lambda file: file.settled and file.part == plan.index, files))
    rest = [
        file for file in files[len(own) :] if not (file.absent and helm.ignore_missing_values_files)
    ]
    with_chart = tuple(file.path for file in own)
    if not rest:
        return Layers(with_chart=with_chart, lenders=_lenders(own))
    ready = list(takewhile(lambda file: file.settled, rest))
    if ready and may_generate(plan.request, plan.app.root):
        return Layers(
            beside=(*own, *ready),
            way="artifact",
            waiting=tuple(rest[len(ready) :]),
            lenders=_lenders([*own, *ready]),
        )
    to_folder = plan.request.options.to_folder
    ready = list(takewhile(lambda file: parse_values(file.text) is not None, rest))
    if not to_folder and len(ready) < len(rest):
        ready = []  # what waits would lie below what is inline
    way: Way = "configmap" if to_folder else "inline"
    return Layers(
        with_chart=with_chart,
        beside=tuple(ready),
        way=way if ready else None,
        waiting=tuple(rest[len(ready) :]),
        lenders=_lenders(own),
    )


def _lenders(files: list[ValuesFile]) -> frozenset[int]:
    return frozenset(file.lender for file in files if file.lender is not None)


def read_file(plan: Plan, stored: str) -> str | None:
    """The text of a file of the chart's own source, or of one that it refers to."""
    return located(plan, stored).text


def inline_values(layers: Layers) -> dict[str, Any]:
    """The files merged in their order; empty where they take another way."""
    merged: dict[str, Any] = {}
    if layers.way == "inline":
        for file in layers.beside:
            merged = merge_values(merged, parse_values(file.text) or {})
    return merged


def located(plan: Plan, stored: str) -> ValuesFile:
    """Where a path, as the model holds it, is read from."""
    if stored.startswith("$"):
        name, _, path = stored[1:].partition("/")
        for number, part in enumerate(plan.app.parts):
            if part.ref == name and lends(part) and isinstance(part.source, GitSource):
                own = _same_source(part.source, plan.part.source)
                at = plan.index if own else number
                files = plan.files if own else plan.request.files(plan.app, part)
                return ValuesFile(stored, at, path, files, number)
        return ValuesFile(stored, None, path, None)
    if "://" in stored:
        return ValuesFile(stored, None, stored, None)
    return ValuesFile(stored, plan.index, stored, plan.files)


def lends(part: Part) -> bool:
    """Whether the files of a named source can be had in Flux."""
    return isinstance(part.source, GitSource) and not part.extra.get("facts", {}).get("url_refused")


def _same_source(lender: GitSource, source: Source) -> bool:
    if not isinstance(source, GitSource):
        return False
    urls = {repository_key(strip_credentials(url)) for url in (lender.url, source.url)}
    return len(urls) == 1 and canonical(lender.revision) == canonical(source.revision)


def may_generate(request: Request, root: str) -> bool:
    """Whether an ArtifactGenerator can be counted on in the target.

    Its gate is off by default (helm-controller:internal/features/features.go ExternalArtifact);
    installing source-watcher switches it on (flux-operator:internal/builder/components.go), so a
    FluxInstance without it rules the way out.
    """
    known = has_field(request.flux, GENERATOR, "spec.artifacts[].copy[].strategy", "Merge")
    known = known and has_field(
        request.flux, "HelmRelease", "spec.chartRef.kind", "ExternalArtifact"
    )
    if not known or Release.parse(request.flux) < Release.parse(_GATED):
        return False
    for resource in request.kept:
        if resource.ref.kind == "FluxInstance" and resource.root == root:
            components = dig(resource.body, "spec", "components")
            if not isinstance(components, list) or _EXTRA not in components:
                return False
    return True


def parse_values(text: str | None) -> dict[str, Any] | None:
    """The first document of a values file; empty for an empty file, None when it is no mapping."""
    if text is None:
        return None
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile("values.yaml", text))
    if loaded.findings:
        return None
    bodies = [document.body for document in loaded.documents if document.body is not None]
    if not bodies:
        return {}
    return plain(bodies[0]) if isinstance(bodies[0], dict) else None


def plain(value: Any) -> Any:
    """Plain collections without the positions of a document."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def merge_values(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``over`` on top of ``base``: mappings are joined, everything else replaces.

    helm:pkg/cli/values/options.go mergeMaps; a null stays, and deletes a default of the chart later.
    """
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = merge_values(below, value)
        else:
            merged[key] = value
    return merged
