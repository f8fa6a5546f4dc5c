"""The source objects of all plans, by where each source is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_git import emit_git_repositories
from argoflux.flux.emit_helm_repository import emit_helm_repositories
from argoflux.flux.emit_kept import kept_names
from argoflux.flux.emit_oci import by_version, emit_oci_repositories
from argoflux.model.source import GitSource, HelmSource, OciSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Emission


def emit_sources(plans: Sequence[Plan], emission: Emission) -> None:
    """Write the source objects of all plans with stubs of their Secrets, and name them there."""
    if not plans:
        return
    taken = kept_names(plans[0].request.kept)
    git = [plan for plan in plans if isinstance(plan.part.source, GitSource)]
    registry = [plan for plan in plans if isinstance(plan.part.source, OciSource)]
    named = [plan for plan in registry if by_version(plan)]
    web = [plan for plan in plans if isinstance(plan.part.source, HelmSource)]
    emit_git_repositories(git, emission, taken)
    emit_helm_repositories([*web, *named], emission, taken)
    emit_oci_repositories([plan for plan in registry if plan not in named], emission, taken)
