"""What is written by hand about the company: its teams, areas, markets, words and names."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

Sheet = dict[str, Any]


@cache
def sheet(name: str) -> Sheet:
    """One of the files of `content/`, read once."""
    return tomllib.loads((files("vertebra.demo") / "content" / f"{name}.toml").read_text(encoding="utf-8"))


def company() -> Sheet:
    """The company itself: countries, spheres, tribes, closed teams, journeys, fields of action."""
    return sheet("company")


def teams() -> list[Sheet]:
    """Its forty feature teams, with their areas."""
    return list(sheet("teams")["team"])


def words() -> Sheet:
    """Titles, ways of working, and what people report and say."""
    return sheet("words")


def names() -> Sheet:
    """Given and family names by country, unusual names, and the cast."""
    return sheet("people")


def listening() -> Sheet:
    """What hurts, how each side says it, campaigns, quick wins and requests for help."""
    return sheet("listening")


def function() -> Sheet:
    """What stands behind the symptoms of the diagnosis, and the stage of the function field by field."""
    return sheet("function")


def figures() -> Sheet:
    """What is counted, what breaks, what is asked of the data team."""
    return sheet("figures")


def acting() -> Sheet:
    """Objectives, topics, decisions, initiatives, launches, reports."""
    return sheet("acting")


def majors() -> list[Sheet]:
    """The large releases, in the words of each trade."""
    return list(sheet("major")["major"])


def releases() -> Sheet:
    """The other releases, those withdrawn or still to come, small repairs, freezes."""
    return sheet("releases")


def telling() -> Sheet:
    """Audiences, consultations of champions, what they passed on, lessons, first weeks, reviews."""
    return sheet("telling")


def tracker() -> Sheet:
    """What the teams' tracker calls things: boards, titles of work."""
    return sheet("tracker")


def practices() -> list[Sheet]:
    """Ways of working, and what each went through."""
    return list(sheet("practices")["practice"])
