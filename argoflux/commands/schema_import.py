"""``schema import``: CustomResourceDefinitions to compact schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argoflux.commands.folder import safe_path
from argoflux.errors import InputError, UsageError

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.schema_import import ImportedSchema
    from argoflux.workspace.files import Discovered

_MARK = b"CustomResourceDefinition"
_INDEX = "index.json"
_TEMPORARY = ".argoflux-new"


def run(invocation: Invocation) -> int:
    """Write one file per kind and version, and the index; returns 0.

    Raises InputError when no definition is found or one is broken, UsageError when a file in the
    way is not a compact schema.
    """
    from argoflux.schema_import import import_crds
    from argoflux.schema_index import merge_index, render_index
    from argoflux.workspace.files import discover

    paths = (*invocation.arguments, *invocation.many("filename")) or (".",)
    found = discover(
        paths, stdin=invocation.stdin, cwd=invocation.cwd, keep=lambda data: _MARK in data
    )
    schemas = import_crds(_bodies(found, invocation), origin=" ".join(paths))
    target = Path(invocation.cwd, invocation.text("output-dir") or "schemas")
    index = merge_index(_old_index(target / _INDEX), schemas)
    texts = {safe_path(schema.file): schema.text() for schema in schemas}
    for name in texts:
        _refuse_foreign(target / name, name)
    written = [name for name, text in texts.items() if _write(target / name, text)]
    _write(target / _INDEX, render_index(index))
    _report(invocation, schemas, set(written))
    return 0


def _bodies(found: Discovered, invocation: Invocation) -> list[Any]:
    """Every parsed document; what did not parse is said on stderr and left out."""
    from argoflux.finding import Finding
    from argoflux.yamlio.load import decode_bytes, load_text

    bodies: list[Any] = []
    problems = list(found.findings)
    for file in found.files:
        source = decode_bytes(file.name, file.data)
        if isinstance(source, Finding):
            problems.append(source)
            continue
        loaded = load_text(source)
        problems.extend(loaded.findings)
        bodies.extend(document.body for document in loaded.documents)
    for problem in sorted(problems, key=lambda problem: problem.place.sort_key()):
        line, column = problem.place.line_column()
        name = problem.place.source.name
        invocation.say(f"{name}:{line}:{column}: {problem.code} {problem.message}")
    return bodies


def _old_index(path: Path) -> dict[str, Any]:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(f"`{path.name}` of the output folder cannot be read: {error}") from error
    if not isinstance(index, dict) or not isinstance(index.get("kinds"), list):
        raise UsageError(
            f"`{path.name}` of the output folder is not an index of schemas",
            hint="choose another folder with `-d`",
        )
    return index


def _refuse_foreign(path: Path, name: str) -> None:
    """A file in the way must be a compact schema, nothing else is replaced."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        text = ""
    if '"x-kubernetes-group-version-kind"' not in text:
        raise UsageError(
            f"`{name}` in the output folder is not a compact schema and stays as it is",
            hint="choose another folder with `-d`, or move the file away",
        )


def _write(path: Path, text: str) -> bool:
    """Write a file atomically; False when it already has this content. Raises InputError."""
    try:
        if path.is_file() and path.read_bytes() == text.encode():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + _TEMPORARY)
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        raise InputError(f"cannot write `{path.name}`: {error.strerror}") from error
    return True


def _report(invocation: Invocation, schemas: list[ImportedSchema], written: set[str]) -> None:
    for schema in schemas:
        state = "written" if safe_path(schema.file) in written else "unchanged"
        invocation.stdout.write(f"{schema.file}: {state}\n")
