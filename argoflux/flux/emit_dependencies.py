"""HelmRepositories that lend their credentials to the dependencies of charts in Git.

source-controller looks for a HelmRepository with the address of a dependency in the namespace of the
chart, and fetches without credentials where there is none
(source-controller:internal/controller/helmchart_controller.go namespacedChartRepositoryCallback).
Argo CD uses the repository Secrets that match (argo-cd:util/helm/helm.go DependencyBuild).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.emit_helm_repository import INTERVAL, KIND, OCI, repository_name
from argoflux.flux.emit_kept import kept_helm_repositories, kept_names
from argoflux.flux.source_groups import free_name, start_source
from argoflux.goports.giturl import strip_credentials
from argoflux.mapping.chart_scan import scan_chart
from argoflux.mapping.helm import A2F_HELM_029
from argoflux.model.render import Helm
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.flux.access_needs import Need
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.secret_book import SecretBook
    from argoflux.mapping.emission import Emission

_REMOTE = ("http://", "https://", "oci://")


class _Key(NamedTuple):
    """What charts must agree on to share the repository of a dependency."""

    root: str
    namespace: str
    address: str
    need: Need


def emit_dependencies(plans: Sequence[Plan], emission: Emission, book: SecretBook) -> None:
    """Write a HelmRepository for each private address that charts depend on, unless there is one."""
    users: dict[_Key, list[Plan]] = {}
    for plan in plans:
        for address in _remote_addresses(plan):
            project = plan.app.project or "default"
            need = book.need("HelmRepository", address, root=plan.app.root, project=project)
            if need.auth is not None or need.cert is not None:
                key = _Key(plan.app.root, plan.namespace, address, need)
                users.setdefault(key, []).append(plan)
    if not users:
        return
    taken = kept_names(plans[0].request.kept)
    taken |= {(draft.root, draft.kind, draft.namespace, draft.name) for draft in emission.drafts}
    existing = _existing(plans, emission)
    for key, using in users.items():
        name = existing.get(key[:3])
        if name is None:
            name = free_name(taken, using[0], KIND, repository_name(key.address), key.address)
            _emit(key, name, using, emission, book)
        for plan in using:
            plan.facts.setdefault("lent", []).append(key.address)
            plan.say(A2F_HELM_029, repository=name, url=key.address, chart=plan.part.path)


def _remote_addresses(plan: Plan) -> Iterable[str]:
    """The repositories of the dependencies of a chart in Git whose files are at hand."""
    source, render = plan.part.source, plan.part.render
    if not isinstance(source, GitSource) or not isinstance(render, Helm) or plan.files is None:
        return ()
    found = scan_chart(plan.files, plan.part.path)
    addresses = found.repositories if found is not None else ()
    stated = (strip_credentials(item) for item in addresses if item.startswith(_REMOTE))
    return list(dict.fromkeys(address.rstrip("/") for address in stated))


def _existing(plans: Sequence[Plan], emission: Emission) -> dict[tuple[str, str, str], str]:
    """Names of HelmRepositories, of the input or new, by root, namespace and address."""
    kept = kept_helm_repositories(plans[0].request.kept)
    found = {key[:3]: name for key, name in kept.items()}
    for draft in emission.drafts:
        if draft.kind == KIND:
            address = str(draft.body["spec"]["url"]).rstrip("/")
            found.setdefault((draft.root, draft.namespace, address), draft.name)
    return found


def _emit(key: _Key, name: str, users: list[Plan], emission: Emission, book: SecretBook) -> None:
    draft = start_source(KIND, name, users, usual=INTERVAL)
    if key.address.startswith("oci://"):
        draft.put("spec.type", OCI, origin="required")
    draft.put("spec.url", key.address, origin="derived")
    book.grant(key.need, "HelmRepository", key.address, users).put(draft)
    emission.drafts.append(draft)
