"""Rules about projects where examples of a rule do not reach: the tables of what is valid and permitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.lint.project_checks import problems
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = "https://kubernetes.default.svc"
PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos: {repos}
  destinations: {destinations}
  sourceNamespaces: {namespaces}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: {home}
spec:
  project: shop
  source:
    repoURL: {repo}
    path: web
  destination: {to}
"""


def told(spec: dict[str, Any]) -> list[str]:
    """The paths of the problems of a project named `shop`."""
    found = problems({"spec": spec}, "shop")
    return [".".join(str(key) for key in each.path[1:]) for each in found]


def role(policy: str) -> dict[str, Any]:
    """A project with one policy."""
    return {"roles": [{"name": "ci", "policies": [policy]}]}


@pytest.mark.parametrize(
    ("policy", "valid"),
    [
        ("p, proj:shop:ci, applications, sync, shop/*, allow", True),
        ("p,proj:shop:ci,applications,*,shop/team/web.v1,deny", True),
        ("p, proj:shop:ci, applications, action/apps/Deployment/restart, shop/*, allow", True),
        ("p, proj:shop:ci, applications, delete/*/Pod/*/*, shop/*, allow", True),
        ("p, proj:shop:ci, logs, get, shop/*, allow", True),
        ("p, proj:shop:ci, repositories, update, shop/https://git.example.com/*, allow", True),
        ("p, proj:shop:ci, applications, sync, ${SCOPE}, allow", True),
        ("g, shop-ci, proj:shop:ci", False),
        ("p, proj:shop:cd, applications, sync, shop/*, allow", False),
        ("p, proj:shop:ci, projects, get, shop/*, allow", False),
        ("p, proj:shop:ci, applications, list, shop/*, allow", False),
        ("p, proj:shop:ci, applications, sync, shop, allow", False),
        ("p, proj:shop:ci, applications, sync, shop/a/b/c, allow", False),
        ("p, proj:shop:ci, applications, sync, shopping/*, allow", False),
        ("p, proj:shop:ci, applications, sync, shop/*, permit", False),
        ("p, proj:shop:ci, applications, sync, shop/*, allow, ", False),
    ],
)
def test_policies(policy: str, valid: bool) -> None:
    """Six fields, the subject of the role, what there is, and an object of the project."""
    assert told(role(policy)) == ([] if valid else ["roles.0.policies.0"])


@pytest.mark.parametrize(
    ("spec", "paths"),
    [
        ({"destinations": [{"server": "!*", "namespace": "a"}]}, ["destinations.0.server"]),
        (
            {"destinations": [{"name": "a", "namespace": "b"}, {"server": "a", "namespace": "b"}]},
            ["destinations.1"],
        ),
        ({"destinations": [{"name": "${A}"}, {"name": "${A}"}]}, []),
        (
            {"sourceRepos": ["!*", "https://a.example.com", "!*"]},
            ["sourceRepos.0", "sourceRepos.2", "sourceRepos.2"],
        ),
        ({"sourceNamespaces": ["a", "b", "a"]}, ["sourceNamespaces.2"]),
        (
            {"roles": [{"name": "-ci"}, {"name": "cd"}, {"name": "cd"}]},
            ["roles.0.name", "roles.2.name"],
        ),
        (
            {"roles": [{"name": "ci", "groups": ["", " a", "a\tb", "a,b", '"a,b"', "c"]}]},
            [f"roles.0.groups.{n}" for n in range(4)],
        ),
        ({"roles": [{"name": "ci", "groups": ["a", "a"]}]}, ["roles.0.groups.1"]),
        (
            {
                "destinationServiceAccounts": [
                    {"server": "*", "namespace": "a", "defaultServiceAccount": " "},
                    {"server": "*", "namespace": "b", "defaultServiceAccount": "team:*"},
                    {"server": "*", "namespace": "!c", "defaultServiceAccount": "team:web"},
                    {"server": "[", "namespace": "d", "defaultServiceAccount": "web"},
                    {"server": "*", "namespace": "a", "defaultServiceAccount": "web"},
                ]
            },
            [
                "destinationServiceAccounts.0",
                "destinationServiceAccounts.1.defaultServiceAccount",
                "destinationServiceAccounts.2.namespace",
                "destinationServiceAccounts.3.server",
                "destinationServiceAccounts.4",
            ],
        ),
        ({"roles": "none", "destinations": [1], "sourceRepos": [None, 3]}, []),
    ],
)
def test_other_parts(spec: dict[str, Any], paths: list[str]) -> None:
    """What is no policy."""
    assert told(spec) == paths


def denials(folder: Path, more: str = "", **parts: str) -> list[str]:
    """The first words of the findings of AF326 about an Application and its project."""
    given = {
        "repos": "['*']",
        "destinations": "[{server: '*', namespace: '*'}]",
        "namespaces": "[]",
        "home": "argocd",
        "repo": "https://git.example.com/shop/web.git",
        "to": "{name: in-cluster, namespace: web}",
        **parts,
    }
    texts = {"p.yaml": PROJECT.format(**given), "a.yaml": APPLICATION.format(**given)}
    if more:
        texts["more.yaml"] = more
    return [finding.message for finding in lint_texts(folder, texts, code="AF326").findings]


@pytest.mark.parametrize(
    ("destinations", "to", "denied"),
    [
        (f"[{{server: {LOCAL}, namespace: web}}]", "{name: in-cluster, namespace: web}", False),
        ("[{name: in-cluster, namespace: web}]", f"{{server: {LOCAL}, namespace: web}}", False),
        (f"[{{server: {LOCAL}, namespace: 'web-*'}}]", "{name: in-cluster, namespace: web}", True),
        (f"[{{server: {LOCAL}, namespace: web}}]", "{name: in-cluster}", True),
        ("[{name: prod, namespace: web}]", "{server: https://10.0.0.1, namespace: web}", False),
        ("[{name: prod, namespace: api}]", "{server: https://10.0.0.1, namespace: web}", True),
        # a denied name rejects whatever the namespace is
        (
            "[{name: '*', namespace: '*'}, {name: '!prod', namespace: api}]",
            "{name: prod, namespace: web}",
            True,
        ),
        # a denied address rejects only where the namespace fits
        (
            f"[{{server: '*', namespace: '*'}}, {{server: '!{LOCAL}', namespace: api}}]",
            "{name: in-cluster, namespace: web}",
            False,
        ),
        (
            f"[{{server: '*', namespace: '*'}}, {{server: '!{LOCAL}', namespace: web}}]",
            "{name: in-cluster, namespace: web}",
            True,
        ),
        # a denied namespace rejects only where the address fits
        (
            f"[{{server: '*', namespace: '*'}}, {{server: {LOCAL}, namespace: '!web'}}]",
            "{name: in-cluster, namespace: web}",
            True,
        ),
        (
            "[{server: '*', namespace: '*'}, {server: https://10.0.0.1, namespace: '!web'}]",
            "{name: in-cluster, namespace: web}",
            False,
        ),
        ("[]", "{name: ${CLUSTER}, namespace: web}", False),
    ],
)
def test_destinations(tmp_path: Path, destinations: str, to: str, denied: bool) -> None:
    """Entries by address and by name, with what denies, and clusters whose other half is unknown."""
    found = denials(tmp_path, destinations=destinations, to=to)
    assert bool(found) is denied, found


@pytest.mark.parametrize(
    ("repos", "hint"),
    [
        ("[]", "lists no `sourceRepos`"),
        ("[https://git.example.com/pay.git]", "permits `https://git.example.com/pay.git` only"),
        ("['https://git.example.com/*']", "write `https://git.example.com/**`"),
        ("['!https://git.example.com/shop/*']", "rejects it"),
        ("[https://GIT.example.com/shop/web]", ""),
        ("['!https://git.example.com/pay/**', https://nowhere.example.com]", ""),
    ],
)
def test_repositories(tmp_path: Path, repos: str, hint: str) -> None:
    """What nearly fits is said; letter case and `.git` do not count, and `!` permits the rest."""
    found = denials(tmp_path, repos=repos)
    assert len(found) == bool(hint)
    assert all(hint in message for message in found)


@pytest.mark.parametrize(
    ("namespaces", "denied"),
    [("[]", True), ("['team-*']", False), ("[/^team-[a-z]+$/]", False), ("[other]", True)],
)
def test_namespaces_of_applications(tmp_path: Path, namespaces: str, denied: bool) -> None:
    """Globs, and regular expressions between slashes."""
    assert bool(denials(tmp_path, namespaces=namespaces, home="team-web")) is denied


@pytest.mark.parametrize(("owner", "denied"), [("shop", False), ("pay", True)])
def test_clusters_of_a_project(tmp_path: Path, owner: str, denied: bool) -> None:
    """A cluster whose Secret names the project is permitted, though no entry is for it."""
    secret = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: prod
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: cluster
stringData:
  name: prod
  server: https://10.0.0.1
  project: {owner}
"""
    to = "{name: prod, namespace: web}"
    found = denials(tmp_path, secret, destinations=f"[{{server: {LOCAL}, namespace: web}}]", to=to)
    assert bool(found) is denied


def test_global_projects_are_unknown(tmp_path: Path) -> None:
    """They add to the lists, so nothing is said."""
    config = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  globalProjects: |
    - projectName: everything
"""
    assert denials(tmp_path / "without", repos="[]")
    assert not denials(tmp_path / "with", config, repos="[]")
