"""When Argo CD applies an object of an app: phases from hooks, and waves within a phase.

Facts: argo-cd:gitops-engine/pkg/sync (sync_phase.go, hook/hook.go, hook/helm/type.go,
syncwaves/waves.go). An object is applied in every phase that its hooks name; one whose hooks name
no phase is never applied.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from argoflux.model.content import HELM_HOOK, HOOK, WAVE

if TYPE_CHECKING:
    from argoflux.model.content import ContentObject

Phase = Literal["PreSync", "Sync", "PostSync"]

PHASES: tuple[Phase, ...] = ("PreSync", "Sync", "PostSync")
HELM_WEIGHT = "helm.sh/hook-weight"

HOOK_TYPES = frozenset({*PHASES, "SyncFail", "Skip", "PreDelete", "PostDelete"})
_NUMBER = re.compile(r"[-+]?[0-9]+\Z")
_OF_HELM: dict[str, Phase] = {
    "pre-install": "PreSync",
    "pre-upgrade": "PreSync",
    "post-install": "PostSync",
    "post-upgrade": "PostSync",
}
_NO_HOOK = "crd-install"
"""Helm's old mark of CRDs: such objects are applied like any other."""


def hook_types(obj: ContentObject) -> tuple[str, ...]:
    """The hooks that Argo CD knows, in the order stated; Helm's only where there are none of its own."""
    own = [text for text in _list(obj, HOOK) if text in HOOK_TYPES]
    if own:
        return tuple(dict.fromkeys(own))
    helm = [_OF_HELM[text] for text in _list(obj, HELM_HOOK) if text in _OF_HELM]
    return tuple(dict.fromkeys(helm))


def is_hook(obj: ContentObject) -> bool:
    """Whether hooks, not the sync itself, decide when the object is applied."""
    found = obj.annotations
    if HOOK in found:
        return True
    return found.get(HELM_HOOK, _NO_HOOK) != _NO_HOOK


def by_helm(obj: ContentObject) -> bool:
    """Whether it is Helm's annotation that makes the object a hook."""
    own = any(text in HOOK_TYPES for text in _list(obj, HOOK))
    return not own and obj.annotations.get(HELM_HOOK, _NO_HOOK) != _NO_HOOK


def phases(obj: ContentObject) -> tuple[Phase, ...]:
    """The phases in which the object is applied, in order; empty when that never happens."""
    if not is_hook(obj):
        return ("Sync",)
    types = hook_types(obj)
    return tuple(phase for phase in PHASES if phase in types)


def wave(obj: ContentObject) -> int:
    """The wave within the phase; a value that is no number counts as absent."""
    for key in (WAVE, HELM_WEIGHT):
        text = obj.annotations.get(key, "")
        if is_wave(text):
            return int(text)
    return 0


def is_wave(text: str) -> bool:
    """Whether Argo CD reads a text as the number of a wave (Go's strconv.Atoi)."""
    return _NUMBER.match(text) is not None


def _list(obj: ContentObject, key: str) -> list[str]:
    return [text.strip() for text in obj.annotations.get(key, "").split(",") if text.strip()]
