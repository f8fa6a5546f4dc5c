"""Waves of the objects of one path: Kustomizations in order, each with its own objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.flux.stage_cases import HOOK, WAVE, app, made, obj

if TYPE_CHECKING:
    from pathlib import Path


def test_one_wave_is_one_kustomization(tmp_path: Path) -> None:
    """All objects in one wave, whatever its number, are applied together: nothing to say."""
    found = made(
        tmp_path,
        obj("ConfigMap", "a", sync_wave="3"),
        obj("ConfigMap", "b", sync_wave="3"),
    )
    assert list(found.specs) == ["app"]
    assert "patches" not in found.specs["app"]
    assert not {code for code in found.codes if "WAVE" in code}


def test_waves_become_a_chain(tmp_path: Path) -> None:
    """Worked conversion 12.12: no wave counts as 0; `notin` also leaves out what has no wave."""
    found = made(
        tmp_path,
        obj("ConfigMap", "a"),
        obj("StatefulSet", "b", sync_wave="0"),
        obj("Deployment", "c", sync_wave="1"),
    )
    assert found.selectors("app-w0") == [f"{WAVE} notin (0), {WAVE}"]
    assert found.selectors("app-w1") == [f"{WAVE} notin (1)"]
    assert found.after("app-w0") == []
    assert found.after("app-w1") == ["app-w0"]
    assert found.specs["app-w1"]["wait"] is True
    assert {"A2F-WAVE-001", "A2F-WAVE-004"} <= found.codes


def test_one_negative_wave_is_what_is_left(tmp_path: Path) -> None:
    """Vector 17: a selector cannot hold -1, so the others are named."""
    found = made(
        tmp_path,
        obj("ConfigMap", "a", sync_wave="-1"),
        obj("ConfigMap", "b", sync_wave="0"),
        obj("ConfigMap", "c", sync_wave="1"),
    )
    assert list(found.specs) == ["app-w0", "app-w1", "app-wm1"]
    assert found.selectors("app-wm1") == [f"!{WAVE}", f"{WAVE} in (0,1)"]
    assert found.selectors("app-w0") == [f"{WAVE} notin (0), {WAVE}"]
    assert found.after("app-w0") == ["app-wm1"]


def test_two_negative_waves_cannot_be_told_apart(tmp_path: Path) -> None:
    """Vector 18."""
    found = made(
        tmp_path, obj("ConfigMap", "a", sync_wave="-2"), obj("ConfigMap", "b", sync_wave="-1")
    )
    assert list(found.specs) == ["app"]
    assert "patches" not in found.specs["app"]
    assert "-2, -1" in found.text("A2F-WAVE-003")
    path = next(e for e in found.result.entries if e.code == "A2F-WAVE-003")
    assert str(path.verdict) == "manual"


def test_definitions_and_classes_come_first_anyway(tmp_path: Path) -> None:
    """Flux waits after definitions and after classes: such waves need nothing."""
    found = made(
        tmp_path,
        obj("Namespace", "shop", sync_wave="-2"),
        obj("StorageClass", "fast", sync_wave="-1"),
        obj("ConfigMap", "a"),
    )
    assert list(found.specs) == ["app"]
    assert "A2F-WAVE-002" in found.codes
    assert "A2F-WAVE-003" not in found.codes


def test_a_definition_counts_with_the_first_wave_that_needs_it(tmp_path: Path) -> None:
    """Argo CD moves a Namespace before what is in it."""
    found = made(tmp_path, obj("Namespace", "shop", sync_wave="5"), obj("ConfigMap", "a"))
    assert list(found.specs) == ["app"]


def test_waves_that_flux_keeps_apart_share_a_stage(tmp_path: Path) -> None:
    """A Namespace before everything else does not count as a negative wave of its own."""
    found = made(
        tmp_path,
        obj("Namespace", "shop", sync_wave="-5"),
        obj("ConfigMap", "a", sync_wave="-1"),
        obj("ConfigMap", "b"),
    )
    assert list(found.specs) == ["app-w0", "app-wm1"]
    assert found.selectors("app-wm1") == [f"!{WAVE}", f"{WAVE} in (0)"]


def test_an_odd_spelling_is_named(tmp_path: Path) -> None:
    """`+1` is wave 1, but no value that a selector can name."""
    found = made(
        tmp_path,
        obj("ConfigMap", "a"),
        obj("ConfigMap", "b", sync_wave="1"),
        obj("ConfigMap", "c", sync_wave="+1"),
    )
    assert found.deletes("app-w0") == [
        {"annotationSelector": f"{WAVE} notin (0), {WAVE}"},
    ]
    assert found.deletes("app-w1") == [{"annotationSelector": f"!{WAVE}"}]


def test_whoever_waits_for_the_app_waits_for_its_last_stage(tmp_path: Path) -> None:
    """`argoflux.dev/depends-on` names the app that was split."""
    metadata = (
        ", annotations: {argoflux.dev/depends-on: Kustomization/flux-system/app,"
        " argoflux.dev/source: Kustomization/flux-system/later}"
    )
    later = app("later", metadata=metadata).replace("path: app", "path: other")
    found = made(
        tmp_path,
        obj("ConfigMap", "a"),
        obj("ConfigMap", "b", sync_wave="1"),
        texts={"apps/later.yaml": later, "other/x.yaml": obj("ConfigMap", "x")},
    )
    assert found.after("later") == ["app-w1"]


def test_a_manual_app_is_suspended_in_every_stage(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        obj("ConfigMap", "a"),
        obj("ConfigMap", "b", sync_wave="1"),
        application=app().replace("automated: {prune: true, selfHeal: true}", ""),
    )
    assert [spec["suspend"] for spec in found.specs.values()] == [True, True]
    assert "Kustomization/flux-system/app-w0, app-w1" in found.text("A2F-SYN-001")


def test_contents_that_cannot_be_read_in_full_are_named(tmp_path: Path) -> None:
    texts = {
        "app/kustomization.yaml": "resources: [all.yaml, https://example.com/base.yaml]\n",
    }
    found = made(tmp_path, obj("ConfigMap", "a"), obj("ConfigMap", "b", sync_wave="1"), texts=texts)
    assert list(found.specs) == ["app-w0", "app-w1"]
    assert "A2F-WAVE-007" in found.codes


_USER = """spec: {template: {spec: {containers: [{name: c, image: i, envFrom: [%s]}]}}}
"""


@pytest.mark.parametrize(
    ("build", "shown"),
    [
        ("replicas: [{name: api, count: 2}]", "`replicas`"),
        ("replacements: [{path: r.yaml}]", "`replacements`"),
        ("namePrefix: dev-", "gets its name from kustomize"),
    ],
)
def test_a_build_that_needs_all_objects_is_not_split(
    tmp_path: Path, build: str, shown: str
) -> None:
    texts = {"app/kustomization.yaml": f"resources: [all.yaml]\n{build}\n"}
    user = _USER % "{configMapRef: {name: cfg}}"
    found = made(
        tmp_path,
        obj("ConfigMap", "cfg"),
        obj("Deployment", "api", user, sync_wave="1"),
        texts=texts,
    )
    assert list(found.specs) == ["app"]
    assert "patches" not in found.specs["app"]
    assert shown in found.text("A2F-WAVE-008")


def test_a_generated_object_moves_to_its_only_user(tmp_path: Path) -> None:
    """Its name gets a hash, which kustomize writes into users in the same build only."""
    build = "resources: [all.yaml]\nconfigMapGenerator: [{name: cfg, literals: [a=b]}]\n"
    found = made(
        tmp_path,
        obj("ConfigMap", "plain"),
        obj("Deployment", "api", _USER % "{configMapRef: {name: cfg}}", sync_wave="1"),
        texts={"app/kustomization.yaml": build},
    )
    assert found.deletes("app-w1") == [{"kind": "ConfigMap", "name": "plain"}]
    assert {"kind": "ConfigMap", "name": "cfg"} in found.deletes("app-w0")


def test_a_generated_object_with_users_in_two_stages_keeps_them_together(tmp_path: Path) -> None:
    build = "resources: [all.yaml]\nconfigMapGenerator: [{name: cfg, literals: [a=b]}]\n"
    user = _USER % "{configMapRef: {name: cfg}}"
    found = made(
        tmp_path,
        obj("Deployment", "one", user),
        obj("Deployment", "two", user, sync_wave="1"),
        texts={"app/kustomization.yaml": build},
    )
    assert list(found.specs) == ["app"]
    assert "hash" in found.text("A2F-WAVE-008")


def test_hook_key_is_left_alone_without_hooks(tmp_path: Path) -> None:
    found = made(tmp_path, obj("ConfigMap", "a"), obj("ConfigMap", "b", sync_wave="1"))
    assert not [text for name in found.specs for text in found.selectors(name) if HOOK in text]


def test_unseen_contents_are_named_once(tmp_path: Path) -> None:
    """Nobody can tell whether there are waves: said for the run, not for each app."""
    texts = {"apps/more.yaml": app("more").replace("path: app", "path: nowhere")}
    found = made(tmp_path, texts=texts, application=app().replace("path: app", "path: gone"))
    (message,) = [m for m in found.result.messages if m.code == "A2F-WAVE-011"]
    assert message.places == ()
    assert message.text.endswith("Application/argocd/app, Application/argocd/more")
    assert "A2F-WAVE-011" not in made(tmp_path / "b", obj("ConfigMap", "a")).codes
