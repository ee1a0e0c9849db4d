"""What no step could read is refused when it is uploaded, in words, and leaves nothing behind."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override

from tests import world
from tests.sources.test_import_pages import PEOPLE, apply, upload, walk
from vertebra.accounts.models import User
from vertebra.kit.files.first_look import hopeless
from vertebra.kit.files.labels import told
from vertebra.kit.files.problems import Code, Problem
from vertebra.sources.models import ImportRun, Source

pytestmark = pytest.mark.django_db
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def archive(part: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr(part, content)
    return made.getvalue()


@pytest.fixture
def ines(client: Client) -> User:
    user = world.ines()
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 50, Code.NUL_BYTES),
        ("photo.yaml", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 50, Code.NUL_BYTES),
        ("photo.md", b"abc\x00def", Code.NUL_BYTES),
        ("bomb.yaml", BOMB.encode(), Code.TOO_MANY_ALIASES),
        ("deep.json", b"[" * 5_000 + b"]" * 5_000, Code.TOO_DEEP),
        ("book.xlsx", b"PK\x03\x04 truncated", Code.WORKBOOK_BROKEN),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, Code.WORKBOOK_ENCRYPTED),
        ("bomb.xlsx", archive("[Content_Types].xml", b" " * 50_000_000), Code.WORKBOOK_BOMB),
        ("blank.yaml", b"\n\n  \n", Code.FILE_EMPTY),
    ],
)  # fmt: skip
def test_it_is_refused_at_the_door(
    client: Client, ines: User, tmp_path: Path, name: str, content: bytes, code: Code
) -> None:
    (tmp_path / name).write_bytes(content)
    assert [one.code for one in hopeless(tmp_path / name, name)] == [code]
    answer = client.post("/imports/new/", {"uploads": SimpleUploadedFile(name, content), "source": "RH"})
    assert answer.status_code == 422
    assert name in answer.content.decode()
    assert not ImportRun.objects.exists()
    assert not Source.objects.exists()
    assert not [path for path in (Path(settings.MEDIA_ROOT) / "imports").glob("*/*") if path.name == name]


def test_each_hopeless_file_is_named(client: Client, ines: User) -> None:
    sent = [SimpleUploadedFile("a.csv", b"a\x00"), SimpleUploadedFile("b.yaml", BOMB.encode())]
    shown = client.post("/imports/new/", {"uploads": sent, "source": "RH"}).content.decode()
    assert "a.csv" in shown
    assert "b.yaml:" in shown


def test_each_empty_file_is_named_with_what_to_do(client: Client, ines: User) -> None:
    sent = [
        SimpleUploadedFile("a.csv", b""),
        SimpleUploadedFile("b.csv", b"name\nx\n"),
        SimpleUploadedFile("c.csv", b""),
    ]
    answer = client.post("/imports/new/", {"uploads": sent, "source": "RH"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    with override("fr"):
        for name in ("a.csv", "c.csv"):
            assert escape(told(Problem(name, None, None, Code.FILE_EMPTY))) in shown
    assert "b.csv:" not in shown


@pytest.mark.parametrize("content", [b"PK\x03\x04 truncated", b"not a workbook", archive("x.xml", b"<x/>")])
def test_a_damaged_workbook_is_told_in_words_of_people_not_of_programs(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)
    [problem] = hopeless(tmp_path / "book.xlsx", "book.xlsx")
    assert problem.code == Code.WORKBOOK_BROKEN
    with override("fr"):
        words = told(problem)
    assert words.startswith("book.xlsx: ")
    assert not re.search(r"BadZip|Error|Exception|xml|%\(|\?", words)


@pytest.mark.parametrize(
    ("name", "text"), [("cut.json", '{"a": ['), ("cut.csv", 'name\n"never closed'), ("wrong.yaml", "a: [")]
)
def test_what_could_be_told_with_its_line_later_is_let_in(
    client: Client, ines: User, name: str, text: str
) -> None:
    assert upload(client, (name, text)).files[0]["name"] == name


@pytest.mark.parametrize("number", ["9" * 5_000, "²", "-1", "٣"])
def test_numbers_that_nobody_could_mean_are_no_error_of_the_server(
    client: Client, ines: User, number: str
) -> None:
    run = walk(client, "people.csv", PEOPLE, "table:person")
    assert client.get(f"/imports/{run.pk}/preview/", {"start": number}).status_code == 200
    assert apply(client, run, confirmed_closing=number).state == "applied"
