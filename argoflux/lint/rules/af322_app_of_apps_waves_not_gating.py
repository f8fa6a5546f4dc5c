"""Sync waves between child Applications, which Argo CD does not wait for.

## What it does

It looks for Applications that apply other Applications in different sync waves, and for the health check
of Applications in the ConfigMap `argocd-cm`. Without `argocd-cm` in the input it is a note.

## Why is this bad

Argo CD takes the next wave when the objects of the last one are healthy. Since 1.8 an Application has no
health of its own, so it counts as healthy at once: databases, operators and what
needs them start together, and the waves only look as if they ordered anything.

## When to ignore it

When the setting is made elsewhere, as in the values of the chart of Argo CD; or when the waves only
order what is created first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.emit_order import HEALTH_KEY
from argoflux.argocd.settings import read_settings
from argoflux.finding import Severity
from argoflux.lint.children import families
from argoflux.lint.rule import Example, Rule
from argoflux.model.content import WAVE
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.model.content import ContentObject

RULE = Rule(
    code="AF322",
    name="app-of-apps-waves-not-gating",
    severity=Severity.WARNING,
    scope="estate",
    kinds=("Application", "ApplicationSet"),
    evidence=("graph", "files"),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/health/",),
)

_APPS = frozenset({"Application", "ApplicationSet"})
_SETTINGS = "argocd-cm"
_SHOWN = 3


def check(ctx: Context) -> Iterator[Finding]:
    """Every Application that applies others in more than one wave."""
    ordered = [(app, children) for app, children in families(ctx) if len(_waves(children)) > 1]
    if not ordered or _waits(ctx):
        return
    has_settings = {r.root for r in ctx.resources if r.pseudo == f"ConfigMap:{_SETTINGS}"}
    for app, children in ordered:
        shown = [child for child in children if WAVE in child.annotations][:_SHOWN]
        known = app.resource.root in has_settings
        seen = "" if known else " (no `argocd-cm` is in the files at hand)"
        waves = ", ".join(map(str, _waves(children)))
        yield RULE.at(
            app.place("metadata", "name"),
            f"it applies Applications in waves {waves}, but no wave waits until the Applications"
            f" before it are healthy; add `{HEALTH_KEY}` to `{_SETTINGS}`{seen}",
            resource=app.resource,
            severity=None if known else Severity.INFO,
            related=tuple((c.place, f"wave {c.wave} of {c.ref.name}") for c in shown),
        )


def _waves(children: Sequence[ContentObject]) -> list[int]:
    return sorted({child.wave or 0 for child in children if child.certain})


def _waits(ctx: Context) -> bool:
    """Whether a health check of Applications is seen anywhere: as a setting, in a patch, in values."""
    if any(settings.waits_for_children for settings in read_settings(ctx.resources).values()):
        return True
    bodies = [p.body for p in ctx.workspace.patches if p.ref.name == _SETTINGS]
    bodies += [r.body for r in ctx.resources if r.ref.kind in {*_APPS, "HelmRelease"}]
    return any(_names_it(body) for body in bodies)


def _names_it(body: Mapping[str, object]) -> bool:
    """argo-cd:util/settings/settings.go appendResourceOverridesFromSplitKeys reads the key."""
    return any(
        HEALTH_KEY in map(str, path) or (isinstance(value, str) and HEALTH_KEY in value)
        for path, value in leaves(dict(body))
    )


_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
  annotations:
    argocd.argoproj.io/sync-wave: "{wave}"
spec:
  project: shop
  source:
    repoURL: https://git.example.com/{name}.git
    path: {name}
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  {key}: |
    return { status = "Healthy" }
"""


def _files(*waves: int, key: str = "") -> dict[str, str]:
    found = {"parent.yaml": _APPLICATION.format(name="children", wave=0)}
    for number, wave in enumerate(waves):
        stated = _APPLICATION.format(name=f"web-{number}", wave=wave)
        found[f"children/web-{number}.yaml"] = stated
    if key:
        found["settings.yaml"] = _CONFIG.replace("{key}", key)
    return found


BAD = (
    Example(
        title="two waves, and no health check",
        files=_files(0, 1, key="resource.customizations.health.example.com_Shop"),
        file="parent.yaml",
        at="metadata.name",
    ),
    Example(
        title="settings that are not at hand",
        files=_files(0, 1),
        file="parent.yaml",
        at="metadata.name",
    ),
)
GOOD = (
    Example(title="a health check", files=_files(0, 1, key=HEALTH_KEY)),
    Example(title="one wave", files=_files(1, 1)),
    Example(
        title="children that are not at hand", yaml=_APPLICATION.format(name="children", wave=0)
    ),
)
