"""Tolerated differences between the cluster and Git."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_table import (
    APPROXIMATE,
    EQUIVALENT,
    EXACT,
    MANUAL,
    UNKNOWN,
    Row,
    build,
    check,
    each,
    kustomization,
    manifest,
    policy,
    release,
)

if TYPE_CHECKING:
    from pathlib import Path

_ARGO = "spec.ignoreDifferences[0]"
_RESPECT = "syncOptions: [RespectIgnoreDifferences=true]"
_REPLICAS = "jsonPointers: [/spec/replicas]"
_APPS = f"group: apps, kind: Deployment, {_REPLICAS}"


def _rule(fields: str, *, respect: bool = True, helm: bool = False) -> str:
    text = policy(_RESPECT if respect else "", helm=helm)
    return f"{text}  ignoreDifferences: [{{{fields}}}]\n"


def _prefixed(fields: str) -> str:
    kustomize = "path: app, kustomize: {namePrefix: eu-, nameSuffix: -x}"
    return _rule(fields).replace("path: app", kustomize)


POINTERS = (
    Row(
        says="left alone by both",
        text=_rule(_APPS),
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=EXACT,
        target="spec.ignore[0]",
        wrote={
            "spec.ignore.0": {
                "paths": ["/spec/replicas"],
                "target": {"group": "apps", "kind": "Deployment"},
            }
        },
    ),
    Row(
        says="a field that Git does not hold falls back to its default",
        text=_rule(_APPS),
        files={"app/a.yaml": manifest("Deployment", "api", api="apps/v1", more="spec: {}")},
        path="",
        verdict=APPROXIMATE,
        code="A2F-IGN-004",
    ),
    Row(
        says="overwritten by Argo CD",
        text=_rule(_APPS, respect=False),
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=APPROXIMATE,
        code="A2F-IGN-008",
    ),
    Row(
        says="overwritten by an upgrade and by a sync",
        text=_rule(_APPS, respect=False, helm=True),
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=EXACT,
        target="spec.driftDetection.ignore[0]",
    ),
    Row(
        says="overwritten by an upgrade only",
        text=_rule(_APPS, helm=True),
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=APPROXIMATE,
        code="A2F-IGN-011",
        wrote={"spec.driftDetection.ignore.0.paths": ["/spec/replicas"]},
    ),
    Row(
        says="before Flux 2.9",
        text=_rule(_APPS),
        flux="2.8",
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=MANUAL,
        code="A2F-IGN-003",
        wrote={"spec.ignore": None},
    ),
    Row(
        says="drift of releases could be ignored before",
        text=_rule(_APPS, respect=False, helm=True),
        flux="2.8",
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=EXACT,
        target="spec.driftDetection.ignore[0]",
    ),
    Row(
        says="no pointer",
        text=_rule("kind: Service, jsonPointers: [spec/type, /spec/ports]"),
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=UNKNOWN,
        code="A2F-IGN-012",
        wrote={"spec.ignore.0.paths": ["/spec/ports"]},
    ),
    Row(
        says="no path",
        text=_rule('kind: Service, jsonPointers: [""]'),
        path=f"{_ARGO}.jsonPointers[0]",
        verdict=EQUIVALENT,
        wrote={"spec.ignore": None},
    ),
)

_JQ = 'group: apps, kind: Deployment, jqPathExpressions: [".spec.replicas"]'
OTHER_PATHS = (
    Row(
        says="jq that is a pointer",
        text=_rule('group: apps, kind: Deployment, jqPathExpressions: [".spec.replicas"]'),
        path=f"{_ARGO}.jqPathExpressions[0]",
        verdict=EQUIVALENT,
        code="A2F-IGN-009",
        wrote={"spec.ignore.0.paths": ["/spec/replicas"]},
    ),
    *(
        Row(
            says=f"jq that is a pointer, {what}",
            text=_rule(_JQ, respect=respect, helm=helm),
            path=f"{_ARGO}.jqPathExpressions[0]",
            verdict=EQUIVALENT if code == "A2F-IGN-009" else APPROXIMATE,
            code=code,
        )
        for what, respect, helm, code in (
            ("overwritten by Argo CD", False, False, "A2F-IGN-008"),
            ("overwritten by both", False, True, "A2F-IGN-009"),
            ("overwritten by an upgrade only", True, True, "A2F-IGN-011"),
        )
    ),
    Row(
        says="jq that is a pointer before Flux 2.9",
        text=_rule('group: apps, kind: Deployment, jqPathExpressions: [".spec.replicas"]'),
        flux="2.8",
        path=f"{_ARGO}.jqPathExpressions[0]",
        verdict=MANUAL,
        code="A2F-IGN-003",
    ),
    *(
        Row(
            says=f"jq that selects, for Flux {flux}",
            text=_rule(
                "group: apps, kind: Deployment, "
                "jqPathExpressions: ['.spec.containers[] | select(.name == \"a\")']"
            ),
            flux=flux,
            path=f"{_ARGO}.jqPathExpressions[0]",
            verdict=MANUAL,
            code="A2F-IGN-001",
        )
        for flux in ("2.8", "2.9")
    ),
    Row(
        says="a trusted manager",
        text=_rule("group: apps, kind: Deployment, managedFieldsManagers: [hpa]"),
        path=f"{_ARGO}.managedFieldsManagers[0]",
        verdict=APPROXIMATE,
        code="A2F-IGN-002",
        wrote={"spec.ignore": None},
    ),
    Row(
        says="objects of a rule that is not written",
        text=_rule("kind: Deployment, managedFieldsManagers: [hpa]"),
        path=f"{_ARGO}.kind",
        verdict=EQUIVALENT,
    ),
    Row(
        says="no rule",
        text=policy("") + "  ignoreDifferences: []\n",
        path="spec.ignoreDifferences",
        verdict=EQUIVALENT,
    ),
)

TARGETS = (
    Row(says="kind", text=_rule(_APPS), path=f"{_ARGO}.kind", verdict=EXACT),
    Row(says="group", text=_rule(_APPS), path=f"{_ARGO}.group", verdict=EXACT),
    Row(
        says="globs",
        text=_rule(f'group: "*.example.com", kind: "*", {_REPLICAS}'),
        path=f"{_ARGO}.group",
        verdict=EXACT,
        wrote={"spec.ignore.0.target": {"group": ".*\\.example\\.com"}},
    ),
    Row(
        says="core group",
        text=_rule(f"kind: Service, {_REPLICAS}"),
        path=f"{_ARGO}.kind",
        verdict=EQUIVALENT,
        code="A2F-IGN-005",
        wrote={"spec.ignore.0.target": {"kind": "Service", "version": "v1"}},
    ),
    *(
        Row(
            says=f"no group for {kind}",
            text=_rule(f'kind: "{kind}", {_REPLICAS}'),
            path=f"{_ARGO}.kind",
            verdict=APPROXIMATE,
            code="A2F-IGN-010",
        )
        for kind in ("Deployment", "*", "{Service,Ingress}")
    ),
    Row(
        says="a kind that is not built in",
        text=_rule(f"kind: Widget, {_REPLICAS}"),
        path=f"{_ARGO}.kind",
        verdict=EQUIVALENT,
        code="A2F-IGN-005",
    ),
    Row(
        says="kind before Flux 2.9",
        text=_rule(_APPS),
        flux="2.8",
        path=f"{_ARGO}.kind",
        verdict=MANUAL,
        code="A2F-IGN-003",
    ),
    Row(says="name", text=_rule(f"{_APPS}, name: web"), path=f"{_ARGO}.name", verdict=EXACT),
    Row(
        says="name before Flux 2.9",
        text=_rule(f"{_APPS}, name: web"),
        flux="2.8",
        path=f"{_ARGO}.name",
        verdict=MANUAL,
        code="A2F-IGN-003",
    ),
    Row(
        says="name in a rule that is not written",
        text=_rule("kind: Deployment, name: web, managedFieldsManagers: [hpa]"),
        path=f"{_ARGO}.name",
        verdict=EQUIVALENT,
    ),
    Row(
        says="namespace with a dot in the name",
        text=_rule(f"{_APPS}, name: web.x, namespace: shop"),
        path=f"{_ARGO}.namespace",
        verdict=EXACT,
        wrote={
            "spec.ignore.0.target.name": "web\\.x",
            "spec.ignore.0.target.namespace": "shop",
        },
    ),
    Row(
        says="a name before the build renames it",
        text=_prefixed(f"{_APPS}, name: web"),
        path=f"{_ARGO}.name",
        verdict=APPROXIMATE,
        code="A2F-IGN-007",
    ),
    Row(
        says="a name after the build renamed it",
        text=_prefixed(f"{_APPS}, name: eu-web-x"),
        path=f"{_ARGO}.name",
        verdict=EXACT,
    ),
)

_FLUX = "spec.ignore[0]"
_TARGET = {
    "group": "apps",
    "version": "v1",
    "kind": "Deployment",
    "name": "web",
    "namespace": "shop",
    "labelSelector": "app=web",
    "annotationSelector": "note=x",
}
_WEB = manifest("Deployment", "web", "shop", "apps/v1", "spec: {replicas: 1}\n")


def _ignore(fields: str) -> str:
    return kustomization(f"ignore: [{{{fields}}}]")


def _ignore_drift(fields: str) -> str:
    return release(f"driftDetection: {{mode: enabled, ignore: [{{{fields}}}]}}")


BACK = (
    Row(
        says="pointer of a Kustomization",
        text=_ignore("paths: [/spec/replicas], target: {kind: Deployment}"),
        path=f"{_FLUX}.paths[0]",
        verdict=EXACT,
        target="spec.ignoreDifferences[0]",
        wrote={
            "spec.ignoreDifferences.0": {
                "group": "apps",
                "kind": "Deployment",
                "jsonPointers": ["/spec/replicas"],
            },
            "spec.syncPolicy.syncOptions.0": "RespectIgnoreDifferences=true",
        },
    ),
    Row(
        says="pointer of a release, which an upgrade overwrites",
        text=release("driftDetection: {ignore: [{paths: [/spec/replicas]}]}"),
        path="spec.driftDetection.ignore[0].paths[0]",
        verdict=EXACT,
        target="spec.ignoreDifferences[0]",
        wrote={"spec.syncPolicy.syncOptions.0": "PrunePropagationPolicy=background"},
    ),
    Row(
        says="whole object",
        text=_ignore('paths: [""], target: {kind: Deployment}'),
        path=f"{_FLUX}.paths[0]",
        verdict=MANUAL,
        code="F2A-KS-025",
        wrote={"spec.ignoreDifferences": None},
    ),
    Row(
        says="no pointer in Flux",
        text=_ignore("paths: [spec/type, /spec/ports], target: {kind: Service}"),
        path=f"{_FLUX}.paths[0]",
        verdict=UNKNOWN,
        code="F2A-KS-029",
        wrote={"spec.ignoreDifferences.0.jsonPointers": ["/spec/ports"]},
    ),
    Row(
        says="what a rule for whole objects is for",
        text=_ignore('paths: [""], target: {kind: Deployment}'),
        path=f"{_FLUX}.target.kind",
        verdict=EQUIVALENT,
    ),
    Row(
        says="core group by version",
        text=_ignore("paths: [/data/x], target: {kind: ConfigMap, version: v1}"),
        path=f"{_FLUX}.target.version",
        verdict=EXACT,
        wrote={"spec.ignoreDifferences.0": {"kind": "ConfigMap", "jsonPointers": ["/data/x"]}},
    ),
    Row(
        says="a version is left out",
        text=_ignore("paths: [/x], target: {group: apps, kind: Deployment, version: v1}"),
        path=f"{_FLUX}.target.version",
        verdict=APPROXIMATE,
        code="F2A-KS-019",
    ),
    Row(
        says="a regular expression is spelled out",
        text=_ignore("paths: [/spec/replicas], target: {kind: Deployment, name: 'w.*'}"),
        files=build(_WEB),
        path=f"{_FLUX}.target.name",
        verdict=APPROXIMATE,
        code="F2A-KS-019",
        wrote={"spec.ignoreDifferences.0.name": "web"},
    ),
    Row(
        says="a regular expression that nothing matches now",
        text=_ignore("paths: [/spec/replicas], target: {kind: Deployment, name: 'z.*'}"),
        files=build(_WEB),
        path=f"{_FLUX}.target.name",
        verdict=APPROXIMATE,
        code="F2A-KS-019",
        wrote={"spec.ignoreDifferences": None},
    ),
    *(
        Row(
            says=f"a selector for objects that cannot be seen: {leaf}",
            text=_ignore("paths: [/spec/replicas], target: {labelSelector: app=web}"),
            path=f"{_FLUX}.{leaf}",
            verdict=MANUAL,
            code="F2A-KS-026",
            wrote={"spec.ignoreDifferences": None},
        )
        for leaf in ("target.labelSelector", "paths[0]")
    ),
    *(
        Row(
            says=f"{part} of a target in a {kind}",
            text=text(f"paths: [/spec/replicas], target: {{{part}: '{value}'}}"),
            path=f"{where}[0].target.{part}",
            verdict=verdict,
            code=code,
        )
        for part, value in _TARGET.items()
        for kind, where, text in (
            ("Kustomization", "spec.ignore", _ignore),
            ("HelmRelease", "spec.driftDetection.ignore", _ignore_drift),
        )
        for verdict, code in [
            (MANUAL, "F2A-KS-026") if part.endswith("Selector") else (EXACT, None)
        ]
    ),
    Row(
        says="no rule of a release",
        text=release("driftDetection: {ignore: []}"),
        path="spec.driftDetection.ignore",
        verdict=EQUIVALENT,
    ),
    Row(
        says="no rule of a Kustomization",
        text=kustomization("ignore: []"),
        path="spec.ignore",
        within="Kustomization",
        verdict=EQUIVALENT,
    ),
)

ROWS = (*POINTERS, *OTHER_PATHS, *TARGETS, *BACK)


@each(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the target that the tables say."""
    check(row, tmp_path)
