"""AppProjects as tenants: what is read, what is open, and what Argo CD permits."""

from __future__ import annotations

import pytest

from argoflux.argocd.load_project import is_open_project
from argoflux.model.tenant import Reach, Tenant, matches
from tests.unit.argocd_cases import convert_case, resources_from

OPEN = (
    "sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}],"
    " clusterResourceWhitelist: [{group: '*', kind: '*'}]"
)
KEY = "4AEE18F83AFDEB23"


def project(spec: str, name: str = "team") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
        f"metadata: {{name: {name}, namespace: argocd}}\nspec: {{{spec}}}\n"
    )


def tenant(spec: str, more: str = "") -> Tenant:
    (found,) = convert_case(project(spec) + more).loaded.estate.tenants
    return found


@pytest.mark.parametrize(
    ("more", "is_open"),
    [
        ("", True),
        ("description: all", True),
        ("orphanedResources: {warn: true}", True),
        ("namespaceResourceWhitelist: [{group: '*', kind: '*'}]", True),
        ("namespaceResourceWhitelist: null", True),
        ("namespaceResourceWhitelist: []", False),
        ("namespaceResourceBlacklist: [{group: '', kind: Secret}]", False),
        ("clusterResourceBlacklist: [{group: '', kind: Node}]", False),
        ("roles: [{name: dev}]", False),
        ("signatureKeys: [{keyID: x}]", False),
        ("syncWindows: [{kind: deny}]", False),
        ("permitOnlyProjectScopedClusters: true", False),
        ("permitOnlyProjectScopedClusters: false", True),
        ("destinationServiceAccounts: [{server: '*'}]", False),
    ],
)
def test_open(more: str, is_open: bool) -> None:  # a column of the table
    """A project that lets everything through restricts nothing; `[]` is not an absent list."""
    (resource,) = resources_from(project(f"{OPEN}, {more}" if more else OPEN))
    assert is_open_project(resource) is is_open


@pytest.mark.parametrize(
    "spec",
    [
        OPEN.replace("['*']", "['*', '!https://x/y']"),
        OPEN.replace(
            "namespace: '*'}", "namespace: '*'}, {server: '*', namespace: '!kube-system'}"
        ),
        OPEN.replace("server: '*'", "server: https://kubernetes.default.svc"),
        OPEN.replace("group: '*', kind: '*'", "group: '*', kind: '*', name: x"),
    ],
)
def test_not_open(spec: str) -> None:
    (resource,) = resources_from(project(spec))
    assert not is_open_project(resource)


def test_nil_and_empty_lists_of_kinds() -> None:
    """Vector 12: an absent list permits all namespaced kinds, an empty one none."""
    assert tenant("sourceRepos: []").kinds is None
    assert tenant("namespaceResourceWhitelist: null").kinds is None
    assert tenant("namespaceResourceWhitelist: []").kinds == ()


@pytest.mark.parametrize(
    ("repos", "url", "permitted"),
    [
        ("['https://github.com/acme/*']", "https://github.com/acme/web.git", True),
        ("['https://github.com/ACME/*']", "https://github.com/acme/Web", True),
        ("['https://github.com/acme/*']", "https://github.com/acme/a/b", False),
        ("['https://github.com/acme/**']", "https://github.com/acme/a/b", True),
        ("['git@github.com:acme/*']", "ssh://git@github.com/acme/web", True),
        ("['https://a/b', '!https://a/c']", "https://a/b", True),
        ("['https://a/b', '!https://a/c']", "https://other/d", True),
        ("['https://a/b', '!https://a/c']", "https://a/c", False),
        ("[]", "https://a/b", False),
        ("['[']", "https://a/b", False),
    ],
)
def test_sources(repos: str, url: str, permitted: bool) -> None:  # a column of the table
    """A negated entry permits everything that it does not hit."""
    assert tenant(f"sourceRepos: {repos}").permits_source(url) is permitted


@pytest.mark.parametrize(
    ("items", "namespace", "permitted"),
    [
        ("{server: '*', namespace: web}", "web", True),
        ("{server: '*', namespace: web}", "api", False),
        ("{name: in-cluster, namespace: 'w*'}", "web", True),
        ("{server: https://other, namespace: web}", "web", False),
        ("{server: '*', namespace: '!kube-system'}", "web", True),
        ("{server: '*', namespace: '!kube-system'}", "kube-system", False),
        ("{server: '*', namespace: '*'}, {server: '*', namespace: '!kube-*'}", "kube-x", False),
        ("{server: '!https://kubernetes.default.svc', namespace: '*'}", "web", False),
        ("{server: '*'}", "web", False),
    ],
)
def test_destinations(items: str, namespace: str, permitted: bool) -> None:  # a column of the table
    """The name or the URL of the cluster has to match, and the namespace; a denial wins."""
    found = tenant(f"destinations: [{items}]")
    assert found.permits_namespace(namespace) is permitted


def test_local_destinations() -> None:
    assert Reach(server="*", namespace="x").local
    assert Reach(name="in-*", namespace="x").local
    assert not Reach(server="https://other").local
    assert Reach(server="!https://other").local


def test_patterns() -> None:
    assert matches("!a*", "b")
    assert not matches("!a*", "ab")
    assert not matches("[", "[")


def test_policies() -> None:
    """Six fields, the role's own subject; everything else is kept as unreadable."""
    lines = ["p, proj:team:dev, applications, get, team/*, allow", "p,proj:team:dev,exec,create,x,deny",
             "p, proj:team:other, applications, get, team/*, allow", "g, a, b"]  # fmt: skip
    listed = ", ".join(f"'{line}'" for line in lines)
    (role,) = tenant(f"roles: [{{name: dev, policies: [{listed}], groups: [a]}}]").roles
    assert [policy.valid for policy in role.policies] == [True, True, False, False]
    assert (role.policies[1].resource, role.policies[1].effect) == ("exec", "deny")
    assert role.groups == ("a",)


def test_signature_keys_are_a_policy_for_all_repositories() -> None:
    (policy,) = tenant(f"signatureKeys: [{{keyID: {KEY}}}]").signatures
    assert (policy.repos, policy.mode, policy.keys) == (("*",), "head", (KEY,))
    assert policy.holds("https://anything/at/all")


def test_signature_policies() -> None:
    """Stated policies win over the old list; a negated repository is left out."""
    (policy,) = tenant(
        f"signatureKeys: [{{keyID: {KEY}}}], sourceIntegrity: {{git: {{policies: ["
        "{repos: [{url: 'https://a/*'}, {url: '!https://a/b'}], gpg: {mode: strict, keys: [x]}}]}}"
    ).signatures
    assert (policy.mode, policy.keys) == ("strict", ("x",))
    assert policy.holds("https://a/c.git")
    assert not policy.holds("https://a/b")
    assert not policy.holds("https://b/c")


def test_public_keys() -> None:
    """Keys are found by the last 16 digits of their ids, whatever the case."""
    keys = (
        "---\napiVersion: v1\nkind: ConfigMap\n"
        "metadata: {name: argocd-gpg-keys-cm, namespace: argocd}\n"
        f"data: {{{KEY}: armored, AAAAAAAAAAAAAAAA: other}}\n"
    )
    long = f"0123456789abcdef{KEY.lower()}"
    found = tenant(f"signatureKeys: [{{keyID: {long}}}, {{keyID: BBBB}}]", keys)
    assert found.public_keys == {long: "armored"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", None),
        ("data: {a: b}", False),
        ("data: {application.sync.impersonation.enabled: 'true'}", True),
    ],
)
def test_impersonation(data: str, expected: bool | None) -> None:  # a column of the table
    """Unknown without argocd-cm, off by default in one."""
    config = (
        "---\napiVersion: v1\nkind: ConfigMap\n"
        f"metadata: {{name: argocd-cm, namespace: argocd}}\n{data}\n"
    )
    assert tenant("sourceRepos: []", config if data else "").impersonates is expected


def test_keys_that_nothing_needs_are_idle() -> None:
    keys = (
        "apiVersion: v1\nkind: ConfigMap\n"
        f"metadata: {{name: argocd-gpg-keys-cm, namespace: argocd}}\ndata: {{{KEY}: armored}}\n"
    )
    idle = convert_case(keys, layout="tenant").loaded.idle
    assert [item.resource.ref.name for item in idle] == ["argocd-gpg-keys-cm"]
