"""A template of an ApplicationSet in the syntax of the language that is not switched on.

## What it does

An ApplicationSet has two template languages: Go templates with `goTemplate: true`, else plain tags. The rule reports placeholders of the
one where the other is in force, braces that are not closed, functions that Argo CD takes out of Go templates, and every other mistake for which
a template or `templatePatch` cannot be read.

## Why is this bad

A plain tag that is not known is left as it is: the set tries to make an Application called `{{.name}}`. In Go templates a bare word is a
function that does not exist, and the whole set fails.

## Fix safety

The fix switches Go templates on where every placeholder is one; texts that stayed as they were are filled in from then on.

## When to ignore it

When the braces are meant for another program that reads the field later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.argocd.appset.problems import ABSENT
from argoflux.argocd.shapes import items
from argoflux.finding import Severity
from argoflux.lint.appsets import GO_OPTIONS, QUOTED, placeholders, spec_of, unclosed
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
    from argoflux.lint.appsets import Placeholder
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF328",
    name="appset-template-syntax",
    severity=Severity.ERROR,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/GoTemplate/",),
)

# argo-cd:applicationset/utils/utils.go Replace, isTemplated; plain tags are fasttemplate's
_GO = re.compile(
    r"-?\s*(?:\.|\$|\(|(?:index|if|else|end|range|with|define|template|block|default|dig|printf?|normalize|slugify"
    r"|toYaml|fromYaml|fromYamlArray|eq|ne|and|or|not|len|list|dict|get|hasKey|ternary|lower|upper|trim\w*|replace"
    r"|regex\w*|first|last|join|split\w*|quote|cat)\b(?:\s|$|\())"
)
_TAG = re.compile(r"\s*[A-Za-z_][\w-]*(?:\[\d+\])?(?:\.[\w./-]+(?:\[\d+\])?)*\s*")
_WORDS = frozenset(
    {"end", "else", "break", "continue", "now", "list", "dict", "true", "false", "nil", "uuidv4"}
)
# argo-cd:applicationset/utils/utils.go init: deleted from sprig's functions
_REMOVED = re.compile(r"(?:^-?|[\s(|])(env|expandenv|getHostByName)\b")


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Placeholders of the wrong language; each text is told once."""
    spec = spec_of(resource)
    go = spec.get("goTemplate") is True
    found = list(placeholders(resource))
    told = set()
    for one in found:
        message = _in_go(one) if go else _in_tags(one)
        if message and one.path not in told:
            told.add(one.path)
            fix = _fix(resource, found, ctx) if not go else None
            yield RULE.at(resource.place(*one.path), message, resource=resource, fix=fix)
    for path in unclosed(resource):
        if path not in told:
            told.add(path)
            message = "`{{` is never closed; end it with `}}` in the same text"
            yield RULE.at(resource.place(*path), message, resource=resource)
    if not GO_OPTIONS.issuperset(map(str, items(spec, "goTemplateOptions"))):
        return  # AF329: nothing is read
    for problem in ctx.expansion(resource).problems:
        of_language = problem.reason == "template" and problem.what != ABSENT
        if of_language and problem.path not in told:
            told.add(problem.path)
            message = f"the template cannot be read, so the whole set fails: {problem.text}"
            yield RULE.at(resource.place(*problem.path), message, resource=resource)


def _in_tags(one: Placeholder) -> str:
    if _GO.match(one.inside) is None or _TAG.fullmatch(one.inside):
        return ""
    return (
        f"`{{{{{one.inside}}}}}` is a Go template, but `goTemplate` is not true: the text stays as it is;"
        " set `goTemplate: true`"
    )


def _in_go(one: Placeholder) -> str:
    word = one.inside.strip().strip("-").strip()
    if _TAG.fullmatch(one.inside) is None or word in _WORDS:
        removed = _REMOVED.search(QUOTED.sub(" ", one.inside))
        if removed is None:
            return ""
        return f"Argo CD has no function `{removed[1]}` in templates: the whole set fails"
    return (
        f"`{{{{{one.inside}}}}}` is a plain tag, but `goTemplate` is true: write"
        f" `{{{{ {_go(word)} }}}}`, or the whole set fails"
    )


def _go(tag: str) -> str:
    """A plain tag in Go (argo-cd:docs/operator-manual/applicationset/GoTemplate.md, migration)."""
    if tag == "path":
        return ".path.path"
    segment = re.fullmatch(r"(.*\bpath)\[(\d+)\]", tag)
    if segment is not None:
        return f"index .{segment[1]}.segments {segment[2]}"
    of_cluster = re.fullmatch(r"(metadata\.(?:labels|annotations)|values)\.(.+)", tag)
    if of_cluster is not None and not of_cluster[2].isidentifier():
        return f'index .{of_cluster[1]} "{of_cluster[2]}"'
    return f".{tag}"


def _fix(resource: Resource, found: list[Placeholder], ctx: Context) -> Fix | None:
    spec = spec_of(resource)
    every = all(_GO.match(one.inside) and not _TAG.fullmatch(one.inside) for one in found)
    if not every or "goTemplate" in spec or "goTemplateOptions" in spec:
        return None
    first = next(iter(spec))
    place = resource.place("spec").path
    document = resource.document
    edits = insert(document, (*place, "goTemplate"), value=True, after=str(first))
    return ctx.unsafe("switch Go templates on", edits)


_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  generators:
    - list:
        elements:
          - name: web
  template:
    metadata:
      name: "<name>"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
"""
_GO_SET = _SET.replace("spec:\n  generators", "spec:\n  goTemplate: true\n  generators", 1)

BAD = (
    Example(
        title="a Go template without the switch",
        yaml=_SET.replace("<name>", "{{ .name }}"),
        at="spec.template.metadata.name",
        fixed=_SET.replace("<name>", "{{ .name }}").replace(
            "          - name: web\n  template",
            "          - name: web\n  goTemplate: true\n  template",
        ),
        safety="unsafe",
    ),
    Example(
        title="braces that are not closed",
        yaml=_GO_SET.replace("<name>", "{{ .name }-web"),
        at="spec.template.metadata.name",
    ),
    Example(
        title="a function that does not exist",
        yaml=_GO_SET.replace("<name>", "{{ .name | shorten }}"),
        at="spec.template.metadata.name",
    ),
    Example(
        title="a plain tag in a Go template",
        yaml=_GO_SET.replace("<name>", "{{name}}"),
        at="spec.template.metadata.name",
    ),
)
GOOD = (
    Example(title="plain tags", yaml=_SET.replace("<name>", "{{name}}")),
    Example(title="Go templates", yaml=_GO_SET.replace("<name>", "{{ .name | lower }}")),
    Example(
        title="braces as a text", yaml=_GO_SET.replace("<name>", "{{ `{{` | len }}-{{ .name }}")
    ),
    Example(
        title="braces for Helm",
        yaml=_SET.replace("<name>", "{{name}}").replace(
            "        path: web\n",
            "        path: web\n        helm:\n          values: 'a: {{ .Values.b }}'\n",
        ),
    ),
)
