"""What an import says of its faults, of what it leaves out, and of a demo that it ends."""

import pytest
from django.test import Client

from tests import world
from tests.sources.test_import_pages import PEOPLE, UNITS, apply, ines, page, walk
from vertebra.accounts import demo_sign_in
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.org.importing.words import left_out_lines
from vertebra.sources import uploads
from vertebra.web.terminal import how_to_sign_in

__all__ = ["ines"]
pytestmark = pytest.mark.django_db


def test_uploading_in_a_demo_warns_and_only_applying_closes_its_door(client: Client) -> None:
    hugo = world.account("Hugo Petit", Role.PRODUCT_OPS, is_cast=True)
    client.force_login(hugo)
    run = walk(client, "unites.csv", UNITS, "table:unit")
    assert not demo_sign_in.has_anything_real(), "nothing real is here until it is applied"
    assert "vertebra user owner-link" in page(client, f"/imports/{run.pk}/preview/")
    assert "/accounts/demo/" in how_to_sign_in("http://127.0.0.1:8000")[0]
    apply(client, run)
    assert demo_sign_in.has_anything_real()
    lines = how_to_sign_in("http://127.0.0.1:8000")
    assert "vertebra user owner-link" in lines[0]
    assert "/accounts/login/" in lines[1]


def test_where_there_is_no_demo_nothing_warns(client: Client, ines: User) -> None:
    run = walk(client, "unites.csv", UNITS, "table:unit")
    assert "owner-link" not in page(client, f"/imports/{run.pk}/preview/")
    assert "owner-link" not in " ".join(how_to_sign_in("http://127.0.0.1:8000"))


def test_faults_speak_of_the_headings_of_the_file_in_the_order_of_its_lines(
    client: Client, ines: User
) -> None:
    ines.language = "fr"
    ines.save()
    apply(client, walk(client, "unites.csv", UNITS, "table:unit"))
    text = (
        "Nom complet;Courriel;Poste;Équipe;Fonction;Quotité;Arrivée\n"
        "Ada Lind;ada@example.org;PM;Panier;produit;250;2020-01-01\n"
        "Bo Chen;bo@example.org;Dev;Panier;jardinage;100;2021-01-01\n"
        ";cy@example.org;Dev;Panier;produit;100;2021-01-01\n"
        "Ada Lund;ada@example.org;Chef;Vente;design;50;2022-01-01\n"
    )
    run = walk(client, "gens.csv", text, "table:person")
    found = [(one["line"], one["column"]) for one in run.problems]
    assert found[:3] == [(2, "Quotité"), (3, "Fonction"), (4, "Nom complet")]
    assert [line for line, _ in found].count(5) == 1, (
        "one row that repeats an address is one thing to correct"
    )
    words = " ".join(f"{one['what']} {one['remedy']}" for one in run.problems)
    assert "Relation client" in words or "Réussite client" in words or "Données" in words
    assert "customer_success" not in words
    assert "map" not in words
    assert "“name”" not in words
    assert "« name »" not in words


def test_what_is_left_out_is_counted_before_and_after(client: Client, ines: User) -> None:
    apply(client, walk(client, "unites.csv", UNITS, "table:unit"))
    run = walk(client, "gens.csv", PEOPLE, "table:person")
    assert run.summary["left_out"] == {"membership": 1}
    (sentence,) = left_out_lines({"membership": 1})
    preview = page(client, f"/imports/{run.pk}/preview/")
    assert sentence in preview
    kept = {one["text"]: one["is_left_out"] for one in uploads.read_unknowns(run, 20)}
    assert kept == {"Inconnue": True, "Nobody Known": False}
    apply(client, run)
    assert sentence in page(client, f"/imports/{run.pk}/")
