"""A YAML file in the path of a Kustomization that is no Kubernetes object.

## What it does

For a path without a kustomization file Flux makes one up that lists every YAML file below it, except
those that the source leaves out. Each of them has to hold Kubernetes objects: files with values, patches
without a type, settings of tools and documentation are reported.

## Why is this bad

One such file fails the build of the whole path: nothing in it is applied or pruned any more.

## When to ignore it

When the source leaves the file out in a way that is not visible here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import CONFIG_MAP, GIT_REPOSITORY, KUSTOMIZATION
from argoflux.lint.substituted import builds, is_proved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context

RULE = Rule(
    code="AF416",
    name="non-kubernetes-yaml-in-path",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("Kustomization",),
    evidence=("document", "files"),
    links=(
        "https://fluxcd.io/flux/components/kustomize/kustomizations/#generate-kustomizationyaml",
    ),
)

_NO_OBJECT = "not a Kubernetes object"
_SHOWN = 3


def check(ctx: Context) -> Iterator[Finding]:
    """Files that the generated kustomization lists, one finding for a path.

    fluxcd/pkg:kustomize/kustomize_generator.go generateKustomization.
    """
    for build in builds(ctx):
        content, owner = build.content, build.owner
        if content.kind_of_path != "directory":
            continue
        bad = {
            gap.place.source.name: gap.place
            for gap in content.gaps
            if gap.place is not None
            and gap.reason.startswith(_NO_OBJECT)
            and gap.place.source.name in content.facts.other_yaml
        }
        if not bad:
            continue
        first, *others = bad
        more = f" and {len(others)} more files" if others else ""
        verb = "hold no Kubernetes objects" if others else "is no Kubernetes object"
        yield RULE.at(
            owner.place("spec", "path"),
            f"`{first}`{more} {verb}, and every YAML file of a path without a kustomization file is"
            " built, so the build fails; move what is none, list it in .sourceignore, or add a"
            " kustomization.yaml",
            resource=owner,
            severity=None if is_proved(ctx, owner) else Severity.WARNING,
            related=tuple((place, "no Kubernetes object") for place in list(bad.values())[:_SHOWN]),
        )


_GIT = '[remote "origin"]\n\turl = https://git.example.com/apps.git\n'
_SOURCE = GIT_REPOSITORY.replace("{tag: v1.2.3}", "{branch: main}")
_FILES = {
    ".git/config": _GIT,
    "source.yaml": _SOURCE,
    "web.yaml": KUSTOMIZATION,
    "web/config.yaml": CONFIG_MAP,
    "web/values.yaml": "replicas: 2\n",
}

BAD = (Example(title="values beside manifests", files=_FILES, file="web.yaml", at="spec.path"),)
GOOD = (
    Example(
        title="a kustomization file that does not name it",
        files={**_FILES, "web/kustomization.yaml": "resources:\n  - config.yaml\n"},
    ),
    Example(
        title="a file that the source leaves out",
        files={**_FILES, ".sourceignore": "values.yaml\n"},
    ),
    Example(
        title="settings that Flux leaves out by itself, and an empty file",
        files={
            **{name: text for name, text in _FILES.items() if name != "web/values.yaml"},
            "web/.sops.yaml": "creation_rules: []\n",
            "web/empty.yaml": "# later\n",
        },
    ),
    Example(
        title="files of which no copy is at hand",
        files={"web.yaml": KUSTOMIZATION, "other/values.yaml": "replicas: 2\n"},
    ),
)
