"""What the engine says about a run: told whatever is selected, and only left out by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Place
from argoflux.lint.registry import ENGINE_RULES, load_rule
from argoflux.lint.select import select
from argoflux.lint.suppress import configured
from argoflux.text import SourceFile
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
"""


def test_selecting_a_rule_keeps_what_is_said_about_the_run() -> None:
    """``--select AF505`` runs one rule; an unreadable file is told all the same."""
    assert select(chosen=["AF505"]).codes == ENGINE_RULES | {"AF505"}


def test_it_is_left_out_by_its_code() -> None:
    """``--ignore AF9`` is heard, also beside a selection."""
    codes = select(chosen=["AF505"], ignored=["AF9", "templated-file-skipped"]).codes
    assert codes == {"AF505", "AF007"}


def test_a_rule_that_fails_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the rule and the sort of error, never its text."""

    def fail(*_: object) -> None:
        raise ValueError("with a secret")

    monkeypatch.setattr(load_rule("AF101"), "check", fail)
    (finding,) = lint_texts(tmp_path, {"p.yaml": PROJECT}, code="AF101").findings
    assert (finding.code, finding.slug) == ("AF901", "rule-crashed")
    assert "ValueError in rule AF101" in finding.message
    assert "secret" not in finding.message


def test_a_statement_ends_with_its_day() -> None:
    """The day itself still counts; the next day the entry is a finding."""
    from argoflux.config import Ignore

    place = Place(source=SourceFile(".argoflux.yaml", ""))
    entry = Ignore(codes=("AF505",), path="*", until="2026-11-01", place=place)
    counting, expired = configured([entry], "2026-11-01")
    assert (len(counting), expired) == (1, [])
    counting, (finding,) = configured([entry], "2026-11-02")
    assert not counting
    assert (finding.code, finding.slug) == ("AF903", "expired-suppression")
    assert "2026-11-01" in finding.message
