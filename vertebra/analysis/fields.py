"""Fields that a company added to its tool, which work items hold by name."""

from __future__ import annotations

from typing import Any

import ibis


def own_field(items: Any, name: str, otherwise: str | None = None) -> Any:
    """What an added field holds: its name is a key, never a path, whatever it looks like."""
    held = items["fields"]
    # Spark turns no JSON into names and values: it gets them as such (`evidence.trail.spark`).
    if not held.type().is_map():
        held = held.cast("json").cast("map<string, string>")
    return held.get(ibis.literal(name), otherwise)
