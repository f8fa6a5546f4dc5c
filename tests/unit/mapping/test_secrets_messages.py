"""Every sentence about Secrets is asked for by a test that raises it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from argoflux.mapping import secrets_cluster, secrets_messages
from argoflux.mapping.verdict import LOSS_ORDER, Message, Verdict

FLUX = Path(__file__).parents[1] / "flux"
TESTS = ("test_credentials.py", "test_credentials_of_charts.py", "test_emit_kubeconfig.py")
MESSAGES = [
    value
    for module in (secrets_messages, secrets_cluster)
    for name, value in vars(module).items()
    if isinstance(value, Message) and name.startswith(("A2F_SEC", "A2F_DST"))
]


def test_every_code_is_raised() -> None:
    texts = "".join((FLUX / name).read_text(encoding="utf-8") for name in TESTS)
    assert {message.code for message in MESSAGES} - set(
        re.findall(r"A2F-[A-Z]+-\d+", texts)
    ) == set()


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.code)
def test_a_loss_says_what_to_do(message: Message) -> None:
    if LOSS_ORDER[message.verdict] >= LOSS_ORDER[Verdict.NONE]:
        assert message.instead
