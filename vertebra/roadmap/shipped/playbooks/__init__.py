"""Playbooks shipped with Vertebra, in French and English."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class ShippedStep:
    """One step of a shipped playbook."""

    domain: str
    stage: str
    title: str
    details: str
    role: str
    function: str
    starts_day: int
    ends_day: int
    is_gate: bool


@dataclass(frozen=True, slots=True)
class ShippedPlaybook:
    """A shipped playbook in one language."""

    code: str
    title: str
    description: str
    steps: tuple[ShippedStep, ...]


@cache
def playbooks(language: str) -> dict[str, ShippedPlaybook]:
    """The shipped playbooks in a language, by code; in English where there is no other."""
    name = language[:2] if language[:2] in {"fr", "en"} else "en"
    data = tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
    return {
        row["code"]: ShippedPlaybook(
            row["code"],
            row["title"],
            " ".join(row["description"].split()),
            tuple(ShippedStep(*step) for step in row["steps"]),
        )
        for row in data["playbook"]
    }
