"""Plugins that pick their sources themselves, as the repo-server asks them."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.argocd.load_discovery import Discovery, read_discoveries
from tests.unit.argocd_cases import Case, application, convert_case, resources_from

PLUGIN = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: plugins, namespace: argocd}
data:
  plugin.yaml: |
    apiVersion: argoproj.io/v1alpha1
    kind: ConfigManagementPlugin
    metadata: {name: %s}
    spec: {version: v1, generate: {command: [run]}, discover: %s}
"""
GIT = "repoURL: https://github.com/acme/shop, path: app, targetRevision: main"
FILES = {"app/cdk/main.ts": "", "app/app.yaml": "", "other/Makefile": ""}


def case(discover: str, source: str = GIT, *, plugin: str = "acme-cdk", **more: Any) -> Case:
    return convert_case(application(f"{{{source}}}") + PLUGIN % (plugin, discover), **more)


@pytest.mark.parametrize(
    ("discover", "found"),
    [
        ("{fileName: './cdk/*.ts'}", True),
        ("{fileName: '*.ts'}", False),
        ("{find: {glob: '**/*.ts'}}", True),
        ("{find: {glob: '**/Makefile'}}", False),
        ("{fileName: Makefile, find: {glob: '**/*.ts'}}", False),
        ("{find: {glob: '[', command: [x]}}", False),
    ],
)
def test_files_decide(discover: str, *, found: bool) -> None:
    """A file name counts before a glob, and a glob before a command; paths start at the app's."""
    result = case(discover, files=FILES)
    assert ("A2F-PLG-001" in result.codes()) == found
    assert "A2F-PLG-005" not in result.codes()
    assert result.names("Kustomization") == ([] if found else ["shop"])


@pytest.mark.parametrize(
    ("discover", "more"),
    [("{find: {command: [sh, -c, x]}}", {"files": FILES}), ("{fileName: '*.ts'}", {})],
)
def test_what_cannot_be_checked_is_said(discover: str, more: dict[str, Any]) -> None:
    """A command, or files that are not at hand: the source is converted all the same."""
    result = case(discover, **more)
    assert result.said("A2F-PLG-005")["plugin"] == "`acme-cdk-v1`"
    assert result.names("Kustomization") == ["shop"]


def test_a_source_that_names_its_tool_is_not_offered() -> None:
    result = case("{find: {glob: '**/*.ts'}}", f"{GIT}, kustomize: {{}}", files=FILES)
    assert not result.codes() & {"A2F-PLG-001", "A2F-PLG-005"}


def test_a_chart_has_a_file_that_everyone_knows() -> None:
    chart = "repoURL: https://charts.example.com, chart: redis, targetRevision: 1.0.0"
    assert "A2F-PLG-001" in case("{find: {glob: '**/Chart.yaml'}}", chart).codes()
    assert not case("{fileName: cdk.json}", chart).codes() & {"A2F-PLG-001", "A2F-PLG-005"}


def test_a_known_plugin_has_its_recipe_here_too() -> None:
    result = case("{find: {glob: '**/*.ts'}}", plugin="argocd-vault-plugin", files=FILES)
    assert "A2F-PLG-002" in result.codes()


def test_plugins_without_discovery_wait_to_be_named() -> None:
    (resource,) = resources_from((PLUGIN % ("named", "{}")).removeprefix("---\n"))
    assert read_discoveries(resource) == ()
    assert Discovery(plugin="x", pattern="").rule == "a command"
