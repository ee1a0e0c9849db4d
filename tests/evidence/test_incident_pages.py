"""Pages of incidents: written down in a minute, followed up, brought in, compared, by whoever may."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.org.company import person
from vertebra.accounts.models import User
from vertebra.discovery.models import Evidence
from vertebra.evidence.actions.follow_ups import add_follow_up
from vertebra.evidence.actions.incidents import IncidentValues, record_incident
from vertebra.evidence.models import FollowUpAction, Incident, ProcessRework
from vertebra.roadmap.models import Topic

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ines() -> User:
    cache.clear()
    return world.english(world.ines())


def incident(actor: User, title: str = "Payments fail", days: int = 9, hours: int = 3) -> Incident:
    began = world.NOW - dt.timedelta(days=days)
    values = IncidentValues(title=title, started_at=began, language="en", resolved_at=began + hours * HOUR)
    return record_incident(actor=actor, values=values, now=world.NOW)


def show(row: Incident) -> str:
    return reverse("evidence:incident-show", args=[row.pk])


def test_anybody_writes_an_incident_down_in_a_line_and_three_fields(client: Client) -> None:
    cache.clear()
    client.force_login(world.english(world.lea()))
    sent = client.post(
        reverse("evidence:incident-create"),
        {
            "title": "Payments fail",
            "severity": "critical",
            "started_at": "2026-11-01T09:00",
            "systems": "API, Shop",
        },
    )
    row = Incident.objects.get()
    assert sent["Location"] == show(row)
    assert row.systems == ["API", "Shop"]
    page = client.get(show(row)).content.decode()
    assert "It has been going on for" in page
    assert "nobody noted when the field was told" in page


def test_what_is_wrong_stands_in_the_form(client: Client, ines: User) -> None:
    client.force_login(ines)
    given = {
        "title": "Down",
        "severity": "major",
        "started_at": "2026-11-01T09:00",
        "resolved_at": "2026-10-01T09:00",
    }
    answer = client.post(reverse("evidence:incident-create"), given)
    assert answer.status_code == 422
    assert "before it began" in answer.content.decode()
    assert not Incident.objects.exists()


def test_only_whoever_may_changes_an_incident_and_its_owner_closes_a_follow_up(
    client: Client, ines: User
) -> None:
    lea = world.english(world.lea())
    row, owner = incident(ines), person("Léa", email=lea.email)
    owner.user = lea
    owner.save()
    add_follow_up(actor=ines, incident=row, title="Mend", owner=owner, now=world.NOW)
    mend = FollowUpAction.objects.get()
    client.force_login(lea)
    assert client.get(reverse("evidence:incident-edit", args=[row.pk])).status_code == 404
    client.post(reverse("evidence:incident-follow-up-done", args=[mend.pk]))
    mend.refresh_from_db()
    assert mend.done_on is not None
    client.force_login(world.english(world.ada()))
    assert client.get(reverse("evidence:incident-edit", args=[row.pk])).status_code == 200


def test_an_incident_becomes_a_topic_or_shows_a_pain_point(client: Client, ines: User) -> None:
    client.force_login(ines)
    row = incident(ines)
    query = f"?kind=incident&id={row.pk}"
    raising = reverse("roadmap:topic-create") + query
    assert f'href="{raising.replace("&", "&amp;")}"' in client.get(show(row)).content.decode()
    assert 'value="Payments fail"' in client.get(raising).content.decode()
    client.post(raising, {"title": "Pay safely", "description": ""})
    topic = Topic.objects.get()
    assert (topic.origin_kind, topic.origin_id) == ("incident", row.pk)
    thread = reverse("web:thread-show", args=("incident", row.pk))
    assert "Pay safely" in client.get(thread, headers={"HX-Request": "true"}).content.decode()
    assert (
        f'href="{show(row)}"' in client.get(reverse("roadmap:topic-show", args=[topic.pk])).content.decode()
    )
    client.post(
        reverse("discovery:pain-point-create") + query, {"title": "Payments fail too often", "severity": "2"}
    )
    assert (Evidence.objects.get().kind, Evidence.objects.get().object_id) == ("incident", row.pk)


def test_files_are_brought_in_and_faults_said_with_their_place(client: Client, ines: User) -> None:
    client.force_login(ines)
    table = "id,title,date,severity\n1,Down,2026-10-01 09:00,major\n2,Odd,2026-10-02,enormous\n"

    def bring() -> str:
        upload = SimpleUploadedFile("incidents.csv", table.encode())
        sent = client.post(reverse("evidence:incident-upload"), {"uploads": upload, "source": "Tool"})
        return sent.content.decode()

    page = bring()
    assert "<b>1</b> new" in page
    assert "incidents.csv:3" in page
    assert "“enormous” is not one of" in page
    assert "<b>1</b> known already" in bring()
    assert Incident.objects.count() == 1


def test_the_process_page_says_first_what_the_change_did(client: Client, ines: User) -> None:
    client.force_login(ines)
    for number in range(8):
        incident(ines, f"Slow {number}", days=200 - number, hours=12)
        incident(ines, f"Quick {number}", days=60 - number, hours=1)
    day = world.TODAY - dt.timedelta(days=100)
    sent = client.post(
        reverse("evidence:rework-create"), {"title": "One voice", "starts_on": day.isoformat()}
    )
    assert sent.status_code == 302
    # The change that was noted is the one that is compared, even where a later one is known.
    assert sent["Location"].endswith(f"?since={day.isoformat()}")
    page = client.get(reverse("evidence:incident-process")).content.decode()
    assert "Since “One voice”" in page
    assert "Users are served again after 60 min instead of 12 h: 12.0 times as fast" in page
    chosen = client.get(reverse("evidence:incident-process") + "?since=2020-01-01&weight=nonsense")
    assert "nothing can be compared" in chosen.content.decode()
    client.post(reverse("evidence:rework-removal", args=[ProcessRework.objects.get().pk]))
    assert not ProcessRework.objects.exists()


def test_what_moved_stands_before_what_did_not(client: Client, ines: User) -> None:
    client.force_login(ines)
    for number in range(8):
        for ago, minutes in ((200, 300), (60, 24)):
            began = world.NOW - dt.timedelta(days=ago - number)
            values = IncidentValues(
                title=f"Down {ago} {number}", started_at=began, language="en", resolved_at=began + (6 + number) * HOUR,
                told_at=began + dt.timedelta(minutes=minutes),
            )  # fmt: skip
            record_incident(actor=ines, values=values, now=world.NOW)
    day = world.TODAY - dt.timedelta(days=100)
    page = client.get(reverse("evidence:incident-process") + f"?since={day.isoformat()}").content.decode()
    first, second = page.index("The field is told after 24 min instead of 5 h"), page.index("may be chance")
    assert first < second


def test_pages_ask_few_questions_with_many_incidents(
    client: Client, ines: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    owner = person("Sam")
    for number in range(60):
        row = incident(ines, f"Outage {number}", days=3 * number + 1)
        add_follow_up(actor=ines, incident=row, title="Mend", owner=owner, due_on=world.TODAY, now=world.NOW)
    client.force_login(ines)
    for url in (reverse("evidence:incident-list"), reverse("evidence:incident-process"), show(row)):
        client.get(url)
        with django_assert_max_num_queries(12):
            answer = client.get(url)
        assert len(answer.content) < 150_000
    file = b"".join(client.get(reverse("evidence:incident-list") + "?format=csv").streaming_content)  # type: ignore[attr-defined]
    assert file.count(b"Outage") == 60
