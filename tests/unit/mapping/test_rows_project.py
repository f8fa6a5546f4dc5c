"""Projects: sources, destinations, the project itself, under both layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from tests.unit.mapping.project_cases import (
    IN_CLUSTER,
    OPERATOR,
    TENANT,
    application,
    case,
    project,
)
from tests.unit.mapping.row_cases import Row, check, ids, run

if TYPE_CHECKING:
    from pathlib import Path

LIMITED = f"sourceRepos: ['*'], destinations: [{{{IN_CLUSTER}, namespace: web}}]"
REMOTE = "server: https://eu.example.com"

ROWS = [
    case(
        "a project becomes a namespace",
        LIMITED,
        "metadata.name",
        "equivalent",
        "A2F-PRJ-001",
        shown="tenant namespace team",
        targets=("metadata.name",),
    ),
    case(
        "in the flat layout a project is a label", LIMITED, "metadata.name", "equivalent", flat=True
    ),
    case(
        "its app says which tenant it belongs to",
        LIMITED,
        "spec.project",
        "equivalent",
        "A2F-PRJ-001",
        resource="Application",
    ),
    case(
        "in the flat layout its app is labelled",
        LIMITED,
        "spec.project",
        "approximate",
        "A2F-PRJ-014",
        flat=True,
        resource="Application",
    ),
    Row(
        id="a project that is not in the input has unknown limits",
        text=application(),
        path="spec.project",
        verdict="approximate",
        code="A2F-PRJ-013",
        options=TENANT,
    ),
    case(
        "a project without limits takes nothing away",
        "sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}],"
        " clusterResourceWhitelist: [{group: '*', kind: '*'}]",
        "spec.project",
        "equivalent",
        resource="Application",
        flat=True,
    ),
    case(
        "labels go to the namespace",
        LIMITED,
        "metadata.labels.team",
        metadata="labels: {team: a}",
        targets=("metadata.labels.team",),
    ),
    case(
        "the finalizer keeps a project with apps",
        LIMITED,
        "metadata.finalizers[0]",
        "none",
        "A2F-PRJ-021",
        metadata="finalizers: [resources-finalizer.argocd.argoproj.io]",
    ),
    case(
        "a description is a note on the namespace",
        f"{LIMITED}, description: Team A",
        "spec.description",
        "equivalent",
        targets=('metadata.annotations["argoflux.dev/description"]',),
    ),
    case("any source", LIMITED, "spec.sourceRepos[0]"),
    case("any source needs no policy", LIMITED, "spec.sourceRepos[0]", flat=True),
    case(
        "a source pattern becomes a policy",
        "sourceRepos: ['https://github.com/acme/*']",
        "spec.sourceRepos[0]",
        "approximate",
        "A2F-PRJ-002",
        shown="argoflux-team-sources",
        targets=("spec.validations[0]",),
    ),
    case(
        "nothing enforces a source pattern in the flat layout",
        "sourceRepos: ['https://github.com/acme/*']",
        "spec.sourceRepos[0]",
        "none",
        "A2F-PRJ-015",
        shown="admission policy",
        flat=True,
    ),
    case(
        "an entry beside * changes nothing",
        "sourceRepos: ['*', 'https://github.com/acme/*']",
        "spec.sourceRepos[1]",
        flat=True,
    ),
    case(
        "a negated source permits all others in Argo CD",
        "sourceRepos: ['https://github.com/acme/api*', '!https://github.com/acme/secrets']",
        "spec.sourceRepos[1]",
        "approximate",
        "A2F-PRJ-012",
        shown="would reject Application/argocd/web",
    ),
    case(
        "only negated sources mean the same in the policy",
        "sourceRepos: ['!https://github.com/acme/secrets']",
        "spec.sourceRepos[0]",
        "approximate",
        "A2F-PRJ-002",
    ),
    case(
        "no source at all",
        "sourceRepos: []",
        "spec.sourceRepos",
        "approximate",
        "A2F-PRJ-002",
        shown="sourceRepos: []",
    ),
    case(
        "a namespace by name is a RoleBinding",
        LIMITED,
        "spec.destinations[0].namespace",
        "equivalent",
        targets=("metadata.namespace", "roleRef"),
    ),
    case("its own cluster needs nothing", LIMITED, "spec.destinations[0].server", "equivalent"),
    case(
        "nothing enforces a destination in the flat layout",
        LIMITED,
        "spec.destinations[0].namespace",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "any cluster is no limit",
        "destinations: [{server: '*', namespace: web}]",
        "spec.destinations[0].server",
        flat=True,
    ),
    case(
        "a namespace pattern is what the apps use",
        f"destinations: [{{{IN_CLUSTER}, namespace: 'w*'}}]",
        "spec.destinations[0].namespace",
        "approximate",
        "A2F-PRJ-003",
        shown="rights in web",
    ),
    case(
        "every namespace is the whole cluster",
        f"destinations: [{{{IN_CLUSTER}, namespace: '*'}}]",
        "spec.destinations[0].namespace",
        "approximate",
        "A2F-PRJ-025",
    ),
    case(
        "every namespace and kind is no limit",
        f"sourceRepos: [x], destinations: [{{{IN_CLUSTER}, namespace: '*'}}],"
        " clusterResourceWhitelist: [{group: '*', kind: '*'}]",
        "spec.destinations[0].namespace",
    ),
    case(
        "another cluster needs rights of its own",
        f"destinations: [{{{REMOTE}, namespace: web}}]",
        "spec.destinations[0].server",
        "manual",
        "A2F-PRJ-019",
        apps=application(REMOTE),
    ),
    case(
        "any cluster that is used needs rights of its own",
        "destinations: [{name: '*', server: '*', namespace: web}]",
        "spec.destinations[0].server",
        "manual",
        "A2F-PRJ-019",
        apps=application(REMOTE),
    ),
    case("no destination", "destinations: []", "spec.destinations", "equivalent"),
    case(
        "Applications in other namespaces live in the tenant's",
        f"{LIMITED}, sourceNamespaces: [apps]",
        "spec.sourceNamespaces[0]",
        "equivalent",
    ),
    case(
        "nothing binds Applications of other namespaces in the flat layout",
        f"{LIMITED}, sourceNamespaces: [apps]",
        "spec.sourceNamespaces[0]",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "kubeconfigs stand in the tenant's namespace only",
        f"{LIMITED}, permitOnlyProjectScopedClusters: true",
        "spec.permitOnlyProjectScopedClusters",
        "equivalent",
    ),
    case(
        "any cluster may be used",
        f"{LIMITED}, permitOnlyProjectScopedClusters: false",
        "spec.permitOnlyProjectScopedClusters",
        flat=True,
    ),
    case(
        "any app may use any cluster in the flat layout",
        f"{LIMITED}, permitOnlyProjectScopedClusters: true",
        "spec.permitOnlyProjectScopedClusters",
        "none",
        "A2F-PRJ-015",
        flat=True,
    ),
    case(
        "orphans are not looked for",
        f"{LIMITED}, orphanedResources: {{warn: true, ignore: [{{kind: Secret, name: x}}]}}",
        "spec.orphanedResources.warn",
        "none",
        "A2F-PRJ-009",
    ),
    case(
        "nor are some ignored",
        f"{LIMITED}, orphanedResources: {{ignore: [{{kind: Secret, name: x}}]}}",
        "spec.orphanedResources.ignore[0].kind",
        "none",
        "A2F-PRJ-009",
        flat=True,
    ),
    case("flags keep tenants apart", LIMITED, code="A2F-PRJ-016", shown="--no-remote-bases=true"),
    case(
        "an instance of flux-operator sets the flags",
        LIMITED,
        code="A2F-PRJ-016",
        shown="spec.cluster.multitenant",
        apps=application() + OPERATOR,
    ),
]


@ids(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the targets that the row says."""
    check(tmp_path, row)


def test_a_second_project_of_one_name_is_refused(tmp_path: Path) -> None:
    text = project("sourceRepos: [a]") + project("sourceRepos: [b]")
    conversion = run(tmp_path, Row(id="", text=text, options=ConvertOptions(layout="tenant")))
    outcomes = [(o.outcome, o.reason[:11]) for o in conversion.outcomes]
    assert outcomes == [("converted", ""), ("skipped", "A2F-OBJ-003")]
