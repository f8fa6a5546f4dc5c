"""Rules about Applications where examples of one object do not reach."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.finding import Finding

SPEC = """\
project: shop
source:
  repoURL: https://git.example.com/apps.git
  path: web
destination:
  server: https://kubernetes.default.svc
  namespace: web
"""
HEAD = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
"""
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: shops
  namespace: argocd
spec:
  generators:
    - list:
        elements:
          - name: north
            server: https://kubernetes.default
            option: createNamespace=true
          - name: south
            server: https://kubernetes.default.svc
            option: CreateNamespace=true
  template:
    metadata:
      name: "shop-{{name}}"
    spec:
"""


def application(more: str = "", name: str = "web", spec: str = SPEC) -> str:
    """One Application with more in its spec."""
    return HEAD.format(name=name) + indent(spec + more, "  ")


def made(more: str = "", spec: str = SPEC) -> str:
    """An ApplicationSet of two Applications."""
    return SET + indent(spec + more, "      ")


def told(
    folder: Path, code: str, files: str | dict[str, str], argocd: str = "3.5"
) -> list[Finding]:
    """What one rule says."""
    texts = files if isinstance(files, dict) else {"app.yaml": files}
    result = lint_texts(folder, texts, code=code, argocd=argocd)
    assert not [f for f in result.findings if f.code == "AF901"]
    return [f for f in result.findings if f.code == code]


def test_a_parameter_is_not_edited(tmp_path: Path) -> None:
    """What a generator fills in is told at the template, and nothing there is rewritten."""
    spec = SPEC.replace("https://kubernetes.default.svc", "'{{server}}'")
    found = told(tmp_path / "server", "AF303", made(spec=spec))
    assert [f.fix for f in found] == [None]
    option = "syncPolicy:\n  syncOptions:\n    - '{{option}}'\n"
    found = told(tmp_path / "option", "AF304", made(option))
    assert [f.fix for f in found] == [None]
    assert "`createNamespace=true`" in found[0].message


def test_a_parameter_that_comes_to_nothing_is_not_missing(tmp_path: Path) -> None:
    """Values of generators are often those of a cluster that is not at hand."""
    spec = SPEC.replace("https://kubernetes.default.svc", "'{{address}}'")
    spec = spec.replace("namespace: web", "namespace: '{{space}}'").replace(
        "path: web", "path: '{{path}}'"
    )
    text = made(spec=spec).replace(
        "- name: north",
        '- address: ""\n            space: ""\n            path: ""\n            name: north',
    )
    for code in ("AF302", "AF303", "AF306"):
        assert told(tmp_path / code, code, text) == []
    assert (
        len(
            told(
                tmp_path / "no",
                "AF303",
                application(spec=SPEC.replace("  server: https://kubernetes.default.svc\n", "")),
            )
        )
        == 1
    )


def test_a_template_is_edited_once(tmp_path: Path) -> None:
    """What two Applications of a set share is one finding with an edit of the template."""
    option = "syncPolicy:\n  syncOptions:\n    - createNamespace=true\n"
    found = told(tmp_path, "AF304", made(option))
    assert len(found) == 1
    assert found[0].fix is not None


def test_items_that_are_no_options_do_not_shift_the_others(tmp_path: Path) -> None:
    """The place of an option counts every item of the list."""
    policy = "syncPolicy:\n  syncOptions:\n    - Prune: true\n    - prunelast=true\n"
    found = told(tmp_path, "AF304", application(policy))
    assert [f.place.path[-1] for f in found] == [0, 1]
    assert all(f.fix is not None for f in found)


def test_two_applications_and_one_namespace(tmp_path: Path) -> None:
    """Each of two that give one namespace different labels is told about the other."""
    policy = (
        "syncPolicy:\n  syncOptions: [CreateNamespace=true]\n"
        "  managedNamespaceMetadata:\n    labels:\n      team: {}\n"
    )
    texts = {
        "one.yaml": application(policy.format("shop"), "one"),
        "two.yaml": application(policy.format("data"), "two"),
        "three.yaml": application(
            policy.format("else"), "three", SPEC.replace("namespace: web", "namespace: three")
        ),
    }
    found = told(tmp_path, "AF306", texts)
    assert [f.place.source.name.rpartition("/")[2] for f in found] == ["one.yaml", "two.yaml"]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("kind: Ingress", "Ingress needs `group: networking.k8s.io`"),
        ("kind: ingresses", "write `kind: Ingress`"),
        ("{group: v1, kind: Secret}", "in the core group"),
        ("{group: apps, kind: ConfigMap}", "in the core group"),
        (
            "{group: cert-manager.io/v1, kind: Certificate}",
            "Certificate needs `group: cert-manager.io`",
        ),
        ("{group: '*', kind: Deployment}", ""),
        ("{group: 'app*', kind: Deployment}", ""),
        ("{kind: '*'}", ""),
        ("{kind: Event}", ""),
        ("{group: events.k8s.io, kind: Event}", ""),
        ("{group: example.com, kind: Deployment}", ""),
        ("{group: example.com, kind: widgets}", ""),
    ],
)
def test_what_an_entry_can_match(tmp_path: Path, entry: str, reason: str) -> None:
    """Built-in kinds have one group; what others define is not judged."""
    body = entry.strip("{}").replace(", ", "\n    ")
    more = f"ignoreDifferences:\n  - {body}\n    jsonPointers: [/spec]\n"
    found = told(tmp_path, "AF307", application(more))
    assert [reason in f.message for f in found] == ([True] if reason else [])


def test_a_set_leaves_differences_to_others(tmp_path: Path) -> None:
    """`ignoreApplicationDifferences` is read like the entries of Applications, names apart."""
    entries = (
        "  ignoreApplicationDifferences:\n"
        "    - name: shop-*\n      jsonPointers: [spec/source]\n"
        "    - jqPathExpressions: ['.spec.source[']\n"
    )
    text = made().replace("  generators:", entries + "  generators:")
    found = told(tmp_path, "AF308", text)
    assert ["begins with `/`" in found[0].message, "open" in found[1].message] == [True, True]
    assert len(found) == 2


def test_expressions_against_manifests(tmp_path: Path) -> None:
    """A jq path is followed through the manifests; a filter stays unknown, and is no replica."""
    more = "ignoreDifferences:\n  - group: batch\n    kind: Job\n    jqPathExpressions:\n      - {}\nsyncPolicy:\n  automated: {{}}\n"
    job = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: run\nspec:\n  parallelism: 2\n"
    texts = {"app.yaml": application(more.format(".spec.parallelism")), "web/job.yaml": job}
    assert [str(f.severity) for f in told(tmp_path / "a", "AF309", texts)] == ["warning"]
    texts["app.yaml"] = application(more.format(".spec.completions"))
    assert told(tmp_path / "b", "AF309", texts) == []
    texts["app.yaml"] = application(more.format("'.spec | select(.parallelism > 1)'"))
    assert told(tmp_path / "c", "AF309", texts) == []


@pytest.mark.parametrize(
    ("paths", "count"),
    [
        ("jqPathExpressions: [.]", 1),
        ("jqPathExpressions: [.spec?]", 1),
        ("jqPathExpressions: [.spec.replicas]", 0),
        ("jsonPointers: [/metadata, /data, /spec/template]", 2),
        ("managedFieldsManagers: [kube-controller-manager]", 0),
        ("managedFieldsManagers: ['*', kubectl-edit]", 2),
    ],
)
def test_what_is_too_broad(tmp_path: Path, paths: str, count: int) -> None:
    """Sections and managers that stand for everyone are told, fields are not."""
    more = f"ignoreDifferences:\n  - group: apps\n    kind: Deployment\n    {paths}\n"
    assert len(told(tmp_path, "AF310", application(more))) == count


def test_a_folder_that_somebody_else_reads_whole(tmp_path: Path) -> None:
    """Another Application with the same path may read all of it: nothing is told."""
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
    texts = {
        "one.yaml": application(name="one"),
        "web/top.yaml": config,
        "web/below/deep.yaml": config,
    }
    assert len(told(tmp_path / "one", "AF316", texts)) == 1
    texts["two.yaml"] = application("", "two")
    assert told(tmp_path / "two", "AF316", texts) == []


@pytest.mark.parametrize(
    "below",
    [
        {"web/below/kustomization.yaml": "resources: [deep.yaml]\n"},
        {"web/below/Chart.yaml": "apiVersion: v2\nname: x\nversion: 1.0.0\n"},
        {"web/below/deep.yaml": "colour: blue\n"},
    ],
)
def test_what_below_is_not_for_the_folder(tmp_path: Path, below: dict[str, str]) -> None:
    """Kustomizations, charts and files without objects are not missing."""
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
    texts = {"app.yaml": application(), "web/top.yaml": config, "web/below/deep.yaml": config}
    assert told(tmp_path, "AF316", {**texts, **below}) == []


def test_patterns_choose_plain_files_on_purpose(tmp_path: Path) -> None:
    """With patterns the folder of a chart is read as plain manifests because somebody wants that."""
    chart = {"web/Chart.yaml": "apiVersion: v2\nname: x\nversion: 1.0.0\n"}
    spec = SPEC.replace("path: web", "path: web\n  directory:\n    include: crds/*.yaml")
    assert told(tmp_path / "a", "AF317", {"app.yaml": application(spec=spec), **chart}) == []
    spec = SPEC.replace("path: web", "path: web\n  directory:\n    recurse: true")
    assert len(told(tmp_path / "b", "AF317", {"app.yaml": application(spec=spec), **chart})) == 1


RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: cache
  namespace: shop
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: redis
  values: {values}
  valuesFrom: [{references}]
"""


@pytest.mark.parametrize(
    ("values", "targets", "said"),
    [
        ("{replicas: 1}", ("replicas",), ["wins over this reference"]),
        ("{image: {tag: b}}", ("image.tag",), ["this reference replaces"]),
        ("{image: {tag: b}}", ("image.repo", "image.tag"), ["wins over this reference"]),
        ("{image: {tag: b}}", ("", "image.tag"), []),
        ("{replicas: 1}", ("", "replicas"), ["wins over this reference"]),
        ("{image: {repo: r}}", ("image.tag",), []),
        ("{image: {tag: b}}", ("image..tag[",), []),
    ],
)
def test_who_wins_in_a_release(
    tmp_path: Path, values: str, targets: tuple[str, ...], said: list[str]
) -> None:
    """helm-controller merges inline values first and last: shared maps decide."""
    references = ", ".join(
        f"{{kind: Secret, name: s{n}" + (f", valuesKey: k, targetPath: '{t}'}}" if t else "}")
        for n, t in enumerate(targets)
    )
    text = RELEASE.format(values=values, references=references)
    found = told(tmp_path, "AF318", text)
    assert [part in f.message for f, part in zip(found, said, strict=True)] == [True] * len(said)


def test_values_of_parameters_are_not_shown(tmp_path: Path) -> None:
    """A parameter may hold a password: its name is enough."""
    spec = SPEC.replace(
        "path: web",
        "path: web\n  helm:\n    valuesObject: {password: hunter2}\n"
        "    parameters:\n      - name: password\n        value: swordfish",
    )
    found = told(tmp_path, "AF318", application(spec=spec))
    assert len(found) == 1
    assert "hunter2" not in found[0].message
    assert "swordfish" not in found[0].message


def test_a_copy_of_the_repository_is_proof(tmp_path: Path) -> None:
    """Where the files are those of the repository, nothing applied and the wrong tool are errors."""
    origin = {
        ".git/config": '[remote "origin"]\n\turl = https://git.example.com/apps.git\n',
        ".git/HEAD": "ref: refs/heads/main\n",
    }
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
    texts = {"app.yaml": application(), "web/below/deep.yaml": config}
    (unproved,) = told(tmp_path / "a", "AF316", texts)
    (proved,) = told(tmp_path / "b", "AF316", {**texts, **origin})
    assert (str(unproved.severity), str(proved.severity)) == ("warning", "error")
    spec = SPEC.replace("path: web", "path: web\n  helm:\n    releaseName: web")
    texts = {"app.yaml": application(spec=spec), "web/top.yaml": config}
    (unproved,) = told(tmp_path / "c", "AF317", texts)
    (proved,) = told(tmp_path / "d", "AF317", {**texts, **origin})
    assert (str(unproved.severity), str(proved.severity)) == ("warning", "error")
