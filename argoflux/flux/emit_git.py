"""GitRepositories: one per repository, revision and file rules, shared by all apps that agree.

Rulings on names: a shared repository has the name of the repository, with the revision only where
one root uses several; the smallest app keeps a name, others get a hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.emit_kept import kept_sources
from argoflux.flux.source_groups import (
    free_name,
    put_ignore,
    say_shared,
    start_source,
    use_kept,
    use_source,
)
from argoflux.goports.giturl import (
    basename,
    has_credentials,
    repository_key,
    strip_credentials,
    to_ssh_url,
)
from argoflux.mapping.names import digest8, slug, undotted
from argoflux.mapping.revision import A2F_REV_001, A2F_REV_006, A2F_REV_013
from argoflux.mapping.revisions import HEAD, canonical
from argoflux.mapping.source import A2F_SRC_009
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.flux.access_needs import Need
    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission
    from argoflux.model.source import Revision

_INTERVAL = "5m"
_KIND = "GitRepository"
_TODO = "TODO"
_COMMIT_SHOWN = 12


class _Key(NamedTuple):
    """What apps must agree on to share a GitRepository."""

    root: str
    namespace: str
    repository: str
    revision: tuple[str, str]
    ignore: str
    submodules: bool
    need: Need


def emit_git_repositories(plans: Sequence[Plan], emission: Emission, taken: set[Identity]) -> None:
    """Write the GitRepositories of plans, and name them there."""
    groups = _without_kept(_grouped(plans), emission)
    names = _names(groups, taken)
    for key, users in groups.items():
        use_source(users, _KIND, names[key])
        draft = _emit_source(key, names[key], users)
        emission.drafts.append(draft)
        if len(users) > 1:
            say_shared(emission, _KIND, names[key], users)


def _grouped(plans: Iterable[Plan]) -> dict[_Key, list[Plan]]:
    groups: dict[_Key, list[Plan]] = {}
    for plan in plans:
        groups.setdefault(_key(plan), []).append(plan)
    return groups


def _without_kept(groups: dict[_Key, list[Plan]], emission: Emission) -> dict[_Key, list[Plan]]:
    """Let apps use an equal GitRepository of the input; returns the groups that need a new one."""
    first = next(iter(groups.values()), [])
    existing = kept_sources(first[0].request.kept) if first else {}
    left: dict[_Key, list[Plan]] = {}
    for key, users in groups.items():
        whole_tree = not key.ignore and not key.submodules
        name = existing.get((key.root, key.namespace, key.repository, key.revision), "")
        # an ArtifactGenerator refers to sources without dots only
        usable = name and not ("." in name and any(plan.composed for plan in users))
        if not (usable and whole_tree):
            left[key] = users
            continue
        use_kept(emission, _KIND, name, users)
        for plan in users:
            _note_source(plan)
    return left


def _git(plan: Plan) -> GitSource:
    source = plan.part.source
    if not isinstance(source, GitSource):
        raise TypeError(source)
    return source


def _key(plan: Plan) -> _Key:
    git = _git(plan)
    return _Key(
        root=plan.app.root,
        namespace=plan.namespace,
        repository=repository_key(strip_credentials(git.url)),
        revision=canonical(git.revision),
        ignore=plan.ignore or "",
        submodules=_submodules(plan),
        need=plan.need,
    )


def _submodules(plan: Plan) -> bool:
    """Whether the repository is known to have submodules, which Argo CD checks out by itself.

    It does not where the repo-server is told so: argo-cd:util/git/client.go Submodule.
    """
    if plan.facts.get("submodules_off"):
        return False
    return plan.files is not None and ".gitmodules" in plan.files.names()


def _names(groups: dict[_Key, list[Plan]], taken: set[Identity]) -> dict[_Key, str]:
    """A name per group, in the order of their smallest apps."""
    revisions: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for key in groups:
        if not key.ignore:
            revisions.setdefault((key.root, key.repository), set()).add(key.revision)
    names: dict[_Key, str] = {}
    for key, users in groups.items():
        wanted = users[0].name
        if not key.ignore:
            wanted = _shared_name(users[0], several=len(revisions[key.root, key.repository]) > 1)
        if any(plan.composed for plan in users):
            wanted = undotted(wanted)
        unique = f"{key.repository}@{':'.join(key.revision)}#{digest8(key.ignore)}"
        names[key] = free_name(taken, users[0], _KIND, wanted, unique)
    return names


def _shared_name(plan: Plan, *, several: bool) -> str:
    git = _git(plan)
    name = slug(basename(git.url) or "source")
    if not several:
        return name
    revision = git.revision.value
    if git.revision.kind in {"commit", "short"}:
        revision = revision[:_COMMIT_SHOWN]
    return f"{name}-{slug(revision.replace('*', 'x').replace('.', '-'))}"


def flux_url(url: str) -> str:
    """The spelling that Flux accepts, without credentials."""
    return to_ssh_url(strip_credentials(url))


def _emit_source(key: _Key, name: str, users: list[Plan]) -> Draft:
    git = _git(users[0])
    draft = start_source(_KIND, name, users, usual=_INTERVAL)
    draft.put("spec.url", flux_url(git.url), slot="part.source.url")
    _put_ref(draft, git.revision)
    if key.submodules:
        evidence = "it has a .gitmodules file"
        draft.put("spec.recurseSubmodules", value=True, origin="derived")
        _say_once(users, A2F_SRC_009, url=flux_url(git.url), evidence=evidence)
    if key.ignore:
        put_ignore(draft, key.ignore, users)
    for plan in users:
        _note_source(plan)
    return draft


def _put_ref(draft: Draft, revision: Revision) -> None:
    """The one member of ``ref`` that selects the revision; never two of them."""
    slot = "part.source.revision"
    match revision.kind:
        case "head" | "branch":
            draft.put("spec.ref.branch", revision.value, slot=slot)
        case "short":
            draft.put("spec.ref.commit", f"{_TODO}-{revision.value}", slot=slot)
        case kind:
            draft.put(f"spec.ref.{kind}", revision.value, slot=slot)


def _note_source(plan: Plan) -> None:
    """What the rows need about URL and revision, and what no leaf of the input states."""
    git = _git(plan)
    shown = flux_url(git.url)
    plan.facts |= {
        # for `--source`: the branch of a hydrator is a checkout of its own
        "url": plan.app.id if plan.facts.get("hydrated") else shown,
        "flux_url": shown,
        "url_credentials": has_credentials(git.url),
        "revision_kind": git.revision.kind,
        "revision_guessed": git.revision.guessed,
        "branch": git.revision.value,
        "branch_stated": plan.request.options.branch_stated,
    }
    if git.revision.kind == "head" and not plan.facts.get("revision_stated"):
        message = A2F_REV_013 if plan.facts["branch_stated"] else A2F_REV_001
        plan.say(message, value=HEAD, url=shown, branch=git.revision.value)
    if git.revision.kind == "commit":
        plan.say(A2F_REV_006, url=shown)


def _say_once(users: list[Plan], message: Any, **facts: Any) -> None:
    for plan in users:
        plan.say(message, **facts)
