"""References and rights of tenants where the examples of the rules do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.context import Context
from argoflux.lint.engine import lint
from argoflux.lint.select import select
from argoflux.workspace.read import read
from tests.unit.lint.test_references import obj

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = "{kind: %s, name: '%s', namespace: flux-system}"
LOCKED = obj("FluxInstance", "flux", "{cluster: {multitenant: true}}", "flux-system")
ALERT = obj("Alert", "all", f"{{eventSources: [{REFERENCE % ('Kustomization', '*')}]}}")
RECEIVER = obj("Receiver", "push", f"{{resources: [{REFERENCE % ('GitRepository', 'apps')}]}}")
RELEASE = obj("HelmRelease", "web", f"{{chartRef: {REFERENCE % ('OCIRepository', 'web')}}}")
REMOTE = obj("HelmRelease", "web", "{kubeConfig: {secretRef: {name: far}}}")
WITH_ACCOUNT = obj("HelmRelease", "db", "{serviceAccountName: apps}")


def told(folder: Path, code: str, text: str, profile: str = "recommended") -> list[tuple[str, str]]:
    """Severity and message of what one rule says in a profile."""
    (folder / "all.yaml").write_text(text)
    workspace = read([str(folder)], cwd=str(folder))
    context = Context(workspace=workspace, argocd="3.5", flux="2.9")
    result = lint(context, select(profile, chosen=[code]))
    return [(str(f.severity), f.message) for f in result.findings if f.code == code]


@pytest.mark.parametrize(
    ("code", "objects", "profile", "severity", "words"),
    [
        ("AF511", (LOCKED, ALERT), "recommended", "error", "events are thrown away"),
        ("AF511", (LOCKED, RECEIVER), "recommended", "error", "not notified"),
        ("AF511", (LOCKED, RELEASE), "recommended", "error", "OCIRepository in namespace `apps`"),
        ("AF511", (RELEASE, WITH_ACCOUNT), "recommended", "warning", "credentials of others"),
        ("AF511", (RELEASE,), "multi-tenant", "error", "would forbid"),
        ("AF512", (RELEASE,), "multi-tenant", "error", "cluster-admin"),
        ("AF512", (RELEASE, WITH_ACCOUNT), "recommended", "warning", "tenant namespace `apps`"),
    ],
)
def test_it_is_told(
    tmp_path: Path, code: str, objects: tuple[str, ...], profile: str, severity: str, words: str
) -> None:
    """One remark, as heavy as the evidence."""
    found = told(tmp_path, code, "---\n".join(objects), profile)
    assert [level for level, _ in found] == [severity]
    assert words in found[0][1]


@pytest.mark.parametrize(
    ("code", "objects"),
    [
        ("AF511", (RELEASE,)),
        ("AF511", (ALERT, RECEIVER)),
        ("AF512", (RELEASE,)),
        ("AF512", (REMOTE, WITH_ACCOUNT)),
    ],
)
def test_nothing_is_told(tmp_path: Path, code: str, objects: tuple[str, ...]) -> None:
    """Without a sign of tenants, and for other clusters, there is nothing to say."""
    assert told(tmp_path, code, "---\n".join(objects)) == []


PATCH = """\
resources: []
patches:
  - target: {kind: Deployment}
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/args/-
        value: --%s
"""


@pytest.mark.parametrize(
    ("code", "flag", "objects", "severities"),
    [
        ("AF511", "no-cross-namespace-refs=true", (RELEASE,), ["warning"]),
        ("AF512", "default-service-account=default", (RELEASE, WITH_ACCOUNT), []),
    ],
)
def test_a_flag_whose_controllers_are_not_at_hand(
    tmp_path: Path, code: str, flag: str, objects: tuple[str, ...], severities: list[str]
) -> None:
    """A patch of Deployments that bootstrap writes later is no proof, but a sign."""
    (tmp_path / "flux-system").mkdir()
    (tmp_path / "flux-system/kustomization.yaml").write_text(PATCH % flag)
    found = told(tmp_path, code, "---\n".join(objects))
    assert [severity for severity, _ in found] == severities
