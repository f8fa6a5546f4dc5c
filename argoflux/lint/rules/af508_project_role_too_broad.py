"""A role of a project that may do more than its users need.

## What it does

It reads the policies of project roles: rights to all actions or all resources, to delete or override all Applications of the project, rights to open a shell in containers, tokens
that never expire, and roles that nobody can use.

## Why is this bad

Such roles are made for pipelines, whose tokens leak. `*` includes deleting Applications and running actions on objects; a
token without an end stays valid until somebody looks for it.

## When to ignore it

For the role of the people who run the project, when it has groups and no tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, blocks, items
from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF508",
    name="project-role-too-broad",
    severity=Severity.WARNING,
    kinds=("AppProject",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/",),
)
# argo-cd:pkg/apis/application/v1alpha1/app_project_types.go validatePolicy: p, sub, res, act, obj, eft
_FIELDS = 6
_STRONG = {"delete": "delete", "override": "sync anything from anywhere as"}


def check(project: Resource, _ctx: Context) -> Iterator[Finding]:
    """Policies and tokens of every role."""
    for number, role in enumerate(blocks(block(project.body, "spec"), "roles")):
        at = ("spec", "roles", number)
        policies = [one for one in items(role, "policies") if isinstance(one, str)]
        for index, policy in enumerate(policies):
            what = _too_much(policy)
            if what:
                place = project.place(*at, "policies", index)
                yield RULE.at(place, f"{what}; name the actions that are needed", resource=project)
        tokens = blocks(role, "jwtTokens")
        for index, token in enumerate(tokens):
            if not token.get("exp"):
                place = project.place(*at, "jwtTokens", index)
                yield RULE.at(
                    place,
                    "the token never expires; issue one with `--expires-in`",
                    resource=project,
                )
        if policies and not items(role, "groups") and not tokens:
            message = "nobody can use the role: it has no groups and no tokens in Git"
            place = project.place(*at, "name")
            yield RULE.at(place, message, resource=project, severity=Severity.INFO)


def _too_much(policy: str) -> str:
    parts = [part.strip() for part in policy.split(",")]
    if len(parts) != _FIELDS or parts[0] != "p" or parts[5] != "allow":
        return ""
    _, _, resource, action, target, _ = parts
    if resource == "*":
        return "the policy is about all kinds of resources"
    if action == "*":
        return f"the policy allows every action on {resource}, deleting included"
    if action in _STRONG and target.endswith("/*"):
        return f"the policy allows to {_STRONG[action]} every one of the project's {resource}"
    if resource == "exec" and action == "create":
        return "the policy allows to open a shell in every container"
    return ""


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
    - name: prod
      namespace: shop
  roles:
    - name: pipeline
      groups:
        - shop-pipelines
      policies:
        - {policy}
"""

BAD = (
    Example(
        title="a pipeline that may do everything",
        yaml=_PROJECT.format(policy="p, proj:shop:pipeline, applications, *, shop/*, allow"),
        at="spec.roles[0].policies[0]",
    ),
)
GOOD = (
    Example(
        title="a pipeline that may sync",
        yaml=_PROJECT.format(policy="p, proj:shop:pipeline, applications, sync, shop/*, allow"),
    ),
    Example(
        title="a policy that denies",
        yaml=_PROJECT.format(policy="p, proj:shop:pipeline, applications, *, shop/prod, deny"),
    ),
)
