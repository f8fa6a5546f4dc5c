"""Folders of a repository as artifacts, inputs and one template, and when they stay objects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.argocd_cases import Case, convert_case

_URL = "https://git.example.com/acme/addons.git"
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
_FILES = {
    "addons/dns/kustomization.yaml": "resources: [service.yaml]\n",
    "addons/dns/service.yaml": _SERVICE,
    "addons/mail/kustomization.yaml": "resources: [service.yaml]\n",
    "addons/mail/service.yaml": _SERVICE,
    "addons/old/service.yaml": _SERVICE,
}
_PATTERNS = "directories: [{path: addons/*}, {path: addons/old, exclude: true}]"


def folders(
    patterns: str = _PATTERNS,
    *,
    url: str = _URL,
    revision: str = "main",
    path: str = "{{.path.path}}",
    spec: str = "",
) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: set, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators: [{{git: {{repoURL: '{_URL}', revision: {revision}, {patterns}}}{spec}}}]
  template:
    metadata: {{name: 'x-{{{{.path.basename}}}}'}}
    spec:
      project: default
      source: {{repoURL: '{url}', path: '{path}', targetRevision: main}}
      destination: {{server: https://kubernetes.default.svc, namespace: web}}
"""


def convert(text: str, files: dict[str, str] | None = None, **options: Any) -> Case:
    options = {"appset": "resourceset", **options}
    return convert_case(text, files=_FILES if files is None else files, **options)


def test_folders_become_artifacts_inputs_and_one_template() -> None:
    case = convert(folders())
    assert case.spec("ArtifactGenerator")["pathPattern"] == "@repo/addons/{app}"
    (selector,) = case.spec("ResourceSetInputProvider")["selectors"]
    assert selector["matchExpressions"] == [{"key": "app", "operator": "NotIn", "values": ["old"]}]
    (applier,) = case.spec("ResourceSet")["resources"]
    assert applier["metadata"]["name"] == "x-<< inputs.app >>"
    assert applier["spec"]["path"] == "./"
    assert applier["spec"]["sourceRef"]["kind"] == "ExternalArtifact"
    assert case.names("GitRepository") == ["addons"]
    assert case.names("Kustomization") == []
    assert "A2F-SET-009" not in case.codes()


def test_without_excludes_every_artifact_of_the_set_counts() -> None:
    case = convert(folders("directories: [{path: addons/*}]"))
    (selector,) = case.spec("ResourceSetInputProvider")["selectors"]
    assert selector == {"matchLabels": {"argoflux.dev/appset": "set"}}


_INSTANCE = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec: {components: [source-controller, kustomize-controller], distribution: {version: 2.x, registry: r}}
"""


@pytest.mark.parametrize(
    ("text", "files", "options", "why"),
    [
        (folders(), {}, {"flux": "2.8"}, "Flux 2.8 has no path patterns"),
        (folders(), {}, {"kept": _INSTANCE}, "no source-watcher"),
        (folders("directories: [{path: '*/*'}]"), {}, {}, "one `*` below"),
        (
            folders("directories: [{path: addons/*}, {path: 'addons/o*', exclude: true}]"),
            {},
            {},
            "excludes by a pattern",
        ),
        (
            folders("directories: [{path: addons/dns}, {path: addons/mail}]"),
            {},
            {},
            "one path pattern",
        ),
        (
            folders("directories: [{path: addons/*}, {path: addons/_x, exclude: true}]"),
            {},
            {},
            "no value of a label",
        ),
        (folders(f"values: {{a: b}}, {_PATTERNS}"), {}, {}, "nothing like `values`"),
        (
            folders(
                f"pathParamPrefix: '', {_PATTERNS}",
                spec=", selector: {matchLabels: {path.basename: x}}",
            ),
            {},
            {},
            "two or more",
        ),
        (folders(url="https://git.example.com/acme/other.git"), {}, {}, "another repository"),
        (folders(revision="v2"), {}, {}, "another revision"),
        (
            folders(path="{{.path.path}}/sub"),
            {"addons/dns/sub/a.yaml": _SERVICE},
            {},
            "other folders",
        ),
        (
            folders(),
            {"addons/mail/kustomization.yaml": "resources: [../base]\n"},
            {},
            "addons/mail/kustomization.yaml names files outside",
        ),
        (folders(), {"addons/.git-hooks/a.yaml": _SERVICE}, {}, "hidden folder"),
        (folders(), {"addons/Web/a.yaml": _SERVICE}, {}, "not all of its Applications"),
        (folders(), {"addons/a_b/a.yaml": _SERVICE}, {}, "not all of its Applications"),
    ],
)
def test_what_keeps_folders_objects(
    text: str, files: dict[str, str], options: dict[str, Any], why: str
) -> None:
    case = convert(text, {**_FILES, **files}, **options)
    assert case.names("ResourceSet") == case.names("ArtifactGenerator") == []
    assert case.names("ResourceSetInputProvider") == []
    assert why in case.said("A2F-SET-020")["why"]


_LIST = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: set, namespace: argocd}}
spec:
  goTemplate: true
  {options}
  generators: [{generator}]
  template:
    metadata: {{name: '{name}'}}
    spec:
      project: default
      source: {{repoURL: 'https://git.example.com/acme/a.git', path: '{path}', targetRevision: main}}
      destination: {{server: https://kubernetes.default.svc, namespace: web}}
"""
_ELEMENTS = "{list: {elements: [{env: dev}, {env: prod}]}}"


def stated(
    *, options: str = "", generator: str = _ELEMENTS, name: str = "{{.env}}", path: str = "{{.env}}"
) -> str:
    return _LIST.format(options=options, generator=generator, name=name, path=path)


@pytest.mark.parametrize(
    ("options", "said"), [("", True), ("goTemplateOptions: [missingkey=error]", False)]
)
def test_missing_keys_fail_where_they_did_not(options: str, *, said: bool) -> None:
    case = convert(stated(options=options))
    assert case.names("ResourceSet") == ["set"]
    assert ("A2F-SET-009" in case.codes()) is said
    assert "A2F-SET-009" not in convert(stated(options=options), appset="static").codes()


def test_functions_that_resource_sets_lack_keep_a_set_static() -> None:
    case = convert(stated(path='a/{{ .env | snakecase | replace "nospace" "" }}'))
    assert case.names("ResourceSet") == []
    assert case.said("A2F-SET-002")["functions"] == "`snakecase`"
    assert "A2F-SET-002" not in convert(stated(path="{{ .env | upper }}")).codes()


_PULLS = "{pullRequest: {github: {owner: acme, repo: shop}}}"


@pytest.mark.parametrize(
    ("path", "parameters"),
    [("{{ .target_branch }}/{{ .labels }}", "`labels` and `target_branch`"), ("{{ .branch }}", "")],
)
def test_parameters_of_pull_requests_that_no_provider_has(path: str, parameters: str) -> None:
    case = convert(stated(generator=_PULLS, name="p-{{.number}}", path=path))
    assert ("A2F-SET-008" in case.codes()) is bool(parameters)
    if parameters:
        assert case.said("A2F-SET-008")["parameters"] == parameters
