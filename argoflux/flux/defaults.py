"""What the Flux controllers assume when a field is absent."""

from __future__ import annotations

import hashlib
from typing import Literal

DEFAULT_BRANCH = "master"
"""The branch of a GitRepository without ``ref``: fluxcd/pkg:git/options.go."""

RETRY_INTERVAL = "5m"
"""The pause of ``RetryOnFailure``: helm-controller:api/v2/helmrelease_types.go."""

REF_ORDER: tuple[Literal["commit", "name", "tag", "semver", "branch"], ...] = (
    "commit",
    "name",
    "tag",
    "semver",
    "branch",
)
"""Which member of ``ref`` counts when several are set: fluxcd/pkg:git/gogit/client.go clone.

The API reference of GitRepository claims that semver beats tag; the code does not.
"""

_RELEASE_LIMIT = 53
_KEPT = 40
_DIGITS = 12


def release_name(name: str, target_namespace: str | None) -> str:
    """The Helm release of a HelmRelease that names none.

    helm-controller:internal/release/name.go: 40 characters and 12 of the sha256 when too long.
    """
    full = f"{target_namespace}-{name}" if target_namespace else name
    if len(full) <= _RELEASE_LIMIT:
        return full
    return f"{full[:_KEPT]}-{hashlib.sha256(full.encode()).hexdigest()[:_DIGITS]}"
