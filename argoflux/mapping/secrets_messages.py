"""Sentences about Secrets with credentials for repositories."""

from __future__ import annotations

from argoflux.mapping.verdict import Message, Verdict

A2F_SEC_002 = Message(
    code="A2F-SEC-002",
    verdict=Verdict.MANUAL,
    text="no host key of {host} is in the input; `known_hosts` of Secret {secret} is a stub",
    instead="add what `ssh-keyscan {host}` prints after comparing it with what the provider publishes, or give argoflux argocd-ssh-known-hosts-cm of the cluster",
    tags=("security",),
)
A2F_SEC_003 = Message(
    code="A2F-SEC-003",
    verdict=Verdict.MANUAL,
    text="Argo CD does not check the host key of {urls}; Flux always does",
    instead="put the host key into `known_hosts` of {secrets}",
)
A2F_SEC_004 = Message(
    code="A2F-SEC-004",
    verdict=Verdict.MANUAL,
    text="Argo CD does not verify the certificate of {urls}; Flux always does",
    instead="put the authority that signed it into `ca.crt` of the source's Secret",
)
A2F_SEC_005 = Message(
    code="A2F-SEC-005",
    verdict=Verdict.MANUAL,
    text="{urls} is reached with an Azure service principal, which Flux cannot use",
    instead="give source-controller a workload identity and set `provider: azure`, or use a personal access token",
    tags=("security",),
)
A2F_SEC_011 = Message(
    code="A2F-SEC-011",
    verdict=Verdict.MANUAL,
    text="the values of {name} were not copied: {secrets} is a stub",
    instead="fill in its `TODO` values, or run again with --include-secrets",
)
A2F_SEC_012 = Message(
    code="A2F-SEC-012",
    verdict=Verdict.MANUAL,
    text="no credentials for {url} are in the input; `{key}` of Secret {secret} is a stub",
    instead="fill it in, for example with `flux create secret git`",
    tags=("security",),
)
A2F_SEC_013 = Message(
    code="A2F-SEC-013",
    verdict=Verdict.MANUAL,
    text="{name} makes a Secret for Argo CD; Flux reads its sources' credentials from {secrets}",
    instead="let it make that Secret too, without the label argocd.argoproj.io/secret-type; keys that differ: {renames}",
    tags=("security",),
)
A2F_SEC_014 = Message(
    code="A2F-SEC-014",
    verdict=Verdict.MANUAL,
    text="the URL in {name} cannot be read, so no source was given its credentials",
    instead="name the Secret in `secretRef` of the sources that need it",
    tags=("evidence",),
)
A2F_SEC_015 = Message(
    code="A2F-SEC-015",
    verdict=Verdict.MANUAL,
    text="`{key}` of {name} has no counterpart in Flux {flux} for {urls}",
    instead="{remedy}",
)
A2F_SEC_016 = Message(
    code="A2F-SEC-016",
    verdict=Verdict.EQUIVALENT,
    text="{urls} is reached with the Azure identity of source-controller (`provider: azure`)",
    instead="federate that identity before the move",
)
A2F_SEC_017 = Message(
    code="A2F-SEC-017",
    verdict=Verdict.NONE,
    text="`{key}` of {name} is dropped: Flux has it for {urls} only as a setting of the whole controller",
    instead="set HTTPS_PROXY and NO_PROXY on source-controller",
)
A2F_SEC_018 = Message(
    code="A2F-SEC-018",
    verdict=Verdict.MANUAL,
    text="{name} lets Argo CD's hydrator push; nothing in Flux writes rendered manifests to Git",
    instead="let CI render and push, or give the credentials to the GitRepository of an ImageUpdateAutomation",
)
A2F_SRC_010 = Message(
    code="A2F-SRC-010",
    verdict=Verdict.MANUAL,
    text="{urls} uses Git LFS, which source-controller does not fetch",
    instead="keep the manifests out of LFS, or publish them as an OCI artifact",
)

A2F_SEC_020 = Message(
    code="A2F-SEC-020",
    verdict=Verdict.MANUAL,
    text="`{key}` of {name} is filled in by something else before it is applied; {secrets} holds the same placeholder",
    instead="write the value, or let the same tool fill in the new Secret",
)
