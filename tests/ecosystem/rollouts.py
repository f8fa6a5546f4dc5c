"""`python -m tests.ecosystem.rollouts [REPOSITORY…]`: every app of the corpus as a step of a rollout.

Each repository is converted as if its apps, or the parents of them, asked for a rollout. What the
ApplicationSets make has to be the Applications that the same repository becomes with waves.
"""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any
from unittest import mock

from argoflux.argocd.appset.expand import expand
from argoflux.argocd.appset.generators import Inputs
from argoflux.argocd.emit_parents import is_parent
from argoflux.argocd.emit_rollouts import WAVE_LABEL
from argoflux.mapping.emission import ConvertOptions
from argoflux.model.content import WAVE
from argoflux.workspace.read import read
from tests.convert_run import convert_folder
from tests.ecosystem.accounts import all_checks
from tests.ecosystem.corpus import repositories

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from argoflux.convert.result import Conversion
    from argoflux.model.app import App

Applications = dict[tuple[str, str], dict[str, Any]]


def without_order(body: Any) -> dict[str, Any]:
    """An Application without its wave, whichever way it is said, and without empty metadata."""
    found: dict[str, Any] = copy.deepcopy(body)
    metadata = found["metadata"]
    metadata.get("labels", {}).pop(WAVE_LABEL, None)
    metadata.get("annotations", {}).pop(WAVE, None)
    found["metadata"] = {key: value for key, value in metadata.items() if value}
    return found


def applications(result: Conversion) -> Applications:
    bodies: list[Any] = [(d.root, d.body) for d in result.documents]
    return {
        (root, body["metadata"]["name"]): without_order(body)
        for root, body in bodies
        if body["kind"] == "Application"
    }


def generated(result: Conversion) -> Applications:
    bodies: list[Any] = [(d.root, d.body) for d in result.documents]
    return {
        (root, child.name): without_order(child.body)
        for root, body in bodies
        if body["kind"] == "ApplicationSet" and "strategy" in body["spec"]
        for child in expand(body, Inputs()).children
    }


def check_repository(folder: Path, asks: Callable[[App], bool]) -> tuple[int, list[str]]:
    """How many Applications were steps, and what is wrong with the conversion or with them."""
    workspace = read([str(folder)], cwd=str(folder))
    options = ConvertOptions(to_folder=True)
    waved = applications(convert_folder(workspace, "argocd", options))
    with mock.patch("argoflux.argocd.rollouts.asks", asks):
        result = convert_folder(workspace, "argocd", options)
    steps = generated(result)
    wrong = all_checks(workspace.resources, result)
    wrong += [f"{key[1]} is another one" for key, body in steps.items() if waved.get(key) != body]
    lost = waved.keys() - applications(result).keys() - steps.keys()
    return len(steps), wrong + [f"{name} is lost" for _, name in sorted(lost)]


def main(names: list[str]) -> int:
    total, complaints = 0, 0
    for folder in repositories():
        if names and folder.name not in names:
            continue
        for asks in (is_parent, lambda app: not is_parent(app)):
            count, wrong = check_repository(folder, asks)
            total += count
            complaints += len(wrong)
            for text in wrong:
                print(f"{folder.name}: {text}")
    print(f"{total} Applications in rollouts, {complaints} complaints")
    return 1 if complaints or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
