"""ApplicationSets: generators, templates, rollout steps and policies of generated Applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping import order
from argoflux.mapping.concept import Concept, Context, Note, Test, equivalent, exact, on, says
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.mapping.concept import On

A2F_SET_001 = Message(
    code="A2F-SET-001",
    verdict=Verdict.APPROXIMATE,
    text="{set} became {count}, as it stands now: what its generators find later is not followed",
    instead="convert again after such a change, or generate the objects with a ResourceSet of flux-operator",
)
A2F_SET_002 = Message(
    code="A2F-SET-002",
    verdict=Verdict.EQUIVALENT,
    text="the objects of {set} were written one by one: the templates of a ResourceSet lack {functions}",
)
A2F_SET_003 = Message(
    code="A2F-SET-003",
    verdict=Verdict.EQUIVALENT,
    text="`templatePatch` was applied to each Application of {set}",
)
A2F_SET_004 = Message(
    code="A2F-SET-004",
    verdict=Verdict.APPROXIMATE,
    text="`applicationsSync: {value}` became {target} on the objects of {set}",
    instead="{heed}",
)
A2F_SET_005 = Message(
    code="A2F-SET-005",
    verdict=Verdict.APPROXIMATE,
    text="the rollout steps of {set} became `dependsOn`: a later step waits until the one before is ready, also when nothing changed there",
    instead="watch the first rollout; a step is not repeated for each new revision",
)
A2F_SET_006 = Message(
    code="A2F-SET-006",
    verdict=Verdict.NONE,
    text="`deletionOrder: {value}` was dropped: Flux deletes objects in no order between each other",
    instead="delete the objects of {set} by hand, last step first",
)
A2F_SET_007 = Message(
    code="A2F-SET-007",
    verdict=Verdict.APPROXIMATE,
    text="changes made to the live Applications of {set} were tolerated; Flux sets its own fields again",
    instead="annotate the object with kustomize.toolkit.fluxcd.io/reconcile: disabled (in a ResourceSet with fluxcd.controlplane.io/reconcile: disabled) while you change it",
)
A2F_SET_008 = Message(
    code="A2F-SET-008",
    verdict=Verdict.MANUAL,
    text="the templates of {set} name {parameters}, which the pull requests of a ResourceSetInputProvider do not have",
    instead="do without, or serve the pull requests to a ResourceSetInputProvider of the type ExternalService",
)
A2F_SET_009 = Message(
    code="A2F-SET-009",
    verdict=Verdict.APPROXIMATE,
    text="a key that an element of {set} lacks now fails: a ResourceSet has no `<no value>`",
    instead='give every element every key, or write `<< get inputs "KEY" | default "" >>`',
)
A2F_SET_010 = Message(
    code="A2F-SET-010",
    verdict=Verdict.MANUAL,
    text="the generator `{generator}` of {set} asks a live service; nothing of it was generated",
    instead="{remedy}",
)
A2F_SET_011 = Message(
    code="A2F-SET-011",
    verdict=Verdict.MANUAL,
    text="the input holds no cluster Secret, so that nobody knows the clusters of {set}",
    instead="add what `kubectl get secret -l argocd.argoproj.io/secret-type=cluster -o yaml` prints to the input; name, server and labels are enough",
)
A2F_SET_012 = Message(
    code="A2F-SET-012",
    verdict=Verdict.MANUAL,
    text="{set} looks into {url}, and no copy of it is at hand",
    instead="give the folder of a copy with `--source {url}=PATH`",
)
A2F_SET_013 = Message(
    code="A2F-SET-013",
    verdict=Verdict.MANUAL,
    text="Argo CD does not take {set}: {why}",
    instead="correct it, or remove it",
)
A2F_SET_014 = Message(
    code="A2F-SET-014",
    verdict=Verdict.MANUAL,
    text="a template of {set} cannot be filled in: {why}",
    instead="correct the template or its parameters",
)
A2F_SET_015 = Message(
    code="A2F-SET-015",
    verdict=Verdict.MANUAL,
    text="a template of {set} has no fixed result: {why}",
    instead="write the value down, or make it where it is used",
)
A2F_SET_016 = Message(
    code="A2F-SET-016",
    verdict=Verdict.NONE,
    text="`maxUpdate: {value}` was dropped: Flux reconciles all objects of a step at once",
    instead="split the step into several",
)
A2F_SET_017 = Message(
    code="A2F-SET-017",
    verdict=Verdict.EQUIVALENT,
    text="`strategy` of {set} was left out: progressive syncs are switched off in argocd-cmd-params-cm",
)
A2F_SET_018 = Message(
    code="A2F-SET-018",
    verdict=Verdict.MANUAL,
    text="{set} makes more than argoflux expands: {why}",
    instead="narrow its generators",
)
A2F_SET_019 = Message(
    code="A2F-SET-019",
    verdict=Verdict.MANUAL,
    text="{object} follows {others} in the rollout of {set}, and no `dependsOn` leads from a {kind} to another kind",
    instead="put the objects of each step into a folder of their own, with a Kustomization per folder that depends on the one before",
)

A2F_SET_020 = Message(
    code="A2F-SET-020",
    verdict=Verdict.EQUIVALENT,
    text="the objects of {set} were written one by one, not as a ResourceSet: {why}",
)
A2F_SET_021 = Message(
    code="A2F-SET-021",
    verdict=Verdict.APPROXIMATE,
    text="each cluster of {set} became a ResourceSetInputProvider: a cluster that is added later needs one too",
    instead="add it together with the kubeconfig Secret of the cluster, with the same labels",
)

A2F_SET_022 = Message(
    code="A2F-SET-022",
    verdict=Verdict.APPROXIMATE,
    text="the folders of {set} are found by an ArtifactGenerator, which fails for a folder whose name is no value of a label and puts capitals in lower case",
    instead="install source-watcher, keep folders apart from each other and their names in small letters, and raise `spec.filter.limit` of the ResourceSetInputProvider beyond 100 folders",
)

REASONS: Mapping[str, Message] = {
    "live": A2F_SET_010,
    "no-clusters": A2F_SET_011,
    "no-files": A2F_SET_012,
    "invalid": A2F_SET_013,
    "template": A2F_SET_014,
    "changing": A2F_SET_015,
    "limit": A2F_SET_018,
}
"""The message for each reason why something was not expanded."""

PULL_REQUESTS: Mapping[str, str] = {
    "github": "GitHubPullRequest",
    "gitlab": "GitLabMergeRequest",
    "gitea": "GiteaPullRequest",
    "azuredevops": "AzureDevOpsPullRequest",
}
"""The type of input provider for each host (flux-operator:api/v1/resourcesetinputprovider_types.go)."""

REMEDIES: Mapping[str, str] = {
    "pullRequest": "serve the pull requests to a ResourceSetInputProvider of the type ExternalService, and describe the objects with a ResourceSet",
    **{
        f"pullRequest.{key}": f"describe the pull requests with a ResourceSetInputProvider of the type {kind} of flux-operator, and the objects with a ResourceSet: `number` is `inputs.id` there, `head_sha` is `inputs.sha`"
        for key, kind in PULL_REQUESTS.items()
    },
    "scmProvider": "write the repositories into a list generator, or serve them to a ResourceSetInputProvider of the type ExternalService",
    "plugin": "serve the plugin's answers to a ResourceSetInputProvider of the type ExternalService, and describe the objects with a ResourceSet",
    "clusterDecisionResource": "write the chosen clusters into a list generator, or use the Flux add-on of the placement's own system",
}
"""What to do about each generator that asks a live service."""

POLICY_ANNOTATIONS: Mapping[str, Mapping[str, str]] = {
    "create-only": {
        "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
    },
    "create-update": {"kustomize.toolkit.fluxcd.io/prune": "disabled"},
    "create-delete": {"kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent"},
}
"""What keeps kustomize-controller from updating or deleting what it once applied."""

_OPERATOR_KEYS = {"kustomize.toolkit.fluxcd.io/prune": "fluxcd.controlplane.io/prune"}
"""flux-operator:api/v1/common_types.go (PruneAnnotation); it has none for objects to create only."""

_KIND = "ApplicationSet"
_GENERATOR = "spec.generators[]"
_ITEM_DEPTH = 3  # spec, generators, number


def _problem(ctx: Context, reason: str) -> Mapping[str, Any] | None:
    """The facts of what went wrong with the generator, or with the template, that a leaf is in."""
    for at, facts in (ctx.fact("problems") or {}).items():
        whole = at[:_ITEM_DEPTH] if at[:2] == ("spec", "generators") else at
        if facts["reason"] == reason and ctx.path[: len(whole)] == whole:
            found: Mapping[str, Any] = facts
            return found
    return None


def _failed(reason: str) -> Test:
    return lambda _value, ctx: _problem(ctx, reason) is not None


def _facts_of(reason: str) -> Any:
    return lambda _value, ctx: _problem(ctx, reason) or {}


_PROBLEMS: tuple[Note, ...] = tuple(
    says(message, when=_failed(reason), facts=_facts_of(reason))
    for reason, message in REASONS.items()
)


_MADE = exact(when=lambda _value, ctx: ctx.app is not None)
"""What concerns the set as a whole is judged once, not for each of its Applications."""


def _generator(says_what: str, *kinds: str) -> Concept:
    return Concept(
        slot="generated",
        says=says_what,
        argo=tuple(on(_KIND, f"{_GENERATOR}.{kind}", subtree=True) for kind in kinds),
        to_flux=(
            _MADE,
            *_PROBLEMS,
            equivalent(when=lambda _value, ctx: ctx.fact("folded") == "list"),
            says(A2F_SET_021, when=lambda _value, ctx: ctx.fact("folded") == "clusters"),
            says(A2F_SET_022, when=lambda _value, ctx: ctx.fact("folded") == "git"),
            says(A2F_SET_001),
        ),
    )


def _policy_facts(value: Any, ctx: Context) -> Mapping[str, Any]:
    """What a policy became: annotations for whoever applies the objects."""
    notes = POLICY_ANNOTATIONS.get(str(value), {})
    heed = "apply them with a Kustomization: the annotations speak to kustomize-controller"
    if ctx.fact("folded"):
        notes = in_resource_set(notes)
        heed = "leave the ResourceSet to flux-operator, which reads the annotation"
    target = " and ".join(f"`{key}: {item}`" for key, item in notes.items())
    return {"target": target, "heed": heed}


def in_resource_set(notes: Mapping[str, str]) -> dict[str, str]:
    """Annotations as flux-operator reads them on what a ResourceSet makes."""
    return {_OPERATOR_KEYS.get(key, key): value for key, value in notes.items()}


def _ordered(_value: Any, ctx: Context) -> bool:
    return bool(ctx.fact("steps"))


def _set(path: str, *, subtree: bool = False, default: Any = None) -> tuple[On, ...]:
    if default is None:
        return (on(_KIND, path, subtree=subtree),)
    return (on(_KIND, path, default=default, subtree=subtree),)


# argo-cd:applicationset/controllers/applicationset_controller.go, controllers/template/template.go,
# generators/*.go, utils/createOrUpdate.go, progressivesync/progressive_sync.go;
# fluxcd/pkg:ssa/manager_apply.go and kustomize-controller:api/v1/kustomization_types.go (annotations)
ROWS = (
    Concept(
        slot="",
        says="Name, place and notes of the ApplicationSet itself; its Applications have their own.",
        argo=(
            *_set("metadata.name"),
            *_set("metadata.generateName"),
            *_set("metadata.namespace"),
            *_set("metadata.labels", subtree=True),
            *_set("metadata.finalizers[]"),
        ),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="",
        says="Annotations of the ApplicationSet itself; its Applications have their own.",
        argo=_set("metadata.annotations", subtree=True),
        to_flux=(
            *order.NOTES,
            equivalent(),
        ),
    ),
    Concept(
        slot="generated",
        says="The template of the Applications; each value is judged in every Application it makes.",
        argo=(*_set("spec.template", subtree=True),),
        to_flux=(_MADE, *_PROBLEMS, exact()),
    ),
    Concept(
        slot="generated",
        says="A patch on each generated Application.",
        argo=_set("spec.templatePatch"),
        to_flux=(_MADE, *_PROBLEMS, says(A2F_SET_003)),
    ),
    Concept(
        slot="generated",
        says="Which template language is used, and what absent keys are.",
        argo=(*_set("spec.goTemplate", default=False), *_set("spec.goTemplateOptions[]")),
        to_flux=(exact(),),
    ),
    Concept(
        slot="generated",
        says="Selectors of nested generators count; Argo CD always reads them.",
        argo=_set("spec.applyNestedSelectors"),
        to_flux=(equivalent(),),
    ),
    _generator("Sets of parameters that stand in the ApplicationSet.", "list"),
    _generator("One set of parameters for each cluster that Argo CD knows.", "clusters"),
    _generator("One set of parameters for each folder or file of a repository.", "git"),
    _generator("Every pair of the sets of two generators.", "matrix"),
    _generator("Sets of several generators joined by keys.", "merge"),
    _generator("One set of parameters for each open pull request.", "pullRequest"),
    _generator("One set of parameters for each repository of an organisation.", "scmProvider"),
    _generator("Sets of parameters that a service of one's own answers with.", "plugin"),
    _generator("The clusters that another resource has chosen.", "clusterDecisionResource"),
    _generator("Which sets of parameters of a generator count.", "selector"),
    Concept(
        slot="deletion",
        says="Whether the objects of an Application outlive the ApplicationSet.",
        argo=_set("spec.syncPolicy.preserveResourcesOnDeletion"),
        to_flux=(exact(),),
    ),
    Concept(
        slot="generated.policy",
        says="Whether generated Applications are created, updated and deleted.",
        argo=_set("spec.syncPolicy.applicationsSync"),
        to_flux=(
            _MADE,
            says(
                A2F_SET_004,
                when=lambda value, _ctx: value in POLICY_ANNOTATIONS,
                facts=_policy_facts,
            ),
            equivalent(),
        ),
    ),
    Concept(
        slot="generated.order",
        says="Whether Applications are synced step by step.",
        argo=(
            *_set("spec.strategy.type"),
            *_set("spec.strategy.rollingSync.steps[].matchExpressions", subtree=True),
        ),
        to_flux=(
            _MADE,
            says(A2F_SET_017, when=lambda _value, ctx: bool(ctx.fact("steps_off"))),
            says(A2F_SET_005, when=_ordered),
            equivalent(),
        ),
    ),
    Concept(
        slot="generated.order",
        says="How many Applications of a step are synced at a time.",
        argo=_set("spec.strategy.rollingSync.steps[].maxUpdate"),
        to_flux=(
            _MADE,
            says(A2F_SET_017, when=lambda _value, ctx: bool(ctx.fact("steps_off"))),
            exact(when=lambda value, _ctx: value == "100%"),
            says(A2F_SET_016, when=_ordered),
            equivalent(),
        ),
    ),
    Concept(
        slot="generated.order",
        says="The order in which Applications are deleted with their ApplicationSet.",
        argo=_set("spec.strategy.deletionOrder"),
        to_flux=(
            _MADE,
            # read together with rollout steps only: IsDeletionOrderReversed
            says(
                A2F_SET_006,
                when=lambda value, ctx: str(value).lower() == "reverse" and _ordered(value, ctx),
            ),
            equivalent(),
        ),
    ),
    Concept(
        slot="generated",
        says="Annotations and labels of live Applications that the controller leaves alone.",
        argo=(*_set("spec.preservedFields.annotations[]"), *_set("spec.preservedFields.labels[]")),
        to_flux=(exact(),),
    ),
    Concept(
        slot="generated",
        says="Fields of live Applications that may differ from the template.",
        argo=(
            *_set("spec.ignoreApplicationDifferences[].name"),
            *_set("spec.ignoreApplicationDifferences[].jsonPointers[]"),
            *_set("spec.ignoreApplicationDifferences[].jqPathExpressions[]"),
        ),
        to_flux=(
            _MADE,
            equivalent(when=lambda _value, ctx: ctx.path[-1] == "name"),
            says(A2F_SET_007),
        ),
    ),
)
