"""What the reader of jq expressions takes, and what it says about the rest."""

from __future__ import annotations

import pytest

from argoflux.lint.jq_syntax import problem

READABLE = (
    ".spec.replicas",
    '.metadata.annotations["example.com/revision"]',
    '.metadata.annotations."example.com/revision"?',
    ".spec.template.spec.containers[]?.env",
    '.spec.template.spec.containers[] | select(.name == "proxy")',
    '.spec.containers[] | select(.name | test("^istio-\\\\d+$"))',
    ".webhooks[]?.clientConfig.caBundle",
    '.. | select(type == "object") | .nodePort?',
    ".spec.ports[0:2]",
    ".spec.ports[-1]",
    'paths(type == "number") | select(.[-1] == "port")',
    '.metadata.labels | with_entries(select(.key | startswith("app.")))',
    ".spec as $spec | .status | select($spec.paused)",
    '"a\\(.b["c"])d" as $x | .[$x]',
    "if .spec.paused then .spec.replicas else empty end",
    "first(.spec.ports[])",
    "[.spec, {name: .metadata.name, kind}] | .[0]",
    "def last_of(f): f | last; last_of(.spec.rules)",
    ".spec.a, .spec.b # two of them",
    ".spec.size // 1.5e3",
)
UNREADABLE = (
    ("", "is empty"),
    ("  ", "is empty"),
    (".spec.ports[", "leaves `[` open"),
    (".spec.ports]", "closes `]`, which is not open"),
    ("(.spec]", "closes `]`, which is not open"),
    ('.spec["a', "leaves a string open"),
    (".spec['a']", "has single quotes; strings of jq stand in double quotes"),
    (".spec.a&b", "has `&`, which means nothing in jq"),
    ("/spec/replicas", "is a JSON pointer; move it to `jsonPointers`"),
    ("spec.replicas", "does not begin with `.`, so jq takes `spec` for a function"),
    ("| .spec", "begins with `|`"),
    (".spec |", "ends with `|`"),
    (".spec[] | selekt(.a)", "calls `selekt`, which is no function of jq"),
    (
        ".metadata.labels.last-seen",
        'reads as a calculation with `seen`; write keys with `-` as ["…"]',
    ),
    (
        ".metadata.annotations.example.com/revision",
        'reads as a calculation with `revision`; write keys with `/` as ["…"]',
    ),
)


@pytest.mark.parametrize("expression", READABLE)
def test_what_jq_reads_is_taken(expression: str) -> None:
    """Nothing is said about an expression that jq compiles."""
    assert problem(expression) == ""


@pytest.mark.parametrize(("expression", "said"), UNREADABLE)
def test_what_jq_does_not_read_is_told(expression: str, said: str) -> None:
    """The sentence names what jq stumbles over."""
    assert problem(expression) == said
