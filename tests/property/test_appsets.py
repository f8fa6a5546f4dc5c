"""ApplicationSets with wrong values anywhere: no crash, no hole, no gap in a sentence."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argoflux.mapping.emission import ConvertOptions
from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump
from argoflux.yamlio.load import load_text
from argoflux.yamlio.tree import walk
from tests.convert_run import convert_texts
from tests.ecosystem.accounts import all_checks
from tests.unit.mapping.row_cases import ABSENT

if TYPE_CHECKING:
    from argoflux.convert.result import Conversion
    from argoflux.workspace.read import Workspace

_SPEC = """
goTemplate: true
generators:
- matrix:
    generators:
    - list: {elements: [{x: a, env: dev, m: {k: 1}}, {x: b, env: prod, m: {k: 2}}]}
    - merge:
        mergeKeys: [k]
        generators:
        - list: {elements: [{k: '1'}]}
        - list: {elementsYaml: "- {k: '1', v: b}"}
  selector: {matchExpressions: [{key: x, operator: In, values: [a, b]}]}
- clusters: {selector: {matchLabels: {tier: edge}}, values: {v: '{{.name}}'}}
- git: {repoURL: 'https://git.example.com/a', files: [{path: '**/x.json'}]}
- list:
    elements: [{x: c}]
    template: {metadata: {labels: {own: '{{.x}}'}}, spec: {project: other, source: {}, destination: {}}}
strategy:
  type: RollingSync
  rollingSync: {steps: [{matchExpressions: [{key: env, operator: In, values: [dev]}], maxUpdate: 10%}]}
syncPolicy: {applicationsSync: create-only, preserveResourcesOnDeletion: true}
preservedFields: {annotations: [a]}
ignoreApplicationDifferences: [{name: a, jsonPointers: [/spec/x]}]
templatePatch: "spec: {info: [{name: a, value: '{{.x}}'}]}"
template:
  metadata: {name: '{{.x}}', labels: {env: '{{.env}}'}, finalizers: []}
  spec:
    project: default
    source: {repoURL: 'https://git.example.com/a', path: 'p-{{.x}}', kustomize: {images: ['a:{{.x}}']}}
    destination: {name: in-cluster, namespace: w}
    syncPolicy: {automated: {prune: true}}
"""
_LISTS = """
generators:
- list: {elements: [{x: a, path: p}, {x: b, path: q}]}
template:
  metadata: {name: 'app-{{x}}'}
  spec:
    project: default
    source: {repoURL: 'https://git.example.com/a', path: '{{path}}', helm: {values: 'a: {{x}}'}}
    destination: {server: 'https://kubernetes.default.svc', namespace: '{{x}}'}
"""
_FOLDERS = """
goTemplate: true
generators:
- git:
    repoURL: https://git.example.com/acme/addons
    revision: main
    directories: [{path: addons/*}, {path: addons/old, exclude: true}]
template:
  metadata: {name: '{{.path.basename}}'}
  spec:
    project: default
    source: {repoURL: 'https://git.example.com/acme/addons', targetRevision: main, path: '{{.path.path}}'}
    destination: {server: 'https://kubernetes.default.svc', namespace: '{{.path.basename}}'}
"""
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
_CLUSTER = """
apiVersion: v1
kind: Secret
metadata: {name: c, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster, tier: edge}}
stringData: {name: far, server: 'https://10.0.0.1'}
"""
_SPECS = [load_text(SourceFile("s", text)).documents[0].body for text in (_SPEC, _LISTS, _FOLDERS)]
_WRONG: list[Any] = [
    None,
    5,
    "x",
    [],
    {},
    True,
    [1],
    {"a": "b"},
    [{}],
    "{{ .x }}",
    "{{",
    [None],
    1e30,
]


def _convert(spec: dict[str, Any], mode: str) -> tuple[Workspace, Conversion]:
    body = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": spec,
    }
    with tempfile.TemporaryDirectory() as folder:
        texts = {"a.yaml": dump(body), "b.yaml": _CLUSTER}
        texts |= {f"addons/{name}/service.yaml": _SERVICE for name in ("dns", "mail", "old")}
        return convert_texts(Path(folder), texts, "flux", ConvertOptions(appset=mode))


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """A spec with one to three values replaced."""
    spec: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from(_SPECS))))
    for _ in range(draw(st.integers(1, 3))):
        paths = [path for path, _ in walk(spec) if path]
        if not paths:
            break
        *steps, last = draw(st.sampled_from(paths))
        node: Any = spec
        for step in steps:
            node = node[step]
        node[last] = json.loads(json.dumps(draw(st.sampled_from(_WRONG))))
    return spec


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spec=specs(), mode=st.sampled_from(["static", "resourceset"]))
def test_any_value_anywhere(spec: dict[str, Any], mode: str) -> None:
    workspace, result = _convert(spec, mode)
    assert all_checks(workspace.resources, result) == []
    assert not [m for m in result.messages if ABSENT in m.text + m.instead]
    assert [o.resource.ref.kind for o in result.outcomes].count("ApplicationSet") == 1


def test_the_untouched_sets_convert() -> None:
    for spec in _SPECS:
        (outcome, *_) = [
            o
            for o in _convert(spec, "static")[1].outcomes
            if o.resource.ref.kind == "ApplicationSet"
        ]
        assert outcome.outcome == "converted", outcome.reason
