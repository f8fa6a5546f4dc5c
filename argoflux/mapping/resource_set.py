"""ResourceSets: objects from a template, one for each set of inputs, and where the inputs come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.conditions import key_and_value
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import On

F2A_FO_002 = Message(
    code="F2A-FO-002",
    verdict=Verdict.MANUAL,
    text="{name} permutes the inputs of its providers, under names of their own, and was not converted",
    instead="write an ApplicationSet with matrix generators (two children each)",
)
F2A_FO_003 = Message(
    code="F2A-FO-003",
    verdict=Verdict.MANUAL,
    text="{name} templates {kinds}, which one ApplicationSet cannot create",
    instead="put these objects into Git or into a chart, and generate Applications for it with an ApplicationSet",
)
F2A_FO_004 = Message(
    code="F2A-FO-004",
    verdict=Verdict.MANUAL,
    text="{name} waits for other objects (`{key}: {value}`); an ApplicationSet makes its Applications at once",
    instead="give the Applications a sync wave below a parent, or check in a PreSync hook",
)
F2A_FO_005 = Message(
    code="F2A-FO-005",
    verdict=Verdict.MANUAL,
    text="`{key}` on {name} speaks to flux-operator; Argo CD does not read it",
    instead="replace copied Secrets with External Secrets or a cluster Secret, and state pruning in the ApplicationSet (`preserveResourcesOnDeletion`)",
)
F2A_FO_006 = Message(
    code="F2A-FO-006",
    verdict=Verdict.MANUAL,
    text="{name} uses `inputs.{input}`, which its inputs do not state; flux-operator makes it up in the cluster, if at all",
    instead="use an input that is there (the branch, the tag, a name of your own)",
)
F2A_FO_007 = Message(
    code="F2A-FO-007",
    verdict=Verdict.MANUAL,
    text="{name} is a template that an ApplicationSet cannot repeat: {why}",
    instead="{remedy}",
)
F2A_FO_010 = Message(
    code="F2A-FO-010",
    verdict=Verdict.MANUAL,
    text="{name} asks a live service for inputs ({type}); nothing was generated from them",
    instead="{remedy}",
)
F2A_FO_011 = Message(
    code="F2A-FO-011",
    verdict=Verdict.APPROXIMATE,
    text="`{key}: {value}` of {name} was left out: Argo CD's own controller makes the Applications, and is done when they exist",
    instead="decide with an AppProject what the Applications may deploy; watch their health",
)

REMEDIES = {
    "PullRequest": "write an ApplicationSet with a pullRequest generator",
    "MergeRequest": "write an ApplicationSet with a pullRequest generator (gitlab)",
    "Branch": "write an ApplicationSet with an scmProvider generator (allBranches)",
}
"""What to do about live providers, by the end of their type."""
OTHER_REMEDY = "serve the inputs to an ApplicationSet with a plugin generator, or follow tags with a range in `targetRevision`"
NO_COUNTERPART = frozenset({"AWSCodeCommitPullRequest", "AWSCodeCommitBranch"})

_SET, _PROVIDER = "ResourceSet", "ResourceSetInputProvider"
_CADENCE = ("fluxcd.controlplane.io/reconcileEvery", "fluxcd.controlplane.io/reconcileTimeout")
_OWN = "fluxcd.controlplane.io/"


def remedy_of(provider_type: str) -> str:
    """What to do about a live provider of inputs."""
    if provider_type in NO_COUNTERPART:
        return OTHER_REMEDY
    ends = (remedy for end, remedy in REMEDIES.items() if provider_type.endswith(end))
    return next(ends, OTHER_REMEDY)


def _set(*paths: str, subtree: bool = False) -> tuple[On, ...]:
    return tuple(on(_SET, path, subtree=subtree) for path in paths)


def _speaks_to_operator(value: Any, ctx: Context) -> bool:
    key = str(ctx.path[-1])
    if key == f"{_OWN}reconcile" and value == "enabled":
        return False
    return key.startswith(_OWN) and key not in _CADENCE


_MADE = exact(when=lambda _value, ctx: ctx.app is not None)
"""What concerns the set as a whole is judged once, not for its Application as well."""

_GENERATED = (_MADE, equivalent())

# flux-operator:api/v1/resourceset_types.go, resourcesetinputprovider_types.go,
# internal/builder/resourceset.go, internal/inputs
ROWS = (
    Concept(
        slot="",
        says="Name and place of the set itself; what it makes has its own.",
        flux=(
            *_set("metadata.name", "metadata.namespace"),
            *_set("metadata.labels", subtree=True),
            *(on(_PROVIDER, f"metadata.{name}") for name in ("name", "namespace")),
            *(
                on(_PROVIDER, f"metadata.{name}", subtree=True)
                for name in ("labels", "annotations")
            ),
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="",
        says="Instructions to flux-operator, and notes.",
        flux=_set("metadata.annotations", subtree=True),
        to_argo=(
            _MADE,
            says(F2A_FO_005, when=_speaks_to_operator, facts=key_and_value),
            equivalent(),
        ),
    ),
    Concept(
        slot="generated.inputs",
        says="Sets of inputs that stand in the ResourceSet.",
        flux=_set("spec.inputs[]", subtree=True),
        to_argo=(exact(),),
    ),
    Concept(
        slot="generated.inputs",
        says="Providers whose inputs the set is made with.",
        flux=_set("spec.inputsFrom[]", subtree=True),
        to_argo=_GENERATED,
    ),
    Concept(
        slot="",
        says="Whether inputs of several providers are listed or combined.",
        flux=_set("spec.inputStrategy.name", "spec.inputStrategy.includeEmptyProviders"),
        to_argo=_GENERATED,
    ),
    Concept(
        slot="generated",
        says="The template of the objects; each value is judged in the object that it makes.",
        flux=(
            *_set("spec.resources[]", subtree=True),
            *_set("spec.resourcesTemplate"),
            *_set("spec.steps[].name", "spec.steps[].timeout", "spec.steps[].resourcesTemplate"),
            *_set("spec.steps[].resources[]", subtree=True),
        ),
        to_argo=(exact(),),
    ),
    Concept(
        slot="",
        says="Objects that have to be there before the set makes its own.",
        flux=_set(
            *(
                f"spec.dependsOn[].{name}"
                for name in ("apiVersion", "kind", "name", "namespace", "ready", "readyExpr")
            )
        ),
        to_argo=(_MADE, says(F2A_FO_004, facts=key_and_value)),
    ),
    Concept(
        slot="",
        says="Whose rights the objects are made with.",
        flux=_set("spec.serviceAccountName"),
        to_argo=(_MADE, says(F2A_FO_011, facts=key_and_value)),
    ),
    Concept(
        slot="",
        says="Whether the set is ready only when its objects are.",
        flux=_set("spec.wait"),
        to_argo=(
            _MADE,
            equivalent(when=lambda value, _ctx: value is not True),
            says(F2A_FO_011, facts=key_and_value),
        ),
    ),
    Concept(
        slot="generated.metadata",
        says="Labels and annotations of every object that the set makes.",
        flux=_set("spec.commonMetadata.labels", "spec.commonMetadata.annotations", subtree=True),
        to_argo=_GENERATED,
    ),
    Concept(
        slot="generated.inputs",
        says="Values that every set of inputs of a provider holds.",
        flux=(on(_PROVIDER, "spec.defaultValues", subtree=True),),
        to_argo=(exact(),),
    ),
    Concept(
        slot="generated.inputs",
        says="Where a provider takes its inputs from: its values alone, or a service.",
        flux=tuple(
            on(_PROVIDER, f"spec.{path}")
            for path in (
                "type",
                "url",
                "insecure",
                "serviceAccountName",
                "secretRef.name",
                "certSecretRef.name",
            )
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="",
        says="Which answers of a service count, and when it is asked; values alone need neither.",
        flux=tuple(
            on(_PROVIDER, f"spec.{path}", subtree=True)
            for path in ("filter", "skip", "schedule[]", "selectors[]")
        ),
        to_argo=(equivalent(),),
    ),
)
