"""Hooks of Argo CD among the objects of one path, and in charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.flux.stage_cases import HOOK, WAVE, app, made, obj

if TYPE_CHECKING:
    from pathlib import Path

HELM = "helm.sh/hook"


def test_jobs_before_and_after_the_sync(tmp_path: Path) -> None:
    """Worked conversion 12.13; the sync keeps the app's own name."""
    found = made(
        tmp_path,
        obj("Deployment", "api"),
        obj("Job", "before", hook="PreSync", hook_delete_policy="HookSucceeded"),
        obj("Job", "after", hook="PostSync"),
    )
    assert list(found.specs) == ["app-postsync", "app-presync", "app"]
    assert found.selectors("app-presync") == [f"{HOOK} notin (PreSync)"]
    assert found.selectors("app") == [HOOK]
    assert found.selectors("app-postsync") == [f"{HOOK} notin (PostSync)"]
    assert found.after("app") == ["app-presync"]
    assert found.after("app-postsync") == ["app"]
    assert found.forced("app-presync") == [{"kind": "Job"}]
    assert found.specs["app-presync"]["interval"] == "1h"
    assert found.specs["app-presync"]["timeout"] == "10m"
    assert {"A2F-HOOK-001", "A2F-HOOK-002"} <= found.codes


def test_sync_hooks_stay_with_the_sync(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        obj("Deployment", "api"),
        obj("Job", "with", hook="Sync"),
        obj("Job", "before", hook="PreSync"),
    )
    assert found.selectors("app") == [f"{HOOK}, {HOOK} notin (Sync)"]
    assert found.forced("app") == [{"kind": "Job", "annotationSelector": HOOK}]


def test_a_sync_hook_alone_is_replaced_when_it_changes(tmp_path: Path) -> None:
    found = made(tmp_path, obj("Deployment", "api"), obj("Job", "with", hook="Sync"))
    assert list(found.specs) == ["app"]
    assert found.deletes("app") == []
    assert found.forced("app") == [{"kind": "Job", "annotationSelector": HOOK}]
    assert "A2F-HOOK-001" in found.codes


@pytest.mark.parametrize(
    ("hook", "code"),
    [
        ("SyncFail", "A2F-HOOK-003"),
        ("PreDelete", "A2F-HOOK-005"),
        ("PostDelete", "A2F-HOOK-005"),
        ("Skip", "A2F-HOOK-008"),
        ("Presync", "A2F-HOOK-008"),
    ],
)
def test_hooks_that_flux_must_not_apply(tmp_path: Path, hook: str, code: str) -> None:
    """They leave the build, and it is said why; an unknown word is a hook that never runs."""
    found = made(tmp_path, obj("Deployment", "api"), obj("Job", "odd", hook=hook))
    assert list(found.specs) == ["app"]
    assert found.selectors("app") == [HOOK]
    assert code in found.codes
    assert "A2F-HOOK-001" not in found.codes


def test_several_phases_in_one_value_are_named(tmp_path: Path) -> None:
    """A list is no value for a selector: such an object is kept or deleted by its name."""
    found = made(
        tmp_path,
        obj("Deployment", "api"),
        obj("Job", "both", hook="PreSync,PostSync"),
        obj("Job", "after", hook="PostSync"),
    )
    assert found.deletes("app-presync") == [
        {"annotationSelector": f"!{HOOK}"},
        {"annotationSelector": f"{HOOK} in (PostSync)"},
    ]
    assert found.selectors("app") == [HOOK]
    assert found.selectors("app-postsync") == [f"{HOOK} notin (PostSync)"]
    assert "PreSync, PostSync" in found.text("A2F-HOOK-009")


def test_skip_beside_a_phase_means_nothing(tmp_path: Path) -> None:
    """argo-cd:gitops-engine/pkg/sync/hook/hook.go: Skip only counts alone."""
    found = made(tmp_path, obj("Deployment", "api"), obj("Job", "x", hook="PreSync, Skip"))
    assert "app-presync" in found.specs
    assert "A2F-HOOK-009" not in found.codes


def test_waves_of_hooks_are_stages_of_their_phase(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        obj("ConfigMap", "script", hook="PreSync", sync_wave="-1"),
        obj("Job", "before", hook="PreSync"),
        obj("Deployment", "api"),
    )
    assert found.after("app-presync-w0") == ["app-presync-wm1"]
    assert found.after("app") == ["app-presync-w0"]
    assert found.selectors("app-presync-wm1") == [
        f"{HOOK} notin (PreSync)",
        f"!{WAVE}",
        f"{WAVE} in (0)",
    ]
    assert found.forced("app-presync-wm1") == []


def test_hooks_of_helm_outside_of_a_chart(tmp_path: Path) -> None:
    """pre-* is PreSync, post-* is PostSync; a test is never applied."""
    found = made(
        tmp_path,
        obj("Deployment", "api"),
        obj("Job", "before", helm_hook="pre-install,pre-upgrade"),
        obj("Pod", "check", helm_hook="test"),
        obj("CustomResourceDefinition", "c", helm_hook="crd-install"),
    )
    assert found.deletes("app-presync") == [
        {"annotationSelector": f"!{HELM}"},
        {"annotationSelector": f"{HELM} in (crd-install,test)"},
    ]
    assert found.deletes("app") == [
        {"annotationSelector": f"{HELM} in (test)"},
        {"group": "batch", "kind": "Job", "name": "before"},
    ]
    assert {"A2F-HOOK-006", "A2F-HOOK-008"} <= found.codes


def test_what_a_hook_needs_is_named(tmp_path: Path) -> None:
    more = "spec: {template: {spec: {containers: [{envFrom: [{secretRef: {name: db}}]}]}}}\n"
    found = made(tmp_path, obj("Secret", "db"), obj("Job", "before", more, hook="PreSync"))
    assert "Secret/db" in found.text("A2F-HOOK-007")


def test_a_hook_with_a_generated_name(tmp_path: Path) -> None:
    """Vector 16: kustomize refuses `generateName`."""
    job = obj("Job", "x", hook="PreSync").replace("{name: x", "{generateName: x-")
    found = made(tmp_path, obj("Deployment", "api"), job)
    assert "A2F-SRC-016" in found.codes


_CHART = "apiVersion: v2\nname: app\nversion: 1.0.0\n"


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (f"{HOOK}: PreSync", "A2F-HOOK-004"),
        (f'"{WAVE}": "2"', "A2F-WAVE-005"),
        (f"{WAVE}: {{{{ .Values.wave | quote }}}}", "A2F-WAVE-005"),
        (f'{WAVE}: "0"', ""),
        ("helm.sh/hook: pre-install", ""),
    ],
)
def test_order_inside_a_chart(tmp_path: Path, note: str, code: str) -> None:
    template = f"kind: Job\nmetadata:\n  annotations:\n    {note}\n"
    texts = {"app/Chart.yaml": _CHART, "app/templates/job.yaml": template}
    found = made(tmp_path, texts=texts, application=app())
    said = {c for c in found.codes if c.startswith(("A2F-HOOK", "A2F-WAVE"))}
    assert said == ({code} if code else set())
    if code:
        assert "templates/job.yaml" in found.text(code)
