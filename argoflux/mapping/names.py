"""Names of new objects: slugs, limits and collisions that do not depend on input order.

Ruling on names: the smallest (namespace, name, file) in byte order keeps a name, all others get
a hash of ``Kind/namespace/name``; kustomize-controller and helm-controller write object names as
label values, so 63 characters are the limit (fluxcd/pkg:ssa/manager.go SetOwnerLabels).
"""

from __future__ import annotations

import hashlib
import re

LABEL_LIMIT = 63
_KEPT = 54


def digest8(text: str) -> str:
    """Eight hexadecimal characters of the sha256 of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def slug(text: str) -> str:
    """A DNS-1123 subdomain made from ``text``; ``x`` when nothing of it can stay."""
    lowered = re.sub(r"[^a-z0-9.-]+", "-", text.lower())
    joined = re.sub(r"-{2,}", "-", lowered)
    trimmed = re.sub(r"\.(?=[.-])|(?<=[.-])\.", "", joined).strip("-.")
    return trimmed or "x"


def undotted(name: str) -> str:
    """A name without dots: an ArtifactGenerator cannot refer to others (its CRD)."""
    return name.replace(".", "-")


def shorten(name: str, limit: int = LABEL_LIMIT) -> str:
    """``name`` cut to 54 characters, a hyphen and 8 hash characters where it is over-long."""
    if len(name) <= limit:
        return name
    return f"{name[:_KEPT].rstrip('-.')}-{digest8(name)}"


def with_hash(name: str, identity: str) -> str:
    """``name`` made unique by the hash of ``Kind/namespace/name``, within the limit."""
    return f"{name[:_KEPT].rstrip('-.')}-{digest8(identity)}"
