"""Questions about what the path of an app yields, three-valued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.destination import LOCAL_SERVER
from argoflux.mapping.objects import ARGO_KINDS
from argoflux.model.content import Known
from argoflux.model.settings import matches_glob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.flux.emit_plan import Plan
    from argoflux.model.content import Content, ContentObject

_SHOWN = 5


def renders(content: Content, group: str, kind: str) -> bool | None:
    """Whether a path yields objects of the kinds that two globs match; None when it may."""
    if isinstance(content, Known):
        for obj in content.objects:
            if matches_glob(group, obj.ref.group) and matches_glob(kind, obj.ref.kind):
                return True
        if content.complete:
            return False
    return None


def version_of(content: Content, group: str, kind: str) -> str:
    """The API version in which a path states a kind; empty when it is not known to hold one."""
    objects = content.objects if isinstance(content, Known) else ()
    versions = (o.version for o in objects if (o.ref.group, o.ref.kind) == (group, kind))
    version = next(versions, "")
    return f"{group}/{version}" if version else ""


def stays(obj: ContentObject) -> bool:
    """Whether an object is deployed as it is: objects of Argo CD are converted themselves."""
    return obj.ref.group != "argoproj.io" or obj.ref.kind not in ARGO_KINDS


def cluster_url(plan: Plan) -> str:
    """The API URL of the cluster that an app is sent to; empty when only its name is known."""
    cluster = plan.app.destination.cluster
    return LOCAL_SERVER if cluster.local else cluster.server


def selects_by(content: Content, label: str) -> bool | None:
    """Whether an object of a path selects others by a label; None when it may."""
    if isinstance(content, Known):
        if any(_selects(obj.body, label, inside=False) for obj in content.objects):
            return True
        if content.complete:
            return False
    return None


def _selects(node: Any, label: str, *, inside: bool) -> bool:
    """Whether a label is a key below a field whose name ends in ``selector``."""
    if isinstance(node, list):
        return any(_selects(item, label, inside=inside) for item in node)
    if not isinstance(node, dict):
        return False
    if inside and (label in node or node.get("key") == label):
        return True
    return any(
        _selects(value, label, inside=inside or str(key).lower().endswith("selector"))
        for key, value in node.items()
    )


def listed(names: Iterable[str]) -> str:
    """The first names, and how many there are besides."""
    found = list(names)
    more = len(found) - _SHOWN
    return ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
