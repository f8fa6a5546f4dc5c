"""Copying plain values between documents and model slots, as the rows declare."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from argoflux.mapping.index import plain_paths
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.mapping.draft import Draft

T = TypeVar("T")
Slots = dict[str, Any]


def read_slots(body: Mapping[str, Any], kind: str) -> Slots:
    """The value of every plain path of ``kind`` that ``body`` states, by slot.

    ``body`` is relative to the kind's or table's own root. An explicit null counts as absent, as
    in the Kubernetes API.
    """
    found: Slots = {}
    for pattern, slot, _ in plain_paths(kind):
        value = dig(body, *pattern)
        if value is not MISSING and value is not None:
            found.setdefault(slot, value)
    return found


def write_slots(draft: Draft, kind: str, slots: Mapping[str, Any], *, at: str = "") -> None:
    """Put every slot that has a value at its plain path of ``kind``, below ``at``."""
    for pattern, slot, _ in plain_paths(kind):
        value = slots.get(slot)
        if value is not None and value not in ((), {}, ""):
            draft.put((*(at.split(".") if at else ()), *pattern), value, slot=slot)


def build(cls: type[T], slots: Mapping[str, Any], prefix: str, **more: Any) -> T:
    """Make a model value from the slots below ``prefix``; ``more`` wins over them."""
    values: dict[str, Any] = {}
    for item in fields(cls):  # type: ignore[arg-type]  # only dataclasses are passed
        slot = f"{prefix}.{item.name}" if prefix else item.name
        if item.name in more:
            values[item.name] = more[item.name]
        elif slot in slots:
            values[item.name] = slots[slot]
    return cls(**values)


def flatten(value: Any, prefix: str = "") -> Slots:
    """Every attribute of a model value by slot, nested dataclasses included."""
    out: Slots = {}
    for item in fields(value):
        slot = f"{prefix}.{item.name}" if prefix else item.name
        held = getattr(value, item.name)
        out[slot] = held
        if is_dataclass(held) and not isinstance(held, type):
            out.update(flatten(held, slot))
    return out
