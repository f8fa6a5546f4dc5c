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
    from collections.abc import Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.values_layers import ValuesFile
    from argoflux.mapping.draft import Draft

_SLOT = "part.render.helm.values_files"
_DEFAULT_KEY = "values.yaml"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_WATCHED = {"reconcile.fluxcd.io/watch": "Enabled"}
"""helm-controller:internal/controller/helmrelease_manager.go: a change of the copy is rolled out."""


def put_values_from(plan: Plan, draft: Draft) -> None:
    """Refer to the ConfigMaps with the files, in their order; write the copies where they go."""
    layers = plan.layers
    copies = layers.beside if layers.way == "configmap" else ()
    for name, files in ((_copies(plan), copies), (_waited_for(plan), layers.waiting)):
        for key in _keys(files).values():
            item = {"kind": "ConfigMap", "name": name}
            if key != _DEFAULT_KEY:
                item["valuesKey"] = key
            draft.add("spec.valuesFrom", item, slot=_SLOT)
    if copies:
        plan.emission.copies.append(
            FileCopies(
                root=plan.app.root,
                folder=f"rendered/{plan.name}",
                namespace=plan.namespace,
                config_map=_copies(plan),
                texts=_texts(copies),
                labels=_WATCHED,
            )
        )


def _copies(plan: Plan) -> str:
    """The ConfigMap that holds copies of the values files of a chart."""
    return shorten(f"{plan.name}-values")


def _waited_for(plan: Plan) -> str:
    """The ConfigMap that a person has to make."""
    copied = plan.layers.way == "configmap"
    return shorten(f"{plan.name}-missing-values") if copied else _copies(plan)


def _texts(files: Sequence[ValuesFile]) -> dict[str, tuple[str, str]]:
    """Name and text of every copy by its key."""
    keys = _keys(files)
    if len(files) == 1:
        return {_DEFAULT_KEY: (_file_name(files[0]), files[0].text or "")}
    return {keys[file.stored]: (keys[file.stored], file.text or "") for file in files}


def note_values_files(plan: Plan) -> None:
    """What the rows need to judge every entry of ``valueFiles``."""
    layers = plan.layers
    written: dict[str, tuple[str, ...]] = plan.facts.get("values_files", {})
    beside = {file.stored for file in layers.beside}
    waiting = {file.stored: file for file in layers.waiting}
    keys = _keys(layers.waiting)
    where = {
        "inline": f"`spec.values` of {plan.id}",
        "configmap": f"ConfigMap {_copies(plan)}",
    }.get(layers.way or "")
    copied: dict[str, str] = {}
    lost: dict[str, tuple[str, str]] = {}
    for entry, stored in written.items():
        missed = [waiting[path] for path in stored if path in waiting]
        if missed:
            lost[entry] = _why(plan, entry, missed[0], keys[missed[0].stored])
        elif where and beside & set(stored):
            copied[entry] = where
    plan.facts |= {"files_copied": copied, "files_lost": lost}
    if layers.way == "artifact":
        warn_of_nulls(plan, [file.stored for file in layers.beside])


def _why(plan: Plan, entry: str, file: ValuesFile, key: str) -> tuple[str, str]:
    """Why a file has no copy, and what to do about it."""
    problem = plan.facts.get("references_broken", {}).get(entry)
    if problem:
        return problem, "correct the reference, or put the values inline"
    waits = f"{plan.id} waits for it as `{key}` of ConfigMap {_waited_for(plan)}"
    if "://" in file.stored:
        return "it is fetched from an address", f"download it; {waits}"
    source = plan.app.parts[file.part].source if file.part is not None else None
    checkout = "give the checkout with `--source URL=DIR`"
    if isinstance(source, GitSource):
        checkout = f"give the checkout with `--source {strip_credentials(source.url)}=DIR`"
    if not file.settled:
        return "its files cannot be seen", f"{checkout}, or list the files; {waits}"
    if file.absent:
        return "there is no such file", f"correct the path; {waits}"
    if file.text is not None and parse_values(file.text) is None:
        return "it is no mapping", f"correct the file; {waits}"
    if file.text is not None:
        return "a file that is merged with it cannot be read", f"see to that file; {waits}"
    if isinstance(source, GitSource):
        return "its repository is not at hand", f"{checkout}; {waits}"
    return "it is part of a chart that is not at hand", f"copy it out of the chart; {waits}"


def _keys(files: Sequence[ValuesFile]) -> dict[str, str]:
    """A key of the ConfigMap per file: one of several has its own name, with its number."""
    if len(files) == 1:
        return {files[0].stored: _DEFAULT_KEY}
    found: dict[str, str] = {}
    for number, file in enumerate(files, start=1):
        name = _file_name(file) if file.settled else _DEFAULT_KEY
        found[file.stored] = f"{number}-{name}"
    return found


def _file_name(file: ValuesFile) -> str:
    """The name of a file, as far as a key of a ConfigMap may hold it."""
    return _UNSAFE.sub("-", posixpath.basename(file.path))
