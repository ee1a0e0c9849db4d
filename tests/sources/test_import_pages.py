"""The pages of an import, step by step, as somebody without JavaScript walks them."""

import datetime as dt
import stat
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from tests import world
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.importing import jobs
from vertebra.org.models import Membership, Person, UnitVersion
from vertebra.sources import actions, uploads
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun, Source

pytestmark = pytest.mark.django_db
UNITS = "nom;type;rattachée à\nVente;tribu;\nPanier;équipe;Vente\n"
PEOPLE = (
    "Nom complet;Courriel;Poste;Équipe;Responsable;Arrivée\n"
    "Ada Lind;ada@example.org;PM;Panier;;01/02/2020\n"
    "Bo Chen;bo@example.org;Dev;Panier;Ada Lind;2021-03-04\n"
    "Cy Roux;;Dev;Inconnue;Nobody Known;\n"
)


@pytest.fixture
def ines(client: Client) -> User:
    user = world.ines()
    client.force_login(user)
    return user


def upload(client: Client, *files: tuple[str, str | bytes], source: str = "RH") -> ImportRun:
    sent = [SimpleUploadedFile(n, t.encode() if isinstance(t, str) else t) for n, t in files]
    answer = client.post("/imports/new/", {"uploads": sent, "source": source})
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.latest("pk")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, address, answer.headers)
    return answer.content.decode()


def walk(client: Client, name: str, text: str, way: str, **columns: str) -> ImportRun:
    """Upload a table and walk to its preview with what is guessed, but for the columns given."""
    run = upload(client, (name, text))
    client.post(f"/imports/{run.pk}/format/", {"way": way})
    answer = client.get(f"/imports/{run.pk}/columns/")
    chosen = {**answer.context["form"].initial, **columns}
    assert client.post(f"/imports/{run.pk}/columns/", chosen).status_code == 302
    page(client, f"/imports/{run.pk}/preview/")
    run.refresh_from_db()
    return run


def apply(client: Client, run: ImportRun, **fields: str) -> ImportRun:
    client.post(f"/imports/{run.pk}/apply/", fields)
    run.refresh_from_db()
    return run


def test_a_table_is_guessed_mapped_previewed_applied_and_undone(client: Client, ines: User) -> None:
    apply(client, walk(client, "unites.csv", UNITS, "table:unit"))
    run = upload(client, ("export.csv", PEOPLE))
    answer = client.get(f"/imports/{run.pk}/format/")
    assert answer.context["form"].initial["way"] == "table:person"
    client.post(f"/imports/{run.pk}/format/", {"way": "table:person"})
    columns = client.get(f"/imports/{run.pk}/columns/")
    guessed = columns.context["form"].initial
    assert guessed == {
        "name": "Nom complet", "email": "Courriel", "title": "Poste", "unit": "Équipe", "manager": "Responsable",
        "joined_on": "Arrivée",
    }  # fmt: skip
    assert "ada@example.org" in columns.content.decode()
    client.post(f"/imports/{run.pk}/columns/", guessed)
    preview = page(client, f"/imports/{run.pk}/preview/")
    assert "Ada Lind" in preview
    assert "Nobody Known" in preview
    assert not Person.objects.exists()
    run = apply(client, run)
    assert run.state == ImportState.APPLIED
    assert Person.objects.get(name="Bo Chen").manager == Person.objects.get(name="Ada Lind")
    assert Person.objects.get(name="Ada Lind").joined_on == dt.date(2020, 2, 1)
    assert Membership.objects.all_time().filter(unit__versions__name="Panier").count() == 2
    result = page(client, f"/imports/{run.pk}/")
    assert f"/administration/audit/{run.entry_id}/undo/" in result
    client.post(f"/administration/audit/{run.entry_id}/undo/")
    assert not Person.objects.exists()
    run = ImportRun.objects.get(pk=run.pk)
    assert run.shown_state == ImportState.UNDONE
    assert page(client, f"/imports/{run.pk}/")


def test_what_was_chosen_for_the_same_headings_is_proposed_again(client: Client, ines: User) -> None:
    walk(client, "a.csv", PEOPLE, "table:person", title="", handle="Poste")
    run = upload(client, ("b.csv", PEOPLE))
    client.post(f"/imports/{run.pk}/format/", {"way": "table:person"})
    form = client.get(f"/imports/{run.pk}/columns/").context["form"]
    assert form.initial["handle"] == "Poste"
    assert "title" not in form.initial


def test_files_with_the_names_of_a_recipe_are_recognised(client: Client, ines: User) -> None:
    run = upload(client, ("unites.csv", UNITS), ("personnes.csv", PEOPLE))
    assert client.get(f"/imports/{run.pk}/format/").context["form"].initial["way"] == "recipe:csv-kit"
    client.post(f"/imports/{run.pk}/format/", {"way": "recipe:csv-kit"})
    page(client, f"/imports/{run.pk}/preview/")
    run.refresh_from_db()
    assert apply(client, run).state == ImportState.APPLIED, run.problems
    assert UnitVersion.objects.all_time().count() == 2


def test_a_recipe_that_comes_with_the_files_is_followed(client: Client, ines: User) -> None:
    recipe = (
        "recipe: 1\nname: ours\ntitle: Ours\ninputs: {teams: {files: teams.toml}}\nrecords:\n"
        "  - {kind: unit, from: teams, for_each: team, fields: {name: label, kind: {value: team}}}\n"
    )
    run = upload(client, ("ours.yaml", recipe), ("teams.toml", '[[team]]\nlabel = "Cart"\n'))
    assert client.get(f"/imports/{run.pk}/format/").context["form"].initial["way"] == "file:ours.yaml"
    client.post(f"/imports/{run.pk}/format/", {"way": "file:ours.yaml"})
    page(client, f"/imports/{run.pk}/preview/")
    run.refresh_from_db()
    assert apply(client, run).state == ImportState.APPLIED
    assert UnitVersion.objects.all_time().get().name == "Cart"


def test_a_faulty_recipe_is_offered_and_its_faults_are_told(client: Client, ines: User) -> None:
    recipe = "recipe: 1\nname: ours\ninputs: {teams: {files: teams.toml}}\nrecords:\n  - {kind: planet, from: teams}\n"
    run = upload(client, ("ours.yaml", recipe), ("teams.toml", '[[team]]\nlabel = "Cart"\n'))
    assert client.get(f"/imports/{run.pk}/format/").context["form"].initial["way"] == "file:ours.yaml"
    client.post(f"/imports/{run.pk}/format/", {"way": "file:ours.yaml"})
    shown = page(client, f"/imports/{run.pk}/preview/")
    assert shown.count('class="problem-what"') == 3
    assert "ours.yaml:5" in shown


def test_a_recipe_that_is_gone_is_not_looked_for_elsewhere(
    client: Client, ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = (
        "recipe: 1\nname: ours\ntitle: Ours\ninputs: {teams: {files: teams.toml}}\nrecords:\n"
        "  - {kind: unit, from: teams, for_each: team, fields: {name: label, kind: {value: team}}}\n"
    )
    run = upload(client, ("ours.yaml", recipe), ("teams.toml", '[[team]]\nlabel = "Cart"\n'))
    (tmp_path / "ours.yaml").write_text(recipe)
    monkeypatch.chdir(tmp_path)
    client.post(f"/imports/{run.pk}/format/", {"way": "file:ours.yaml"})
    (uploads.folder_of(run) / "ours.yaml").unlink()
    shown = page(client, f"/imports/{run.pk}/preview/")
    run.refresh_from_db()
    assert run.state == ImportState.REFUSED
    assert 'class="problem-what"' in shown


def test_everything_wrong_is_shown_at_once_with_its_place(client: Client, ines: User) -> None:
    text = "nom complet;courriel;arrivée\nAda;pas une adresse;31/02/2020\n;x@example.org;\n"
    run = walk(client, "people.csv", text, "table:person")
    assert run.state == ImportState.REFUSED
    shown = page(client, f"/imports/{run.pk}/preview/")
    assert shown.count('class="problem-what"') == 3
    assert "people.csv:2" in shown
    assert apply(client, run).state == ImportState.REFUSED
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", b""), ("people.xlsx", b"PK\x03\x04 truncated"), ("people.json", b'{"a": ['),
        ("people.csv", b'name\n"never closed'), ("people.csv", b"\xff\xfe\x00"),
    ],
)  # fmt: skip
def test_broken_files_are_refused_in_words_at_every_step(
    client: Client, ines: User, name: str, content: bytes
) -> None:
    sent = SimpleUploadedFile(name, content)
    answer = client.post("/imports/new/", {"uploads": sent, "source": "RH"}, follow=True)
    assert answer.status_code in (200, 422)
    run = ImportRun.objects.first()
    if run is None:
        assert 'class="field-errors"' in answer.content.decode()
        return
    for way in [code for code, _label in answer.context["form"].fields["way"].choices]:
        answer = client.post(f"/imports/{run.pk}/format/", {"way": way}, follow=True)
        assert answer.status_code == 200, way
        if answer.context["request"].path.endswith("/preview/"):
            assert 'class="problem-what"' in answer.content.decode(), way


def test_only_known_formats_are_taken(client: Client, ines: User) -> None:
    answer = client.post("/imports/new/", {"uploads": SimpleUploadedFile("a.exe", b"x"), "source": "RH"})
    assert answer.status_code == 422
    assert "a.exe" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_too_much_is_refused_before_it_is_read(client: Client, ines: User) -> None:
    with override_settings(MAX_UPLOAD_BYTES=10):
        sent = SimpleUploadedFile("a.csv", b"x" * 3_000_000)
        answer = client.post("/imports/new/", {"uploads": sent, "source": "RH"})
    assert answer.status_code == 413
    assert not ImportRun.objects.exists()


def test_a_full_disk_is_told_and_leaves_nothing(
    client: Client, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "keep", full)
    answer = client.post("/imports/new/", {"uploads": SimpleUploadedFile("a.csv", b"a\n1\n"), "source": "RH"})
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()
    assert not Source.objects.exists()


def test_what_nobody_foresaw_leaves_no_import_at_work(
    client: Client, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = walk(client, "people.csv", PEOPLE, "table:person")

    def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("vertebra.org.importing.actions.note_rows", broken)
    with pytest.raises(ZeroDivisionError):
        client.post(f"/imports/{run.pk}/apply/")
    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert not Person.objects.exists()


def test_uploading_needs_the_token_against_forgery(ines: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ines)
    answer = strict.post("/imports/new/", {"uploads": SimpleUploadedFile("a.csv", b"a\n1\n"), "source": "RH"})
    assert answer.status_code == 403


def test_uploaded_files_are_private_and_keep_to_their_folder(client: Client, ines: User) -> None:
    run = upload(client, ("../../etc/évil name.csv", PEOPLE), ("évil name.csv", PEOPLE))
    folder = uploads.folder_of(run)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["évil name-2.csv", "évil name.csv"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_files_are_deleted_and_the_import_is_kept(client: Client, ines: User) -> None:
    run = upload(client, ("a.csv", PEOPLE))
    assert actions.forget_old_files(actor=None, now=world.NOW + dt.timedelta(days=29)) == 0
    assert actions.forget_old_files(actor=None, now=world.NOW + dt.timedelta(days=31)) == 1
    assert not uploads.folder_of(run).exists()
    assert "Importer" in page(client, f"/imports/{run.pk}/format/") or "Import" in page(
        client, f"/imports/{run.pk}/format/"
    )


def test_two_clicks_apply_once(client: Client, ines: User) -> None:
    run = walk(client, "people.csv", PEOPLE, "table:person")
    apply(client, run)
    apply(client, run)
    assert AuditEntry.objects.filter(verb="import").count() == 1


def test_closing_asks_for_the_number(client: Client, ines: User) -> None:
    apply(client, walk(client, "people.csv", PEOPLE, "table:person"))
    run = walk(client, "people.csv", "".join(PEOPLE.splitlines(keepends=True)[:2]), "table:person")
    client.post(f"/imports/{run.pk}/preview/", {"on": "2026-11-02", "is_full": "on"})
    shown = page(client, f"/imports/{run.pk}/preview/")
    assert 'name="confirmed_closing"' in shown
    run.refresh_from_db()
    assert apply(client, run).state == ImportState.PLANNED
    assert apply(client, run, confirmed_closing="7").state == ImportState.PLANNED
    assert apply(client, run, confirmed_closing=str(run.summary["closing"])).state == ImportState.APPLIED
    assert Person.objects.filter(left_on=world.TODAY).count() == 2


def test_what_changed_since_the_preview_is_not_applied_unseen(client: Client, ines: User) -> None:
    run = walk(client, "people.csv", PEOPLE, "table:person")
    Person.objects.create(name="X", name_folded="x", email="ada@example.org", created_at=world.NOW)
    assert apply(client, run).state == ImportState.FAILED
    assert Person.objects.count() == 1
    page(client, f"/imports/{run.pk}/")
    page(client, f"/imports/{run.pk}/preview/")
    run.refresh_from_db()
    assert apply(client, run).state == ImportState.APPLIED


def test_large_imports_are_left_to_jobs(client: Client, ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("imports", "steps"):
        monkeypatch.setattr(f"vertebra.sources.pages.{module}.AT_ONCE_BYTES", 10)
    run = upload(client, ("people.csv", PEOPLE))
    client.post(f"/imports/{run.pk}/format/", {"way": "table:person"})
    form = client.get(f"/imports/{run.pk}/columns/").context["form"]
    client.post(f"/imports/{run.pk}/columns/", form.initial)
    client.get(f"/imports/{run.pk}/preview/")
    assert 'role="status"' in page(client, f"/imports/{run.pk}/")
    jobs.look_at_import.func(run.pk)
    assert jobs.look_at_import.func(run.pk) == ImportState.PLANNED
    client.post(f"/imports/{run.pk}/apply/")
    assert 'role="status"' in page(client, f"/imports/{run.pk}/")
    jobs.apply_import.func(run.pk)
    assert jobs.apply_import.func(run.pk) == ImportState.APPLIED
    assert AuditEntry.objects.filter(verb="import").count() == 1
    answer = client.get(f"/imports/{run.pk}/?wait=1", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/imports/{run.pk}/"


def test_names_with_markup_are_shown_as_text(client: Client, ines: User) -> None:
    nasty = '<script>alert("x")</script>'
    run = walk(
        client,
        "people.csv",
        f'nom complet;{nasty}\n"{nasty.replace(chr(34), chr(34) * 2)}";1\n',
        "table:person",
    )
    for step in ("format", "columns", "preview"):
        assert "<script>alert" not in page(client, f"/imports/{run.pk}/{step}/")
    apply(client, run)
    assert "<script>alert" not in page(client, f"/imports/{run.pk}/")


def test_lists_and_sources_show_what_there_is(client: Client, ines: User) -> None:
    assert "/imports/new/" in page(client, "/imports/")
    assert page(client, "/imports/sources/")
    run = apply(client, walk(client, "people.csv", PEOPLE, "table:person"))
    assert "RH" in page(client, "/imports/?state=applied&q=rh")
    assert "people.csv" not in page(client, "/imports/?state=failed")
    assert client.get("/imports/?format=csv").status_code == 200
    assert "RH" in page(client, "/imports/sources/")
    shown = page(client, f"/imports/sources/{run.source_id}/")
    assert "people.csv" in shown
    client.post(f"/imports/sources/{run.source_id}/", {"name": "HR"})
    assert Source.objects.get().name == "HR"
    client.post(f"/imports/sources/{run.source_id}/archive/")
    assert Source.objects.get().archived_at is not None


def test_a_name_belongs_to_one_source(client: Client, ines: User) -> None:
    upload(client, ("a.csv", PEOPLE), source="A")
    run = upload(client, ("a.csv", PEOPLE), source="B")
    answer = client.post(f"/imports/sources/{run.source_id}/", {"name": "A"})
    assert answer.status_code == 422
    assert Source.objects.filter(name="B").exists()


def test_removing_a_source_takes_its_name_and_all_that_only_it_brought(client: Client, ines: User) -> None:
    apply(client, walk(client, "unites.csv", UNITS, "table:unit"))
    apply(client, walk(client, "people.csv", PEOPLE, "table:person"))
    source = Source.objects.get()
    cart = UnitVersion.objects.all_time().get(name="Panier").unit
    hand = Person.objects.create(name="Hand", name_folded="hand", created_at=world.NOW)
    Membership.objects.create(person=hand, unit=cart, starts_on=world.TODAY)
    assert client.get(f"/imports/sources/{source.pk}/erase/").status_code == 403
    client.force_login(world.ada())
    assert client.post(f"/imports/sources/{source.pk}/erase/", {"typed": "rh"}).status_code == 422
    assert client.post(f"/imports/sources/{source.pk}/erase/", {"typed": "RH"}).status_code == 302
    assert list(Person.objects.values_list("name", flat=True)) == ["Hand"]
    assert set(UnitVersion.objects.all_time().values_list("name", flat=True)) == {"Vente", "Panier"}
    assert not Source.objects.exists()
    assert not ImportRun.objects.exists()
    assert AuditEntry.objects.filter(verb="erase", object_name="RH").exists()


def test_whoever_may_not_import_does_not_get_in(client: Client) -> None:
    assert client.get("/imports/").status_code == 302
    for user in (world.lea(), world.karim()):
        client.force_login(user)
        for address in ("/imports/", "/imports/new/", "/imports/sources/"):
            assert client.get(address).status_code == 403


def test_pages_ask_few_questions_of_the_database(
    client: Client, ines: User, django_assert_max_num_queries: object
) -> None:
    run = walk(client, "people.csv", PEOPLE, "table:person")
    for address in (
        "/imports/",
        f"/imports/{run.pk}/preview/",
        "/imports/sources/",
        f"/imports/{run.pk}/columns/",
    ):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            client.get(address)
