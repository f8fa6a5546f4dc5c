"""A destination that names no cluster, two, or one that Argo CD does not know.

## What it does

It reports destinations with both `server` and `name` or neither, addresses of the local cluster that
are spelled differently from the one that Argo CD knows, and a missing namespace where the source
needs one: charts, and plain manifests of namespaced objects that state none.

## Why is this bad

Argo CD refuses such an Application with InvalidSpecError and syncs nothing. A chart without a
namespace is rendered for `default`; other objects fail with "Namespace for … is missing".

## Fix safety

Only the spelling of the local cluster is corrected: to `https://kubernetes.default.svc`, the one
address that needs no cluster Secret.

## When to ignore it

For the namespace, when every object of the chart states its own. An address is not reported when a
cluster Secret of the input registers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.clusters import LOCAL_SERVER, read_cluster
from argoflux.argocd.shapes import block, items
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import content_of
from argoflux.model.content import Known
from argoflux.yamlio import edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Fix, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF303",
    name="destination-invalid",
    severity=Severity.ERROR,
    kinds=("Application", "ApplicationSet", "AppProject"),
    evidence=("document", "graph"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/",),
)

# argo-cd:util/db/cluster.go GetCluster: one address is implicit, compared as text
_ALIASES = frozenset(
    f"{scheme}{host}{port}"
    for scheme in ("https://", "")
    for host in (
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    )
    for port in ("", ":443")
) - {LOCAL_SERVER}
_AT: Path = ("spec", "destination")
_TITLE = f"write `{LOCAL_SERVER}`"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The destinations of Applications and of projects."""
    if resource.ref.kind == "AppProject":
        for number, allowed in enumerate(items(block(resource.body, "spec"), "destinations")):
            path: Path = ("spec", "destinations", number, "server")
            server = allowed.get("server") if isinstance(allowed, dict) else None
            if _is_alias(server, resource, ctx):
                place = resource.place(*path)
                edits = edit.set_value(resource.document, place.path, LOCAL_SERVER)
                yield _alias(resource, place, str(server), ctx.safe(_TITLE, edits))
        return
    for app in ctx.applications(resource):
        if app.spec:
            yield from _cluster(app, ctx)
            yield from _namespace(app, ctx)


def _cluster(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """argo-cd:util/argo/argo.go GetDestinationCluster."""
    destination = block(app.spec, "destination")
    server, name = destination.get("server"), destination.get("name")
    if server and name:
        text = "the destination has both `server` and `name`, which Argo CD refuses; keep one"
        yield RULE.at(app.place(*_AT, "name", on="key"), text, resource=app.resource)
    elif server:
        if _is_alias(server, app.resource, ctx):
            path: Path = (*_AT, "server")
            fix = ctx.safe(_TITLE, authored.set_value(app, path, LOCAL_SERVER))
            yield _alias(app.resource, app.place(*path), server, fix)
    elif not name and _states_none(app):
        text = "the destination names no cluster; set `server` or `name`"
        yield RULE.at(app.place(*_AT), text, resource=app.resource)


def _states_none(app: ApplicationView) -> bool:
    """Whether a destination is there, and nothing fills in its cluster."""
    if not isinstance(app.spec.get("destination"), dict) or not authored.is_whole(app):
        return False
    return not any(authored.is_filled_in(app, *_AT, key) for key in ("server", "name"))


def _is_alias(server: Any, resource: Resource, ctx: Context) -> bool:
    text = known_text(server)
    if text is None or text.rstrip("/") not in _ALIASES:
        return False
    return text not in _registered(resource, ctx)


def _alias(resource: Resource, place: Place, server: str, fix: Fix | None) -> Finding:
    text = (
        f"Argo CD knows the local cluster as `{LOCAL_SERVER}` only; `{server}` is a cluster that"
        " nobody registered"
    )
    return RULE.at(place, text, resource=resource, fix=fix)


def _registered(resource: Resource, ctx: Context) -> set[str]:
    """The addresses that cluster Secrets of the same root register."""
    known: dict[str, set[str]] | None = ctx.memory.get(RULE.code)
    if known is None:
        known = ctx.memory[RULE.code] = {}
        for secret in ctx.resources:
            if secret.pseudo == "Secret:cluster":
                known.setdefault(secret.root, set()).add(read_cluster(secret.body).server)
    return known.get(resource.root, set())


def _namespace(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """Argo-cd:controller/state.go CompareAppState: a namespaced object needs one from somewhere."""
    if block(app.spec, "destination").get("namespace") or not authored.is_whole(app):
        return
    if authored.is_filled_in(app, *_AT, "namespace"):
        return
    for _, source in app.sources():
        needed = _needs_namespace(app, source, ctx)
        if needed:
            yield RULE.at(
                app.place(*_AT),
                f"the destination has no namespace, and {needed}; set `namespace`",
                resource=app.resource,
                severity=Severity.WARNING,
            )
            return


def _needs_namespace(app: ApplicationView, source: Mapping[str, Any], ctx: Context) -> str:
    """What of a source needs a namespace; empty where nothing is known to."""
    if source.get("chart"):
        stated = block(source, "helm").get("namespace")
        return "" if stated else "the chart is rendered for `default` then"
    content = content_of(app, source, ctx)
    if isinstance(content, Known) and content.kind_of_path != "helm":
        for found in content.blank:
            if found.certain and found.scope == "namespaced":
                return f"{found.ref.kind} `{found.ref.name}` states none"
    return ""


def _example(destination: str, source: str = "path: web\n    targetRevision: main") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    {source}
  destination:
    {destination}
"""


_CHART = "chart: web\n    targetRevision: 1.2.3"
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  colour: blue
"""

BAD = (
    Example(
        title="another spelling of the local cluster",
        yaml=_example("server: https://kubernetes.default.svc.cluster.local\n    namespace: web"),
        at="spec.destination.server",
        fixed=_example("server: https://kubernetes.default.svc\n    namespace: web"),
    ),
    Example(
        title="an address and a name",
        yaml=_example(
            "server: https://kubernetes.default.svc\n    name: in-cluster\n    namespace: web"
        ),
        at="spec.destination.name",
    ),
    Example(
        title="no cluster",
        yaml=_example("namespace: web"),
        at="spec.destination",
    ),
    Example(
        title="a chart without a namespace",
        yaml=_example("server: https://kubernetes.default.svc", _CHART),
        at="spec.destination",
    ),
    Example(
        title="manifests without a namespace",
        files={"app.yaml": _example("name: in-cluster"), "web/settings.yaml": _CONFIG},
        file="app.yaml",
        at="spec.destination",
    ),
    Example(
        title="a project that allows an address nobody uses",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/apps.git
  destinations:
    - server: https://kubernetes.default
      namespace: web
""",
        at="spec.destinations[0].server",
        fixed="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.com/apps.git
  destinations:
    - server: https://kubernetes.default.svc
      namespace: web
""",
    ),
)
GOOD = (
    Example(
        title="the local cluster",
        yaml=_example("server: https://kubernetes.default.svc\n    namespace: web"),
    ),
    Example(
        title="an address that a Secret registers",
        files={
            "app.yaml": _example("server: https://kubernetes.default\n    namespace: web"),
            "cluster.yaml": """\
apiVersion: v1
kind: Secret
metadata:
  name: local
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: cluster
stringData:
  name: local
  server: https://kubernetes.default
""",
        },
    ),
    Example(
        title="a cluster that is filled in later, and a path that is not at hand",
        yaml=_example("server: ${CLUSTER}"),
    ),
)
