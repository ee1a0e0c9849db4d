"""Trees out of rows that name their parent, whatever the data: orphans become roots, loops are cut."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal, Protocol, Self, TypeVar

from vertebra.kit.text import fold

_DIGITS = re.compile(r"\d+")
Trouble = Literal["", "orphan", "loop"]


@lru_cache(maxsize=16_384)
def by_name(name: str) -> str:
    """What names are sorted by: no accents, no capitals, and 2 before 10."""
    return _DIGITS.sub(lambda found: found[0].rjust(12, "0"), fold(name))


class Placed(Protocol):
    """A thing that knows its parent and is given its place."""

    id: int
    name: str
    parent_id: int | None
    children: list[Self]
    path: tuple[int, ...]
    trouble: Trouble


P = TypeVar("P", bound=Placed)


def arrange(nodes: dict[int, P], order: Callable[[P], Any]) -> list[P]:
    """Give each node its children and its path from the root, and return the roots, all in order."""
    ordered = sorted(nodes.values(), key=order)
    roots = []
    for node in ordered:
        parent = nodes.get(node.parent_id) if node.parent_id else None
        if parent is None:
            node.trouble = "orphan" if node.parent_id else ""
            roots.append(node)
        else:
            parent.children.append(node)
    placed: set[int] = set()
    for root in roots:
        _place(root, (), placed)
    for node in ordered:
        # What no root leads to turns in a circle: its first node becomes a root, so that nothing is lost.
        if node.id not in placed:
            node.trouble = "loop"
            parent = nodes[node.parent_id or 0]
            parent.children = [child for child in parent.children if child.id != node.id]
            roots.append(node)
            _place(node, (), placed)
    return roots


def _place(root: P, path: tuple[int, ...], placed: set[int]) -> None:
    waiting = [(root, path)]
    while waiting:
        node, above = waiting.pop()
        if node.id in placed:
            continue
        placed.add(node.id)
        node.path = above
        waiting.extend((child, (*above, node.id)) for child in node.children)


def walk(roots: list[P]) -> Iterator[P]:
    """Every node, parents before children, in order."""
    waiting = roots[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def matching(nodes: Iterable[P], text: str) -> list[P]:
    """Those whose name holds the text, whatever its accents and capitals; names that begin with it first."""
    wanted = fold(text.strip()[:100])
    if not wanted:
        return []
    named = [(fold(node.name), node) for node in nodes]
    found = [(name, node) for name, node in named if wanted in name]
    return [node for name, node in sorted(found, key=lambda pair: not pair[0].startswith(wanted))]
