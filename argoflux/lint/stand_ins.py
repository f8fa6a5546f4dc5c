"""Values that stand in for something: a script or a person puts the real ones there."""

from __future__ import annotations

import re

_STAND_IN = re.compile(r"TODO|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:/|\Z)")
"""A note that something is to be done, or a word in capitals as the first segment (``REPO_PREFIX/fleet``)."""


def is_stand_in(value: object) -> bool:
    """Whether a text says itself that it is not the value that will be used."""
    return isinstance(value, str) and _STAND_IN.match(value) is not None
