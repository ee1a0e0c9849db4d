"""Arithmetic of what is missing: circles in reporting lines, parts of a tree that nothing covers."""

from collections.abc import Callable, Iterable, Mapping, Sequence


def loops(managers: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Every circle of "reports to", each once, beginning at its smallest id, in order of that id."""
    settled: set[int] = set()
    found: list[tuple[int, ...]] = []
    for start in managers:
        walked: dict[int, int] = {}
        at: int | None = start
        while at is not None and at not in settled and at not in walked:
            walked[at] = len(walked)
            at = managers.get(at)
        if at is not None and at in walked:
            circle = list(walked)[walked[at] :]
            first = circle.index(min(circle))
            found.append((*circle[first:], *circle[:first]))
        settled.update(walked)
    return sorted(found)


def uncovered(
    roots: Iterable[int], children: Mapping[int, Sequence[int]], is_covered: Callable[[int], bool]
) -> list[int]:
    """The topmost nodes of which no part is covered: what lies under a covered node is covered with it."""
    found: list[int] = []
    for root in roots:
        found.extend([root] if (left := _left(root, children, is_covered)) is None else left)
    return found


def _left(
    root: int, children: Mapping[int, Sequence[int]], is_covered: Callable[[int], bool]
) -> list[int] | None:
    """What is left uncovered under the root, or None when all of it is, root included."""
    order: list[int] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        order.append(node)
        if not is_covered(node):
            waiting.extend(children.get(node, ()))
    left: dict[int, list[int] | None] = {}
    for node in reversed(order):
        below = children.get(node, ())
        if is_covered(node):
            left[node] = []
        elif all(left[child] is None for child in below):
            left[node] = None
        else:
            parts: list[int] = []
            for child in below:
                part = left[child]
                parts.extend([child] if part is None else part)
            left[node] = parts
    return left[root]


def smallest(ids: Iterable[int], above: Mapping[int, Sequence[int]]) -> list[int]:
    """The ids that stand above none of the others (a parent that shares with its child is the same hand)."""
    wanted = sorted(set(ids))
    parents = {up for one in wanted for up in above.get(one, ())}
    return [one for one in wanted if one not in parents]
