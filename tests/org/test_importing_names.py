"""Files by their names: the example that everybody tries first, and nothing lost in silence."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import world
from vertebra.connectors.recipe import load_recipe, run
from vertebra.kit.files.problems import Code
from vertebra.org.importing import commands
from vertebra.org.models import Membership, Person
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun

pytestmark = pytest.mark.django_db
ENGLISH = {
    "teams.csv": "name,kind,parent\nSelling,tribe,\nCart,team,Selling\n",
    "people.csv": "name,email,unit,function\nAda Lind,ada@example.org,Cart,product\nBo Chen,bo@example.org,,\n",
}
FRENCH = {
    "equipes.csv": "Nom;Type;Rattachée à\nVente;Tribu;\nCart;Équipe;Vente\n",
    "personnes.csv": "Nom;Courriel;Équipe;Fonction\nAda Lind;ada@example.org;Cart;Produit\nBo Chen;bo@example.org;;\n",
}
READMES = [("README.md", ENGLISH), ("README.fr.md", FRENCH)]


def example(readme: str) -> tuple[list[str], str]:
    """The files and the recipe of the first command that the README gives."""
    text = (Path(readme)).read_text(encoding="utf-8")
    found = re.search(r"^vertebra import org (.+) --recipe (\S+) --dry-run$", text, re.MULTILINE)
    assert found
    return found[1].split(), found[2]


def write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("readme", "files"), READMES)
def test_the_example_of_the_readme_brings_units_people_and_who_works_where(
    readme: str, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    names, recipe = example(readme)
    assert set(names) == set(files)
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["vertebra", "--json"])
    sources = [Path(name) for name in names]
    told: dict[str, Any] = {}
    for is_dry_run in (True, False):
        code = commands.run_command(sources=sources, recipe=recipe, is_dry_run=is_dry_run, as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert (code, told["problems"]) == (0, [])
        assert told["created"] == {"unit": 2, "person": 2, "membership": 1}
    [membership] = Membership.objects.all_time()
    assert (membership.person.name, membership.function) == ("Ada Lind", "product")


@pytest.mark.parametrize(("readme", "files"), READMES)
def test_the_example_of_the_readme_is_understood_on_screen(
    readme: str, files: dict[str, str], client: Client
) -> None:
    client.force_login(world.ines())
    names, recipe = example(readme)
    sent = [SimpleUploadedFile(name, files[name].encode()) for name in names]
    assert client.post("/imports/new/", {"uploads": sent, "source": "HR"}).status_code == 302
    run_of_it = ImportRun.objects.latest("pk")
    form = client.get(f"/imports/{run_of_it.pk}/format/").context["form"]
    assert form.initial["way"] == f"recipe:{recipe}"
    client.post(f"/imports/{run_of_it.pk}/format/", {"way": form.initial["way"]})
    assert client.get(f"/imports/{run_of_it.pk}/preview/").status_code == 200
    client.post(f"/imports/{run_of_it.pk}/apply/")
    run_of_it.refresh_from_db()
    assert run_of_it.state == ImportState.APPLIED
    assert Membership.objects.all_time().count() == 1


def test_a_file_that_nothing_reads_is_refused_by_its_name_with_those_that_are_read(
    tmp_path: Path, client: Client
) -> None:
    write(tmp_path, {**ENGLISH, "staff-2026.csv": "name\nCy Roux\n"})
    given = [tmp_path / name for name in ("teams.csv", "people.csv", "staff-2026.csv")]
    extract = run(load_recipe("csv-kit"), given)
    [problem] = extract.problems
    assert (problem.file, problem.code, extract.is_blocked) == ("staff-2026.csv", Code.FILE_NOT_READ, True)
    client.force_login(world.ines())
    sent = [SimpleUploadedFile(path.name, path.read_bytes()) for path in given]
    client.post("/imports/new/", {"uploads": sent, "source": "HR"})
    draft = ImportRun.objects.latest("pk")
    assert client.get(f"/imports/{draft.pk}/format/").context["form"].initial["way"] == "recipe:csv-kit"
    client.post(f"/imports/{draft.pk}/format/", {"way": "recipe:csv-kit"})
    shown = client.get(f"/imports/{draft.pk}/preview/").content.decode()
    assert "staff-2026.csv" in shown
    assert "teams" in shown and "memberships" in shown, "what would be read is named"
    client.post(f"/imports/{draft.pk}/apply/")
    assert not Person.objects.exists()


def test_what_a_folder_holds_beside_the_files_that_are_read_is_told_and_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path, {**ENGLISH, "staff-2026.csv": "name\nCy Roux\n", "notes.md": "# Notes\n"})
    extract = run(load_recipe("csv-kit"), [tmp_path])
    [problem] = extract.problems
    assert (problem.file, problem.code) == ("staff-2026.csv", Code.FILES_PASSED_OVER)
    assert not extract.is_blocked
    assert len(extract.records) == 5


def test_a_table_of_memberships_counts_where_it_says_more_than_that_of_people(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "teams.csv": "name,kind\nCart,team\nPay,team\n",
            "people.csv": "name,email,unit\nAda Lind,ada@example.org,Cart\nBo Chen,bo@example.org,Pay\n",
            "memberships.csv": "person,unit,function,ends_on\nada@example.org,Cart,product,\n"
            "Bo Chen,Pay,design,2020-01-31\n",
        },
    )
    extract = run(load_recipe("csv-kit"), [tmp_path])
    found = [one for one in extract.records if one.kind == "membership"]
    assert extract.problems == []
    assert [(one.origin.file, one.values.get("function", "")) for one in found] == [
        ("memberships.csv", "product"),
        ("memberships.csv", "design"),
        ("people.csv", ""),
    ]
