"""Survey files of other tools, good and bad: what is understood, what is never kept, what is refused."""

import io
from collections.abc import Sequence

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.models import Cell, Question, Response, Survey, SurveyTable
from vertebra.evidence.survey_files import read_survey, values_of
from vertebra.kit.files.problems import Code, Refused

TOP = [
    "Respondent ID",
    "Email Address",
    "Which tools help?",
    "",
    "",
    "How useful are meetings?",
    "Anything else?",
]
SUB = ["", "", "Jira", "Slack", "Other (please specify)", "Response", "Open-Ended Response"]


def rows(count: int = 8) -> list[list[str]]:
    made = [TOP, SUB]
    for number in range(count):
        jira = "Jira" if number % 2 else ""
        slack = "Slack" if number % 3 else ""
        said = f"Write to me: who{number}@example.org" if number == 1 else f"Line {number}"
        made.append(
            [str(9000 + number), f"who{number}@example.org", jira, slack, "", str(number % 5 + 1), said]
        )
    return made


def as_csv(table: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in table).encode(encoding)


def as_xlsx(table: Sequence[Sequence[str]]) -> bytes:
    """A workbook whose first heading spans columns, as survey tools write it."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(table):
        for at, cell in enumerate(row):
            if cell:
                sheet.write_string(line, at, cell)
    sheet.merge_range(0, 2, 0, 4, TOP[2])
    book.close()
    return file.getvalue()


@pytest.mark.parametrize("data", [as_csv(rows()), as_xlsx(rows()), as_csv(rows(), "utf-16", ";")])
def test_two_rows_of_headings_and_choices_over_columns_are_understood(data: bytes) -> None:
    read = read_survey(data, "survey.xlsx" if data[:2] == b"PK" else "survey.csv")
    told = [(column.text, column.kind, column.labels) for column in read.columns]
    assert told[0] == ("Which tools help?", QuestionKind.SEVERAL, ["Jira", "Slack"])
    assert ("How useful are meetings?", QuestionKind.AGREEMENT, []) in told
    assert told[-1][:2] == ("Anything else?", QuestionKind.TEXT)
    assert values_of(read.columns[0], QuestionKind.SEVERAL, read.rows)[:3] == [
        None,
        ["jira", "slack"],
        ["slack"],
    ]


def test_what_names_people_is_gone_before_anything_is_kept() -> None:
    read = read_survey(as_csv(rows()), "survey.csv")
    assert read.dropped == ["Respondent ID", "Email Address"]
    assert "@example.org" not in str(read)
    assert any("[e-mail]" in cell for row in read.rows for cell in row)


def test_a_column_of_addresses_is_dropped_whatever_its_heading() -> None:
    table = [["Contact", "Where from", "Mood"], *([f"a{n}@b.org", f"10.0.0.{n}", "3"] for n in range(6))]
    assert read_survey(as_csv(table), "survey.csv").dropped == ["Contact", "Where from"]


def test_french_letters_of_an_old_encoding_are_read() -> None:
    said = [
        "L’équipe a été écoutée après l’été",
        "Ça dépend des équipes",
        "Très bien déjà",
        "Réunions trop longues",
    ]
    table = [["Adresse e-mail", "Qu’améliorer ?"], *([f"a{n}@b.org", said[n % 4]] for n in range(8))]
    read = read_survey(as_csv(table, "cp1252", ";"), "sondage.csv")
    assert read.headings == ["Qu’améliorer ?"]
    assert read.rows[0] == ["L’équipe a été écoutée après l’été"]


BAD = {
    "empty": (b"", Code.FILE_EMPTY),
    "blank": (b"\r\n\r\n", Code.FILE_EMPTY),
    "headings only": (as_csv([["Mood", "Line"]]), Code.NOTHING_FOUND),
    "cut in a quote": (as_csv(rows())[:-4] + b'","never ends', Code.QUOTE_UNCLOSED),
    "nul": (b"Mood,Line\r\n3,a\x00b\r\n", Code.NUL_BYTES),
    "broken workbook": (as_xlsx(rows())[:900], Code.WORKBOOK_BROKEN),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_reason(name: str) -> None:
    data, code = BAD[name]
    with pytest.raises(Refused) as refused:
        read_survey(data, "survey.xlsx" if data[:2] == b"PK" else "survey.csv")
    assert refused.value.problem.code == code


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in BAD if name != "empty"])
def test_nothing_is_kept_of_a_bad_file(client: Client, name: str) -> None:
    client.force_login(world.english(world.ines()))
    data = BAD[name][0]
    file = SimpleUploadedFile("survey.xlsx" if data[:2] == b"PK" else "survey.csv", data)
    page = client.post(reverse("evidence:survey-upload"), {"file": file, "title": "T", "language": "en"})
    assert page.status_code == 422
    assert "nothing was kept" in page.content.decode()
    assert not Survey.objects.exists()


def upload(client: Client, data: bytes, name: str = "survey.csv") -> str:
    file = SimpleUploadedFile(name, data)
    page = client.post(reverse("evidence:survey-upload"), {"file": file, "title": "Tools", "language": "en"})
    assert page.status_code == 302, page.content.decode()
    return str(page["Location"])


def keep(client: Client, address: str, **kinds: str) -> str:
    """Keep what was understood, but for the kinds given, by position."""
    page = client.get(address)
    forms = page.context["forms"]
    data = {"title": "Tools", "column-TOTAL_FORMS": str(len(forms)), "column-INITIAL_FORMS": str(len(forms))}
    for number, form in enumerate(forms):
        data |= {f"column-{number}-text": form.initial["text"], f"column-{number}-kind": form.initial["kind"]}
    data |= {f"column-{number}-kind": kind for number, kind in kinds.items()}
    sent = client.post(address, data)
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


@pytest.mark.django_db
def test_a_file_becomes_a_closed_survey_of_nobody(client: Client) -> None:
    client.force_login(world.english(world.ines()))
    preview = keep(client, upload(client, as_csv(rows(9))))
    assert "9 answers" in client.get(preview).content.decode()
    sent = client.post(preview)
    survey = Survey.objects.get()
    assert sent["Location"] == reverse("evidence:pulse-show", args=[survey.pk])
    assert (survey.state, survey.kind, Response.objects.count()) == ("closed", "imported", 9)
    assert not SurveyTable.objects.exists()
    assert Cell.objects.get().invited_count == 9
    assert [question.text for question in Question.objects.all()] == [
        "Which tools help?",
        "How useful are meetings?",
        "Anything else?",
    ]
    told = client.get(sent["Location"]).content.decode()
    assert "Which tools help?" in told
    assert "Respondent ID" in told
    assert "who1@example.org" not in told


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing(client: Client) -> None:
    client.force_login(world.english(world.ines()))
    client.post(keep(client, upload(client, as_csv(rows(9)))))
    survey = Survey.objects.get()
    assert upload(client, as_csv(rows(9))) == reverse("evidence:pulse-show", args=[survey.pk])
    assert (Survey.objects.count(), Response.objects.count()) == (1, 9)


@pytest.mark.django_db
def test_rare_groups_of_a_file_are_counted_together(client: Client) -> None:
    client.force_login(world.english(world.ines()))
    table = [
        ["Region", "Mood"],
        *([["North", "South", "East"][min(n // 11, 2)], str(n % 5 + 1)] for n in range(24)),
    ]
    page = keep(client, upload(client, as_csv(table)), **{"0": "group"})
    client.post(page)
    assert sorted(Cell.objects.values_list("name", "invited_count")) == [("South", 11), ("others", 13)]


@pytest.mark.django_db
def test_two_columns_never_tell_groups_apart_together(client: Client) -> None:
    client.force_login(world.english(world.ines()))
    table = [["Region", "Site", "Mood"], *(["North", "A", str(n % 5 + 1)] for n in range(12))]
    address = upload(client, as_csv(table))
    page = client.get(address)
    data = {"title": "T", "column-TOTAL_FORMS": "3", "column-INITIAL_FORMS": "3"}
    for number, form in enumerate(page.context["forms"]):
        data |= {f"column-{number}-text": form.initial["text"], f"column-{number}-kind": "group"}
    sent = client.post(address, data)
    assert sent.status_code == 422
    assert "never crossed" in sent.content.decode()


@pytest.mark.django_db
def test_only_product_ops_brings_files_in(client: Client) -> None:
    client.force_login(world.english(world.ada()))
    assert client.get(reverse("evidence:survey-upload")).status_code == 403
