"""A variable that a Kustomization would have to fill in, and that nobody defines.

## What it does

It looks for `${NAME}` in everything that a Kustomization with `postBuild` builds, and at the variables in its
`substitute` and `substituteFrom`. Forms that Flux cannot read (`${a-b}`, `${a[@]}`) are reported as well. Where
a ConfigMap or Secret with further variables is not at hand, one info names what it has to hold.

## Why is this bad

Since Flux 2.9 an undefined variable fails the whole build: nothing is applied any more. Before, it became
empty in silence, which breaks shell scripts in ConfigMaps above all. A form that cannot be read fails with
every release.

## Fix safety

The fix escapes the variable as `$${NAME}`, so that the text reaches the cluster as it is written. It is only
offered for texts of several lines, which are scripts most of the time.

## When to ignore it

When the variable comes from a source that is created in the cluster.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import GIT_REPOSITORY, KUSTOMIZATION
from argoflux.lint.substituted import builds, given, is_proved, named, place_in, tokens
from argoflux.versions import Release
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.tree import Document, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix, Place
    from argoflux.lint.context import Context
    from argoflux.lint.substituted import Given, Token
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

RULE = Rule(
    code="AF413",
    name="undefined-substitution-variable",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Kustomization",),
    evidence=("document", "files", "target"),
    links=(
        "https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution",
    ),
)

_SHOWN = 5
_STRICT = Release(2, 9)


class _Missing:
    """One use that fails: for whom, and where."""

    def __init__(self, obj: ContentObject, token: Token) -> None:
        self.obj = obj
        self.token = token
        self.owners: list[Resource] = []


def check(ctx: Context) -> Iterator[Finding]:
    """Uses without a value, told once however many Kustomizations build the object.

    kustomize-controller:internal/features/features.go StrictPostBuildSubstitutions,
    fluxcd/pkg:envsubst/parse/parse.go.
    """
    missing: dict[tuple[ContentObject, str], _Missing] = {}
    unseen: dict[tuple[str, tuple[str, ...]], dict[str, list[Resource]]] = defaultdict(dict)
    for build in builds(ctx):
        known = given(ctx, build.owner)
        if not known.variables.active:
            continue
        for obj in build.content.objects:
            for token in tokens(ctx, obj):
                for name in _undefined(token, known):
                    if name and known.absent:
                        key = (build.root, known.absent)
                        unseen[key].setdefault(name, []).append(build.owner)
                        continue
                    found = missing.setdefault((obj, name), _Missing(obj, token))
                    if build.owner not in found.owners:
                        found.owners.append(build.owner)
    for (_, name), found in missing.items():
        yield _told(ctx, name, found)
    for (_, absent), names in unseen.items():
        yield _unproved(absent, names)


def _undefined(token: Token, known: Given) -> list[str]:
    """Names without a value; an empty name stands for a text that cannot be read."""
    if token.error:
        return [""]
    variables = known.variables
    defined = variables.values.keys() | variables.secret
    return list(
        dict.fromkeys(
            use.name for use in token.uses if not use.has_default and use.name not in defined
        )
    )


def _told(ctx: Context, name: str, found: _Missing) -> Finding:
    owner, token = found.owners[0], found.token
    place = place_in(found.obj, token.path, token.value)
    strict = ctx.release("flux", owner.written) >= _STRICT
    weight = Severity.ERROR if strict or not name else Severity.WARNING
    if not all(is_proved(ctx, each) for each in found.owners):
        weight = Severity.WARNING
    if not name:
        shown = _shown(token.value)
        message = (
            f"{shown} is no form of `${{…}}` that Flux reads ({token.error}), so"
            f" {named(found.owners)} cannot be built; escape it as `$${{`"
        )
        return RULE.at(place, message, severity=weight)
    effect = "the build fails" if strict else "it becomes empty"
    return RULE.at(
        place,
        f"variable `{name}` is not defined for {named(found.owners)}: {effect}; define it, give"
        f" it a default, or escape it as `$${{{name}}}`",
        severity=weight,
        fix=_escaped(ctx, place, token.value, name),
    )


def _unproved(absent: tuple[str, ...], names: dict[str, list[Resource]]) -> Finding:
    owner = next(iter(names.values()))[0]
    shown = ", ".join(f"`{name}`" for name in list(names)[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    verb = "is" if len(names) == 1 else "are"
    sources = ", ".join(absent)
    return RULE.at(
        owner.place("spec", "postBuild"),
        f"{shown}{more} {verb} used and not defined in the files at hand: {sources} must hold"
        f" {'it' if len(names) == 1 else 'them'}",
        resource=owner,
        severity=Severity.INFO,
    )


def _shown(value: str) -> str:
    """The first use of a text that cannot be read, for the message."""
    at = value.index("${")
    return f"`{value[at : at + 24].splitlines()[0]}`"


def _escaped(ctx: Context, place: Place, value: str, name: str) -> Fix | None:
    document = place.document
    if "\n" not in value or not isinstance(document, Document):
        return None
    if dig(document.root, *place.path) != value:
        return None
    pattern = rf"(?<!\$)\$\{{(?=#?{re.escape(name)}[^\w])"
    edits = set_value(document, place.path, re.sub(pattern, "$${", value))
    return ctx.unsafe(f"escape it as `$${{{name}}}`", edits)


_GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
_SOURCE = GIT_REPOSITORY.replace("{tag: v1.2.3}", "{branch: main}")
_SUBSTITUTED = KUSTOMIZATION + "  postBuild:\n    substitute:\n      region: west\n"
_OPEN = _SUBSTITUTED + "    substituteFrom:\n      - {kind: Secret, name: settings}\n"
_SCRIPT = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: script
data:
  run.sh: |
    cd "${HOME}"
    echo ${region} ${colour:-blue}
"""
_LINE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  colour: <colour>
"""


def _files(owner: str, manifest: str) -> dict[str, str]:
    return {
        ".git/config": _GIT,
        "source.yaml": _SOURCE,
        "web.yaml": owner,
        "web/config.yaml": manifest,
    }


BAD = (
    Example(
        title="a variable of a shell",
        files=_files(_SUBSTITUTED, _SCRIPT),
        file="web/config.yaml",
        at='data["run.sh"]',
        fixed=_SCRIPT.replace("${HOME}", "$${HOME}"),
        safety="unsafe",
    ),
    Example(
        title="a variable that nobody defines",
        files=_files(_SUBSTITUTED, _LINE.replace("<colour>", "${colour}")),
        file="web/config.yaml",
        at="data.colour",
    ),
    Example(
        title="a form that a shell knows and Flux does not",
        files=_files(_SUBSTITUTED, _LINE.replace("<colour>", "${colour-blue}")),
        file="web/config.yaml",
        at="data.colour",
    ),
    Example(
        title="a Secret that is not at hand has to define it",
        files=_files(_OPEN, _LINE.replace("<colour>", "${colour}")),
        file="web.yaml",
        at="spec.postBuild",
    ),
)
GOOD = (
    Example(
        title="an escaped variable",
        files=_files(_SUBSTITUTED, _SCRIPT.replace("${HOME}", "$${HOME}")),
    ),
    Example(
        title="defaults and a variable that is defined",
        files=_files(_SUBSTITUTED, _LINE.replace("<colour>", "${region}-${colour:=blue}")),
    ),
    Example(
        title="nothing is substituted",
        files=_files(KUSTOMIZATION, _LINE.replace("<colour>", "${colour}")),
    ),
    Example(
        title="an object that is left out",
        files=_files(
            _SUBSTITUTED,
            _LINE.replace("<colour>", "${colour}").replace(
                "  name: settings\n",
                "  name: settings\n  labels:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n",
            ),
        ),
    ),
    Example(
        title="files of which no copy is at hand",
        files={"web.yaml": _SUBSTITUTED, "config.yaml": _LINE.replace("<colour>", "${colour}")},
    ),
)
