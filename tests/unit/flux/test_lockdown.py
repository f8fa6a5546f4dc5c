"""The lockdown of tenants: whose account is used, and which references are cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

URL = "https://git.example.com/acme/fleet.git"
SERVER = "https://kubernetes.default.svc"


def _git(name: str, namespace: str) -> str:
    return f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{interval: 1m, url: "{URL}", ref: {{branch: main}}}}
---
"""


def _applier(
    name: str, namespace: str, path: str, more: str = "", source: str = "name: fleet"
) -> str:
    return f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{interval: 10m, prune: true, path: ./{path}, sourceRef: {{kind: GitRepository, {source}}}{more}}}
---
"""


def _controller(name: str, component: str = "") -> str:
    label = f", app.kubernetes.io/component: {component}" if component else ""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: flux-system, labels: {{app.kubernetes.io/part-of: flux{label}}}}}
spec: {{template: {{spec: {{containers: [{{name: manager, args: [--log-level=info]}}]}}}}}}
---
"""


def _patched(*flags: str, target: str = "(kustomize|helm)-controller.*") -> str:
    added = "".join(
        f"\n      - {{op: add, path: /spec/template/spec/containers/0/args/-, value: --{flag}}}"
        for flag in flags
    )
    patch = f"patches:\n  - target: {{kind: Deployment, name: {target}}}\n    patch: |{added}\n"
    return "resources: [gotk-components.yaml, gotk-sync.yaml]\n" + (patch if flags else "")


def _estate(tenant: str, kustomization: str) -> dict[str, str]:
    return {
        "cluster/flux-system/gotk-sync.yaml": _git("flux-system", "flux-system")
        + _applier("flux-system", "flux-system", "cluster", source="name: flux-system"),
        "cluster/flux-system/gotk-components.yaml": _controller("kustomize-controller")
        + _controller("helm-two", "helm-controller"),
        "cluster/flux-system/kustomization.yaml": kustomization,
        "cluster/tenant.yaml": _git("fleet", "blue") + tenant,
        "app/all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: web}\n",
    }


def _convert(folder: Path, files: dict[str, str], **more: Any) -> Conversion:
    return convert_texts(folder, files, "argocd", sources=(f"{URL}=.",), **more)[1]


def _bodies(result: Conversion, kind: str) -> dict[str, Any]:
    assert result.findings == ()
    bodies: list[Any] = [d.body for d in result.documents]
    return {body["metadata"]["name"]: body for body in bodies if body["kind"] == kind}


def _texts(result: Conversion, code: str) -> list[str]:
    texts = [m.text for m in result.messages if m.code == code]
    assert not any("…" in text for text in texts)
    return texts


BLUE = _applier("shop", "blue", "app", source="name: fleet")
DEFAULT = "default-service-account=tenant"
HELM = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: blue}
spec: {interval: 10m, chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: fleet}}}}
---
"""


def _account(namespace: str, account: str = "blue:tenant") -> dict[str, str]:
    return {"server": SERVER, "namespace": namespace, "defaultServiceAccount": account}


def test_an_app_without_an_account_gets_that_of_the_flag(tmp_path: Path) -> None:
    """Any other destination of the project gets the account, too."""
    result = _convert(tmp_path, _estate(BLUE, _patched(DEFAULT)))
    spec = _bodies(result, "AppProject")["blue"]["spec"]
    assert spec["destinationServiceAccounts"] == [_account("web"), _account("*")]
    assert spec["destinations"] == [{"server": SERVER, "namespace": "web"}]
    assert _bodies(result, "Application")["shop"]["spec"]["project"] == "blue"
    (text,) = _texts(result, "F2A-TEN-006")
    assert "namespace blue applied as its service account tenant: project blue" in text
    assert _bodies(result, "ConfigMap")["argocd-cm"]["data"] == {
        "application.sync.impersonation.enabled": "true",
        "application.sync.impersonation.enforced": "false",
    }


def test_an_account_of_its_own_wins(tmp_path: Path) -> None:
    own = _applier("own", "blue", "app", ", serviceAccountName: mine", source="name: fleet")
    projects = _bodies(_convert(tmp_path, _estate(BLUE + own, _patched(DEFAULT))), "AppProject")
    assert set(projects) == {"blue-mine", "blue-tenant"}
    spec = projects["blue-mine"]["spec"]
    assert spec["destinationServiceAccounts"] == [_account("web", "blue:mine")]


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("kustomize-controller", {"shop"}),
        ("helm-.*", {"web"}),
        (".*", {"shop", "web"}),
    ],
)
def test_each_controller_has_its_own_flag(target: str, names: set[str], tmp_path: Path) -> None:
    """A shard of a controller is known by its label."""
    files = _estate(BLUE + HELM, _patched(DEFAULT, target=target))
    files["chart/Chart.yaml"] = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
    apps = _bodies(_convert(tmp_path, files), "Application")
    assert {name for name, app in apps.items() if app["spec"]["project"] == "blue"} == names


def test_the_last_flag_counts(tmp_path: Path) -> None:
    files = _estate(BLUE, _patched(DEFAULT, "default-service-account=other"))
    spec = _bodies(_convert(tmp_path, files), "AppProject")["blue"]["spec"]
    accounts = {entry["defaultServiceAccount"] for entry in spec["destinationServiceAccounts"]}
    assert accounts == {"blue:other"}


def test_without_the_flag_nothing_is_confined(tmp_path: Path) -> None:
    result = _convert(tmp_path, _estate(BLUE, _patched()))
    assert _bodies(result, "AppProject") == {}
    assert _texts(result, "F2A-TEN-006") == []


def test_an_old_argo_cd_names_no_accounts(tmp_path: Path) -> None:
    result = _convert(tmp_path, _estate(BLUE, _patched(DEFAULT)), argocd="2.12")
    (text,) = _texts(result, "F2A-TEN-005")
    assert "Kustomization/blue/shop is applied as service account tenant" in text
    assert "since Argo CD 2.13" in text


def _instance(tenancy: str) -> str:
    return f"""\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {{name: flux, namespace: flux-system}}
spec:
  distribution: {{version: 2.x, registry: ghcr.io/fluxcd}}
  cluster: {{{tenancy}}}
---
"""


@pytest.mark.parametrize(
    ("tenancy", "account"),
    [
        ("multitenant: true", "blue:default"),
        ("multitenant: true, tenantDefaultServiceAccount: tenant", "blue:tenant"),
        ("multitenant: false, tenantDefaultServiceAccount: tenant", None),
    ],
)
def test_flux_operator_sets_the_same_flags(
    tenancy: str, account: str | None, tmp_path: Path
) -> None:
    texts = {"all.yaml": _instance(tenancy) + _git("fleet", "blue") + BLUE}
    projects = _bodies(_convert(tmp_path, texts), "AppProject")
    found = [p["spec"]["destinationServiceAccounts"] for p in projects.values()]
    assert found == ([[_account("*", account)]] if account else [])


FAR = "name: flux-system, namespace: flux-system"
POLICY = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: api, namespace: blue}
spec: {imageRepositoryRef: {name: api, namespace: images}, policy: {semver: {range: 1.x}}}
---
"""
AUTOMATION = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {name: tags, namespace: blue}
spec: {interval: 5m, sourceRef: {kind: GitRepository, name: fleet, namespace: flux-system}, git: {commit: {author: {email: a@b.c}}}}
---
"""
GENERATOR = """\
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: cut, namespace: blue}
spec: {sources: [{alias: a, kind: GitRepository, name: fleet, namespace: flux-system}], artifacts: [{name: cut, copy: [{from: '@a/app/**', to: '@artifact/'}]}]}
---
"""
FAR_RELEASE = HELM.replace("name: fleet", FAR)
FAR_CHART = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: blue}
spec: {interval: 10m, chartRef: {kind: OCIRepository, name: web, namespace: charts}}
---
"""
CUT = [
    (_applier("shop", "blue", "app", source=FAR), "GitRepository/flux-system/flux-system"),
    (FAR_RELEASE, "GitRepository/flux-system/flux-system"),
    (FAR_CHART, "OCIRepository/charts/web"),
    (POLICY, "ImageRepository/images/api"),
    (AUTOMATION, "GitRepository/flux-system/fleet"),
    (GENERATOR, "GitRepository/flux-system/fleet"),
]


@pytest.mark.parametrize(
    ("tenant", "reference"),
    CUT,
    ids=[text.split()[3].strip("{,") + str(n) for n, (text, _) in enumerate(CUT)],
)
def test_references_to_other_namespaces_are_refused(
    tenant: str, reference: str, tmp_path: Path
) -> None:
    components = "".join(
        _controller(name)
        for name in ("image-reflector-controller", "image-automation-controller", "source-watcher")
    )
    files = _estate(tenant, _patched("no-cross-namespace-refs=true", target=".*"))
    files["cluster/flux-system/gotk-components.yaml"] += components
    result = _convert(tmp_path, files)
    (text,) = _texts(result, "F2A-TEN-003")
    assert f"refers to {reference} in another namespace" in text
    assert {"shop", "web"} & set(_bodies(result, "Application")) == set()


@pytest.mark.parametrize(
    ("flags", "source"),
    [
        ((), FAR),
        (("no-cross-namespace-refs=false",), FAR),
        (("no-cross-namespace-refs=true",), "name: fleet, namespace: blue"),
        (("no-cross-namespace-refs",), "name: fleet"),
    ],
)
def test_other_references_stand(flags: tuple[str, ...], source: str, tmp_path: Path) -> None:
    files = _estate(_applier("shop", "blue", "app", source=source), _patched(*flags))
    result = _convert(tmp_path, files)
    assert _texts(result, "F2A-TEN-003") == []
    assert "shop" in _bodies(result, "Application")
