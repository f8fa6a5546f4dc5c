"""New documents under construction: each leaf remembers why it is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any, Literal

from argoflux.text import path_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.mapping.verdict import Message
    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Key, Path

Origin = Literal["default", "required", "derived"]


_NO_FACTS: dict[str, Any] = {}


@lru_cache(maxsize=4096)
def _steps(path: str) -> Path:
    return tuple(path.split("."))


@dataclass(frozen=True, slots=True)
class Trace:
    """Why one part of a draft exists: the slot it came from, or how it was invented.

    ``message`` is the remark that an invented leaf carries (a stub value, a guessed branch). ``app``
    is the one app that the part is about, where the document is for several.
    """

    path: Path
    slot: str
    origin: Origin
    message: Message | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    app: App | None = None


@lru_cache(maxsize=4096)
def _plain_trace(path: Path, slot: str, origin: Origin) -> Trace:
    """A trace without a remark: thousands of documents have the same ones."""
    return Trace(path, slot, origin, facts=_NO_FACTS)


def _trace(
    path: Path, slot: str, origin: Origin, message: Message | None, facts: dict[str, Any]
) -> Trace:
    if message is None and not facts:
        return _plain_trace(path, slot, origin)
    return Trace(path, slot, origin, message, facts or _NO_FACTS)


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """One new document; ``folder`` is its place in the output tree.

    ``apps`` are the apps it serves, ``part_of`` the parts of each that it serves (an app that is
    not there: all of its parts). ``sources`` are input resources other than apps that it carries.
    ``listed`` says that whoever applies the output applies it; what an object of the output applies
    is not. ``deploys`` says for paths of the body that name a folder of the output: where the output
    will stand, and that folder.
    """

    api_version: str
    kind: str
    namespace: str
    name: str
    folder: str
    root: str
    apps: list[App] = field(default_factory=list)
    sources: list[Resource] = field(default_factory=list)
    part_of: dict[App, set[int]] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    traces: list[Trace] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    listed: bool = True
    deploys: dict[Path, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start with type and identity."""
        self.body["apiVersion"] = self.api_version
        self.body["kind"] = self.kind
        self.body["metadata"] = {"name": self.name}
        if self.namespace:
            self.body["metadata"]["namespace"] = self.namespace

    @property
    def id(self) -> str:
        """``Kind/namespace/name``."""
        return intern("/".join(part for part in (self.kind, self.namespace, self.name) if part))

    def serves(self, app: App, part: int | None) -> bool:
        """Whether the document carries this part of an app; None asks for any part."""
        parts = self.part_of.get(app)
        return parts is None or part is None or part in parts

    def put(
        self,
        path: str | Iterable[Key],
        value: Any,
        *,
        slot: str = "",
        origin: Origin = "derived",
        message: Message | None = None,
        **facts: Any,
    ) -> None:
        """Set a value; give ``slot`` when it carries an input value, else its ``origin``."""
        steps = _steps(path) if isinstance(path, str) else tuple(path)
        node: Any = self.body
        for key in steps[:-1]:
            node = node.setdefault(key, {})
        if steps[-1] in node:
            self.traces = [t for t in self.traces if t.path[: len(steps)] != steps]
        node[steps[-1]] = _plain(value)
        self.traces.append(_trace(steps, slot, origin, message, facts))

    def add(
        self,
        path: str,
        item: Any,
        *,
        slot: str = "",
        origin: Origin = "derived",
        message: Message | None = None,
        **facts: Any,
    ) -> None:
        """Append to a list; the trace names the new item."""
        steps = _steps(path)
        node: Any = self.body
        for key in steps[:-1]:
            node = node.setdefault(key, {})
        items = node.setdefault(steps[-1], [])
        items.append(_plain(item))
        self.traces.append(_trace((*steps, len(items) - 1), slot, origin, message, facts))

    def targets(self, slot: str) -> list[str]:
        """The paths that carry a slot, as text."""
        return [path_text(trace.path) for trace in self.traces if trace.slot == slot]


def _plain(value: Any) -> Any:
    """A copy made of plain dicts and lists (documents keep no marks of their sources)."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
