"""Annotations and labels by which single objects change what Flux does with them: their values.

Values: fluxcd/pkg:ssa/utils/meta.go AnyInMetadata (any case), kustomize-controller:api/v1/
kustomization_types.go (prune, ssa, force, reconcile, decrypt), fluxcd/pkg:kustomize/kustomize_varsub.go
(substitute, in lower case only), helm-controller:api/v2/helmrelease_types.go DriftDetectionMetadataKey,
flux-operator:docs/api/v1/resourceset.md.
"""

from __future__ import annotations

from typing import NamedTuple

from argoflux.schema_words import closest

KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
HELM = "helm.toolkit.fluxcd.io"
OPERATOR = "fluxcd.controlplane.io"

_SWITCH = ("disabled", "enabled")
SWITCHES: dict[str, tuple[str, ...]] = {
    f"{KUSTOMIZE}/prune": _SWITCH,
    f"{KUSTOMIZE}/ssa": ("Override", "Merge", "IfNotPresent", "Ignore"),
    f"{KUSTOMIZE}/force": _SWITCH,
    f"{KUSTOMIZE}/reconcile": _SWITCH,
    f"{KUSTOMIZE}/decrypt": _SWITCH,
    f"{KUSTOMIZE}/substitute": _SWITCH,
    f"{HELM}/driftDetection": _SWITCH,
    f"{OPERATOR}/prune": _SWITCH,
    f"{OPERATOR}/reconcile": _SWITCH,
    f"{OPERATOR}/force": _SWITCH,
    f"{OPERATOR}/recreateOnFailure": _SWITCH,
}
"""Every switch with the values that it knows."""

_EXACT = f"{KUSTOMIZE}/substitute"
_OFF = frozenset({"false", "no", "off", "disable"})
_ON = frozenset({"true", "yes", "on", "enable"})
_WRITTEN = frozenset({"name", "namespace", "checksum"})
"""What kustomize-controller writes itself: fluxcd/pkg:ssa/manager.go SetOwnerLabels."""


class Remark(NamedTuple):
    """What is wrong with a switch: the key or value that is meant, empty where nobody can tell."""

    meant: str
    on_key: bool = False


def judge(key: str, value: str) -> Remark | None:
    """What is wrong with an annotation or label; None for what is right or no switch."""
    known = SWITCHES.get(key)
    if known is None:
        return _unknown_key(key)
    if key == _EXACT and value not in known and value.lower() in known:
        return Remark(value.lower())
    if any(value.lower() == each.lower() for each in known):
        return None
    return Remark(_meant_value(value, known))


def _meant_value(value: str, known: tuple[str, ...]) -> str:
    if known == _SWITCH and value.lower() in _OFF:
        return "disabled"
    if known == _SWITCH and value.lower() in _ON:
        return "enabled"
    return closest(value, known) or ""


def _unknown_key(key: str) -> Remark | None:
    """A key that is no switch, and was meant for one: a slip in its prefix or in its name."""
    prefix, _, name = key.partition("/")
    if prefix == KUSTOMIZE:
        near = closest(name, [each.partition("/")[2] for each in SWITCHES if prefix in each])
        meant = f"{KUSTOMIZE}/{near}" if near else ""
        return None if name in _WRITTEN else Remark(meant, on_key=True)
    misspelt = prefix.startswith("kusto") and prefix.endswith(".fluxcd.io")
    if misspelt and f"{KUSTOMIZE}/{name}" in SWITCHES:
        return Remark(f"{KUSTOMIZE}/{name}", on_key=True)
    return None
