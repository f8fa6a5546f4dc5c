"""What is only read by reference: instructions on applied objects, and Secrets of Flux objects."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.mapping import flux_credentials, object_annotations
from argoflux.mapping.concept import Concept, Context
from argoflux.mapping.index import find_pattern
from argoflux.mapping.verdict import Message

K = "kustomize.toolkit.fluxcd.io"
O = "fluxcd.controlplane.io"  # noqa: E741  # the letter of the operator
RESOURCE, NAMESPACE = object_annotations.RESOURCE, object_annotations.NAMESPACE
CREDENTIALS, KUBECONFIG = flux_credentials.CREDENTIALS, flux_credentials.KUBECONFIG

CASES = [
    (RESOURCE, f"{K}/prune", "disabled", "equivalent", None),
    (RESOURCE, f"{K}/prune", "Disabled", "equivalent", None),
    (RESOURCE, f"{K}/prune", "enabled", "exact", None),
    (NAMESPACE, f"{K}/prune", "disabled", "equivalent", None),
    (RESOURCE, f"{K}/ssa", "Override", "exact", None),
    (RESOURCE, f"{K}/ssa", "Merge", "approximate", "F2A-ANN-005"),
    (RESOURCE, f"{K}/ssa", "IfNotPresent", "manual", "F2A-ANN-001"),
    (NAMESPACE, f"{K}/ssa", "Ignore", "equivalent", None),
    (RESOURCE, f"{K}/force", "enabled", "approximate", "F2A-ANN-002"),
    (RESOURCE, f"{K}/force", "disabled", "exact", None),
    (RESOURCE, f"{K}/reconcile", "disabled", "approximate", "F2A-ANN-003"),
    (RESOURCE, f"{K}/substitute", "disabled", "equivalent", None),
    (RESOURCE, f"{K}/checksum", "abc", "equivalent", None),
    (RESOURCE, f"{O}/prune", "disabled", "equivalent", None),
    (RESOURCE, f"{O}/force", "enabled", "approximate", "F2A-ANN-002"),
    (RESOURCE, f"{O}/reconcile", "disabled", "none", "F2A-ANN-006"),
    (RESOURCE, f"{O}/reconcile", "enabled", "exact", None),
    (RESOURCE, "source.extensions.fluxcd.io/reconcile", "disabled", "none", "F2A-ANN-006"),
    (RESOURCE, f"{O}/reconcileEvery", "5m", "equivalent", None),
    (
        RESOURCE,
        "helm.toolkit.fluxcd.io/driftDetection",
        "disabled",
        "approximate",
        "F2A-ANN-007",
    ),
    (RESOURCE, "helm.toolkit.fluxcd.io/name", "shop", "equivalent", None),
    (RESOURCE, "event.toolkit.fluxcd.io/team", "shop", "approximate", "F2A-ANN-008"),
    (RESOURCE, "reconcile.fluxcd.io/watch", "Enabled", "none", "F2A-ANN-009"),
    (RESOURCE, "reconcile.fluxcd.io/requestedAt", "now", "equivalent", None),
    (RESOURCE, "fluxcd.io/sync-checksum", "abc", "equivalent", None),
    (NAMESPACE, "toolkit.fluxcd.io/tenant", "web", "equivalent", None),
    (CREDENTIALS, "username", "git", "equivalent", None),
    (CREDENTIALS, "known_hosts", "host", "manual", "F2A-SEC-003"),
    (CREDENTIALS, "caFile", "cert", "manual", "F2A-SEC-003"),
    (CREDENTIALS, "tls.key", "key", "equivalent", None),
    (CREDENTIALS, "githubAppBaseURL", "https://git.example.com/api", "equivalent", None),
    (CREDENTIALS, "githubAppInstallationOwner", "acme", "manual", "F2A-SEC-005"),
    (CREDENTIALS, ".dockerconfigjson", "{}", "manual", "F2A-SEC-005"),
    (CREDENTIALS, "secretkey", "key", "none", "F2A-SEC-004"),
    (CREDENTIALS, "author.pub", "key", "manual", "F2A-SEC-005"),
    (KUBECONFIG, "value", "text", "equivalent", None),
    (KUBECONFIG, "other", "text", "equivalent", None),
]


def judged(kind: str, key: str, value: str, body: dict[str, Any] | None = None) -> tuple[Any, Any]:
    """The verdict and message of a key; its sentence must be whole."""
    match = find_pattern(kind, (key,))
    assert match is not None
    assert isinstance(match.row, Concept)
    path = ("data", key)
    context = Context(to="argocd", kind="", argocd="3.5", flux="2.9", body=body or {}, path=path)
    note = next(n for n in match.row.to_argo if n.when is None or n.when(value, context))
    if note.message is not None:
        facts = {} if note.facts is None else note.facts(value, context)
        assert set(note.message.fields()) <= set(facts)
    return note.verdict.value, note.message and note.message.code


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]} {case[2]}")
def test_what_a_key_becomes(case: tuple[str, str, str, str, str | None]) -> None:
    kind, key, value, verdict, code = case
    assert judged(kind, key, value) == (verdict, code)


def test_a_password_beside_an_ssh_key_is_its_passphrase() -> None:
    assert judged(CREDENTIALS, "password", "x") == ("equivalent", None)
    body = {"data": {"identity": "a", "password": "b"}}
    assert judged(CREDENTIALS, "password", "b", body) == ("manual", "F2A-SEC-001")


def test_every_message_is_raised() -> None:
    modules = (object_annotations, flux_credentials)
    declared = {m.code for mod in modules for m in vars(mod).values() if isinstance(m, Message)}
    assert declared - {case[4] for case in CASES} == {"F2A-SEC-001"}
