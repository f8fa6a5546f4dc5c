"""What the input may define without saying so: templates that become objects only when rendered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.finding import Finding
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from argoflux.lint.context import Context

_OPEN = re.compile(
    r"\$\{[^}]*\}|\{\{.*?\}\}|<<.*?>>|<[A-Za-z_][A-Za-z0-9_ -]*>|__[A-Z][A-Z0-9_]*__"
)


def may_be(pattern: str, name: str) -> bool:
    """Whether a name with placeholders can become another name."""
    if not has_placeholder(pattern) and "<<" not in pattern:
        return pattern == name
    parts = _OPEN.split(pattern)
    return re.fullmatch(".*".join(re.escape(part) for part in parts), name) is not None


def templates_make(ctx: Context, kind: str) -> bool:
    """Whether a template of a Helm chart holds objects of a kind; their names are not known."""
    known: dict[str, bool] = ctx.memory.setdefault("templates make", {})
    if kind not in known:
        known[kind] = any(
            resource.ref.kind == kind and has_placeholder(resource.ref.name or "{{")
            for resource in ctx.workspace.templated
        ) or any(_holds_kind(text, kind) for text in _template_texts(ctx))
    return known[kind]


def _holds_kind(text: str, kind: str) -> bool:
    return re.search(rf"kind:\s*[\"']?{kind}\b", text) is not None


def _template_texts(ctx: Context) -> tuple[str, ...]:
    found: tuple[str, ...] | None = ctx.memory.get("template texts")
    if found is None:
        tree, paths = ctx.workspace.tree, ctx.workspace.paths
        sources = [tree.read(paths[name]) for name in ctx.workspace.templates if paths.get(name)]
        found = tuple(each.text for each in sources if not isinstance(each, Finding))
        ctx.memory["template texts"] = found
    return found
