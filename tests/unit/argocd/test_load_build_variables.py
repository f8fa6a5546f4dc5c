"""Expansion of build variables as Go's os.Expand does it."""

from __future__ import annotations

import pytest

from argoflux.argocd.build_variables import Expansion


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("plain", "plain"),
        ("$ARGOCD_APP_NAME", "shop"),
        ("${ARGOCD_APP_NAME}x", "shopx"),
        ("$ARGOCD_APP_NAMEx", ""),
        ("$$ARGOCD_APP_NAME", "$ARGOCD_APP_NAME"),
        ("a$", "a$"),
        ("a$.b", "a$.b"),
        ("$1b", "b"),
        ("${}x", "x"),
        ("${open", "open"),
        ("${a-b}c", "c"),
        ("${KUBE_VERSION}", "${KUBE_VERSION}"),
    ],
)
def test_expand(text: str, expanded: str) -> None:
    """Unknown names become empty, `$$` is a dollar, run-time names stay."""
    assert Expansion({"ARGOCD_APP_NAME": "shop"}).expand(text) == expanded
