"""An AppProject that Argo CD's own validation refuses.

## What it does

It checks what no schema says: policies of roles (six fields, the role's own subject, known resources
and actions, objects of the project), names of roles and groups, `!*`, service accounts that are
patterns, and entries that are listed twice.

## Why is this bad

`kubectl apply` and a sync from Git take such a project. A policy that is malformed or about another
project grants nothing, so a pipeline fails with "permission denied"; and every later change by the
command line or the web page is refused until the entry is mended.

## When to ignore it

Never for errors. What is listed twice does no harm while all changes come from Git.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.lint.project_checks import problems
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF324",
    name="appproject-invalid",
    severity=Severity.ERROR,
    kinds=("AppProject",),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/projects/",),
)


def check(project: Resource, _ctx: Context) -> Iterator[Finding]:
    """Destinations, lists, roles and service accounts of a project."""
    for problem in problems(project.body, project.ref.name):
        yield RULE.at(
            project.place(*problem.path),
            problem.text,
            resource=project,
            severity=Severity.WARNING if problem.mild else None,
        )


_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/shop.git
  destinations:
    - server: https://kubernetes.default.svc
      namespace: shop
"""
_ROLE = (
    _PROJECT
    + """\
  roles:
    - name: {name}
      groups:
        - {group}
      policies:
        - {policy}
"""
)
_FINE = "p, proj:shop:ci, applications, sync, shop/*, allow"
_POLICY = "spec.roles[0].policies[0]"


def _role(policy: str = _FINE, name: str = "ci", group: str = "shop-ci") -> str:
    return _ROLE.format(name=name, group=group, policy=policy)


BAD = (
    Example(
        title="a policy of another project",
        yaml=_role("p, proj:pay:ci, applications, sync, pay/*, allow"),
        at=_POLICY,
    ),
    Example(
        title="a policy without an effect",
        yaml=_role("p, proj:shop:ci, applications, sync, shop/*"),
        at=_POLICY,
    ),
    Example(
        title="an action that there is not",
        yaml=_role("p, proj:shop:ci, applications, read, shop/*, allow"),
        at=_POLICY,
    ),
    Example(
        title="a resource of the whole installation",
        yaml=_role("p, proj:shop:ci, accounts, get, shop/*, allow"),
        at=_POLICY,
    ),
    Example(
        title="an object of every project",
        yaml=_role("p, proj:shop:ci, applications, sync, '*', allow"),
        at=_POLICY,
    ),
    Example(
        title="a role name with a dot",
        yaml=_role("p, proj:shop:ci.web, applications, sync, shop/*, allow", name="ci.web"),
        at="spec.roles[0].name",
    ),
    Example(
        title="a group with a comma",
        yaml=_role(group="cn=shop,dc=example"),
        at="spec.roles[0].groups[0]",
    ),
    Example(
        title="a destination that is listed twice",
        yaml=_PROJECT + "    - server: https://kubernetes.default.svc\n      namespace: shop\n",
        at="spec.destinations[1]",
    ),
)
GOOD = (
    Example(title="a policy of the role", yaml=_role()),
    Example(
        title="an action of a kind in one namespace",
        yaml=_role(
            "p, proj:shop:ci, applications, action/apps/Deployment/restart, shop/team/*, allow"
        ),
    ),
    Example(
        title="a project whose name is filled in later",
        yaml=_role().replace("name: shop", "name: ${TEAM}"),
    ),
)
