"""Plain directories: which files are manifests."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, plain, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict

A2F_SRC_002 = Message(
    code="A2F-SRC-002",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD reads only the files directly in `{path}`; {handling}",
    instead="compare the list of files on both sides",
)
A2F_SRC_003 = Message(
    code="A2F-SRC-003",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` of `{path}` was translated to `ignore` rules of a source object of its own",
    instead="compare the list of files on both sides",
)
A2F_SRC_004 = Message(
    code="A2F-SRC-004",
    verdict=Verdict.MANUAL,
    text="Jsonnet{files} needs a render step outside Flux",
    instead="render in CI and publish the result as an OCI artifact or to a branch",
)
A2F_SRC_005 = Message(
    code="A2F-SRC-005",
    verdict=Verdict.APPROXIMATE,
    text="Flux ignores the JSON manifests {files} unless a kustomization.yaml lists them",
    instead="list them in a kustomization.yaml",
)
A2F_SRC_006 = Message(
    code="A2F-SRC-006",
    verdict=Verdict.APPROXIMATE,
    text="{files} are not Kubernetes objects: Argo CD skips them, the Flux build fails on them",
    instead="move them out of `{path}`, or exclude them with `ignore`",
)
A2F_SRC_013 = Message(
    code="A2F-SRC-013",
    verdict=Verdict.EQUIVALENT,
    text="{files} carry `+argocd:skip-file-rendering`; they were excluded with `ignore`",
)
A2F_SRC_014 = Message(
    code="A2F-SRC-014",
    verdict=Verdict.MANUAL,
    text="`disableExtensionFilter` has no counterpart: Flux reads .yaml and .yml only",
    instead="list the files in a kustomization.yaml",
)
A2F_SRC_015 = Message(
    code="A2F-SRC-015",
    verdict=Verdict.MANUAL,
    text="{id} is defined twice in `{path}`: Argo CD keeps the last one, kustomize refuses to build",
    instead="remove one of the two",
)
A2F_SRC_016 = Message(
    code="A2F-SRC-016",
    verdict=Verdict.MANUAL,
    text="{id} uses `generateName`, which kustomize refuses",
    instead="give it a fixed name",
)
A2F_SRC_019 = Message(
    code="A2F-SRC-019",
    verdict=Verdict.APPROXIMATE,
    text="{directories} below `{path}` hold a kustomization file: Flux builds them as overlays, Argo CD read their files as they are",
    instead="compare the rendered objects on both sides",
)
A2F_SRC_021 = Message(
    code="A2F-SRC-021",
    verdict=Verdict.MANUAL,
    text="{link} is a symlink; Flux artifacts hold no symlinks, so what is behind it disappears",
    instead="replace it by the file, or refer to the file from a kustomization.yaml",
)


def _handled(name: str) -> Any:
    def test(_value: Any, ctx: Context) -> bool:
        return bool(ctx.fact(name))

    return test


def _flat_is_whole(_value: Any, ctx: Context) -> bool:
    """The directory is known to have nothing below it that Flux would add."""
    return ctx.fact("subdirectories") is False


# argo-cd:reposerver/repository/repository.go getPotentiallyValidManifests;
# fluxcd/pkg:kustomize/kustomize_generator.go scanManifests
ROWS = (
    Concept(
        slot="part.render.plain.recurse",
        says="Whether files below the directory are read as well.",
        argo=(plain("ApplicationSource", "directory.recurse", default=False),),
        to_flux=(
            exact(when=lambda value, _ctx: value is True),
            exact(when=_flat_is_whole),
            says(
                A2F_SRC_002,
                facts=lambda _value, ctx: {"handling": ctx.fact("recurse_handling")},
            ),
        ),
    ),
    Concept(
        slot="part.render.plain.include",
        says="Glob of the files that are read.",
        argo=(plain("ApplicationSource", "directory.include"),),
        to_flux=(
            exact(when=lambda value, _ctx: not value),
            exact(when=_handled("flux_file_rule")),
            equivalent(when=_handled("only_children")),
            says(A2F_SRC_003),
        ),
    ),
    Concept(
        slot="part.render.plain.exclude",
        says="Glob of the files that are not read; it wins over the included ones.",
        argo=(plain("ApplicationSource", "directory.exclude"),),
        to_flux=(
            exact(when=lambda value, _ctx: not value),
            equivalent(when=_handled("only_children")),
            # an Application that was a Kustomization: its Flux objects are applied again
            equivalent(when=fact("flux_excluded")),
            says(A2F_SRC_003),
        ),
    ),
    Concept(
        slot="part.render.plain.any_extension",
        says="Whether files of any suffix are read.",
        argo=(plain("ApplicationSource", "directory.disableExtensionFilter", default=False),),
        to_flux=(exact(when=lambda value, _ctx: value is False), says(A2F_SRC_014)),
    ),
    Concept(
        slot="part.render.tool",
        says="Jsonnet variables and libraries.",
        argo=tuple(
            on("ApplicationSource", f"directory.jsonnet.{path}")
            for path in (
                "extVars[].name",
                "extVars[].value",
                "extVars[].code",
                "tlas[].name",
                "tlas[].value",
                "tlas[].code",
                "libs[]",
            )
        ),
        to_flux=(says(A2F_SRC_004, facts=lambda _value, _ctx: {"files": ""}),),
    ),
)
