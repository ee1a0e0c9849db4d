"""Practices lived already, by file: planned before anything is done, all faults at once, the same file twice nothing."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.org.company import person, unit
from vertebra.accounts.audit import undo
from vertebra.accounts.models import User
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import Practice
from vertebra.sources.models import ImportRun

pytestmark = pytest.mark.django_db
TABLE = (
    "Nom;Équipe;Porteur;Portée;Pourquoi\n"
    "Démos;Paiements;karim@example.org;;Pour voir\n"
    "Démos;Facturation;;;\n"
    "Point du lundi;;Karim Diallo;recommandée;\n"
)


@pytest.fixture(autouse=True)
def company(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.FIXED_NOW = tmp_path, world.NOW
    unit("Paiements"), unit("Facturation")
    person("Karim Diallo", email="karim@example.org")


def send(user: User, text: str) -> ImportRun:
    client = browser(user)
    client.post(
        reverse("sources:import-create") + "?target=practices",
        {"source": "Cahier", "uploads": SimpleUploadedFile("practices.csv", text.encode())},
    )
    run = ImportRun.objects.latest("pk")
    client.post(reverse("sources:import-format", args=(run.pk,)), {"way": "table:practice"})
    page = client.get(reverse("sources:import-columns", args=(run.pk,)))
    given = {field.name: field.value() or "" for field in page.context["form"]}
    client.post(reverse("sources:import-columns", args=(run.pk,)), given)
    client.get(reverse("sources:import-preview", args=(run.pk,)))
    run.refresh_from_db()
    return run


def apply(user: User, run: ImportRun) -> None:
    browser(user).post(reverse("sources:import-apply", args=(run.pk,)))
    run.refresh_from_db()


def test_a_table_registers_practices_and_is_taken_back_whole() -> None:
    ines = world.ines()
    run = send(ines, TABLE)
    assert run.summary["counts"] == {"practice": {"created": 2, "changed": 0, "closed": 0, "unchanged": 0}}
    apply(ines, run)
    demos = Practice.objects.get(name="Démos")
    assert demos.state == PracticeState.IN_FORCE and demos.reaches.count() == 2
    monday = Practice.objects.get(name="Point du lundi").reaches.get()
    assert monday.unit is None and monday.reach == Reach.RECOMMENDED
    again = send(ines, TABLE)
    assert again.summary["counts"]["practice"]["unchanged"] == 2
    assert run.entry is not None
    undo(actor=ines, entry=run.entry, now=world.NOW)
    assert not Practice.objects.exists()


def test_what_the_list_exports_is_there_already() -> None:
    ines = world.ines()
    apply(ines, send(ines, TABLE))
    table = browser(world.english(ines)).get(reverse("practices:practice-list"), {"format": "csv"})
    body = table.getvalue()
    run = send(ines, body.decode("utf-8-sig"))
    assert run.summary["counts"]["practice"] == {"created": 0, "changed": 0, "closed": 0, "unchanged": 2}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";Paiements;karim@example.org;;", "No practice is named."),
        ("Démos;Nulle part;karim@example.org;;", "No unit is called “Nulle part”"),
        ("Démos;;personne@example.org;;", "Nobody in the directory is called"),
        ("Démos;;;;", "Nobody carries it."),
        ("Démos;;karim@example.org;obligatoire;", "“obligatoire” is not known."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(row: str, words: str) -> None:
    ines = world.english(world.ines())
    run = send(ines, f"Nom;Équipe;Porteur;Portée;Pourquoi\n{row}\n")
    page = browser(ines).get(reverse("sources:import-preview", args=(run.pk,)))
    assert words in page.content.decode()
    apply(ines, run)
    assert not Practice.objects.exists()
