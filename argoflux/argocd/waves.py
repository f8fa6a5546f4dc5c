"""Waves of Applications: the longest way from what depends on nothing.

Flux waits for what `dependsOn` names (kustomize-controller:internal/controller/
kustomization_controller.go checkDependencies). Argo CD syncs the children of a parent by
wave, the smaller numbers first (argo-cd:docs/user-guide/sync-waves.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

Node = TypeVar("Node", bound="Hashable")


def waves(before: Mapping[Node, Sequence[Node]]) -> dict[Node, int]:
    """The wave of every node that has an edge: 0, 1, 2… without gaps.

    ``before`` names what comes before each node, all of it nodes, without cycles.
    """
    after: dict[Node, list[Node]] = {node: [] for node in before}
    left = {node: len(set(found)) for node, found in before.items()}
    for node, found in before.items():
        for other in dict.fromkeys(found):
            after[other].append(node)
    wave = dict.fromkeys(before, 0)
    ready = [node for node, count in left.items() if not count]
    for node in ready:  # grows on the way
        for other in after[node]:
            wave[other] = max(wave[other], wave[node] + 1)
            left[other] -= 1
            if not left[other]:
                ready.append(other)
    return {node: number for node, number in wave.items() if before[node] or after[node]}


def cycles(before: Mapping[Node, Sequence[Node]]) -> dict[Node, tuple[Node, ...]]:
    """The shortest circle through each node that waits for itself, which it starts and ends.

    What merely waits for a circle is not part of one.
    """
    left = _in_or_after_circles(before)
    found: dict[Node, tuple[Node, ...]] = {}
    for node in left:
        circle = _circle(node, before, left)
        if circle:
            found[node] = circle
    return found


def _in_or_after_circles(before: Mapping[Node, Sequence[Node]]) -> dict[Node, None]:
    """The nodes that no order reaches."""
    after: dict[Node, list[Node]] = {node: [] for node in before}
    count = {node: len(set(found)) for node, found in before.items()}
    for node, found in before.items():
        for other in dict.fromkeys(found):
            after[other].append(node)
    ready = [node for node in before if not count[node]]
    for node in ready:  # grows on the way
        for other in after[node]:
            count[other] -= 1
            if not count[other]:
                ready.append(other)
    done = set(ready)
    return dict.fromkeys(node for node in before if node not in done)


def _circle(
    start: Node, before: Mapping[Node, Sequence[Node]], within: Mapping[Node, None]
) -> tuple[Node, ...]:
    """The shortest way from a node back to itself, empty where there is none."""
    came: dict[Node, Node] = {}
    queue = [start]
    for node in queue:  # grows on the way
        for other in before[node]:
            if other == start:
                way = [node]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return (*reversed(way), start)
            if other in within and other not in came:
                came[other] = node
                queue.append(other)
    return ()
