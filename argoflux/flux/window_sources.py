"""GitRepositories that follow a schedule: an input provider, and a ResourceSet that pins the revision.

Facts: flux-operator:docs/api/v1/resourcesetinputprovider.md, docs/api/v1/resourceset.md;
source-controller:docs/spec/v1/gitrepositories.md (a commit with a branch clones that branch only).
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_gates import api_version
from argoflux.flux.tenant_plan import RBAC, put_role
from argoflux.goports.giturl import GitUrlError, parse
from argoflux.goports.globregex import literal_regex
from argoflux.kinds import engine_of
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import shorten, with_hash

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.window_calendar import Schedule
    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.tenant import Tenant

_PROVIDER = "ResourceSetInputProvider"
_SET = "ResourceSet"
_SOURCE = "GitRepository"
_EVERY = "fluxcd.controlplane.io/reconcileEvery"
_TIMEOUT = "fluxcd.controlplane.io/reconcileTimeout"
_SLOT = "tenant.windows"
_PINNED = "<< inputs.sha | quote >>"
_HOSTS = (
    (re.compile(r"(.*\.)?github\.com|github\..*"), "GitHub"),
    (re.compile(r"(.*\.)?gitlab\.com|gitlab\..*"), "GitLab"),
    (re.compile(r"dev\.azure\.com|.*\.visualstudio\.com"), "AzureDevOps"),
    (re.compile(r"gitea\..*|forgejo\..*|codeberg\.org"), "Gitea"),
)


@dataclass(slots=True, kw_only=True)
class Scheduler:
    """Puts sources on schedules; apps with the same source and schedule share one.

    ``wants`` are the schedules of all appliers, none for those that may sync at any time.
    """

    request: Request
    emission: Emission
    wants: Mapping[Plan, tuple[Schedule, ...]]
    _made: dict[tuple[str, str, str, tuple[Schedule, ...]], str] = field(default_factory=dict)
    _roles: set[tuple[str, str]] = field(default_factory=set)

    @property
    def available(self) -> bool:
        """Whether the input holds objects of flux-operator."""
        return any(engine_of(r.ref.group) == "flux-operator" for r in self.request.kept)

    def put(self, plan: Plan, tenant: Tenant) -> tuple[str, str]:
        """Let the source of an applier follow its schedules.

        Returns the id of the input provider, or why there is none; both are empty where the
        revision never moves.
        """
        if not self.available:
            return "", "schedules need flux-operator, and nothing of it is in the input"
        wanted = self.wants[plan]
        key = (*_place(plan), wanted)
        if key not in self._made:
            source = source_of(plan, self.emission)
            if source is None:
                return (
                    "",
                    "only the revisions of Git sources that are written here can be scheduled",
                )
            if "commit" in source.body["spec"].get("ref", {}):
                return "", ""
            kind, why = _kind_of_host(source)
            if why:
                return "", why
            self._made[key] = self._write(source, plan, tenant, kind, wanted)
        name = self._made[key]
        self._point(plan, name)
        return f"{_PROVIDER}/{plan.namespace}/{name}", ""

    def _write(
        self, source: Draft, plan: Plan, tenant: Tenant, kind: str, wanted: tuple[Schedule, ...]
    ) -> str:
        """The pair of objects for a source; a source that others use at any time stays."""
        name = source.name
        users = [other for other in self.wants if _place(other) == _place(plan)]
        agree = {other.app for other in users if self.wants[other] == wanted}
        shared = len(agree) < len({*source.apps, *(other.app for other in users)})
        if shared:
            name = with_hash(source.name, f"{source.id} {wanted}")
        provider = self._draft(_PROVIDER, name, plan, tenant)
        provider.put(("metadata", "annotations", _EVERY), "10m", origin="default")
        provider.put(("metadata", "annotations", _TIMEOUT), "1m", origin="default")
        self._fill(provider, source, kind, wanted)
        whole = self._draft(_SET, name, plan, tenant)
        whole.put("spec.inputsFrom", [{"kind": _PROVIDER, "name": name}], origin="required")
        self._move(source, whole, name)
        if plan.facts.get("project_account"):
            whole.put("spec.serviceAccountName", plan.facts["project_account"], origin="derived")
            self._emit_role(plan, tenant)
        if not shared:
            self.emission.drafts.remove(source)
        return name

    def _draft(self, kind: str, name: str, plan: Plan, tenant: Tenant) -> Draft:
        draft = Draft(
            api_version=api_version(self.request.flux, kind),
            kind=kind,
            namespace=plan.namespace,
            name=name,
            folder="sources",
            root=plan.app.root,
            sources=[tenant.resource],
        )
        self.emission.drafts.append(draft)
        return draft

    def _fill(self, provider: Draft, source: Draft, kind: str, wanted: Sequence[Schedule]) -> None:
        """What to look for, with which credentials, and when."""
        spec = source.body["spec"]
        ref = spec.get("ref", {})
        provider.put("spec.type", kind, origin="derived")
        provider.put("spec.url", spec["url"], slot="part.source.url")
        if "secretRef" in spec:
            provider.put("spec.secretRef", spec["secretRef"], origin="derived")
        revision = "part.source.revision"
        if "semver" in ref:
            provider.put("spec.filter.semver", ref["semver"], slot=revision)
            provider.put("spec.filter.limit", 1, origin="derived")
        elif "tag" in ref:
            provider.put("spec.filter.includeTag", f"^{literal_regex(ref['tag'])}$", slot=revision)
        else:
            branch = ref.get("branch", "master")
            provider.put("spec.filter.includeBranch", f"^{literal_regex(branch)}$", slot=revision)
        for item in wanted:
            entry = {"cron": item.cron, "timeZone": item.time_zone, "window": item.window}
            provider.add("spec.schedule", entry, slot=_SLOT)

    def _move(self, source: Draft, whole: Draft, name: str) -> None:
        """Write the source into the ResourceSet, at the commit that the provider found."""
        body: dict[str, Any] = deepcopy(source.body)
        body["metadata"]["name"] = name
        ref = body["spec"].get("ref", {})
        pinned = {key: ref[key] for key in ("branch",) if key in ref}
        body["spec"]["ref"] = {**pinned, "commit": _PINNED}
        whole.put("spec.resources", [body], origin="derived")
        at = ("spec", "resources", 0)
        whole.traces += [
            replace(trace, path=(*at, *trace.path))
            for trace in source.traces
            if trace.path[:2] != ("spec", "ref") or "branch" in trace.path
        ]

    def _point(self, plan: Plan, name: str) -> None:
        """Let the appliers of a plan read the source of that name."""
        for draft in self.emission.drafts:
            place = (draft.root, draft.namespace, draft.name)
            if draft.kind in {_PROVIDER, _SET} and place == (plan.app.root, plan.namespace, name):
                _serve(draft, plan)
            elif draft.kind == plan.kind and draft.apps == [plan.app] and name != plan.source:
                reference = _reference(draft)
                if reference is not None and reference.get("name") == plan.source:
                    reference["name"] = name

    def _emit_role(self, plan: Plan, tenant: Tenant) -> None:
        """Let the tenant's account write the sources that its ResourceSets make."""
        if (plan.app.root, plan.namespace) in self._roles:
            return
        self._roles.add((plan.app.root, plan.namespace))
        name = shorten(f"argoflux-{plan.namespace}-sources")
        role, binding = (
            Draft(
                api_version=RBAC,
                kind=kind,
                namespace=plan.namespace,
                name=name,
                folder="projects",
                root=plan.app.root,
                sources=[tenant.resource],
            )
            for kind in ("Role", "RoleBinding")
        )
        rule = {
            "apiGroups": ["source.toolkit.fluxcd.io"],
            "resources": ["gitrepositories"],
            "verbs": ["get", "list", "watch", "create", "update", "patch", "delete"],
        }
        role.put("rules", [rule], origin="required")
        put_role(binding, ("Role", name), slot="")
        account = plan.facts["project_account"]
        subject = {"kind": "ServiceAccount", "name": account, "namespace": plan.namespace}
        binding.put("subjects", [subject], origin="required")
        self.emission.drafts += [role, binding]


def _serve(draft: Draft, plan: Plan) -> None:
    """Note that a document is for an applier as well."""
    if plan.app not in draft.apps:
        draft.apps.append(plan.app)
    draft.part_of.setdefault(plan.app, set()).add(plan.index)


def _place(plan: Plan) -> tuple[str, str, str]:
    """What tells the sources of plans apart."""
    return (plan.app.root, plan.namespace, plan.source)


def source_of(plan: Plan, emission: Emission) -> Draft | None:
    """The GitRepository that an applier reads, where it is written here."""
    if plan.source_kind != _SOURCE or plan.composed:
        return None
    for draft in emission.drafts:
        identity = (draft.kind, draft.root, draft.namespace, draft.name)
        if identity == (_SOURCE, plan.app.root, plan.namespace, plan.source):
            return draft
    return None


def _kind_of_host(source: Draft) -> tuple[str, str]:
    """The type of the input provider, or why there is none."""
    spec = source.body["spec"]
    ref = spec.get("ref", {})
    try:
        url = parse(str(spec.get("url", "")))
    except GitUrlError:
        return "", "the URL of the source cannot be read"
    if url.scheme not in {"http", "https"}:
        return (
            "",
            "input providers ask the API of the Git server over https, and the source uses ssh",
        )
    if "name" in ref:
        return "", "input providers only know branches and tags"
    for pattern, host in _HOSTS:
        if pattern.fullmatch(url.host):
            return f"{host}{'Tag' if {'tag', 'semver'} & set(ref) else 'Branch'}", ""
    return "", f"{url.host} is no Git server whose API an input provider is known to speak"


def _reference(draft: Draft) -> dict[str, Any] | None:
    """The reference of an applier to its source."""
    spec = draft.body["spec"]
    if draft.kind == "Kustomization":
        found = spec.get("sourceRef")
    else:
        found = spec.get("chart", {}).get("spec", {}).get("sourceRef")
    return found if isinstance(found, dict) else None
