"""Imports beside each other, interrupted imports, and real organisations."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.org.importing import bring, company, tables
from vertebra.connectors.recipe import load_recipe, run
from vertebra.org.importing import actions, writing
from vertebra.org.importing.actions import AnotherImportRuns, Outcome
from vertebra.org.models import AreaVersion, Mandate, Person, UnitVersion


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_imports_at_once_make_no_mixture(monkeypatch: pytest.MonkeyPatch) -> None:
    written = writing.write
    both = threading.Barrier(2, timeout=90)

    def slowly(*arguments: Any) -> None:
        written(*arguments)
        time.sleep(0.5)

    monkeypatch.setattr(actions, "write", slowly)
    found: list[Outcome | AnotherImportRuns] = []

    def go(title: str) -> None:
        both.wait()
        try:
            found.append(bring(company(ada={"title": title}, bo={"title": title})))
        except AnotherImportRuns as refused:
            found.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(title,)) for title in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 2
    assert Person.objects.count() == 3
    assert len(set(Person.objects.exclude(title="").values_list("title", flat=True))) == 1


KILLED = """
import os, sys, signal
sys.path.insert(0, {root!r})
os.environ.update({environment!r})
import django
django.setup()
from tests.org import importing
from vertebra.org.importing import actions, writing
reached = {reached!r}
if reached == "written":
    def note(*arguments):
        os.kill(os.getpid(), signal.SIGKILL)
    actions.note_rows = note
else:
    original = writing._insert
    def insert(model, rows, source):
        original(model, rows, source)
        if model._meta.model_name == reached:
            os.kill(os.getpid(), signal.SIGKILL)
    writing._insert = insert
importing.bring(importing.company(cart={{"name": "Basket"}}, ada={{"title": "Killed"}}) + [
    importing.record("person", "new", 40, name="Never There")])
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize(
    "reached", ["person", *(pytest.param(each, marks=pytest.mark.deep) for each in ("membership", "written"))]
)
def test_killed_in_mid_import_leaves_nothing_behind(reached: str, tmp_path: Path) -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        database: dict[str, str] = {"VERTEBRA_DATA": str(tmp_path)}
        environment = {**os.environ, **database, "DJANGO_SETTINGS_MODULE": "vertebra.settings"}
        before = _prepared(environment)
        _killed(environment, reached)
        assert _dump(environment) == before
        return
    bring(company())
    state = tables()
    chosen = connection.settings_dict
    user, password = chosen["USER"], chosen["PASSWORD"]
    options = "&".join(
        f"{name}={value}" for name, value in chosen["OPTIONS"].items() if isinstance(value, str)
    )
    url = f"postgresql://{user}:{password}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}?{options}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "vertebra.settings", "DATABASE_URL": url}
    connection.close()
    _killed(environment, reached)
    assert tables() == state
    assert bring(company()).entry is None


def _killed(environment: dict[str, str], reached: str) -> None:
    script = KILLED.format(root=str(settings.PACKAGE.parent), environment={}, reached=reached)
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def _python(environment: dict[str, str], body: str) -> str:
    script = f"import sys; sys.path.insert(0, {str(settings.PACKAGE.parent)!r})\nimport django; django.setup()\n{body}"
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True
    ).stdout


def _prepared(environment: dict[str, str]) -> str:
    _python(
        environment,
        "from vertebra.kit import database\ndatabase.prepare()\n"
        "from tests.org import importing\nimporting.bring(importing.company())",
    )
    return _dump(environment)


def _dump(environment: dict[str, str]) -> str:
    return _python(environment, "from tests.org import importing\nprint(importing.tables())")


def _import(recipe: str, path: Path) -> Outcome:
    extract = run(load_recipe(recipe), [path])
    return bring(extract.records, source=recipe, problems=extract.problems)


@pytest.mark.django_db
@pytest.mark.real_data
def test_kubernetes_comes_out_whole_and_only_once(real_data: Path) -> None:
    first = _import("kubernetes", real_data / "kubernetes" / "sigs.yaml")
    kinds = [
        one.kind.slug for one in UnitVersion.objects.all_time().filter(ends_on=None).select_related("kind")
    ]
    assert kinds.count("special-interest-group") == 24
    assert kinds.count("working-group") == 8
    assert kinds.count("committee") == 3
    assert first.plan.summary()["area"]["created"] == 220
    assert AreaVersion.objects.all_time().count() == 220
    assert Mandate.objects.all_time().filter(person=None).count() == 0
    before = tables()
    assert _import("kubernetes", real_data / "kubernetes" / "sigs.yaml").entry is None
    assert tables() == before


@pytest.mark.django_db
@pytest.mark.real_data
def test_gitlab_comes_out_whole_and_only_once(real_data: Path) -> None:
    outcome = _import("gitlab", real_data / "gitlab-org" / "data")
    teams = UnitVersion.objects.all_time().filter(kind__slug="team")
    assert teams.count() == 60
    assert all(team.parent_id for team in teams)
    assert Person.objects.count() == 1336
    assert outcome.plan.summary()["area"]["created"] == 139
    managers = [one for one in outcome.plan.unknowns if one.field == "manager"]
    assert len(managers) == 140
    assert sum(one.count for one in managers) == 451
    before = tables()
    assert _import("gitlab", real_data / "gitlab-org" / "data").entry is None
    assert tables() == before


def _command(data: Path, *words: str) -> tuple[int, str]:
    chosen = {"VERTEBRA_DATA": str(data), "LANG": "C.UTF-8", "DJANGO_SETTINGS_MODULE": "vertebra.settings"}
    environment = {**os.environ, **chosen}
    root = settings.PACKAGE.parent
    ended = subprocess.run(
        [sys.executable, "-m", "vertebra.cli", *words], env=environment, capture_output=True, text=True, cwd=root,
        check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout


def test_the_command_answers_programs_and_says_how_it_ended(tmp_path: Path) -> None:
    data, files = tmp_path / "data", tmp_path / "files"
    files.mkdir()
    people = files / "people.csv"
    people.write_text(
        "id,name,email\n1,Ada Lind,ada@example.org\n2,Bo Chen,bo@example.org\n", encoding="utf-8"
    )
    assert _command(data, "migrate")[0] == 0
    words = ("import", "org", str(files), "--recipe", "csv-kit", "--json")
    code, text = _command(data, *words, "--dry-run")
    assert (code, json.loads(text)["created"]["person"], len(json.loads(text)["changes"])) == (0, 2, 2)
    assert json.loads(_command(data, *words)[1])["created"] == {"person": 2}
    assert json.loads(_command(data, *words)[1])["unchanged"] == {"person": 2}
    people.write_text("id,name,email\n1,Ada Lind,ada@example.org\n", encoding="utf-8")
    code, text = _command(data, *words, "--full")
    assert (code, json.loads(text)["closing"], json.loads(text)["remedy"]) == (1, 1, "--confirm-closing 1")
    assert json.loads(_command(data, *words, "--full", "--confirm-closing", "1")[1])["closed"] == {
        "person": 1
    }
    people.write_text("id,name,email\n1,Ada Lind,nonsense\n2,,also nonsense\n", encoding="utf-8")
    code, text = _command(data, *words)
    assert code == 2
    assert [(p["line"], bool(p["remedy"])) for p in json.loads(text)["problems"]] == [
        (2, True),
        (3, True),
        (3, True),
    ]
