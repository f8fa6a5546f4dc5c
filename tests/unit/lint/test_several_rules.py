"""One cause is told once: by the rule that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint import samples
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

APP = samples.APPLICATION
CASES = {
    "no spec": (APP[: APP.index("spec:")], "AF101", "AF505"),
    "no project": (APP.replace("  project: shop\n", ""), "AF101", "AF505"),
    "no namespace": (
        APP.replace("    namespace: web\n", "").replace("    path: web\n", "    chart: web\n")
        + "    syncOptions: [CreateNamespace=true]\n",
        "AF303",
        "AF306",
    ),
    "no duration": (
        """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: shop, namespace: argocd}
spec:
  syncWindows:
    - {kind: allow, schedule: "0 3 * * *", duration: 1d, applications: ["*"]}
""",
        "AF109",
        "AF325",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_follows_is_not_told(tmp_path: Path, case: str) -> None:
    text, cause, consequence = CASES[case]
    codes = [finding.code for finding in lint_texts(tmp_path, {"app.yaml": text}).findings]
    assert codes.count(cause) == 1
    assert consequence not in codes


def test_long_values_are_quoted_in_part(tmp_path: Path) -> None:
    option = "NoSuchOption" * 100
    text = f"{APP}    syncOptions: [{option}]\n"
    found = lint_texts(tmp_path, {"app.yaml": text}).findings
    (message,) = [finding.message for finding in found if finding.code == "AF304"]
    assert message.startswith(f"`{option[:150]}…` is no sync option")
