"""Practices shipped with Vertebra, in French and English: each a file, begun as an idea and changed at will."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A shipped practice in one language; `costs` are minutes a month by function, `templates` title and text."""

    code: str
    name: str
    why: str
    for_whom: str
    when: str
    inputs: str
    outputs: str
    steps: str
    tools: str
    costs: tuple[tuple[str, int], ...]
    templates: tuple[tuple[str, str], ...]


# In the order in which a company that begins would take them.
CODES: tuple[str, ...] = (
    "discovery-method",
    "pm-onboarding",
    "tracker-hygiene",
    "qa-process",
    "project-timeline",
    "roadmap-method",
    "quarterly-alignment",
    "release-communication",
    "product-champions",
    "working-with-data",
    "incident-process",
)


@cache
def shipped_practices(language: str) -> dict[str, Shipped]:
    """The shipped practices in a language, by code; in English where there is no other."""
    name = language[:2] if language[:2] in LANGUAGES else "en"
    return {code: _read(name, code) for code in CODES}


def _read(language: str, code: str) -> Shipped:
    path = files(__name__) / language / f"{code.replace('-', '_')}.toml"
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    words = {
        name: said[name].strip()
        for name in ("name", "why", "for_whom", "when", "inputs", "outputs", "steps", "tools")
    }
    return Shipped(
        code=code,
        costs=tuple(said["costs"].items()),
        templates=tuple((one["title"], one["body"].strip()) for one in said["templates"]),
        **words,
    )
