"""Static jq paths as JSON pointers."""

from __future__ import annotations

import pytest

from argoflux.mapping.jq_paths import pointer_of


@pytest.mark.parametrize(
    ("expression", "pointer"),
    [
        (".spec.replicas", "/spec/replicas"),
        (' .metadata.annotations["a/b~c"] ', "/metadata/annotations/a~1b~0c"),
        ('.metadata."x-y"', "/metadata/x-y"),
        (".spec.ports[0].port", "/spec/ports/0/port"),
        (".spec.ports.[1]", "/spec/ports/1"),
        (".", None),
        ("", None),
        (".spec[]", None),
        (".spec[1:2]", None),
        ('.spec[] | select(.name == "x")', None),
        ("..", None),
        ('.["broken', None),
        (".spec.x-y", None),
        (".a?", None),
    ],
)
def test_pointer(expression: str, pointer: str | None) -> None:
    """Only paths without filters, wildcards and slices name one field."""
    assert pointer_of(expression) == pointer
