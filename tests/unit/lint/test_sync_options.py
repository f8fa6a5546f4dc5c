"""What Argo CD makes of sync options, by level and release."""

from __future__ import annotations

import pytest

from argoflux.lint.sync_options import is_respelt, judge
from argoflux.versions import Release

APP, OBJ = "application", "object"


@pytest.mark.parametrize(
    ("option", "level", "release", "trouble"),
    [
        ("CreateNamespace=true", APP, "3.5", ""),
        ("CreateNamespace=false", APP, "3.5", ""),
        ("PrunePropagationPolicy=orphan", APP, "3.5", ""),
        ("PrunePropagationPolicy=Orphan", APP, "3.5", "unknown"),
        ("Validate=true", APP, "3.5", "inert"),
        ("Prune=false", APP, "3.4", ""),
        ("Prune=false", APP, "3.3", "unread"),
        ("Delete=confirm", APP, "3.3", "unread"),
        ("SkipDryRunOnMissingResource=true", APP, "3.0", "unread"),
        ("SkipDryRunOnMissingResource=true", OBJ, "2.8", ""),
        ("ClientSideApplyMigration=false", APP, "3.1", ""),
        ("Force=true", APP, "3.5", "elsewhere"),
        ("Force=true", OBJ, "3.5", ""),
        ("Prune=false", OBJ, "2.8", ""),
        ("Prune=true", OBJ, "3.5", ""),
        ("Replace=false", OBJ, "3.5", "inert"),
        ("ServerSideApply=false", OBJ, "3.5", ""),
        ("FailOnSharedResource=true", OBJ, "3.5", "elsewhere"),
        ("PruneLast", APP, "3.5", "unknown"),
        ("", APP, "3.5", "unknown"),
    ],
)
def test_trouble(option: str, level: str, release: str, trouble: str) -> None:
    """Options are compared as whole texts, and each counts from a release on."""
    judged = judge(option, level, Release.parse(release))  # type: ignore[arg-type]  # a level, as text in the table
    assert (judged.trouble if judged else "") == trouble


@pytest.mark.parametrize(
    ("option", "meant", "respelt"),
    [
        ("createnamespace=TRUE", "CreateNamespace=true", True),
        ("CreateNamespace = true", "CreateNamespace=true", True),
        ("CreateNamespace='true'", "CreateNamespace=true", False),
        ("create-namespace=true", "CreateNamespace=true", False),
        ("ServerSideAply=true", "ServerSideApply=true", False),
        ("PruneLast", "PruneLast=true", False),
        ("PrunePropagationPolicy=forground", "PrunePropagationPolicy=foreground", False),
        ("Whatever=true", "", False),
    ],
)
def test_what_was_meant(option: str, meant: str, *, respelt: bool) -> None:
    """A slip is told with what was meant; only case and blanks are corrected by themselves."""
    judged = judge(option, "application", Release.parse("3.5"))
    assert judged is not None
    assert judged.meant == meant
    assert is_respelt(option, meant) is respelt
