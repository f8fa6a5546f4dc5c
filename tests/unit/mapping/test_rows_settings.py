"""Settings of an installation: what each key becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from argoflux.mapping import annotations as annotations_of_apps
from argoflux.mapping import object_notes, settings_messages
from argoflux.mapping.coverage import coverage
from argoflux.mapping.settings import extra_options
from argoflux.mapping.verdict import Message
from tests.unit.mapping.settings_cases import convert, leaf, said

CM, PARAMS, RBAC = "argocd-cm", "argocd-cmd-params-cm", "argocd-rbac-cm"
C = "resource.customizations"

KEYS = [
    (CM, "timeout.reconciliation", "180s", "equivalent", None),
    (CM, "timeout.reconciliation", "0", "approximate", "A2F-CM-002"),
    (CM, "timeout.reconciliation", "0s", "approximate", "A2F-CM-002"),
    (CM, "timeout.reconciliation.jitter", "60s", "equivalent", None),
    (CM, "timeout.hard.reconciliation", "0s", "equivalent", None),
    (CM, "application.resourceTrackingMethod", "annotation", "equivalent", None),
    (CM, "application.instanceLabelKey", "example.com/app", "equivalent", None),
    (CM, "installationID", "one", "equivalent", None),
    (CM, "kustomize.buildOptions", "--load-restrictor LoadRestrictionsNone", "exact", None),
    (CM, "kustomize.buildOptions", "--enable-helm", "approximate", "A2F-CM-008"),
    (CM, "kustomize.buildOptions.v5.1", "--enable-exec", "approximate", "A2F-CM-008"),
    (CM, "kustomize.version.v5.1", "/bin/kustomize", "none", "A2F-KUS-007"),
    (CM, "kustomize.path.v5.1", "/bin/kustomize", "none", "A2F-KUS-007"),
    (CM, "kustomize.setNamespace.enabled", "false", "exact", None),
    (CM, "kustomize.setNamespace.enabled", "true", "approximate", "A2F-CM-012"),
    (CM, "helm.valuesFileSchemes", "https", "equivalent", None),
    (CM, "kustomize.enable", "true", "exact", None),
    (
        CM,
        f"{C}.knownTypeFields.example.com_Thing",
        "- field: spec.cpu\n  type: core/Quantity\n",
        "exact",
        None,
    ),
    (CM, f"{C}.actions.example.com_Thing", "discovery.lua: x", "none", "A2F-CM-006"),
    (CM, f"{C}.ignoreResourceUpdates.all", "jsonPointers: [/status]", "none", "A2F-CM-006"),
    (CM, f"{C}.useOpenLibs.example.com_Thing", "true", "equivalent", None),
    (CM, f"{C}.health.argoproj.io_Application", "return {}", "equivalent", None),
    (CM, "resource.customLabels", "team", "none", "A2F-CM-006"),
    (CM, "resource.respectRBAC", "", "equivalent", None),
    (CM, "resource.respectRBAC", "strict", "none", "A2F-CM-006"),
    (CM, "resource.ignoreResourceUpdatesEnabled", "true", "equivalent", None),
    (CM, "resource.compareoptions", "ignoreResourceStatusField: all", "equivalent", None),
    (CM, "resource.compareoptions", "[a", "unknown", "A2F-CM-014"),
    (CM, "application.sync.impersonation.enabled", "true", "equivalent", None),
    (CM, "cluster.inClusterEnabled", "true", "equivalent", None),
    (CM, "globalProjects", "- projectName: base", "manual", "A2F-CM-011"),
    (CM, "repositories", "- url: https://a", "manual", "A2F-CM-009"),
    (CM, "repository.credentials", "- url: https://a", "manual", "A2F-CM-009"),
    (CM, "configManagementPlugins", "- name: a", "manual", "A2F-CM-010"),
    (CM, "accounts.alice", "login", "none", "A2F-CM-003"),
    (CM, "accounts.alice.enabled", "true", "none", "A2F-CM-003"),
    (CM, "dex.config", "connectors: []", "none", "A2F-CM-003"),
    (CM, "oidc.config", "name: a", "none", "A2F-CM-003"),
    (CM, "exec.enabled", "true", "none", "A2F-CM-003"),
    (CM, "users.anonymous.enabled", "true", "none", "A2F-CM-003"),
    (CM, "ui.bannercontent", "hello", "equivalent", "A2F-CM-004"),
    (CM, "help.download.linux-amd64", "https://a", "equivalent", "A2F-CM-004"),
    (CM, "statusbadge.enabled", "true", "equivalent", "A2F-CM-004"),
    (CM, "url", "https://a", "equivalent", "A2F-CM-004"),
    (CM, "webhook.maxPayloadSizeMB", "10", "equivalent", "A2F-CM-005"),
    (CM, "sourceHydrator.commitMessageTemplate", "a", "equivalent", "A2F-CM-013"),
    (CM, "commit.author.name", "a", "equivalent", "A2F-CM-013"),
    (CM, "no.such.key", "a", "unknown", "A2F-FLD-001"),
    (PARAMS, "application.namespaces", "*", "exact", None),
    (PARAMS, "applicationsetcontroller.namespaces", "a", "exact", None),
    (PARAMS, "applicationsetcontroller.policy", "sync", "exact", None),
    (PARAMS, "applicationsetcontroller.policy", "create-only", "approximate", "A2F-CM-012"),
    (PARAMS, "reposerver.allow.oob.symlinks", "true", "approximate", "A2F-CM-012"),
    (PARAMS, "reposerver.include.hidden.directories", "true", "approximate", "A2F-CM-012"),
    (PARAMS, "controller.sync.timeout.seconds", "0", "exact", None),
    (PARAMS, "controller.sync.timeout.seconds", "600", "approximate", "A2F-CM-012"),
    (PARAMS, "controller.diff.server.side", "true", "exact", None),
    (PARAMS, "reposerver.enable.git.submodule", "false", "exact", None),
    (PARAMS, "hydrator.enabled", "true", "equivalent", None),
    (PARAMS, "server.insecure", "true", "equivalent", "A2F-CM-004"),
    (PARAMS, "server.disable.auth", "true", "none", "A2F-CM-003"),
    (PARAMS, "dexserver.disable.tls", "true", "equivalent", "A2F-CM-004"),
    (PARAMS, "controller.status.processors", "50", "equivalent", "A2F-CM-005"),
    (PARAMS, "redis.server", "redis:6379", "equivalent", "A2F-CM-005"),
    (PARAMS, "otlp.address", "a:1", "equivalent", "A2F-CM-005"),
    (RBAC, "policy.csv", "g, a, role:admin", "none", "A2F-CM-003"),
    (RBAC, "policy.overlay.csv", "g, a, role:admin", "none", "A2F-CM-003"),
    (RBAC, "policy.default", "", "equivalent", None),
    (RBAC, "scopes", "[groups]", "none", "A2F-CM-003"),
]


@pytest.mark.parametrize(
    ("name", "key", "value", "verdict", "code"),
    KEYS,
    ids=[f"{k}={v!r}"[:60] for _, k, v, _, _ in KEYS],
)
def test_key(
    tmp_path: Path, name: str, key: str, value: str, verdict: str, code: str | None
) -> None:
    result = convert(tmp_path, {key: value}, None, name=name)
    assert result.findings == ()
    entry = leaf(result, key)
    assert (str(entry.verdict), entry.code) == (verdict, code)
    assert code is None or said(result, code)


SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: argocd-secret, namespace: argocd}
stringData: {tls.key: hush, webhook.github.secret: hush, admin.password: hush, oidc.clientSecret: hush}
"""
PLUGIN = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: tools}
data:
  plugin.yaml: |
    apiVersion: argoproj.io/v1alpha1
    kind: ConfigManagementPlugin
    metadata: {name: render}
"""


def test_the_secret_of_argo_cd_itself(tmp_path: Path) -> None:
    result = convert(tmp_path, {}, None, apps=SECRET)
    codes = {
        entry.path[-1]: entry.code for entry in result.entries if entry.path[0] == "stringData"
    }
    assert codes == {
        "tls.key": "A2F-CM-004",
        "webhook.github.secret": "A2F-CM-015",
        "admin.password": "A2F-CM-003",
        "oidc.clientSecret": "A2F-CM-003",
    }
    assert "webhook.github.secret" in said(result, "A2F-CM-015")
    assert not any("hush" in message.text + message.instead for message in result.messages)


def test_the_configuration_of_a_plugin(tmp_path: Path) -> None:
    """Whatever the ConfigMap is called: a sidecar mounts it."""
    result = convert(tmp_path, {}, None, apps=PLUGIN)
    entry = leaf(result, "plugin.yaml")
    assert (str(entry.verdict), entry.code) == ("manual", "A2F-CM-010")
    other = PLUGIN.replace("ConfigManagementPlugin", "Other")
    assert list(convert(tmp_path, {}, None, apps=other).entries) == []


def test_submodules_that_argo_cd_leaves_alone(tmp_path: Path) -> None:
    modules = {"settings": {"reposerver.enable.git.submodule": "false"}, "usual": {}}
    (tmp_path / ".gitmodules").write_text("")
    found = {}
    for name, settings in modules.items():
        result = convert(tmp_path, settings, name="argocd-cmd-params-cm")
        (source,) = (d.body for d in result.documents if d.body["kind"] == "GitRepository")
        found[name] = source["spec"].get("recurseSubmodules")
    assert found == {"settings": None, "usual": True}


def test_the_settings_are_converted_objects_without_a_document(tmp_path: Path) -> None:
    result = convert(tmp_path, {"url": "https://a"})
    (outcome,) = (o for o in result.outcomes if o.resource.ref.kind == "ConfigMap")
    assert (outcome.outcome, outcome.targets) == ("converted", ())


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ("", ""),
        ("--load-restrictor=LoadRestrictionsNone", ""),
        ("--load-restrictor LoadRestrictionsNone", ""),
        ("--enable-helm --load-restrictor LoadRestrictionsNone", "--enable-helm"),
        ("--enable-alpha-plugins --enable-exec", "--enable-alpha-plugins --enable-exec"),
    ],
)
def test_options_of_a_build_that_flux_does_not_have(options: str, left: str) -> None:
    assert extra_options(options) == left


def test_one_sentence_for_all_keys_of_the_user_interface(tmp_path: Path) -> None:
    result = convert(tmp_path, {"url": "https://a", "ui.cssurl": "a", "help.chatUrl": "b"})
    (message,) = (m for m in result.messages if m.code == "A2F-CM-004")
    assert len(message.places) == 3


def test_no_key_is_left_for_later() -> None:
    kinds = {"ConfigMap:argocd-cm", "ConfigMap:argocd-cmd-params-cm", "ConfigMap:argocd-rbac-cm"}
    for kind in coverage():
        if kind.kind in {*kinds, "flags:argocd", "Secret:argocd-secret", "ConfigMap:plugin"}:
            assert (kind.todo, kind.holes, kind.mapped) == ((), (), kind.leaves), kind.kind


def test_every_message_of_settings_and_annotations_is_in_a_test() -> None:
    """A sentence that no test raises is one that nobody has read."""
    modules = (settings_messages, object_notes, annotations_of_apps)
    own = [Path(__file__), *Path(__file__).parents[1].glob("flux/test_emit_[so]*.py")]
    own.append(Path(__file__).with_name("test_rows_metadata.py"))
    texts = "".join(path.read_text(encoding="utf-8") for path in own)
    declared = {v.code for m in modules for v in vars(m).values() if isinstance(v, Message)}
    assert {code for code in declared if code not in texts} == set()


def test_texts_hold_no_mark_of_a_missing_fact() -> None:
    found = [value for value in vars(settings_messages).values() if isinstance(value, Message)]
    assert found
    assert not [message.code for message in found if "…" in message.text + message.instead]
