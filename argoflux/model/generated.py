"""Generators of apps: ApplicationSets with what they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.app import App
    from argoflux.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GeneratedSet:
    """A generator of apps and the apps that it makes now, in its own order.

    ``steps`` are the stages of a rollout: an app is due when those of the stages before are well.
    ``policy`` says which of create, update and delete may happen to what was made. ``facts`` are
    for the rows.

    ``kind`` is ``list``, ``clusters`` or ``git`` where one generator makes all; else ``unfoldable`` says what
    stands against one template for all apps. ``inputs`` are the parameters of each app, ``labels``
    those of each app's cluster and ``selector`` what chooses them. A ``git`` set
    takes every folder directly below ``folder``, but for those ``excluded``. ``lacking`` are the
    functions of its templates that ResourceSets lack; ``lenient`` says that absent keys are no error.
    """

    resource: Resource
    apps: tuple[App, ...] = ()
    steps: tuple[tuple[App, ...], ...] = ()
    policy: str = "sync"
    facts: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    unfoldable: str = ""
    inputs: tuple[Mapping[str, Any], ...] = ()
    labels: tuple[Mapping[str, str], ...] = ()
    selector: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""
    excluded: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    lenient: bool = False
