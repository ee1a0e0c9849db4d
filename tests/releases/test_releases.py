"""Releases: noted by their title, moved, checked, out, withdrawn; what tiers require; freezes."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import world
from tests.org.company import area, person, unit
from tests.releases.made import champion, major, planned, tier
from tests.roadmap.undertaken import browser, undertaken
from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, Link, User
from vertebra.accounts.search import search
from vertebra.org.models import Market
from vertebra.releases.actions import briefs, gates, releases, states
from vertebra.releases.actions.checks import NoChoice, set_check
from vertebra.releases.actions.tiers import change_tier
from vertebra.releases.models import Announcement, Audience, Brief, FreezeWindow, GoDecision, Release
from vertebra.releases.queries.requirements import held_by, missing, requirements

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


def later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def left(row: Release) -> list[str]:
    row = Release.objects.select_related("tier").get(pk=row.pk)
    return [f"{one.code}:{one.of}" for one in missing(requirements(row, held_by(row)))]


def make_ready(karim: User, row: Release) -> None:
    """Everything that the major tier asks for."""
    for brief in row.briefs.all():
        briefs.write_brief(actor=karim, brief=brief, line="One line.", body="A text.", now=NOW)
        briefs.move_brief(actor=karim, brief=brief, state="ready", person=None, now=NOW)
    for part in row.tier.validations:
        gates.validate_release(actor=karim, release=row, part=part, is_agreed=True, person=None, now=NOW)
    for function in row.tier.readiness:
        gates.say_ready(actor=karim, release=row, function=function, state="ready", person=None, now=NOW)


class TestMinor:
    def test_a_title_is_enough_and_it_comes_out_by_one_button(self, karim: User) -> None:
        client = browser(karim)
        assert (
            client.post(reverse("releases:release-note"), {"title": " A  new   button "}).status_code == 302
        )
        row = Release.objects.get()
        assert (row.title, row.tier.slug, row.state) == ("A new button", "minor", "planned")
        assert not row.briefs.exists()
        client.post(reverse("releases:release-released", args=(row.pk,)))
        row.refresh_from_db()
        assert (row.state, row.released_on) == ("released", TODAY)

    def test_nothing_is_noted_without_a_title(self, karim: User) -> None:
        with pytest.raises(releases.NoTitle):
            planned(karim, "   ")
        assert not Release.objects.exists()

    def test_search_finds_it_until_it_is_archived(self, karim: User) -> None:
        row = planned(karim, "Refunds in one click", body="No more phone calls.")
        assert [one.object_id for one in search(karim, "phone")] == [row.pk]
        entry = releases.archive_release(actor=karim, release=row, now=NOW)
        assert search(karim, "phone") == []
        audit.undo(actor=karim, entry=entry, now=NOW)
        assert [one.object_id for one in search(karim, "phone")] == [row.pk]


class TestMajor:
    def test_its_briefs_are_prefilled_for_each_trade_and_language_and_proposed_to_champions(
        self, karim: User
    ) -> None:
        payments = area("Payments")
        card = area("Cards", payments)
        sam = champion("Sam Sales", "sales", area=payments)
        near = champion("Nina Near", "support", area=card)
        champion("Far Away", "support", area=payments)
        row = major(karim, area=card, summary="Pay in the app.", body="Customers pay in the app.")
        held = {(brief.trade, brief.language): brief for brief in row.briefs.all()}
        assert len(held) == 10
        assert held["sales", "en"].owner == sam
        assert held["support", "fr"].owner == near
        assert held["marketing", "en"].owner is None
        assert held["sales", "en"].line == "Pay in the app."
        assert held["sales", "en"].body.startswith("Customers pay in the app.\n\n## ")
        assert held["sales", "fr"].line == "" and "Customers" not in held["sales", "fr"].body
        assert held["everyone", "en"].due_on == later(23)

    def test_an_untouched_brief_follows_the_source_and_a_written_one_does_not(self, karim: User) -> None:
        row = major(karim, body="Before.")
        written = row.briefs.get(trade="sales", language="en")
        briefs.write_brief(actor=karim, brief=written, line="Mine.", body="My words.", now=NOW)
        releases.change_release(actor=karim, release=row, changes={"body": "After."}, now=NOW)
        assert row.briefs.get(trade="everyone", language="en").body == "After."
        assert row.briefs.get(trade="sales", language="en").body == "My words."

    def test_it_comes_out_once_everything_is_there(self, karim: User) -> None:
        row = major(karim)
        assert len(left(row)) == 10 + 3 + 3 + 4 + 1
        with pytest.raises(states.NotReady, match="21 things"):
            states.release_it(actor=karim, release=row, now=NOW)
        make_ready(karim, row)
        assert left(row) == ["audience:", "lesson:", "check:", "go:"]
        gates.decide_go(
            actor=karim, release=row, verdict="no_go", why="Support asks for a week.", person=None, now=NOW
        )
        assert "go:" in left(row)
        gates.decide_go(actor=karim, release=row, verdict="go", person=None, now=NOW)
        assert left(row) == ["audience:", "lesson:", "check:"]
        assert row.go_decisions.first().known["missing"] == ["audience:", "lesson:", "check:"]  # type: ignore[union-attr]

    def test_without_what_is_required_it_needs_a_reason_which_stays(self, karim: User) -> None:
        row = major(karim)
        states.release_it(actor=karim, release=row, why="The law says today.", now=NOW)
        decision = GoDecision.objects.get()
        assert decision.why == "The law says today."
        assert len(decision.known["missing"]) == 21

    def test_who_is_not_ready_says_what_is_missing_and_the_word_before_stays(self, karim: User) -> None:
        row = major(karim)
        with pytest.raises(gates.NoReason):
            gates.say_ready(
                actor=karim, release=row, function="sales", state="not_ready", person=None, now=NOW
            )
        gates.say_ready(
            actor=karim,
            release=row,
            function="sales",
            state="not_ready",
            note="Prices.",
            person=None,
            now=NOW,
        )
        assert "readiness:sales" in left(row)
        gates.say_ready(
            actor=karim, release=row, function="sales", state="with_risks", note="Few.", person=None, now=NOW
        )
        assert "readiness:sales" not in left(row)
        assert row.readiness.count() == 2

    def test_a_tier_says_what_is_required_from_now_on(self, karim: User) -> None:
        row = planned(karim, tier=tier("standard"))
        assert "brief:support/en" in left(row)
        change_tier(actor=karim, tier=row.tier, changes={"trades": [], "validations": []}, now=NOW)
        assert left(row) == []


class TestCheck:
    def test_a_question_has_one_right_answer_and_asked_anew_counts_from_nothing(self, karim: User) -> None:
        row = major(karim)
        given: dict[str, Any] = {"actor": karim, "release": row, "language": "en", "now": NOW}
        with pytest.raises(NoChoice):
            set_check(question="Where?", right="In the app", wrong=["In the app"], **given)
        set_check(
            question="Where?", right="In the app", wrong=["By post", " ", "By post", "At the desk"], **given
        )
        held = row.check_questions.get()
        assert (held.choices, held.right) == (["At the desk", "By post", "In the app"], 2)
        assert "check:" not in left(row)
        held.counts.create(choice=2, count=9)
        set_check(question="Where then?", right="In the app", wrong=["By post"], **given)
        assert held.counts.get().count == 9 and not row.check_questions.get(replaced_at=None).counts.exists()


class TestDays:
    def test_a_day_moves_with_its_briefs_and_what_it_was_stays_readable(self, karim: User) -> None:
        row = major(karim, planned_on=later(30))
        states.move_release(actor=karim, release=row, planned_on=later(40), why="One test fails.", now=NOW)
        move = row.moves.get()
        assert (move.was_on, move.now_on, move.why) == (later(30), later(40), "One test fails.")
        assert set(row.briefs.values_list("due_on", flat=True)) == {later(33)}

    def test_nothing_is_planned_in_the_past(self, karim: User) -> None:
        with pytest.raises(releases.PlannedInThePast):
            planned(karim, planned_on=later(-1))
        row = planned(karim)
        with pytest.raises(releases.PlannedInThePast):
            states.move_release(actor=karim, release=row, planned_on=later(-1), now=NOW)
        with pytest.raises(states.NotYet):
            states.release_it(actor=karim, release=row, on=later(1), now=NOW)

    def test_a_freeze_holds_on_its_last_day_and_a_reason_passes_it(self, karim: User) -> None:
        gates.add_freeze(actor=karim, title="Sales", from_on=later(5), until_on=later(9), now=NOW)
        row = planned(karim)
        for day in (later(5), later(9)):
            with pytest.raises(states.Frozen, match="Sales"):
                states.move_release(actor=karim, release=row, planned_on=day, now=NOW)
        states.move_release(actor=karim, release=row, planned_on=later(10), now=NOW)
        states.move_release(actor=karim, release=row, planned_on=later(9), why="A hole to close.", now=NOW)
        row.refresh_from_db()
        assert row.planned_on == later(9)

    def test_a_freeze_of_one_area_leaves_the_others_alone(self, karim: User) -> None:
        payments, other = area("Payments"), area("Search")
        gates.add_freeze(actor=karim, title="Audit", from_on=TODAY, until_on=TODAY, area=payments, now=NOW)
        states.release_it(actor=karim, release=planned(karim, area=other), now=NOW)
        with pytest.raises(states.Frozen):
            states.release_it(actor=karim, release=planned(karim, area=area("Cards", payments)), now=NOW)
        gates.lift_freeze(actor=karim, freeze=FreezeWindow.objects.get(), now=NOW)
        states.release_it(actor=karim, release=planned(karim, area=payments), now=NOW)

    def test_a_freeze_of_a_market_holds_for_what_comes_out_everywhere(self, karim: User) -> None:
        spain = Market.objects.create(name="Spain", created_at=NOW)
        italy = Market.objects.create(name="Italy", created_at=NOW)
        gates.add_freeze(actor=karim, title="Feria", from_on=TODAY, until_on=TODAY, market=spain, now=NOW)
        states.release_it(actor=karim, release=planned(karim, markets=[italy]), now=NOW)
        for markets in ([spain], []):
            with pytest.raises(states.Frozen):
                states.release_it(actor=karim, release=planned(karim, markets=markets), now=NOW)


class TestKnownDay:
    def test_the_day_of_what_is_out_may_be_told_later_but_is_no_day_to_come(self, karim: User) -> None:
        row = planned(karim)
        states.release_it(actor=karim, release=row, now=NOW)
        releases.change_release(actor=karim, release=row, changes={"released_on": later(-9)}, now=NOW)
        row.refresh_from_db()
        assert row.released_on == later(-9)
        with pytest.raises(releases.StillToCome):
            releases.change_release(actor=karim, release=row, changes={"released_on": later(1)}, now=NOW)


class TestWithdrawal:
    def test_what_is_being_sent_stops_and_the_reason_stays(self, karim: User) -> None:
        row = planned(karim)
        everybody = Audience.objects.create(name="All", rules={"any": [{}]}, created_at=NOW, changed_at=NOW)
        sending, sent = (
            Announcement.objects.create(
                release=row, audience=everybody, state=state, due_at=NOW, created_at=NOW
            )
            for state in ("sending", "sent")
        )
        with pytest.raises(states.NoReason):
            states.withdraw_release(actor=karim, release=row, reason=" ", now=NOW)
        states.withdraw_release(actor=karim, release=row, reason="It loses orders.", now=NOW)
        for one in (sending, sent, row):
            one.refresh_from_db()
        assert (sending.state, sent.state, row.state) == ("stopped", "sent", "withdrawn")
        with pytest.raises(states.NotThatState):
            states.release_it(actor=karim, release=row, now=NOW)

    def test_no_row_is_withdrawn_without_a_reason_nor_out_without_a_day(self, karim: User) -> None:
        row = planned(karim)
        for wrong in (
            {"state": "withdrawn", "withdrawn_at": NOW},
            {"state": "released", "released_on": TODAY},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Release.objects.filter(pk=row.pk).update(**wrong)


class TestThread:
    def test_it_carries_out_an_initiative_and_lets_go_of_it(self, karim: User) -> None:
        row, initiative = planned(karim), undertaken(karim)
        end = ("initiative", initiative.pk)
        releases.tie_release(actor=karim, release=row, other=end, now=NOW)
        assert Link.objects.get(from_kind="release").relation == "carries_out"
        with pytest.raises(NothingChanges):
            releases.tie_release(actor=karim, release=row, other=end, now=NOW)
        releases.untie_release(actor=karim, release=row, other=end, now=NOW)
        assert Link.objects.get(from_kind="release").ended_at == NOW
        with pytest.raises(releases.NotThatKind):
            releases.tie_release(actor=karim, release=row, other=("unit", unit("Team").pk), now=NOW)


class TestBriefs:
    def test_a_ready_brief_that_is_written_again_is_checked_again(self, karim: User) -> None:
        row = major(karim)
        brief = row.briefs.get(trade="sales", language="en")
        with pytest.raises(briefs.NothingWritten):
            briefs.move_brief(
                actor=karim,
                brief=row.briefs.get(trade="sales", language="fr"),
                state="ready",
                person=None,
                now=NOW,
            )
        briefs.move_brief(actor=karim, brief=brief, state="ready", person=None, now=NOW)
        briefs.write_brief(actor=karim, brief=brief, line="New.", body="New.", now=NOW)
        brief.refresh_from_db()
        assert (brief.state, brief.ready_at, brief.version) == ("to_check", None, 2)

    def test_two_who_write_at_once_do_not_lose_each_other(self, karim: User) -> None:
        brief = major(karim).briefs.get(trade="sales", language="en")
        briefs.write_brief(actor=karim, brief=brief, line="First.", body="First.", version=1, now=NOW)
        with pytest.raises(briefs.Overtaken):
            briefs.write_brief(actor=karim, brief=brief, line="Second.", body="Second.", version=1, now=NOW)

    def test_ten_megabytes_are_refused(self, karim: User) -> None:
        brief = major(karim).briefs.get(trade="sales", language="en")
        with pytest.raises(briefs.TooLong):
            briefs.write_brief(actor=karim, brief=brief, line="x", body="x" * 10_000_000, now=NOW)

    def test_who_asked_a_question_is_not_in_the_audit(self, karim: User) -> None:
        row = planned(karim)
        asker = person("Lea Roux")
        briefs.ask_question(
            actor=karim, release=row, question="Also in Spain?", language="en", person=asker, now=NOW
        )
        entry = AuditEntry.objects.latest("pk")
        assert (entry.verb, entry.actor) == ("ask", None)
        assert not entry.rows.filter(model="releases.briefquestion").exists()
        briefs.answer_question(
            actor=karim, question=row.questions.get(), answer="From May on.", person=None, now=NOW
        )
        assert row.questions.get().answer == "From May on."

    def test_a_brief_of_a_withdrawn_release_stays_as_it_was(self, karim: User) -> None:
        row = major(karim)
        states.withdraw_release(actor=karim, release=row, reason="Broken.", now=NOW)
        with pytest.raises(Refusal):
            briefs.write_brief(actor=karim, brief=Brief.objects.all()[0], line="x", body="y", now=NOW)
