"""Rules about single Flux objects, projects and Applications where their examples do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.samples import (
    APPLICATION_SET,
    GIT_REPOSITORY,
    HELM_RELEASE,
    HELM_REPOSITORY,
    KUSTOMIZATION,
    LIST_GENERATOR,
)
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path


def said(
    folder: Path, code: str, texts: str | dict[str, str], flux: str = "2.9"
) -> list[tuple[str, str]]:
    """Severity and place of what one rule says."""
    files = texts if isinstance(texts, dict) else {"example.yaml": texts}
    result = lint_texts(folder, files, code=code, flux=flux)
    assert not [f for f in result.findings if f.code == "AF901"]
    return [
        (f.severity.value, ".".join(map(str, f.place.path)))
        for f in result.findings
        if f.code == code
    ]


def parent(patch: str, kind: str) -> str:
    """A Kustomization of `apps` that patches every object of a kind, with its source."""
    head = GIT_REPOSITORY + "---\n" + KUSTOMIZATION.replace("./web", "./apps")
    head = head.replace("  targetNamespace: web\n", "")
    lines = "".join(f"        {line}\n" for line in patch.splitlines())
    return f"{head}  patches:\n    - target: {{kind: {kind}}}\n      patch: |\n{lines}"


OTHER_SOURCE = GIT_REPOSITORY.replace("name: apps", "name: other").replace(
    "git.example.com/apps", "git.example.com/other"
)
WITHOUT_REF = OTHER_SOURCE.replace("  ref: {tag: v1.2.3}\n", "")
REF_PATCH = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: all}
spec: {ref: {branch: main}}
"""
KEY_PATCH = REF_PATCH.replace("ref: {branch: main}", "secretRef: {name: key}")


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("", [("warning", "spec.url")]),
        ("  ref: {}\n", [("warning", "spec.url")]),
        ("  ref: [main]\n", [("warning", "spec.url")]),  # AF101 says that it is no map
        ("  ref: {branch: main}\n", []),
        ("  ref: {branch: '${BRANCH}'}\n", []),
        ("  ref: {commit: '${COMMIT}'}\n", []),
        ("  ref: {commit: 3b5c1d7}\n", [("error", "spec.ref.commit")]),
        ("  ref: {branch: main, commit: " + "a" * 40 + "}\n", []),
        ("  ref: {tag: v1, semver: 1.x}\n", [("warning", "spec.ref.semver")]),
        ("  ref: {name: refs/heads/main, tag: v1}\n", [("warning", "spec.ref.tag")]),
        ("  ref: {semver: newest}\n", [("error", "spec.ref.semver")]),
        ("  ref: {branch: HEAD}\n", [("error", "spec.ref.branch")]),
    ],
)
def test_references(tmp_path: Path, ref: str, expected: list[tuple[str, str]]) -> None:
    """AF401: what is checked out."""
    assert said(tmp_path, "AF401", WITHOUT_REF + ref) == expected


@pytest.mark.parametrize(
    ("code", "source", "patch"),
    [
        ("AF401", WITHOUT_REF, REF_PATCH),
        ("AF402", OTHER_SOURCE.replace("https://", "ssh://git@"), KEY_PATCH),
    ],
)
def test_what_a_parent_adds_to_sources(tmp_path: Path, code: str, source: str, patch: str) -> None:
    """A source is judged as it arrives, not as it is written."""
    folder = "resources:\n  - source.yaml\n"
    files = {"apps/kustomization.yaml": folder, "apps/source.yaml": source}
    alone = {**files, "flux.yaml": parent(REF_PATCH, "Bucket")}
    assert len(said(tmp_path / "alone", code, alone)) == 1
    patched = {**files, "flux.yaml": parent(patch, "GitRepository")}
    assert said(tmp_path / "patched", code, patched) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("git@github.com:example/apps.git", 1),
        ("github.com:example/apps.git", 1),
        ("ssh://git@git.example.com:example/apps.git", 1),
        ("git://git.example.com/apps.git", 1),
        ("'${URL}'", 0),
        ("'ssh://git@${HOST}/apps.git'", 0),
        ("https://git.example.com:8443/apps.git", 0),
        ("[https://git.example.com/apps.git]", 0),
    ],
)
def test_addresses(tmp_path: Path, url: str, expected: int) -> None:
    """AF402: addresses that Flux does not read."""
    text = OTHER_SOURCE.replace("https://git.example.com/other.git", url)
    assert len(said(tmp_path, "AF402", text)) == expected


@pytest.mark.parametrize(
    ("more", "url", "expected"),
    [
        ("", "oci://registry.example.com/charts", ["error"]),
        ("  type: default\n", "oci://registry.example.com/charts", ["error"]),
        ("  type: oci\n", "https://charts.example.com", ["error"]),
        ("  type: '${TYPE}'\n", "https://charts.example.com", []),
        ("  type: oci\n  passCredentials: true\n", "oci://r.example.com/c", ["info", "info"]),
        ("  provider: aws\n", "https://charts.example.com", ["warning"]),
        ("  insecure: true\n", "https://charts.example.com", ["warning"]),
        ("  insecure: false\n", "https://charts.example.com", []),
    ],
)
def test_helm_repositories(tmp_path: Path, more: str, url: str, expected: list[str]) -> None:
    """AF403: type, address, and what has no effect."""
    text = HELM_REPOSITORY.replace("https://charts.example.com", url) + more
    assert [severity for severity, _ in said(tmp_path, "AF403", text)] == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("  wait: true\n", []),
        ("  wait: true\n  timeout: 30s\n", ["spec.timeout"]),
        ("  timeout: 30s\n", []),
        ("  retryInterval: 20m\n", ["spec.retryInterval"]),
        ("  timeout: '${TIMEOUT}'\n  wait: true\n", []),
    ],
)
def test_durations(tmp_path: Path, more: str, expected: list[str]) -> None:
    """AF412: relations between durations of 10 minutes and others."""
    assert [place for _, place in said(tmp_path, "AF412", KUSTOMIZATION + more)] == expected


@pytest.mark.parametrize(
    ("interval", "more", "expected"),
    [
        ("1m", "  wait: true\n", ["spec.wait"]),
        ("1m", "  wait: true\n  timeout: 5m\n", ["spec.timeout"]),  # longer than the interval
        ("1m", "", []),
        ("90s", "  wait: true\n", []),
        ("1h", "", ["spec.interval"]),
        ("1h", "  retryInterval: 2m\n", []),
        ("'${INTERVAL}'", "  wait: true\n", []),
    ],
)
def test_intervals(tmp_path: Path, interval: str, more: str, expected: list[str]) -> None:
    """AF412: what follows from the interval alone."""
    text = KUSTOMIZATION.replace("interval: 10m", f"interval: {interval}") + more
    assert [place for _, place in said(tmp_path, "AF412", text)] == expected


IMAGE = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {{name: web, namespace: flux-system}}
spec: {{image: {image}, interval: 40s}}
"""


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx", 1),
        ("example/web", 1),
        ("docker.io/example/web", 1),
        ("ghcr.io/example/web", 0),
        ("localhost:5000/web", 0),
        ("localhost/web", 0),
        ("'${REGISTRY}/web'", 0),
    ],
)
def test_registries(tmp_path: Path, image: str, expected: int) -> None:
    """AF701: Docker Hub limits more than others do; a registry that is filled in may be any."""
    assert len(said(tmp_path, "AF701", IMAGE.format(image=image))) == expected


def test_an_interval_without_effect(tmp_path: Path) -> None:
    """AF701 leaves to AF403 what registries do not read."""
    text = HELM_REPOSITORY.replace("1h", "5s")
    assert len(said(tmp_path / "index", "AF701", text)) == 1
    oci = text.replace("https://charts.example.com", "oci://r.example.com/c") + "  type: oci\n"
    assert said(tmp_path / "oci", "AF701", oci) == []


CHART_IN_GIT = HELM_RELEASE.replace(
    "{kind: HelmRepository, name: charts}", "{kind: GitRepository, name: apps}"
).replace("      version: 1.2.3\n", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HELM_RELEASE, []),
        (CHART_IN_GIT, ["spec.chart.spec.chart"]),
        (CHART_IN_GIT + "      reconcileStrategy: Revision\n", []),
        (CHART_IN_GIT + "      reconcileStrategy: Revision\n      version: '*'\n", []),
        (
            CHART_IN_GIT + "      reconcileStrategy: Revision\n      version: 1.x\n",
            ["spec.chart.spec.version"],
        ),
    ],
)
def test_charts_in_git(tmp_path: Path, text: str, expected: list[str]) -> None:
    """AF405: what makes a new release."""
    assert [place for _, place in said(tmp_path, "AF405", text)] == expected


PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: {name}, namespace: argocd}}
spec:
{spec}
"""


def project(spec: str, name: str = "shop") -> str:
    """A project."""
    return PROJECT.format(name=name, spec="".join(f"  {line}\n" for line in spec.splitlines()))


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("sourceRepos: ['*']", ["spec.sourceRepos.0"]),
        ("sourceRepos: ['!https://git.example.com/a']", ["spec.sourceRepos.0"]),
        ("sourceRepos: ['*', '!https://git.example.com/a']", ["spec.sourceRepos.0"]),
        ("sourceRepos: ['https://github.com/example/*']", []),
        ("sourceRepos: '*'", []),
        ("sourceRepos: [{a: b}]", []),
        (
            "destinations: [{name: prod, namespace: shop}, {name: prod, namespace: '!x'}]",
            ["spec.destinations.1.namespace"],
        ),
        (
            "destinations: [{server: '*', namespace: '*'}, {server: '*', namespace: '!x'}]",
            ["spec.destinations.0"],
        ),
        ("destinations: [{server: '*', namespace: shop}]", []),
        ("destinations: {server: '*', namespace: '*'}", []),
        (
            "clusterResourceWhitelist: [{group: '*', kind: '*'}]",
            ["spec.clusterResourceWhitelist.0"],
        ),
        ("clusterResourceWhitelist: [{group: '*', kind: Namespace}]", []),
        ("sourceNamespaces: ['*']", ["spec.sourceNamespaces.0"]),
    ],
)
def test_wildcards(tmp_path: Path, spec: str, expected: list[str]) -> None:
    """AF506: entries that allow everything, `!` among them."""
    assert [place for _, place in said(tmp_path, "AF506", project(spec))] == expected


LOCAL = "server: https://kubernetes.default.svc, namespace: "


@pytest.mark.parametrize(
    ("spec", "name", "expected"),
    [
        (f"destinations: [{{{LOCAL}'*'}}]", "shop", ["error"]),
        (f"destinations: [{{{LOCAL}'arg*'}}]", "shop", ["error"]),
        (f"destinations: [{{{LOCAL}argocd}}]", "shop", ["warning"]),
        (f"destinations: [{{{LOCAL}flux-system}}]", "shop", []),  # no Flux in sight
        (f"destinations: [{{{LOCAL}'*'}}]", "platform", []),
        (f"destinations: [{{{LOCAL}'*'}}]", "default", []),
        ("destinations: [{name: prod, namespace: '*'}]", "shop", []),
        ("destinations: [{name: in-cluster}]", "shop", []),
        (f"destinations: [{{{LOCAL}'[a'}}]", "shop", []),
        ("sourceNamespaces: [argocd]", "shop", ["error"]),
        ("sourceNamespaces: [team-shop]", "shop", []),
    ],
)
def test_control_planes(tmp_path: Path, spec: str, name: str, expected: list[str]) -> None:
    """AF507: by a wildcard is worse than on purpose."""
    found = said(tmp_path, "AF507", project(spec, name))
    assert [severity for severity, _ in found] == expected


def test_the_namespace_of_flux(tmp_path: Path) -> None:
    """AF507 speaks about Flux where the input does."""
    spec = f"destinations: [{{{LOCAL}flux-system}}]"
    files = {"project.yaml": project(spec), "flux.yaml": GIT_REPOSITORY}
    assert [severity for severity, _ in said(tmp_path, "AF507", files)] == ["warning"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("policies: ['p, proj:shop:r, applications, sync, shop/*, allow']", []),
        ("policies: ['p, proj:shop:r, applications, delete, shop/*, allow']", ["warning"]),
        ("policies: ['p, proj:shop:r, applications, delete, shop/preview, allow']", []),
        ("policies: ['p, proj:shop:r, applications, override, shop/*, allow']", ["warning"]),
        ("policies: ['p, proj:shop:r, *, *, shop/*, allow']", ["warning"]),
        ("policies: ['p, proj:shop:r, exec, create, shop/*, allow']", ["warning"]),
        ("policies: ['p, proj:shop:r, applications, *, shop/*, deny']", []),
        ("policies: ['not a policy', 7]", []),
        ("jwtTokens: [{iat: 1700000000}]", ["warning"]),
        ("jwtTokens: [{iat: 1700000000, exp: 1800000000}]", []),
    ],
)
def test_roles(tmp_path: Path, role: str, expected: list[str]) -> None:
    """AF508: what is more than a pipeline needs."""
    spec = f"roles:\n  - name: r\n    groups: [team]\n    {role}"
    assert [one[0] for one in said(tmp_path, "AF508", project(spec))] == expected


APPS = APPLICATION_SET.replace("<generator>", LIST_GENERATOR)


@pytest.mark.parametrize(
    ("name", "projects", "expected"),
    [
        ("default", "", 1),
        ("", "", 1),
        ("null", "", 1),
        ("shop", "", 0),
        ("'{{ .name }}'", "", 0),
        ("default", project("sourceRepos: []", "default"), 0),
        ("default", project("sourceRepos: ['**']", "default"), 1),
        ("default", project("", "default").replace("spec:\n", "spec: null\n"), 0),
        ("default", project("sourceRepos: '*'", "default"), 0),
    ],
)
def test_default_projects(tmp_path: Path, name: str, projects: str, expected: int) -> None:
    """AF505 tells a set once, whatever it makes; a project that allows nothing is no risk."""
    text = APPS.replace("project: shop", f"project: {name}")
    files = {"set.yaml": text} | ({"project.yaml": projects} if projects else {})
    assert len(said(tmp_path, "AF505", files)) == expected


def test_a_project_from_a_patch(tmp_path: Path) -> None:
    """AF505 does not judge what `templatePatch` may state."""
    text = APPLICATION_SET.replace("<generator>", "- clusters: {}")
    text = text.replace("project: shop", "project: default")
    assert len(said(tmp_path / "without", "AF505", text)) == 1
    patch = "  templatePatch: |\n    spec: {project: '{{ .metadata.labels.team }}'}\n"
    assert said(tmp_path / "with", "AF505", text + patch) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ci:example-password@git.example.com/a.git", 1),
        ("https://" + "ghp" + "_" + "a" * 36 + "@github.com/example/a.git", 1),
        ("https://git.example.com/a.git?private_token=0123456789", 1),
        ("https://oauth2:${TOKEN}@git.example.com/a.git", 0),
        ("https://example@dev.azure.com/example/_git/a", 0),
        ("ssh://git@git.example.com/a.git", 0),
        ("https://git.example.com/a.git?ref=main", 0),
    ],
)
def test_credentials(tmp_path: Path, url: str, expected: int) -> None:
    """AF503 knows credentials from user names and placeholders."""
    text = OTHER_SOURCE.replace("https://git.example.com/other.git", f"'{url}'")
    assert len(said(tmp_path, "AF503", text)) == expected
