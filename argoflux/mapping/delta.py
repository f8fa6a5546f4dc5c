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
    text="the first reconciliation of a HelmRelease is an installation: pre-install and post-install hooks of the chart run once more",
    instead="check the hooks of each chart before the move",
    run=True,
)
A2F_RUN_006 = Message(
    code="A2F-RUN-006",
    verdict=Verdict.EQUIVALENT,
    text="drift is corrected with the next interval of each object; Argo CD watches and corrects within seconds",
    instead="shorten `interval` where that is too slow",
    run=True,
)
A2F_RUN_007 = Message(
    code="A2F-RUN-007",
    verdict=Verdict.EQUIVALENT,
    text="what leaves Git is deleted with background propagation: dependents go after it; Argo CD deletes in the foreground",
    run=True,
)
A2F_RUN_008 = Message(
    code="A2F-RUN-008",
    verdict=Verdict.APPROXIMATE,
    text="a source that cannot be fetched holds up every app that shares it ({sources}); Argo CD fetches for each Application",
    instead="give critical apps a source of their own",
    run=True,
)
A2F_RUN_009 = Message(
    code="A2F-RUN-009",
    verdict=Verdict.APPROXIMATE,
    text="there is no button to sync: what was synced by hand is suspended and changes nothing until it is resumed ({objects})",
    instead="look with `flux diff`, then `flux resume` and `flux suspend` again",
    run=True,
)
A2F_RUN_010 = Message(
    code="A2F-RUN-010",
    verdict=Verdict.APPROXIMATE,
    text="objects of several apps belong to whoever applies last, and change their owner each time: {objects}; Argo CD warns of such objects",
    instead="leave each object to one app",
    run=True,
)
A2F_RUN_011 = Message(
    code="A2F-RUN-011",
    verdict=Verdict.APPROXIMATE,
    text="`targetNamespace` replaces the namespace of every object; Argo CD only fills in missing ones ({objects})",
    instead="convert with the repositories at hand, or check that no object states another namespace",
    run=True,
)
A2F_RUN_012 = Message(
    code="A2F-RUN-012",
    verdict=Verdict.APPROXIMATE,
    text="`targetNamespace` also renames Namespace objects of the build; Argo CD leaves their names alone ({objects})",
    instead="check that no Namespace object is among them",
    run=True,
)
A2F_RUN_013 = Message(
    code="A2F-RUN-013",
    verdict=Verdict.APPROXIMATE,
    text="labels that Argo CD added to selectors are kept by patches alone ({objects}); without them, selectors would change, which Kubernetes refuses",
    instead="compare the selectors of both sides before the move",
    run=True,
)
A2F_RUN_014 = Message(
    code="A2F-RUN-014",
    verdict=Verdict.EQUIVALENT,
    text="a release that fails is tried again and neither rolled back nor uninstalled: remediation after a failed first installation would uninstall what runs",
    instead="add `remediation` only after the move",
    run=True,
)
A2F_RUN_015 = Message(
    code="A2F-RUN-015",
    verdict=Verdict.APPROXIMATE,
    text="projects let or refuse each sync in Argo CD ({projects}); in Flux, the rights of service accounts and admission policies do",
    instead="see that both are in place before the move",
    run=True,
    tags=("security",),
)
