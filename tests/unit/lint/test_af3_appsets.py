"""Rules about ApplicationSets where their examples do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.appsets import Parameter, parameters
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

GO_SWITCH = "  goTemplate: true\n  goTemplateOptions: [missingkey=error]\n"
CLUSTERS = "- clusters: {}"


def said(folder: Path, code: str, text: str, argocd: str = "3.5") -> list[tuple[str, str, str]]:
    """Severity, place and message of what one rule says."""
    result = lint_texts(folder, {"set.yaml": text}, code=code, argocd=argocd)
    assert not [f for f in result.findings if f.code == "AF901"]
    return [
        (f.severity.value, ".".join(map(str, f.place.path)), f.message)
        for f in result.findings
        if f.code == code
    ]


def a_set(generator: str = LIST_GENERATOR, name: str = "{{ .name }}", more: str = "") -> str:
    """An ApplicationSet in Go templates."""
    text = APPLICATION_SET.replace("<generator>", generator)
    return text.replace('"{{ .name }}"', f"'{name}'") + more


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("{{ .name", "never closed"),
        ("{{ .name | shorten }}", "cannot be read"),
        ("{{ if .name }}web", "cannot be read"),
        ("{{ end }}", "cannot be read"),
        ('{{ env "HOME" }}', "no function `env`"),
        ("{{path}}", "`{{ .path.path }}`"),
        ("{{path[1]}}", "`{{ index .path.segments 1 }}`"),
        ("{{ metadata.labels.env }}", "`{{ .metadata.labels.env }}`"),
        ("{{metadata.labels.app/env}}", '`{{ index .metadata.labels "app/env" }}`'),
        ("{{values.my-env}}", '`{{ index .values "my-env" }}`'),
    ],
)
def test_what_no_go_template_is(tmp_path: Path, name: str, words: str) -> None:
    """AF328 tells a text once, and how to write it."""
    found = said(tmp_path, "AF328", a_set(name=name))
    assert len(found) == 1
    assert found[0][:2] == ("error", "spec.template.metadata.name")
    assert words in found[0][2]


@pytest.mark.parametrize(
    "name",
    [
        "{{ .name }}",
        "{{- .name -}}",
        "{{ `{{` | len }}-{{ .name }}",
        '{{ printf "%s" .name }}',
        "{{ default .name .name }}",
        "{{ with .name }}{{ . }}{{ end }}",
        "{{ .missing }}",  # AF330
    ],
)
def test_go_templates(tmp_path: Path, name: str) -> None:
    """What can be read is no fault of AF328."""
    assert said(tmp_path, "AF328", a_set(name=name)) == []


def test_a_template_patch_that_cannot_be_read(tmp_path: Path) -> None:
    """AF328 speaks about the patch too."""
    found = said(tmp_path, "AF328", a_set(more="  templatePatch: |\n    spec: {{ if .name }}\n"))
    assert [one[1] for one in found] == ["spec.templatePatch"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("[missingkey=Error]", [("error", "spec.goTemplateOptions.0")]),
        (
            "[missingkey=error, strict]",
            [("error", "spec.goTemplateOptions.1")],
        ),
        ("[missingkey=zero]", [("warning", "spec.goTemplateOptions")]),
        ("[missingkey=zero, missingkey=error]", []),
        ("missingkey=error", [("warning", "spec.goTemplate")]),  # no list: AF101 says so
    ],
)
def test_options(tmp_path: Path, options: str, expected: list[tuple[str, str]]) -> None:
    """AF329: options that are missing, and options that do not exist; AF328 repeats none of it."""
    text = a_set().replace("[missingkey=error]", options)
    assert [one[:2] for one in said(tmp_path / "329", "AF329", text)] == expected
    assert said(tmp_path / "328", "AF328", text) == []


@pytest.mark.parametrize(
    ("generator", "where", "words"),
    [
        ("- list: {elements: [web]}", "list", "no map"),
        ("- list: {elements: [{name: web}], elementsYaml: 'a: b'}", "list", "no list"),
        ("- matrix: {generators: [{list: {elements: [{name: a}]}}]}", "matrix", "has 1"),
        ("- merge: {generators: [{clusters: {}}, {clusters: {}}]}", "merge", "mergeKeys"),
        ("- git: {repoURL: https://git.example.com/a.git, revision: main}", "git", "neither"),
        ("- {}", "", "names no generator"),
    ],
)
def test_generators(tmp_path: Path, generator: str, where: str, words: str) -> None:
    """AF331 says what the controllers refuse."""
    found = said(tmp_path, "AF331", a_set(generator))
    assert len(found) == 1
    assert found[0][1] == f"spec.generators.0.{where}".rstrip(".")
    assert words in found[0][2]


def test_elements_that_are_no_texts(tmp_path: Path) -> None:
    """Numbers need Go templates."""
    text = a_set("- list: {elements: [{name: web, replicas: 3}]}", name="{{name}}")
    assert said(tmp_path / "go", "AF331", text) == []
    found = said(tmp_path / "tags", "AF331", text.replace(GO_SWITCH, ""))
    assert "`replicas` of an element is no text" in found[0][2]


MATRIX = """\
- matrix:
        generators:
          - {first}
          - {second}"""
FOLDERS = (
    "git: {repoURL: https://git.example.com/a.git, revision: main, directories: [{path: apps/*}]}"
)
OF_CLUSTER = FOLDERS.replace("apps/*", "'apps/{{ .name }}/*'")
PROD = "clusters: {selector: {matchLabels: {env: prod}}}"


@pytest.mark.parametrize(
    ("first", "second", "name", "expected"),
    [
        ("clusters: {}", FOLDERS, "{{ .path.basename }}", ["`clusters`"]),
        ("clusters: {}", FOLDERS, "{{ .name }}", ["`git`"]),
        ("clusters: {}", FOLDERS, "{{ .name }}-{{ .path.basename }}", []),
        ("clusters: {}", OF_CLUSTER, "{{ .path.basename }}", []),
        (PROD, FOLDERS, "{{ .path.basename }}", []),  # may be one cluster
        ("clusters: {}", FOLDERS, "{{ with .path }}{{ .basename }}{{ end }}", []),
        ("clusters: {}", "plugin: {configMapRef: {name: own}}", "{{ .name }}-{{ .own }}", []),
    ],
)
def test_names_of_a_matrix(
    tmp_path: Path, first: str, second: str, name: str, expected: list[str]
) -> None:
    """AF332: a name needs a parameter of every part that multiplies."""
    found = said(tmp_path, "AF332", a_set(MATRIX.format(first=first, second=second), name))
    assert len(found) == len(expected)
    assert all(words in one[2] for words, one in zip(expected, found, strict=True))


AUTOMATED = "      syncPolicy:\n        automated: {automated}\n"


@pytest.mark.parametrize(
    ("generator", "automated", "more", "expected"),
    [
        (CLUSTERS, "{}", "", ["warning"]),
        (f"- {FOLDERS}", "{}", "", ["info"]),
        (f"- {FOLDERS}", "{enabled: false}", "", []),
        (CLUSTERS, "null", "", []),
        (CLUSTERS, "{}", "  syncPolicy: {applicationsSync: create-update}\n", []),
        (CLUSTERS, "{}", "  syncPolicy: {preserveResourcesOnDeletion: true}\n", []),
        (CLUSTERS, "{}", "  syncPolicy: {applicationsSync: create-delete}\n", ["warning"]),
    ],
)
def test_cascades(
    tmp_path: Path, generator: str, automated: str, more: str, expected: list[str]
) -> None:
    """AF333: what changes without a commit is worse than what changes with one."""
    text = a_set(generator, more=AUTOMATED.format(automated=automated) + more)
    assert [one[0] for one in said(tmp_path, "AF333", text)] == expected


STEP = "        - matchExpressions: [{{key: {key}, operator: {operator}, values: [{value}]}}]\n"


def rolled(*steps: str, generator: str = LIST_GENERATOR) -> str:
    """A set with labels and steps."""
    more = "  strategy:\n    type: RollingSync\n    rollingSync:\n      steps:\n" + "".join(steps)
    text = a_set(generator, more=more)
    return text.replace(
        "      name: '{{ .name }}'\n",
        "      name: '{{ .name }}'\n      labels: {tier: '{{ .name }}'}\n",
    )


@pytest.mark.parametrize(
    ("steps", "generator", "expected"),
    [
        ([("tier", "In", "web"), ("tier", "NotIn", "web")], LIST_GENERATOR, []),
        ([("tier", "In", "web"), ("tier", "In", "'web', api")], LIST_GENERATOR, ["warning"]),
        ([("tier", "In", "web")], LIST_GENERATOR, ["error"]),
        ([("tier", "Exists", "web"), ("tier", "In", "'web', api")], LIST_GENERATOR, ["error"]),
        ([("tier", "In", "web")], CLUSTERS, []),  # nobody knows the clusters
        ([("env", "In", "web")], CLUSTERS, ["error"]),
        ([("env", "NotIn", "web")], CLUSTERS, []),
    ],
)
def test_steps(
    tmp_path: Path, steps: list[tuple[str, str, str]], generator: str, expected: list[str]
) -> None:
    """AF334: whom the steps take."""
    written = [STEP.format(key=k, operator=o, value=v) for k, o, v in steps]
    found = said(tmp_path, "AF334", rolled(*written, generator=generator))
    assert [one[0] for one in found] == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [("0", ["info"]), ('"0%"', ["info"]), ("25%", []), ("2", []), ("some", ["error"])],
)
def test_limits_of_steps(tmp_path: Path, most: str, expected: list[str]) -> None:
    """AF334: a step that nobody syncs is a choice; what is no number is a mistake."""
    step = (
        STEP.format(key="tier", operator="In", value="web, api") + f"          maxUpdate: {most}\n"
    )
    assert [one[0] for one in said(tmp_path, "AF334", rolled(step))] == expected


@pytest.mark.parametrize(
    ("selector", "argocd", "expected"),
    [
        ("matchLabels: {argocd.argoproj.io/kubernetes-version: '1.31'}", "3.5", 1),
        ("matchLabels: {argocd.argoproj.io/kubernetes-version: '1.31'}", "3.3", 0),
        ("matchLabels: {argocd.argoproj.io/kubernetes-version: v1.31.4}", "3.5", 0),
        ("matchLabels: {argocd.argoproj.io/kubernetes-version: '{{ .version }}'}", "3.5", 0),
        (
            "matchExpressions: [{key: argocd.argoproj.io/kubernetes-version, operator: In, values: ['1.30']}]",
            "3.5",
            1,
        ),
    ],
)
def test_versions_of_clusters(tmp_path: Path, selector: str, argocd: str, expected: int) -> None:
    """AF336: the label has another form since 3.4."""
    text = a_set(f"- clusters: {{selector: {{{selector}}}}}")
    assert len(said(tmp_path, "AF336", text, argocd)) == expected


@pytest.mark.parametrize(
    ("text", "go", "expected"),
    [
        ("{{ .path.basename }}-{{ .name }}", True, {("path", "basename"), ("name", "")}),
        ('{{ index .metadata.labels "a.b" }}', True, {("metadata", "labels")}),
        ("{{ .a | default .b.c }}", True, {("a", ""), ("b", "c")}),
        ('{{ get (fromYaml .values.x) ".y" }}', True, {("values", "x")}),
        ("{{ range .list }}{{ .x }}{{ end }}", True, None),
        ("{{ $.name }}", True, None),
        ("{{ toJson . }}", True, None),
        ("{{path[0]}}/{{ values.team }}", False, {("path", "0]"), ("values", "team")}),
        ("web", True, set()),
    ],
)
def test_parameters(text: str, go: bool, expected: set[tuple[str, str]] | None) -> None:
    """The parameters that a template names, as far as reading it tells."""
    found = parameters(text, go=go)
    assert found == (None if expected is None else {Parameter(*one) for one in expected})


REQUESTS = "- pullRequest: {{github: {{owner: o, repo: r{more}}}}}"


@pytest.mark.parametrize(
    ("generator", "automated", "expected"),
    [
        (REQUESTS.format(more=""), "{}", ["warning"]),
        (REQUESTS.format(more=", labels: [preview]"), "{}", []),
        (REQUESTS.format(more=""), "{enabled: false}", []),
        (REQUESTS.format(more=", labels: [a], api: 'http://git.example.com'"), "{}", ["error"]),
        ("- scmProvider: {azureDevOps: {organization: o, allBranches: true}}", "{}", ["warning"]),
        ("- scmProvider: {github: {organization: o}}", "{}", []),
        ("- pullRequest: {github: [o]}", "{}", []),
    ],
)
def test_untrusted_input(
    tmp_path: Path, generator: str, automated: str, expected: list[str]
) -> None:
    """AF510: what nobody approved."""
    text = a_set(generator, more=AUTOMATED.format(automated=automated))
    assert [one[0] for one in said(tmp_path, "AF510", text)] == expected
