"""An Application whose destination is no registered cluster.

## What it does

Where the input registers clusters with Secrets, it looks for the one that `destination.name` or
`destination.server` of an Application means. The cluster that Argo CD runs in is registered unless
`cluster.inClusterEnabled` says otherwise. A cluster of one project is only for that project.

## Why is this bad

Argo CD cannot tell where to deploy: the Application gets the condition `InvalidSpecError` or
`ComparisonError`, and an ApplicationSet does not create it. A name that two clusters share is an
error, too.

## When to ignore it

When some clusters are registered outside of these files (`argocd cluster add`, Terraform).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from argoflux.argocd.appset.clusters import LOCAL_NAME, LOCAL_SERVER
from argoflux.argocd.produced_secrets import origin_of, stated_texts
from argoflux.argocd.shapes import block, texts
from argoflux.finding import Severity
from argoflux.kinds import secret_type
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.shared_values import others_say
from argoflux.lint.wholeness import is_whole
from argoflux.schema_words import closest
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF215",
    name="destination-cluster-unknown",
    severity=Severity.WARNING,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "graph"),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters",),
)

_SETTINGS = "ConfigMap:argocd-cm"
_IN_CLUSTER = "cluster.inClusterEnabled"


class _Clusters:
    """The clusters of one root, each as name, server and project; ``known`` if all can be read."""

    def __init__(self, ctx: Context, root: str) -> None:
        self.known = True
        self.entries: list[tuple[str, str, str]] = []
        self.local = True
        for resource in ctx.resources:
            if resource.root != root:
                continue
            if resource.pseudo == _SETTINGS:
                # argo-cd:util/settings/settings.go updateSettingsFromConfigMap
                self.local &= texts(resource.body, "data").get(_IN_CLUSTER) != "false"
            elif resource.pseudo == "Secret:cluster" or _produces_cluster(resource):
                self._add(resource)
        for resource in ctx.workspace.templated:
            self.known &= resource.pseudo != "Secret:cluster"

    def _add(self, resource: Resource) -> None:
        stated = stated_texts(resource)
        values = (stated.get("name", ""), stated.get("server", ""), stated.get("project", ""))
        readable = origin_of(resource) == "Secret" and all(values[:2])
        if not readable or any(has_placeholder(value) for value in values):
            self.known = False
        self.entries.append(values)


def _produces_cluster(resource: Resource) -> bool:
    return resource.pseudo.endswith(":argocd") and secret_type(resource.body) == "cluster"


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """A destination that none of the registered clusters is.

    argo-cd:util/argo/argo.go GetDestinationCluster, getDestinationServer;
    argo-cd:util/db/cluster.go (the trailing slash of a server does not count).
    """
    destination = block(app.spec, "destination")
    name, server = known_text(destination.get("name")), known_text(destination.get("server"))
    if bool(name) == bool(server):
        return
    root = app.resource.root
    known: dict[str, _Clusters] = ctx.memory.setdefault("AF215", {})
    clusters = known.setdefault(root, known.get(root) or _Clusters(ctx, root))
    if not clusters.known or not clusters.entries or not is_whole(ctx, root):
        return
    key = "name" if name else "server"
    problem = _problem(clusters, name or "", (server or "").rstrip("/"), app)
    more = others_say(ctx, app, "spec", "destination", key) if problem else None
    if more is not None:
        problem += more
        yield RULE.at(app.place("spec", "destination", key), problem, resource=app.resource)


def _problem(clusters: _Clusters, name: str, server: str, app: ApplicationView) -> str:
    if name == LOCAL_NAME or server == LOCAL_SERVER:
        if clusters.local or any(name == n or server == s for n, s, _ in clusters.entries):
            return ""
        return (
            f"destination `{name or server}` is switched off by `{_IN_CLUSTER}` in argocd-cm;"
            " register the cluster, or switch it on"
        )
    found = [each for each in clusters.entries if each[0] == name or each[1].rstrip("/") == server]
    if not found:
        names = [each[0 if name else 1] for each in clusters.entries]
        near = closest(name or server, names)
        hint = f"; did you mean `{near}`?" if near else "; no cluster Secret at hand has it"
        return f"destination `{name or server}` is not a registered cluster{hint}"
    servers = Counter(each[1] for each in found)
    if name and len(servers) > 1:
        return f"{len(servers)} clusters are named `{name}`; state `server`, or rename one of them"
    project = known_text(app.spec.get("project"))
    owners = {each[2] for each in found}
    # argo-cd:docs/operator-manual/upgrading/2.11-2.12.md
    if project and "" not in owners and project not in owners:
        owner = min(owners)
        return f"cluster `{name or server}` is for project `{owner}` only, not for `{project}`"
    return ""


_CLUSTER = """\
apiVersion: v1
kind: Secret
metadata:
  name: cluster-prod-eu1
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: cluster
stringData:
  name: prod-eu1
  server: https://prod-eu1.example.com
"""
_SEALED = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: cluster-prod-us1
  namespace: argocd
spec:
  target:
    template:
      metadata:
        labels:
          argocd.argoproj.io/secret-type: cluster
  dataFrom:
    - extract:
        key: clusters/prod-us1
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/shop.git
    path: web
  destination:
    {destination}
    namespace: web
"""

BAD = (
    Example(
        title="a name that no cluster has",
        files={
            "cluster.yaml": _CLUSTER,
            "web.yaml": _APPLICATION.format(destination="name: prod-eu"),
        },
        file="web.yaml",
        at="spec.destination.name",
    ),
    Example(
        title="a cluster of another project",
        files={
            "cluster.yaml": f"{_CLUSTER}  project: pay\n",
            "web.yaml": _APPLICATION.format(destination="name: prod-eu1"),
        },
        file="web.yaml",
        at="spec.destination.name",
    ),
)
GOOD = (
    Example(
        title="a registered cluster",
        files={
            "cluster.yaml": _CLUSTER,
            "web.yaml": _APPLICATION.format(destination="server: https://prod-eu1.example.com/"),
        },
    ),
    Example(
        title="the cluster that Argo CD runs in",
        files={
            "cluster.yaml": _CLUSTER,
            "web.yaml": _APPLICATION.format(destination="name: in-cluster"),
        },
    ),
    Example(
        title="clusters that are registered elsewhere",
        yaml=_APPLICATION.format(destination="name: prod-eu"),
    ),
    Example(
        title="a registered cluster whose name is a secret",
        files={
            "cluster.yaml": _CLUSTER,
            "sealed.yaml": _SEALED,
            "web.yaml": _APPLICATION.format(destination="name: prod-eu"),
        },
    ),
)
