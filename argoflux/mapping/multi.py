"""Several sources of one Application: names, references between them, and what that changes."""

from __future__ import annotations

from argoflux.mapping.concept import Concept, equivalent, on
from argoflux.mapping.verdict import Message, Verdict

A2F_MUL_001 = Message(
    code="A2F-MUL-001",
    verdict=Verdict.APPROXIMATE,
    text="what {name} applies from {count} sources becomes independent objects ({objects}): each is applied, waited for and deleted on its own",
    instead="look at them together with `kubectl get kustomizations,helmreleases -A -l {label}`",
)
A2F_MUL_002 = Message(
    code="A2F-MUL-002",
    verdict=Verdict.MANUAL,
    text="{id} comes from {first} and again from {last} of {name}: Argo CD applies the last one only, in Flux the two objects fight over it",
    instead="delete it from {first} in Git, or with a `$patch: delete` patch in {object}",
)
A2F_MUL_003 = Message(
    code="A2F-MUL-003",
    verdict=Verdict.APPROXIMATE,
    text="values file `{value}` was copied into {copied}; later edits of the file no longer count",
    instead="edit the copy, or install source-watcher with Flux 2.9 or newer and convert again",
)
A2F_MUL_004 = Message(
    code="A2F-MUL-004",
    verdict=Verdict.MANUAL,
    text="values file `{value}` could not be converted: {why}",
    instead="{remedy}",
)
A2F_MUL_005 = Message(
    code="A2F-MUL-005",
    verdict=Verdict.MANUAL,
    text="Argo CD refuses `ref: {ref}` of {name}: {why}",
    instead="give the source another `ref`, and write it in the values files as well",
)
A2F_MUL_006 = Message(
    code="A2F-MUL-006",
    verdict=Verdict.APPROXIMATE,
    text="an ArtifactGenerator fails for a values file that does not exist, where Argo CD skips it",
    instead="remove missing files from the `copy` list of {generator}",
)
A2F_MUL_007 = Message(
    code="A2F-MUL-007",
    verdict=Verdict.APPROXIMATE,
    text="charts {charts} of {name} share the release name {release} in {namespace}; the release record of the last is kept in {storage}",
    instead="give each its own `releaseName` before the move if the names of its objects may change",
)
A2F_MUL_008 = Message(
    code="A2F-MUL-008",
    verdict=Verdict.APPROXIMATE,
    text="the chart in `{chart}` cannot be seen from here: it is copied as it stands, dependencies that are not in its charts folder are not fetched",
    instead="give the checkout with `--source {url}=DIR`, or commit the dependencies",
    tags=("evidence",),
)
A2F_MUL_009 = Message(
    code="A2F-MUL-009",
    verdict=Verdict.EQUIVALENT,
    text="nothing refers to source `{value}` of {name}, and it has no path: it was left out",
    instead="delete it",
)
A2F_MUL_010 = Message(
    code="A2F-MUL-010",
    verdict=Verdict.EQUIVALENT,
    text="waves and hooks of {name} reach across its sources: {waits}",
)
A2F_MUL_011 = Message(
    code="A2F-MUL-011",
    verdict=Verdict.APPROXIMATE,
    text="waves and hooks of {ordered} do not count against {others}, which Argo CD applied in one order with them",
    instead="check that either may be first: a Kustomization cannot wait for a HelmRelease, nor for waves that nobody can see",
)

# argo-cd:reposerver/repository/repository.go GenerateManifest: a source with a ref and no path makes
# nothing; argo-cd:util/argo/argo.go GetRefSources
ROWS = (
    Concept(
        slot="part.ref",
        says="The name by which values files of other sources refer to the files of this one.",
        argo=(on("ApplicationSource", "ref"),),
        to_flux=(equivalent(),),
    ),
)
