"""A break in the chain from an ImagePolicy to the place in a file that is updated.

## What it does

For each ImageUpdateAutomation it reads the marks (`# {"$imagepolicy": "ns:name"}`) below `update.path`,
where a copy of the repository is at hand: marks without a namespace or with an ImagePolicy that does not
exist, marks whose part of the image does not fit the value, digests that the policy does not read. It
reports automations that find no mark, that have no branch to push to, and, as an info, policies that no
mark uses.

## Why is this bad

The controller finds nothing to update and stays ready: images are never updated, and nobody is told.
A mark without `:tag` on a tag writes the whole image into it.

## Fix safety

The fix adds the namespace of the only ImagePolicy of that name. Images are updated from then on, so it
is unsafe.

## When to ignore it

When the policies are applied from another repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.finding import Severity
from argoflux.flux.fields import flag, is_stated, pairs, table, text
from argoflux.goports.labels import SelectorError, requirements
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals
from argoflux.lint.copies import copy_of, flux_repository
from argoflux.lint.elsewhere import may_be
from argoflux.lint.references import made_objects
from argoflux.lint.rule import Example, Rule
from argoflux.lint.setters import Setter, setters_below
from argoflux.lint.wholeness import is_whole
from argoflux.text import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF214",
    name="image-automation-chain",
    severity=Severity.ERROR,
    scope="estate",
    kinds=("ImageUpdateAutomation", "ImagePolicy"),
    evidence=("document", "graph", "files"),
    links=("https://fluxcd.io/flux/guides/image-update/",),
)


class _Policy(NamedTuple):
    """An ImagePolicy, or the name of one that an object makes."""

    namespace: str
    name: str
    resource: Resource


def check(ctx: Context) -> Iterator[Finding]:
    """Automations with the marks below their paths, then policies without marks.

    image-automation-controller:internal/source/source.go (the branch to push to),
    internal/update/setters.go (marks of unknown names are passed over).
    """
    if not any(r.ref.kind in {"ImageUpdateAutomation", "ImagePolicy"} for r in ctx.resources):
        return
    policies = list(_policies(ctx))
    used: set[tuple[str, str]] = set()
    everything = True
    judged: set[tuple[str, int]] = set()
    for resource in arrivals(ctx).resources:
        if resource.ref.kind != "ImageUpdateAutomation":
            continue
        yield from _branch(ctx, resource)
        setters = _setters(ctx, resource)
        if setters is None:
            everything = False
            continue
        used |= {(setter.namespace, setter.policy) for setter in setters}
        for setter in setters:
            key = (setter.source.name, setter.span.start)
            if key not in judged:
                judged.add(key)
                yield from _judged(ctx, setter, policies)
        yield from _idle(resource, setters, policies)
    if everything and used and all(is_whole(ctx, each.resource.root) for each in policies):
        yield from _unused(policies, used)


def _policies(ctx: Context) -> Iterator[_Policy]:
    for resource in arrivals(ctx).resources:
        if resource.ref.kind == "ImagePolicy":
            yield _Policy(resource.ref.namespace, resource.ref.name, resource)
        for kind, namespace, name in made_objects(resource):
            if kind == "ImagePolicy":
                yield _Policy(namespace, name, resource)


def _setters(ctx: Context, resource: Resource) -> list[Setter] | None:
    """The marks below the path of an automation, None where the files are not at hand."""
    path = text(resource.body, "spec", "update", "path") or "."
    repository = flux_repository(ctx, resource, table(resource.body, "spec", "sourceRef"))
    copy = copy_of(ctx, repository) if repository is not None else None
    if copy is None or not is_known(path):
        return None
    known: dict[str, list[Setter]] = ctx.memory.setdefault("setters", {})
    directory = copy.tree.path(path)
    if directory not in known:
        known[directory] = list(setters_below(ctx.workspace.tree, directory))
    return known[directory]


def _branch(ctx: Context, resource: Resource) -> Iterator[Finding]:
    """An automation that can push nowhere: neither it nor the source names a branch."""
    git = table(resource.body, "spec", "git")
    ref = table(git, "checkout", "ref")
    reference = table(resource.body, "spec", "sourceRef")
    space = text(reference, "namespace") or resource.ref.namespace
    found = arrivals(ctx).sources.find(
        resource.root, "GitRepository", space, text(reference, "name") or ""
    )
    if not found or is_stated(git, "push", "branch") or is_stated(git, "push", "refspec"):
        return
    source = found[0]
    ref = ref or table(source.body, "spec", "ref")
    branch = (text(ref, "name") or "").startswith("refs/heads/") or is_stated(ref, "branch")
    if not ref or branch:
        return
    yield RULE.at(
        resource.place("spec", "sourceRef", "name"),
        f"there is no branch to push to: {source.ref} follows none; state `git.push.branch`, or"
        " `git.checkout.ref.branch`",
        resource=resource,
        related=((source.place("spec", "ref"), "the source does not follow a branch"),),
    )


def _judged(ctx: Context, setter: Setter, policies: list[_Policy]) -> Iterator[Finding]:
    named = [each for each in policies if may_be(each.name, setter.policy)]
    exact = [each for each in named if _is_in(each, setter.namespace)]
    if not setter.namespace:
        spaces = sorted({each.namespace for each in named if each.namespace})
        known = spaces if all(is_known(each) for each in spaces) else []
        hint = f", as in `{known[0]}:{setter.stated}`" if len(known) == 1 else ""
        fix = None
        if len(known) == 1:
            start = setter.span.start
            edit = Edit(start, start, f"{known[0]}:")
            fix = ctx.unsafe(f"Name the namespace `{known[0]}`", (edit,))
        message = f"this mark names no namespace, so nothing is updated here; write `ns:name`{hint}"
        yield RULE.at(setter.place, message, fix=fix)
        return
    if not exact:
        if policies and is_whole(ctx, policies[0].resource.root):
            hint = f"; there is one in `{named[0].namespace}`" if named else ""
            message = (
                f"there is no ImagePolicy `{setter.policy}` in namespace `{setter.namespace}`, so"
                f" nothing is updated here{hint}"
            )
            yield RULE.at(setter.place, message)
        return
    yield from _shape(setter)
    reads = text(exact[0].resource.body, "spec", "digestReflectionPolicy") or "Never"
    if setter.part == "digest" and reads == "Never" and exact[0].resource.ref.kind == "ImagePolicy":
        message = (
            f"ImagePolicy `{setter.policy}` reads no digests; set its `digestReflectionPolicy` to"
            " `Always` or `IfNotPresent`"
        )
        yield RULE.at(setter.place, message)


def _is_in(policy: _Policy, namespace: str) -> bool:
    return not policy.namespace or may_be(policy.namespace, namespace)


def _shape(setter: Setter) -> Iterator[Finding]:
    """A value that is another part of an image than the mark says."""
    value = setter.value
    if not value or not is_known(value) or value[0] in "{[&*|>!":
        return
    whole = "/" in value or ":" in value
    if setter.part == "tag" and whole and not value.startswith("sha256:"):
        message = f"`{value}` is a whole image, but the mark is for a tag; leave `:tag` out"
        yield RULE.at(setter.place, message)
    elif not setter.part and not whole:
        message = f"`{value}` would become a whole image; add `:tag` or `:name` to the mark"
        yield RULE.at(setter.place, message)


def _idle(resource: Resource, setters: list[Setter], policies: list[_Policy]) -> Iterator[Finding]:
    """An automation none of whose policies is marked; it takes those of its namespace."""
    if flag(resource.body, "spec", "suspend"):
        return
    try:
        wanted = tuple(requirements(table(resource.body, "spec", "policySelector")))
    except SelectorError:
        return
    space = resource.ref.namespace
    chosen = [
        each
        for each in policies
        if (not space or _is_in(each, space))
        and all(one.holds(pairs(each.resource.body, "metadata", "labels")) for one in wanted)
    ]
    names = {setter.policy for setter in setters if not setter.namespace or not space}
    names |= {setter.policy for setter in setters if setter.namespace == space}
    if not chosen or any(may_be(each.name, name) for each in chosen for name in names):
        return
    stated = is_stated(resource.body, "spec", "update", "path")
    place = resource.place(*(("spec", "update", "path") if stated else ("metadata", "name")))
    path = text(resource.body, "spec", "update", "path") or "."
    message = f"no file below `{path}` has a mark for any of its policies; mark the images there"
    yield RULE.at(place, message, resource=resource)


def _unused(policies: list[_Policy], used: set[tuple[str, str]]) -> Iterator[Finding]:
    for policy in policies:
        resource = policy.resource
        if resource.ref.kind != "ImagePolicy" or not is_known(policy.name):
            continue
        if not any(
            name == policy.name and (not space or _is_in(policy, space)) for space, name in used
        ):
            message = f"no mark uses ImagePolicy `{policy.name}`, so it updates nothing"
            place = resource.place("metadata", "name")
            yield RULE.at(place, message, resource=resource, severity=Severity.INFO)


_GIT = '[remote "origin"]\n\turl = https://git.example.com/fleet.git\n'
_POLICY = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: web
  namespace: flux-system
spec:
  imageRepositoryRef:
    name: web
  policy:
    semver:
      range: 1.x
"""
_AUTOMATION = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref:
    {ref}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: fleet
  git:
    commit:
      author:
        email: flux@example.com
  update:
    path: ./apps
"""
_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0 {mark}
"""


def _files(mark: str, ref: str = "branch: main", *, image: str = "") -> dict[str, str]:
    deployment = _DEPLOYMENT.format(mark=mark)
    return {
        ".git/config": _GIT,
        "policy.yaml": _POLICY,
        "automation.yaml": _AUTOMATION.format(ref=ref),
        "apps/web.yaml": deployment.replace("registry.example.com/web:1.0.0", image)
        if image
        else deployment,
    }


_GOOD_MARK = '# {"$imagepolicy": "flux-system:web"}'

BAD = (
    Example(
        title="a mark without a namespace",
        files=_files('# {"$imagepolicy": "web"}'),
        file="apps/web.yaml",
        at="line 10",
        fixed=_DEPLOYMENT.format(mark=_GOOD_MARK),
        safety="unsafe",
    ),
    Example(
        title="a whole image for a tag",
        files=_files(_GOOD_MARK, image="1.0.0"),
        file="apps/web.yaml",
        at="line 10",
    ),
    Example(
        title="a digest that the policy does not read",
        files=_files('# {"$imagepolicy": "flux-system:web:digest"}', image="sha256:1234"),
        file="apps/web.yaml",
        at="line 10",
    ),
    Example(
        title="no mark at all",
        files=_files(""),
        file="automation.yaml",
        at="spec.update.path",
    ),
    Example(
        title="no branch to push to",
        files=_files(_GOOD_MARK, ref="tag: v1.0.0"),
        file="automation.yaml",
        at="spec.sourceRef.name",
    ),
)
GOOD = (
    Example(title="a mark of a policy", files=_files(_GOOD_MARK)),
    Example(
        title="a mark of a tag",
        files=_files('# {"$imagepolicy": "flux-system:web:tag"}', image="1.0.0"),
    ),
    Example(
        title="a repository of which no copy is at hand",
        files={
            "policy.yaml": _POLICY,
            "automation.yaml": _AUTOMATION.format(ref="branch: main"),
        },
    ),
    Example(
        title="a policy whose namespace is filled in later",
        files={
            **_files('# {"$imagepolicy": "team-a:web"}'),
            "policy.yaml": _POLICY.replace("namespace: flux-system", "namespace: ${team}"),
            "automation.yaml": _AUTOMATION.format(ref="branch: main")
            .replace(
                "namespace: flux-system\nspec:\n  interval: 30m",
                "namespace: team-a\nspec:\n  interval: 30m",
            )
            .replace("    name: fleet\n", "    name: fleet\n    namespace: flux-system\n"),
        },
    ),
)
