"""Marks in files by which Flux finds the images that it updates: `# {"$imagepolicy": "ns:name:tag"}`.

image-automation-controller:internal/update/setters.go, internal/constants/constants.go.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from argoflux.finding import Finding, Place
from argoflux.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.text import SourceFile
    from argoflux.workspace.tree import Tree

_NEEDLE = "$imagepolicy"
_MARK = re.compile(
    r"^[ \t]*(?:-[ \t]+)*(?:[^\s#:]+:[ \t]+)?(?P<value>[^\s#][^\n]*?)?[ \t]*"
    r"#[ \t]*(?P<mark>\{[^{}\n]*\$imagepolicy[^{}\n]*\})",
    re.MULTILINE,
)
_PARTS = 2
_SUFFIXES = ("tag", "name", "digest")


class Setter(NamedTuple):
    """One mark: the policy that it names, the part of the image, and the value before it.

    ``namespace`` is empty where the mark names none; ``span`` is the name as it is written.
    """

    source: SourceFile
    span: Span
    stated: str
    namespace: str
    policy: str
    part: str
    value: str

    @property
    def place(self) -> Place:
        """Where the name stands."""
        return Place(source=self.source, offsets=self.span)


def setters_below(tree: Tree, directory: str) -> Iterator[Setter]:
    """Every mark in the YAML files of a directory and of those below it, in order."""
    for folder in tree.directories_below(directory):
        listing = tree.listing(folder)
        for name in listing.files if listing is not None else ():
            if name.endswith((".yaml", ".yml")):
                source = tree.read(f"{folder}/{name}")
                if not isinstance(source, Finding) and _NEEDLE in source.text:
                    yield from _setters(source)


def _setters(source: SourceFile) -> Iterator[Setter]:
    for match in _MARK.finditer(source.text):
        try:
            stated = json.loads(match["mark"]).get(_NEEDLE)
        except (ValueError, AttributeError):
            continue
        if not isinstance(stated, str):
            continue
        start = match.start("mark") + match["mark"].rindex(stated)
        steps = stated.split(":")
        part = steps.pop() if len(steps) > 1 and steps[-1] in _SUFFIXES else ""
        yield Setter(
            source=source,
            span=Span(start, start + len(stated)),
            stated=stated,
            namespace=steps[0] if len(steps) == _PARTS else "",
            policy=steps[-1] if len(steps) <= _PARTS else ":".join(steps),
            part=part,
            value=(match["value"] or "").strip("'\""),
        )
