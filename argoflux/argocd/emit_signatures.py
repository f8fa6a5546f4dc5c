"""Verification of Git signatures as rules of projects, with the public keys.

Releases with policies have one for each repository of a project; older ones have ids for the whole
project, whose repositories then all need signatures (argo-cd:docs/user-guide/
source-integrity-git-gpg.md). Two rules for one repository are refused by Argo CD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.argocd.emit_projects import FINALIZER, FOLDER, repositories
from argoflux.argocd.settings_parts import settings_part
from argoflux.goports.giturl import same_repository
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import slug, with_hash
from argoflux.model.source import GitSource
from argoflux.versions import Release, since

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App
    from argoflux.model.source import Revision, Verify

KEYS = "argocd-gpg-keys-cm"
_POLICIES = "spec.sourceIntegrity.git.policies"
_SLOT = "part.source.verify.secret"
_DEFAULT = "default"
_PROJECT = "AppProject"
_PLACEHOLDER = "TODO-key-id"
"""No key has this id, so nothing passes until it is replaced."""

_NO_TAG = (
    "which checks the commit; no tag is selected, and Flux reports an error",
    "select a tag, or sign the commits",
)
_BOTH = (
    "which checks an annotated tag alone, not its commit",
    "choose `strict` in the project (Argo CD 3.5) if the whole history is signed",
)
_TAG_ONLY = (
    "which checks the tag where it is an annotated one, not its commit",
    "sign the tags as well",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verified:
    """An app with a verified source, and its Application."""

    app: App
    draft: Draft
    source: GitSource
    verify: Verify

    @property
    def group(self) -> tuple[str, str, str, tuple[str, ...]]:
        """Apps that are the same in this may share a rule."""
        trusted = (self.verify.mode, self.verify.secret, *self.ids)
        return self.app.root, self.source.name, self.source.url, trusted

    @property
    def ssh(self) -> str:
        """The entries of the Secret that Argo CD has no use for."""
        return ", ".join(f"`{name}`" for name in self.verify.ssh)

    @property
    def address(self) -> str:
        """The repository as the Application spells it; empty where it is made from another one."""
        urls = repositories([self.draft])
        return next((url for url in urls if same_repository(url, self.source.url)), "")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that may sign: of keys, and of their subkeys."""
        found = [each for key in self.verify.keys for each in (key.id, *key.signers)]
        return tuple(found) or (_PLACEHOLDER,)


def put_signatures(
    emission: Emission, request: Request, apps: Sequence[App], namespace: str
) -> None:
    """A rule for every verified repository, in the project of the apps that are made from it."""
    alone: dict[tuple[str, str, str, tuple[str, ...]], list[_Verified]] = {}
    shared: dict[tuple[str, str], list[_Verified]] = {}
    for verified in _verified(emission, apps):
        project = verified.draft.body["spec"]["project"]
        why = _hindrance(emission, request, verified)
        if why:
            facts = emission.decisions[verified.app].facts
            facts["unverified"], facts["ssh_keys"] = why, verified.ssh
        elif project == _DEFAULT:
            alone.setdefault(verified.group, []).append(verified)
        else:
            shared.setdefault((verified.app.root, project), []).append(verified)
    rules = [(_find(emission, *key), members) for key, members in sorted(shared.items())]
    rules += [(_open_project(emission, alone[key], namespace), alone[key]) for key in sorted(alone)]
    for project, members in rules:
        if project is None:
            continue
        _put_rules(project, request, members)
        for member in members:
            _put_keys(emission, member, namespace)
            _state(emission, member, project)


def _verified(emission: Emission, apps: Iterable[App]) -> Iterator[_Verified]:
    drafts = {app: d for d in emission.drafts if d.kind == "Application" for app in d.apps}
    for app in apps:
        source = app.parts[0].source
        if isinstance(source, GitSource) and source.verify is not None and app in drafts:
            yield _Verified(app=app, draft=drafts[app], source=source, verify=source.verify)


def _hindrance(emission: Emission, request: Request, verified: _Verified) -> str:
    """Why no rule can say the same; empty where one can."""
    name = verified.draft.body["spec"]["project"]
    if verified.verify.ssh and not verified.verify.keys:
        return "its Secret holds keys of SSH only"
    if not verified.address:
        return f"{verified.app.id} is applied from the output of the conversion instead"
    if name == _DEFAULT:
        return ""
    project = _find(emission, verified.app.root, name)
    if project is None:
        return f"project {name} of {verified.app.id} is not part of the output"
    return _conflict(request, verified, project)


def _conflict(request: Request, verified: _Verified, project: Draft) -> str:
    """What a rule of a tenant's project would be wrong for: its other sources."""
    by_repository = _has_policies(request)
    for other in project.apps:
        source = other.parts[0].source
        if not isinstance(source, GitSource) or source.verify == verified.verify:
            continue
        if not by_repository or same_repository(source.url, verified.source.url):
            return f"{other.id} of project {project.name} trusts other keys, or all"
    return ""


def _find(emission: Emission, root: str, name: str) -> Draft | None:
    wanted = (_PROJECT, root, name)
    return next((d for d in emission.drafts if (d.kind, d.root, d.name) == wanted), None)


def _has_policies(request: Request) -> bool:
    first = since(_PROJECT, "v1alpha1", f"{_POLICIES}[].repos[].url")
    return first is not None and Release.parse(request.argocd) >= first


def _open_project(emission: Emission, members: Sequence[_Verified], namespace: str) -> Draft:
    """A project that only asks for signatures, for apps that had none."""
    root, source, url, trusted = members[0].group
    name = slug(f"verified-{source}")
    if _find(emission, root, name) is not None:
        name = with_hash(name, "/".join((source, url, *trusted)))
    draft = Draft(
        api_version="argoproj.io/v1alpha1",
        kind=_PROJECT,
        namespace=namespace,
        name=name,
        folder=FOLDER,
        root=root,
        apps=[member.app for member in members],
    )
    repos = repositories(member.draft for member in members)
    draft.put("metadata.finalizers", [FINALIZER], origin="default")
    draft.put("spec.description", f"asks for signatures of {url}", origin="derived")
    draft.put("spec.sourceRepos", repos, origin="derived")
    draft.put("spec.destinations", [{"server": "*", "namespace": "*"}], origin="derived")
    every = [{"group": "*", "kind": "*"}]
    draft.put("spec.clusterResourceWhitelist", every, origin="required")
    homes = sorted({m.draft.namespace for m in members if m.draft.namespace != namespace})
    if homes:
        draft.put("spec.sourceNamespaces", homes, origin="derived")
    for member in members:
        member.draft.put("spec.project", name, origin="derived")
    emission.drafts.append(draft)
    return draft


def _put_rules(project: Draft, request: Request, members: Sequence[_Verified]) -> None:
    """One policy for each repository; before there were any, the ids of the whole project."""
    seen: list[str] = []
    for member in members:
        url = member.address
        if any(same_repository(url, other) for other in seen):
            continue
        seen.append(url)
        if _has_policies(request):
            gpg = {"mode": "head", "keys": list(member.ids)}
            project.add(_POLICIES, {"repos": [{"url": url}], "gpg": gpg}, slot=_SLOT)
    if not _has_policies(request):
        for each in members[0].ids:
            project.add("spec.signatureKeys", {"keyID": each}, slot=_SLOT)


def _put_keys(emission: Emission, member: _Verified, namespace: str) -> None:
    """The public keys, which are no secret, for the ConfigMap that Argo CD trusts."""
    if member.verify.keys:
        draft = settings_part(emission, KEYS, namespace, [member.app])
        for key in member.verify.keys:
            draft.put(("data", key.id), key.text, slot=_SLOT)


def _state(emission: Emission, member: _Verified, project: Draft) -> None:
    """What the rows say about the source."""
    facts, verify = emission.decisions[member.app].facts, member.verify
    facts["signature_project"] = project.name
    facts["key_ids"] = ", ".join(member.ids)
    facts["keys_unread"] = verify.unread
    facts["ssh_keys"] = member.ssh
    difference = _difference(verify.mode, tagged=_is_tagged(member.source.revision))
    if difference is not None:
        facts["mode_difference"], facts["mode_remedy"] = difference


def _is_tagged(revision: Revision) -> bool:
    return revision.kind in {"tag", "semver"} or revision.value.startswith("refs/tags/")


def _difference(mode: str, *, tagged: bool) -> tuple[str, str] | None:
    """What Argo CD's `head` does otherwise, and what to do about it."""
    if not tagged:
        return _NO_TAG if mode.startswith("Tag") else None
    return {"Tag": None, "TagAndHEAD": _BOTH}.get(mode, _TAG_ONLY)
