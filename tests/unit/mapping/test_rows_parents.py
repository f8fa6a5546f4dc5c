"""What an installation of Flux applies first has no root of its own."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.mapping.concept import Concept, Context
from argoflux.mapping.parents import F2A_BOOT_002, ROWS


@pytest.mark.parametrize(
    ("sync", "directory", "url"),
    [
        (
            {"kind": "GitRepository", "url": "https://git.example.com/f", "path": "clusters/prod"},
            "clusters/prod",
            "https://git.example.com/f",
        ),
        ({"kind": "GitRepository"}, ".", "its source"),
    ],
    ids=["all said", "defaults"],
)
def test_the_sync_of_an_installation_is_said(
    sync: dict[str, Any], directory: str, url: str
) -> None:
    """F2A-BOOT-002 names the repository, to which the output belongs, and the directory."""
    row = ROWS[0]
    assert isinstance(row, Concept)
    (note,) = row.to_argo
    context = Context(
        to="argocd",
        kind="",
        argocd="3.5",
        flux="2.9",
        body={"spec": {"sync": sync}},
        path=("spec", "sync", "path"),
    )
    assert note.message is F2A_BOOT_002
    assert note.facts is not None
    facts = {"name": "FluxInstance/flux-system/flux", **note.facts("", context)}
    text, _ = F2A_BOOT_002.fill(facts)
    assert f"applies `{directory}` of {url};" in text
