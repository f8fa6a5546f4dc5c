"""Checks of one conversion that hold for every input, whatever it is.

Each function returns complaints; an empty list is a pass.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from argoflux import kinds
from argoflux.mapping.concept import UNSET, Concept
from argoflux.mapping.index import find
from argoflux.mapping.metadata import OWN_PREFIX
from argoflux.mapping.verdict import Verdict
from argoflux.schema import check
from argoflux.text import path_text
from argoflux.versions import Release, available, served_version, system_of
from argoflux.yamlio.tree import dig, leaves
from tests.controller_checks import controller_complaints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.convert.result import Conversion
    from argoflux.resource import Resource

_DNS = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?\Z")
_NAME_LIMIT = 253


def every_resource_has_one_outcome(resources: Sequence[Resource], result: Conversion) -> list[str]:
    """Every Argo CD and Flux document appears exactly once in the report."""
    counts = Counter(id(outcome.resource) for outcome in result.outcomes)
    return [
        f"{resource.ref} in {resource.file}: {counts[id(resource)]} outcomes"
        for resource in resources
        if counts[id(resource)] != 1
    ]


def every_leaf_has_one_entry(result: Conversion) -> list[str]:
    """The entries of a resource are its leaves: none missing, none twice."""
    by_place: Counter[tuple[Any, ...]] = Counter()
    for entry in result.entries:
        if not entry.origin and entry.place is not None:
            by_place[(entry.place.source.name, id(entry.place.document), entry.place.path)] += 1
    wrong = []
    expected = 0
    for outcome in result.outcomes:
        if outcome.outcome == "kept":
            continue
        resource = outcome.resource
        for path, _ in leaves(resource.body):
            place = resource.place(*path)
            key = (place.source.name, id(place.document), place.path)
            expected += 1
            if by_place[key] != 1:
                wrong.append(f"{resource.ref} {path}: {by_place[key]} entries")
    if sum(by_place.values()) != expected:
        wrong.append(f"{sum(by_place.values())} entries for {expected} leaves")
    return wrong


def no_holes(result: Conversion) -> list[str]:
    """No leaf that the schemas know is without a row (AF900)."""
    return [f.message for f in result.findings if f.code == "AF900"]


def output_is_valid(result: Conversion) -> list[str]:
    """Every emitted document passes the schema of its kind."""
    wrong = []
    for document in result.documents:
        body = document.body
        group, _, version = str(body["apiVersion"]).rpartition("/")
        if not group:
            continue
        errors = check(str(body["kind"]), version, body)
        wrong += [f"{document.path} {body['kind']}: {error}" for error in errors]
    return wrong


def names_are_valid_and_unique(result: Conversion) -> list[str]:
    """Names are DNS names within the limit, and no two documents of a root are the same object."""
    wrong = []
    seen: Counter[tuple[Any, ...]] = Counter()
    for document in result.documents:
        body: Any = document.body
        name = str(body["metadata"]["name"])
        if not _DNS.match(name) or len(name) > _NAME_LIMIT:
            wrong.append(f"{body['kind']} {name!r} is no DNS name")
        key = (
            document.root,
            body["apiVersion"],
            body["kind"],
            body["metadata"].get("namespace"),
            name,
        )
        seen[key] += 1
    return wrong + [f"{key} is emitted {n} times" for key, n in seen.items() if n > 1]


def paths_stay_inside(result: Conversion) -> list[str]:
    """Output paths are relative and never go up."""
    paths = [document.path for document in result.documents] + [f.path for f in result.files]
    return [path for path in paths if path.startswith("/") or ".." in path.split("/")]


def exact_leaves_arrive(result: Conversion) -> list[str]:
    """A leaf called exact whose row has a path on the other side stands in the output.

    Empty values and values that the row gives as the default may be left out.
    """
    source = "argocd" if result.to == "flux" else "flux"
    kinds = {
        str(outcome.resource.ref): {target.split("/")[0] for target in outcome.targets}
        for outcome in result.outcomes
    }
    wrong = []
    for entry in result.entries:
        if entry.origin or entry.verdict != Verdict.EXACT or entry.targets or entry.place is None:
            continue
        kind = entry.resource.split("/")[0]
        match = find(kind, entry.path, source)
        if match is None or not isinstance(match.row, Concept) or match.on is None:
            continue
        sides = match.row.flux if result.to == "flux" else match.row.argo
        reached = {_object_kind(side.kind) for side in sides} & kinds[entry.resource]
        value = dig(entry.place.document.body, *entry.place.path)  # type: ignore[union-attr]
        default = match.on.default is not UNSET and value == match.on.default
        if reached and not default and value not in (None, "", False, [], {}):
            wrong.append(f"{entry.resource} {path_text(entry.path)}={value!r} is exact and lost")
    return wrong


def nothing_newer(result: Conversion, release: str) -> list[str]:
    """No emitted document uses an API version, field or value that a release does not have yet."""
    target = Release.parse(release)
    wrong = []
    for document in result.documents:
        kind, api_version = str(document.body["kind"]), str(document.body["apiVersion"])
        known = kinds.by_name(kind)
        if known is None or system_of(kind) != result.to or known.group not in api_version:
            continue
        version = api_version.rpartition("/")[2]
        if served_version(kind, target) != version:
            wrong.append(f"{kind} {version} is not what {release} serves")
            continue
        for path, value in leaves(document.body):
            stated = value if isinstance(value, str) else None
            if path[0] == "spec" and available(kind, path, target, stated) is False:
                wrong.append(f"{kind} {path_text(path)} is newer than {release}")
    return wrong


def controllers_take_it(result: Conversion) -> list[str]:
    """Nothing that Argo CD's controllers refuse is written; projects of the input are there."""
    if result.to != "argocd":
        return []
    wrong: list[str] = []
    for root in sorted({document.root for document in result.documents}):
        bodies: list[Any] = [d.body for d in result.documents if d.root == root]
        own = {
            d.path.rpartition("/")[0] for d in result.documents if d.root == root and not d.listed
        }
        wrong += controller_complaints(bodies, _projects(result), own)
    return wrong


def _projects(result: Conversion) -> set[str]:
    """The projects that are there, or that an earlier conversion noted."""
    found = set()
    for outcome in result.outcomes:
        if outcome.resource.ref.kind == "AppProject":
            found.add(outcome.resource.ref.name)
        metadata: Any = outcome.resource.body.get("metadata")
        noted = metadata.get("annotations") if isinstance(metadata, dict) else None
        if isinstance(noted, dict) and f"{OWN_PREFIX}project" in noted:
            found.add(str(noted[f"{OWN_PREFIX}project"]))
    return found


def _object_kind(table: str) -> str:
    return {"ApplicationSource": "Application", "HelmChartSpec": "HelmRelease"}.get(table, table)


def all_checks(resources: Sequence[Resource], result: Conversion) -> list[str]:
    """Every complaint of every check."""
    return [
        *every_resource_has_one_outcome(resources, result),
        *every_leaf_has_one_entry(result),
        *no_holes(result),
        *output_is_valid(result),
        *names_are_valid_and_unique(result),
        *paths_stay_inside(result),
        *exact_leaves_arrive(result),
        *controllers_take_it(result),
    ]
