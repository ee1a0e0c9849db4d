"""Names, titles and e-mail addresses of people who do not exist."""

import random
import re
from collections import Counter

from vertebra.demo import content
from vertebra.demo.plans import Employee
from vertebra.kit.text import fold

_NOT_ADDRESS = re.compile(r"[^a-z0-9]+")


class Namer:
    """Draws names, and makes an address for each that nobody else has."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.taken: Counter[str] = Counter()
        self.lists = content.names()

    def name(self, country: str) -> tuple[str, bool]:
        """A name of that country, and whether it is a woman's."""
        lists = self.lists[country]
        is_woman = self.chance.random() < 0.47
        given = self.chance.choice(lists["women" if is_woman else "men"])
        return f"{given} {self.chance.choice(lists['family'])}", is_woman

    def email(self, person: Employee) -> str:
        """An address made of the name (of the number, when nothing of the name can be written in one)."""
        parts = [_NOT_ADDRESS.sub("-", fold(part)).strip("-") for part in person.name.split(" ", 1)]
        local = ".".join(part for part in parts if part)[:50] or f"p{person.id}"
        self.taken[local] += 1
        if self.taken[local] > 1:
            local = f"{local}{self.taken[local]}"
        return f"{local}@{content.company()['domain']}"


def title_of(person: Employee) -> str:
    """The job title of the seat, as the company's language says it of a woman or of a man."""
    woman, man = content.words()["titles"][person.seat.title]
    return str(woman if person.is_woman else man)


def misspelt(title: str, chance: random.Random) -> str:
    """The title as somebody in a hurry types it."""
    at = chance.randrange(1, max(len(title) - 2, 2))
    way = chance.randrange(3)
    if way == 0:
        return title[:at] + title[at + 1] + title[at] + title[at + 2 :]
    return title[:at] + title[at + 1 :] if way == 1 else title.upper()
