"""What every golden input becomes for older releases: nothing that they cannot read yet."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from argoflux.mapping.emission import ConvertOptions
from argoflux.workspace.read import read
from tests.convert_run import convert_folder
from tests.ecosystem.accounts import all_checks, nothing_newer
from tests.golden.test_convert import CASES, EXAMPLES, case_names

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.mapping.concept import System


def folder_of(name: str) -> Path:
    case = tomllib.loads((CASES / name / "case.toml").read_text())
    if "example" in case:
        return EXAMPLES / str(case["example"])
    if "back" in case:
        return CASES / str(case["back"]) / "expected"
    return CASES / str(case.get("like", name)) / "input"


def cases_to(system: System) -> list[str]:
    return [n for n in case_names() if f'"{system}"' in (CASES / n / "case.toml").read_text()]


@pytest.mark.parametrize("flux", ["2.3", "2.6", "2.9"])
@pytest.mark.parametrize("name", cases_to("flux"))
def test_flux(name: str, flux: str) -> None:
    folder = folder_of(name)
    workspace = read([str(folder)], cwd=str(folder))
    result = convert_folder(workspace, "flux", ConvertOptions(to_folder=True), flux=flux)
    assert nothing_newer(result, flux) == []
    assert all_checks(workspace.resources, result) == []


@pytest.mark.parametrize("argocd", ["2.8", "3.0", "3.5"])
@pytest.mark.parametrize("name", cases_to("argocd"))
def test_argocd(name: str, argocd: str) -> None:
    folder = folder_of(name)
    workspace = read([str(folder)], cwd=str(folder))
    result = convert_folder(workspace, "argocd", ConvertOptions(to_folder=True), argocd=argocd)
    assert nothing_newer(result, argocd) == []
    assert all_checks(workspace.resources, result) == []
