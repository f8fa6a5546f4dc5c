"""What happens to the objects when their app is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_table import (
    APPROXIMATE,
    EQUIVALENT,
    EXACT,
    MANUAL,
    UNKNOWN,
    Row,
    application,
    build,
    check,
    each,
    kustomization,
    manifest,
    policy,
    release,
)

if TYPE_CHECKING:
    from pathlib import Path

_PATH = "metadata.finalizers[0]"
_CASCADE = "resources-finalizer.argocd.argoproj.io"
_CRD = manifest("CustomResourceDefinition", "x.example.com", api="apiextensions.k8s.io/v1")


def _with(*finalizers: str, prune: str = "true", helm: bool = False, more: str = "") -> str:
    stated = f"finalizers: [{', '.join(finalizers)}]" if finalizers else ""
    return policy(f"automated: {{prune: {prune}, selfHeal: true}}{more}", stated, helm=helm)


def _matrix(prune: str, finalizer: str, policy: str | None, flux: str = "2.9") -> Row:
    """A line of the deletion matrix."""
    return Row(
        says=f"prune {prune}, {finalizer or 'no finalizer'}, Flux {flux}",
        text=_with(*([finalizer] if finalizer else []), prune=prune),
        path=_PATH if finalizer else "",
        flux=flux,
        verdict=EQUIVALENT if finalizer else "",
        code="A2F-DEL-001" if finalizer else None,
        wrote={"spec.prune": prune == "true", "spec.deletionPolicy": policy},
    )


FINALIZERS = (
    _matrix("true", _CASCADE, "WaitForTermination"),
    _matrix("true", f"{_CASCADE}/foreground", "WaitForTermination"),
    _matrix("true", f"{_CASCADE}/background", None),
    _matrix("true", "", "Orphan"),
    _matrix("false", _CASCADE, "WaitForTermination"),
    _matrix("false", f"{_CASCADE}/background", "Delete"),
    _matrix("false", "", None),
    _matrix("true", _CASCADE, "Delete", "2.5"),
    _matrix("true", _CASCADE, None, "2.4"),
    Row(
        says="cascade without pruning before the policy exists",
        text=_with(_CASCADE, prune="false"),
        flux="2.4",
        path=_PATH,
        verdict=APPROXIMATE,
        code="A2F-DEL-004",
        wrote={"spec.deletionPolicy": None},
    ),
    Row(
        says="no finalizer before the policy exists",
        text=_with(),
        flux="2.4",
        path="",
        verdict=APPROXIMATE,
        code="A2F-DEL-004",
    ),
    Row(
        says="the first finalizer counts",
        text=_with(f"{_CASCADE}/background", _CASCADE, prune="false"),
        path="metadata.finalizers[1]",
        verdict=EQUIVALENT,
        wrote={"spec.deletionPolicy": "Delete"},
    ),
    Row(
        says="suspended",
        text=application("", f"finalizers: [{_CASCADE}]"),
        path=_PATH,
        verdict=APPROXIMATE,
        code="A2F-DEL-003",
        target="spec.deletionPolicy",
        wrote={"spec.suspend": True, "spec.deletionPolicy": "WaitForTermination"},
    ),
    Row(
        says="suspended release",
        text=application("", f"finalizers: [{_CASCADE}]", helm=True),
        path=_PATH,
        verdict=APPROXIMATE,
        code="A2F-DEL-003",
    ),
    Row(
        says="kept by an option",
        text=_with(_CASCADE, more="\nsyncOptions: [Delete=false]"),
        path=_PATH,
        verdict=EQUIVALENT,
        wrote={"spec.deletionPolicy": "Orphan"},
    ),
    Row(
        says="foreground of a release",
        text=_with(_CASCADE, helm=True),
        path=_PATH,
        verdict=EQUIVALENT,
        wrote={"spec.uninstall": None},
    ),
    Row(
        says="background of a release",
        text=_with(f"{_CASCADE}/background", helm=True),
        path=_PATH,
        verdict=EXACT,
        target="spec.uninstall.disableWait",
        wrote={"spec.uninstall.disableWait": True},
    ),
    Row(
        says="release without a finalizer",
        text=_with(helm=True),
        path="",
        verdict=APPROXIMATE,
        code="A2F-DEL-002",
    ),
    *(
        Row(
            says=name,
            text=_with(name),
            path=_PATH,
            verdict=MANUAL,
            code="A2F-HOOK-005",
        )
        for name in (
            "pre-delete-finalizer.argocd.argoproj.io",
            "post-delete-finalizer.argocd.argoproj.io/cleanup",
        )
    ),
    *(
        Row(says=name, text=_with(name), path=_PATH, verdict=APPROXIMATE, code="A2F-DEL-005")
        for name in ("example.com/guard", f"{_CASCADE}/later")
    ),
    Row(
        says="a finalizer of Flux",
        text=_with("finalizers.fluxcd.io"),
        path=_PATH,
        verdict=EQUIVALENT,
    ),
    Row(
        says="a finalizer of Flux on its own object",
        text=kustomization("", "finalizers: [finalizers.fluxcd.io]"),
        path=_PATH,
        verdict=EQUIVALENT,
    ),
)


def _policy(prune: str, stated: str, verdict: str, finalizer: str | None, code: str = "") -> Row:
    """A line of the matrix of the way back."""
    return Row(
        says=f"{stated} with prune {prune}",
        text=kustomization(f"prune: {prune}\ndeletionPolicy: {stated}"),
        path="spec.deletionPolicy",
        verdict=verdict,
        code=code or None,
        wrote={"metadata.finalizers": [finalizer] if finalizer else None},
    )


_BACKGROUND = f"{_CASCADE}/background"
_WAITS = ("WaitForTermination", APPROXIMATE, _CASCADE, "F2A-DEL-001")

POLICIES = (
    _policy("true", "MirrorPrune", EXACT, _BACKGROUND),
    _policy("true", "Orphan", EXACT, None),
    _policy("true", "Delete", EQUIVALENT, _BACKGROUND),
    _policy("true", *_WAITS),
    _policy("false", "MirrorPrune", EXACT, None),
    _policy("false", "Orphan", EXACT, None),
    _policy("false", "Delete", EQUIVALENT, _BACKGROUND),
    _policy("false", *_WAITS),
    _policy("true", "Forget", UNKNOWN, _BACKGROUND, "F2A-DEL-003"),
    Row(
        says="suspended objects delete nothing",
        text=kustomization("suspend: true\ndeletionPolicy: WaitForTermination"),
        path="spec.deletionPolicy",
        verdict=EQUIVALENT,
        wrote={"metadata.finalizers": None},
    ),
    Row(
        says="CRDs stay",
        text=kustomization(),
        files=build(_CRD),
        path="",
        verdict=EQUIVALENT,
        code="F2A-KS-007",
    ),
    Row(
        says="uninstalling waits",
        text=release("uninstall: {disableWait: false}"),
        path="spec.uninstall.disableWait",
        verdict=EXACT,
        wrote={"metadata.finalizers": [_CASCADE]},
    ),
    Row(
        says="uninstalling does not wait",
        text=release("uninstall: {disableWait: true}"),
        path="spec.uninstall.disableWait",
        verdict=APPROXIMATE,
        code="F2A-DEL-001",
        target="metadata.finalizers[0]",
        wrote={"metadata.finalizers": [_BACKGROUND]},
    ),
    Row(
        says="a propagation wins over waiting",
        text=release("uninstall: {disableWait: true, deletionPropagation: foreground}"),
        path="spec.uninstall.disableWait",
        verdict=EQUIVALENT,
        wrote={"metadata.finalizers": [_CASCADE]},
    ),
    *(
        Row(
            says=f"uninstalling in the {name}",
            text=release(f"uninstall: {{deletionPropagation: {name}}}"),
            path="spec.uninstall.deletionPropagation",
            verdict=EQUIVALENT,
            wrote={"metadata.finalizers": [finalizer]},
        )
        for name, finalizer in (("background", _BACKGROUND), ("foreground", _CASCADE))
    ),
    Row(
        says="uninstalling without dependents",
        text=release("uninstall: {deletionPropagation: orphan}"),
        path="spec.uninstall.deletionPropagation",
        verdict=APPROXIMATE,
        code="F2A-DEL-002",
        wrote={"metadata.finalizers": None},
    ),
    Row(
        says="a suspended release is not uninstalled",
        text=release("suspend: true\nuninstall: {deletionPropagation: orphan}"),
        path="spec.uninstall.deletionPropagation",
        verdict=EQUIVALENT,
        wrote={"metadata.finalizers": None},
    ),
)

ROWS = (*FINALIZERS, *POLICIES)


@each(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the target that the tables say."""
    check(row, tmp_path)
