"""Admission policies and roles of tenants."""

from __future__ import annotations

import re
from typing import Any

import pytest

from argoflux.flux.emit_tenant_policies import quote, url_regex
from tests.unit.flux.tenant_cases import LIMITED, application, body, found, tenant

URL = "object.spec.url.lowerAscii()"


def sources(repos: str, apps: str | None = None) -> list[Any]:
    case = tenant(f"sourceRepos: {repos}", apps)
    return [
        draft.body["spec"]["validations"][0]["expression"]
        for draft in found(case, "ValidatingAdmissionPolicy", "argoflux-team-sources")
    ]


@pytest.mark.parametrize(
    ("repos", "expression"),
    [
        (
            "['https://a/b']",
            f"has(object.spec.url) && {URL}.matches('^https://a/b(\\\\.git)?$')",
        ),
        (
            "['https://a/*', 'https://b/*']",
            (
                f"has(object.spec.url) && ({URL}.matches('^https://a/[^/]*$')"
                f" || {URL}.matches('^https://b/[^/]*$'))"
            ),
        ),
        (
            "['*', '!https://a/b']",
            f"has(object.spec.url) && !{URL}.matches('^https://a/b(\\\\.git)?$')",
        ),
        (
            "['!https://a/*']",
            f"has(object.spec.url) && !{URL}.matches('^https://a/[^/]*$')",
        ),
        ("[]", "false"),
        ("['[']", "false"),
    ],
)
def test_source_policies(repos: str, expression: str) -> None:
    """A list of what is allowed, without what is denied."""
    assert sources(repos) == [expression]


def test_no_policy_where_all_is_allowed() -> None:
    assert sources("['*', 'https://a/b']") == []


@pytest.mark.parametrize(
    ("pattern", "url", "hits"),
    [
        ("https://github.com/Acme/*", "https://github.com/acme/web.git", True),
        ("https://github.com/acme/*", "https://github.com/acme/a/b", False),
        ("https://github.com/acme/web.git", "https://github.com/acme/web", True),
        ("https://github.com/acme/web", "https://github.com/acme/web.git", True),
        ("https://github.com/acme/web", "https://github.com/acme/webx", False),
        ("https://github.com/acme/web", "https://githubxcom/acme/web", False),
        ("git@github.com:acme/web.git", "ssh://git@github.com/acme/web.git", True),
        ("ssh://git@github.com/acme/*", "ssh://git@github.com/acme/web", True),
        ("registry.example.com/charts", "oci://registry.example.com/charts", True),
        ("registry.example.com/charts", "oci://registry.example.com/charts/web", True),
        ("registry.example.com/charts", "oci://registry.example.com/charts/a/b", False),
        ("oci://registry.example.com/*", "oci://registry.example.com/web", True),
        ("*", "https://anything/at/all", True),
    ],
)
def test_urls(pattern: str, url: str, hits: bool) -> None:  # a column of the table
    """The expression holds for Flux's spelling of what Argo CD's pattern holds for."""
    regex = url_regex(pattern)
    assert regex is not None
    assert (re.search(regex, url.lower()) is not None) is hits


def test_literals() -> None:
    assert quote("a'b\\c") == r"'a\'b\\c'"


def test_the_policy_is_for_the_tenants_namespace() -> None:
    case = tenant("sourceRepos: ['https://a/b']")
    binding = body(case, "ValidatingAdmissionPolicyBinding")["spec"]
    assert binding == {
        "policyName": "argoflux-team-sources",
        "validationActions": ["Deny"],
        "matchResources": {
            "namespaceSelector": {"matchLabels": {"toolkit.fluxcd.io/tenant": "team"}}
        },
    }


def denied(spec: str, name: str) -> list[str]:
    case = tenant(f"{LIMITED}, {spec}")
    policy = body(case, "ValidatingAdmissionPolicy", name)["spec"]
    assert policy["matchConditions"][0]["expression"] == (
        "request.userInfo.username == 'system:serviceaccount:team:team'"
    )
    return [item["expression"] for item in policy["validations"]]


def test_denied_kinds() -> None:
    """Exact names, globs and everything of a group."""
    spec = (
        "namespaceResourceBlacklist: [{group: '', kind: Secret}, {group: apps, kind: '*'},"
        " {group: '*.io', kind: 'Cluster*'}]"
    )
    assert denied(spec, "argoflux-team-kinds") == [
        "!(request.kind.group == '' && request.kind.kind == 'Secret')",
        "!(request.kind.group == 'apps')",
        "!(request.kind.group.matches('^.*\\\\.io$') && request.kind.kind.matches('^Cluster.*$'))",
    ]


def test_denied_everything() -> None:
    spec = "namespaceResourceBlacklist: [{group: '*', kind: '*'}]"
    assert denied(spec, "argoflux-team-kinds") == ["false"]


def test_denied_and_limited_names() -> None:
    """Kinds with names are held to them, unless another entry allows all names."""
    spec = (
        "clusterResourceBlacklist: [{group: '', kind: Namespace, name: 'kube-*'}],"
        " clusterResourceWhitelist: [{group: '', kind: Namespace, name: web},"
        " {group: '', kind: Namespace, name: 'web-*'}, {group: '', kind: Node, name: a},"
        " {group: '*', kind: Node}]"
    )
    assert denied(spec, "argoflux-team-cluster-kinds") == [
        (
            "!(request.kind.group == '' && request.kind.kind == 'Namespace'"
            " && request.name.matches('^kube-.*$'))"
        ),
        (
            "!(request.kind.group == '' && request.kind.kind == 'Namespace')"
            " || request.name == 'web' || request.name.matches('^web-.*$')"
        ),
    ]


# --- roles


def role(*policies: str, groups: str = "[devs]", name: str = "dev") -> str:
    lines = ", ".join(f"'p, proj:team:{name}, {line}'" for line in policies)
    return f"{LIMITED}, roles: [{{name: {name}, groups: {groups}, policies: [{lines}]}}]"


def verbs_of(*policies: str) -> dict[str, list[str]]:
    """Verbs by resource (and name) of the role in the tenant's namespace."""
    case = tenant(role(*policies))
    return {
        "/".join([*rule["resources"], *rule.get("resourceNames", [])]): rule["verbs"]
        for draft in found(case, "Role", "argoflux-team-dev", "team")
        for rule in draft.body["rules"]
    }


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (["applications, get, team/*, allow"], {"*": ["get", "list", "watch"]}),
        (["applications, sync, */*, allow"], {"*": ["patch"]}),
        (["applications, create, team/*, allow"], {"*": ["create"]}),
        (["applications, override, team/*, allow"], {"*": ["update", "patch"]}),
        (
            ["applications, *, team/*, allow"],
            {"*": ["get", "list", "watch", "create", "update", "patch", "delete"]},
        ),
        (
            ["applications, *, team/*, allow", "applications, delete, team/*, deny"],
            {"*": ["get", "list", "watch", "create", "update", "patch"]},
        ),
        (["applications, get, team/web, allow"], {"kustomizations/web": ["get"]}),
        (["applications, get, team/argocd/web, allow"], {"kustomizations/web": ["get"]}),
        (["applications, sync, team/w*, allow"], {"kustomizations/web": ["patch"]}),
        (["applications, get, team/other, allow"], {}),
        (["applications, create, team/web, allow"], {}),
        (["applications, action/*, team/*, allow"], {}),
        (["clusters, get, *, allow"], {}),
    ],
)
def test_policies(policies: list[str], expected: dict[str, list[str]]) -> None:
    assert verbs_of(*policies) == expected


def test_groups_are_bound() -> None:
    case = tenant(role("applications, get, team/*, allow", groups="[a, 'b:c']"))
    binding = body(case, "RoleBinding", "argoflux-team-dev")
    group = {"kind": "Group", "apiGroup": "rbac.authorization.k8s.io"}
    assert binding["subjects"] == [{**group, "name": "a"}, {**group, "name": "b:c"}]


def test_a_role_without_groups_has_no_binding() -> None:
    case = tenant(role("applications, get, team/*, allow", groups="[]"))
    assert found(case, "Role", "argoflux-team-dev")
    assert not found(case, "RoleBinding", "argoflux-team-dev")


def test_logs_and_shells_are_in_the_destinations() -> None:
    case = tenant(role("logs, get, team/*, allow", "exec, create, team/*, allow"))
    rules = body(case, "Role", "argoflux-team-dev", "web")["rules"]
    assert [rule["resources"] for rule in rules] == [["pods", "pods/log"], ["pods/exec"]]
    assert not found(case, "Role", "argoflux-team-dev", "team")


def test_names_of_roles_stay_apart() -> None:
    line = "applications, get, team/*, allow"
    roles = ", ".join(
        f"{{name: {name}, policies: ['p, proj:team:{name}, {line}']}}" for name in ("Dev", "dev")
    )
    case = tenant(f"{LIMITED}, roles: [{roles}]", application())
    assert len({d.name for d in found(case, "Role")}) == 2
