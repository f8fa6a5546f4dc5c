"""Values files that do not come along with their chart: copies, references and what is said of them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from argoflux.flux.emit_values import warn_of_nulls
from argoflux.flux.values_layers import parse_values
from argoflux.goports.giturl import strip_credentials
from argoflux.mapping.emission import FileCopies
from argoflux.mapping.names import shorten
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.values_layers import Layers, ValuesFile
    from argoflux.mapping.draft import Draft

_SLOT = "part.render.helm.values_files"
_DEFAULT_KEY = "values.yaml"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_WATCHED = {"reconcile.fluxcd.io/watch": "Enabled"}
"""helm-controller:internal/controller/helmrelease_manager.go: a change of the copy is rolled out."""


def config_map_name(plan: Plan) -> str:
    """The ConfigMap that holds, or is to hold, the values files of a chart."""
    return shorten(f"{plan.name}-values")


def put_values_from(plan: Plan, draft: Draft) -> None:
    """Refer to the ConfigMap with the files, in their order; write their copies where they go."""
    layers = plan.layers
    if layers.way not in {"configmap", "stub"}:
        return
    name, keys = config_map_name(plan), _keys(layers)
    for key in keys.values():
        item = {"kind": "ConfigMap", "name": name}
        if key != _DEFAULT_KEY:
            item["valuesKey"] = key
        draft.add("spec.valuesFrom", item, slot=_SLOT)
    if layers.way == "configmap":
        single = len(keys) == 1
        texts: dict[str, tuple[str, str]] = {}
        for file in layers.beside:
            key = keys[file.stored]
            texts[key] = (posixpath.basename(file.path) if single else key, file.text or "")
        plan.emission.copies.append(
            FileCopies(
                root=plan.app.root,
                folder=f"rendered/{plan.name}",
                namespace=plan.namespace,
                config_map=name,
                texts=texts,
                labels=_WATCHED,
            )
        )


def note_values_files(plan: Plan) -> None:
    """What the rows need to judge every entry of ``valueFiles``."""
    layers = plan.layers
    written: dict[str, tuple[str, ...]] = plan.facts.get("values_files", {})
    beside = {file.stored: file for file in layers.beside}
    keys = _keys(layers)
    copied: dict[str, str] = {}
    lost: dict[str, tuple[str, str]] = {}
    for entry, stored in written.items():
        files = [beside[path] for path in stored if path in beside]
        if not files or layers.way == "artifact":
            continue
        if layers.way == "inline":
            copied[entry] = f"`spec.values` of {plan.id}"
        elif layers.way == "configmap":
            copied[entry] = f"ConfigMap {config_map_name(plan)}"
        else:
            lost[entry] = _why(plan, entry, files[0], keys[files[0].stored])
    plan.facts |= {"files_copied": copied, "files_lost": lost}
    if layers.way == "artifact":
        warn_of_nulls(plan, [file.stored for file in layers.beside])


def _why(plan: Plan, entry: str, file: ValuesFile, key: str) -> tuple[str, str]:
    """Why a file has no copy, and what to do about it."""
    problem = plan.facts.get("references_broken", {}).get(entry)
    if problem:
        return problem, "correct the reference, or put the values inline"
    waits = f"{plan.id} waits for it as `{key}` of ConfigMap {config_map_name(plan)}"
    if "://" in file.stored:
        return "it is fetched from an address", f"download it; {waits}"
    if file.absent:
        return "there is no such file", f"correct the path; {waits}"
    if file.text is not None and parse_values(file.text) is None:
        return "it is no mapping", f"correct the file; {waits}"
    if file.text is not None:
        return "a file that is merged with it cannot be read", f"see to that file; {waits}"
    source = plan.app.parts[file.part].source if file.part is not None else None
    if isinstance(source, GitSource):
        url = strip_credentials(source.url)
        remedy = f"give the checkout with `--source {url}=DIR`; {waits}"
        return "its repository is not at hand", remedy
    return "it is part of a chart that is not at hand", f"copy it out of the chart; {waits}"


def _keys(layers: Layers) -> dict[str, str]:
    """A key of the ConfigMap per file: one of several has its own name, with its number."""
    if len(layers.beside) == 1:
        return {layers.beside[0].stored: _DEFAULT_KEY}
    found: dict[str, str] = {}
    for number, file in enumerate(layers.beside, start=1):
        found[file.stored] = f"{number}-{_UNSAFE.sub('-', posixpath.basename(file.path))}"
    return found
