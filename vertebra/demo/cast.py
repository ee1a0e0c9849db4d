"""The people with names whom stories, screenshots and sign-in speak of."""

import random

from vertebra.demo import content
from vertebra.demo.naming import Namer, misspelt, title_of
from vertebra.demo.plans import Employee, Seat, Structure

UNKNOWN_MANAGER = 0.02
GONE_MANAGER = 0.01
NO_EMAIL = 0.03
MISSPELT = 0.03
UNPLACED = 0.008


def reserve_seats(structure: Structure) -> None:
    """Set aside one seat for each member of the cast that this company has a place for."""
    for member in content.names()["cast"]:
        key, role = member["seat"].split("/")
        seats = [seat for seat in structure.seats if _fits(seat, key, role)]
        if seats:
            min(seats, key=lambda seat: seat.rank).cast_key = member["key"]


def _fits(seat: Seat, key: str, role: str) -> bool:
    is_there = seat.home.key == key or seat.home.key.startswith(f"{key}:")
    return is_there and seat.cast_key == "" and seat.title in (role, f"ops_{role}")


def introduce(people: list[Employee], chance: random.Random) -> dict[str, Employee]:
    """Give the cast their names, a few others unusual ones, and everybody a title and an address."""
    members = {member["key"]: member for member in content.names()["cast"]}
    cast: dict[str, Employee] = {}
    for person in people:
        key = person.seat.cast_key if person.left_on is None else ""
        if key in members:
            cast[key] = _become(person, members[key])
    others = [p for p in people if p.left_on is None and not p.cast_key and p.seat.title != "ceo"]
    unusual = content.names()["unusual"]["names"]
    for name in unusual[: max(2, min(len(unusual), len(people) // 150))]:
        chance.choice(others).name = name
    _describe(people, chance)
    return {key: cast[key] for key in members if key in cast}


def _become(person: Employee, member: content.Sheet) -> Employee:
    person.name, person.cast_key = member["name"], member["key"]
    person.country, person.language = member.get("country", "fr"), member["language"]
    person.is_woman = member["is_woman"]
    return person


def _describe(people: list[Employee], chance: random.Random) -> None:
    namer = Namer(chance)
    for person in people:
        if not person.cast_key:
            person.language = "fr" if person.country == "fr" else "en"
    for person in sorted(people, key=lambda p: (p.cast_key == "", p.id)):
        person.title = title_of(person)
        person.email = namer.email(person)
        if not person.cast_key:
            if chance.random() < NO_EMAIL:
                person.email = ""
            if chance.random() < MISSPELT:
                person.title = misspelt(person.title, chance)


def let_the_directory_err(people: list[Employee], chance: random.Random) -> None:
    """What every directory has: managers nobody knows, or gone, circles, and people placed nowhere."""
    gone = [p for p in people if p.left_on is not None]
    there = [p for p in people if p.left_on is None and not p.cast_key]
    strangers = content.words()["strangers"]
    for person in there:
        drawn = chance.random()
        if drawn < UNKNOWN_MANAGER:
            person.manager, person.manager_reference = None, chance.choice(strangers)
        elif drawn < UNKNOWN_MANAGER + GONE_MANAGER and gone:
            person.manager = chance.choice(gone)
        if chance.random() < UNPLACED and person.seat.title not in ("pm", "senior_pm"):
            person.is_placed = False
    for _ in range(max(1, len(there) // 1500)):
        loop = (
            [p for p in there if p.manager in there and p.manager.manager in there]
            if len(there) < 2500
            else there
        )
        person = chance.choice(loop)
        above = person.manager
        if above is not None and above.manager is not None and not above.cast_key:
            above.manager = person
