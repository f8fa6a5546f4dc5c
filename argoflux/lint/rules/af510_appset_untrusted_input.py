"""An ApplicationSet that deploys what strangers may open: pull requests and branches without a filter.

## What it does

It reports `pullRequest` generators without labels and filters whose Applications sync automatically, `scmProvider` generators that take
every branch of every repository, GitLab generators that also take merge requests which are closed, and tokens that are sent over plain
HTTP.

## Why is this bad

Whoever may open a pull request may then run code in the cluster, with the rights of the project, before anybody has read it.

## When to ignore it

When the repositories are private and everybody who can open a pull request may deploy anyhow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, blocks
from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

# argo-cd:docs/operator-manual/applicationset/Generators-Pull-Request.md (labels, filters, pullRequestState)
RULE = Rule(
    code="AF510",
    name="appset-untrusted-input",
    severity=Severity.ERROR,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security/",),
)
_HOSTS = (
    "github",
    "gitlab",
    "gitea",
    "azuredevops",
    "azureDevOps",
    "bitbucket",
    "bitbucketServer",
    "awsCodeCommit",
)
_LABELLED = frozenset({"github", "gitlab", "gitea", "azuredevops"})


def check(resource: Resource, _ctx: Context) -> Iterator[Finding]:
    """Generators that take what nobody approved."""
    spec = block(resource.body, "spec")
    automated = block(block(block(spec, "template"), "spec"), "syncPolicy").get("automated")
    deploys = isinstance(automated, dict) and automated.get("enabled") is not False
    for kind, path, generator in _generators(spec, ("spec",)):
        host = next((name for name in _HOSTS if isinstance(generator.get(name), dict)), "")
        at = (*path, host) if host else path
        stated = block(generator, host)
        if str(stated.get("api") or "").startswith("http://"):
            place = resource.place(*at, "api")
            yield RULE.at(
                place, "the token is sent over plain HTTP; write https://", resource=resource
            )
        if kind == "pullRequest" and deploys and host:
            yield from _requests(
                resource, at, host, stated, filtered=bool(generator.get("filters"))
            )
        if (
            kind == "scmProvider"
            and stated.get("allBranches") is True
            and not generator.get("filters")
        ):
            message = "every branch of every repository is deployed; add `filters` for repositories and branches"
            yield RULE.at(
                resource.place(*at, "allBranches"),
                message,
                resource=resource,
                severity=Severity.WARNING,
            )


def _requests(
    resource: Resource, at: Path, host: str, stated: Mapping[str, Any], *, filtered: bool
) -> Iterator[Finding]:
    labelled = host in _LABELLED and bool(stated.get("labels"))
    if not (labelled or filtered):
        way = "`labels` that only reviewers set" if host in _LABELLED else "`filters`"
        message = f"every pull request is deployed without anybody's approval; add {way}"
        yield RULE.at(
            resource.place(*at, on="key"), message, resource=resource, severity=Severity.WARNING
        )
    if host == "gitlab" and not stated.get("pullRequestState"):
        message = (
            "closed and merged merge requests are deployed as well; set `pullRequestState: opened`"
        )
        yield RULE.at(resource.place(*at, on="key"), message, resource=resource)


def _generators(node: Mapping[str, Any], at: Path) -> Iterator[tuple[str, Path, Mapping[str, Any]]]:
    for number, generator in enumerate(blocks(node, "generators")):
        for kind, stated in generator.items():
            if isinstance(stated, dict):
                path = (*at, "generators", number, kind)
                yield kind, path, stated
                yield from _generators(stated, path)


_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: previews
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - pullRequest:
        <host>
  template:
    metadata:
      name: "preview-{{ .number }}"
    spec:
      project: previews
      source:
        repoURL: https://git.example.com/shop.git
        targetRevision: "{{ .head_sha }}"
        path: deploy
      destination:
        name: previews
        namespace: "preview-{{ .number }}"
      syncPolicy:
        automated: {}
"""

BAD = (
    Example(
        title="every pull request",
        yaml=_SET.replace("<host>", "github: {owner: example, repo: shop}"),
        at="spec.generators[0].pullRequest.github",
    ),
    Example(
        title="closed merge requests",
        yaml=_SET.replace("<host>", 'gitlab: {project: "7", labels: [preview]}'),
        at="spec.generators[0].pullRequest.gitlab",
    ),
)
GOOD = (
    Example(
        title="a label",
        yaml=_SET.replace("<host>", "github: {owner: example, repo: shop, labels: [preview]}"),
    ),
    Example(
        title="nothing is synced by itself",
        yaml=_SET.replace("<host>", "github: {owner: example, repo: shop}").replace(
            "      syncPolicy:\n        automated: {}\n", ""
        ),
    ),
)
