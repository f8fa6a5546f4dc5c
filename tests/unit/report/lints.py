"""Results of lint made by hand, for tests of reports."""

from __future__ import annotations

from typing import Any

from argoflux.finding import Finding, Fix, Place, Severity
from argoflux.lint.result import Lint
from argoflux.text import Edit, SourceFile
from argoflux.yamlio.load import load_text

TEXT = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
spec:
  project: default
"""


def finding(name: str = "apps/web.yaml", **more: Any) -> Finding:
    """A finding about ``spec.project`` of a small Application."""
    (document,) = load_text(SourceFile(name=name, text=TEXT)).documents
    place = Place(source=document.source, document=document, path=("spec", "project"))
    given: dict[str, Any] = {
        "code": "AF505",
        "slug": "default-project",
        "severity": Severity.WARNING,
        "message": "the Application belongs to project `default`",
        "place": place,
        "resource": "Application/web",
    }
    return Finding(**{**given, **more})


def fixed(safety: str = "safe") -> Finding:
    """A finding with a fix and a related place."""
    plain = finding()
    start, end = plain.place.span()
    fix = Fix(title="write `shop`", safety=safety, edits=(Edit(start, end, "shop"),))
    return finding(fix=fix, related=((plain.place, "it is stated here"),))


def nasty() -> Finding:
    """A finding whose texts could steer a terminal, a page or a log."""
    return finding(
        name="a%20b/<script>,x:y.yaml",
        severity=Severity.ERROR,
        message="`https://user:s3cret@host/x` holds <b>100%</b>\n\x1b[31m | pipes & \u202etricks",
    )


def sample(*findings: Finding, **more: Any) -> Lint:
    """A result with these findings, or with one of each sort."""
    chosen = findings or (finding(), fixed(), fixed("unsafe"), nasty())
    return Lint(findings=chosen, inputs=("apps",), seen=4, objects=3, rules=("AF505",), **more)
