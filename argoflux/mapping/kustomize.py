"""Edits on top of a kustomize build."""

from __future__ import annotations

import re
from typing import Any

from argoflux.mapping.concept import (
    Concept,
    Context,
    Note,
    equivalent,
    exact,
    on,
    plain,
    says,
)
from argoflux.mapping.conditions import key_and_value
from argoflux.mapping.images import parse_image
from argoflux.mapping.verdict import Message, Verdict
from argoflux.mapping.whole_patches import only_for_argo
from argoflux.versions import Release, available, since
from argoflux.yamlio.tree import dig

A2F_KUS_001 = Message(
    code="A2F-KUS-001",
    verdict=Verdict.APPROXIMATE,
    text="common labels also changed {reach} in Argo CD; {patches}",
    instead="render both sides and compare selectors and volumeClaimTemplates before the move: they are immutable",
)
A2F_KUS_002 = Message(
    code="A2F-KUS-002",
    verdict=Verdict.APPROXIMATE,
    text="common annotations were also set on pod templates in Argo CD; {patches}",
    instead="render both sides and compare",
)
A2F_KUS_004 = Message(
    code="A2F-KUS-004",
    verdict=Verdict.EQUIVALENT,
    text="`replicas` of {name} became a patch",
)
A2F_KUS_005 = Message(
    code="A2F-KUS-005",
    verdict=Verdict.EQUIVALENT,
    text="patch file {value} was copied into the Kustomization",
    instead="later edits of the file no longer count",
)
A2F_KUS_006 = Message(
    code="A2F-KUS-006",
    verdict=Verdict.MANUAL,
    text="a patch uses `{part}`, which Flux patches do not have",
    instead="move the patch into the kustomization file",
)
A2F_KUS_007 = Message(
    code="A2F-KUS-007",
    verdict=Verdict.NONE,
    text="`{key}: {value}` was dropped: Flux has one built-in kustomize",
    instead="build the overlay with the version that Flux has and compare",
)
A2F_KUS_009 = Message(
    code="A2F-KUS-009",
    verdict=Verdict.EQUIVALENT,
    text="image `{value}` replaces the entry in Git under Argo CD; Flux merges the two field by field",
    instead="check that the entry in Git sets nothing else",
)
A2F_KUS_010 = Message(
    code="A2F-KUS-010",
    verdict=Verdict.MANUAL,
    text="`{path}` inflates Helm charts or runs plugins; both are disabled in Flux",
    instead="convert each chart to a HelmRelease",
)
A2F_KUS_011 = Message(
    code="A2F-KUS-011",
    verdict=Verdict.APPROXIMATE,
    text="remote base {base} is fetched without credentials in Flux",
    instead="vendor it, or compose it with an ArtifactGenerator",
)
A2F_KUS_012 = Message(
    code="A2F-KUS-012",
    verdict=Verdict.MANUAL,
    text="component `{value}` is not a relative path inside the repository; Flux refuses it",
    instead="vendor the component",
)
A2F_KUS_013 = Message(
    code="A2F-KUS-013",
    verdict=Verdict.MANUAL,
    text="patch file {value} cannot be read from here, and Flux patches are inline only",
    instead="give the checkout with `--source URL=DIR`, or write the patch inline",
)
A2F_KUS_014 = Message(
    code="A2F-KUS-014",
    verdict=Verdict.MANUAL,
    text="replica count `{value}` of {name} is not a number",
    instead="write the number",
)
A2F_KUS_018 = Message(
    code="A2F-KUS-018",
    verdict=Verdict.EQUIVALENT,
    text="common labels of pod templates became patches for {kinds}",
)
A2F_KUS_017 = Message(
    code="A2F-KUS-017",
    verdict=Verdict.MANUAL,
    text="`{field}` needs Flux {release} or newer; it was left out",
    instead="edit the repository, or upgrade Flux",
)
A2F_KUS_016 = Message(
    code="A2F-KUS-016",
    verdict=Verdict.MANUAL,
    text="image `{value}` names neither a new image nor a tag; kustomize refuses it",
    instead="write name=new:tag",
)
A2F_KUS_015 = Message(
    code="A2F-KUS-015",
    verdict=Verdict.MANUAL,
    text="patch {number} has a target but neither `patch` nor `path`; kustomize refuses it",
    instead="write the patch, or remove the entry",
)
F2A_KS_001 = Message(
    code="F2A-KS-001",
    verdict=Verdict.MANUAL,
    text="path `{path}` of {name} leaves the repository; Argo CD refuses it",
    instead="give a path inside the repository",
)
F2A_KS_002 = Message(
    code="F2A-KS-002",
    verdict=Verdict.NONE,
    text="`{path}` renders nothing; {name} has no Application",
    instead="convert it again when the path holds objects",
)
F2A_KS_033 = Message(
    code="F2A-KS-033",
    verdict=Verdict.APPROXIMATE,
    text="`commonMetadata` of {name} was dropped: what it applied became Applications, which are not labelled or annotated alike",
    instead="set labels and annotations on the Applications themselves",
)
F2A_KS_003 = Message(
    code="F2A-KS-003",
    verdict=Verdict.MANUAL,
    text="`{path}` is a Helm chart; Flux cannot build it as a Kustomization",
    instead="use a HelmRelease, or correct the path",
)
F2A_KS_005 = Message(
    code="F2A-KS-005",
    verdict=Verdict.MANUAL,
    text="{file} loads {target} from outside its directory, which the kustomize of Argo CD refuses",
    instead="set `kustomize.buildOptions: --load-restrictor LoadRestrictionsNone` in argocd-cm, or move the file",
)
F2A_KS_016 = Message(
    code="F2A-KS-016",
    verdict=Verdict.EQUIVALENT,
    text="common annotations became a metadata-only patch, so that no Pod is rolled",
)
F2A_KS_017 = Message(
    code="F2A-KS-017",
    verdict=Verdict.NONE,
    text="build metadata `{value}` was dropped",
    instead="set `buildMetadata` in the kustomization file if tools read the annotations",
)
F2A_KS_021 = Message(
    code="F2A-KS-021",
    verdict=Verdict.APPROXIMATE,
    text="`{path}` has no kustomization file, which Argo CD needs for {fields}; the one Flux generates is in repo-changes.patch",
    instead="commit it: it changes nothing for Flux",
)
F2A_KS_028 = Message(
    code="F2A-KS-028",
    verdict=Verdict.MANUAL,
    text="`{path}` has no kustomization file, which Argo CD needs for {fields}; the one Flux generates is only written to an output folder",
    instead="convert with `-d DIR`, and commit what is in its repo-changes.patch",
)
F2A_KS_022 = Message(
    code="F2A-KS-022",
    verdict=Verdict.APPROXIMATE,
    text="what `{path}` of {url} holds cannot be seen from here; {name} relies on Argo CD finding a kustomization file or plain manifests there",
    instead="give the checkout with `--source {url}=DIR`",
    tags=("evidence",),
)
F2A_KS_023 = Message(
    code="F2A-KS-023",
    verdict=Verdict.EQUIVALENT,
    text="`{path}` also holds Flux objects ({objects}); {way} keeps Argo CD from applying them",
)
F2A_KS_024 = Message(
    code="F2A-KS-024",
    verdict=Verdict.MANUAL,
    text="`{field}` needs Argo CD {release} or newer; it was left out",
    instead="edit the kustomization file, or upgrade Argo CD",
)


def _empty(value: Any, _ctx: Context) -> bool:
    return not value


def _block(ctx: Context) -> dict[str, Any]:
    """The kustomize block that the leaf belongs to."""
    node: Any = ctx.body
    for key in ctx.path:
        if key == "kustomize":
            return dict(node.get("kustomize") or {})
        node = node[key]
    return {}


def _patch(ctx: Context) -> dict[str, Any]:
    """The patch that the leaf belongs to, with its position from 1 as ``number``."""
    step = next((i for i, key in enumerate(ctx.path) if key == "patches"), None)
    if step is None or step + 1 >= len(ctx.path):
        return {}
    index = ctx.path[step + 1]
    patches = _block(ctx).get("patches")
    if not isinstance(index, int) or not isinstance(patches, list) or index >= len(patches):
        return {}
    found = patches[index]
    return {**found, "number": index + 1} if isinstance(found, dict) else {}


def _returns_to_flux(_value: Any, ctx: Context) -> bool:
    """Whether only the Application needed the patch that was a Kustomization before."""
    patch = _patch(ctx)
    target = patch.get("target")
    stated = target if isinstance(target, dict) else {}
    return bool(ctx.fact("returns")) and only_for_argo(patch.get("patch"), stated)


def _target_of_nothing(_value: Any, ctx: Context) -> bool:
    """Whether the leaf belongs to an entry of Flux patches whose patch is empty or absent."""
    entry = dig(ctx.body, *ctx.path[:3])
    inline = ctx.path[:2] == ("spec", "patches") and isinstance(entry, dict)
    return inline and not entry.get("patch")


def needs_newer_flux(kind: str, path: str) -> Note:
    """The loss of a field that the Flux release which is written for does not have yet."""

    def too_old(_value: Any, ctx: Context) -> bool:
        return available(kind, path, Release.parse(ctx.flux)) is not True

    def facts(_value: Any, _ctx: Context) -> dict[str, Any]:
        version = _VERSIONS[kind]
        return {"field": path.removeprefix("spec."), "release": since(kind, version, path)}

    return says(A2F_KUS_017, when=too_old, facts=facts)


def is_remote(component: str) -> bool:
    """Whether Flux refuses a component as remote or absolute.

    fluxcd/pkg:kustomize/kustomize_generator.go IsLocalRelativePath; kustomize itself also takes
    whatever has a ``?ref=`` for a repository.
    """
    lowered = component.lower()
    return lowered.startswith(("/", *_REMOTE)) or "?ref=" in lowered


def _in_git(value: Any, ctx: Context) -> bool:
    """Whether the entry of the kustomization file says more about this image than the override."""
    image = parse_image(str(value))
    return image is not None and image.name in (ctx.fact("image_entries_in_git") or ())


def _made(name: str) -> Any:
    """Facts: the patches that were generated for common labels or annotations."""

    def facts(_value: Any, ctx: Context) -> dict[str, str]:
        made = ctx.fact(name)
        told = f"patches were generated for {made}" if made else "no patch was needed"
        return {"patches": told}

    return facts


def _reached(reach: str) -> Any:
    return lambda value, ctx: {"reach": reach, **_made("label_kinds")(value, ctx)}


def _no_template(_value: Any, ctx: Context) -> bool:
    """The build is known to hold no pod template."""
    return bool(ctx.fact("annotation_kinds") == "")


def _no_label(ctx: Context) -> bool:
    """The build is known to hold nothing whose templates take labels."""
    return bool(ctx.fact("label_kinds") == "")


def _no_volume_claims(ctx: Context) -> bool:
    """The build is known to hold no StatefulSet."""
    return "StatefulSet" not in str(ctx.fact("label_kinds")).split(", ")


def _no_number(value: Any, _ctx: Context) -> bool:
    """A count that Go does not read as an integer (argo-cd types.go GetIntCount)."""
    return not re.fullmatch(r"[+-]?[0-9]+", str(value))


def _replica(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"name": f"`{_block(ctx)['replicas'][ctx.path[-2]].get('name')}`"}


def _no_patch_text(_value: Any, ctx: Context) -> bool:
    patch = _patch(ctx)
    return not patch.get("patch") and not patch.get("path")


def _unread_patch_file(_value: Any, ctx: Context) -> bool:
    patch = _patch(ctx)
    return bool(patch.get("path")) and not patch.get("patch") and not _read_file(patch, ctx)


def _read_file(patch: dict[str, Any], ctx: Context) -> bool:
    """Whether the file of a patch could be read."""
    return patch.get("path") in (ctx.fact("patch_files_read") or ())


def _metadata_only(_value: Any, ctx: Context) -> bool:
    block = _block(ctx)
    return bool(block.get("labelWithoutSelector")) and not block.get("labelIncludeTemplates")


def _with_templates(_value: Any, ctx: Context) -> bool:
    block = _block(ctx)
    return bool(block.get("labelWithoutSelector")) and bool(block.get("labelIncludeTemplates"))


def _remote(value: Any, _ctx: Context) -> bool:
    return is_remote(str(value))


def _of_parent(_value: Any, ctx: Context) -> bool:
    """Whether all that is edited are Flux objects: they were read with the edits made."""
    return ctx.app is not None and "applies" in ctx.app.extra


_FOLDED = (equivalent(when=_of_parent),)


def _too_old(field_name: str) -> Any:
    def test(_value: Any, ctx: Context) -> bool:
        return field_name in (ctx.fact("gated_fields") or {})

    return test


def _gate(field_name: str) -> Any:
    return lambda _value, ctx: {
        "field": field_name,
        "release": (ctx.fact("gated_fields") or {}).get(field_name),
    }


_A = "ApplicationSource"
_VERSIONS = {"Kustomization": "v1", "HelmRelease": "v2"}
_REMOTE = ("git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/")
_K = "Kustomization"
_R = "part.render.kustomize"

# Order and effect of the edits: argo-cd:util/kustomize/kustomize.go Build;
# fluxcd/pkg:kustomize/kustomize_generator.go GenerateManifest.
ROWS = (
    Concept(
        slot=f"{_R}.name_prefix",
        says="Prefix of every object's name.",
        argo=(plain(_A, "kustomize.namePrefix"),),
        flux=(plain(_K, "spec.namePrefix"),),
        to_flux=(exact(),),
        to_argo=(*_FOLDED, exact()),
    ),
    Concept(
        slot=f"{_R}.name_suffix",
        says="Suffix of every object's name.",
        argo=(plain(_A, "kustomize.nameSuffix"),),
        flux=(plain(_K, "spec.nameSuffix"),),
        to_flux=(exact(),),
        to_argo=(*_FOLDED, exact()),
    ),
    Concept(
        slot=f"{_R}.namespace",
        says="Namespace that overrides the one of every object.",
        argo=(on(_A, "kustomize.namespace"),),
        flux=(on(_K, "spec.targetNamespace"),),
        to_flux=(exact(),),
        to_argo=(*_FOLDED, exact()),
    ),
    # kustomize:kustomize/commands/edit/set/setimage.go replaces the entry; fluxcd/pkg merges it
    Concept(
        slot=f"{_R}.images",
        says="Image names, tags and digests that replace those of the manifests.",
        argo=(on(_A, "kustomize.images[]"),),
        flux=tuple(
            on(_K, f"spec.images[].{name}") for name in ("name", "newName", "newTag", "digest")
        ),
        to_flux=(
            says(
                A2F_KUS_016,
                when=lambda value, ctx: value in (ctx.fact("images_refused") or ()),
            ),
            says(A2F_KUS_009, when=_in_git),
            exact(),
        ),
        to_argo=(*_FOLDED, equivalent()),
    ),
    # argo-cd:pkg/apis/application/v1alpha1/types.go GetIntCount; kustomize:api/internal/konfig/
    # builtinpluginconsts/replicas.go
    Concept(
        slot=f"{_R}.replicas",
        says="Replica counts by workload name.",
        argo=(on(_A, "kustomize.replicas[].name"), on(_A, "kustomize.replicas[].count")),
        to_flux=(
            says(
                A2F_KUS_014,
                when=lambda value, ctx: ctx.path[-1] == "count" and _no_number(value, ctx),
                facts=_replica,
            ),
            says(
                A2F_KUS_004,
                when=lambda _value, ctx: ctx.path[-1] == "count",
                facts=_replica,
            ),
            equivalent(),
        ),
    ),
    # kustomize:api/internal/konfig/builtinpluginconsts/commonlabels.go; Flux sets top-level metadata only
    # (fluxcd/pkg:ssa/utils/meta.go SetCommonMetadata)
    Concept(
        slot=f"{_R}.labels",
        says="Labels added to every object.",
        argo=(on(_A, "kustomize.commonLabels", subtree=True),),
        flux=(on(_K, "spec.commonMetadata.labels", subtree=True),),
        to_flux=(
            equivalent(when=_metadata_only),
            # with templates, labels reach volumeClaimTemplates, which no patch can merge into
            # (kustomize:api/internal/konfig/builtinpluginconsts/metadatalabels.go)
            equivalent(when=lambda value, ctx: _with_templates(value, ctx) and _no_label(ctx)),
            says(
                A2F_KUS_018,
                when=lambda value, ctx: _with_templates(value, ctx) and _no_volume_claims(ctx),
                facts=lambda _value, ctx: {"kinds": ctx.fact("label_kinds")},
            ),
            says(
                A2F_KUS_001,
                when=_with_templates,
                facts=_reached("pod templates"),
            ),
            says(
                A2F_KUS_001,
                facts=_reached("selectors and pod templates"),
            ),
        ),
        to_argo=(
            says(F2A_KS_033, when=_of_parent),
            says(F2A_KS_024, when=_too_old("commonLabels"), facts=_gate("commonLabels")),
            equivalent(),
        ),
    ),
    Concept(
        slot=f"{_R}.label_selectors",
        says="Whether common labels stay out of selectors.",
        argo=(on(_A, "kustomize.labelWithoutSelector", default=False),),
        to_flux=(exact(),),
    ),
    Concept(
        slot=f"{_R}.label_templates",
        says="Whether common labels are set on pod templates as well.",
        argo=(on(_A, "kustomize.labelIncludeTemplates", default=False),),
        to_flux=(exact(),),
    ),
    Concept(
        slot=f"{_R}.force_labels",
        says="Whether common labels replace labels that exist.",
        argo=(on(_A, "kustomize.forceCommonLabels", default=False),),
        to_flux=(exact(),),
    ),
    # kustomize:api/internal/konfig/builtinpluginconsts/commonannotations.go (pod templates as well)
    Concept(
        slot=f"{_R}.annotations",
        says="Annotations added to every object.",
        argo=(on(_A, "kustomize.commonAnnotations", subtree=True),),
        flux=(on(_K, "spec.commonMetadata.annotations", subtree=True),),
        to_flux=(
            equivalent(when=_no_template),
            says(A2F_KUS_002, facts=_made("annotation_kinds")),
        ),
        to_argo=(
            says(F2A_KS_033, when=_of_parent),
            says(F2A_KS_024, when=_too_old("patches"), facts=_gate("patches")),
            says(F2A_KS_016),
        ),
    ),
    Concept(
        slot=f"{_R}.force_annotations",
        says="Whether common annotations replace annotations that exist.",
        argo=(on(_A, "kustomize.forceCommonAnnotations", default=False),),
        to_flux=(exact(),),
    ),
    Concept(
        slot=f"{_R}.annotations_envsubst",
        says="Whether build variables are expanded in common annotations.",
        argo=(on(_A, "kustomize.commonAnnotationsEnvsubst", default=False),),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot=f"{_R}.patches",
        says="Patches applied to the built objects.",
        argo=(
            on(_A, "kustomize.patches[].patch"),
            *(
                on(_A, f"kustomize.patches[].target.{name}")
                for name in (
                    "group",
                    "version",
                    "kind",
                    "name",
                    "namespace",
                    "labelSelector",
                    "annotationSelector",
                )
            ),
        ),
        flux=(
            on(_K, "spec.patches[].patch"),
            *(
                on(_K, f"{field}[].target.{name}")
                for field in ("spec.patches", "spec.patchesJson6902")
                for name in (
                    "group",
                    "version",
                    "kind",
                    "name",
                    "namespace",
                    "labelSelector",
                    "annotationSelector",
                )
            ),
            # v1beta1 and v1beta2 only; the generator appends them after `patches`
            on(_K, "spec.patchesStrategicMerge[]", subtree=True),
            on(_K, "spec.patchesJson6902[].patch[]", subtree=True),
        ),
        to_flux=(
            says(
                A2F_KUS_015,
                when=_no_patch_text,
                facts=lambda _value, ctx: {"number": _patch(ctx).get("number")},
            ),
            says(
                A2F_KUS_013,
                when=_unread_patch_file,
                facts=lambda _value, ctx: {"value": _patch(ctx).get("path")},
            ),
            equivalent(when=_returns_to_flux),
            exact(),
        ),
        to_argo=(
            *_FOLDED,
            says(F2A_KS_024, when=_too_old("patches"), facts=_gate("patches")),
            equivalent(when=_target_of_nothing),
            exact(),
        ),
    ),
    Concept(
        slot=f"{_R}.patches",
        says="A patch that stands in a file of the repository.",
        argo=(on(_A, "kustomize.patches[].path"),),
        to_flux=(
            says(A2F_KUS_005, when=lambda _value, ctx: _read_file(_patch(ctx), ctx)),
            says(A2F_KUS_013),
        ),
    ),
    Concept(
        slot=f"{_R}.patches",
        says="Whether a patch may change name or kind.",
        argo=(on(_A, "kustomize.patches[].options", subtree=True),),
        to_flux=(
            exact(when=_empty),
            says(A2F_KUS_006, facts=lambda _value, ctx: {"part": f"options.{ctx.path[-1]}"}),
        ),
    ),
    # fluxcd/pkg:kustomize/kustomize_generator.go IsLocalRelativePath
    Concept(
        slot=f"{_R}.components",
        says="Kustomize components added to the build.",
        argo=(on(_A, "kustomize.components[]"),),
        flux=(on(_K, "spec.components[]"),),
        to_flux=(says(A2F_KUS_012, when=_remote), exact()),
        to_argo=(
            *_FOLDED,
            says(F2A_KS_024, when=_too_old("components"), facts=_gate("components")),
            exact(),
        ),
    ),
    Concept(
        slot=f"{_R}.ignore_missing_components",
        says="Whether components that do not exist are skipped.",
        argo=(plain(_A, "kustomize.ignoreMissingComponents", default=False),),
        flux=(plain(_K, "spec.ignoreMissingComponents", default=False),),
        to_flux=(
            exact(when=_empty),
            needs_newer_flux(_K, "spec.ignoreMissingComponents"),
            exact(),
        ),
        to_argo=(
            *_FOLDED,
            exact(when=_empty),
            says(
                F2A_KS_024,
                when=_too_old("ignoreMissingComponents"),
                facts=_gate("ignoreMissingComponents"),
            ),
            exact(),
        ),
    ),
    # kustomize:api/types/kustomization.go BuildMetadata; Argo CD has no such field
    Concept(
        slot=f"{_R}.build_metadata",
        says="Which annotations kustomize adds about the build.",
        flux=(on(_K, "spec.buildMetadata[]"),),
        to_argo=(*_FOLDED, says(F2A_KS_017)),
    ),
    Concept(
        slot="",
        says="Which kustomize, Kubernetes version and API versions the build assumes.",
        argo=(
            on(_A, "kustomize.version"),
            on(_A, "kustomize.kubeVersion"),
            on(_A, "kustomize.apiVersions[]"),
        ),
        to_flux=(exact(when=_empty), says(A2F_KUS_007, facts=key_and_value)),
    ),
)
