"""A change that makes more disappear at once than it seems to.

## What it does

Compared with the revision of `--base`, it reports a generator of an ApplicationSet that no longer makes three or more of its
Applications, pruning of an Application that is switched on where it was off, and objects that move from one Kustomization to another while
the first one prunes.

## Why is this bad

An element that leaves a list deletes an Application, and with it, unless told otherwise, all that it deployed. Pruning that
is switched on deletes at the next sync everything that has left Git since the first one. An object that moves is deleted and made anew when
its old Kustomization runs before the new one.

## When to ignore it

When all of it shall go. Look at `argocd appset generate` or `flux diff kustomization` before.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.lint.deliveries import flux_deliveries, is_identified
from argoflux.lint.owners import key_of, owners, set_deletes
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION, CONFIG_MAP, GIT_REPOSITORY, KUSTOMIZATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.lint.owners import Key, Owner
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

RULE = Rule(
    code="AF708",
    name="owner-and-content-removed-together",
    severity=Severity.WARNING,
    scope="base",
    kinds=("Application", "ApplicationSet", "Kustomization"),
    evidence=("base",),
    silenced_by=("AF706",),
)
_PRUNE = "kustomize.toolkit.fluxcd.io/prune"
_MANY = 3
_SHOWN = 3


def check(ctx: Context) -> Iterator[Finding]:
    """Sets that make fewer Applications, and pruning that is new."""
    if ctx.before is None:
        return
    now, before = owners(ctx), owners(ctx.before)
    yield from _narrowed(ctx, now, before)
    yield from _pruning(now, before)
    yield from _moved(ctx, ctx.before, now, before)


def _pruning(now: dict[Key, Owner], before: dict[Key, Owner]) -> Iterator[Finding]:
    """Pruning of Applications that is new; each set is told once.

    Flux forgets what leaves a source while `prune` is off: its inventory is that of the last build
    (kustomize-controller:internal/controller/kustomization_controller.go).
    """
    told = set()
    for key, new in now.items():
        old = before.get(key)
        if old is None or new.view is None or old.prunes or not new.prunes:
            continue
        made = new.view.generator is not None
        title = f"{new.resource.ref.kind} {new.resource.ref.name}" if made else new.title
        if title not in told:
            told.add(title)
            message = (
                f"pruning of {title} is switched on: the next sync deletes everything that has left"
                " its source since it was off"
            )
            place = new.view.place("spec", "syncPolicy", "automated", "prune")
            yield RULE.at(place, message, resource=new.resource, severity=Severity.INFO)


def _moved(
    ctx: Context, earlier: Context, now: dict[Key, Owner], before: dict[Key, Owner]
) -> Iterator[Finding]:
    """Objects that go from one Kustomization to another, while the first one prunes.

    It deletes what has left its build unless the other one has applied it already
    (kustomize-controller:internal/controller/kustomization_controller.go prune: labels of the owner).
    """
    was, found = _applied(earlier), _applied(ctx)
    moves: dict[tuple[Key, Key], list[ContentObject]] = defaultdict(list)
    for identity, (key, obj) in found.items():
        old, known = was.get(identity, (key, obj))
        if old == key or old not in now or key not in before or not before[old].prunes:
            continue
        if known.annotations.get(_PRUNE, "").lower() != "disabled" and now[old].prunes:
            moves[old, key].append(obj)
    for (old, key), objects in moves.items():
        more = f" and {len(objects) - 1} more" if len(objects) > 1 else ""
        what = f"{objects[0].ref.kind} {objects[0].ref.name}{more}"
        message = (
            f"{what} moves from Kustomization {old[3]} to {key[3]}: where the first one runs before the"
            f" other, it is deleted and made anew; annotate it with `{_PRUNE}: disabled` in a change before"
        )
        yield RULE.at(objects[0].place, message, resource=now[key].resource)


def _applied(ctx: Context) -> dict[tuple[str, Any], tuple[Key, ContentObject]]:
    """The objects that one Kustomization alone applies, with it."""
    found: dict[tuple[str, Any], tuple[Key, ContentObject]] = {}
    several = set()
    for delivery in flux_deliveries(ctx):
        for obj in delivery.content.objects:
            identity = (delivery.root, obj.ref)
            if is_identified(obj):
                several |= {identity} & found.keys()
                found[identity] = (key_of(delivery.owner), obj)
    return {identity: one for identity, one in found.items() if identity not in several}


def _narrowed(ctx: Context, now: dict[Key, Owner], before: dict[Key, Owner]) -> Iterator[Finding]:
    lost: dict[tuple[str, str, str, str], list[Owner]] = defaultdict(list)
    for key, old in before.items():
        if (
            old.view is not None
            and old.view.generator is not None
            and key not in now
            and old.deletes
            and set_deletes(old)
        ):
            lost[_identity(old.resource)].append(old)
    for resource in ctx.resources:
        gone = lost.get(_identity(resource), []) if resource.ref.kind == "ApplicationSet" else []
        if len(gone) < _MANY or any(view.open for view in ctx.applications(resource)):
            continue
        names = [owner.key[3] for owner in gone]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        message = (
            f"{len(names)} Applications of the set are gone ({', '.join(names[:_SHOWN])}{more}), and"
            " all that they deployed is deleted; set `preserveResourcesOnDeletion: true` first to keep it"
        )
        yield RULE.at(resource.place("spec", "generators", on="key"), message, resource=resource)


def _identity(resource: Resource) -> tuple[str, str, str, str]:
    return (resource.root, resource.ref.kind, resource.ref.namespace, resource.ref.name)


_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - list:
        elements: [<elements>]
  template:
    metadata:
      name: "{{ .name }}"
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        targetRevision: main
        path: "{{ .name }}"
      destination:
        name: in-cluster
        namespace: "{{ .name }}"
"""
_FIVE = _SET.replace("<elements>", "{name: a}, {name: b}, {name: c}, {name: d}, {name: e}")
_MANUAL = APPLICATION.replace("prune: true, ", "")
_FOLLOWED = GIT_REPOSITORY.replace("tag: v1.2.3", "branch: main")
_TWO = f"{_FOLLOWED}---\n{KUSTOMIZATION}---\n" + KUSTOMIZATION.replace(
    "name: web\n  namespace", "name: api\n  namespace"
).replace("./web", "./api")
_OTHER = CONFIG_MAP.replace("name: web", "name: other")
_OLD = {"flux.yaml": _TWO, "web/web.yaml": CONFIG_MAP, "web/other.yaml": _OTHER}
_KEPT = CONFIG_MAP.replace(
    "  name: web\n", "  name: web\n  annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}\n"
)

BAD = (
    Example(
        title="three elements fewer",
        yaml=_SET.replace("<elements>", "{name: a}, {name: b}"),
        base={"example.yaml": _FIVE},
        at="spec.generators",
    ),
    Example(
        title="pruning is switched on",
        yaml=APPLICATION,
        base={"example.yaml": _MANUAL},
        at="spec.syncPolicy.automated.prune",
    ),
    Example(
        title="an object that goes to another Kustomization",
        files={"flux.yaml": _TWO, "api/web.yaml": CONFIG_MAP, "web/other.yaml": _OTHER},
        base={**_OLD, "api/third.yaml": CONFIG_MAP.replace("name: web", "name: third")},
        file="api/web.yaml",
        at="",
    ),
)
GOOD = (
    Example(
        title="an object that goes to another file",
        files={"flux.yaml": _TWO, "web/new.yaml": CONFIG_MAP, "web/other.yaml": _OTHER},
        base=_OLD,
    ),
    Example(
        title="an object that moves with its protection",
        files={"flux.yaml": _TWO, "api/web.yaml": _KEPT, "web/other.yaml": _OTHER},
        base={**_OLD, "web/web.yaml": _KEPT},
    ),
    Example(
        title="pruning of a Kustomization, which forgot what had left it",
        yaml=KUSTOMIZATION,
        base={"example.yaml": KUSTOMIZATION.replace("prune: true", "prune: false")},
    ),
    Example(
        title="one element fewer",
        yaml=_SET.replace("<elements>", "{name: a}, {name: b}, {name: c}, {name: d}"),
        base={"example.yaml": _FIVE},
    ),
    Example(
        title="what was deployed is preserved",
        yaml=_SET.replace("<elements>", "{name: a}"),
        base={
            "example.yaml": _FIVE.replace(
                "spec:\n  goTemplate",
                "spec:\n  syncPolicy: {preserveResourcesOnDeletion: true}\n  goTemplate",
            )
        },
    ),
    Example(title="pruning stays as it was", yaml=APPLICATION, base={"example.yaml": APPLICATION}),
)
