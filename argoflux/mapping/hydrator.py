"""The source hydrator: Flux syncs the branch of rendered manifests, and cannot render it."""

from __future__ import annotations

from argoflux.mapping.concept import Concept, exact, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict

A2F_HYD_001 = Message(
    code="A2F-HYD-001",
    verdict=Verdict.MANUAL,
    text="Flux applies `{path}` of branch `{branch}`, but nothing renders `{dry_path}` of `{dry_revision}` into it any more",
    instead="render in CI and commit the result to branch `{hydrated_to}`, or replace `sourceHydrator` by its `drySource` and convert again",
)

_AT = "spec.sourceHydrator"

# argo-cd:pkg/apis/application/v1alpha1/types.go SourceHydrator, GetSyncSource;
# argo-cd:commitserver/commit/hydratorhelper.go (manifest.yaml beside README.md and metadata)
ROWS = (
    Concept(
        slot="part.source.url",
        says="The repository that holds the branch of rendered manifests.",
        argo=(on("Application", f"{_AT}.syncSource.repoURL"),),
        to_flux=(exact(),),
    ),
    Concept(
        slot="part.source.revision",
        says="The branch of rendered manifests.",
        argo=(on("Application", f"{_AT}.syncSource.targetBranch"),),
        to_flux=(exact(),),
    ),
    Concept(
        slot="part.path",
        says="The directory of rendered manifests.",
        argo=(on("Application", f"{_AT}.syncSource.path"),),
        to_flux=(exact(),),
    ),
    Concept(
        slot="part.source.url",
        says="The repository that is rendered; also the one that is synced, unless that is stated.",
        argo=(on("Application", f"{_AT}.drySource.repoURL"),),
        to_flux=(says(A2F_HYD_001, when=fact("sync_repository_stated")), exact()),
    ),
    Concept(
        slot="",
        says="What is rendered, and how; what is pushed where.",
        argo=(
            on("Application", f"{_AT}.drySource", subtree=True),
            on("Application", f"{_AT}.hydrateTo.targetBranch"),
        ),
        to_flux=(says(A2F_HYD_001),),
    ),
)
