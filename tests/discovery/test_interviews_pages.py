"""Pages of conversations: Product Ops alone, one step to start, autosave, marks, transcripts, the link to take back."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.actions.interviews import hold_interview, record_consent, start_interview
from vertebra.discovery.actions.notes import save_notes
from vertebra.discovery.actions.verbatims import mark_verbatim
from vertebra.discovery.jobs.transcripts import read_large_transcript
from vertebra.discovery.labels import Consent, InterviewState, TranscriptState
from vertebra.discovery.models import Evidence, Interview, PainPoint, Transcript, Verbatim
from vertebra.discovery.queries.transcripts import path_of

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Inès>On l’apprend trop tard.\n"


@pytest.fixture(autouse=True)
def at_the_time(settings: Any, tmp_path: Any) -> None:
    settings.FIXED_NOW = world.NOW
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def user() -> User:
    return world.ines()


@pytest.fixture
def talk(user: User) -> Interview:
    lea = person("Lea Roux", unit("Support"), "support", email="lea@example.org")
    interview = start_interview(actor=user, person=lea, now=world.NOW)
    record_consent(actor=user, interview=interview, consent=Consent.GIVEN, now=world.NOW)
    interview.refresh_from_db()
    return interview


@pytest.fixture
def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"discovery:{name}", args=args)


def post_notes(browser: Client, talk: Interview, **given: object) -> dict[str, Any]:
    response = browser.post(at("interview-notes", talk.pk), given, headers={"accept": "application/json"})
    return dict(json.loads(response.content)) | {"status": response.status_code}


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.ADMINISTRATOR])
def test_product_ops_alone_opens_conversations(talk: Interview, role: Role) -> None:
    client = Client()
    client.force_login(world.account("Other Person", role))
    for name in ("interview-show", "interview-reading", "interview-notes"):
        assert client.get(at(name, talk.pk)).status_code == 403
    assert client.get(at("interview-list")).status_code == 403


def test_a_conversation_starts_in_one_step(browser: Client) -> None:
    karim = person("Karim Diallo", unit("Billing"), "engineering")
    response = browser.post(at("interview-start"), {"person": "Karim Diallo"})
    interview = Interview.objects.get()
    assert response["Location"] == at("interview-show", interview.pk)
    assert (interview.person, interview.function) == (karim, "engineering")
    assert browser.post(at("interview-start"), {}).status_code == 422


def test_a_conversation_started_now_is_under_way_until_it_is_closed(
    browser: Client, user: User, talk: Interview
) -> None:
    User.objects.filter(pk=user.pk).update(language="en")
    for page in (at("interview-show", talk.pk), at("interview-list")):
        assert "under way" in browser.get(page).content.decode()
    assert "planned" not in browser.get(at("interview-show", talk.pk)).content.decode()
    hold_interview(actor=user, interview=talk, now=world.NOW)
    assert "under way" not in browser.get(at("interview-list")).content.decode()


def test_one_planned_for_later_today_or_another_day_is_planned(user: User, talk: Interview) -> None:
    for days, hours, state in ((0, 1, "planned"), (0, 0, "under_way"), (-3, 0, "planned"), (2, 0, "planned")):
        talk.starts_at = world.NOW + dt.timedelta(days=days, hours=hours)
        assert talk.state_at(world.NOW) == state
    talk.starts_at = world.NOW + dt.timedelta(hours=1)
    talk.save()
    early = start_interview(actor=user, person=talk.person, now=world.NOW)
    assert (early.pk, early.state_at(world.NOW)) == (talk.pk, "under_way"), "begun before its hour"


def test_the_list_filters_and_names_those_outside_the_directory(
    browser: Client, user: User, talk: Interview
) -> None:
    start_interview(actor=user, function="sales", now=world.NOW)
    page = browser.get(at("interview-list") + "?function=sales").content.decode()
    assert "Lea Roux" not in page and "Ventes" in page
    for asked in ("?state=planned", "?consent=given", "?since=2026-01-01&until=2026-12-31", "?q=lea"):
        assert "Lea Roux" in browser.get(at("interview-list") + asked).content.decode()
    assert "Lea Roux" not in browser.get(at("interview-list") + "?until=2020-01-01").content.decode()


def test_notes_save_themselves_and_come_back(browser: Client, talk: Interview) -> None:
    told = post_notes(browser, talk, text="Trop tard", version=0, key="tab:1")
    assert (told["outcome"], told["version"], told["by"]) == ("saved", 1, "Ines Barbier")
    read = browser.get(at("interview-notes", talk.pk))
    assert json.loads(read.content)["text"] == "Trop tard"
    assert browser.get(at("interview-notes", talk.pk) + "?since=1").status_code == 204
    assert post_notes(browser, talk, text="x", version=0, key="tab:2")["outcome"] == "asked"
    kept = post_notes(browser, talk, text="x", version=0, key="tab:2", base="y")
    assert kept["outcome"] == "kept" and browser.get(kept["copy"]).status_code == 200
    assert post_notes(browser, talk, text="x" * 500_001, version=1, key="t:9")["status"] == 422


def test_without_scripts_a_conflict_leads_to_both_texts(browser: Client, user: User, talk: Interview) -> None:
    save_notes(actor=user, interview=talk, text="theirs", version=0, now=world.NOW)
    response = browser.post(at("interview-notes", talk.pk), {"text": "mine", "version": "0"})
    page = browser.get(response["Location"]).content.decode()
    assert "theirs" in page and "mine" in page
    browser.post(response["Location"], {"version": "1", "keep_0": "copy"})
    talk.refresh_from_db()
    assert talk.notes == "mine"


def test_marking_answers_the_room_with_what_is_marked(browser: Client, talk: Interview) -> None:
    url = at("verbatim-mark", talk.pk)
    given = {"text": "On l’apprend trop tard.", "title": "Le terrain apprend trop tard"}
    response = browser.post(url, given, headers={"hx-request": "true"})
    assert response["HX-Trigger"] == "vertebra:marked"
    assert "On l’apprend trop tard." in response.content.decode()
    again = browser.post(url, {"text": "Encore.", "title": "le terrain APPREND trop tard"})
    assert again["Location"] == at("interview-show", talk.pk)
    assert PainPoint.objects.get().evidence_count == 2
    refused = browser.post(url, {"text": "x" * 2001}, headers={"hx-request": "true"})
    assert refused["HX-Retarget"] == "#mark-trouble"
    suggested = browser.get(at("verbatim-suggest", talk.pk) + "?text=le+terrain+apprend").content.decode()
    assert "Le terrain apprend trop tard" in suggested
    verbatim = Verbatim.objects.order_by("-pk")[0]
    browser.post(at("verbatim-removal", verbatim.pk))
    assert Evidence.objects.filter(ended_at=None).count() == 1


def test_what_is_marked_stands_marked_in_the_notes(browser: Client, user: User, talk: Interview) -> None:
    save_notes(
        actor=user,
        interview=talk,
        text="## Question\n- Un <b>mot</b> trop tard\nFin",
        version=0,
        now=world.NOW,
    )
    mark_verbatim(actor=user, interview=talk, text="<b>mot</b> trop tard\nFin", position=17, now=world.NOW)
    page = browser.get(at("interview-reading", talk.pk)).content.decode()
    assert ">&lt;b&gt;mot&lt;/b&gt; trop tard</mark>" in page and ">Fin</mark>" in page
    assert "<b>mot" not in page


def upload(browser: Client, talk: Interview, content: bytes, name: str = "call.vtt") -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post(at("transcript-upload", talk.pk), {"file": file}, follow=True)


def test_a_transcript_is_read_paged_and_marked(browser: Client, user: User, talk: Interview) -> None:
    page = upload(browser, talk, VTT.encode()).content.decode()
    transcript = Transcript.objects.get()
    assert "On l’apprend trop tard." in page and transcript.state == TranscriptState.READY
    given = {"text": "trop tard", "transcript": transcript.pk, "position": 0}
    browser.post(at("verbatim-mark", talk.pk), given)
    assert "trop tard</mark>" in browser.get(at("transcript-show", transcript.pk)).content.decode()
    upload(browser, talk, VTT.encode())
    assert Transcript.objects.count() == 1
    browser.post(at("transcript-removal", transcript.pk), {"name": "call.vtt"})
    assert not Transcript.objects.exists() and Verbatim.objects.get().transcript is None


def test_what_is_no_transcript_says_where_and_what_to_do(browser: Client, talk: Interview) -> None:
    page = upload(browser, talk, b"1\n00:00:01 -> 00:00:02\nhop", "a.srt").content.decode()
    assert "00:00:01 -&gt; 00:00:02" in page and not Transcript.objects.exists()
    assert upload(browser, talk, b"x" * (10 * 2**20 + 1), "a.txt").status_code == 200
    assert not Transcript.objects.exists()


def test_a_large_transcript_is_read_by_a_job(browser: Client, talk: Interview) -> None:
    large = VTT.encode() + b"\n00:00:03.000 --> 00:00:04.000\nEncore une phrase entendue souvent.\n" * 12_000
    upload(browser, talk, large)
    transcript = Transcript.objects.get()
    assert transcript.state == TranscriptState.READING and path_of(transcript).exists()
    assert read_large_transcript.func(transcript.pk) == read_large_transcript.func(transcript.pk) > 500
    transcript.refresh_from_db()
    assert transcript.state == TranscriptState.READY and transcript.page_count > 5


def test_the_link_of_the_thanks_takes_the_agreement_back_with_one_button(user: User, talk: Interview) -> None:
    hold_interview(actor=user, interview=talk, now=world.NOW)
    Interview.objects.update(follow_up_digest=digest_of("key"))
    mark_verbatim(actor=user, interview=talk, text="Trop tard.", now=world.NOW)
    url, visitor = at("heard-agreement", "key"), Client()
    assert visitor.get(url).status_code == 200
    talk.refresh_from_db()
    assert talk.consent == Consent.GIVEN
    visitor.post(url)
    talk.refresh_from_db()
    assert talk.consent == Consent.WITHDRAWN and Verbatim.objects.get().withdrawn_at
    assert visitor.post(url).status_code == 200
    assert visitor.get(at("heard-agreement", "wrong")).status_code == 404


def test_half_a_million_characters_keep_to_the_budget(browser: Client, user: User, talk: Interview) -> None:
    notes = "".join(f"Ligne {number} : « l’équipe & le terrain » <attendent>.\n" for number in range(9_000))
    save_notes(actor=user, interview=talk, text=notes[:500_000], version=0, now=world.NOW)
    hold_interview(actor=user, interview=talk, now=world.NOW)
    Verbatim.objects.bulk_create(
        Verbatim(
            interview=talk, text=f"Ligne {number} :", language="fr", said_on=world.TODAY, created_at=world.NOW
        )
        for number in range(300)
    )
    talk.refresh_from_db()
    assert talk.state == InterviewState.HELD
    for path in (
        at("interview-show", talk.pk),
        at("interview-reading", talk.pk),
        at("interview-reading", talk.pk) + "?part=5",
        at("interview-list"),
        at("interview-start"),
    ):
        browser.get(path)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(path)
        found = [one["sql"][:90] for one in asked if "SAVEPOINT" not in one["sql"]]
        assert (page.status_code, len(page.content) <= 150_000) == (200, True), (path, len(page.content))
        assert len(found) <= 12, (path, found)
