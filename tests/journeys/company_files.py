"""What HR of the demo company would give: its units, its people and where each works today, as CSV."""

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.site import DAY
from vertebra.demo.load import plan
from vertebra.demo.placing import works
from vertebra.demo.plans import UnitPlan
from vertebra.demo.profiles import profile

KINDS = {
    "company": "entreprise",
    "division": "direction",
    "sphere": "sphère",
    "tribe": "tribu",
    "team": "équipe",
    "chapter": "chapitre",
    "department": "département",
}
FUNCTIONS = {
    "product": "Produit",
    "design": "Design",
    "engineering": "Ingénierie",
    "data": "Données",
    "research": "Recherche utilisateur",
    "quality": "Qualité",
    "security": "Sécurité",
    "documentation": "Documentation",
    "operations": "Opérations",
    "marketing": "Marketing",
    "sales": "Ventes",
    "support": "Support",
    "customer_success": "Réussite client",
    "finance": "Finance",
    "people": "RH",
    "legal": "Juridique",
    "leadership": "Direction",
}


@dataclass(frozen=True)
class Kit:
    """The files, how many rows they hold in all, and the person of Product Ops."""

    files: list[Path]
    rows: int
    people: int
    name: str
    email: str


def kit_of(name: str, folder: Path) -> Kit:
    """The files of a demo company as it is on the day of the tests."""
    day = dt.date.fromisoformat(DAY)
    company = plan(profile(name), day)
    units = [unit for unit in company.structure.units.values() if unit.kind != "group" and unit.is_open(day)]
    people = [person for person in company.people if person.is_present(day)]
    places = {
        (f"M{work.person.id}", _home(work.unit, day).key, FUNCTIONS[work.function], work.share)
        for work in works(people)
        if work.starts_on <= day and work.ends_on is None
    }
    tables: dict[str, list[Sequence[object]]] = {
        "unites.csv": [
            ("identifiant", "nom", "type", "rattachée à"),
            *((one.key, one.name.at(day), KINDS[one.kind], _above(one, day)) for one in units),
        ],
        "personnes.csv": [
            ("matricule", "nom", "courriel", "intitulé", "arrivée"),
            *((f"M{one.id}", one.name, one.email, one.title, one.joined_on) for one in people),
        ],
        "appartenances.csv": [("personne", "unité", "fonction", "part"), *sorted(places)],
    }
    for file, rows in tables.items():
        with (folder / file).open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened, delimiter=";").writerows(rows)
    ines = company.cast["ines"]
    count = sum(len(rows) - 1 for rows in tables.values())
    return Kit([folder / file for file in tables], count, len(people), ines.name, ines.email)


def _home(unit: UnitPlan, day: dt.date) -> UnitPlan:
    """The unit itself; a group of the field is counted in its department."""
    parent = unit.parent.at(day)
    return parent if unit.kind == "group" and parent else unit


def _above(unit: UnitPlan, day: dt.date) -> str:
    parent = unit.parent.at(day)
    return parent.key if parent else ""
