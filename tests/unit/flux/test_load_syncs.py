"""What an installation of Flux applies first stands in for objects that no file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.mapping.emission import ConvertOptions
from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

INSTANCE = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: %(namespace)s}
spec:
  distribution: {version: 2.x, registry: ghcr.io/fluxcd}
  sync: {%(sync)s}
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: flux, namespace: flux-system}
spec:
  interval: 1h
  %(chart)s
  values: {instance: {sync: {%(sync)s}}}
"""
OCI_CHART = """\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: charts, namespace: flux-system}
spec: {interval: 1h, url: "oci://registry.example.com/charts/%s", ref: {tag: 0.58.1}}
"""
HELM_CHART = """\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: charts, namespace: flux-system}
spec: {interval: 1h, chart: %s, sourceRef: {kind: HelmRepository, name: x}}
"""
CHILD = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: apps}
spec:
  interval: 10m
  prune: true
  path: ./web
  sourceRef: {kind: %(kind)s, name: %(name)s, namespace: flux-system}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: web}\n"
GIT_SYNC = (
    "kind: GitRepository, url: 'https://git.example.com/f', ref: refs/heads/main, path: fleet"
)
IN_FOLDER = ConvertOptions(to_folder=True, deploy_path="argocd")


def run(
    folder: Path,
    install: str,
    *,
    kind: str = "GitRepository",
    name: str = "flux-system",
    options: ConvertOptions = IN_FOLDER,
    **more: str,
) -> Conversion:
    texts = {
        "boot/flux.yaml": install,
        "fleet/web.yaml": CHILD % {"kind": kind, "name": name},
        "web/service.yaml": SERVICE,
        **more,
    }
    return convert_texts(folder, texts, "argocd", options)[1]


def instance(sync: str, namespace: str = "flux-system") -> str:
    return INSTANCE % {"sync": sync, "namespace": namespace}


def sources(conversion: Conversion) -> dict[str, dict[str, Any]]:
    return {
        d.body["metadata"]["name"]: d.body["spec"]["source"]
        for d in conversion.documents
        if d.body["kind"] == "Application"
    }


def codes(conversion: Conversion) -> set[str]:
    return {message.code for message in conversion.messages}


def verdict_of(conversion: Conversion, path: str) -> str | None:
    """The code of the entry of a field of the installation."""
    steps = tuple(path.split("."))
    (entry,) = [
        e for e in conversion.entries if e.path == steps and e.cause.file == "boot/flux.yaml"
    ]
    return entry.code


def test_a_kustomization_finds_the_source_that_the_installation_makes(tmp_path: Path) -> None:
    conversion = run(tmp_path, instance(GIT_SYNC + ", pullSecret: read"))
    found = sources(conversion)
    assert found["web"]["repoURL"] == "https://git.example.com/f"
    assert found["web"]["targetRevision"] == "refs/heads/main"
    assert found["root-fleet"]["path"] == "argocd/apps/root-fleet"
    assert codes(conversion).isdisjoint({"F2A-JOIN-001", "F2A-BOOT-002"})
    assert verdict_of(conversion, "spec.sync.pullSecret") == "F2A-GIT-006"


def test_the_objects_may_have_a_name_of_their_own(tmp_path: Path) -> None:
    conversion = run(tmp_path, instance(GIT_SYNC + ", name: home"), name="home")
    assert set(sources(conversion)) == {"web", "root-fleet"}
    assert "F2A-JOIN-001" not in codes(conversion)


def test_what_stands_in_the_input_is_not_made_again(tmp_path: Path) -> None:
    """An installation takes over what `flux bootstrap` wrote; both make the same objects."""
    bootstrap = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/f", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./fleet, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
"""
    conversion = run(tmp_path, instance(GIT_SYNC), **{"boot/gotk-sync.yaml": bootstrap})
    assert set(sources(conversion)) == {"web", "root-fleet"}
    assert codes(conversion).isdisjoint({"F2A-JOIN-002", "F2A-BOOT-002"})


@pytest.mark.parametrize(
    ("sync", "kind", "reason"),
    [
        (
            "kind: OCIRepository, url: 'oci://registry.example.com/fleet', ref: latest, path: fleet",
            "OCIRepository",
            "F2A-OBJ-004",
        ),
        (
            "kind: Bucket, url: s3.example.com, ref: fleet, path: fleet",
            "Bucket",
            "F2A-BKT-001",
        ),
    ],
    ids=["artifact", "bucket"],
)
def test_other_sources_make_no_root(tmp_path: Path, sync: str, kind: str, reason: str) -> None:
    conversion = run(tmp_path, instance(sync), kind=kind)
    assert {"F2A-BOOT-002", reason} <= codes(conversion)
    assert verdict_of(conversion, "spec.sync.kind") == "F2A-BOOT-002"
    outcomes = {o.resource.ref.kind: o.outcome for o in conversion.outcomes}
    assert outcomes["FluxInstance"] == "converted"


def test_a_stream_has_no_root(tmp_path: Path) -> None:
    conversion = run(tmp_path, instance(GIT_SYNC), options=ConvertOptions())
    assert set(sources(conversion)) == {"web"}
    assert verdict_of(conversion, "spec.sync.path") == "F2A-BOOT-002"


@pytest.mark.parametrize(
    "chart",
    [
        "chartRef: {kind: OCIRepository, name: charts}",
        "chartRef: {kind: HelmChart, name: charts}",
        "chart: {spec: {chart: flux-instance, sourceRef: {kind: HelmRepository, name: x}}}",
        "chartRef: {kind: OCIRepository, name: flux-instance}",
    ],
    ids=["artifact", "chart object", "named", "source elsewhere"],
)
def test_the_chart_of_an_installation_is_read_and_not_applied(tmp_path: Path, chart: str) -> None:
    sync = GIT_SYNC.removeprefix("kind: GitRepository, ")
    release = RELEASE % {"chart": chart, "sync": sync + ", pullSecretStringData: {password: x}"}
    beside = {"OCIRepository": OCI_CHART, "HelmChart": HELM_CHART}
    more = next(
        (t % "flux-instance" for k, t in beside.items() if f"kind: {k}, name: ch" in chart), ""
    )
    conversion = run(tmp_path, release + more)
    assert set(sources(conversion)) == {"web", "root-fleet"}
    assert codes(conversion).isdisjoint({"F2A-JOIN-001", "F2A-JOIN-004"})
    assert "F2A-BOOT-001" in codes(conversion)
    stubs = [d.body for d in conversion.documents if d.body["kind"] == "Secret"]
    assert stubs[0]["stringData"]["password"] == "TODO-copy-from-flux-system-flux-pull"


def test_settings_in_values_are_judged_as_those_of_the_object(tmp_path: Path) -> None:
    release = RELEASE % {"chart": "chartRef: {kind: OCIRepository, name: charts}", "sync": GIT_SYNC}
    more = "distribution: {version: 2.x}, cluster: {multitenant: true}, nonsense: 1, sync: {"
    conversion = run(tmp_path, release.replace("sync: {", more, 1) + OCI_CHART % "flux-instance")
    at = "spec.values.instance."
    assert verdict_of(conversion, at + "distribution.version") == "F2A-FO-001"
    assert verdict_of(conversion, at + "cluster.multitenant") == "F2A-FO-008"
    assert verdict_of(conversion, at + "nonsense") == "F2A-FLD-001"
    assert verdict_of(conversion, "spec.chartRef.name") is None
    assert "F2A-TEN-003" in codes(conversion)  # the lockdown cuts references between namespaces
    outcomes = {o.resource.ref.kind: o.outcome for o in conversion.outcomes}
    assert outcomes["HelmRelease"] == "converted"


def test_a_release_that_states_no_sync_only_installs(tmp_path: Path) -> None:
    release = RELEASE % {"chart": "chartRef: {kind: OCIRepository, name: charts}", "sync": ""}
    conversion = run(tmp_path, release + OCI_CHART % "flux-instance")
    assert {"F2A-BOOT-001", "F2A-JOIN-001"} <= codes(conversion)
    assert set(sources(conversion)) == {"web"}


@pytest.mark.parametrize("chart", ["flux-operator", "flux2"])
def test_charts_of_flux_itself_are_not_applied(tmp_path: Path, chart: str) -> None:
    release = RELEASE % {"chart": "chartRef: {kind: OCIRepository, name: charts}", "sync": ""}
    conversion = run(tmp_path, release + OCI_CHART % chart)
    assert set(sources(conversion)) == {"web"}
    assert "F2A-BOOT-001" in codes(conversion)
    outcomes = {o.resource.ref.kind: o for o in conversion.outcomes}
    assert outcomes["HelmRelease"].reason == "installs Flux itself"


def test_other_charts_state_no_installation(tmp_path: Path) -> None:
    release = RELEASE % {
        "chart": "chartRef: {kind: OCIRepository, name: charts}",
        "sync": GIT_SYNC,
    }
    conversion = run(tmp_path, release + OCI_CHART % "podinfo")
    assert "F2A-JOIN-001" in codes(conversion)
    assert "F2A-BOOT-001" not in codes(conversion)


def test_a_kustomization_over_what_installs_flux_needs_no_application(tmp_path: Path) -> None:
    """Also where it gives the objects their namespace."""
    boot = (CHILD % {"kind": "GitRepository", "name": "flux-system"}).replace(
        "name: web", "name: op"
    )
    release = (RELEASE + OCI_CHART % "flux-operator").replace(", namespace: flux-system", "")
    conversion = run(
        tmp_path,
        instance(GIT_SYNC),
        **{
            "fleet/op.yaml": boot.replace("./web", "./op") + "  targetNamespace: flux-system\n",
            "op/op.yaml": release
            % {"chart": "chartRef: {kind: OCIRepository, name: charts}", "sync": ""},
        },
    )
    assert set(sources(conversion)) == {"web", "root-fleet"}
    assert codes(conversion).isdisjoint({"F2A-OBJ-004", "F2A-OBJ-007", "F2A-OBJ-008"})
    assert {o.outcome for o in conversion.outcomes if o.resource.ref.name == "op"} == {"skipped"}
