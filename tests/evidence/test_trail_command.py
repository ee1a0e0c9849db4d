"""`vertebra import trail`: what it says, how it ends, and what it refuses."""

import gzip
import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from typer.testing import CliRunner

from tests.evidence.trail_world import bring, current, issue, rows, told_by_name, write
from vertebra.evidence.importing import forms
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import pseudonyms
from vertebra.kit import console
from vertebra.kit.refusal import Refusal
from vertebra.sources.models import ImportRun, Secret, Source
from vertebra.web import importing

pytestmark = pytest.mark.django_db
LOG = "Case ID;Timestamp;Status;Resource\n" + "".join(
    f"{case};2026-01-0{day} 10:00;{status};{who}\n"
    for case in range(1, 7)
    for day, status, who in ((1, "Queued", "Ann"), (2, "Worked on", "Bob"), (3, "Done", "Ann"))
)
XES = """<log xmlns="http://www.xes-standard.org/">{traces}</log>"""
TRACE = (
    '<trace><string key="concept:name" value="{case}"/><event><string key="concept:name" value="Register"/>'
    '<date key="time:timestamp" value="2026-01-0{case}T10:00:00Z"/><string key="org:resource" value="Ann"/></event></trace>'
)


@pytest.fixture(autouse=True)
def terminal(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    monkeypatch.setattr(console, "start", lambda: None)
    monkeypatch.setattr(importing, "_ready", lambda: None)


def run(*words: object, wanted: int = 0, monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    """What the command says; as JSON where asked."""
    result = CliRunner().invoke(importing.importing, ["trail", *map(str, words)])
    if isinstance(result.exception, Refusal):
        raise result.exception
    assert result.exit_code == wanted, (result.output, result.exception)
    return result.output


def test_it_says_what_came_then_that_it_is_known(tmp_path: Path) -> None:
    file = write(tmp_path / "SHOP.jsonl", [issue(n) for n in range(6)])
    said = run(file, "--dry-run")
    assert "work items: 6 new, 0 changed, 0 known already." in said
    assert "rehearsal" in said
    assert not TrailVersion.objects.exists() and not Source.objects.exists()
    assert "changes of work items: 36 new" in run(file)
    assert Source.objects.get().name == "SHOP"
    assert "brought in before" in run(file)
    other = write(tmp_path / "other.jsonl", [issue(n) for n in range(6)][::-1])
    assert "Nothing to change" in run(other, "--source", "SHOP")
    assert ImportRun.objects.count() == 2


def test_it_answers_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "wants_json", lambda: True)
    odd = issue(3)
    odd["fields"].pop("created")
    file = write(tmp_path / "SHOP.jsonl", [issue(1), odd, issue(2)])
    answer = json.loads(
        "\n".join(x for x in run(file, "--json").splitlines() if not x.startswith("SHOP.jsonl:"))
    )
    assert answer["counts"]["items"] == {"created": 2, "changed": 0, "unchanged": 0, "closed": 0}
    assert answer["flaws"] == {"item_without": 1}
    assert (answer["problems"][0]["file"], answer["problems"][0]["line"]) == ("SHOP.jsonl", 2)
    assert answer["version"] == 1


def test_event_logs_come_with_a_map_and_without(tmp_path: Path) -> None:
    log, mapping = tmp_path / "log.csv", tmp_path / "map.toml"
    log.write_text(LOG)
    mapping.write_text('case = "Case ID"\nat = "Timestamp"\nactivity = "Status"\n')
    run(log, "--format", "events", "--source", "A")
    assert current("A").counts["changes"] == 18
    run(log, "--format", "events", "--map", mapping, "--source", "B")
    assert {row[0] for row in rows("changes", "B", "author")} == {""}
    assert len({row[0] for row in rows("changes", "A", "author")}) == 2
    xes = tmp_path / "log.xes.gz"
    xes.write_bytes(
        gzip.compress(XES.format(traces="".join(TRACE.format(case=n) for n in range(1, 7))).encode())
    )
    run(xes, "--source", "C")
    assert current("C").counts["items"] == 6


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("a.json", '[{"id": "1"', "a.json"),
        ("a.csv", "nothing;here\n1;2\n", "No column of the file holds"),
        ("a.xes", "<!DOCTYPE x [<!ENTITY a 'b'>]><log/>", "entities"),
        ("a.jsonl", "", "a.jsonl” is cannot be told"),
    ],
)
def test_a_hostile_file_changes_nothing(tmp_path: Path, name: str, text: str, wanted: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    try:
        said = run(file, wanted=2)
    except Refusal as refusal:
        said = str(refusal)
    assert wanted in said
    assert not TrailVersion.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_table_without_rows_is_said_to_hold_nothing(tmp_path: Path) -> None:
    log = tmp_path / "b.csv"
    log.write_text("case;activity;at\n")
    assert run(log).splitlines()[-1] == "The files hold no work item."


def test_files_of_two_forms_are_named(tmp_path: Path) -> None:
    items, log = write(tmp_path / "a.jsonl", [issue(1)]), tmp_path / "b.csv"
    log.write_text("case;activity;at\n1;open;2026-01-01\n")
    with pytest.raises(Refusal, match=r"a\.jsonl” and “.*b\.csv” are not of the same form"):
        run(items, log)


def test_what_is_asked_wrongly_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [issue(1)])
    for words in (
        (tmp_path / "none.json",),
        (file, "--format", "word"),
        (file, "--map", tmp_path / "none.toml"),
    ):
        with pytest.raises(Refusal):
            run(*words)


def test_with_another_secret_key_nobody_is_told_apart_wrongly(tmp_path: Path, settings: LazySettings) -> None:
    file = write(tmp_path / "a.jsonl", [issue(1)])
    bring(file, source="a")
    settings.SECRET_KEY = "another" * 8
    with pytest.raises(Refusal, match="secret key"):
        run(write(tmp_path / "b.jsonl", [issue(2)]), "--source", "a")
    assert not pseudonyms.forget(Source.objects.get(), ["zoe-quist"])


def test_no_key_stands_in_the_clear(tmp_path: Path) -> None:
    bring(write(tmp_path / "a.jsonl", [issue(1)]))
    secret = Secret.objects.get()
    key = pseudonyms.key_of(Source.objects.get())
    assert key is not None
    assert key.hex().encode() not in bytes(secret.ciphertext)
    assert told_by_name()[1][0][-2] in ("zoe-quist", "yann-orsel", "xavier-lund", "wanda-miro", "victor-sol")


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.json", '{"issues": []}', forms.JIRA), ("a.csv", "Issue key,Summary\n", forms.JIRA),
        ("a.csv", "Case ID;Timestamp;Status\n", forms.EVENTS), ("a.xes", "<?xml version='1.0'?><log/>", forms.XES),
        ("a.csv", "", ""),
    ],
)  # fmt: skip
def test_forms_are_recognised_by_what_files_hold(tmp_path: Path, name: str, text: str, form: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert forms.form_of(file) == form


@pytest.mark.real_data
def test_a_whole_tracker_comes_in(real_data: Path) -> None:
    files = sorted((real_data / "tidev-jira").glob("issues-*.jsonl.xz"))
    run(*files, "--format", "jira", "--source", "tidev")
    assert current("tidev").counts["items"] == 23_870
    assert rows("items", "tidev", "count(*) FILTER (priority = '')") == [(491,)]
    assert "brought in before" in run(*files, "--format", "jira", "--source", "tidev")


@pytest.mark.real_data
def test_a_real_event_log_comes_in(real_data: Path) -> None:
    run(real_data / "process-volvo" / "vinst_events.csv", "--format", "events", "--source", "volvo")
    assert current("volvo").counts["items"] == 7_554
    assert rows("changes", "volvo", "count(*) FILTER (field = 'status')") == [(65_533,)]
