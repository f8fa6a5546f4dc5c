"""What rules about ApplicationSets share: their generators and the placeholders of their templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.resource import Resource
    from argoflux.text import Path

GO_OPTIONS = frozenset({f"missingkey={value}" for value in ("error", "default", "invalid", "zero")})
"""The options of Go's text/template (golang/go:src/text/template/option.go); others end in a panic."""

COMBINING = frozenset({"matrix", "merge"})
LIVE = frozenset({"clusters", "scmProvider", "pullRequest", "plugin", "clusterDecisionResource"})
"""Generators whose answers nobody can know from files alone."""

_ACTION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
QUOTED = re.compile(r"`[^`]*`|\"(?:[^\"\\]|\\.)*\"")
"""Texts inside of a Go template."""

_BOUND = re.compile(r"[$]|:=|\b(?:with|range|define|template|block)\b|(?<![\w)\]])\.(?![\w])")
_FIELD = re.compile(r"(?<![\w)\]])\.(\w+)(?:\.(\w+))?")

_VALUES = "values"
# argo-cd:applicationset/generators/{cluster,git,scm_provider,pull_request}.go
_OFFERED = {
    "clusters": {"name", "nameNormalized", "server", "project", "metadata", _VALUES},
    "scmProvider": {
        *("organization", "repository", "repository_id", "url", "branch", "branchNormalized"),
        *("sha", "short_sha", "short_sha_7", "labels", _VALUES),
    },
    "pullRequest": {
        *("number", "title", "branch", "branch_slug", "target_branch", "target_branch_slug"),
        *("head_sha", "head_short_sha", "head_short_sha_7", "author", "labels", _VALUES),
    },
}
"""The parameters of generators that always give the same ones, by their first word."""


class Generator(NamedTuple):
    """One generator: its kind, its path in the ApplicationSet, and what it states."""

    kind: str
    path: Path
    stated: Mapping[str, Any]
    nested: bool


class Placeholder(NamedTuple):
    """One ``{{ … }}`` of a template: the path of its text, and what stands inside."""

    path: Path
    inside: str


def spec_of(resource: Resource) -> dict[str, Any]:
    """``spec`` of an ApplicationSet, empty where there is none."""
    return block(resource.body, "spec")


def generators(resource: Resource) -> Iterator[Generator]:
    """Every generator, those of combinations after the combination."""
    yield from _generators(spec_of(resource), ("spec",), nested=False)


def _generators(node: Mapping[str, Any], at: Path, *, nested: bool) -> Iterator[Generator]:
    for number, generator in enumerate(blocks(node, "generators")):
        for kind, stated in generator.items():
            if isinstance(stated, dict) and kind != "selector":
                path = (*at, "generators", number, kind)
                yield Generator(kind, path, stated, nested)
                if kind in COMBINING:
                    yield from _generators(stated, path, nested=True)


def kinds_of(resource: Resource) -> frozenset[str]:
    """The kinds of generators that are asked, without combinations."""
    return frozenset(one.kind for one in generators(resource)) - COMBINING


def placeholders(resource: Resource) -> Iterator[Placeholder]:
    """The placeholders of the template and of ``templatePatch``, in order.

    Texts for Helm and for plugins may hold templates of their own; they are left out.
    """
    for path, value in _templated(resource):
        for match in _ACTION.finditer(value):
            yield Placeholder(path, match[1])


def unclosed(resource: Resource) -> Iterator[Path]:
    """The texts of the template that open a placeholder and do not close it."""
    for path, value in _templated(resource):
        if "{{" in _ACTION.sub("", value):
            yield path


def _templated(resource: Resource) -> Iterator[tuple[Path, str]]:
    """The texts of the template and of ``templatePatch`` that are for Argo CD."""
    spec = spec_of(resource)
    for path, value in leaves(block(spec, "template")):
        if isinstance(value, str) and "{{" in value and not _is_for_others(path):
            yield ("spec", "template", *path), value
    patch = spec.get("templatePatch")
    if isinstance(patch, str):
        yield ("spec", "templatePatch"), patch


def _is_for_others(path: Path) -> bool:
    return any(
        path[n : n + 2] in {("helm", "values"), ("helm", "valuesObject"), ("plugin", "env")}
        for n in range(len(path))
    )


class Parameter(NamedTuple):
    """A parameter that a template names: its first word, and the one after it."""

    root: str
    key: str


def parameters(text_: str, *, go: bool) -> frozenset[Parameter] | None:
    """The parameters that a text names; None where that takes more than reading it."""
    found = set()
    for match in _ACTION.finditer(text_):
        inside = match[1]
        if not go:
            words = re.split(r"[.\[]", inside.strip())
            found.add(Parameter(words[0], words[1] if len(words) > 1 else ""))
            continue
        plain = QUOTED.sub(" ", inside)
        if _BOUND.search(plain):
            return None
        found |= {Parameter(root, key) for root, key in _FIELD.findall(plain)}
    return frozenset(found)


def may_give(one: Generator, wanted: Parameter) -> bool:
    """Whether a generator may be what gives a parameter; values that it states itself are not asked."""
    offered = _offered(one)
    if wanted.root == _VALUES and (offered is None or _VALUES in offered) and one.kind != "list":
        value = block(one.stated, _VALUES).get(wanted.key)
        return isinstance(value, str) and "{{" in value
    return offered is None or wanted.root in offered


def _offered(one: Generator) -> frozenset[str] | None:
    """The first words of what a generator gives, None for any."""
    if one.kind == "list":
        elements = items(one.stated, "elements")
        if one.stated.get("elementsYaml") or not all(isinstance(each, dict) for each in elements):
            return None
        return frozenset(str(key).partition(".")[0] for each in elements for key in each)
    if one.kind == "git" and not items(one.stated, "files"):
        return frozenset({text(one.stated.get("pathParamPrefix")) or "path", _VALUES})
    if one.kind == "clusters" and one.stated.get("flatList") is True:
        return frozenset({"clusters"})
    found = _OFFERED.get(one.kind)
    return frozenset(found) if found is not None else None
