"""Lint runs over whole folders, by the command itself; findings as the JSON report tells them."""

from __future__ import annotations

import json
from contextlib import chdir
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from argoflux.cli.main import main

OWN_TEST_DATA = {
    "allenporter+flux-local": ("tests/",),
    "argoproj+applicationset": ("",),
    "argoproj+argo-cd": ("",),
    "argoproj-labs+argocd-image-updater": ("config/samples/", "test/"),
    "argoproj-labs+argocd-operator": ("config/samples/", "tests/", "examples/"),
    "aws-controllers-k8s+test-infra": ("tests/",),
    "dag-andersen+argocd-diff-preview": ("",),
    "fluxcd+flux-schema": ("",),
    "fluxcd+flux2": ("",),
    "fluxcd+helm-controller": ("",),
    "fluxcd+image-automation-controller": ("",),
    "fluxcd+image-reflector-controller": ("",),
    "fluxcd+kustomize-controller": ("",),
    "fluxcd+notification-controller": ("",),
    "fluxcd+pkg": ("",),
    "fluxcd+source-controller": ("",),
    "giantswarm+gitops-template": ("tests/",),
    "weaveworks+weave-gitops": ("test/", "tools/"),
}
"""Per repository the folders that hold what a tool is tested with, or shows as examples of itself.

Such files are wrong on purpose, or hold only what one test needs; nobody applies them.
"""


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """One finding of a repository."""

    repository: str
    file: str
    line: int
    code: str
    severity: str
    message: str

    @property
    def fingerprint(self) -> str:
        """Ten digits that stand for the message."""
        return sha256(self.message.encode()).hexdigest()[:10]


def lint_folder(folder: Path, *more: str, name: str = "") -> list[Told]:
    """Every finding below a folder, the default profile, paths relative to the folder."""
    with TemporaryDirectory() as temporary, chdir(folder):
        report = Path(temporary, "report.json")
        code = main(
            ["lint", ".", "--no-config", "--fail-on", "never", "-q", "-o", f"json={report}", *more]
        )
        if code:
            raise RuntimeError(f"lint of {folder.name} ended with {code}")
        found = json.loads(report.read_text())["findings"]
    return [
        Told(
            name or folder.name,
            one["file"],
            one["line"],
            one["code"],
            one["severity"],
            one["message"],
        )
        for one in found
    ]


def is_test_data(told: Told) -> bool:
    """Whether a finding is about what a tool is tested with."""
    return any(told.file.startswith(start) for start in OWN_TEST_DATA.get(told.repository, ()))
