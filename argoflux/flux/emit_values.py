"""Values of a chart: inline values, parameters and file parameters as one mapping.

Precedence in Argo CD: values files, inline values, ``--set``, ``--set-string``, ``--set-file``
(argo-cd:util/helm/cmd.go, helm:pkg/cli/values/options.go MergeValues).
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from argoflux.flux.values_layers import (
    inline_values,
    merge_values,
    parse_values,
    plain,
    read_file,
)
from argoflux.goports.strvals import StrvalsError, apply_parameter, parse_into_file
from argoflux.mapping.helm import A2F_HELM_015, A2F_HELM_027, A2F_SEC_010
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.model.render import Helm, Parameter
    from argoflux.yamlio.tree import Yaml

_R = "part.render.helm"
_SECRET = re.compile(r"(password|passwd|passphrase|token|secret|key)$", re.IGNORECASE)
_NO_SECRET = re.compile(r"(true|false|null|\d+|)$", re.IGNORECASE)


def put_values(plan: Plan, draft: Draft, helm: Helm) -> None:
    """Write ``spec.values``; every leaf remembers whether it came from a file, values or a parameter."""
    files = inline_values(plan.layers)
    values: dict[str, Any] = merge_values(files, copy.deepcopy(plain(helm.values or {})))
    if files:
        draft.put("spec.values", files, slot=f"{_R}.values_files")
        _trace_new(draft, values, dict(leaves(files)), f"{_R}.values")
    elif values:
        draft.put("spec.values", values, slot=f"{_R}.values")
    before = dict(leaves(values)) if values else {}
    _apply_parameters(plan, helm.parameters, values)
    middle = dict(leaves(values)) if values else {}
    _trace_new(draft, values, before, f"{_R}.parameters")
    read = _apply_files(plan, helm, values)
    _trace_new(draft, values, middle, f"{_R}.file_parameters")
    plan.facts["file_parameters_read"] = read


def _trace_new(draft: Draft, values: dict[str, Any], before: dict[Any, Yaml], slot: str) -> None:
    """Put the leaves that differ from an earlier state at their places."""
    for path, value in leaves(values) if values else ():
        if path not in before or before[path] != value or type(before[path]) is not type(value):
            _put_leaf(draft, ("spec", "values", *path), values, slot)


def _put_leaf(draft: Draft, path: tuple[str | int, ...], values: dict[str, Any], slot: str) -> None:
    """Put one leaf; a leaf inside of a list takes its whole list along."""
    cut = next((i for i, key in enumerate(path) if isinstance(key, int)), len(path))
    node: Any = values
    for key in path[2:cut]:
        node = node[key]
    draft.put(path[:cut], node, slot=slot)


def _apply_parameters(plan: Plan, parameters: Iterable[Parameter], values: dict[str, Any]) -> None:
    """Plain parameters first, then the ones forced to strings; of equal names the last counts."""
    typed = {p.name: p for p in parameters if not p.force_string}
    forced = {p.name: p for p in parameters if p.force_string}
    for parameter in (*typed.values(), *forced.values()):
        try:
            apply_parameter(
                values, parameter.name, parameter.value, force_string=parameter.force_string
            )
        except StrvalsError as error:
            _refuse(plan, parameter.name, error)
        else:
            _warn_of_secret(plan, parameter)


def _refuse(plan: Plan, name: str, error: StrvalsError) -> None:
    """Set a parameter aside; its leaf says so, or this does when it stands in an override file."""
    plan.facts.setdefault("parameters_refused", {})[name] = str(error)
    if plan.facts.get("overridden"):
        plan.say(A2F_HELM_027, parameter=name, why=str(error))


def _warn_of_secret(plan: Plan, parameter: Parameter) -> None:
    last = re.split(r"(?<!\\)\.", parameter.name)[-1]
    if _SECRET.search(last) and not _NO_SECRET.match(parameter.value):
        plan.say(A2F_SEC_010, parameter=parameter.name)


def _apply_files(plan: Plan, helm: Helm, values: dict[str, Any]) -> tuple[str, ...]:
    """Copy the texts of file parameters; returns the paths, as written, that could be read."""
    read: list[str] = []
    written = plan.facts.get("file_parameter_texts", {})
    for name, path in helm.file_parameters:
        found = read_file(plan, path)
        if found is None:
            continue
        try:
            parse_into_file(f"{name}=file", values, _always(found))
        except StrvalsError as error:
            _refuse(plan, name, error)
        else:
            read.append(written.get(path, path))
    return tuple(read)


def _always(content: str) -> Callable[[str], Any]:
    return lambda _path: content


def warn_of_nulls(plan: Plan, files: Iterable[str]) -> None:
    """Name the values files that delete defaults: Flux keeps their nulls."""
    found = []
    for path in files:
        body = parse_values(read_file(plan, path))
        if body and any(value is None for _, value in leaves(body)):
            found.append(path)
    if found:
        plan.say(A2F_HELM_015, files=", ".join(found))
