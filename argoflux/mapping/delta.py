"""Differences of behaviour between the two systems that concern a whole conversion, said once."""

from __future__ import annotations

from argoflux.mapping.verdict import Message, Verdict

A2F_RUN_001 = Message(
    code="A2F-RUN-001",
    verdict=Verdict.EQUIVALENT,
    text="Flux always applies server-side and takes over fields of others; Argo CD applied these Applications client-side: {apps}",
    instead="set ServerSideApply=true in Argo CD first to see the difference there",
    run=True,
)
A2F_RUN_002 = Message(
    code="A2F-RUN-002",
    verdict=Verdict.APPROXIMATE,
    text="deleting a Kustomization that prunes deletes its CRDs as well, and with them their objects; Argo CD keeps CRDs when an Application is deleted",
    instead="annotate CRDs that must stay with kustomize.toolkit.fluxcd.io/prune: disabled",
    run=True,
)
A2F_RUN_003 = Message(
    code="A2F-RUN-003",
    verdict=Verdict.APPROXIMATE,
    text="a path that renders nothing makes a pruning Kustomization delete all its objects; Argo CD refuses such a sync",
    instead="annotate critical objects with kustomize.toolkit.fluxcd.io/prune: disabled",
    run=True,
)
A2F_RUN_004 = Message(
    code="A2F-RUN-004",
    verdict=Verdict.EQUIVALENT,
    text="a revision that fails is tried again without limit, and there is no rollback command; Argo CD gives up on it until the next revision",
    instead="roll back by reverting in Git",
    run=True,
)
A2F_RUN_005 = Message(
    code="A2F-RUN-005",
    verdict=Verdict.APPROXIMATE,
    text="the first reconciliation of a HelmRelease is an installation: pre-install and post-install hooks of the chart run once more, and the version in helm.sh/chart labels gets the revision appended",
    instead="check the hooks of each chart before the move",
    run=True,
)
