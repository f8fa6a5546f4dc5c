"""A field of a set's template that has no effect, or that no template can fill in.

## What it does

It reports a namespace in the template's metadata that is not the set's own, a generated name, and parameters in fields
that take no text.

## Why is this bad

The controller overwrites the namespace with its own, and the API server refuses a text where true, false or a number belongs; such fields are set by `templatePatch`.

## When to ignore it

Never; remove what has no effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, text
from argoflux.finding import Severity
from argoflux.lint.appsets import spec_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF335",
    name="appset-template-field-ignored",
    severity=Severity.WARNING,
    kinds=("ApplicationSet",),
    yields_to=("AF101",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

# argo-cd:applicationset/controllers/template/template.go, docs/operator-manual/applicationset/GoTemplate.md
_TYPED = frozenset(
    {
        "prune",
        "selfHeal",
        "allowEmpty",
        "enabled",
        "recurse",
        "limit",
        "factor",
        "revisionHistoryLimit",
    }
)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Fields without effect."""
    written = spec_of(ctx.as_written(resource))
    template = block(written, "template")
    metadata = block(template, "metadata")
    namespace = text(metadata.get("namespace"))
    own = resource.ref.namespace
    if namespace and own and namespace != own:
        message = (
            f"Applications of a set are made in its own namespace `{own}`; this one is not read"
        )
        place = resource.place("spec", "template", "metadata", "namespace")
        yield RULE.at(place, message, resource=resource)
    if metadata.get("generateName"):
        place = resource.place("spec", "template", "metadata", "generateName", on="key")
        yield RULE.at(place, "names cannot be generated in a set; state `name`", resource=resource)
    for path, value in leaves(block(template, "spec")):
        if (
            path
            and path[-1] in _TYPED
            and isinstance(value, str)
            and "{{" in value
            and "helm" not in path
        ):
            message = f"`{path[-1]}` takes no text, so no template can fill it in; set it with `templatePatch`"
            yield RULE.at(
                resource.place("spec", "template", "spec", *path), message, resource=resource
            )


BAD = (
    Example(
        title="another namespace",
        yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR).replace(
            '      name: "{{ .name }}"\n', '      name: "{{ .name }}"\n      namespace: team\n'
        ),
        at="spec.template.metadata.namespace",
    ),
    Example(
        title="pruning by a parameter",
        yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR)
        + '      syncPolicy:\n        automated:\n          prune: "{{ .prune }}"\n',
        at="spec.template.spec.syncPolicy.automated.prune",
    ),
)
GOOD = (
    Example(title="nothing of that", yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR)),
    Example(
        title="pruning by a patch",
        yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR)
        + "  templatePatch: |\n    spec: {syncPolicy: {automated: {prune: {{ .prune }}}}}\n",
    ),
)
