"""Admission policies of a tenant: which repositories its sources name, and kinds that are denied.

Written for Kubernetes 1.30 and later (admissionregistration.k8s.io/v1).
Facts: kubernetes/kubernetes:staging/src/k8s.io/api/admissionregistration/v1/types.go
(ValidatingAdmissionPolicy; CEL variables ``object`` and ``request``), google/cel-spec:doc/langdef.md
(``matches`` is RE2 and unanchored).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.flux.emit_namespaces import TENANT_LABEL
from argoflux.flux.emit_tenant_rights import is_glob, kind_text
from argoflux.flux.tenant_plan import listed
from argoflux.goports.giturl import normalize_git_url
from argoflux.goports.globregex import gobwas_regex, literal_regex
from argoflux.goports.globs import GlobError
from argoflux.mapping.names import shorten
from argoflux.model.tenant import ANY, DENY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.flux.tenant_plan import TenantPlan
    from argoflux.mapping.draft import Draft
    from argoflux.model.tenant import KindPattern

_API = "admissionregistration.k8s.io/v1"
_POLICY = "ValidatingAdmissionPolicy"
_SOURCES = ["gitrepositories", "helmrepositories", "ocirepositories", "buckets"]
_SOURCE_KINDS = frozenset({"GitRepository", "HelmRepository", "OCIRepository"})
_WRITES = ["CREATE", "UPDATE"]
_URL = "object.spec.url.lowerAscii()"


def emit_policies(plan: TenantPlan) -> None:
    """Write the policies that the project gives reason for, and note what became of its entries."""
    _emit_sources(plan)
    tenant = plan.tenant
    denied = "tenant.kinds_denied"
    _emit_denied(plan, "kinds", "Namespaced", _refusals(tenant.kinds_denied), denied)
    cluster = [*_refusals(tenant.cluster_kinds_denied), *_names(tenant.cluster_kinds)]
    slot = "tenant.cluster_kinds_denied" if tenant.cluster_kinds_denied else "tenant.cluster_kinds"
    _emit_denied(plan, "cluster-kinds", "Cluster", cluster, slot)
    for name, suffix in (("kinds_denied", "kinds"), ("cluster_kinds_denied", "cluster-kinds")):
        plan.facts[name] = {
            index: {"kinds": kind_text(pattern), "policy": plan.name(suffix)}
            for index, pattern in enumerate(getattr(tenant, name))
        }


# --- sources


def _emit_sources(plan: TenantPlan) -> None:
    """A policy on the source objects in the tenant's namespace; none where all are allowed."""
    repos = plan.tenant.source_repos
    allowed = [item for item in repos if not item.startswith(DENY)]
    denied = [item.removeprefix(DENY) for item in repos if item.startswith(DENY)]
    plan.facts["policy"] = policy = plan.name("sources")
    if ANY in allowed and not denied:
        return
    rejected = _rejected(plan, allowed, denied)
    stricter = frozenset({"stricter"}) if allowed and ANY not in allowed else frozenset()
    plan.facts["sources"] = {
        index: stricter for index, item in enumerate(repos) if item.startswith(DENY)
    }
    plan.facts["apps"] = listed(rejected) or "no Application of the input"
    draft = _policy(plan, policy)
    rule = {
        "apiGroups": ["source.toolkit.fluxcd.io"],
        "apiVersions": ["*"],
        "operations": _WRITES,
        "resources": _SOURCES,
    }
    draft.put("spec.matchConstraints.resourceRules", [rule], origin="required")
    message = f"source URL is not in AppProject {plan.tenant.name} sourceRepos"
    validation = {"expression": _url_expression(allowed, denied), "message": message}
    draft.add("spec.validations", validation, slot="tenant.sources")
    selector = {"matchLabels": {TENANT_LABEL: shorten(plan.tenant.name)}}
    _bind(plan, policy, {"namespaceSelector": selector})


def url_regex(pattern: str) -> str | None:
    """The anchored expression for a pattern of ``sourceRepos``; None where it matches nothing.

    Both systems are compared without letter case and ``.git``. Argo CD knows scp-like URLs and
    registries without a scheme; Flux writes ``ssh://`` and ``oci://``, and the chart's name.
    """
    if pattern == ANY:
        return "^.*$"
    normal = normalize_git_url(pattern)
    if not normal:
        return None
    try:
        body = gobwas_regex(normal, "/")
    except GlobError:
        return None
    end = "" if normal.endswith("*") else "(\\.git)?"
    if "://" in normal:
        return f"^{body}{end}$"
    if "@" in normal:
        return f"^(ssh://)?{body}{end}$"
    return f"^(oci://)?{body}(/[^/]+)?$"


def _url_expression(allowed: Sequence[str], denied: Sequence[str]) -> str:
    """What the URL of a source has to be; with negated entries only, anything but these."""
    good = [f"{_URL}.matches({quote(regex)})" for regex in _regexes(allowed) if ANY not in allowed]
    bad = [f"!{_URL}.matches({quote(regex)})" for regex in _regexes(denied)]
    if not good and ANY not in allowed and (allowed or not denied):
        return "false"
    either = " || ".join(good)
    parts = [f"({either})" if len(good) > 1 else either] if good else []
    return " && ".join(["has(object.spec.url)", *parts, *bad])


def _regexes(patterns: Iterable[str]) -> list[str]:
    return [regex for regex in map(url_regex, patterns) if regex is not None]


def quote(text: str) -> str:
    """A string literal of CEL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _rejected(plan: TenantPlan, allowed: Sequence[str], denied: Sequence[str]) -> list[str]:
    """Apps whose sources Argo CD permits and the policy would not."""
    good = [] if ANY in allowed else _regexes(allowed)
    bad = _regexes(denied)
    found = set()
    for draft in plan.emission.drafts:
        if draft.kind not in _SOURCE_KINDS or draft.namespace != plan.namespace:
            continue
        url = str(draft.body.get("spec", {}).get("url", ""))
        passes = not allowed or ANY in allowed or any(_hits(regex, url) for regex in good)
        if passes and not any(_hits(regex, url) for regex in bad):
            continue
        if draft.root == plan.tenant.root and plan.tenant.permits_source(url):
            found |= {app.id for app in draft.apps}
    return sorted(found)


def _hits(regex: str, url: str) -> bool:
    return re.search(regex, url.lower()) is not None


# --- kinds


def _refusals(denied: Iterable[KindPattern]) -> list[tuple[str, str]]:
    """Expressions with messages that refuse kinds."""
    found = []
    for pattern in denied:
        test = _is_kind(pattern)
        if pattern.name:
            test = " && ".join(filter(None, [test, _text_test("request.name", pattern.name)]))
        expression = f"!({test})" if test else "false"
        found.append((expression, f"{kind_text(pattern)} is denied".replace("`", "")))
    return found


def _names(allowed: Sequence[KindPattern]) -> list[tuple[str, str]]:
    """Expressions that hold objects of a kind to the names that are allowed for it."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for pattern in allowed:
        if pattern.name:
            kinds.setdefault((pattern.group, pattern.kind), []).append(pattern.name)
    found = []
    for (group, kind), names in kinds.items():
        if any(not p.name and p.holds(group, kind) for p in allowed):
            continue
        test = _is_kind_of(group, kind)
        either = " || ".join(_text_test("request.name", name) or "true" for name in names)
        expression = f"!({test}) || {either}" if test else either
        found.append((expression, f"kind {kind} is allowed with names {', '.join(names)} only"))
    return found


def _is_kind(pattern: KindPattern) -> str:
    return _is_kind_of(pattern.group, pattern.kind)


def _is_kind_of(group: str, kind: str) -> str:
    """An expression for the kind of the object at hand; empty where every kind is meant."""
    tests = [_text_test("request.kind.group", group), _text_test("request.kind.kind", kind)]
    return " && ".join(filter(None, tests))


def _text_test(variable: str, pattern: str) -> str:
    """An expression for a glob over a text; empty where it holds for every text."""
    if pattern == ANY:
        return ""
    if not is_glob(pattern):
        return f"{variable} == {quote(pattern)}"
    negated = pattern.startswith(DENY)
    try:
        regex = gobwas_regex(pattern.removeprefix(DENY))
    except GlobError:
        regex = literal_regex(pattern)
    return f"{'!' if negated else ''}{variable}.matches({quote(f'^{regex}$')})"


def _emit_denied(
    plan: TenantPlan, suffix: str, scope: str, validations: list[tuple[str, str]], slot: str
) -> None:
    """A policy on everything that the tenant's accounts write in a scope."""
    if not validations:
        return
    name = plan.name(suffix)
    draft = _policy(plan, name)
    rule = {
        "apiGroups": ["*"],
        "apiVersions": ["*"],
        "operations": _WRITES,
        "resources": ["*"],
        "scope": scope,
    }
    draft.put("spec.matchConstraints.resourceRules", [rule], origin="required")
    users = [
        f"request.userInfo.username == 'system:serviceaccount:{plan.namespace}:{account}'"
        for account in (plan.account, *sorted(plan.accounts))
    ]
    condition = {"name": "tenant-account", "expression": " || ".join(users)}
    draft.put("spec.matchConditions", [condition], origin="required")
    for expression, message in validations:
        text = f"{message} in AppProject {plan.tenant.name}"
        draft.add("spec.validations", {"expression": expression, "message": text}, slot=slot)
    _bind(plan, name, {})


# --- both


def _policy(plan: TenantPlan, name: str) -> Draft:
    draft = plan.draft(_API, _POLICY, name)
    draft.put("spec.failurePolicy", "Fail", origin="required")
    return draft


def _bind(plan: TenantPlan, name: str, match: dict[str, object]) -> None:
    """Put a policy into effect."""
    binding = plan.draft(_API, f"{_POLICY}Binding", name)
    binding.put("spec.policyName", name, origin="required")
    binding.put("spec.validationActions", ["Deny"], origin="required")
    if match:
        binding.put("spec.matchResources", match, origin="derived")
