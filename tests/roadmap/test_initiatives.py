"""Initiatives: created in a minute, started with a baseline or a reason, ended with a result or a reason."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org.company import person, unit
from tests.roadmap.undertaken import WHY, later, started, undertaken
from vertebra.accounts.audit import NothingChanges, Refusal, undo
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, Link, SearchEntry, User, Watch
from vertebra.discovery.actions.pain_states import confirm_pain_points
from vertebra.discovery.actions.quick_wins import propose_quick_win
from vertebra.discovery.labels import Moment
from vertebra.discovery.models import QuickWin, ReAsk
from vertebra.org.models import Market
from vertebra.roadmap.actions import initiatives as actions
from vertebra.roadmap.actions import particulars, placing, states
from vertebra.roadmap.actions.proposals import undertake_quick_win
from vertebra.roadmap.models import Initiative, KeyResult, Objective, Revision, Risk
from vertebra.roadmap.queries.standing import Standing, end_of, revisions_on
from vertebra.sources.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.ines()


def objective() -> Objective:
    return Objective.objects.create(
        title="Sales know first", language="en", starts_on=dt.date(2026, 10, 1), ends_on=dt.date(2027, 1, 1),
        created_at=world.NOW,
    )  # fmt: skip


def measured(row: Initiative) -> KeyResult:
    """A key result whose baseline was noted."""
    return KeyResult.objects.create(
        initiative=row, measured_by="hand", name="Late announcements", baseline=7, baseline_on=world.TODAY,
        target=1, fixed_at=world.NOW,
    )  # fmt: skip


def test_a_title_is_enough_and_what_it_serves_is_tied(ines: User) -> None:
    aim = objective()
    row = undertaken(ines, "  Say   releases early ", objective=aim)
    assert (row.title, row.state) == ("Say releases early", "idea")
    tie = Link.objects.get(from_kind=Kind.INITIATIVE, from_id=row.pk)
    assert (tie.relation, tie.to_id) == (Relation.SERVES, aim.pk)
    assert Watch.objects.filter(user=ines, kind=Kind.INITIATIVE, object_id=row.pk).exists()
    assert SearchEntry.objects.filter(kind=Kind.INITIATIVE, object_id=row.pk).exists()
    actions.change_initiative(actor=ines, initiative=row, changes={"objective": None}, now=later(1))
    tie.refresh_from_db()
    assert tie.ended_at is not None


def test_what_cannot_be_is_refused_and_changes_nothing(ines: User) -> None:
    row = undertaken(ines)
    wrong: list[dict[str, Any]] = [
        {"title": "  "},
        {"kind": "quick_win", "effort_days": 6},
        {"starts_on": dt.date(2026, 12, 1), "due_on": dt.date(2026, 11, 1)},
        {"parent": row},
    ]
    for changes in wrong:
        with pytest.raises(Refusal):
            actions.change_initiative(actor=ines, initiative=row, changes=changes, now=world.NOW)
    child = undertaken(ines, "A part of it", parent=row)
    with pytest.raises(actions.GoesInCircles):
        actions.change_initiative(actor=ines, initiative=row, changes={"parent": child}, now=world.NOW)
    with pytest.raises(NothingChanges):
        actions.change_initiative(actor=ines, initiative=row, changes={"title": row.title}, now=world.NOW)
    row.refresh_from_db()
    assert (row.kind, row.parent, row.due_on) == ("operating_model", None, None)


def test_nothing_starts_without_a_baseline_or_a_reason_that_is_signed(ines: User) -> None:
    row = undertaken(ines)
    with pytest.raises(states.NoBaseline):
        states.start_initiative(actor=ines, initiative=row, reason="  ", now=world.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=row.pk).update(started_at=world.NOW)
    states.start_initiative(actor=ines, initiative=row, reason=WHY, now=world.NOW)
    row.refresh_from_db()
    assert (row.state, row.no_baseline_reason, row.no_baseline_by) == ("started", WHY, ines)
    other = undertaken(ines, "Measured")
    measured(other)
    states.start_initiative(actor=ines, initiative=other, now=world.NOW)
    other.refresh_from_db()
    assert (other.baseline_at, other.no_baseline_reason, other.horizon) == (world.NOW, "", "now")
    with pytest.raises(states.NotThatState):
        states.start_initiative(actor=ines, initiative=other, now=world.NOW)


def test_what_was_archived_stays_out_of_the_roadmap_and_of_search(ines: User) -> None:
    row = undertaken(ines)
    actions.archive_initiative(actor=ines, initiative=row, now=later(1))
    actions.change_initiative(actor=ines, initiative=row, changes={"title": "Said from afar"}, now=later(2))
    assert not SearchEntry.objects.filter(kind=Kind.INITIATIVE, object_id=row.pk).exists()
    assert not Revision.objects.filter(initiative=row, until_at=None).exists()
    actions.restore_initiative(actor=ines, initiative=row, now=later(3))
    assert SearchEntry.objects.filter(kind=Kind.INITIATIVE, object_id=row.pk, title="Said from afar").exists()
    assert Revision.objects.get(initiative=row, until_at=None).title == "Said from afar"


def test_nothing_ends_without_a_result_or_the_reason_why_not(ines: User) -> None:
    row = started(ines)
    with pytest.raises(states.NotMeasured):
        states.close_initiative(actor=ines, initiative=row, outcome="achieved", now=world.NOW)
    with pytest.raises(states.NoOutcome):
        states.close_initiative(actor=ines, initiative=row, outcome="great", reason="x", now=world.NOW)
    result = measured(row)
    KeyResult.objects.filter(pk=result.pk).update(after=2, after_on=world.TODAY)
    states.deliver_initiative(actor=ines, initiative=row, now=later(5))
    states.close_initiative(actor=ines, initiative=row, outcome="achieved", lesson="Ask first.", now=later(9))
    row.refresh_from_db()
    assert (row.state, row.outcome, row.delivered_at) == ("closed", "achieved", later(5))
    states.reopen_initiative(actor=ines, initiative=row, now=later(10))
    row.refresh_from_db()
    assert (row.state, row.outcome, row.closed_at) == ("started", "", None)
    idea = undertaken(ines, "Never begun")
    with pytest.raises(states.NotThatState):
        states.close_initiative(actor=ines, initiative=idea, outcome="missed", reason="x", now=world.NOW)
    states.close_initiative(actor=ines, initiative=idea, outcome="stopped", reason="No time.", now=world.NOW)


def test_what_its_own_tool_tells_is_not_moved_by_hand(ines: User) -> None:
    source = Source.objects.create(name="Tool", made_at=world.NOW)
    row = undertaken(ines, kind="product")
    Initiative.objects.filter(pk=row.pk).update(source=source, external_id="1")
    with pytest.raises(states.ItsToolSays):
        states.start_initiative(actor=ines, initiative=row, reason=WHY, now=world.NOW)


def test_how_it_stood_is_kept_and_what_moves_later_is_counted(ines: User) -> None:
    row = undertaken(ines, due_on=dt.date(2026, 12, 1), now=later(-30))
    states.start_initiative(actor=ines, initiative=row, reason=WHY, now=later(-20))
    for at, day in ((-10, 15), (-5, 5), (-4, 31)):
        actions.change_initiative(
            actor=ines, initiative=row, changes={"due_on": dt.date(2026, 12, day)}, now=later(at)
        )
    row.refresh_from_db()
    assert (row.slip_count, row.slip_days) == (2, 14 + 26)
    kept = [(one.state, one.due_on and one.due_on.day, one.is_slip) for one in row.revisions.all()]
    assert kept == [
        ("idea", 1, False), ("started", 1, False), ("started", 15, True), ("started", 5, False),
        ("started", 31, True),
    ]  # fmt: skip
    assert row.revisions.filter(until_at__isnull=True).count() == 1
    before = Standing(later(-15).date(), is_today=False)
    [item] = before.items(before.rows())
    assert (item.number, item.state, item.due_on) == (row.pk, "started", dt.date(2026, 12, 1))
    assert not revisions_on(later(-31).date()).exists()
    assert revisions_on(world.TODAY).get().due_on == dt.date(2026, 12, 31)


def test_undoing_a_change_undoes_its_history(ines: User) -> None:
    row = undertaken(ines, due_on=dt.date(2026, 12, 1), now=later(-0.5))
    entry = actions.change_initiative(
        actor=ines, initiative=row, changes={"due_on": dt.date(2027, 1, 1)}, now=world.NOW
    )
    undo(actor=ines, entry=entry, now=later(0.1))
    row.refresh_from_db()
    assert (row.due_on, row.slip_count) == (dt.date(2026, 12, 1), 0)
    assert [one.due_on for one in row.revisions.all()] == [dt.date(2026, 12, 1)]


def test_who_has_a_part_is_said_once_and_can_be_taken_back(ines: User) -> None:
    row = undertaken(ines)
    team, sales, lea = (
        unit("Payments"),
        Market.objects.create(name="Italy", created_at=world.NOW),
        person("Lea Roux"),
    )
    actions.involve(actor=ines, initiative=row, who=[team, sales, lea], part="builder", now=world.NOW)
    actions.involve(actor=ines, initiative=row, who=[lea], part="owner", now=world.NOW)
    assert sorted(one.part for one in row.involvements.all()) == ["builder", "builder", "owner"]
    with pytest.raises(NothingChanges):
        actions.involve(actor=ines, initiative=row, who=[lea], part="owner", now=world.NOW)
    [of_lea] = row.involvements.filter(person=lea)
    actions.no_longer_involve(actor=ines, involvement=of_lea, now=world.NOW)
    assert row.involvements.count() == 2


def test_cards_stand_where_they_are_put_even_when_there_is_no_room_left(ines: User) -> None:
    rows = [undertaken(ines, f"Card {number}") for number in range(4)]
    for row in rows:
        placing.place_initiative(actor=ines, initiative=row, horizon="next", now=world.NOW)
    first, last = rows[0], rows[3]

    def order() -> list[str]:
        found = Initiative.objects.filter(horizon="next").order_by("position", "pk")
        return [row.title.removeprefix("Card ") for row in found]

    for _ in range(14):  # halving what lies between two cards until nothing does
        first.refresh_from_db()
        placing.place_initiative(actor=ines, initiative=last, horizon="next", before=first, now=world.NOW)
        first, last = last, first
        first.refresh_from_db()
    assert order()[:2] == [first.title.removeprefix("Card "), last.title.removeprefix("Card ")]
    assert sorted(order()) == ["0", "1", "2", "3"]
    [top, second, *_rest] = Initiative.objects.filter(horizon="next").order_by("position", "pk")
    placing.shift_initiative(actor=ines, initiative=top, is_up=False, now=world.NOW)
    assert order()[0] == second.title.removeprefix("Card ")
    with pytest.raises(NothingChanges):
        placing.shift_initiative(actor=ines, initiative=second, is_up=True, now=world.NOW)
    with pytest.raises(Refusal):
        placing.place_initiative(actor=ines, initiative=top, horizon="soon", now=world.NOW)


def test_risks_and_links_belong_to_it(ines: User) -> None:
    row = undertaken(ines)
    with pytest.raises(Refusal):
        particulars.add_risk(actor=ines, initiative=row, title=" ", language="en", now=world.NOW)
    particulars.add_risk(actor=ines, initiative=row, title="No time", language="en", level=3, now=world.NOW)
    risk = Risk.objects.get()
    particulars.change_risk(actor=ines, risk=risk, changes={"state": "happened"}, now=later(2))
    risk.refresh_from_db()
    assert (risk.state, risk.ended_at) == ("happened", later(2))
    for wrong in ("javascript:alert(1)", "nowhere", "ftp://example.org/x"):
        with pytest.raises(particulars.NoAddress):
            particulars.add_web_link(actor=ines, initiative=row, url=wrong, now=world.NOW)
    particulars.add_web_link(actor=ines, initiative=row, url="https://example.org/plan", now=world.NOW)
    with pytest.raises(NothingChanges):
        particulars.add_web_link(actor=ines, initiative=row, url="https://example.org/plan", now=world.NOW)
    [link] = row.web_links.all()
    particulars.remove_web_link(actor=ines, web_link=link, now=world.NOW)
    assert not row.web_links.exists()


def proposal(ines: User) -> QuickWin:
    team = unit("Sales")
    point = hurting(ines, *(heard(person(f"Seller {n}", team, "sales"), team, "sales") for n in range(6)))
    confirm_pain_points(actor=ines, pain_points=[point], now=world.NOW)
    return propose_quick_win(
        actor=ines, pain_point=point, title="Post it the day before", days=2, language="en", now=world.NOW
    )


def test_a_quick_win_of_an_audit_and_its_initiative_go_together(ines: User) -> None:
    win = proposal(ines)
    row = undertake_quick_win(actor=ines, quick_win=win, now=world.NOW)
    assert undertake_quick_win(actor=ines, quick_win=win, now=world.NOW).pk == row.pk
    assert (row.kind, row.title, row.effort_days) == ("quick_win", win.title, 2)
    ties = Link.objects.filter(from_kind=Kind.INITIATIVE, from_id=row.pk)
    assert {(one.relation, one.to_kind) for one in ties} == {
        (Relation.CARRIES_OUT, Kind.QUICK_WIN),
        (Relation.ANSWERS, Kind.PAIN_POINT),
    }
    states.start_initiative(actor=ines, initiative=row, reason="Too small to ask.", now=world.NOW)
    win.refresh_from_db()
    assert win.state == "started"
    states.deliver_initiative(actor=ines, initiative=row, now=later(3))
    win.refresh_from_db()
    assert win.state == "delivered"


def test_a_quick_win_starts_from_the_latest_answers(ines: User) -> None:
    win = proposal(ines)
    ReAsk.objects.filter(pain_point=win.pain_point, moment=Moment.BEFORE).delete()
    ReAsk.objects.create(
        pain_point=win.pain_point, moment=Moment.BEFORE, due_on=world.TODAY, read_at=world.NOW, answered=6, mean=7.1, low=6.0, high=8.2,
    )  # fmt: skip
    row = undertake_quick_win(actor=ines, quick_win=win, now=world.NOW)
    states.start_initiative(actor=ines, initiative=row, now=world.NOW)
    row.refresh_from_db()
    assert (row.state, row.no_baseline_reason) == ("started", "")
    assert row.key_results.get().baseline == pytest.approx(7.1)


def test_dropping_one_drops_the_other_with_the_same_reason(ines: User) -> None:
    win = proposal(ines)
    row = undertake_quick_win(actor=ines, quick_win=win, now=world.NOW)
    states.close_initiative(
        actor=ines, initiative=row, outcome="stopped", reason="Done elsewhere.", now=later(1)
    )
    win.refresh_from_db()
    assert (win.state, win.reason) == ("dropped", "Done elsewhere.")


def test_every_step_leaves_one_entry(ines: User) -> None:
    row = undertaken(ines)
    states.plan_initiative(actor=ines, initiative=row, now=world.NOW)
    states.start_initiative(actor=ines, initiative=row, reason=WHY, now=world.NOW)
    states.pause_initiative(actor=ines, initiative=row, reason="Holidays", now=world.NOW)
    states.resume_initiative(actor=ines, initiative=row, now=world.NOW)
    states.deliver_initiative(actor=ines, initiative=row, now=world.NOW)
    actions.archive_initiative(actor=ines, initiative=row, now=world.NOW)
    actions.restore_initiative(actor=ines, initiative=row, now=world.NOW)
    verbs = AuditEntry.objects.filter(kind=Kind.INITIATIVE, object_id=row.pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "create", "plan", "begin", "pause", "resume", "deliver", "archive", "restore",
    ]  # fmt: skip
    # All at the same moment, but for what stood nowhere while it was archived.
    assert Revision.objects.filter(initiative=row).count() == 2
    assert end_of(world.TODAY) > world.NOW
