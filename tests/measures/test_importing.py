"""Catalogues and values by file: planned before anything is done, all faults at once, the same file twice nothing."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.measures.measured import metric
from vertebra.accounts.audit import undo
from vertebra.accounts.models import User
from vertebra.measures.importing.target import guess
from vertebra.measures.models import Measurement, Metric, Target
from vertebra.measures.queries.series import series_of
from vertebra.sources.models import ImportRun

pytestmark = pytest.mark.django_db
CATALOGUE = (
    "Nom;Définition;Unité;Sens;Période;Responsable;Cible;Échéance\n"
    "Commandes à l’heure;Dans les deux heures;%;hausse;mensuel;ines@example.org;85;31/12/2026\n"
    "Chiffre d’affaires;;EUR;hausse;mensuel;;;\n"
)


@pytest.fixture(autouse=True)
def uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(user: User, text: str, way: str = "", name: str = "metrics.csv") -> ImportRun:
    """Take a file through the wizard, up to its preview."""
    user.language = "en"
    user.save()
    client = browser(user)
    client.post(
        reverse("sources:import-create") + "?target=measures",
        {"source": "Data", "uploads": SimpleUploadedFile(name, text.encode())},
    )
    run = ImportRun.objects.latest("pk")
    chosen = way or guess_of(run)
    client.post(reverse("sources:import-format", args=(run.pk,)), {"way": chosen})
    if chosen.startswith("table:"):
        page = client.get(reverse("sources:import-columns", args=(run.pk,)))
        given = {field.name: field.value() or "" for field in page.context["form"]}
        client.post(reverse("sources:import-columns", args=(run.pk,)), given)
    client.get(reverse("sources:import-preview", args=(run.pk,)))
    run.refresh_from_db()
    return run


def guess_of(run: ImportRun) -> str:
    from vertebra.sources.uploads import files_of

    return guess(files_of(run))


def apply(user: User, run: ImportRun) -> ImportRun:
    browser(user).post(reverse("sources:import-apply", args=(run.pk,)))
    run.refresh_from_db()
    return run


def owner() -> User:
    from vertebra.org.models import Person

    ines = world.ines()
    Person.objects.create(name=ines.name, name_folded="ines barbier", email=ines.email, created_at=world.NOW)
    return ines


def test_a_catalogue_is_put_in_with_owners_and_targets_and_taken_back() -> None:
    ines = owner()
    run = send(ines, CATALOGUE)
    assert run.summary["counts"]["metric"]["created"] == 2
    assert not Metric.objects.exists()
    apply(ines, run)
    row = Metric.objects.get(name="Commandes à l’heure")
    assert (row.unit, row.direction, row.grain, row.state) == ("percent", "up", "month", "draft")
    assert row.owner is not None
    assert (Target.objects.get().value, Target.objects.get().by_on) == (85, dt.date(2026, 12, 31))
    money = Metric.objects.get(name="Chiffre d’affaires")
    assert (money.unit, money.currency) == ("money", "EUR")
    assert run.entry is not None
    undo(actor=ines, entry=run.entry, now=run.entry.at)
    assert not Metric.objects.exists()


def test_the_same_catalogue_twice_changes_nothing_and_a_new_definition_takes_verification_away() -> None:
    ines = owner()
    apply(ines, send(ines, CATALOGUE))
    Metric.objects.filter(unit="percent").update(state="verified", verified_at=world.NOW)
    again = send(ines, CATALOGUE)
    assert again.summary["counts"]["metric"] == {"created": 0, "changed": 0, "closed": 0, "unchanged": 2}
    apply(ines, send(ines, CATALOGUE.replace("deux heures", "trois heures")))
    assert Metric.objects.get(unit="percent").state == "draft"


def test_every_fault_of_a_catalogue_is_told_with_its_line_and_column() -> None:
    ines = owner()
    text = "name,unit,owner,target\nA,furlongs,,\nB,percent,nobody,many\n,percent,,\nA,percent,,\n"
    run = send(ines, text)
    told = [(one["line"], one["column"]) for one in run.problems]
    assert run.state == "refused"
    assert told == [(2, "unit"), (3, "owner"), (3, "target"), (4, "name"), (5, "name")]
    assert all(one["what"] and one["remedy"] for one in run.problems)


def test_values_of_many_metrics_come_in_rows() -> None:
    ines, row = world.ines(), metric()
    other = metric(name="Returns")
    text = "metric,date,value\nOrders collected in time,2026-09,1\nreturns,2026-10,2\nreturns,2026-09,3\n"
    run = apply(ines, send(ines, text))
    assert run.state == "applied"
    assert series_of(row) == [(dt.date(2026, 9, 1), 1)]
    assert [value for _on, value in series_of(other)] == [3, 2]
    again = send(ines, text)
    assert again.summary["counts"]["value"]["unchanged"] == 3


def test_values_of_many_metrics_come_in_columns() -> None:
    ines = world.ines()
    for name in ("x1", "y"):
        metric(name=name, grain="day", unit="number")
    run = send(ines, "y,x1,date\n110.0,134.0,2026-01-01\n125.0,,2026-01-02\n")
    assert run.recipe == "wide"
    apply(ines, run)
    assert Measurement.objects.count() == 3


def test_a_metric_that_is_not_in_the_catalogue_is_said_once() -> None:
    ines = world.ines()
    run = send(ines, "metric,date,value\nGone,2026-09,1\nGone,2026-10,1\n")
    assert [one["line"] for one in run.problems] == [2]
    assert "Gone" in run.problems[0]["what"]


@pytest.mark.real_data
def test_the_real_series_come_in(real_data: Path) -> None:
    ines = world.ines()
    for name in ("y", "x1", "x2", "CHANGED", "NOT_CHANGED_1", "NOT_CHANGED_2", "NOT_CHANGED_3"):
        metric(name=name, grain="day", unit="number")
    for name, count in (("google_data.csv", 3), ("comparison_data.csv", 4)):
        text = (real_data / "kpi" / name).read_text()
        run = apply(ines, send(ines, text, way="wide"))
        assert run.state == "applied"
        assert run.summary["counts"]["value"]["created"] == count * (text.strip().count("\n"))
