"""Applications with several sources that lend each other files, in every combination."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argoflux.mapping.emission import ConvertOptions
from argoflux.workspace.read import read
from argoflux.yamlio.dump import dump_documents
from tests.convert_run import convert_folder
from tests.ecosystem.accounts import all_checks, nothing_newer

MODEST = settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
HERE, FAR = "https://git.example.com/acme/here.git", "https://git.example.com/acme/far.one"
REPOSITORY = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop-api\nversion: 1.0.0\n",
    "chart/values.yaml": "a: 1\n",
    "chart/own.yaml": "a: 2\n",
    "env/a.yaml": "a: {b: 3}\nnothing: null\n",
    "env/b.yaml": "- no mapping\n",
    "manifests/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n",
}
VALUES_FILES = (
    "own.yaml",
    "/env/a.yaml",
    "../env/none.yaml",
    "*.yaml",
    "$here/env/a.yaml",
    "$here/env/b.yaml",
    "$here/env/*.yaml",
    "$here/env/none.yaml",
    "$far/x.yaml",
    "$far/env/**/*.yaml",
    "$nobody/x.yaml",
    "$ARGOCD_APP_NAME/x.yaml",
    "$here/$ARGOCD_APP_NAME.yaml",
    "https://example.com/values.yaml",
)


@st.composite
def helms(draw: st.DrawFn) -> dict[str, Any]:
    helm: dict[str, Any] = {
        "valueFiles": draw(st.lists(st.sampled_from(VALUES_FILES), max_size=4)),
    }
    if draw(st.booleans()):
        helm["ignoreMissingValueFiles"] = draw(st.booleans())
    if draw(st.booleans()):
        helm["valuesObject"] = {"a": {"c": None}, "d": [1]}
    if draw(st.booleans()):
        helm["releaseName"] = draw(st.sampled_from(["one", "two"]))
    if draw(st.booleans()):
        helm["fileParameters"] = [{"name": "x", "path": draw(st.sampled_from(VALUES_FILES))}]
    return helm


@st.composite
def sources(draw: st.DrawFn) -> dict[str, Any]:
    shape = draw(st.sampled_from(["git chart", "web chart", "oci chart", "folder", "files"]))
    url = draw(st.sampled_from([HERE, FAR]))
    source: dict[str, Any] = {
        "repoURL": url,
        "targetRevision": draw(st.sampled_from(["main", "v1.0.0"])),
    }
    if shape == "git chart":
        source |= {"path": "chart", "helm": draw(helms())}
    elif shape == "web chart":
        source |= {
            "repoURL": "https://charts.example.com",
            "chart": "api",
            "targetRevision": "1.0.0",
        }
        source["helm"] = draw(helms())
    elif shape == "oci chart":
        source |= {"repoURL": "ghcr.io/acme", "chart": "api.one", "targetRevision": "1.0.0"}
        source["helm"] = draw(helms())
    elif shape == "folder":
        source["path"] = "manifests"
    if shape == "files" or draw(st.booleans()):
        source["ref"] = draw(st.sampled_from(["here", "far", "Other_1"]))
    if draw(st.booleans()):
        source["name"] = draw(st.sampled_from(["main", "Ma in", "x" * 60]))
    return source


@st.composite
def applications(draw: st.DrawFn, name: str) -> dict[str, Any]:
    policy: dict[str, Any] = {"syncOptions": draw(st.sampled_from([[], ["CreateNamespace=true"]]))}
    if draw(st.booleans()):
        policy["automated"] = {"prune": draw(st.booleans())}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "project": "default",
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "web"},
            "sources": draw(st.lists(sources(), min_size=1, max_size=4)),
            "syncPolicy": policy,
        },
    }


APPS = st.tuples(applications("shop"), applications("a.b"))
RELEASES = st.sampled_from(["2.3", "2.8", "2.9"])


@MODEST
@given(APPS, RELEASES, st.booleans(), st.booleans())
def test_several_sources_are_accounted_for(
    apps: tuple[dict[str, Any], ...], flux: str, to_folder: bool, at_hand: bool
) -> None:
    """Every leaf has a fate, and the output is valid for its release and in its names."""
    options = ConvertOptions(to_folder=to_folder)
    with tempfile.TemporaryDirectory() as folder:
        texts = {f"here/{name}": text for name, text in REPOSITORY.items()}
        texts |= {f"apps/{n}.yaml": dump_documents([app]) for n, app in enumerate(apps)}
        for name, text in texts.items():
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        copies = (f"{HERE}={folder}/here",) if at_hand else ()
        workspace = read([f"{folder}/apps"], cwd=folder, sources=copies)
        result = convert_folder(workspace, "flux", options, flux=flux)
        assert all_checks(workspace.resources, result) == []
        assert nothing_newer(result, flux) == []
        assert not [message for message in result.messages if "…" in message.text + message.instead]
