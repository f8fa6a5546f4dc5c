"""Flags of Flux's controllers: what each means for an installation of Argo CD."""

from __future__ import annotations

import pytest

from argoflux.mapping.concept import Concept, Context, Note
from argoflux.mapping.index import find_pattern
from argoflux.mapping.verdict import Verdict

APPROXIMATE, EQUIVALENT, EXACT = Verdict.APPROXIMATE, Verdict.EQUIVALENT, Verdict.EXACT
_GATE = "feature-gates."


def _judge(key: str, value: str) -> tuple[Note, dict[str, str]]:
    match = find_pattern("flags:flux", (key,), "flux")
    assert match is not None
    assert isinstance(match.row, Concept)
    ctx = Context(to="argocd", kind="", argocd="3.5", flux="2.9", body={}, path=("data", key))
    note = next(n for n in match.row.to_argo if n.when is None or n.when(value, ctx))
    return note, dict(note.facts(value, ctx)) if note.facts else {}


@pytest.mark.parametrize(
    ("key", "value", "verdict", "code"),
    [
        ("no-cross-namespace-refs", "true", APPROXIMATE, "F2A-TEN-002"),
        ("no-cross-namespace-refs", "false", EXACT, ""),
        ("default-service-account", "default", APPROXIMATE, "F2A-TEN-002"),
        ("default-service-account", "", EXACT, ""),
        ("no-remote-bases", "1", APPROXIMATE, "F2A-FLG-002"),
        ("no-remote-bases", "F", EXACT, ""),
        ("insecure-kubeconfig-tls", "true", APPROXIMATE, "F2A-FLG-002"),
        ("default-kubeconfig-service-account", "0", APPROXIMATE, "F2A-FLG-002"),
        ("watch-all-namespaces", "false", APPROXIMATE, "F2A-FLG-001"),
        ("watch-all-namespaces", "true", EXACT, ""),
        ("sops-age-secret", "sops-keys", APPROXIMATE, "F2A-FLG-001"),
        ("watch-label-selector", "sharding=one", APPROXIMATE, "F2A-FLG-001"),
        (_GATE + "UseHelm3Defaults", "True", APPROXIMATE, "F2A-FLG-001"),
        (_GATE + "UseHelm3Defaults", "false", EXACT, ""),
        (_GATE + "StrictPostBuildSubstitutions", "false", EQUIVALENT, ""),
        ("concurrent", "20", EQUIVALENT, ""),
        ("requeue-dependency", "5s", EQUIVALENT, ""),
    ],
)
def test_a_flag_is_judged_by_its_value(key: str, value: str, verdict: Verdict, code: str) -> None:
    note, _facts = _judge(key, value)
    assert (note.verdict, note.message.code if note.message else "") == (verdict, code)


@pytest.mark.parametrize(
    "key",
    ["default-service-account", "no-remote-bases", "override-manager", "watch-label-selector"],
)
def test_the_sentence_of_a_flag_is_complete(key: str) -> None:
    note, facts = _judge(key, "some")
    assert note.message is not None
    text, instead = note.message.fill(facts)
    assert f"`{key}=some`" in text
    assert "…" not in text + instead
    assert instead


def test_a_flag_that_limits_the_namespaces_says_so() -> None:
    note, facts = _judge("watch-all-namespaces", "false")
    assert note.message is not None
    assert "own namespace" in note.message.fill(facts)[0]
