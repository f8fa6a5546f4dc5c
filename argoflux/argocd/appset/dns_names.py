"""Names that Kubernetes accepts, as the generators make them.

Facts: argo-cd:applicationset/utils/template_functions.go (SanitizeName).
"""

from __future__ import annotations

import re

_NOT_DNS = re.compile(r"[^-a-z0-9.]")
_LIMIT = 253


def normalize(name: str) -> str:
    """A DNS name of up to 253 characters: lower case, other characters as ``-``."""
    return _NOT_DNS.sub("-", name.lower())[:_LIMIT].strip("-.")
