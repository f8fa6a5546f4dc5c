"""Sentences about the settings of an Argo CD installation."""

from __future__ import annotations

from argoflux.mapping.verdict import Message, Verdict

A2F_CM_001 = Message(
    code="A2F-CM-001",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD leaves {kinds} alone; {handling}",
    instead="remove such objects from Git",
)
A2F_CM_002 = Message(
    code="A2F-CM-002",
    verdict=Verdict.APPROXIMATE,
    text="`{key}: {value}` switches polling off; Flux polls every source at its interval",
    instead="add a Receiver for the webhooks and raise the intervals",
)
A2F_CM_003 = Message(
    code="A2F-CM-003",
    verdict=Verdict.NONE,
    text="who may log in to Argo CD and do what there has no counterpart: Flux has no users and no API of its own",
    instead="give people access to the Flux objects with Kubernetes RBAC",
)
A2F_CM_004 = Message(
    code="A2F-CM-004",
    verdict=Verdict.EQUIVALENT,
    text="settings of Argo CD's user interface and API server were dropped",
)
A2F_CM_005 = Message(
    code="A2F-CM-005",
    verdict=Verdict.EQUIVALENT,
    text="settings that tune Argo CD's own processes were dropped",
    instead="size the Flux controllers with their own flags where the load asks for it",
)
A2F_CM_006 = Message(
    code="A2F-CM-006",
    verdict=Verdict.NONE,
    text="`{key}` has no counterpart: {why}",
    instead="{remedy}",
)
A2F_CM_007 = Message(
    code="A2F-CM-007",
    verdict=Verdict.APPROXIMATE,
    text="`ignoreAggregatedRoles` was dropped: Flux applies the rules that Git states, and the cluster's aggregation overwrites them",
    instead="leave `rules` out of aggregated ClusterRoles in Git",
)
A2F_CM_008 = Message(
    code="A2F-CM-008",
    verdict=Verdict.APPROXIMATE,
    text="`{options}` in `{key}` cannot be set: Flux builds with its own kustomize, without plugins and Helm",
    instead="convert charts that kustomize inflates to HelmReleases",
)
A2F_CM_009 = Message(
    code="A2F-CM-009",
    verdict=Verdict.MANUAL,
    text="`{key}` states repositories in a form that Argo CD no longer reads; they were not converted",
    instead="state each repository as a Secret with the label argocd.argoproj.io/secret-type, and convert again",
)
A2F_CM_010 = Message(
    code="A2F-CM-010",
    verdict=Verdict.MANUAL,
    text="`{key}` declares tools that make manifests; Flux runs none",
    instead="render their output in CI and let Flux apply it",
)
A2F_CM_011 = Message(
    code="A2F-CM-011",
    verdict=Verdict.MANUAL,
    text="`{key}` lets projects inherit the limits of others; tenants inherit nothing",
    instead="add the limits of the global projects to each tenant",
    tags=("security",),
)
A2F_CM_012 = Message(
    code="A2F-CM-012",
    verdict=Verdict.APPROXIMATE,
    text="`{key}: {value}` {effect}",
    instead="{remedy}",
)
A2F_CM_013 = Message(
    code="A2F-CM-013",
    verdict=Verdict.EQUIVALENT,
    text="commits and texts of the manifest hydrator were dropped with it",
)
A2F_CM_014 = Message(
    code="A2F-CM-014",
    verdict=Verdict.UNKNOWN,
    text="`{key}` does not hold the YAML that Argo CD reads there; it was left out",
    instead="correct the text",
)
A2F_CM_015 = Message(
    code="A2F-CM-015",
    verdict=Verdict.APPROXIMATE,
    text="`{key}` lets a webhook refresh Applications; Flux polls, and takes webhooks where a Receiver waits for them",
    instead="write a Receiver with the same secret as its `token`, and give its URL to the Git server",
)
A2F_HLT_001 = Message(
    code="A2F-HLT-001",
    verdict=Verdict.MANUAL,
    text="the health script for {kind} is Lua, which Flux does not run; such objects count as ready by their conditions alone in {objects}",
    instead="{remedy}",
)
A2F_HLT_002 = Message(
    code="A2F-HLT-002",
    verdict=Verdict.APPROXIMATE,
    text="the health script for {kind} became the usual CEL expressions for that kind, in {objects}",
    instead="compare them with the script",
)
A2F_HLT_003 = Message(
    code="A2F-HLT-003",
    verdict=Verdict.EQUIVALENT,
    text="the health script for {kind} was dropped: nothing here renders such objects",
)
A2F_HLT_004 = Message(
    code="A2F-HLT-004",
    verdict=Verdict.APPROXIMATE,
    text="the health script for {kind} was left out: it cannot be seen from here who renders such objects",
    instead="write `healthCheckExprs` where they are applied, or convert again with their repositories at hand",
    tags=("evidence",),
)
A2F_IGN_006 = Message(
    code="A2F-IGN-006",
    verdict=Verdict.EQUIVALENT,
    text="the rule of the installation for {kind} was copied to {objects}",
    instead="{remedy}",
)
A2F_MIG_003 = Message(
    code="A2F-MIG-003",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD puts the label {label} on every object, Flux does not; {handling}",
    instead="see whether selectors, dashboards or policies ask for the label",
)
