"""What a round trip compares: two models of one app, and what may differ between them.

``LEFT_OUT`` says what is no part of the comparison. It decides both what is looked at here and
which losses keep an app from taking part (docs/adr/0011); ``ADDITIONS`` is what the other system
has to state, or does anyhow.
"""

from __future__ import annotations

import copy
import posixpath
import re
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from argoflux.flux.load_registry import HELM_LAYER
from argoflux.goports.giturl import repository_key
from argoflux.goports.strvals import apply_parameter
from argoflux.mapping import revisions
from argoflux.mapping.jq_paths import pointer_of
from argoflux.model.app import App, Destination, Drift, Health, IgnoreRule, Order, Part, Retry, Sync
from argoflux.model.content import Known
from argoflux.model.render import Helm
from argoflux.model.source import Revision

if TYPE_CHECKING:
    from argoflux.mapping.concept import System
    from argoflux.model.content import Content
    from argoflux.text import Path

LEFT_OUT = {
    *("root", "made_of", "extra", "at", "part.ref"),  # where it stands, not what it is
    *("by_name", "access", "source.name", "source.secret"),  # the object for a repository, and keys
    *("interval", "timeout", "retry"),  # cadence and retries
    "automated_stated",  # how automation is spelled
    "guessed",
}
"""Attributes of the model that no round trip compares; with the attribute that holds them where
another of that name is compared."""
OF_APPS = {*(item.name for item in fields(App)), "part", "decryption", ""}
"""Where the slots of an app begin. The others are about other objects: what generates an app,
projects, settings, notifications, credentials. What feeds nothing in the model counts as part of it."""
ANY: Any = object()
"""Whatever was stated."""
Change = tuple[Any, Any]
ADDITIONS: dict[System, dict[str, Change]] = {
    "argocd": {
        # Flux applies server-side and prunes in the background, whatever is asked of it
        "sync.options.ServerSideApply=true": (None, True),
        "sync.options.PrunePropagationPolicy=background": (None, True),
        # it only ever applies what differs
        "sync.options.ApplyOutOfSyncOnly=true": (True, None),
        # deleting a HelmRelease uninstalls, whatever was said (A2F-DEL-002)
        "deletion": (None, "foreground"),
        # it corrects drift at every interval, and a Helm upgrade deletes what left the chart
        "sync.self_heal": (None, True),
        "sync.prune": (None, True),
        # without a kustomization file it reads the whole tree, and only these files
        "parts.render.recurse": (None, True),
        "parts.render.include": (None, "{*.yaml,*.yml}"),
        # the guard against an empty render comes back on: Flux has none that could be off
        "sync.allow_empty": (True, None),
    },
    "flux": {
        # Argo CD always reports health, and rolls a chart in Git out commit by commit
        "health.wait": (None, True),
        "parts.render.reconcile_on": ("chart-version", "revision"),
        # a list of some of its objects says nothing beside that
        "health.checks": (ANY, None),
        # what Argo CD reads below the path is the same without it, or it is a loss (F2A-KS-022)
        "parts.source.ignore": (ANY, None),
        # the account that the controller uses anyhow (only in flux-system; elsewhere a project names it)
        "service_account": ("helm-controller", None),
    },
}
"""What a round trip may make explicit in an app of a system, or take back: by path in the model,
what was stated and what comes back. All else that differs is an exception."""
NAMESPACES = {"parts.render.namespace", "destination.namespace"}
MOVED = ("parts.", "destination.namespace")
"""What a parent of other apps applies afterwards: the folder of what they became."""
TRANSPARENT = (App, Part, Sync, Retry, Health, Destination, Drift, IgnoreRule, Order)
TODO = "TODO"
RESPECT = "RespectIgnoreDifferences=true"
ADDED = (
    "argoflux.dev/",
    # instructions to the controllers of one system; the order of waves is compared, not the numbers
    *("argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "reconcile.fluxcd.io/"),
    # what others are told about the app: notifications, image updates
    *("notifications.argoproj.io/", "argocd-image-updater.argoproj.io/"),
)
"""Keys of labels and annotations that are not compared."""
DEFAULTS = {"": None, "orphan": None, False: None, "default": None, (): None}


def compared(slot: str, path: Path = ()) -> bool:
    """Whether a round trip compares what a row's slot names.

    A slot is the path of an attribute (``part.source.access.secret``), empty for what the model
    does not hold; a leaf of ``path`` may be a key that is not compared.
    """
    steps = slot.split(".")
    named = {*steps, *map(".".join, pairwise(steps))}
    told = bool(path) and slot in {"labels", "annotations"} and str(path[-1]).startswith(ADDED)
    return steps[0] in OF_APPS and not LEFT_OUT & named and not told


def with_defaults(app: App) -> App:
    """The app with what its controller makes of what is not said.

    Nobody stated the finalizer that an ApplicationSet gives its Applications, and Flux deletes
    nothing while suspended (a stated one is a loss: A2F-DEL-003).
    kustomize-controller:api/v1/kustomization_types.go: MirrorPrune deletes where ``prune`` is set.
    gitops-engine:pkg/sync/sync_context.go: without a namespace there is none to create.
    """
    if app.kind == "Application" and app.sync.suspended and app.resource.made_by is not None:
        app = replace(app, deletion=None)
    if app.kind == "Kustomization" and app.deletion is None and app.sync.prune:
        app = replace(app, deletion="background")
    rules = tuple(map(_with_pointers, app.drift.rules))
    app = replace(app, drift=replace(app.drift, rules=rules))
    if not rules:  # there is nothing to respect
        kept = tuple(option for option in app.sync.options if option != RESPECT)
        app = replace(app, drift=Drift(), sync=replace(app.sync, options=kept))
    if not app.destination.namespace:
        app = replace(app, destination=replace(app.destination, create_namespace=False))
    return app


def canonical(value: Any, key: str = "") -> Any:
    """A model value as plain data after defaults, without what a round trip may change."""
    if isinstance(value, Revision):
        return revisions.canonical(value)
    if isinstance(value, Helm) and value.parameters:
        value = _with_parameters(value)
    if isinstance(value, Part) and isinstance(value.render, Helm):
        value = replace(value, render=_with_own_files(value))
    if is_dataclass(value) and not isinstance(value, type):
        found = {
            item.name: canonical(getattr(value, item.name), item.name)
            for item in fields(value)
            if not LEFT_OUT & {item.name, f"{key}.{item.name}"}
        }
        kept = {k: v for k, v in found.items() if v not in (None, {}, [])}
        return kept if isinstance(value, TRANSPARENT) else {"is": type(value).__name__, **kept}
    if isinstance(value, dict):
        kept = {k: canonical(v) for k, v in value.items() if not str(k).startswith(ADDED)}
        return kept or None
    if isinstance(value, list | tuple):
        if key == "parts":  # sources that only lend files are part of what uses them
            return [canonical(part, "part") for part in value if part.produces]
        if key == "options":
            return dict.fromkeys(map(str, value), True)
        return [canonical(item) for item in value] or None
    if key == "url":
        return repository_key(value).rstrip("/")
    if key == "layer":
        return None if value == HELM_LAYER else value
    if isinstance(value, str | bool) and value in DEFAULTS:
        return None
    return value


def _with_pointers(rule: IgnoreRule) -> IgnoreRule:
    """The rule with its jq paths as the JSON pointers that say the same."""
    found = {path: pointer_of(path) for path in rule.jq}
    pointers = (*rule.pointers, *(pointer for pointer in found.values() if pointer is not None))
    return replace(rule, pointers=pointers, jq=tuple(p for p in rule.jq if found[p] is None))


def _with_parameters(helm: Helm) -> Helm:
    """The chart with its parameters merged into the values, as Helm merges them."""
    values: dict[str, Any] = copy.deepcopy(dict(helm.values or {}))
    for forced in (False, True):
        for item in helm.parameters:
            if item.force_string is forced:
                apply_parameter(values, item.name, item.value, force_string=forced)
    return replace(helm, values=values, parameters=())


def _with_own_files(part: Part) -> Helm:
    """The chart with its values files by their path; its own defaults count without being named."""
    helm = part.render
    assert isinstance(helm, Helm)
    own = posixpath.normpath(posixpath.join(part.path, "values.yaml"))
    files = [re.sub(r"^\$[^/]+/", "", name) for name in helm.values_files]
    return replace(helm, values_files=tuple(name for name in files if name != own))


def difference(one: App, two: App, system: System, content: Content, moved: bool) -> str:
    """What is lost, changed or added beyond what may be added; empty when nothing is.

    ``content`` is what the path of the first app yields; ``moved`` says that the second is a parent
    of apps that applies a folder of the output.
    """
    left, right = (flat(canonical(with_defaults(app))) for app in (one, two))
    found = []
    for key in sorted({*left, *right}):
        change = (left.get(key), right.get(key))
        if _slot(key) in NAMESPACES and _same_namespaces(_slot(key), change, content):
            continue
        if moved and _slot(key).startswith(MOVED):
            continue
        if change[0] != change[1] and not _may_differ(system, _slot(key), change):
            found.append(f"{key}: {change[0]!r} -> {change[1]!r}")
    return "; ".join(found[:4])


def _same_namespaces(slot: str, change: Change, content: Content) -> bool:
    """Whether every object of the path is in its namespace with either of two settings."""
    if not isinstance(content, Known):
        return False
    everywhere = content.namespaces[0] if len(content.namespaces) == 1 else None
    if slot == "destination.namespace" and content.complete and not content.blank:
        return change[1] in (None, everywhere)  # it fills blanks, and there are none
    return change == (None, everywhere)


def _may_differ(system: System, slot: str, change: Change) -> bool:
    for allowed, (stated, returned) in ADDITIONS[system].items():
        if slot == allowed or (stated is ANY and slot.startswith(f"{allowed}.")):
            return change[1] == returned and stated in (ANY, change[0])
    return False


def _slot(key: str) -> str:
    """The attribute path without list positions."""
    return ".".join(step for step in key.split(".") if not step.isdigit())


def flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {prefix: value}
    out: dict[str, Any] = {}
    for key, item in value.items():
        out.update(flat(item, f"{prefix}.{key}" if prefix else str(key)))
    return out
