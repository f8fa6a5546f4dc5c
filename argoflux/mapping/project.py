"""Projects: which sources and destinations their apps may use, and what becomes of the project itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, Note, equivalent, exact, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.metadata import copied_label
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context, Facts, Test

A2F_PRJ_001 = Message(
    code="A2F-PRJ-001",
    verdict=Verdict.EQUIVALENT,
    text="project {project} became tenant namespace {tenant}, with service account {account}",
)
A2F_PRJ_002 = Message(
    code="A2F-PRJ-002",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` is enforced by admission policy {policy} on the source objects of the tenant",
    instead="it needs Kubernetes 1.30, and controllers that run with --no-cross-namespace-refs=true",
)
A2F_PRJ_003 = Message(
    code="A2F-PRJ-003",
    verdict=Verdict.APPROXIMATE,
    text="RBAC knows no patterns: `{value}` became rights in {namespaces}",
    instead="add a RoleBinding for every further namespace",
    tags=("evidence",),
)
A2F_PRJ_009 = Message(
    code="A2F-PRJ-009",
    verdict=Verdict.NONE,
    text="`{field}` was dropped: Flux does not look for objects that nothing deploys",
    instead="compare the cluster with the inventories (`flux tree`, `flux trace`) where that matters",
)
A2F_PRJ_012 = Message(
    code="A2F-PRJ-012",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` permits everything that it does not hit in Argo CD; admission policy {policy} takes the other entries for the list of what is allowed, and would reject {apps}",
    instead="list every repository that the project may use",
)
A2F_PRJ_013 = Message(
    code="A2F-PRJ-013",
    verdict=Verdict.APPROXIMATE,
    text="project {value} became namespace {namespace}; the project is not in the input, so its limits are not known and nothing enforces them",
    instead="add the AppProject to the input, or write service account and roles by hand",
    tags=("security",),
)
A2F_PRJ_014 = Message(
    code="A2F-PRJ-014",
    verdict=Verdict.APPROXIMATE,
    text="project {value} is a label only: its limits on sources, destinations and kinds are not enforced by Flux",
    instead="rerun with `--layout tenant` to get namespaces, service accounts and RBAC",
    tags=("security",),
)
A2F_PRJ_015 = Message(
    code="A2F-PRJ-015",
    verdict=Verdict.NONE,
    text="`{field}` of project {project} is not enforced: in the flat layout all apps run with the rights of the controllers",
    instead="rerun with `--layout tenant`, which writes {remedy}",
    tags=("security",),
)
A2F_PRJ_016 = Message(
    code="A2F-PRJ-016",
    verdict=Verdict.APPROXIMATE,
    text="tenants are only kept apart when the controllers refuse to be led around their namespaces",
    instead="run them with {flags}",
    tags=("security",),
    run=True,
)
A2F_PRJ_019 = Message(
    code="A2F-PRJ-019",
    verdict=Verdict.MANUAL,
    text="`{value}` is on another cluster, where {account} needs rights of its own",
    instead="create namespace {tenant}, service account {account} and the same RoleBindings there",
    tags=("security",),
)
A2F_PRJ_021 = Message(
    code="A2F-PRJ-021",
    verdict=Verdict.NONE,
    text="`{value}` was dropped: nothing keeps the namespace of a tenant from being deleted while its apps exist",
    instead="annotate it with kustomize.toolkit.fluxcd.io/prune: disabled and guard it with an admission policy",
)
A2F_PRJ_025 = Message(
    code="A2F-PRJ-025",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` is every namespace: {account} got its rights in the whole cluster",
    instead="name the namespaces, and remove the ClusterRoleBinding",
    tags=("security",),
)

_KIND = "AppProject"
_POLICY = "an admission policy on the source objects of each project"
_RIGHTS = "a service account with RBAC in the destinations of each project"
_CLUSTERS = "kubeconfigs in the namespace of each project only"
_PLACEMENT = "the objects of each project into a namespace of its own"


def is_tenant(_value: Any, ctx: Context) -> bool:
    """Whether the project becomes a namespace with rights."""
    return bool(ctx.fact("tenant"))


def field_of(ctx: Context) -> str:
    """The field of the project's spec that holds the leaf."""
    return str(ctx.path[1]) if len(ctx.path) > 1 else str(ctx.path[0])


def handled(name: str, *outcomes: str) -> Test:
    """A test: the emitter noted one of these outcomes for the list item that holds the leaf."""
    return lambda _value, ctx: bool(set(outcomes) & set(outcome(name, ctx) or ()))


def outcome(name: str, ctx: Context) -> Any:
    """What the emitter noted for the list item that holds the leaf."""
    noted = ctx.fact(name) or {}
    return noted.get(ctx.path[2]) if len(ctx.path) > 2 else None  # noqa: PLR2004  # spec.list[n]


def not_enforced(remedy: str, *, when: Test | None = None) -> Note:
    """The loss of a limit in the flat layout, with what the other layout writes for it."""

    def flat(value: Any, ctx: Context) -> bool:
        return not is_tenant(value, ctx) and (when is None or when(value, ctx))

    return says(A2F_PRJ_015, when=flat, facts=_with_field(remedy))


def _with_field(remedy: str) -> Facts:
    return lambda _value, ctx: {"field": field_of(ctx), "remedy": remedy}


def _is_namespace(value: Any, ctx: Context) -> bool:
    del value
    return ctx.path[-1] == "namespace"


def _namespaces_are(*outcomes: str) -> Test:
    test = handled("destinations", *outcomes)
    return lambda value, ctx: _is_namespace(value, ctx) and test(value, ctx)


def _copied(value: Any, ctx: Context) -> bool:
    """Whether a label goes to the namespace of the tenant."""
    return is_tenant(value, ctx) and copied_label(str(ctx.path[-1]), str(value), "flux")


def _all_sources(value: Any, ctx: Context) -> bool:
    """Whether the entry excludes nothing: `*`, or any other beside it where nothing is negated."""
    repos = [str(item) for item in (ctx.body.get("spec") or {}).get("sourceRepos") or []]
    whole = "*" in repos and not any(item.startswith("!") for item in repos)
    return value == "*" or whole


# argo-cd:pkg/apis/application/v1alpha1/types.go (AppProjectSpec), app_project_types.go
# (IsSourcePermitted, IsDestinationPermitted); tenants: fluxcd/flux2:cmd/flux/create_tenant.go,
# fluxcd/website:content/en/flux/installation/configuration/multitenancy.md
ROWS = (
    Concept(
        slot="project",
        says="The policy boundary that limits sources, destinations and kinds.",
        argo=(on("Application", "spec.project", "default"),),
        to_flux=(
            says(A2F_PRJ_001, when=fact("project_account")),
            exact(when=lambda value, _ctx: value in {"", "default"}),
            equivalent(when=fact("project_open")),
            says(
                A2F_PRJ_013,
                when=fact("tenant_namespace"),
                facts=lambda _value, ctx: {"namespace": ctx.fact("tenant_namespace")},
            ),
            says(A2F_PRJ_014),
        ),
    ),
    Concept(
        slot="name",
        says="The project, and the namespace that stands for it.",
        argo=(on(_KIND, "metadata.name"),),
        to_flux=(says(A2F_PRJ_001, when=is_tenant), equivalent()),
    ),
    Concept(
        slot="tenant.labels",
        says="Labels of the project.",
        argo=(on(_KIND, "metadata.labels", subtree=True),),
        to_flux=(exact(when=_copied), equivalent()),
    ),
    Concept(
        slot="tenant.finalizers",
        says="Keeps the project while it has apps.",
        argo=(on(_KIND, "metadata.finalizers[]"),),
        to_flux=(says(A2F_PRJ_021),),
    ),
    Concept(
        slot="tenant.description",
        says="What the project is for.",
        argo=(on(_KIND, "spec.description"),),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="tenant.sources",
        says="Repositories that apps of the project may use.",
        argo=(on(_KIND, "spec.sourceRepos[]"),),
        to_flux=(
            exact(when=_all_sources),
            not_enforced(_POLICY),
            says(A2F_PRJ_012, when=handled("sources", "stricter")),
            says(A2F_PRJ_002),
        ),
    ),
    Concept(
        slot="tenant.sources",
        says="Without an entry, no repository may be used.",
        argo=(on(_KIND, "spec.sourceRepos"),),
        to_flux=(
            not_enforced(_POLICY),
            says(A2F_PRJ_002, facts=lambda _v, _c: {"value": "sourceRepos: []"}),
        ),
    ),
    Concept(
        slot="tenant.destinations",
        says="Clusters and namespaces that apps of the project may deploy to.",
        argo=tuple(
            on(_KIND, f"spec.destinations[].{name}") for name in ("namespace", "server", "name")
        ),
        to_flux=(
            exact(when=handled("destinations", "free")),
            exact(when=lambda value, ctx: value == "*" and not is_tenant(value, ctx)),
            not_enforced(_RIGHTS),
            says(
                A2F_PRJ_019,
                when=lambda value, ctx: (
                    not _is_namespace(value, ctx) and handled("destinations", "remote")(value, ctx)
                ),
            ),
            says(A2F_PRJ_025, when=_namespaces_are("everywhere")),
            says(A2F_PRJ_003, when=_namespaces_are("pattern")),
            equivalent(),
        ),
    ),
    Concept(
        slot="tenant.destinations",
        says="Without an entry, nothing may be deployed.",
        argo=(on(_KIND, "spec.destinations"),),
        to_flux=(not_enforced(_RIGHTS), equivalent()),
    ),
    Concept(
        slot="tenant.source_namespaces",
        says="Namespaces whose Applications may belong to the project.",
        argo=(on(_KIND, "spec.sourceNamespaces[]"),),
        to_flux=(not_enforced(_PLACEMENT), equivalent()),
    ),
    Concept(
        slot="tenant.own_clusters",
        says="Only clusters that are registered for the project may be used.",
        argo=(on(_KIND, "spec.permitOnlyProjectScopedClusters", default=False),),
        to_flux=(
            exact(when=lambda value, _ctx: value is False),
            not_enforced(_CLUSTERS),
            equivalent(),
        ),
    ),
    Concept(
        slot="",
        says="Reports objects in the destinations that no app deploys.",
        argo=(
            on(_KIND, "spec.orphanedResources"),
            on(_KIND, "spec.orphanedResources.warn"),
            *(
                on(_KIND, f"spec.orphanedResources.ignore[].{name}")
                for name in ("group", "kind", "name")
            ),
        ),
        to_flux=(says(A2F_PRJ_009, facts=_with_field("")),),
    ),
)
