"""Objects of the installation that the input holds already, and the keys that the output adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text
from tests.unit.argocd.estates import GIT, KUSTOMIZATION, flux_to_argocd

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.argocd.estates import Result

ALERT = """\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: slack, namespace: flux-system}
spec: {type: slack, channel: ops, secretRef: {name: bot}}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: ops, namespace: flux-system}
spec: {providerRef: {name: slack}, eventSources: [{kind: Kustomization, name: '*'}]}
---
"""
SETTINGS = """\
apiVersion: v1
kind: %s
metadata: {name: %s, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
data: %s
---
"""
CHECKED = """, healthCheckExprs: [{apiVersion: example.com/v1, kind: Thing, current: "status.phase == 'Ready'"}]"""
HEALTH = "resource.customizations.health.example.com_Thing"


def converted(folder: Path, *texts: str, spec: str = "") -> Result:
    return flux_to_argocd(
        folder, {"all.yaml": GIT + KUSTOMIZATION % spec + "".join(texts)}, sources=()
    )


def notifications(data: str) -> str:
    return SETTINGS % ("ConfigMap", "argocd-notifications-cm", data)


def subscriptions(result: Result) -> list[dict[str, Any]]:
    text = result.bodies("ConfigMap")["argocd-notifications-cm"]["data"]["subscriptions"]
    (document,) = load_text(SourceFile("subscriptions", text)).documents
    found: list[dict[str, Any]] = document.body
    return found


def test_a_part_says_where_it_belongs(tmp_path: Path) -> None:
    result = converted(tmp_path, ALERT)
    (part,) = [d for d in result.conversion.documents if d.path.startswith("settings/")]
    assert not part.listed
    assert "`service.slack`" in result.text("F2A-CM-001")
    assert result.codes.isdisjoint({"F2A-CM-002", "F2A-CM-003"})


def test_keys_that_the_object_lacks_are_named(tmp_path: Path) -> None:
    result = converted(tmp_path, ALERT, notifications("{service.email: 'host: x'}"))
    text = result.text("F2A-CM-002")
    assert "argocd-notifications-cm stands in all.yaml" in text
    assert "`service.slack`, `subscriptions`" in text
    assert "F2A-CM-001" not in result.codes


def test_a_service_that_is_there_keeps_its_key(tmp_path: Path) -> None:
    result = converted(tmp_path, ALERT, notifications("{service.slack: 'token: $other'}"))
    data = result.bodies("ConfigMap")["argocd-notifications-cm"]["data"]
    assert "service.slack" not in data
    assert "service.slack.slack" in data


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("""'[{recipients: ["email:a@example.com"], triggers: [on-x]}]'""", 1),
        ("'no list'", 0),
        ("'{'", 0),
    ],
    ids=["list", "text", "broken"],
)
def test_subscriptions_share_one_key(tmp_path: Path, stated: str, kept: int) -> None:
    result = converted(tmp_path, ALERT, notifications(f"{{subscriptions: {stated}}}"))
    found = subscriptions(result)
    assert len(found) == kept + 1
    assert found[-1]["recipients"] == ["slack:ops"]
    assert "`subscriptions`" in result.text("F2A-CM-003")


def test_values_of_secrets_are_not_compared(tmp_path: Path) -> None:
    name = "argocd-notifications-secret"
    secret = SETTINGS % ("Secret", name, "{slack-token: czNjcmV0, more: eA==}")
    result = converted(tmp_path, ALERT, secret)
    assert "F2A-CM-003" not in result.codes
    assert "s3cret" not in str(result.conversion.messages)


@pytest.mark.parametrize(
    ("stated", "code"),
    [("{other: x}", None), (f"{{{HEALTH}: 'return {{}}'}}", "F2A-KS-032")],
    ids=["absent", "another check"],
)
def test_a_health_check_that_is_there_stays(tmp_path: Path, stated: str, code: str | None) -> None:
    result = converted(tmp_path, SETTINGS % ("ConfigMap", "argocd-cm", stated), spec=CHECKED)
    path = "spec.healthCheckExprs[0].current"
    assert (result.verdict(path)[1] == "F2A-KS-032") is (code is not None)
    assert ("F2A-CM-002" in result.codes) is (code is None)
    assert ("argocd-cm" in result.bodies("ConfigMap")) is (code is None)


def test_an_empty_list_of_variables_is_no_variable(tmp_path: Path) -> None:
    result = converted(tmp_path, spec=", postBuild: {substitute: {}}")
    assert result.verdict("spec.postBuild.substitute") == ("equivalent", None)
    assert "F2A-SUB-009" not in result.codes
