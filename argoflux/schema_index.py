"""The index of a folder of compact schemas: which kinds and versions it holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from argoflux.kinds import version_rank

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.schema_import import ImportedSchema

_HISTORY = ("introduced", "deprecatedIn", "removed")
"""Facts of an index row that no CRD states."""


def merge_index(
    index: dict[str, Any], imported: Iterable[ImportedSchema], origin: str | None = None
) -> dict[str, Any]:
    """The index with the imported versions added or replaced; rows sorted by group and kind.

    What a CRD does not tell (releases, the owning system) is kept from the old row. ``origin``
    names the release that the schemas were read from; without it the old name stays.
    """
    rows = {(row["group"], row["kind"]): dict(row) for row in index.get("kinds", ())}
    for schema in imported:
        fresh: dict[str, Any] = {"engine": None, "versions": []}
        row = rows.setdefault((schema.group, schema.kind), fresh)
        row.update(group=schema.group, kind=schema.kind, plural=schema.plural, scope=schema.scope)
        versions = {version["version"]: version for version in row["versions"]}
        old = versions.get(schema.version, {})
        versions[schema.version] = {
            "version": schema.version,
            "served": schema.served,
            "storage": schema.storage,
            "deprecated": schema.deprecated,
            **{fact: old.get(fact) for fact in _HISTORY},
            "schema": schema.file,
            "from": origin or old.get("from"),
        }
        newest_first = sorted(versions, key=version_rank, reverse=True)
        row["versions"] = [versions[name] for name in newest_first]
    return {**index, "kinds": [rows[key] for key in sorted(rows)]}


def render_index(index: dict[str, Any]) -> str:
    """The index as JSON, one line per version, so that a change is a readable diff."""
    kinds = []
    for row in index["kinds"]:
        head = {key: row[key] for key in ("group", "kind", "plural", "scope", "engine")}
        versions = ",\n    ".join(json.dumps(version) for version in row["versions"])
        kinds.append(f'  {json.dumps(head)[:-1]}, "versions": [\n    {versions}]}}')
    rest = "".join(
        f", {json.dumps(key)}: {json.dumps(value)}"
        for key, value in index.items()
        if key != "kinds"
    )
    return '{"kinds": [\n' + ",\n".join(kinds) + f"\n]{rest}}}\n"
