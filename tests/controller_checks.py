"""What Argo CD refuses only in its controllers, for documents that a conversion wrote.

A schema lets all of this pass. Each function takes documents as plain maps and returns complaints; an
empty list is a pass. What needs the objects of a path (permitted kinds, empty paths) is not here,.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.expand import expand
from argoflux.argocd.appset.generators import Inputs
from argoflux.argocd.appset.rollout import rollout_steps, step_of
from argoflux.goports import duration
from argoflux.goports.giturl import normalize_git_url
from argoflux.goports.globs import gobwas
from argoflux.goports.semver import Constraint, SemverError
from tests.notification_checks import notification_complaints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Body = dict[str, Any]

TOOLS = ("helm", "kustomize", "directory", "plugin")
_SWITCHES = (
    *("ApplyOutOfSyncOnly", "ClientSideApplyMigration", "CreateNamespace", "FailOnSharedResource"),
    *("PruneLast", "Replace", "RespectIgnoreDifferences", "ServerSideApply"),
    "SkipDryRunOnMissingResource",
)
OPTIONS = {
    **{name: {"true", "false"} for name in _SWITCHES},
    **{name: {"false", "confirm"} for name in ("Prune", "Delete")},
    "Validate": {"false"},
    "PrunePropagationPolicy": {"foreground", "background", "orphan"},
}
"""argo-cd:docs/user-guide/sync-options.md: an option with another value is passed over."""
_CASCADE = "resources-finalizer.argocd.argoproj.io"
FINALIZERS = {_CASCADE, f"{_CASCADE}/foreground", f"{_CASCADE}/background"}
FINALIZER_PREFIXES = ("pre-delete-finalizer.argocd.", "post-delete-finalizer.argocd.")
_NO_ACCOUNT = set("!*[]{}\\/")
_REF = re.compile(r"[a-zA-Z0-9_-]+\Z")
_DNS = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
_ROLE = re.compile(r"[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?\Z")
_RELEASE_LIMIT, _LABEL_LIMIT, _NAME_LIMIT = 53, 63, 253
_SECRET_TYPE = "argocd.argoproj.io/secret-type"
_PART_OF = "app.kubernetes.io/part-of"
_HEALTH_KEY = re.compile(r"resource\.customizations\.health\.[A-Za-z0-9.*-]+(_[A-Za-z*]+)?\Z")


@dataclass(slots=True)
class Estate:
    """The documents of one root by kind, with what ApplicationSets make of theirs."""

    documents: Sequence[Body]
    known_projects: frozenset[str] = frozenset()
    applications: list[Body] = field(default_factory=list)

    def of(self, kind: str) -> list[Body]:
        return [body for body in self.documents if body.get("kind") == kind]

    def secrets(self, sort: str) -> list[Body]:
        labels = ((body, body["metadata"].get("labels", {})) for body in self.of("Secret"))
        return [body for body, found in labels if found.get(_SECRET_TYPE) == sort]

    def clusters(self) -> list[str]:
        """argo-cd:util/db/cluster.go: the cluster of the controller has a name as well."""
        return ["in-cluster", *(s["stringData"].get("name", "") for s in self.secrets("cluster"))]


def controller_complaints(
    documents: Sequence[Body], known_projects: Iterable[str] = (), folders: Iterable[str] = ()
) -> list[str]:
    """All checks on the documents of one root.

    ``known_projects`` are there without being written, ``folders`` those of the output tree.
    """
    estate = Estate(documents, frozenset({"default", *known_projects}))
    estate.applications = estate.of("Application")
    wrong: list[str] = []
    for body in estate.of("ApplicationSet"):
        wrong += set_complaints(body, estate)
    for body in estate.applications:
        name = body["metadata"]["name"]
        wrong += [f"Application {name}: {text}" for text in application_complaints(body, estate)]
    wrong += folder_complaints(estate, folders)
    wrong += name_complaints(estate)
    for body in estate.of("AppProject"):
        wrong += [f"AppProject {body['metadata']['name']}: {t}" for t in project_complaints(body)]
    wrong += secret_complaints(estate)
    wrong += settings_complaints(estate)
    return wrong


# --- Applications


def application_complaints(body: Body, estate: Estate) -> Iterator[str]:
    """One Application against the rest of its root."""
    spec = body["spec"]
    sources = spec.get("sources") or []
    single = spec.get("source")
    if bool(sources) == bool(single):  # argo-cd:util/argo/argo.go ValidatePermissions
        yield "one of `source` and `sources` has to be there"
    for source in sources or [single or {}]:
        yield from source_complaints(source, several=bool(sources))
    yield from ref_complaints(sources)
    yield from destination_complaints(spec.get("destination", {}), estate)
    yield from permission_complaints(body, sources or [single or {}], estate)
    yield from sync_complaints(spec)
    yield from metadata_complaints(body["metadata"])


def source_complaints(source: Body, *, several: bool) -> Iterator[str]:
    """argo-cd:util/argo/argo.go validateSourcePermissions, types.go ExplicitType."""
    path, chart = source.get("path", ""), source.get("chart", "")
    if not source.get("repoURL"):
        yield "a source has no `repoURL`"
    if not path and not chart and not (several and source.get("ref")):
        yield "a source has neither `path` nor `chart`"
    if chart and not source.get("targetRevision"):
        yield "a chart has no `targetRevision`"
    if chart and path:
        yield "a source has `path` and `chart`"
    tools = [tool for tool in TOOLS if tool in source]
    if len(tools) > 1:
        yield f"a source has several tools: {', '.join(tools)}"
    if path.startswith("/") or ".." in posixpath.normpath(path).split("/"):
        yield f"path {path} leaves the repository"  # argo-cd:util/app/path/path.go
    if chart:
        try:  # argo-cd:util/versions/tags.go
            Constraint.parse(str(source.get("targetRevision", "")))
        except SemverError:
            yield f"chart {chart} has no version that can be read: {source.get('targetRevision')}"
    yield from helm_complaints(source.get("helm", {}))


def helm_complaints(helm: Body) -> Iterator[str]:
    """helm:pkg/chartutil/validate_name.go; argo-cd:util/helm/helm.go."""
    release = helm.get("releaseName", "")
    if release and (not _DNS.match(release) or len(release) > _RELEASE_LIMIT):
        yield f"Helm takes no release name like {release}"
    if "values" in helm and "valuesObject" in helm:
        yield "`valuesObject` hides `values`"


def ref_complaints(sources: Sequence[Body]) -> Iterator[str]:
    """argo-cd:util/argo/argo.go GetRefSources; reposerver/repository/repository.go."""
    refs = Counter(source["ref"] for source in sources if source.get("ref"))
    for ref, count in refs.items():
        if not _REF.match(ref):
            yield f"ref {ref} has characters that are not allowed"
        if count > 1:
            yield f"ref {ref} is there {count} times"
    for source in sources:
        if source.get("ref") and source.get("chart"):
            yield f"ref {source['ref']} is a chart"
        for file in source.get("helm", {}).get("valueFiles", []):
            name = str(file).removeprefix("$").partition("/")[0]
            if str(file).startswith("$") and name not in refs:
                yield f"{file} refers to no source"
    by_repository: dict[str, set[str]] = {}
    for source in sources:
        url = normalize_git_url(source.get("repoURL", ""))
        by_repository.setdefault(url, set()).add(str(source.get("targetRevision", "")))
    for source in sources:
        revisions = by_repository[normalize_git_url(source.get("repoURL", ""))]
        if source.get("ref") and len(revisions) > 1:
            yield f"{source['repoURL']} is referred to in several revisions"


def destination_complaints(destination: Body, estate: Estate) -> Iterator[str]:
    """argo-cd:util/argo/argo.go GetDestinationCluster."""
    server, name = destination.get("server"), destination.get("name")
    if bool(server) == bool(name):
        yield "the destination needs one of `server` and `name`"
    if name and estate.clusters().count(name) != 1:
        yield f"{estate.clusters().count(name)} clusters are called {name}"
    namespace = destination.get("namespace", "")
    if namespace and (not _LABEL.match(namespace) or len(namespace) > _LABEL_LIMIT):
        yield f"{namespace} is no name of a namespace"


def permission_complaints(body: Body, sources: Sequence[Body], estate: Estate) -> Iterator[str]:
    """argo-cd:pkg/apis/application/v1alpha1/app_project_types.go IsSourcePermitted and its like."""
    name = body["spec"].get("project", "")
    project = next((p for p in estate.of("AppProject") if p["metadata"]["name"] == name), None)
    if project is None:
        if name not in estate.known_projects:
            yield f"project {name} does not exist"
        return
    spec, destination = project["spec"], body["spec"].get("destination", {})
    for source in sources:
        url = normalize_git_url(source.get("repoURL", ""))
        patterns = [normalize_git_url(p) if p != "*" else p for p in spec.get("sourceRepos", [])]
        if not any(p == "*" or gobwas(p, url, "/") for p in patterns):
            yield f"project {name} does not permit {source.get('repoURL')}"
    if not any(_reaches(item, destination) for item in spec.get("destinations", [])):
        yield f"project {name} does not permit the destination {destination}"
    home = body["metadata"].get("namespace")
    if home != project["metadata"].get("namespace") and not any(
        gobwas(pattern, home or "") for pattern in spec.get("sourceNamespaces", [])
    ):
        yield f"project {name} does not permit Applications in {home}"


def _reaches(item: Body, destination: Body) -> bool:
    place = any(
        destination.get(key) and gobwas(item.get(key, ""), destination[key])
        for key in ("server", "name")
    )
    return place and gobwas(item.get("namespace", ""), destination.get("namespace") or "")


def sync_complaints(spec: Body) -> Iterator[str]:
    """argo-cd:pkg/apis/application/v1alpha1/types.go NextRetryAt; util/argo/normalizers."""
    policy = spec.get("syncPolicy", {})
    for option in policy.get("syncOptions", []):
        name, _, value = str(option).partition("=")
        if value not in OPTIONS.get(name, ()):
            yield f"sync option {option} is none that Argo CD knows"
    names = Counter(str(option).partition("=")[0] for option in policy.get("syncOptions", []))
    yield from (f"sync option {name} is there twice" for name, n in names.items() if n > 1)
    backoff = policy.get("retry", {}).get("backoff", {})
    for key in ("duration", "maxDuration"):
        try:
            duration.parse_backoff(str(backoff.get(key, "0")))
        except duration.DurationError:
            yield f"retry.backoff.{key} is no duration: {backoff[key]}"
    if "managedNamespaceMetadata" in policy and "CreateNamespace=true" not in policy["syncOptions"]:
        yield "`managedNamespaceMetadata` needs CreateNamespace=true"
    for rule in spec.get("ignoreDifferences", []):
        ways = ("jsonPointers", "jqPathExpressions", "managedFieldsManagers")
        if not any(rule.get(way) for way in ways):
            yield f"an ignore rule on {rule.get('kind')} ignores nothing"
        for pointer in rule.get("jsonPointers", []):
            if not pointer.startswith("/"):
                yield f"{pointer} is no JSON pointer"


def metadata_complaints(metadata: Body) -> Iterator[str]:
    """argo-cd:pkg/apis/application/v1alpha1/types.go (finalizers)."""
    for finalizer in metadata.get("finalizers", []):
        if finalizer not in FINALIZERS and not finalizer.startswith(FINALIZER_PREFIXES):
            yield f"finalizer {finalizer} is none that Argo CD removes"
    for kind in ("labels", "annotations"):
        for key, value in metadata.get(kind, {}).items():
            if not isinstance(value, str):
                yield f"{kind}.{key} is no text"


def folder_complaints(estate: Estate, folders: Iterable[str]) -> Iterator[str]:
    """A folder of the output that nobody lists has to be the path of some Application."""
    paths = {_tail(body["spec"].get("source", {}).get("path", "")) for body in estate.applications}
    for folder in sorted(set(folders)):
        tail = _tail(folder)
        if tail.startswith(("apps/", "rendered/")) and tail not in paths:
            yield f"no Application applies {folder}"


def _tail(path: str) -> str:
    return "/".join(path.split("/")[-2:])


# --- ApplicationSets


def set_complaints(body: Body, estate: Estate) -> list[str]:
    """argo-cd:applicationset/controllers/applicationset_controller.go validateGeneratedApplications.

    What the set makes joins the Applications of the estate.
    """
    name = f"ApplicationSet {body['metadata']['name']}"
    made = expand(body, Inputs())
    wrong = [f"{name}: {problem.text}" for problem in made.problems]
    if not made.children:
        wrong.append(f"{name} makes nothing")
    estate.applications += [child.body for child in made.children]
    strategy = body["spec"].get("strategy", {})
    if "rollingSync" in strategy:
        labels = [child.body["metadata"].get("labels", {}) for child in made.children]
        wrong += [f"{name}: {text}" for text in rollout_complaints(body, labels)]
    return wrong


def rollout_complaints(body: Body, labels: Sequence[dict[str, str]]) -> Iterator[str]:
    """argo-cd:applicationset/progressivesync/progressive_sync.go, validation_issues.go."""
    if body["spec"]["strategy"].get("type") != "RollingSync":
        yield "`rollingSync` needs the type RollingSync"
        return
    steps = rollout_steps(body)
    if not steps:
        yield "a rollout has no steps"
    for step in steps:
        for expression in step.get("matchExpressions", []):
            if expression.get("operator") not in {"In", "NotIn"}:
                yield f"a step knows no operator {expression.get('operator')}"
    taken = Counter(step_of(each, steps) for each in labels)
    if taken[None]:
        yield f"{taken[None]} Applications are in no step and never synced"
    yield from (f"step {n + 1} is empty" for n in range(len(steps)) if not taken[n])


def name_complaints(estate: Estate) -> list[str]:
    """Two Applications of one name would fight for one object; names are those of Kubernetes."""
    keys = [(b["metadata"].get("namespace"), b["metadata"]["name"]) for b in estate.applications]
    wrong = [f"{n} Applications are called {key[1]}" for key, n in Counter(keys).items() if n > 1]
    return wrong + [
        f"{name} is no name of an Application"
        for _, name in keys
        if not _DNS.match(name) or len(name) > _NAME_LIMIT
    ]


# --- AppProjects, Secrets, settings


def project_complaints(body: Body) -> Iterator[str]:
    """argo-cd:pkg/apis/application/v1alpha1/app_project_types.go ValidateProject."""
    spec = body["spec"]
    places = [
        (d.get("server"), d.get("name"), d["namespace"]) for d in spec.get("destinations", [])
    ]
    for kind, items in (("destination", places), ("repository", spec.get("sourceRepos", []))):
        yield from (
            f"{kind} {item} is there {n} times" for item, n in Counter(items).items() if n > 1
        )
        if "!*" in items:
            yield f"{kind} !* permits nothing"
    roles = [role["name"] for role in spec.get("roles", [])]
    yield from (f"role {name} is there twice" for name, n in Counter(roles).items() if n > 1)
    yield from (f"{name} is no name of a role" for name in roles if not _ROLE.match(name))
    accounts = spec.get("destinationServiceAccounts", [])
    for item in accounts:
        account = item.get("defaultServiceAccount", "")
        if not account.strip() or set(account) & _NO_ACCOUNT:
            yield f"{account!r} is no service account"
        for key in ("server", "namespace"):
            if "!" in item.get(key, "") or not item.get(key, "").strip():
                yield f"a service account has no usable {key}: {item.get(key)!r}"
    keys = Counter((item.get("server"), item.get("namespace")) for item in accounts)
    yield from (f"{key} has {n} service accounts" for key, n in keys.items() if n > 1)


def secret_complaints(estate: Estate) -> Iterator[str]:
    """argo-cd:util/db/repository_secrets.go, util/db/cluster.go SecretToCluster."""
    for sort in ("repository", "repo-creds"):
        found = [
            (body["metadata"]["name"], body.get("stringData", {})) for body in estate.secrets(sort)
        ]
        for name, data in found:
            if not data.get("url"):
                yield f"Secret {name} has no url"
            if data.get("type", "git") not in {"git", "helm", "oci"}:
                yield f"Secret {name} has an unknown type {data['type']}"
            for key in ("enableOCI", "insecure", "insecureIgnoreHostKey", "forceHttpBasicAuth"):
                if data.get(key, "true") not in {"true", "false"}:
                    yield f"{key} of Secret {name} is no switch: {data[key]}"
        urls = Counter((data.get("url"), data.get("project")) for _, data in found)
        yield from (f"{n} {sort} Secrets are for {key[0]}" for key, n in urls.items() if n > 1)
    for body in estate.secrets("cluster"):
        name, data = body["metadata"]["name"], body.get("stringData", {})
        if not data.get("server") or not data.get("name"):
            yield f"cluster Secret {name} lacks its server or name"
        try:
            json.loads(data.get("config", "{}"))
        except ValueError:
            yield f"config of cluster Secret {name} is no JSON"


def settings_complaints(estate: Estate) -> Iterator[str]:
    """argo-cd:util/settings/settings.go: only a ConfigMap with this label is read."""
    for body in estate.of("ConfigMap"):
        name, data = body["metadata"]["name"], body.get("data", {})
        for key, value in data.items():
            if not isinstance(value, str):
                yield f"{key} of {name} is no text"
        if name in {"argocd-cm", "argocd-cmd-params-cm"}:
            if body["metadata"].get("labels", {}).get(_PART_OF) != "argocd":
                yield f"{name} lacks the label {_PART_OF}: argocd"
            for key in data:
                if ".health." in key and not _HEALTH_KEY.match(key):
                    yield f"{key} names no kind"
        elif name == "argocd-notifications-cm":
            yield from notification_complaints(data)
