"""Mutated manifests: whatever their fields hold, every rule comes to its end."""

from __future__ import annotations

import copy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from argoflux.lint.registry import examples_of, rule_names
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

EXAMPLES = [
    example
    for name in rule_names()
    for side in examples_of(name.code)
    for example in side
    if not example.base
]
JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**70, 1.5, [], {}, [None], [[]], [1, "a"], {"a": None}, {"": ""}, [{}]),
    *({"kind": "x"}, [{"name": 1}], {"x": [{"y": {}}]}, "", " ", "x", "../../x", "/", "*", "**"),
    *(
        "{{",
        "{{ .x }}",
        "{{x}}",
        "${x}",
        "${",
        "$x/y",
        "[",
        "(",
        ")",
        "\\",
        "a,b",
        "=",
        "a=b",
        "!*",
    ),
    *("\x07", "\u202e", "🚀", "a" * 300, "a\nb", "oci://", "http://[", "https://u:p@h", "git@x:y"),
    *("1.x || ~", ">=", "1h2", "P1D", "* * * * *", "~0~1", "/a/0", ".a[", "del(.x)", "..", "!"),
)
KEPT = {("apiVersion",), ("kind",)}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in inner:
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from places(child, (*path, key))


def mutated(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A document with one to three values replaced, removed or added."""
    for _ in range(chance.randint(1, 3)):
        *above, last = chance.choice(
            [path for path in places(body) if path not in KEPT] or [("x",)]
        )
        holder: Any = body
        for key in above:
            holder = holder[key]
        junk = copy.deepcopy(chance.choice(JUNK))
        match chance.randint(0, 9), holder:
            case 0, dict() | list():
                if last in holder or isinstance(holder, list):
                    del holder[last]
            case 1, list():
                holder.append(junk)
            case 1, dict():
                holder[chance.choice(["name", "kind", "spec", "source", "sources", "", "a"])] = junk
            case _:
                holder[last] = junk
    return body


def damaged(texts: Mapping[str, str], chance: random.Random) -> dict[str, str]:
    """The files of an example with damage in most documents; what is no YAML stays."""
    found = {}
    for name, text in texts.items():
        try:
            bodies = list(yaml.safe_load_all(text))
        except (yaml.YAMLError, ValueError):
            bodies = []
        bodies = [
            mutated(body, chance) if isinstance(body, dict) and chance.random() < 0.8 else body
            for body in bodies
        ]
        found[name] = yaml.safe_dump_all(bodies, allow_unicode=True) if bodies else text
    return found


@given(st.sampled_from(EXAMPLES), st.sampled_from(EXAMPLES), st.randoms(use_true_random=False))
def test_every_rule_comes_to_its_end(one: Any, other: Any, chance: random.Random) -> None:
    """A rule that cannot go on is a finding of its own, and there is none."""
    texts = damaged({**one.texts(), **other.texts()}, chance)
    with TemporaryDirectory() as folder:
        found = lint_texts(Path(folder), texts).findings
    assert [finding.message for finding in found if finding.code == "AF901"] == []
    assert all(finding.message for finding in found)
