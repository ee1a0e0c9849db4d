"""Nobody and nothing of the demo company exists."""

import itertools
from collections.abc import Iterator
from typing import Any

from vertebra.demo import content
from vertebra.kit.text import fold

COMPANIES = frozenset(
    """
    doctolib payfit spendesk agicap stripe lightspeed zelty sumup square shopify toast tiller
    innovorder qonto pennylane alan swile backmarket vinted blablacar deliveroo uber thefork lafourchette zenchef
    sunday laddition hiboutik cegid sage odoo worldline ingenico adyen payplug lydia mollie klarna prestashop
    gitlab kubernetes atlassian jira confluence slack zendesk intercom productboard
    """.split()  # noqa: SIM905 (a paragraph reads better)
)
FAMOUS = (
    "emmanuel macron", "marine le pen", "kylian mbappé", "omar sy", "marion cotillard", "lena meyer", "angela merkel",
    "thomas müller", "philipp lahm", "lukas podolski", "sebastian vettel", "valeria bruni", "federica mogherini",
    "paolo maldini", "andrea pirlo", "sergio ramos", "rafael nadal", "fernando alonso", "carlos alcaraz", "pau gasol",
    "penelope cruz", "javier bardem", "andres iniesta", "adrien rabiot", "hugo lloris", "victor hugo", "louise michel",
    "charlotte de beauregard", "julien dubedout", "florian wirtz", "marco rossi", "sofia loren", "lucia bosè",
    "federica pellegrini", "elena ferrante",
    "marion maréchal", "fabien roussel", "benoît hamon", "jeanne moreau", "vincenzo bellini", "francesca neri",
    "michele serra", "stefano mancuso", "moritz wagner", "álvaro soler", "rocío carrasco", "carmen calvo",
    "irene montero", "alejandra rubio", "iván redondo", "adrián campos", "noémie lenoir", "emile picard",
    "samuel dumoulin", "victor cousin", "élise caron", "maxence caron",
)  # fmt: skip


def strings(value: Any) -> Iterator[str]:
    """Every text within."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(strings, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(strings, value))


def everything_written() -> list[str]:
    sheets = [
        content.company(), content.teams(), content.words(), content.names(), content.listening(),
        content.function(), content.figures(), content.acting(), {"major": content.majors()}, content.releases(),
        content.telling(),
    ]  # fmt: skip
    return [text for sheet in sheets for text in strings(sheet)]


def test_no_real_company_is_named() -> None:
    words = {word for text in everything_written() for word in fold(text).replace("'", " ").split()}
    assert words & {fold(name) for name in COMPANIES} == set()


def test_no_well_known_person_can_be_drawn() -> None:
    names = content.names()
    for country in ("fr", "de", "it", "es"):
        given = {fold(name) for name in (*names[country]["women"], *names[country]["men"])}
        family = {fold(name) for name in names[country]["family"]}
        drawn = [
            who
            for who in map(fold, FAMOUS)
            if who.split(" ", 1)[0] in given and who.split(" ", 1)[1] in family
        ]
        assert drawn == []


def test_addresses_lead_nowhere() -> None:
    assert content.company()["domain"].endswith(".example")


def test_every_list_of_names_has_no_double() -> None:
    for country in ("fr", "de", "it", "es"):
        for names in content.names()[country].values():
            assert len(names) == len(set(names))


def test_one_name_is_eighty_characters_long() -> None:
    assert max(map(len, content.names()["unusual"]["names"])) == 80


def test_journeys_cross_teams_that_exist() -> None:
    keys = {team["key"] for team in content.teams()}
    assert len(keys) == 40
    for journey in content.company()["journey"]:
        assert set(journey["crosses"]) <= keys
        assert len(journey["crosses"]) >= 2
