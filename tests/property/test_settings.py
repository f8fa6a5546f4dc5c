"""Settings of an installation, whatever their texts hold."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from argoflux.schema_fields import leaf_paths
from argoflux.workspace.read import read
from argoflux.yamlio.dump import dump, dump_documents
from tests.convert_run import convert_folder
from tests.ecosystem.accounts import all_checks

URL = "https://git.example.com/acme/shop.git"
APP = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {"name": "shop", "namespace": "argocd"},
    "spec": {
        "project": "default",
        "destination": {"name": "in-cluster", "namespace": "web"},
        "source": {"repoURL": URL, "path": "app", "targetRevision": "main"},
    },
}
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}}

NAMES = st.sampled_from(["all", "apps_Deployment", "Service", "a.b_C", "_", "*", "x_y_z"])
KEYS = st.sampled_from(sorted(leaf_paths("ConfigMap:argocd-cm"))).flatmap(
    lambda key: NAMES.map(lambda name: key.replace("*", name)) if "*" in key else st.just(key)
)
RULE = st.fixed_dictionaries(
    {},
    optional={
        "jsonPointers": st.lists(st.sampled_from(["/spec/replicas", "spec", "", "/a~1b"])),
        "jqPathExpressions": st.lists(st.sampled_from([".a.b", ".a[]", "", "x |"])),
        "managedFieldsManagers": st.lists(st.text(max_size=4)),
        "health.lua": st.just("return {}"),
        "apiGroups": st.lists(st.sampled_from(["apps", "*", "", "["])),
        "kinds": st.sampled_from([["*"], ["Deployment"], "Deployment", None]),
        "clusters": st.lists(st.sampled_from(["*", "https://kubernetes.default.svc", "{"])),
    },
)
TREES = st.one_of(
    RULE, st.lists(RULE), st.dictionaries(st.sampled_from(["apps/Deployment", "*/*"]), RULE)
)
TEXTS = st.one_of(
    TREES.map(dump),
    st.sampled_from(["", "true", "0s", "label", "a: [", "- x", "--enable-helm", "{{ .Values.a }}"]),
    st.text(max_size=12),
)


@settings(max_examples=int(os.environ.get("EXAMPLES", "40")), deadline=None)
@given(data=st.dictionaries(KEYS, TEXTS, max_size=5), known=st.booleans())
def test_every_key_has_a_fate_and_the_output_is_valid(data: dict[str, str], known: bool) -> None:
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cm", "namespace": "argocd"},
        "data": data,
    }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "app").mkdir()
        Path(folder, "objects.yaml").write_text(dump_documents([APP, config]))
        Path(folder, "app/all.yaml").write_text(dump_documents([DEPLOYMENT]))
        sources = (f"{URL}=.",) if known else ()
        workspace = read([folder], cwd=folder, sources=sources)
        result = convert_folder(workspace, "flux")
    assert all_checks(workspace.resources, result) == []
    stated = {entry.path[-1] for entry in result.entries if entry.path[:1] == ("data",)}
    assert stated >= set(data)
