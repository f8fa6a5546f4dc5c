"""Edits on top of a kustomize build."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import (
    Concept,
    Context,
    equivalent,
    exact,
    on,
    plain,
    says,
)
from argoflux.mapping.verdict import Message, Verdict

A2F_KUS_001 = Message(
    code="A2F-KUS-001",
    verdict=Verdict.APPROXIMATE,
    text="common labels also changed {reach} in Argo CD; patches were generated for {kinds}",
    instead="render both sides and compare selectors before the move: they are immutable",
)
A2F_KUS_002 = Message(
    code="A2F-KUS-002",
    verdict=Verdict.APPROXIMATE,
    text="common annotations were also set on pod templates; patches were generated for {kinds}",
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
    text="{path} inflates Helm charts or runs plugins; both are disabled in Flux",
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
    text="{path} renders nothing; {name} has no Application",
)
F2A_KS_003 = Message(
    code="F2A-KS-003",
    verdict=Verdict.MANUAL,
    text="{path} is a Helm chart; Flux cannot build it as a Kustomization",
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
    text="{path} has no kustomization file, which Argo CD needs for {fields}; the one Flux generates is in repo-changes.patch",
    instead="commit it: it changes nothing for Flux",
)
F2A_KS_022 = Message(
    code="F2A-KS-022",
    verdict=Verdict.APPROXIMATE,
    text="what {path} of {url} holds cannot be seen from here; {name} relies on Argo CD finding a kustomization file or plain manifests there",
    instead="give the checkout with `--source {url}=DIR`",
    tags=("evidence",),
)
F2A_KS_023 = Message(
    code="F2A-KS-023",
    verdict=Verdict.EQUIVALENT,
    text="{path} also holds Flux objects ({objects}); {way} keeps Argo CD from applying them",
)
F2A_KS_024 = Message(
    code="F2A-KS-024",
    verdict=Verdict.MANUAL,
    text="`{field}` needs Argo CD {release} or newer; it was left out",
    instead="edit the kustomization file, or upgrade Argo CD",
)


def _empty(value: Any, _ctx: Context) -> bool:
    return not value


def _fact(name: str) -> Any:
    def test(_value: Any, ctx: Context) -> bool:
        return bool(ctx.fact(name))

    return test


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


def _no_patch_text(_value: Any, ctx: Context) -> bool:
    patch = _patch(ctx)
    return not patch.get("patch") and not patch.get("path")


def _unread_patch_file(_value: Any, ctx: Context) -> bool:
    patch = _patch(ctx)
    return bool(patch.get("path")) and not patch.get("patch") and not ctx.fact("patch_files_read")


def _metadata_only(_value: Any, ctx: Context) -> bool:
    block = _block(ctx)
    return bool(block.get("labelWithoutSelector")) and not block.get("labelIncludeTemplates")


def _with_templates(_value: Any, ctx: Context) -> bool:
    block = _block(ctx)
    return bool(block.get("labelWithoutSelector")) and bool(block.get("labelIncludeTemplates"))


def _remote(value: Any, _ctx: Context) -> bool:
    return "://" in str(value) or str(value).startswith("/") or "?ref=" in str(value)


def _key_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    key = next(str(step) for step in reversed(ctx.path) if isinstance(step, str))
    return {"key": key, "value": value}


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
        to_argo=(exact(),),
    ),
    Concept(
        slot=f"{_R}.name_suffix",
        says="Suffix of every object's name.",
        argo=(plain(_A, "kustomize.nameSuffix"),),
        flux=(plain(_K, "spec.nameSuffix"),),
        to_flux=(exact(),),
        to_argo=(exact(),),
    ),
    Concept(
        slot=f"{_R}.namespace",
        says="Namespace that overrides the one of every object.",
        argo=(on(_A, "kustomize.namespace"),),
        flux=(on(_K, "spec.targetNamespace"),),
        to_flux=(exact(),),
        to_argo=(exact(),),
    ),
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
            says(A2F_KUS_009, when=lambda _value, ctx: ctx.fact("image_entry_in_git") is True),
            exact(),
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot=f"{_R}.replicas",
        says="Replica counts by workload name.",
        argo=(on(_A, "kustomize.replicas[].name"), on(_A, "kustomize.replicas[].count")),
        to_flux=(
            says(
                A2F_KUS_014,
                when=lambda value, ctx: (
                    ctx.path[-1] == "count" and not str(value).lstrip("-").isdigit()
                ),
            ),
            says(
                A2F_KUS_004,
                when=lambda _value, ctx: ctx.path[-1] == "count",
                facts=lambda _value, ctx: {
                    "name": _block(ctx)["replicas"][ctx.path[-2]].get("name"),
                },
            ),
            equivalent(),
        ),
    ),
    Concept(
        slot=f"{_R}.labels",
        says="Labels added to every object.",
        argo=(on(_A, "kustomize.commonLabels", subtree=True),),
        flux=(on(_K, "spec.commonMetadata.labels", subtree=True),),
        to_flux=(
            equivalent(when=_metadata_only),
            says(
                A2F_KUS_001,
                when=_with_templates,
                facts=lambda _value, _ctx: {"reach": "pod templates"},
            ),
            says(
                A2F_KUS_001,
                facts=lambda _value, _ctx: {"reach": "selectors and pod templates"},
            ),
        ),
        to_argo=(
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
    Concept(
        slot=f"{_R}.annotations",
        says="Annotations added to every object.",
        argo=(on(_A, "kustomize.commonAnnotations", subtree=True),),
        flux=(on(_K, "spec.commonMetadata.annotations", subtree=True),),
        to_flux=(says(A2F_KUS_002),),
        to_argo=(
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
            exact(),
        ),
        to_argo=(
            says(F2A_KS_024, when=_too_old("patches"), facts=_gate("patches")),
            exact(),
        ),
    ),
    Concept(
        slot=f"{_R}.patches",
        says="A patch that stands in a file of the repository.",
        argo=(on(_A, "kustomize.patches[].path"),),
        to_flux=(says(A2F_KUS_005, when=_fact("patch_files_read")), says(A2F_KUS_013)),
    ),
    Concept(
        slot=f"{_R}.patches",
        says="Whether a patch may change name or kind.",
        argo=(on(_A, "kustomize.patches[].options", subtree=True),),
        to_flux=(
            exact(when=lambda value, _ctx: value is False),
            says(A2F_KUS_006, facts=lambda _value, ctx: {"part": f"options.{ctx.path[-1]}"}),
        ),
    ),
    Concept(
        slot=f"{_R}.components",
        says="Kustomize components added to the build.",
        argo=(on(_A, "kustomize.components[]"),),
        flux=(on(_K, "spec.components[]"),),
        to_flux=(says(A2F_KUS_012, when=_remote), exact()),
        to_argo=(
            says(F2A_KS_024, when=_too_old("components"), facts=_gate("components")),
            exact(),
        ),
    ),
    Concept(
        slot=f"{_R}.ignore_missing_components",
        says="Whether components that do not exist are skipped.",
        argo=(plain(_A, "kustomize.ignoreMissingComponents", default=False),),
        flux=(plain(_K, "spec.ignoreMissingComponents", default=False),),
        to_flux=(exact(),),
        to_argo=(
            says(
                F2A_KS_024,
                when=_too_old("ignoreMissingComponents"),
                facts=_gate("ignoreMissingComponents"),
            ),
            exact(),
        ),
    ),
    Concept(
        slot=f"{_R}.build_metadata",
        says="Which annotations kustomize adds about the build.",
        flux=(on(_K, "spec.buildMetadata[]"),),
        to_argo=(says(F2A_KS_017),),
    ),
    Concept(
        slot="",
        says="Which kustomize, Kubernetes version and API versions the build assumes.",
        argo=(
            on(_A, "kustomize.version"),
            on(_A, "kustomize.kubeVersion"),
            on(_A, "kustomize.apiVersions[]"),
        ),
        to_flux=(exact(when=_empty), says(A2F_KUS_007, facts=_key_and_value)),
    ),
)
