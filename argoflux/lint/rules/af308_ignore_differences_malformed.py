"""An entry of `ignoreDifferences` whose paths or names do not say what they should.

## What it does

It reads every entry of `ignoreDifferences`, and of `ignoreApplicationDifferences` of
ApplicationSets: entries without any path, JSON pointers without a leading `/`, with a `/` in a key
of labels or annotations, with wildcards, or to the whole object; jq expressions that jq cannot read;
names with globs; and paths into the list of sources of generated Applications.

## Why is this bad

A pointer that leads nowhere is skipped silently, so the difference stays. An expression that does
not compile is worse: nothing of the Application can be compared any more (ComparisonError).

## Fix safety

The fix adds the leading `/`, or writes the `/` of a label or annotation as `~1`.

## When to ignore it

When the reader of jq here is too strict: it knows the functions of gojq up to 0.12.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, items
from argoflux.finding import Severity
from argoflux.lint.ignored import entries, words
from argoflux.lint.jq_syntax import problem
from argoflux.lint.rule import Example, Rule
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio import edit
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF308",
    name="ignore-differences-malformed",
    severity=Severity.ERROR,
    kinds=("Application", "ApplicationSet"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/",),
)

_PATHS = ("jsonPointers", "jqPathExpressions", "managedFieldsManagers")
_KEYED = re.compile(r"(/(?:.*/)?metadata/(?:annotations|labels)/)(.+)\Z")
_INTO_SOURCES = re.compile(r"/spec/sources/.|\.spec\.sources\[")


class _Trouble(NamedTuple):
    """What is wrong with a pointer, and the right one where there is only one."""

    text: str
    right: str = ""


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The entries of Applications and, for sets, what they leave to others."""
    for app in ctx.applications(resource):
        for path, entry in entries(app):
            yield from _entry(resource, (*app.at, *path), entry, ctx)
    spec = block(resource.body, "spec")
    for number, entry in enumerate(items(spec, "ignoreApplicationDifferences")):
        if isinstance(entry, dict):
            at: Path = ("spec", "ignoreApplicationDifferences", number)
            yield from _entry(resource, at, entry, ctx, of_set=True)


def _entry(
    resource: Resource, path: Path, entry: Mapping[str, Any], ctx: Context, *, of_set: bool = False
) -> Iterator[Finding]:
    if not any(entry.get(name) for name in _PATHS):
        text = "this entry ignores nothing; add `jsonPointers` or `jqPathExpressions`"
        yield RULE.at(resource.place(*path), text, resource=resource)
    for name in () if of_set else ("name", "namespace"):
        value = entry.get(name)
        if isinstance(value, str) and "*" in value and not has_placeholder(value):
            text = f"`{name}` is compared as it is, so `{value}` matches no object"
            hint = "leave it out for all" if value == "*" else "write one entry for each name"
            yield RULE.at(resource.place(*path, name), f"{text}; {hint}", resource=resource)
    for number, pointer in words(entry, "jsonPointers"):
        at = (*path, "jsonPointers", number)
        yield from _pointer(resource, at, pointer, ctx)
        yield from _sources(resource, at, pointer) if of_set else ()
    for number, expression in words(entry, "jqPathExpressions"):
        at = (*path, "jqPathExpressions", number)
        found = "" if has_placeholder(expression) else problem(expression)
        if found:
            yield RULE.at(resource.place(*at), f"the jq expression {found}", resource=resource)
        yield from _sources(resource, at, expression) if of_set else ()


def _pointer(resource: Resource, path: Path, pointer: str, ctx: Context) -> Iterator[Finding]:
    found = None if has_placeholder(pointer) else _trouble(pointer)
    if found is None:
        return
    place, fix = resource.place(*path), None
    if found.right and dig(resource.document.root, *place.path) == pointer:
        edits = edit.set_value(resource.document, place.path, found.right)
        fix = ctx.safe(f"write `{found.right}`", edits)
    yield RULE.at(place, found.text, resource=resource, fix=fix)


def _trouble(pointer: str) -> _Trouble | None:
    """evanphx/json-patch:v4 remove: what no value stands at is skipped."""
    if pointer in {"", "/"}:
        return _Trouble(f"`{pointer}` stands for no field, so nothing is ignored; name one")
    if not pointer.startswith("/"):
        if pointer.startswith("."):
            return _Trouble("this is a jq expression; move it to `jqPathExpressions`")
        return _Trouble("a JSON pointer begins with `/`", f"/{pointer}")
    parts = pointer.split("/")[1:]
    if "*" in parts:
        return _Trouble("JSON pointers have no wildcards; use `jqPathExpressions` with `[]`")
    if parts[-1] == "-":
        return _Trouble("`-` stands behind the last item of a list, where there is nothing")
    keyed = _KEYED.match(pointer)
    if keyed is not None and "/" in keyed[2] and "." in keyed[2].partition("/")[0]:
        right = keyed[1] + keyed[2].replace("/", "~1")
        return _Trouble(f"the `/` in the key is read as a step; write `{right}`", right)
    return None


def _sources(resource: Resource, path: Path, text: str) -> Iterator[Finding]:
    """argo-cd:docs/operator-manual/applicationset/Controlling-Resource-Modification.md."""
    if _INTO_SOURCES.match(text):
        yield RULE.at(
            resource.place(*path),
            "the list `sources` is written as a whole, so one of its fields cannot be left to others;"
            " ignore `/spec/sources`",
            resource=resource,
            severity=Severity.WARNING,
        )


def _example(paths: str) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  ignoreDifferences:
    - group: apps
      kind: Deployment
{paths}"""


def _pointers(pointer: str) -> str:
    return _example(f"      jsonPointers:\n        - {pointer}\n")


def _expression(expression: str) -> str:
    return _example(f"      jqPathExpressions:\n        - {expression}\n")


_POINTER = "spec.ignoreDifferences[0].jsonPointers[0]"
_JQ = "spec.ignoreDifferences[0].jqPathExpressions[0]"
BAD = (
    Example(
        title="an annotation with a slash",
        yaml=_pointers("/metadata/annotations/example.com/revision"),
        at=_POINTER,
        fixed=_pointers("/metadata/annotations/example.com~1revision"),
    ),
    Example(
        title="no leading slash",
        yaml=_pointers("spec/replicas"),
        at=_POINTER,
        fixed=_pointers("/spec/replicas"),
    ),
    Example(
        title="a wildcard",
        yaml=_pointers("/spec/template/spec/containers/*/image"),
        at=_POINTER,
    ),
    Example(title="a jq expression as a pointer", yaml=_pointers(".spec.replicas"), at=_POINTER),
    Example(title="the whole object", yaml=_pointers("/"), at=_POINTER),
    Example(
        title="an entry that ignores nothing", yaml=_example(""), at="spec.ignoreDifferences[0]"
    ),
    Example(title="an open bracket", yaml=_expression("'.spec.template.spec.containers['"), at=_JQ),
    Example(title="a pointer as an expression", yaml=_expression("/spec/replicas"), at=_JQ),
    Example(
        title="a dash in a key",
        yaml=_expression(".metadata.labels.last-seen"),
        at=_JQ,
    ),
    Example(
        title="a glob as a name",
        yaml=_example('      name: "web-*"\n      jsonPointers:\n        - /spec/replicas\n'),
        at="spec.ignoreDifferences[0].name",
    ),
    Example(
        title="one field of one source",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: shops
  namespace: argocd
spec:
  ignoreApplicationDifferences:
    - jqPathExpressions:
        - .spec.sources[0].targetRevision
  generators:
    - list:
        elements:
          - name: north
  template:
    metadata:
      name: "shop-{{name}}"
    spec:
      project: shop
      sources:
        - repoURL: https://git.example.com/shop.git
          path: shop
      destination:
        server: https://kubernetes.default.svc
        namespace: shop
""",
        at="spec.ignoreApplicationDifferences[0].jqPathExpressions[0]",
    ),
)
GOOD = (
    Example(title="a pointer", yaml=_pointers("/metadata/annotations/example.com~1revision")),
    Example(
        title="a filter",
        yaml=_expression("'.spec.template.spec.containers[] | select(.name == \"proxy\").image'"),
    ),
    Example(title="a key in quotes", yaml=_expression("'.metadata.labels[\"last-seen\"]?'")),
    Example(title="a path that is filled in later", yaml=_pointers("{{ pointer }}")),
)
