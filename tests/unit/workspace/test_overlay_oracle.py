"""The static reading against kustomize itself: same objects, same bodies."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from argoflux.model.content import Known
from argoflux.text import SourceFile
from argoflux.workspace.overlay import read_path
from argoflux.workspace.tree import Tree
from argoflux.yamlio.load import load_text

KUSTOMIZE = shutil.which("kustomize")
KUBECTL = shutil.which("kubectl")
COMMAND = [KUSTOMIZE, "build"] if KUSTOMIZE else [KUBECTL, "kustomize"]

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not (KUSTOMIZE or KUBECTL), reason="neither kustomize nor kubectl found"),
]

OBJECTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: 'nginx:1.25', env: [{name: A, value: a}], ports: [{containerPort: 80}]}
      initContainers: [{name: init, image: 'reg:5000/nginx@sha256:aa'}]
      volumes: [{name: v, emptyDir: {}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: other}
spec: {selector: {app: web}, ports: [{port: 80, name: http}]}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: app, namespace: apps, annotations: {a: b}}
spec: {interval: 5m, valuesFrom: [{kind: ConfigMap, name: a}], values: {list: [1, 2], on: {x: y}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: crb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: x}]
---
apiVersion: v1
kind: Namespace
metadata: {name: ns}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np}
spec: {podSelector: {matchLabels: {app: web}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: sts}
spec: {serviceName: web, template: {spec: {}}, volumeClaimTemplates: [{metadata: {name: d}}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: job}
spec: {schedule: '* * * * *', jobTemplate: {spec: {template: {spec: {containers: []}}}}}
"""

CASES = {
    "names": "namePrefix: p-\nnameSuffix: -s\n",
    "namespace": "namespace: prod\n",
    "labels": "labels: [{pairs: {l: '1'}}]\n",
    "labels-with-templates": "labels: [{pairs: {l: '1'}, includeTemplates: true}]\n",
    "labels-with-selectors": "labels: [{pairs: {l: '1'}, includeSelectors: true}]\n",
    "common": "commonLabels: {l: x}\ncommonAnnotations: {note: 'yes'}\n",
    "images": (
        "images:\n- {name: nginx, newTag: '2'}\n- {name: reg:5000/nginx, newName: x/y, newTag: v3}\n"
    ),
    "image-digest": "images: [{name: nginx, newName: other, digest: 'sha256:bb'}]\n",
    "replicas": "replicas: [{name: web, count: 7}]\n",
    "merge": (
        "patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n"
        "    metadata: {name: web, annotations: {k: v}}\n    spec:\n      template:\n        spec:\n"
        "          containers:\n          - {name: web, env: [{name: B, value: b}]}\n"
        "          - {name: new, image: busybox}\n"
        "          volumes: [{name: v, $patch: delete}]\n"
    ),
    "merge-custom-kind": (
        "patches:\n- target: {kind: HelmRelease}\n  patch: |\n"
        "    apiVersion: x/v1\n    kind: Y\n    metadata: {name: ignored}\n"
        "    spec: {valuesFrom: [{kind: Secret, name: z}], values: {list: [3], on: null}}\n"
    ),
    "delete": (
        "patches:\n- target: {kind: Service|CronJob}\n  patch: |\n"
        "    $patch: delete\n    kind: Any\n    metadata: {name: any}\n"
    ),
    "json": (
        "patches:\n- target: {labelSelector: app=web}\n  patch: |\n"
        "    - {op: replace, path: /spec/replicas, value: 4}\n"
        "    - {op: add, path: /spec/template/spec/containers/0/args, value: [a]}\n"
        "    - {op: remove, path: /spec/template/spec/volumes/0}\n"
    ),
    "json-renames": (
        "patches:\n- target: {kind: HelmRelease}\n  patch: |\n"
        "    - {op: replace, path: /metadata/name, value: other}\n"
        "    - {op: replace, path: /metadata/namespace, value: elsewhere}\n"
    ),
    "namespace-then-target": (
        "namespace: prod\npatchesJson6902:\n"
        "- target: {version: v2, kind: HelmRelease, name: app, namespace: apps, group: helm.toolkit.fluxcd.io}\n"
        '  patch: \'[{"op": "add", "path": "/spec/suspend", "value": true}]\'\n'
    ),
    "replacements": (
        "replacements:\n"
        "- source: {kind: Service, name: web, fieldPath: spec.ports.0.port}\n"
        "  targets:\n"
        "  - select: {kind: Deployment}\n"
        "    fieldPaths: ['spec.template.spec.containers.[name=web].env.[name=A].value', spec.replicas]\n"
        "- source: {kind: Namespace, name: ns}\n"
        "  targets:\n"
        "  - select: {kind: HelmRelease}\n"
        "    fieldPaths: [metadata.annotations.a, 'spec.valuesFrom.*.name']\n"
        "  - select: {name: web}\n"
        "    reject: [{kind: Deployment}]\n"
        "    options: {create: true}\n"
        "    fieldPaths: ['metadata.annotations.[example.com/x]', 'metadata.labels.example\\.org/y']\n"
    ),
    "replacements-of-parts": (
        "replacements:\n"
        "- source: {kind: Deployment, fieldPath: 'spec.template.spec.containers.[name=web].image',\n"
        "           options: {delimiter: ':', index: 1}}\n"
        "  targets:\n"
        "  - select: {kind: Deployment}\n"
        "    options: {delimiter: '@', index: 1}\n"
        "    fieldPaths: ['spec.template.spec.initContainers.0.image']\n"
        "  - select: {kind: CronJob}\n"
        "    options: {delimiter: ' ', index: -1}\n"
        "    fieldPaths: [spec.schedule]\n"
        "  - select: {name: web, namespace: other}\n"
        "    options: {delimiter: '-', index: 9}\n"
        "    fieldPaths: ['spec.ports.[port=8].name']\n"
    ),
    "replacements-of-maps": (
        "namePrefix: p-\n"
        "replacements:\n"
        "- source: {kind: Deployment, name: web, fieldPath: metadata.labels}\n"
        "  targets:\n"
        "  - select: {kind: StatefulSet, name: sts}\n"
        "    options: {create: true}\n"
        "    fieldPaths: [spec.template.metadata.labels, spec.volumeClaimTemplates.0.spec]\n"
        "- source: {kind: Deployment, fieldPath: spec.replicas}\n"
        "  targets:\n"
        "  - select: {labelSelector: app=web}\n"
        "    fieldPaths: [spec.template.metadata.labels.app]\n"
    ),
    "generators": (
        "generatorOptions: {disableNameSuffixHash: true, labels: {g: x}}\n"
        "configMapGenerator: [{name: c, literals: [a=b, q='x y'], namespace: own}]\n"
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_same_as_kustomize(write, case):
    root = write(
        {"kustomization.yaml": "resources: [all.yaml]\n" + CASES[case], "all.yaml": OBJECTS}
    )
    tree = Tree(str(root))
    tree.add(str(root))
    found = read_path(tree, str(root), flavour="argocd")
    assert isinstance(found, Known)
    assert found.gaps == ()
    ours = {_key(obj.body): _plain(obj.body) for obj in found.objects}
    run = subprocess.run([*COMMAND, str(root)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    documents = load_text(SourceFile("kustomize", run.stdout)).documents
    assert ours == {_key(d.body): _plain(d.body) for d in documents if d.body}


def _key(body) -> str:
    metadata = body["metadata"]
    name = re.sub(r"-[a-z0-9]{10}\Z", "", metadata["name"])
    return f"{body['kind']}/{metadata.get('namespace', '')}/{name}"


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
