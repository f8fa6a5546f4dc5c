"""A Helm value that another one in the same object replaces.

## What it does

Argo CD: `helm.values` beside `helm.valuesObject`; parameters that replace a value of these with
another one, that are stated twice, or that turn a text into a number or a truth value. Flux:
`valuesFrom` with a `targetPath` that `spec.values` holds too, with the winner as helm-controller
merges them.

## Why is this bad

The losing value reads as if it counted. Argo CD drops all of `values` when `valuesObject` is there.
In Flux the documented order is true for nested maps only: at the top level the inline value wins
over the reference, and a placeholder reaches the chart instead of the password.

## Fix safety

The fix removes `values` where it says the same as `valuesObject`.

## When to ignore it

When a parameter is written by a tool on purpose, such as an image updater.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, items
from argoflux.finding import Severity
from argoflux.flux.values_from import compose
from argoflux.flux.values_layers import parse_values, plain
from argoflux.goports.strvals import StrvalsError, apply_parameter
from argoflux.lint import authored
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.edit import same
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF318",
    name="helm-values-shadowed",
    severity=Severity.WARNING,
    kinds=("Application", "ApplicationSet", "HelmRelease"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/helm/",),
)

_PROBE = "\x00"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The values of each Helm source of an Application, and those of a release."""
    if resource.ref.kind == "HelmRelease":
        yield from _of_release(resource)
        return
    for app in ctx.applications(resource):
        for path, source in app.sources():
            helm = block(source, "helm")
            if helm:
                yield from _blocks(app, (*path, "helm"), helm, ctx)
                yield from _parameters(app, (*path, "helm"), helm)


def _blocks(
    app: ApplicationView, path: Path, helm: Mapping[str, Any], ctx: Context
) -> Iterator[Finding]:
    """argo-cd:pkg/apis/application/v1alpha1/values.go ValuesYAML: the object wins as a whole."""
    stated, given = helm.get("values"), helm.get("valuesObject")
    if not isinstance(stated, str) or not stated.strip() or not given:
        return
    fix = None
    if same(parse_values(stated), plain(given)):
        fix = ctx.unsafe("remove `values`", authored.delete(app, (*path, "values")))
    yield RULE.at(
        app.place(*path, "values", on="key"),
        "`values` is ignored because `valuesObject` is set; keep one of them",
        resource=app.resource,
        fix=fix,
    )


def _parameters(app: ApplicationView, path: Path, helm: Mapping[str, Any]) -> Iterator[Finding]:
    """argo-cd:util/helm/cmd.go: parameters become `--set`, which wins over all values."""
    values = _values(helm)
    last: dict[str, int] = {}
    for number, parameter in enumerate(items(helm, "parameters")):
        at = (*path, "parameters", number)
        if not isinstance(parameter, dict):
            continue
        name, value = known_text(parameter.get("name")), known_text(parameter.get("value"))
        if name is None or value is None:
            continue
        if name in last:
            yield RULE.at(
                app.place(*path, "parameters", last[name]),
                f"parameter `{name}` is stated again below, where it gets its value; remove this one",
                resource=app.resource,
            )
        last[name] = number
        text = _clash(values, name, value, force=parameter.get("forceString") is True)
        if text:
            yield RULE.at(app.place(*at), text, resource=app.resource)


def _values(helm: Mapping[str, Any]) -> Any:
    given = helm.get("valuesObject")
    if given:
        return plain(given)
    stated = known_text(helm.get("values"))
    return parse_values(stated) if stated else None


def _clash(values: Any, name: str, value: str, *, force: bool) -> str:
    """What a parameter does to the value that stands there; empty where it changes nothing."""
    steps, new = _set(name, value, force=force)
    before = dig(values, *steps) if steps and values else MISSING
    if before is MISSING or isinstance(before, dict | list) or before is None:
        return ""
    if isinstance(before, str):
        if not isinstance(new, str):
            kind = "a truth value" if isinstance(new, bool) else "a number"
            return (
                f"parameter `{name}` replaces a text with {kind}; add `forceString: true`, or change"
                " the value itself"
            )
        same_text = before == new
    else:
        same_text = str(before).lower() == value.strip().lower()
    if same_text or str(before) == "":
        return ""
    return (
        f"parameter `{name}` replaces the value that stands in the values of the same source;"
        " keep one of them"
    )


def _set(name: str, value: str, *, force: bool = False) -> tuple[Path, Any]:
    """Where a parameter goes, and what it leaves there; no path for a name that is none."""
    probe: dict[str, Any] = {}
    try:
        apply_parameter(probe, name, value, force_string=force)
    except StrvalsError:
        return (), None
    steps: list[str | int] = []
    node: Any = probe
    while True:
        if isinstance(node, dict) and len(node) == 1:
            key, node = next(iter(node.items()))
            steps.append(key)
        elif isinstance(node, list) and node:
            steps.append(len(node) - 1)
            node = node[-1]
        else:
            return tuple(steps), node


def _of_release(resource: Resource) -> Iterator[Finding]:
    """fluxcd/pkg:chartutil/values.go ChartValuesFromReferences, with a probe for each reference."""
    spec = block(resource.body, "spec")
    inline, stated = block(spec, "values"), items(spec, "valuesFrom")
    targets = [
        known_text(each.get("targetPath")) if isinstance(each, dict) else None for each in stated
    ]
    if not inline or not any(targets):
        return
    whole = any(not target for target in targets)
    probes = [
        {"kind": "ConfigMap", "name": str(number), "valuesKey": "v", "targetPath": target}
        for number, target in enumerate(targets)
        if target
    ]
    made = compose(
        {"values": inline, "valuesFrom": probes}, lambda _, name: {"data": {"v": _PROBE + name}}
    )
    for number, target in enumerate(targets):
        steps = _set(target, _PROBE)[0] if target else ()
        if not steps or dig(inline, *steps) is MISSING:
            continue
        inline_wins = dig(made.values, *steps) == dig(inline, *steps)
        if whole and len(steps) > 1:
            continue  # the other references decide, and their values are not known here
        place = resource.place("spec", "valuesFrom", number, "targetPath")
        if inline_wins:
            text = f"`{target}` of `spec.values` wins over this reference; remove it there"
            yield RULE.at(place, text, resource=resource)
        elif dig(made.values, *steps) == f"{_PROBE}{number}":
            text = f"this reference replaces `{target}` of `spec.values`, which can go"
            yield RULE.at(place, text, resource=resource, severity=Severity.INFO)


def _example(helm: str) -> str:
    lines = "".join(f"      {line}\n" for line in helm.splitlines())
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: cache
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://charts.example.com
    chart: redis
    targetRevision: 19.0.1
    helm:
{lines}\
  destination:
    server: https://kubernetes.default.svc
    namespace: cache
"""


def _release(values: str, references: str) -> str:
    return f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: cache
  namespace: shop
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: redis
  values:
    {values}
  valuesFrom:
{references}"""


def _reference(path: str) -> str:
    return f"""\
    - kind: Secret
      name: cache-login
      valuesKey: password
      targetPath: {path}
"""


_HELM = "spec.source.helm"
BAD = (
    Example(
        title="two blocks of values",
        yaml=_example("values: |\n  replicas: 2\nvaluesObject:\n  replicas: 3"),
        at=f"{_HELM}.values",
    ),
    Example(
        title="the same values twice",
        yaml=_example("values: |\n  replicas: 3\nvaluesObject:\n  replicas: 3"),
        at=f"{_HELM}.values",
        fixed=_example("valuesObject:\n  replicas: 3"),
        safety="unsafe",
    ),
    Example(
        title="a parameter against a value",
        yaml=_example(
            "valuesObject:\n  image:\n    tag: v7\nparameters:\n  - name: image.tag\n    value: v8"
        ),
        at=f"{_HELM}.parameters[0]",
    ),
    Example(
        title="a number instead of a text",
        yaml=_example(
            'valuesObject:\n  port: "6379"\nparameters:\n  - name: port\n    value: "6379"'
        ),
        at=f"{_HELM}.parameters[0]",
    ),
    Example(
        title="a parameter twice",
        yaml=_example(
            "parameters:\n  - name: replicas\n    value: '2'\n  - name: replicas\n    value: '3'"
        ),
        at=f"{_HELM}.parameters[0]",
    ),
    Example(
        title="a reference that never arrives",
        yaml=_release("password: change-me", _reference("password")),
        at="spec.valuesFrom[0].targetPath",
    ),
    Example(
        title="a value that never arrives",
        yaml=_release("auth:\n      password: change-me", _reference("auth.password")),
        at="spec.valuesFrom[0].targetPath",
    ),
)
GOOD = (
    Example(title="values and nothing else", yaml=_example("valuesObject:\n  replicas: 3")),
    Example(
        title="a parameter that says the same",
        yaml=_example(
            "valuesObject:\n  replicas: 3\nparameters:\n  - name: replicas\n    value: '3'"
        ),
    ),
    Example(
        title="a reference beside other values",
        yaml=_release("auth:\n      enabled: true", _reference("auth.password")),
    ),
    Example(
        title="values that are filled in later",
        yaml=_example(
            "valuesObject:\n  image:\n    tag: v7\nparameters:\n"
            '  - name: image.tag\n    value: "${TAG}"'
        ),
    ),
)
