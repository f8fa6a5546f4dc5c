"""Every validation rule of the schemas has its sentence, and no sentence is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux import kinds
from argoflux.schema import check
from argoflux.schema_fields import load_schema
from argoflux.schema_rule_words import RULE_WORDS
from argoflux.schema_rules import KEYWORD

if TYPE_CHECKING:
    from collections.abc import Iterator


def rules(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rules below a node, each with the schema of the object that it is about."""
    if isinstance(node, dict):
        for item in node.get(KEYWORD, ()):
            yield item["rule"], node
        for child in node.values():
            yield from rules(child)


def test_sentences_and_rules_match() -> None:
    """The keys of the table are the rules of all kinds, and their keys are fields."""
    found: dict[str, dict[str, Any]] = {}
    for kind in kinds.KINDS:
        for version in kind.versions:
            found.update(rules(load_schema(kind.kind, version.version)))
    assert found.keys() == RULE_WORDS.keys()
    for rule, words in RULE_WORDS.items():
        assert not words.key or words.key in found[rule]["properties"], rule
        assert words.says
        assert not words.says.endswith(".")


def test_the_error_stands_at_the_key_that_the_rule_is_about() -> None:
    """A missing field is told at the field that asks for it."""
    body = {
        "apiVersion": "notification.toolkit.fluxcd.io/v1",
        "kind": "Receiver",
        "metadata": {"name": "hook"},
        "spec": {"type": "github", "resources": [{"kind": "GitRepository", "name": "fleet"}]},
    }
    (error,) = check("Receiver", "v1", body)
    assert (error.path, error.on, error.rule) == (("spec", "type"), "key", "cel")
    assert error.message == "`spec`: this type needs a `secretRef`"
