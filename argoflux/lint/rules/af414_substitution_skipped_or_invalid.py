"""Variables of a Kustomization that are not filled in as their author expects.

## What it does

It looks at `postBuild`: names that are no names of variables, values with line breaks, defaults such as
`${region:=west}` in a path for which there may be no variable at all, and variables inside of the base64 text
of a Secret.

## Why is this bad

A name that is no name fails the whole build. Without a single variable nothing is substituted, also no
default, so `${region:=west}` reaches the cluster as it is. Line breaks are removed from values, which changes
keys and certificates. What is encoded as base64 is not looked at.

## Fix safety

The fix sets `substituteStrategy: Always`, so that defaults count in any case; other texts with `${…}` in the
same path are then substituted as well.

## When to ignore it

When the optional ConfigMap with variables is always there.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import is_stated, pairs, table, tables, text
from argoflux.goports.envsubst import SubstitutionError, parse, uses
from argoflux.lint.arrivals import arrivals, is_kustomization
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import GIT_REPOSITORY, KUSTOMIZATION
from argoflux.lint.substituted import builds, given, place_in, tokens
from argoflux.versions import Release
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.deliveries import Delivery
    from argoflux.lint.substituted import Given
    from argoflux.resource import Resource

RULE = Rule(
    code="AF414",
    name="substitution-skipped-or-invalid",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Kustomization",),
    evidence=("document", "files"),
    links=(
        "https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution",
    ),
)

# fluxcd/pkg:kustomize/kustomize_varsub.go varsubRegex
_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*\Z")
_ALWAYS_SINCE = Release(2, 9)
_STATED = ("spec", "postBuild", "substitute")


def check(ctx: Context) -> Iterator[Finding]:
    """What a Kustomization states itself, then what it builds."""
    if not any(
        is_kustomization(r) and is_stated(r.body, "spec", "postBuild") for r in ctx.resources
    ):
        return
    for resource in ctx.resources:
        if is_kustomization(resource):
            yield from _own_variables(resource)
            yield from _taken_variables(ctx, resource)
    for build in builds(ctx):
        if is_stated(build.owner.body, "spec", "postBuild"):
            known = given(ctx, build.owner)
            yield from _defaults_left(ctx, build, known)
            yield from _encoded(build, known)


def _own_variables(resource: Resource) -> Iterator[Finding]:
    """fluxcd/pkg:kustomize/kustomize_varsub.go (a key that is no name is an error)."""
    for name, value in pairs(resource.body, *_STATED).items():
        if has_placeholder(name):
            continue
        if not _NAME.match(name):
            yield RULE.at(
                resource.place(*_STATED, name, on="key"),
                f"`{name}` is no name of a variable (letters, digits and `_`), so the build fails",
                resource=resource,
                severity=Severity.ERROR,
            )
        elif "\n" in value.rstrip("\n"):
            yield RULE.at(
                resource.place(*_STATED, name),
                f"the line breaks of `{name}` are removed when it is filled in; encode the value,"
                " or take it from a Secret where it is used",
                resource=resource,
            )


def _taken_variables(ctx: Context, resource: Resource) -> Iterator[Finding]:
    path = ("spec", "postBuild", "substituteFrom")
    for number, entry in enumerate(tables(resource.body, *path)):
        kind, name = text(entry, "kind") or "", text(entry, "name") or ""
        if not name or has_placeholder(name):
            continue
        found = arrivals(ctx).objects.find(resource.root, kind, resource.ref.namespace, name)
        keys = [*table(found or {}, "data"), *table(found or {}, "stringData")]
        bad = [key for key in keys if not _NAME.match(str(key))]
        if bad:
            yield RULE.at(
                resource.place(*path, number),
                f"{kind} `{name}` has the key `{bad[0]}`, which is no name of a variable (letters,"
                " digits and `_`), so the build fails",
                resource=resource,
                severity=Severity.ERROR,
            )


def _defaults_left(ctx: Context, build: Delivery, known: Given) -> Iterator[Finding]:
    """Defaults that stay as they are written, because there may be no variable.

    fluxcd/pkg:kustomize/kustomize_varsub.go (`len(vars) > 0`, or the strategy Always).
    """
    variables, owner = known.variables, build.owner
    always = text(owner.body, "spec", "postBuild", "substituteStrategy") == "Always"
    optional = {
        f"{text(entry, 'kind')}/{text(entry, 'name')}"
        for entry in tables(owner.body, "spec", "postBuild", "substituteFrom")
        if entry.get("optional") is True
    }
    if always or variables.values or variables.secret or not set(known.absent) <= optional:
        return
    token = next(
        (
            token
            for obj in build.content.objects
            for token in tokens(ctx, obj)
            if any(use.has_default for use in token.uses)
        ),
        None,
    )
    if token is None:
        return
    used = next(use for use in token.uses if use.has_default)
    why = f"unless {' or '.join(known.absent)} exists" if known.absent else "without any variable"
    at = owner.place("spec", "postBuild", "substituteStrategy")
    supported = ctx.release("flux", owner.written) >= _ALWAYS_SINCE
    edits = insert(owner.written.document, at.path, "Always") if supported else ()
    remedy = "set `substituteStrategy: Always`" if supported else "define a variable"
    yield RULE.at(
        owner.place("spec", "postBuild", on="key"),
        f"nothing is substituted {why}, so `${{{used.name}{used.operator}…}}` stays as it is;"
        f" {remedy}",
        resource=owner,
        fix=ctx.unsafe("set `substituteStrategy: Always`", edits),
    )


def _encoded(build: Delivery, known: Given) -> Iterator[Finding]:
    if not known.variables.active:
        return
    defined = known.variables.values.keys() | known.variables.secret
    for obj in build.content.objects:
        if obj.ref.kind != "Secret" or obj.ref.group:
            continue
        for key, value in pairs(obj.body, "data").items():
            name = next((each for each in _names(value) if each in defined), "")
            if name:
                yield RULE.at(
                    place_in(obj, ("data", key), value),
                    f"`{key}` holds `${{{name}}}` as base64, which is not substituted; use"
                    " `stringData`",
                )


def _names(value: str) -> list[str]:
    """The variables in a text that is encoded."""
    try:
        decoded = base64.b64decode(value, validate=True).decode()
        return [use.name for use in uses(parse(decoded))] if "${" in decoded else []
    except (binascii.Error, UnicodeDecodeError, ValueError, SubstitutionError):
        return []


_GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
_SOURCE = GIT_REPOSITORY.replace("{tag: v1.2.3}", "{branch: main}")
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  region: ${region:=west}
"""
_HIDDEN = """\
apiVersion: v1
kind: Secret
metadata:
  name: web
data:
  address: JHtyZWdpb259LmV4YW1wbGUuY29t
"""
_OPTIONAL = (
    KUSTOMIZATION
    + "  postBuild:\n    substituteFrom:\n      - {kind: ConfigMap, name: vars, optional: true}\n"
)
_SUBSTITUTED = KUSTOMIZATION + "  postBuild:\n    substitute:\n      region: west\n"


def _files(owner: str, manifest: str) -> dict[str, str]:
    return {
        ".git/config": _GIT,
        "source.yaml": _SOURCE,
        "web.yaml": owner,
        "web/config.yaml": manifest,
    }


BAD = (
    Example(
        title="a default, and maybe no variable",
        files=_files(_OPTIONAL, _CONFIG),
        file="web.yaml",
        at="spec.postBuild",
        fixed=_OPTIONAL + "    substituteStrategy: Always\n",
        safety="unsafe",
    ),
    Example(
        title="a name with a hyphen",
        yaml=KUSTOMIZATION + "  postBuild:\n    substitute:\n      cluster-name: west\n",
        at="spec.postBuild.substitute.cluster-name",
    ),
    Example(
        title="a value of several lines",
        yaml=KUSTOMIZATION
        + "  postBuild:\n    substitute:\n      names: |\n        a\n        b\n",
        at="spec.postBuild.substitute.names",
    ),
    Example(
        title="a variable that is encoded",
        files=_files(_SUBSTITUTED, _HIDDEN),
        file="web/config.yaml",
        at="data.address",
    ),
)
GOOD = (
    Example(title="there is a variable", files=_files(_SUBSTITUTED, _CONFIG)),
    Example(
        title="defaults count in any case",
        files=_files(_OPTIONAL + "    substituteStrategy: Always\n", _CONFIG),
    ),
    Example(
        title="no substitution is meant",
        files=_files(KUSTOMIZATION, _CONFIG),
    ),
    Example(title="files that are not at hand", yaml=_OPTIONAL),
)
