"""Settings of an installation reach the appliers that they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.mapping.settings_cases import (
    DEPLOYMENT,
    application,
    applier,
    config_map,
    convert,
    leaf,
    said,
)

if TYPE_CHECKING:
    from pathlib import Path

C = "resource.customizations"
RULE = f"{C}.ignoreDifferences.apps_Deployment"
REPLICAS = "jsonPointers:\n- /spec/replicas\n"
SEALED = "---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\n"
THING = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n"
WRITTEN = [{"paths": ["/spec/replicas"], "target": {"group": "apps", "kind": "Deployment"}}]


# --- ignored differences


def test_a_rule_is_copied_to_the_apps_that_render_the_kind(tmp_path: Path) -> None:
    result = convert(tmp_path, {RULE: REPLICAS})
    assert applier(result)["ignore"] == WRITTEN
    entry = leaf(result, RULE)
    assert (str(entry.verdict), entry.code) == ("equivalent", "A2F-IGN-006")
    assert [target.path for target in entry.targets] == ["spec.ignore[0]"]
    assert "Kustomization/flux-system/shop" in said(result, "A2F-IGN-006")


def test_a_rule_for_a_kind_that_nobody_renders_is_dropped(tmp_path: Path) -> None:
    result = convert(tmp_path, {f"{C}.ignoreDifferences.batch_Job": REPLICAS})
    assert "ignore" not in applier(result)
    assert leaf(result, f"{C}.ignoreDifferences.batch_Job").code is None


def test_an_app_whose_objects_are_not_known_gets_every_rule(tmp_path: Path) -> None:
    result = convert(tmp_path, {RULE: REPLICAS}, None)
    assert applier(result)["ignore"] == WRITTEN
    assert "cannot be seen" in said(result, "A2F-IGN-006")


def test_a_rule_that_the_app_has_itself_is_written_once(tmp_path: Path) -> None:
    own = "  ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]"
    result = convert(tmp_path, {RULE: REPLICAS}, apps=application(spec=own))
    assert applier(result)["ignore"] == WRITTEN


def test_a_rule_for_all_kinds_has_no_target(tmp_path: Path) -> None:
    key = f"{C}.ignoreDifferences.all"
    result = convert(tmp_path, {key: "jsonPointers: [/metadata/labels]\n"})
    assert applier(result)["ignore"] == [{"paths": ["/metadata/labels"]}]
    assert "all kinds" in said(result, "A2F-IGN-006")


def test_a_key_without_a_group_is_for_the_core_group(tmp_path: Path) -> None:
    """argo-cd:util/argo/normalizers/diff_normalizer.go getGroupKindForOverrideKey."""
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
    result = convert(tmp_path, {f"{C}.ignoreDifferences.Service": REPLICAS}, service)
    assert applier(result)["ignore"] == [
        {"paths": ["/spec/replicas"], "target": {"version": "v1", "kind": "Service"}}
    ]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("jqPathExpressions: ['.a[] | select(.b)']\n", "A2F-IGN-001"),
        ("managedFieldsManagers: [kube-controller-manager]\n", "A2F-IGN-002"),
        ("jsonPointers: [spec]\n", "A2F-IGN-012"),
        ("a: [\n", "A2F-CM-014"),
    ],
)
def test_a_rule_that_cannot_be_said(tmp_path: Path, rule: str, code: str) -> None:
    result = convert(tmp_path, {RULE: rule})
    assert leaf(result, RULE).code == code
    assert said(result, code)
    assert "ignore" not in applier(result)


def test_the_worst_of_a_rule_is_its_verdict_and_the_rest_is_said(tmp_path: Path) -> None:
    rule = f"{REPLICAS}jqPathExpressions: ['.a[] | select(.b)']\n"
    result = convert(tmp_path, {RULE: rule})
    assert leaf(result, RULE).code == "A2F-IGN-001"
    assert said(result, "A2F-IGN-006")


def test_an_older_flux_has_no_such_rules(tmp_path: Path) -> None:
    result = convert(tmp_path, {RULE: REPLICAS}, flux="2.8")
    assert "ignore" not in applier(result)
    assert leaf(result, RULE).code == "A2F-IGN-003"


def test_settings_of_another_root_do_not_reach_an_app(tmp_path: Path) -> None:
    from tests.convert_run import convert_texts

    base = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
    texts = {
        "clusters/a/app.yaml": application(),
        "clusters/b/cm.yaml": config_map("argocd-cm", {RULE: REPLICAS}),
        "clusters/a/flux-system/gotk-sync.yaml": base + "metadata: {name: flux-system}\n",
        "clusters/b/flux-system/gotk-sync.yaml": base + "metadata: {name: flux-system}\n",
    }
    workspace, result = convert_texts(tmp_path, texts, "flux")
    roots = {resource.root for resource in workspace.resources}
    assert len(roots) > 1
    assert "ignore" not in applier(result)


def test_a_patch_of_the_settings_is_read_like_them(tmp_path: Path) -> None:
    """The installation often comes from elsewhere, and the repository holds what it changes."""
    from tests.convert_run import convert_texts

    patch = config_map("argocd-cm", {RULE: REPLICAS}).replace(", namespace: argocd", "")
    install = "resources: [https://example.com/install.yaml]\npatches: [{path: cm.yaml}]\n"
    texts = {
        "app.yaml": application(),
        "install/kustomization.yaml": install,
        "install/cm.yaml": patch,
    }
    _, result = convert_texts(tmp_path, texts, "flux")
    assert applier(result)["ignore"] == WRITTEN
    assert leaf(result, RULE).code == "A2F-IGN-006"


# --- health


def test_a_known_kind_gets_expressions(tmp_path: Path) -> None:
    key = f"{C}.health.bitnami.com_SealedSecret"
    result = convert(tmp_path, {key: "return {}"}, SEALED)
    (check,) = applier(result)["healthCheckExprs"]  # type: ignore[misc]  # a list of one
    assert (check["apiVersion"], check["kind"]) == ("bitnami.com/v1alpha1", "SealedSecret")
    assert "'Synced'" in check["current"]
    assert leaf(result, key).code == "A2F-HLT-002"
    assert [t.path for t in leaf(result, key).targets] == ["spec.healthCheckExprs[0]"]


def test_expressions_have_the_version_that_the_path_states(tmp_path: Path) -> None:
    key = f"{C}.health.external-secrets.io_ExternalSecret"
    objects = "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata: {name: s}\n"
    (check,) = applier(convert(tmp_path, {key: "return {}"}, objects))["healthCheckExprs"]  # type: ignore[misc]  # a list of one
    assert check["apiVersion"] == "external-secrets.io/v1beta1"


def test_before_2_5_there_are_no_expressions(tmp_path: Path) -> None:
    key = f"{C}.health.bitnami.com_SealedSecret"
    result = convert(tmp_path, {key: "return {}"}, SEALED, flux="2.4")
    assert "healthCheckExprs" not in applier(result)
    assert leaf(result, key).code == "A2F-HLT-001"
    assert "needs Flux 2.5" in said(result, "A2F-HLT-001")


@pytest.mark.parametrize(
    ("objects", "verdict", "code"),
    [
        (THING, "manual", "A2F-HLT-001"),
        (SEALED, "equivalent", "A2F-HLT-003"),
        (None, "approximate", "A2F-HLT-004"),
    ],
)
def test_a_script_for_another_kind(
    tmp_path: Path, objects: str | None, verdict: str, code: str
) -> None:
    key = f"{C}.health.example.com_Thing"
    entry = leaf(convert(tmp_path, {key: "return {}"}, objects), key)
    assert (str(entry.verdict), entry.code) == (verdict, code)


def test_all_customizations_in_one_text(tmp_path: Path) -> None:
    text = """\
apps/Deployment:
  ignoreDifferences: |
    jsonPointers: [/spec/replicas]
example.com/*:
  health.lua: |
    return {}
other.example.com/Thing:
  actions: |
    discovery.lua: x
"""
    result = convert(tmp_path, {C: text}, f"{DEPLOYMENT}{THING}")
    assert applier(result)["ignore"] == WRITTEN
    assert leaf(result, C).code == "A2F-HLT-001"
    assert "example.com/*" in said(result, "A2F-HLT-001")
    assert said(result, "A2F-IGN-006")


def test_one_sentence_for_the_actions_of_all_kinds(tmp_path: Path) -> None:
    keys = {f"{C}.actions.a.com_{kind}": "discovery.lua: x" for kind in ("A", "B")}
    result = convert(tmp_path, keys)
    (message,) = (m for m in result.messages if m.code == "A2F-CM-006")
    assert len(message.places) == 2


def test_only_actions_in_one_text(tmp_path: Path) -> None:
    result = convert(tmp_path, {C: "a.com/B:\n  actions: |\n    discovery.lua: x\n"})
    assert leaf(result, C).code == "A2F-CM-006"
    assert "runs no actions" in said(result, "A2F-CM-006")


# --- kinds that Argo CD leaves alone

EXCLUDED = "- apiGroups: [example.com]\n  kinds: [Thing]\n  clusters: ['*']\n"


def test_objects_that_argo_cd_leaves_alone_are_taken_out(tmp_path: Path) -> None:
    result = convert(tmp_path, {"resource.exclusions": EXCLUDED}, f"{DEPLOYMENT}{THING}")
    (patch,) = applier(result)["patches"]  # type: ignore[misc]  # a list of one
    assert patch["target"] == {"group": "example.com", "kind": "Thing"}
    assert "$patch: delete" in patch["patch"]
    entry = leaf(result, "resource.exclusions")
    assert (entry.code, [t.path for t in entry.targets]) == ("A2F-CM-001", ["spec.patches[0]"])


def test_inclusions_leave_out_everything_else(tmp_path: Path) -> None:
    text = "- apiGroups: [apps]\n  clusters: [https://kubernetes.default.svc]\n"
    result = convert(tmp_path, {"resource.inclusions": text}, f"{DEPLOYMENT}{THING}")
    (patch,) = applier(result)["patches"]  # type: ignore[misc]  # a list of one
    assert patch["target"]["kind"] == "Thing"


@pytest.mark.parametrize(
    "text",
    [
        "- apiGroups: [other.example.com]\n",
        "- apiGroups: [example.com]\n  kinds: [Other]\n",
        "- apiGroups: [example.com]\n  clusters: [https://far]\n",
    ],
)
def test_a_filter_for_something_else(tmp_path: Path, text: str) -> None:
    result = convert(tmp_path, {"resource.exclusions": text}, THING)
    assert "patches" not in applier(result)
    assert leaf(result, "resource.exclusions").code is None


def test_a_filter_for_the_own_cluster_is_not_for_a_named_one(tmp_path: Path) -> None:
    text = "- apiGroups: [example.com]\n  clusters: [https://kubernetes.default.svc]\n"
    apps = application().replace("server: https://kubernetes.default.svc", "name: far")
    result = convert(tmp_path, {"resource.exclusions": text}, THING, apps=apps)
    assert "patches" not in applier(result)


def test_what_cannot_be_seen_may_hold_excluded_kinds(tmp_path: Path) -> None:
    result = convert(tmp_path, {"resource.exclusions": EXCLUDED}, None)
    assert leaf(result, "resource.exclusions").code == "A2F-CM-001"
    assert "leaves Thing alone; Flux would apply them" in said(result, "A2F-CM-001")


def test_what_cannot_be_seen_may_hold_what_is_not_included(tmp_path: Path) -> None:
    settings = {"resource.inclusions": "- apiGroups: [apps, '']\n- kinds: [Thing]\n"}
    text = said(convert(tmp_path, settings, None), "A2F-CM-001")
    assert "everything but all of apps, all of the core group, Thing alone" in text


# --- the label of an app

MONITOR = """\
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: m}
spec: {selector: {matchLabels: {app.kubernetes.io/instance: shop}}}
"""
TRACKED = {"application.resourceTrackingMethod": "annotation+label"}
LABELS = {"labels": {"app.kubernetes.io/instance": "shop"}}


def test_a_label_that_objects_are_selected_by_is_kept(tmp_path: Path) -> None:
    result = convert(tmp_path, TRACKED, MONITOR)
    assert applier(result)["commonMetadata"] == LABELS
    entry = leaf(result, "application.resourceTrackingMethod")
    assert (entry.code, len(entry.targets)) == ("A2F-MIG-003", 1)


def test_the_label_names_the_namespace_of_an_app_that_stands_elsewhere(tmp_path: Path) -> None:
    """argo-cd:pkg/apis/application/v1alpha1/types.go InstanceName."""
    apps = application().replace("namespace: argocd", "namespace: team")
    result = convert(tmp_path, TRACKED, MONITOR, apps=apps)
    assert applier(result)["commonMetadata"] == {
        "labels": {"app.kubernetes.io/instance": "team_shop"}
    }


def test_a_label_that_nobody_selects_by_is_not_missed(tmp_path: Path) -> None:
    result = convert(tmp_path, TRACKED)
    assert "commonMetadata" not in applier(result)
    assert leaf(result, "application.resourceTrackingMethod").code is None


def test_before_3_0_the_label_is_the_default(tmp_path: Path) -> None:
    result = convert(tmp_path, {}, MONITOR, argocd="2.14")
    assert applier(result)["commonMetadata"] == LABELS
    assert said(result, "A2F-MIG-003")
    assert "commonMetadata" not in applier(convert(tmp_path, {}, MONITOR))


def test_a_label_of_ones_own(tmp_path: Path) -> None:
    key = "application.instanceLabelKey"
    objects = MONITOR.replace("app.kubernetes.io/instance", "example.com/app")
    result = convert(tmp_path, {**TRACKED, key: "example.com/app"}, objects)
    assert applier(result)["commonMetadata"] == {"labels": {"example.com/app": "shop"}}
    assert leaf(result, key).code == "A2F-MIG-003"


def test_aggregated_roles(tmp_path: Path) -> None:
    key, value = "resource.compareoptions", "ignoreAggregatedRoles: true\n"
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n"
    assert leaf(convert(tmp_path, {key: value}, role), key).code == "A2F-CM-007"
    assert leaf(convert(tmp_path, {key: value}), key).code is None
