"""Every check of what Argo CD's controllers refuse complains about what it is for."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.controller_checks import controller_complaints

Body = dict[str, Any]

APP: Body = {
    "kind": "Application",
    "metadata": {"name": "app", "namespace": "argocd"},
    "spec": {
        "project": "default",
        "source": {"repoURL": "https://example.com/a.git", "targetRevision": "main", "path": "a"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
        "syncPolicy": {"syncOptions": ["ServerSideApply=true"]},
    },
}
PROJECT: Body = {
    "kind": "AppProject",
    "metadata": {"name": "team", "namespace": "argocd"},
    "spec": {
        "sourceRepos": ["https://example.com/*"],
        "destinations": [{"server": "https://kubernetes.default.svc", "namespace": "shop"}],
    },
}
CHART = {"repoURL": "https://charts.example.com", "chart": "app", "targetRevision": "1.2.3"}
GIT = {"repoURL": "https://example.com/v.git", "targetRevision": "main", "ref": "values"}
SETTINGS: Body = {
    "kind": "ConfigMap",
    "metadata": {"name": "argocd-cm", "labels": {"app.kubernetes.io/part-of": "argocd"}},
    "data": {},
}
NOTES = {
    "service.slack": "token: $slack",
    "template.t": "message: hello",
    "trigger.failed": "- when: 'true'\n  send: [t]\n",
    "subscriptions": "- recipients: [slack:channel]\n  triggers: [failed]\n",
}
SET: Body = {
    "kind": "ApplicationSet",
    "metadata": {"name": "set", "namespace": "argocd"},
    "spec": {
        "goTemplate": True,
        "generators": [{"list": {"elements": [{"name": "a"}, {"name": "b"}]}}],
        "strategy": {
            "type": "RollingSync",
            "rollingSync": {
                "steps": [
                    {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]},
                    {"matchExpressions": [{"key": "app", "operator": "In", "values": ["b"]}]},
                ]
            },
        },
        "template": {
            "metadata": {"name": "{{ .name }}", "labels": {"app": "{{ .name }}"}},
            "spec": APP["spec"],
        },
    },
}


def changed(base: Body, **paths: Any) -> Body:
    """A copy with values put at dotted paths (`__` for a dot); None takes a key away."""
    body = copy.deepcopy(base)
    for path, value in paths.items():
        *above, last = path.split("__")
        node: Any = body
        for key in above:
            node = node.setdefault(key, {}) if isinstance(node, dict) else node[int(key)]
        if value is None:
            node.pop(last, None)
        else:
            node[last] = value
    return body


def app(**paths: Any) -> Body:
    return changed(APP, **paths)


def several(*sources: Body) -> Body:
    return app(spec__source=None, spec__sources=list(sources))


def secret(sort: str, **data: str) -> Body:
    labels = {"argocd.argoproj.io/secret-type": sort}
    return {"kind": "Secret", "metadata": {"name": "s", "labels": labels}, "stringData": data}


def notes(**changes: str) -> Body:
    data = {**NOTES, **{key.replace("__", "."): text for key, text in changes.items()}}
    return {"kind": "ConfigMap", "metadata": {"name": "argocd-notifications-cm"}, "data": data}


CLUSTER = secret("cluster", name="eu", server="https://eu.example.com", config="{}")
IN_TEAM = app(spec__project="team")

GOOD = {
    "an Application": [APP],
    "a chart": [app(spec__source=CHART)],
    "several sources": [several({**CHART, "helm": {"valueFiles": ["$values/v.yaml"]}}, GIT)],
    "a project": [PROJECT, IN_TEAM],
    "a cluster": [CLUSTER, app(spec__destination={"name": "eu", "namespace": "shop"})],
    "a set": [SET],
    "settings": [changed(SETTINGS, data={"resource.customizations.health.a.b_Kind": "return hs"})],
    "notifications": [notes()],
}
STEPS = SET["spec"]["strategy"]["rollingSync"]["steps"]
BAD = {
    "no source": ([app(spec__source=None)], "one of `source` and `sources`"),
    "no repository": ([app(spec__source__repoURL="")], "no `repoURL`"),
    "no path": ([app(spec__source__path=None)], "neither `path` nor `chart`"),
    "no version": ([app(spec__source={**CHART, "targetRevision": ""})], "no `targetRevision`"),
    "odd version": ([app(spec__source={**CHART, "targetRevision": "?"})], "can be read: ?"),
    "path and chart": ([app(spec__source__chart="a")], "`path` and `chart`"),
    "two tools": ([app(spec__source__helm={}, spec__source__kustomize={})], "several tools"),
    "absolute": ([app(spec__source__path="/a")], "leaves the repository"),
    "outside": ([app(spec__source__path="a/../../b")], "leaves the repository"),
    "release name": ([app(spec__source__helm={"releaseName": "a" * 54})], "release name"),
    "two values": (
        [app(spec__source__helm={"values": "a: 1", "valuesObject": {"a": 1}})],
        "`valuesObject` hides `values`",
    ),
    "odd ref": ([several(CHART, {**GIT, "ref": "a.b"})], "not allowed"),
    "ref twice": ([several(CHART, GIT, GIT)], "is there 2 times"),
    "ref to a chart": ([several(CHART, {**CHART, "ref": "values"})], "is a chart"),
    "absent ref": (
        [several({**CHART, "helm": {"valueFiles": ["$other/v.yaml"]}}, GIT)],
        "refers to no source",
    ),
    "two revisions": (
        [several({**GIT, "ref": "", "path": "a", "targetRevision": "v1"}, GIT)],
        "several revisions",
    ),
    "no destination": ([app(spec__destination={})], "one of `server` and `name`"),
    "two destinations": ([app(spec__destination__name="in-cluster")], "one of `server` and `name`"),
    "unknown cluster": ([app(spec__destination={"name": "eu"})], "0 clusters are called eu"),
    "clusters of one name": (
        [CLUSTER, CLUSTER, app(spec__destination={"name": "eu"})],
        "2 clusters are called eu",
    ),
    "namespace": ([app(spec__destination__namespace="a.b")], "no name of a namespace"),
    "unknown project": ([IN_TEAM], "project team does not exist"),
    "repository": ([changed(PROJECT, spec__sourceRepos=["x"]), IN_TEAM], "does not permit https"),
    "place": ([changed(PROJECT, spec__destinations=[]), IN_TEAM], "the destination"),
    "home": ([changed(PROJECT, metadata__namespace="x"), IN_TEAM], "Applications in argocd"),
    "option": ([app(spec__syncPolicy__syncOptions=["Prune=yes"])], "none that Argo CD knows"),
    "option twice": (
        [app(spec__syncPolicy__syncOptions=["Replace=true", "Replace=true"])],
        "is there twice",
    ),
    "backoff": ([app(spec__syncPolicy__retry={"backoff": {"duration": "soon"}})], "no duration"),
    "namespace metadata": (
        [app(spec__syncPolicy__managedNamespaceMetadata={"labels": {}})],
        "needs CreateNamespace=true",
    ),
    "empty ignore rule": ([app(spec__ignoreDifferences=[{"kind": "A"}])], "ignores nothing"),
    "pointer": (
        [app(spec__ignoreDifferences=[{"kind": "A", "jsonPointers": ["spec"]}])],
        "no JSON pointer",
    ),
    "finalizer": ([app(metadata__finalizers=["a/b"])], "none that Argo CD removes"),
    "label": ([app(metadata__labels={"a": 1})], "labels.a is no text"),
    "two of a name": ([APP, APP], "2 Applications are called app"),
    "odd name": ([app(metadata__name="A")], "no name of an Application"),
    "template": ([changed(SET, spec__template__metadata__name="{{ .x")], "ApplicationSet set: "),
    "no elements": ([changed(SET, spec__generators=[{"list": {"elements": []}}])], "makes nothing"),
    "child": ([changed(SET, spec__template__spec__project="x")], "Application a: project x"),
    "type": ([changed(SET, spec__strategy__type="AllAtOnce")], "needs the type RollingSync"),
    "no steps": ([changed(SET, spec__strategy__rollingSync__steps=[])], "has no steps"),
    "no step": (
        [changed(SET, spec__strategy__rollingSync__steps=STEPS[:1])],
        "1 Applications are in no step",
    ),
    "empty step": (
        [changed(SET, spec__strategy__rollingSync__steps=[*STEPS, STEPS[0]])],
        "step 3 is empty",
    ),
    "operator": (
        [changed(SET, spec__strategy__rollingSync__steps=[{"matchExpressions": [{"key": "app"}]}])],
        "no operator None",
    ),
    "project place twice": (
        [changed(PROJECT, spec__destinations=PROJECT["spec"]["destinations"] * 2)],
        "is there 2 times",
    ),
    "project permits nothing": ([changed(PROJECT, spec__sourceRepos=["!*"])], "permits nothing"),
    "role": ([changed(PROJECT, spec__roles=[{"name": "a b"}])], "no name of a role"),
    "role twice": ([changed(PROJECT, spec__roles=[{"name": "a"}] * 2)], "role a is there twice"),
    "account": (
        [
            changed(
                PROJECT,
                spec__destinationServiceAccounts=[
                    {"server": "*", "namespace": "*", "defaultServiceAccount": "a/b"}
                ],
            )
        ],
        "is no service account",
    ),
    "account of no namespace": (
        [
            changed(
                PROJECT,
                spec__destinationServiceAccounts=[{"server": "*", "defaultServiceAccount": "a"}],
            )
        ],
        "no usable namespace",
    ),
    "repository Secret": ([secret("repository", type="git")], "has no url"),
    "repository type": ([secret("repository", url="a", type="svn")], "unknown type svn"),
    "repository switch": ([secret("repository", url="a", insecure="yes")], "is no switch"),
    "Secrets of one url": ([secret("repo-creds", url="a")] * 2, "2 repo-creds Secrets"),
    "cluster Secret": ([secret("cluster", name="eu")], "lacks its server"),
    "cluster config": (
        [secret("cluster", name="eu", server="a", config="{")],
        "is no JSON",
    ),
    "settings value": ([changed(SETTINGS, data={"a": True})], "is no text"),
    "settings label": ([changed(SETTINGS, metadata__labels={})], "lacks the label"),
    "health key": (
        [changed(SETTINGS, data={"resource.customizations.health.a/B": "x"})],
        "names no kind",
    ),
    "absent template": ([notes(trigger__failed="- when: a\n  send: [x]\n")], "sends template x"),
    "no condition": ([notes(trigger__failed="- send: [t]\n")], "has no condition"),
    "absent service": (
        [notes(subscriptions="- recipients: ['mail:a']\n")],
        "names service mail",
    ),
    "absent trigger": ([notes(subscriptions="- triggers: [absent]\n")], "names trigger absent"),
}


@pytest.mark.parametrize("documents", GOOD.values(), ids=GOOD)
def test_what_is_right_passes(documents: list[Body]) -> None:
    assert controller_complaints(documents) == []


@pytest.mark.parametrize(("documents", "complaint"), BAD.values(), ids=BAD)
def test_what_is_refused_is_found(documents: list[Body], complaint: str) -> None:
    assert any(complaint in text for text in controller_complaints(documents))


def test_a_folder_needs_somebody_who_applies_it() -> None:
    parent = app(spec__source__path="deploy/apps/shop")
    assert controller_complaints([parent], folders={"apps", "apps/shop"}) == []
    found = controller_complaints([parent], folders={"eu/rendered/web"})
    assert found == ["no Application applies eu/rendered/web"]
