"""Whether an object has the field that a path names."""

from __future__ import annotations

import pytest

from argoflux.lint.field_paths import at_expression, at_pointer

BODY = {
    "metadata": {"annotations": {"example.com/owner": "shop", "a~b": "c"}},
    "spec": {"replicas": 2, "ports": [{"port": 80}, {"port": 81, "nodePort": 3}], "empty": None},
}


@pytest.mark.parametrize(
    ("pointer", "there"),
    [
        ("/spec/replicas", True),
        ("/spec/empty", True),
        ("/spec/ports/1/nodePort", True),
        ("/spec/ports/0/nodePort", False),
        ("/spec/ports/2", False),
        ("/spec/ports/-", False),
        ("/metadata/annotations/example.com~1owner", True),
        ("/metadata/annotations/a~0b", True),
        ("/metadata/annotations/example.com/owner", False),
        ("/spec/replicas/deeper", False),
        ("spec/replicas", False),
        ("", False),
    ],
)
def test_pointers(pointer: str, *, there: bool) -> None:
    """A pointer leads to a value or nowhere."""
    assert at_pointer(BODY, pointer) is there


@pytest.mark.parametrize(
    ("expression", "there"),
    [
        (".spec.replicas", True),
        (".spec.paused", False),
        (".spec.ports[].nodePort", True),
        (".spec.ports[]?.targetPort?", False),
        (".spec.ports[-1].nodePort", True),
        (".spec.ports[0].nodePort", False),
        (".spec[].port", False),
        ('.metadata.annotations["example.com/owner"]', True),
        ('.metadata.annotations."example.com/owner"', True),
        (".spec.replicas[0]", False),
        (".spec.ports[] | select(.port == 80)", None),
        ("", None),
    ],
)
def test_expressions(expression: str, *, there: bool | None) -> None:
    """A plain path is followed, everything else is not judged."""
    assert at_expression(BODY, expression) is there
