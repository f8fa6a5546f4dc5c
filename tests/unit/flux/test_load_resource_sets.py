"""Sets of flux-operator, installations, and artifacts composed in the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

GIT = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, ref: {branch: main}, url: "https://git.example.com/acme/fleet.git"}
---
"""
SET = """\
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: tenants, namespace: flux-system%(notes)s}
spec:
  inputs: [{tenant: red, tag: "1.4"}, {tenant: green, tag: "1.5"}]
%(more)s
  resources:
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: {name: "app-<< inputs.tenant >>"}
      spec: {interval: 10m, prune: true, path: "%(path)s", sourceRef: {kind: GitRepository, name: "%(source)s"}%(spec)s}
%(others)s
---
"""
PROVIDER = """\
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: {name: more, namespace: flux-system}
spec: {type: %s, defaultValues: {tenant: blue, tag: "2.0"}%s}
---
"""
BESIDE = """\
    - apiVersion: source.toolkit.fluxcd.io/v1
      kind: GitRepository
      metadata: {name: "src-<< inputs.tenant >>"}
      spec: {interval: 1m, ref: {branch: main}, url: "https://git.example.com/acme/<< inputs.tenant >>.git"}
"""
GENERATOR = """\
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: fleet, namespace: flux-system}
spec:
  sources: [{alias: mono, kind: GitRepository, name: fleet}, {alias: two, kind: GitRepository, name: two}]
%s
  artifacts:
    - name: apps
      copy:
%s
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, path: ./production, prune: true, sourceRef: {kind: ExternalArtifact, name: apps}}
"""


def text(**given: str) -> str:
    blank = dict.fromkeys(("notes", "more", "spec", "others"), "")
    return SET % {**blank, "path": "./app", "source": "fleet", **given}


def run(folder: Path, *parts: str) -> Conversion:
    _, conversion = convert_texts(folder, {"all.yaml": "".join((GIT, *parts))}, "argocd")
    assert conversion.findings == ()
    return conversion


def made(conversion: Conversion, kind: str) -> list[dict[str, Any]]:
    bodies = [document.body for document in conversion.documents]
    return [body for body in bodies if body["kind"] == kind]


def codes(conversion: Conversion) -> set[str]:
    return {message.code for message in conversion.messages}


def test_a_set_of_kustomizations_becomes_an_application_set(tmp_path: Path) -> None:
    """P24: the template is the Application of the templated Kustomization."""
    images = ', images: [{name: app, newTag: "<< inputs.tag | quote >>"}]'
    conversion = run(tmp_path, text(spec=images))
    (found,) = made(conversion, "ApplicationSet")
    assert found["spec"]["generators"] == [
        {"list": {"elements": [{"tenant": "red", "tag": "1.4"}, {"tenant": "green", "tag": "1.5"}]}}
    ]
    template = found["spec"]["template"]
    assert template["metadata"]["name"] == "app-{{ .tenant }}"
    assert template["spec"]["source"]["kustomize"]["images"] == ["app=*:{{ .tag }}"]


def test_sources_and_paths_may_differ(tmp_path: Path) -> None:
    others = {"source": "src-<< inputs.tenant >>", "others": BESIDE}
    conversion = run(tmp_path, text(path="./apps/<< inputs.tenant >>", **others))
    source = made(conversion, "ApplicationSet")[0]["spec"]["template"]["spec"]["source"]
    assert source["repoURL"] == "https://git.example.com/acme/{{ .tenant }}.git"
    assert source["path"] == "apps/{{ .tenant }}"


def test_static_providers_are_generators_of_their_own(tmp_path: Path) -> None:
    conversion = run(tmp_path, text(more="  inputsFrom: [{name: more}]"), PROVIDER % ("Static", ""))
    generators = made(conversion, "ApplicationSet")[0]["spec"]["generators"]
    assert generators[1] == {"list": {"elements": [{"tenant": "blue", "tag": "2.0"}]}}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"more": "  inputStrategy: {name: Permute}"}, "F2A-FO-002"),
        (
            {
                "others": "    - {apiVersion: v1, kind: Namespace, metadata: {name: << inputs.tenant >>}}"
            },
            "F2A-FO-003",
        ),
        ({"path": "./<< inputs.id >>"}, "F2A-FO-006"),
        ({"path": "./<< inputs.tenant | slugify >>"}, "F2A-FO-007"),
        ({"spec": ", images: [{name: app, newTag: << inputs.tag >>}]"}, "F2A-FO-007"),
        ({"spec": ", suspend: << inputs.tenant >>"}, "F2A-FO-007"),
        ({"more": "  inputsFrom: [{name: absent}]"}, "F2A-FO-007"),
    ],
)
def test_what_no_application_set_repeats_is_refused(
    tmp_path: Path, given: dict[str, str], code: str
) -> None:
    """A number without quotes becomes a number in Flux, and a text in Argo CD."""
    conversion = run(tmp_path, text(**given))
    assert code in codes(conversion)
    assert made(conversion, "ApplicationSet") == []


def test_live_providers_are_named_with_the_generator_to_write(tmp_path: Path) -> None:
    provider = PROVIDER % ("GitHubPullRequest", ", url: https://github.com/acme/app")
    conversion = run(tmp_path, text(more="  inputsFrom: [{name: more}]"), provider)
    said = [message for message in conversion.messages if message.code == "F2A-FO-010"]
    assert said
    assert all("pullRequest generator" in message.instead for message in said)


def test_what_concerns_the_set_as_a_whole_is_said(tmp_path: Path) -> None:
    more = "  wait: true\n  dependsOn: [{apiVersion: v1, kind: ConfigMap, name: x}]"
    notes = ", annotations: {fluxcd.controlplane.io/prune: disabled}"
    conversion = run(tmp_path, text(more=more, notes=notes))
    assert {"F2A-FO-004", "F2A-FO-005", "F2A-FO-011"} <= codes(conversion)


def test_installations_have_no_counterpart(tmp_path: Path) -> None:
    instance = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.x, registry: ghcr.io/fluxcd}
  cluster: {multitenant: true, networkPolicy: false, objectLevelWorkloadIdentity: false}
"""
    found = codes(run(tmp_path, instance))
    assert {"F2A-FO-001", "F2A-FO-008", "F2A-FO-009"} <= found


def test_an_artifact_that_repeats_folders_of_a_repository_is_a_path_of_it(tmp_path: Path) -> None:
    copies = """\
        - {from: "@mono/apps/base/**", to: "@artifact/base/", exclude: ["*.md"]}
        - {from: "@mono/apps/production/**", to: "@artifact/production/"}
"""
    conversion = run(tmp_path, GENERATOR % ("", copies))
    (app,) = made(conversion, "Application")
    assert app["spec"]["source"]["path"] == "apps/production"
    assert "F2A-AG-004" in codes(conversion)


@pytest.mark.parametrize(
    ("more", "copies", "code"),
    [
        ("", '        - {from: "@mono/a/**", to: "@artifact/", strategy: Merge}', "F2A-AG-001"),
        ("", '        - {from: "@mono/a/**", to: "@artifact/b/"}', "F2A-AG-001"),
        (
            "",
            (
                '        - {from: "@mono/a/**", to: "@artifact/a/"}\n'
                '        - {from: "@two/b/**", to: "@artifact/b/"}'
            ),
            "F2A-AG-001",
        ),
        ("", '        - {from: "@mono/a.tgz", to: "@artifact/", strategy: Extract}', "F2A-AG-002"),
        ("  pathPattern: apps/*", '        - {from: "@mono/a/**", to: "@artifact/"}', "F2A-AG-003"),
    ],
    ids=["merged", "moved", "several-sources", "unpacked", "one-per-folder"],
)
def test_composed_artifacts_are_refused(tmp_path: Path, more: str, copies: str, code: str) -> None:
    conversion = run(tmp_path, GENERATOR % (more, copies))
    assert code in codes(conversion)
    assert made(conversion, "Application") == []
