"""Tools read releases with the eyes of their token's owner, and tell many at once: twice without effect."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.org.company import area, person, unit
from tests.releases.made import champion, planned, tier
from tests.web.test_api import caller, post
from vertebra.accounts.audit.undoing import undo
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SearchEntry, User
from vertebra.learning.models import Lesson, LessonText, LessonVersion
from vertebra.org.models import Mandate, Market, Membership
from vertebra.releases.actions import states
from vertebra.releases.actions.audiences import create_audience
from vertebra.releases.actions.briefs import move_brief, write_brief
from vertebra.releases.actions.releases import archive_release, change_release
from vertebra.releases.models import (
    Announcement,
    Brief,
    Consultation,
    ConsultationAnswer,
    ConsultationAsk,
    Release,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW, TODAY = world.NOW, world.TODAY
SOON = TODAY + dt.timedelta(days=7)


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def tool(ines: User) -> Client:
    return caller(ines, "read", "write", "import")


@pytest.fixture
def reader() -> Client:
    return caller(world.english(world.lea()), "read", "write", "import")


def read(client: Client, path: str, **asked: Any) -> Any:
    answer = client.get(f"/api/v1{path}", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def titles(client: Client, **asked: Any) -> list[str]:
    return [one["title"] for one in read(client, "/releases", **asked)["items"]]


def told(at: int = 1, **values: Any) -> dict[str, Any]:
    return {"external_id": f"R-{at}", "version": f"1.{at}", "title": f"Release {at}", **values}


def tell(client: Client, *rows: dict[str, Any], **options: Any) -> Any:
    return post(client, "/bulk/releases", {"source": "Tracker", "releases": list(rows), **options})


class TestReleases:
    def test_a_reader_reads_them_with_markets_audiences_and_moves(self, ines: User, reader: Client) -> None:
        spain = Market.objects.create(name="Spain", code="ES", created_at=NOW)
        everyone = create_audience(actor=ines, name="All", rules={"any": [{}]}, now=NOW)
        row = planned(ines, "Refunds", body="# Whole", planned_on=SOON, markets=[spain], audiences=[everyone])
        later = SOON + dt.timedelta(days=1)
        states.move_release(actor=ines, release=row, planned_on=later, why="Late", now=NOW)
        [one] = read(reader, "/releases")["items"]
        assert (one["title"], one["state"], one["tier"]) == ("Refunds", "planned", row.tier.slug)
        assert (one["markets"], one["audiences"]) == ([spain.pk], [everyone.pk])
        assert "body" not in one
        whole = read(reader, f"/releases/{row.pk}")
        assert whole["body"] == "# Whole"
        assert [(move["was_on"], move["now_on"], move["why"]) for move in whole["moves"]] == [
            (SOON.isoformat(), later.isoformat(), "Late")
        ]
        archive_release(actor=ines, release=row, now=NOW)
        assert titles(reader) == []
        assert read(reader, f"/releases/{row.pk}")["title"] == "Refunds"

    def test_they_are_narrowed_as_on_their_page(self, ines: User, reader: Client) -> None:
        shop, spain = area("Shop"), Market.objects.create(name="Spain", code="ES", created_at=NOW)
        planned(ines, "Carts", area=area("Carts", shop), markets=[spain])
        planned(ines, "Boats", tier=tier("major"), planned_on=SOON)
        states.release_it(actor=ines, release=planned(ines, "Out", version="2.7"), now=NOW)
        assert titles(reader, area=shop.pk) == ["Carts"]
        assert titles(reader, market=spain.pk) == ["Carts", "Boats", "Out"]
        assert titles(reader, state="coming") == ["Carts", "Boats"]
        assert titles(reader, state="released") == ["Out"]
        assert titles(reader, tier="major") == ["Boats"]
        assert titles(reader, q="2.7") == ["Out"]
        assert titles(reader, audience=10**9) == titles(reader, lead=10**9) == []
        assert reader.get("/api/v1/releases", {"nothing": "1"}).status_code == 422
        refused = reader.get("/api/v1/releases", {"state": "nowhere"})
        assert refused.status_code == 422
        assert {one["field"] for one in refused.json()["errors"]} == {"state"}
        assert reader.get("/api/v1/releases/999999").status_code == 404

    def test_a_page_costs_few_questions(
        self, ines: User, reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for at in range(12):
            planned(ines, f"Release {at}")
        with django_assert_max_num_queries(8):
            assert len(read(reader, "/releases", limit=10)["items"]) == 10


class TestBriefs:
    def test_they_are_read_trade_by_trade(self, ines: User, reader: Client) -> None:
        row = planned(ines, "Refunds", tier=tier("major"), planned_on=SOON)
        brief = row.briefs.get(trade="sales", language="fr")
        write_brief(actor=ines, brief=brief, line="Vendez", body="**Ainsi**", now=NOW)
        found = read(reader, "/briefs", release=row.pk, trade="sales", language="fr")["items"]
        assert [(one["line"], one["state"], one["version"]) for one in found] == [("Vendez", "draft", 2)]
        assert read(reader, f"/briefs/{brief.pk}")["body"] == "**Ainsi**"
        assert reader.get("/api/v1/briefs", {"trade": "sailors"}).status_code == 422


class TestAudiences:
    def test_their_rules_are_read_and_how_many_they_reach_unless_few(
        self, ines: User, reader: Client
    ) -> None:
        team = unit("Team")
        for at in range(4):
            person(f"Seller {at}", team, "sales")
        sellers = create_audience(
            actor=ines, name="Sellers", rules={"any": [{"functions": ["sales"]}]}, now=NOW
        )
        [one] = read(reader, "/audiences")["items"]
        assert one["rules"] == {"any": [{"functions": ["sales"]}], "except": []}
        assert one["words"] == ["Sales"]
        assert "reached" not in one
        assert read(reader, f"/audiences/{sellers.pk}")["reached"] is None
        person("Seller 5", team, "sales")
        assert read(reader, f"/audiences/{sellers.pk}")["reached"] == 5
        Membership.objects.update(function="support")
        assert read(reader, f"/audiences/{sellers.pk}")["reached"] == 0


class TestAnnouncements:
    def test_their_state_is_read_and_how_many_they_go_to_unless_few(self, ines: User, reader: Client) -> None:
        everyone = create_audience(actor=ines, name="All", rules={"any": [{}]}, now=NOW)
        row = planned(ines, "Refunds")
        made = Announcement.objects.create(
            release=row, audience=everyone, channels=["mail"], versions={"sales/fr": 2}, due_at=NOW, people=4,
            made_by=ines, created_at=NOW,
        )  # fmt: skip
        [one] = read(reader, "/announcements", release=row.pk, state="planned")["items"]
        assert (one["people"], one["channels"], one["versions"]) == (None, ["mail"], {"sales/fr": 2})
        Announcement.objects.update(people=1200, state="sending", started_at=NOW)
        one = read(reader, f"/announcements/{made.pk}")
        assert (one["people"], one["state"]) == (1200, "sending")


class TestConsultations:
    def test_what_became_of_them_is_read_without_who_said_what(
        self, ines: User, tool: Client, reader: Client
    ) -> None:
        shop = area("Shop")
        row = Consultation.objects.create(
            title="New carts", language="en", area=shop, due_on=SOON, created_at=NOW, closed_at=NOW,
            outcome="We wait.", made_by=ines,
        )  # fmt: skip
        for at in range(2):
            someone = champion(f"Bo {at}", "sales", area=shop)
            ask = ConsultationAsk.objects.create(
                consultation=row, mandate=Mandate.objects.get(person=someone), person=someone,
                digest=f"{at}", asked_at=NOW, expires_at=NOW, state="waiting" if at else "answered",
            )  # fmt: skip
            if not at:
                ConsultationAnswer.objects.create(
                    ask=ask, impact="high", words="Hidden", language="en", minutes=7, answered_at=NOW
                )
        for client, told in ((tool, (2, 1)), (reader, (None, None))):
            [one] = read(client, "/consultations", area=shop.pk, state="closed")["items"]
            assert (one["outcome"], one["asked"], one["answered"]) == ("We wait.", *told)
        assert "Hidden" not in str(read(reader, f"/consultations/{row.pk}"))
        assert read(reader, "/consultations", state="open")["items"] == []

    def test_their_state_is_that_of_their_page(self, ines: User, reader: Client) -> None:
        release = planned(ines, "Carts")
        for title, given in (("Open", {}), ("Late", {"due_on": TODAY - dt.timedelta(days=1)})):
            Consultation.objects.create(
                **{
                    "title": title,
                    "language": "en",
                    "due_on": SOON,
                    "created_at": NOW,
                    "release": release,
                    **given,
                }
            )
        told = {one["title"]: one["state"] for one in read(reader, "/consultations")["items"]}
        assert told == {"Open": "open", "Late": "due"}
        states.withdraw_release(actor=ines, release=release, reason="It leaks.", now=NOW)
        assert read(reader, "/consultations", state="open")["items"] == []
        [first, second] = read(reader, "/consultations", state="due")["items"]
        assert read(reader, f"/consultations/{first['id']}")["state"] == second["state"] == "due"


class TestLessons:
    def test_what_holds_is_read_and_not_which_answer_is_right(self, ines: User, reader: Client) -> None:
        row = planned(ines, "Refunds")
        lesson = Lesson.objects.create(
            title="Refund in one click", language="en", release=row, created_at=NOW, changed_at=NOW
        )
        assert read(reader, f"/lessons/{lesson.pk}")["texts"] == []
        version = LessonVersion.objects.create(lesson=lesson, created_at=NOW, published_at=NOW)
        LessonText.objects.create(
            version=version, language="en", title="Refunds", body="Click.", question="How?",
            choices=["So", "Not so"], right=1, explanation="Because", changed_at=NOW,
        )  # fmt: skip
        [one] = read(reader, "/lessons", release=row.pk, standing="current")["items"]
        assert one["standing"] == "current"
        whole = read(reader, f"/lessons/{lesson.pk}")
        assert whole["version"] == 1
        assert whole["texts"][0]["choices"] == ["So", "Not so"]
        assert "Because" not in str(whole) and "right" not in whole["texts"][0]
        assert read(reader, "/lessons", standing="draft")["items"] == []


class TestTellingReleases:
    def test_what_a_tool_tells_twice_is_there_once(self, tool: Client) -> None:
        team, shop = unit("Payments"), area("Shop")
        rows = [
            told(1, on=SOON.isoformat(), areas=["Shop"], teams=["Payments", "Nobody"]),
            told(2, state="released", on=TODAY.isoformat(), body="## Fixed\n\n- A cart\n"),
        ]
        first = tell(tool, *rows)
        assert first.status_code == 200, first.content
        assert first.json()["counts"]["release"]["created"] == 2
        assert [one["text"] for one in first.json()["unknown"]] == ["Nobody"]
        assert tell(tool, *rows).json()["entry"] is None
        one, two = Release.objects.order_by("external_id")
        assert (one.planned_on, one.area_id, one.state) == (SOON, shop.pk, "planned")
        assert one.audiences.get().audience.rules["any"] == [{"units": [team.pk]}]
        assert (two.released_on, two.state) == (TODAY, "released")
        assert two.briefs.get(trade="support").body.startswith("## Fixed")
        assert titles(tool, q="Release 2") == ["Release 2"]

    def test_what_a_hand_changed_stays_until_the_tool_tells_otherwise(self, tool: Client, ines: User) -> None:
        tell(tool, told())
        change_release(actor=ines, release=Release.objects.get(), changes={"title": "Better"}, now=NOW)
        assert tell(tool, told()).json()["entry"] is None
        assert titles(tool) == ["Better"]
        tell(tool, told(title="Otherwise"))
        assert titles(tool) == ["Otherwise"]

    def test_a_dry_run_writes_nothing(self, tool: Client) -> None:
        assert tell(tool, told(), dry_run=True).json()["counts"]["release"]["created"] == 1
        assert not Release.objects.exists()

    def test_the_same_request_with_the_same_key_is_carried_out_once(self, tool: Client) -> None:
        body = {"source": "Tracker", "releases": [told()]}
        sent = [
            tool.post(
                "/api/v1/bulk/releases", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
            )
            for _time in range(2)
        ]  # fmt: skip
        assert sent[0].content == sent[1].content and sent[1]["Idempotency-Replayed"] == "true"
        assert AuditEntry.objects.filter(verb="import").count() == 1

    @pytest.mark.parametrize(
        "row",
        [
            {"external_id": "", "version": "1"},
            {"external_id": "R", "version": " "},
            {"external_id": "R", "version": "1", "on": "2026-02-30"},
            {"external_id": "R", "version": "1", "state": "checking"},
            {"external_id": "R", "version": "1", "web_address": "javascript:alert(1)"},
            {"external_id": "R\x00", "version": "1"},
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_written(self, tool: Client, row: Any) -> None:
        assert tell(tool, told(), row).status_code == 422
        assert not Release.objects.exists()

    @pytest.mark.parametrize("path", ["releases", "briefs"])
    def test_a_reader_tells_nothing(self, reader: Client, path: str) -> None:
        assert post(reader, f"/bulk/{path}", {"source": "Tracker", path: []}).status_code == 403


class TestTellingBriefs:
    def tell(self, client: Client, *rows: dict[str, Any]) -> Any:
        given = [{"trade": "sales", "language": "fr", "line": "Vendez", **row} for row in rows]
        return post(client, "/bulk/briefs", {"source": "Tracker", "briefs": given})

    def test_they_are_written_once_and_checked_again(self, tool: Client, ines: User) -> None:
        tell(tool, told())
        own = planned(ines, "Refunds", tier=tier("major"), planned_on=SOON)
        rows: list[dict[str, Any]] = [{"release": "R-1", "body": "Un"}, {"release": own.pk, "body": "Deux"}]
        assert self.tell(tool, *rows).json() | {"entry": 0} == {
            "created": 1,
            "changed": 1,
            "unchanged": 0,
            "entry": 0,
        }
        assert self.tell(tool, *rows).json()["entry"] is None
        brief = own.briefs.get(trade="sales", language="fr")
        assert (brief.body, brief.state, brief.version) == ("Deux", "draft", 2)
        move_brief(actor=ines, brief=brief, state="ready", person=None, now=NOW)
        answer = self.tell(tool, {"release": own.pk, "body": "Trois"}).json()
        brief.refresh_from_db()
        assert (brief.state, brief.ready_at) == ("to_check", None)
        assert SearchEntry.objects.filter(kind=Kind.BRIEF).count() == 2
        undo(actor=ines, entry=AuditEntry.objects.get(pk=answer["entry"]), now=NOW)
        brief.refresh_from_db()
        assert (brief.body, brief.state) == ("Deux", "ready")

    def test_what_names_nothing_or_is_withdrawn_is_refused_whole(self, tool: Client, ines: User) -> None:
        row = planned(ines, "Refunds")
        states.withdraw_release(actor=ines, release=row, reason="No", now=NOW)
        answer = self.tell(tool, {"release": row.pk, "body": "x"}, {"release": "R-9", "body": "x"})
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["briefs.0.release", "briefs.1.release"]
        assert not Brief.objects.exists()
