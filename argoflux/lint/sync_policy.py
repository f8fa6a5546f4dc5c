"""What the sync policy of an Application says: automation, and options with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block
from argoflux.lint import authored
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.lint.application import ApplicationView
    from argoflux.text import Edit, Path

OPTIONS: Path = ("spec", "syncPolicy", "syncOptions")
AUTOMATED: Path = ("spec", "syncPolicy", "automated")


def automation(view: ApplicationView) -> Mapping[str, Any] | None:
    """``syncPolicy.automated`` where it is on, None where nothing syncs by itself.

    argo-cd:pkg/apis/application/v1alpha1/types.go IsAutomatedSyncEnabled.
    """
    found = view.get(*AUTOMATED)
    if not isinstance(found, dict) or found.get("enabled") is False:
        return None
    return found


def options(view: ApplicationView) -> Iterator[tuple[Path, str]]:
    """The sync options of an Application with their paths; those filled in later are left out.

    Items of other types are no options; the paths count them all the same.
    """
    stated = view.get(*OPTIONS)
    if not isinstance(stated, list):
        return
    written = authored.authored(view, *OPTIONS)
    texts = written if isinstance(written, list) else []
    numbers = [number for number, item in enumerate(texts) if isinstance(item, str)]
    for number, item in enumerate(stated):
        if isinstance(item, str) and not has_placeholder(item):
            path = (*OPTIONS, numbers[number]) if number < len(numbers) else OPTIONS
            yield path, item


def has_option(view: ApplicationView, option: str) -> bool:
    """Whether an option is set; Argo CD compares whole texts.

    argo-cd:pkg/apis/application/v1alpha1/types.go HasOption.
    """
    return any(text == option for _, text in options(view))


def may_have_option(view: ApplicationView, option: str) -> bool:
    """Whether an option is set or could be: one that is filled in later may be any."""
    stated = view.get(*OPTIONS)
    unknown = isinstance(stated, str) or (
        isinstance(stated, list) and any(isinstance(i, str) and has_placeholder(i) for i in stated)
    )
    return unknown or has_option(view, option) or not authored.is_whole(view)


def add_option(view: ApplicationView, option: str) -> tuple[Edit, ...]:
    """Edits that add a sync option behind those that there are."""
    stated = authored.authored(view, *OPTIONS)
    number = len(stated) if isinstance(stated, list) else 0
    return authored.insert(view, (*OPTIONS, number), option)


def managed_metadata(view: ApplicationView) -> Mapping[str, Any]:
    """``syncPolicy.managedNamespaceMetadata``, empty where there is none."""
    return block(block(view.spec, "syncPolicy"), "managedNamespaceMetadata")
