"""An ApplicationSet whose templates go on when a parameter is missing.

## What it does

It reports sets with `goTemplate: true` whose `goTemplateOptions` do not hold `missingkey=error`, and options that Go templates do not have
(`missingkey=Error`), with which the set fails.

## Why is this bad

A parameter that is missing or misspelt becomes the text `<no value>`, in a name, a path or a project. With the option the set reports an error
and changes nothing.

## Fix safety

The fix adds the option. A template that relied on an absent key then stops the set, which tells where it did.

## When to ignore it

When templates rely on keys that may be absent; `dig`, `default` and `hasKey` say so without losing the check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import items
from argoflux.finding import Severity
from argoflux.lint.appsets import GO_OPTIONS, spec_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF329",
    name="appset-missingkey-not-error",
    severity=Severity.WARNING,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

_OPTION = "missingkey=error"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The option that is missing."""
    spec = spec_of(resource)
    options = items(spec, "goTemplateOptions")
    if spec.get("goTemplate") is not True:
        return
    yield from _unknown(resource, options)
    if _OPTION in options or any(one not in GO_OPTIONS for one in options):
        return
    place = resource.place("spec", "goTemplateOptions" if options else "goTemplate")
    at = (*resource.place("spec").path, "goTemplateOptions")
    if "goTemplateOptions" in spec:
        edits = insert(resource.document, (*at, len(options)), _OPTION)
    else:
        edits = insert(resource.document, at, [_OPTION], after="goTemplate")
    message = (
        "a parameter that is missing becomes `<no value>` in names and paths; add"
        f" `goTemplateOptions: [{_OPTION}]`"
    )
    fix = ctx.unsafe(f"add `{_OPTION}`", edits)
    yield RULE.at(place, message, resource=resource, fix=fix)


def _unknown(resource: Resource, options: list[Any]) -> Iterator[Finding]:
    for number, one in enumerate(options):
        if one not in GO_OPTIONS:
            message = (
                f"`{one}` is no option of Go templates, so the whole set fails; write `{_OPTION}`"
            )
            place = resource.place("spec", "goTemplateOptions", number)
            yield RULE.at(place, message, resource=resource, severity=Severity.ERROR)


_WITH = APPLICATION_SET.replace("<generator>", LIST_GENERATOR)
_WITHOUT = _WITH.replace("  goTemplateOptions: [missingkey=error]\n", "")

BAD = (
    Example(
        title="Go templates without the option",
        yaml=_WITHOUT,
        at="spec.goTemplate",
        fixed=_WITH.replace("[missingkey=error]", "\n    - missingkey=error").replace(
            ": \n", ":\n"
        ),
        safety="unsafe",
    ),
    Example(
        title="a slip in the option",
        yaml=_WITH.replace("missingkey=error", "missingkey=Error"),
        at="spec.goTemplateOptions[0]",
    ),
)
GOOD = (Example(title="with the option", yaml=_WITH),)
