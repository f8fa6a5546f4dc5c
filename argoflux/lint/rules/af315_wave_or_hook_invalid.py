"""A sync wave or hook that Argo CD does not read as it is meant.

## What it does

It checks the annotations `sync-wave`, `hook` and `hook-delete-policy` of `argocd.argoproj.io` on
every object: waves that are no whole number, hooks and policies that do not exist or are written in
another case, `Skip` beside other hooks, hooks of Helm beside those of Argo CD (a note), and
annotations that stand on a pod template.

## Why is this bad

A wave that is no number counts as 0, so the order is lost without a word. An object whose hook is
unknown belongs to no phase: it is never applied, and the Application still reports Synced.

## Fix safety

The fix corrects the case of a hook or policy that exists.

## When to ignore it

Both hook annotations together are fine where the same manifests are also installed by Helm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule
from argoflux.model.content import HELM_HOOK, HOOK, HOOK_DELETE_POLICY, WAVE
from argoflux.model.phases import HOOK_TYPES, is_wave
from argoflux.schema_words import closest
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio import edit
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF315",
    name="wave-or-hook-invalid",
    severity=Severity.ERROR,
    scope="estate",
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/",),
)

# argo-cd:gitops-engine/pkg/sync/common/types.go NewHookDeletePolicy; `Never` is newer than 3.5
_POLICIES = frozenset({"HookSucceeded", "HookFailed", "BeforeHookCreation", "Never"})
_NOTES: Path = ("metadata", "annotations")
_POD_TEMPLATES: Mapping[str, Path] = {
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"), ("spec", "template")
    ),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}


def check(ctx: Context) -> Iterator[Finding]:
    """The annotations of every object at hand."""
    for resource in (*ctx.resources, *ctx.workspace.templated, *ctx.workspace.marked):
        notes = _texts(resource, _NOTES)
        if WAVE in notes:
            yield from _wave(resource, notes)
        if HOOK in notes:
            yield from _hook(resource, notes, ctx)
        if HOOK_DELETE_POLICY in notes:
            yield from _policy(resource, notes, ctx)
        template = _POD_TEMPLATES.get(resource.ref.kind)
        if template is not None:
            yield from _misplaced(resource, (*template, *_NOTES))


def _texts(resource: Resource, path: Path) -> dict[str, str]:
    """The annotations at a path that are known texts."""
    found = dig(resource.body, *path)
    stated = found.items() if isinstance(found, dict) else ()
    return {k: v for k, v in stated if isinstance(v, str) and not has_placeholder(v)}


def _wave(resource: Resource, notes: Mapping[str, str]) -> Iterator[Finding]:
    """argo-cd:gitops-engine/pkg/sync/syncwaves/waves.go."""
    if not is_wave(notes[WAVE]):
        yield RULE.at(
            resource.place(*_NOTES, WAVE),
            f"`{notes[WAVE]}` is no whole number, so the object is applied in wave 0",
            resource=resource,
        )


def _hook(resource: Resource, notes: Mapping[str, str], ctx: Context) -> Iterator[Finding]:
    """argo-cd:gitops-engine/pkg/sync/hook/hook.go IsHook, Skip, Types."""
    stated = _parts(notes[HOOK])
    known = [part for part in stated if part in HOOK_TYPES]
    wrong = [part for part in stated if part not in HOOK_TYPES]
    never = "" if known or HELM_HOOK in notes else ", so the object is never applied"
    for part in wrong:
        yield _unknown(resource, HOOK, part, "hook", HOOK_TYPES, never, ctx)
    if not stated:
        text = "an empty hook belongs to no phase, so the object is never applied; name one"
        yield RULE.at(resource.place(*_NOTES, HOOK), text, resource=resource)
    if "Skip" in known and len(known) > 1:
        text = (
            "`Skip` counts only alone: the object is applied in the other phases; keep one of them"
        )
        yield RULE.at(resource.place(*_NOTES, HOOK), text, resource=resource)
    if known and HELM_HOOK in notes and "/templates/" not in f"/{resource.file}":
        yield RULE.at(
            resource.place(*_NOTES, HELM_HOOK, on="key"),
            f"Argo CD ignores `{HELM_HOOK}` beside its own hook",
            resource=resource,
            severity=Severity.INFO,
        )


def _policy(resource: Resource, notes: Mapping[str, str], ctx: Context) -> Iterator[Finding]:
    stated = _parts(notes[HOOK_DELETE_POLICY])
    usual = "" if _POLICIES & set(stated) else ", so `BeforeHookCreation` counts"
    for part in stated:
        if part not in _POLICIES:
            yield _unknown(
                resource, HOOK_DELETE_POLICY, part, "hook-delete-policy", _POLICIES, usual, ctx
            )


def _unknown(
    resource: Resource,
    key: str,
    part: str,
    what: str,
    known: frozenset[str],
    effect: str,
    ctx: Context,
) -> Finding:
    folded = {each.lower(): each for each in sorted(known)}
    meant = folded.get(part.lower()) or closest(part, sorted(known))
    place, fix = resource.place(*_NOTES, key), None
    if part.lower() in folded:
        stated: Any = dig(resource.body, *_NOTES, key)
        right = ",".join(meant if p.strip() == part else p for p in stated.split(","))
        fix = ctx.safe(f"write `{meant}`", edit.set_value(resource.document, place.path, right))
    hint = f"; did you mean `{meant}`?" if meant else ""
    return RULE.at(place, f"`{part}` is no {what}{effect}{hint}", resource=resource, fix=fix)


def _misplaced(resource: Resource, path: Path) -> Iterator[Finding]:
    for key in (WAVE, HOOK):
        if key in _texts(resource, path) and key not in block(
            block(resource.body, "metadata"), "annotations"
        ):
            yield RULE.at(
                resource.place(*path, key, on="key"),
                f"`{key}` has no effect on a pod template; move it to the object itself",
                resource=resource,
            )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _example(notes: str) -> str:
    return f"""\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    {notes}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example.com/migrate:1.2.3
"""


_HOOK = 'metadata.annotations["argocd.argoproj.io/hook"]'
BAD = (
    Example(
        title="another case",
        yaml=_example("argocd.argoproj.io/hook: Presync"),
        at=_HOOK,
        fixed=_example("argocd.argoproj.io/hook: PreSync"),
    ),
    Example(
        title="a hook that does not exist",
        yaml=_example("argocd.argoproj.io/hook: BeforeSync"),
        at=_HOOK,
    ),
    Example(
        title="skipped and not skipped",
        yaml=_example("argocd.argoproj.io/hook: Skip,Sync"),
        at=_HOOK,
    ),
    Example(title="no hook", yaml=_example('argocd.argoproj.io/hook: ""'), at=_HOOK),
    Example(
        title="a wave that is no number",
        yaml=_example('argocd.argoproj.io/sync-wave: "1.5"'),
        at='metadata.annotations["argocd.argoproj.io/sync-wave"]',
    ),
    Example(
        title="a policy in another case",
        yaml=_example(
            "argocd.argoproj.io/hook: PreSync\n"
            "    argocd.argoproj.io/hook-delete-policy: hookSucceeded"
        ),
        at='metadata.annotations["argocd.argoproj.io/hook-delete-policy"]',
        fixed=_example(
            "argocd.argoproj.io/hook: PreSync\n"
            "    argocd.argoproj.io/hook-delete-policy: HookSucceeded"
        ),
    ),
    Example(
        title="hooks of Helm and of Argo CD",
        yaml=_example("argocd.argoproj.io/hook: PreSync\n    helm.sh/hook: pre-install"),
        at='metadata.annotations["helm.sh/hook"]',
    ),
    Example(
        title="a wave on a pod template",
        yaml="""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    argocd.argoproj.io/sync-options: PruneLast=true
spec:
  template:
    metadata:
      annotations:
        argocd.argoproj.io/sync-wave: "2"
""",
        at='spec.template.metadata.annotations["argocd.argoproj.io/sync-wave"]',
    ),
)
GOOD = (
    Example(
        title="hooks, a policy and a wave",
        yaml=_example(
            "argocd.argoproj.io/hook: PreSync, PostSync\n"
            "    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\n"
            '    argocd.argoproj.io/sync-wave: "-5"'
        ),
    ),
    Example(
        title="values that are filled in later",
        yaml=_example(
            'argocd.argoproj.io/hook: "{{ .Values.hook }}"\n'
            '    argocd.argoproj.io/sync-wave: "${WAVE}"'
        ),
    ),
)
