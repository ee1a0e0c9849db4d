"""The recipes that come with the program, on small invented files of their kinds."""

import json
from pathlib import Path

import pytest
from django.utils.translation import override

from tests.connectors.following import kind, target
from vertebra.connectors.recipe import Extract, load_recipe, run, shipped_recipes
from vertebra.kit.files.problems import Code
from vertebra.org.labels import AreaKind, Function, MandateRole


def follow(name: str, folder: Path, files: dict[str, str | bytes]) -> Extract:
    """Write the files, follow the shipped recipe."""
    for file, content in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return run(load_recipe(name), [folder])


def test_every_shipped_recipe_is_valid() -> None:
    assert shipped_recipes() == ["backstage", "csv-kit", "gitlab", "identity-provider", "kubernetes"]
    for name in shipped_recipes():
        assert load_recipe(name).name == name


FRENCH_KIT: dict[str, str | bytes] = {
    "unités.csv": "Nom;Type;Rattachée à;Raison d'être\nOrdinaire;Entreprise;;\nPaiement;Tribu;Ordinaire;Encaisser\n"
    "Cartes;Équipe;Paiement;\n".encode("cp1252"),
    "personnes.csv": "Nom;Courriel;Responsable;Date d'arrivée\nZoé Lefèvre;zoe@example.org;;3 mars 2021\n"
    "Loïc Garçon;loic@example.org;zoe@example.org;01/09/2022\n".encode("mac_roman"),
    "appartenances.csv": "Personne;Équipe;Fonction;Quotité;Début\nloic@example.org;Cartes;Ingénierie;0,8;01/09/2022\n",
    "mandats.csv": "Rôle;Titulaire;Équipe;Heures par mois\nCheffe de produit;Zoe Lefevre (par intérim);Cartes;\n"
    "Champion;Loïc Garçon;;4,5\n",
    "domaines.csv": "Nom;Type;Étapes\nCarte;;\nPlafond;;\nPayer;Parcours;Carte > Plafond\n",
    "responsabilités.csv": "Domaine;Équipe\nCarte;Cartes\nPlafond;Équipe fantôme\n",
    "marchés.csv": "Nom;Code\nFrance;FR\n",
}


def test_the_kit_of_tables_speaks_french(tmp_path: Path) -> None:
    extract = follow("csv-kit", tmp_path, FRENCH_KIT)
    assert extract.problems == []
    units = [
        (one.external_id, one.values["kind"], target(extract, one, "parent")) for one in kind(extract, "unit")
    ]
    assert units == [
        ("company/ordinaire", "company", None),
        ("tribe/paiement", "tribe", "company/ordinaire"),
        ("team/cartes", "team", "tribe/paiement"),
    ]
    assert [target(extract, one, "manager") for one in kind(extract, "person")] == [None, "zoe@example.org"]
    [membership] = kind(extract, "membership")
    assert (membership.values["function"], membership.values["share"]) == ("engineering", 80)
    pm, champion = kind(extract, "mandate")
    assert (pm.values["role"], pm.values["is_acting"], target(extract, pm, "person")) == (
        "product_manager",
        True,
        "zoe@example.org",
    )
    assert (champion.values["role"], str(champion.values["hours_per_month"])) == ("champion", "4.5")
    journey = kind(extract, "area")[2]
    assert journey.values["kind"] == "journey"
    assert [ref.text for ref in journey.values["steps"]] == ["Carte", "Plafond"]  # type: ignore[union-attr]
    assert [(one.field, one.ref.text) for one in extract.unknowns] == [("unit", "Équipe fantôme")]


def test_the_kit_of_tables_speaks_english_and_gives_the_same_records(tmp_path: Path) -> None:
    english: dict[str, str | bytes] = {
        "units.csv": "name,kind,parent,purpose\nOrdinaire,company,,\nPaiement,tribe,Ordinaire,Encaisser\nCartes,team,Paiement,\n",
        "people.csv": "name,email,manager,joined_on\nZoé Lefèvre,zoe@example.org,,2021-03-03\n"
        "Loïc Garçon,loic@example.org,zoe@example.org,2022-09-01\n",
        "memberships.csv": "person,unit,function,share,starts_on\nloic@example.org,Cartes,engineering,80,2022-09-01\n",
    }
    french = {name: FRENCH_KIT[name] for name in ("unités.csv", "personnes.csv", "appartenances.csv")}
    one = follow("csv-kit", tmp_path / "en", english)
    other = follow("csv-kit", tmp_path / "fr", french)
    assert [(r.kind, r.external_id, r.values) for r in one.records] == [
        (r.kind, r.external_id, r.values) for r in other.records
    ]


def test_a_missing_column_says_nothing_and_an_empty_cell_says_nothing_is_there(tmp_path: Path) -> None:
    extract = follow("csv-kit", tmp_path, {"people.csv": "name,email,title\nZoé,zoe@example.org,\n"})
    [person] = extract.records
    assert person.values == {"name": "Zoé", "email": "zoe@example.org", "title": None}


CATALOGUE: dict[str, str | bytes] = {
    "org.yaml": """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments, description: Cashes in}
spec: {type: tribe, profile: {displayName: Payments}, children: [cards]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: Cards}
spec: {type: team, parent: "group:default/payments", members: [zoe, ghost]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: zoe}
spec: {profile: {displayName: Zoé Lefèvre, email: zoe@example.org}, memberOf: ["group:default/cards"]}
""",
    "services/limits/catalog-info.yaml": """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: limits, title: Card limits}
spec: {type: service, owner: "group:cards", system: cards, lifecycle: production}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: cards}
spec: {owner: payments, domain: money}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: money}
spec: {owner: team-that-left}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: limits-api}
spec: {type: openapi, owner: "user:zoe", system: cards}
""",
    "charts/templates/broken.yaml": "{{ not yaml }}: [",
    "deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n",
}


def test_a_backstage_catalogue_gives_groups_people_and_owned_areas(tmp_path: Path) -> None:
    extract = follow("backstage", tmp_path, CATALOGUE)
    assert extract.problems == []
    assert [(one.external_id, target(extract, one, "parent")) for one in kind(extract, "unit")] == [
        ("default/payments", None),
        ("default/cards", "default/payments"),
    ]
    members = [
        (target(extract, one, "person"), target(extract, one, "unit")) for one in kind(extract, "membership")
    ]
    assert members == [("default/zoe", "default/cards"), (None, "default/cards")]
    assert [(one.external_id, target(extract, one, "parent")) for one in kind(extract, "area")] == [
        ("component/default/limits", "system/default/cards"),
        ("system/default/cards", "domain/default/money"),
        ("domain/default/money", None),
        ("api/default/limits-api", "system/default/cards"),
    ]
    owners = [
        (target(extract, one, "area"), target(extract, one, "unit")) for one in kind(extract, "ownership")
    ]
    assert owners == [
        ("component/default/limits", "default/cards"),
        ("system/default/cards", "default/payments"),
        ("domain/default/money", None),
    ]


def test_an_identity_provider_exports_a_table(tmp_path: Path) -> None:
    table = (
        "userName,displayName,email,department,manager,title,active\n"
        "zoe,Zoé Lefèvre,zoe@example.org,Product,,Head,true\n"
        "loic,Loïc Garçon,loic@example.org,R&D,zoe@example.org,Engineer,TRUE\n"
        "old,Old Hand,old@example.org,R&D,zoe,Engineer,FALSE\n"
    )
    extract = follow("identity-provider", tmp_path, {"users.csv": table})
    assert extract.problems == []
    assert [person.external_id for person in kind(extract, "person")] == ["zoe", "loic"]
    assert [target(extract, person, "manager") for person in kind(extract, "person")] == [None, "zoe"]
    assert [unit.external_id for unit in kind(extract, "unit")] == ["department/product", "department/r&d"]
    assert [one.values["function"] for one in kind(extract, "membership")] == ["product", "engineering"]


def test_an_identity_provider_exports_scim_and_the_people_are_the_same(tmp_path: Path) -> None:
    extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    resources = [
        {
            "id": "a1", "userName": "Zoe", "name": {"givenName": "Zoé", "familyName": "Lefèvre"}, "title": "Head",
            "emails": [{"value": "z@home.example"}, {"value": "zoe@example.org", "primary": True}],
            extension: {"department": "Product"}, "active": True,
        },
        {"id": "a2", "userName": "loic", "displayName": "Loïc Garçon", extension: {"manager": {"value": "a1"}}},
        {"id": "a3", "userName": "old", "displayName": "Old Hand", "active": False},
    ]  # fmt: skip
    for name, content in (("list.json", {"Resources": resources}), ("bare.json", resources)):
        extract = follow("identity-provider", tmp_path / name, {name: json.dumps(content)})
        assert extract.problems == []
        zoe, loic = kind(extract, "person")
        assert (zoe.external_id, zoe.values["name"], zoe.values["email"]) == (
            "zoe",
            "Zoé Lefèvre",
            "zoe@example.org",
        )
        assert target(extract, loic, "manager") == "zoe"
        assert len(kind(extract, "membership")) == 1


@pytest.mark.parametrize("name", ["kubernetes", "gitlab", "csv-kit"])
def test_a_folder_without_its_files_says_which_are_missing(name: str, tmp_path: Path) -> None:
    extract = run(load_recipe(name), [tmp_path])
    assert extract.records == []
    assert {problem.code for problem in extract.problems} == {Code.INPUT_MISSING}
    assert len(extract.problems) == {"kubernetes": 1, "gitlab": 4, "csv-kit": 1}[name]
    assert extract.is_blocked


def test_a_source_that_is_not_there_is_told_as_that_and_nothing_else(tmp_path: Path) -> None:
    extract = run(load_recipe("gitlab"), [tmp_path / "nowhere"])
    assert [problem.code for problem in extract.problems] == [Code.FILE_MISSING]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_kit_for_tables_accepts_every_word_that_the_pages_use(language: str, tmp_path: Path) -> None:
    with override(language):
        functions = [(str(one.label), one.value) for one in Function]
        roles = [(str(one.label), one.value) for one in MandateRole]
        kinds = [(str(one.label), one.value) for one in AreaKind]
    people = "".join(f"p{at};P {at};p{at}@example.org\n" for at in range(len(functions)))
    (tmp_path / "people.csv").write_text("id;name;email\n" + people, encoding="utf-8")
    (tmp_path / "units.csv").write_text("id;name;kind\nu;Team;team\n", encoding="utf-8")
    members = "".join(f"p{at}@example.org;u;{word}\n" for at, (word, _) in enumerate(functions))
    (tmp_path / "memberships.csv").write_text("person;unit;function\n" + members, encoding="utf-8")
    held = "".join(f"p{at}@example.org;u;{word}\n" for at, (word, _) in enumerate(roles))
    (tmp_path / "mandates.csv").write_text("person;unit;role\n" + held, encoding="utf-8")
    areas = "".join(f"a{at};A {at};{word}\n" for at, (word, _) in enumerate(kinds))
    (tmp_path / "areas.csv").write_text("id;name;kind\n" + areas, encoding="utf-8")
    extract = run(load_recipe("csv-kit"), [tmp_path])
    assert extract.problems == []
    told = {
        kind: sorted(str(r.values[field]) for r in extract.records if r.kind == kind)
        for kind, field in (("membership", "function"), ("mandate", "role"), ("area", "kind"))
    }
    assert told["membership"] == sorted(value for _, value in functions)
    assert told["mandate"] == sorted(value for _, value in roles)
    assert told["area"] == sorted(value for _, value in kinds)
