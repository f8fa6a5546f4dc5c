"""Objects that select others by the labels that Flux puts on all it applies.

helm-controller:internal/postrender (origin labels), fluxcd/pkg:ssa/utils (owner labels of a
Kustomization); kube-state-metrics spells them with underscores.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.kinds import engine_of
from argoflux.mapping.release import F2A_HR_015
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.finding import Place
    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App

_LABEL = re.compile(
    r"(?<![\w.-])(?:label_)?(helm|kustomize)[._]toolkit[._]fluxcd[._]io[/_](name|namespace)(?![\w.-])"
)
_SHOWN = 5


def say_origin_labels(emission: Emission, request: Request, apps: Iterable[App]) -> None:
    """Name the files of objects that look for the labels of appliers that were converted."""
    written = [app for app in apps if emission.decisions[app].kind]
    appliers = {"helm" if app.kind == "HelmRelease" else "kustomize" for app in written}
    files: dict[str, tuple[Place, frozenset[str]]] = {}
    for app in written:
        for place, value in _texts(app, request):
            found = _labels(value, appliers)
            if found:
                _, known = files.get(place.source.name, (place, frozenset()))
                files[place.source.name] = (place, known | found)
    if not files:
        return
    names = sorted(files)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    emission.say(
        F2A_HR_015,
        *(files[name][0] for name in names),
        files=", ".join(names[:_SHOWN]) + more,
        labels=", ".join(sorted(frozenset().union(*(labels for _, labels in files.values())))),
    )


def _texts(app: App, request: Request) -> Iterator[tuple[Place, Any]]:
    """What may select objects: the values of a release, and the objects that a path yields."""
    spec = app.resource.body.get("spec")
    if app.kind == "HelmRelease" and isinstance(spec, dict):
        yield app.resource.place("spec", "values"), spec.get("values")
        return
    content = request.content(app, app.parts[0])
    for obj in content.objects if isinstance(content, Known) else ():
        if engine_of(obj.ref.group) is None:
            yield obj.place, obj.body


def _labels(value: Any, appliers: set[str]) -> frozenset[str]:
    """The labels that a value names, but for those that an object has itself."""
    texts: list[str] = []
    _collect(value, "", texts)
    return frozenset(
        f"{found[1]}.toolkit.fluxcd.io/{found[2]}"
        for text in texts
        for found in _LABEL.finditer(text)
        if found[1] in appliers
    )


def _collect(value: Any, key: Any, texts: list[str]) -> None:
    """The texts that may name a label; a plain list, for this looks at all that is applied."""
    if isinstance(value, str):
        if "toolkit" in value:
            texts.append(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name != "labels" or key != "metadata":
                _collect(name, "", texts)
                _collect(item, name, texts)
    elif isinstance(value, list):
        for item in value:
            _collect(item, "", texts)
