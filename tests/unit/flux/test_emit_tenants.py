"""Tenants: namespace, account, rights on kinds and namespaces, accounts and keys."""

from __future__ import annotations

import pytest

from argoflux.flux.kind_plurals import KindEntry, guess_plural, known_kinds
from tests.unit.argocd_cases import convert_case, known
from tests.unit.flux.tenant_cases import (
    IN_CLUSTER,
    LIMITED,
    application,
    body,
    found,
    project,
    tenant,
)

ADMIN = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"}
ACCOUNT = {"kind": "ServiceAccount", "name": "team", "namespace": "team"}
KEY = "4AEE18F83AFDEB23"
CORE_VERBS = ["get", "list", "watch", "create", "update", "patch", "delete"]


def test_everything_of_a_tenant_is_in_its_namespace() -> None:
    """Sources, appliers and the account; appliers use the account."""
    case = tenant(LIMITED, metadata="labels: {team: a}, annotations: {note: x}")
    assert body(case, "Namespace")["metadata"] == {
        "name": "team",
        "labels": {"toolkit.fluxcd.io/tenant": "team", "team": "a"},
        "annotations": {"note": "x", "argoflux.dev/source": "AppProject/argocd/team"},
    }
    assert body(case, "ServiceAccount")["metadata"] == {"name": "team", "namespace": "team"}
    assert body(case, "Kustomization")["spec"]["serviceAccountName"] == "team"
    assert {d.namespace for d in case.emission.drafts if d.kind == "GitRepository"} == {"team"}


def test_releases_use_the_account() -> None:
    case = tenant(LIMITED, application(source="helm: {releaseName: web}"))
    assert body(case, "HelmRelease")["spec"]["serviceAccountName"] == "team"


def test_a_project_without_apps_is_a_tenant_too() -> None:
    case = tenant(LIMITED, "")
    assert body(case, "Namespace")["metadata"]["labels"] == {"toolkit.fluxcd.io/tenant": "team"}
    assert body(case, "RoleBinding", namespace="web")["subjects"] == [ACCOUNT]


def test_the_flat_layout_writes_nothing() -> None:
    case = convert_case(project(LIMITED) + application())
    assert {d.kind for d in case.emission.drafts} == {"GitRepository", "Kustomization"}
    assert "serviceAccountName" not in body(case, "Kustomization")["spec"]


def test_an_open_project_has_a_namespace_and_nothing_else() -> None:
    spec = (
        "sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}],"
        " clusterResourceWhitelist: [{group: '*', kind: '*'}]"
    )
    case = tenant(spec)
    kinds = {d.kind for d in case.emission.drafts}
    assert kinds == {"GitRepository", "Kustomization", "Namespace"}
    assert [item.reason for item in case.loaded.idle] == ["the project restricts nothing"]


@pytest.mark.parametrize(
    ("name", "namespace"),
    [
        ("Team_A", "team-a"),
        ("a.b", "a-b"),
        ("kube-things", "tenant-kube-things"),
        ("flux-system", "tenant-flux-system"),
    ],
)
def test_namespaces(name: str, namespace: str) -> None:
    """A label of DNS, and no namespace that the cluster or the controllers use."""
    text = project(LIMITED, name=name) + application(belongs=name)
    case = convert_case(text, layout="tenant")
    assert body(case, "Kustomization")["metadata"]["namespace"] == namespace


def test_projects_whose_names_become_one() -> None:
    text = project(LIMITED, name="a.b") + project(LIMITED, name="a-b")
    case = convert_case(text, layout="tenant")
    names = case.names("Namespace")
    assert names[0] == "a-b"
    assert len(set(names)) == 2


def test_the_built_in_project() -> None:
    """It stays where the controllers are unless the input restricts it."""
    plain = convert_case(application(belongs="default"), layout="tenant")
    assert body(plain, "Kustomization")["metadata"]["namespace"] == "flux-system"
    text = project(LIMITED, name="default") + application(belongs="default")
    limited = convert_case(text, layout="tenant")
    assert body(limited, "Kustomization")["metadata"]["namespace"] == "tenant-default"


def test_rights_in_named_namespaces() -> None:
    """All namespaced kinds: the ClusterRole `admin`, in each destination."""
    spec = f"destinations: [{{{IN_CLUSTER}, namespace: web}}, {{{IN_CLUSTER}, namespace: api}}]"
    case = tenant(spec)
    bindings = found(case, "RoleBinding", "team-reconciler")
    assert sorted(b.namespace for b in bindings) == ["api", "web"]
    assert all(b.body["roleRef"] == ADMIN for b in bindings)
    assert not found(case, "ClusterRoleBinding")


def test_custom_resources_need_more_than_admin() -> None:
    """A namespaced kind that `admin` does not hold: all rights, in the namespace only."""
    case = tenant(LIMITED, content=known("ResourceQuota/web/limits"))
    assert body(case, "RoleBinding")["roleRef"]["name"] == "cluster-admin"
    assert "A2F-PRJ-024" not in case.codes()


def test_admin_is_enough_where_all_is_known() -> None:
    case = tenant(LIMITED, content=known("ConfigMap/web/settings"))
    assert body(case, "RoleBinding")["roleRef"] == ADMIN
    assert "A2F-PRJ-024" not in case.codes()


def test_no_namespaced_kinds() -> None:
    """Vector 12: an empty list of namespaced kinds gives no rights, not all."""
    case = tenant(f"{LIMITED}, namespaceResourceWhitelist: []")
    assert not found(case, "RoleBinding")
    assert not found(case, "ClusterRoleBinding")


def test_listed_namespaced_kinds() -> None:
    kinds = "[{group: apps, kind: '*'}, {group: '', kind: ConfigMap}, {group: '*', kind: Job}]"
    case = tenant(f"{LIMITED}, namespaceResourceWhitelist: {kinds}")
    assert body(case, "ClusterRole", "argoflux-team-namespaced")["rules"] == [
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": CORE_VERBS},
        {"apiGroups": ["*"], "resources": ["jobs"], "verbs": CORE_VERBS},
        {"apiGroups": ["apps"], "resources": ["*"], "verbs": CORE_VERBS},
    ]
    assert body(case, "RoleBinding")["roleRef"]["name"] == "argoflux-team-namespaced"


def test_helm_keeps_its_releases_in_secrets() -> None:
    """helm-controller writes them with the tenant's account."""
    spec = f"{LIMITED}, namespaceResourceWhitelist: [{{group: apps, kind: Deployment}}]"
    case = tenant(spec, application(source="helm: {releaseName: web}"))
    rules = body(case, "ClusterRole")["rules"]
    assert {"apiGroups": [""], "resources": ["secrets"], "verbs": CORE_VERBS} in rules


def test_a_pattern_of_namespaces_is_what_is_known() -> None:
    """Destinations of apps and namespaces of their objects, without those that are denied."""
    spec = (
        f"destinations: [{{{IN_CLUSTER}, namespace: 'web*'}},"
        f" {{{IN_CLUSTER}, namespace: '!web-secret'}}]"
    )
    content = known("ConfigMap/web-a/x", "ConfigMap/web-secret/x", "ConfigMap/other/x")
    case = tenant(spec, content=content)
    # the negated entry permits every namespace but its own
    assert sorted(b.namespace for b in found(case, "RoleBinding")) == ["other", "web", "web-a"]


def test_every_namespace() -> None:
    case = tenant(f"destinations: [{{{IN_CLUSTER}, namespace: '*'}}]")
    assert body(case, "ClusterRoleBinding")["roleRef"] == ADMIN
    assert not found(case, "RoleBinding")


def test_every_namespace_with_custom_kinds() -> None:
    """Cluster-wide rights on all kinds would reach cluster-scoped ones: only what is known."""
    spec = f"destinations: [{{{IN_CLUSTER}, namespace: '*'}}]"
    case = tenant(spec, content=known("ResourceQuota/web/limits"))
    assert body(case, "ClusterRole")["rules"] == [
        {"apiGroups": [""], "resources": ["resourcequotas"], "verbs": CORE_VERBS}
    ]
    names = {d.body["roleRef"]["name"] for d in found(case, "ClusterRoleBinding")}
    assert names == {"admin", "argoflux-team-custom"}


def test_everything() -> None:
    spec = (
        f"destinations: [{{{IN_CLUSTER}, namespace: '*'}}],"
        " clusterResourceWhitelist: [{group: '*', kind: '*'}]"
    )
    case = tenant(spec)
    assert body(case, "ClusterRoleBinding")["roleRef"]["name"] == "cluster-admin"
    assert not found(case, "ClusterRole")


def test_cluster_scoped_kinds() -> None:
    """No list, no rights; a name limits all but creating, which a policy does."""
    assert not found(tenant(LIMITED), "ClusterRole")
    kinds = "[{group: '', kind: Namespace, name: web}, {group: storage.k8s.io, kind: StorageClass}]"
    case = tenant(f"{LIMITED}, clusterResourceWhitelist: {kinds}")
    assert body(case, "ClusterRole")["rules"] == [
        {"apiGroups": ["storage.k8s.io"], "resources": ["storageclasses"], "verbs": CORE_VERBS},
        {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["create"]},
        {
            "apiGroups": [""],
            "resources": ["namespaces"],
            "resourceNames": ["web"],
            "verbs": ["get", "update", "patch", "delete"],
        },
    ]
    assert body(case, "ClusterRoleBinding")["subjects"] == [ACCOUNT]


def test_all_cluster_scoped_kinds_are_named() -> None:
    """`*` in a ClusterRoleBinding would give all namespaced kinds in all namespaces."""
    spec = f"{LIMITED}, clusterResourceWhitelist: [{{group: '*', kind: '*'}}]"
    rules = body(tenant(spec), "ClusterRole")["rules"]
    resources = {resource for rule in rules for resource in rule["resources"]}
    assert {"namespaces", "customresourcedefinitions", "clusterroles"} <= resources
    assert not {"*", "secrets", "deployments", "roles"} & resources


def test_roots_are_apart() -> None:
    """A project of another root does not limit an app."""
    from tests.unit.argocd_cases import resources_from

    resources = [
        *resources_from(project(LIMITED), root="a"),
        *resources_from(application(), root="b"),
    ]
    case = convert_case(resources, layout="tenant")
    assert "serviceAccountName" not in body(case, "Kustomization")["spec"]
    assert {(d.root, d.kind) for d in case.emission.drafts if d.kind == "ServiceAccount"} == {
        ("a", "ServiceAccount")
    }


def test_namespaces_elsewhere_are_applied_with_the_account() -> None:
    """A Kustomization of its own makes the namespace on another cluster."""
    apps = application(cluster="server: https://eu.example.com").replace(
        "syncPolicy: {", "syncPolicy: {syncOptions: [CreateNamespace=true], "
    )
    case = tenant("destinations: [{server: '*', namespace: web}]", apps, to_folder=True)
    accounts = {
        d.name: d.body["spec"].get("serviceAccountName") for d in found(case, "Kustomization")
    }
    assert set(accounts.values()) == {"team"}


# --- accounts


def rules(*items: str) -> str:
    listed = ", ".join(f"{{{item}}}" for item in items)
    return (
        f"destinations: [{{{IN_CLUSTER}, namespace: '*web*'}}, {{{IN_CLUSTER}, namespace: api}}],"
        f" destinationServiceAccounts: [{listed}]"
    )


def test_accounts_of_destinations() -> None:
    """The first rule that fits; each account is bound where its apps deploy."""
    case = tenant(
        rules(
            f"{IN_CLUSTER}, namespace: web, defaultServiceAccount: 'ops:deployer'",
            "server: '*', namespace: '*', defaultServiceAccount: other",
        ),
        application() + application(name="api", namespace="api"),
    )
    accounts = {d.name: d.body["spec"]["serviceAccountName"] for d in found(case, "Kustomization")}
    assert accounts == {"web": "deployer", "api": "other"}
    assert {d.name for d in found(case, "ServiceAccount")} == {"team", "deployer", "other"}
    binding = body(case, "RoleBinding", "team-deployer", "web")
    assert binding["subjects"] == [{**ACCOUNT, "name": "deployer"}]
    assert not found(case, "RoleBinding", "team-deployer", "api")


def test_one_name_in_two_namespaces() -> None:
    """They were two accounts and stay two."""
    case = tenant(
        rules("server: '*', namespace: '*', defaultServiceAccount: deployer"),
        application() + application(name="api", namespace="api"),
    )
    accounts = {d.name: d.body["spec"]["serviceAccountName"] for d in found(case, "Kustomization")}
    assert accounts == {"web": "deployer-web", "api": "deployer-api"}


# --- keys


def test_sources_are_verified() -> None:
    case = tenant(f"{LIMITED}, signatureKeys: [{{keyID: {KEY}}}]")
    verify = body(case, "GitRepository")["spec"]["verify"]
    assert verify == {"mode": "HEAD", "secretRef": {"name": "team-gpg"}}
    (secret,) = found(case, "Secret", "team-gpg")
    assert secret.body["stringData"] == {f"{KEY}.asc": "TODO"}
    assert secret.folder == "secrets"


@pytest.mark.parametrize(
    ("revision", "mode", "expected"),
    [
        ("main", "head", "HEAD"),
        ("main", "strict", "HEAD"),
        ("v1.2.3", "head", "Tag"),
        ("v1.2.3", "strict", "TagAndHEAD"),
        ("1.x", "head", "Tag"),
        ("main", "none", None),
    ],
)
def test_modes(revision: str, mode: str, expected: str | None) -> None:
    """Argo CD looks at the tag where one is checked out, else at the commit."""
    spec = (
        f"{LIMITED}, sourceIntegrity: {{git: {{policies: [{{repos: [{{url: 'https://github.com/**'}}],"
        f" gpg: {{mode: {mode}, keys: [{KEY}]}}}}]}}}}"
    )
    case = tenant(spec, application(revision=revision))
    verify = body(case, "GitRepository")["spec"].get("verify", {})
    assert verify.get("mode") == expected


def test_only_matching_repositories_are_verified() -> None:
    spec = (
        f"{LIMITED}, sourceIntegrity: {{git: {{policies: [{{repos: [{{url: 'https://other/*'}}],"
        f" gpg: {{mode: head, keys: [{KEY}]}}}}]}}}}"
    )
    assert "verify" not in body(tenant(spec), "GitRepository")["spec"]


def test_known_keys_are_written() -> None:
    keys = (
        "apiVersion: v1\nkind: ConfigMap\n"
        f"metadata: {{name: argocd-gpg-keys-cm, namespace: argocd}}\ndata: {{{KEY}: armored}}\n"
    )
    case = tenant(f"{LIMITED}, signatureKeys: [{{keyID: {KEY}}}]", application() + keys)
    (secret,) = found(case, "Secret", "team-gpg")
    assert secret.body["stringData"] == {f"{KEY}.asc": "armored"}
    assert secret.folder == "projects"


# --- kinds


@pytest.mark.parametrize(
    ("kind", "plural"),
    [("Ingress", "ingresses"), ("Policy", "policies"), ("Widget", "widgets")],
)
def test_guessed_plurals(kind: str, plural: str) -> None:
    assert guess_plural(kind) == plural


def test_known_plurals() -> None:
    kinds = known_kinds([])
    assert kinds.find("", "Endpoints") == KindEntry("", "Endpoints", "endpoints", True, True)
    assert kinds.find("networking.k8s.io", "IngressClass") is not None
    assert kinds.find("example.com", "Shop") is None
