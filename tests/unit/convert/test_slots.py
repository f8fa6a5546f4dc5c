"""Which attribute of the model a leaf feeds, and what of that a round trip compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.text import path_text
from tests.convert_run import convert_texts
from tests.ecosystem.comparing import compared
from tests.unit.mapping.row_cases import PLAIN, application
from tests.unit.mapping.test_rows_appset import appset_of

if TYPE_CHECKING:
    from pathlib import Path


def slots(folder: Path, text: str) -> dict[str, str]:
    """The slot of every leaf of the input, by its path."""
    _, result = convert_texts(folder, {"all.yaml": text, **PLAIN}, "flux")
    return {path_text(e.path): e.slot for e in result.entries if not e.origin}


def test_entries_name_what_a_leaf_feeds(tmp_path: Path) -> None:
    found = slots(tmp_path, application("targetRevision: main", spec="revisionHistoryLimit: 3"))
    assert found["spec.source.targetRevision"] == "part.source.revision"
    assert found["spec.revisionHistoryLimit"] == "history_limit"


def test_leaves_of_a_template_feed_the_app(tmp_path: Path) -> None:
    """Not the generated set as a whole: an app is judged by what its template states."""
    found = slots(tmp_path, appset_of("list: {elements: [{'n': one, path: app}]}"))
    assert found["spec.template.spec.source.path"] == "part.path"
    assert found["spec.generators[0].list.elements[0].path"].startswith("generated")


@pytest.mark.parametrize(
    ("slot", "key", "expected"),
    [
        ("part.path", "", True),
        ("part.source.ref", "", True),
        ("part.ref", "", False),
        ("destination.cluster", "", True),
        ("cluster.server", "", False),
        ("part.source.secret", "", False),
        ("part.source.access.proxy", "", False),
        ("part.source.proxy", "", True),
        ("sync.retry.limit", "", False),
        ("sync.prune", "", True),
        ("sync.interval", "", False),
        ("decryption", "", True),
        ("generated.order", "", False),
        ("tenant.roles", "", False),
        ("", "", True),
        ("annotations", "example.com/owner", True),
        ("annotations", "argocd.argoproj.io/refresh", False),
        ("labels", "argoflux.dev/alert-team", False),
    ],
)
def test_what_is_compared(slot: str, key: str, expected: bool) -> None:
    assert compared(slot, ("metadata", "labels", key)) is expected
