"""Incidents: written down, followed up, brought in, marked, found, and how the process does."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests import world
from tests.org.company import person
from tests.waiting import needs_of
from vertebra.accounts.models import AuditEntry, SearchEntry, User
from vertebra.connectors.status_pages import FoundFollowUp, FoundIncident, files_in, read_incidents
from vertebra.evidence.actions import follow_ups, incidents
from vertebra.evidence.actions.incident_imports import import_incidents
from vertebra.evidence.actions.incidents import IncidentValues, record_incident
from vertebra.evidence.labels import IncidentSeverity, MomentKind, Weight
from vertebra.evidence.models import FollowUpAction, Incident, ProcessRework
from vertebra.evidence.providers import FIGURES
from vertebra.evidence.queries import spans
from vertebra.evidence.queries.incidents import Process
from vertebra.measures.models import Mark
from vertebra.roadmap.home import part as home_of_roadmap
from vertebra.sources.models import Source

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ines() -> User:
    return world.ines()


def incident(
    ines: User, title: str = "Payments fail", *, ago: dt.timedelta = 9 * DAY, **given: Any
) -> Incident:
    values = IncidentValues(title=title, started_at=world.NOW - ago, language="en", **given)
    return record_incident(actor=ines, values=values, now=world.NOW)


def told(**given: Any) -> FoundIncident:
    values: dict[str, Any] = {
        "external_id": "2026-03-02", "title": "Down", "severity": "major", "started_at": world.NOW - 9 * DAY,
        "file": "a.md", "line": 1, "resolved_at": world.NOW - 8 * DAY,
    }  # fmt: skip
    return FoundIncident(**values | given)


def bring(*found: FoundIncident) -> Any:
    return import_incidents(actor=None, found=found, source="Status page", language="en", now=world.NOW)


def test_one_that_hurt_owes_a_post_mortem_and_search_finds_it(ines: User) -> None:
    row = incident(ines, resolved_at=world.NOW - 5 * DAY)
    assert row.post_mortem_due_on == world.TODAY + 5 * DAY
    assert SearchEntry.objects.filter(kind="incident", object_id=row.pk).exists()
    assert incident(ines, "A word is wrong", severity=IncidentSeverity.MINOR).post_mortem_due_on is None


def test_a_critical_one_stands_on_all_lines_and_leaves_them_when_archived(ines: User) -> None:
    row = incident(ines, severity=IncidentSeverity.CRITICAL)
    mark = Mark.objects.get(object_kind="incident", object_id=row.pk)
    assert mark.kind == "incident"
    assert not mark.metrics.exists()
    incidents.archive_incident(actor=ines, incident=row, is_archived=True, now=world.NOW)
    assert not Mark.objects.exists()


def test_the_mark_of_an_incident_follows_its_days(ines: User) -> None:
    row = incident(ines, severity=IncidentSeverity.CRITICAL)
    began = world.NOW - 4 * DAY
    incidents.change_incident(actor=ines, incident=row, started_at=began, now=world.NOW)
    incidents.add_moment(actor=ines, incident=row, at=world.NOW, kind=MomentKind.RESOLVED, now=world.NOW)
    assert list(Mark.objects.values_list("starts_on", "ends_on")) == [(world.TODAY - 4 * DAY, world.TODAY)]
    other = incident(ines, "A word is wrong")
    incidents.change_incident(actor=ines, incident=other, title="Two words", now=world.NOW)
    assert Mark.objects.count() == 1, "what was not marked is not"


@pytest.mark.parametrize("name", ["resolved_at", "told_at"])
def test_nothing_ends_before_it_began(ines: User, name: str) -> None:
    with pytest.raises(incidents.EndsTooEarly):
        incident(ines, ago=9 * DAY, **{name: world.NOW - 10 * DAY})  # type: ignore[arg-type]


def test_what_is_to_come_is_not_written_down(ines: User) -> None:
    with pytest.raises(incidents.NotYet):
        incident(ines, ago=-DAY)


def test_the_first_time_the_field_is_told_is_that_of_the_incident(ines: User) -> None:
    row = incident(ines)
    for hours in (2, 5):
        incidents.add_moment(
            actor=ines, incident=row, at=row.started_at + hours * HOUR, kind=MomentKind.TOLD, told_whom="Sales",
            now=world.NOW,
        )  # fmt: skip
    row.refresh_from_db()
    assert row.told_at == row.started_at + 2 * HOUR
    with pytest.raises(incidents.EndsTooEarly):
        incidents.add_moment(
            actor=ines, incident=row, at=row.started_at - HOUR, kind=MomentKind.RESOLVED, now=world.NOW
        )


def test_a_follow_up_has_an_owner_and_is_done_or_dropped_with_a_reason(ines: User) -> None:
    row, owner = incident(ines), person("Karim")
    with pytest.raises(follow_ups.NoOwner):
        follow_ups.add_follow_up(actor=ines, incident=row, title="Mend", owner=None, now=world.NOW)
    for title in ("Mend", "Tell"):
        follow_ups.add_follow_up(actor=ines, incident=row, title=title, owner=owner, now=world.NOW)
    mend, tell = row.follow_ups.order_by("title")
    follow_ups.finish_follow_up(actor=ines, follow_up=mend, done_on=world.TODAY, now=world.NOW)
    with pytest.raises(follow_ups.NoReason):
        follow_ups.drop_follow_up(
            actor=ines, follow_up=tell, reason=" ", dropped_on=world.TODAY, now=world.NOW
        )
    follow_ups.drop_follow_up(
        actor=ines, follow_up=tell, reason="Others do", dropped_on=world.TODAY, now=world.NOW
    )
    with pytest.raises(follow_ups.AlreadyOver):
        follow_ups.finish_follow_up(actor=ines, follow_up=tell, done_on=world.TODAY, now=world.NOW)
    assert AuditEntry.objects.filter(kind="incident", verb="dismiss").count() == 1


def test_what_is_overdue_waits_on_the_home_page_of_its_owner(ines: User) -> None:
    row, owner = incident(ines, resolved_at=world.NOW - 8 * DAY), person("Inès", email=ines.email)
    owner.user = ines
    owner.save()
    for title, away in (("Late", -2), ("In time", 2)):
        follow_ups.add_follow_up(
            actor=ines, incident=row, title=title, owner=owner, due_on=world.TODAY + away * DAY, now=world.NOW
        )
    [need] = needs_of([home_of_roadmap(ines, world.NOW)])
    assert need.sentence == "To be done after an incident: Late"
    Incident.objects.update(manager=owner, post_mortem_due_on=world.TODAY - DAY)
    assert len(needs_of([home_of_roadmap(ines, world.NOW)])) == 2


def test_the_same_files_twice_change_nothing(ines: User) -> None:
    one = told(follow_ups=[FoundFollowUp("1", "Mend", "nobody@example.org")])
    first = bring(one)
    assert (first.new, first.follow_ups, first.unknown_owners) == (1, 1, ["nobody@example.org"])
    entries = AuditEntry.objects.count()
    again = bring(one)
    assert (again.new, again.changed, again.same, again.follow_ups) == (0, 0, 1, 0)
    assert AuditEntry.objects.count() == entries
    assert Source.objects.filter(name="Status page").count() == 1


def test_what_a_hand_corrected_stays_until_the_tool_says_otherwise(ines: User) -> None:
    bring(told())
    row = Incident.objects.get()
    incidents.change_incident(actor=ines, incident=row, title="Cards are refused", now=world.NOW)
    assert bring(told(severity="critical")).changed == 1
    row.refresh_from_db()
    assert (row.title, row.severity) == ("Cards are refused", "critical")
    bring(told(severity="critical", title="API down"))
    row.refresh_from_db()
    assert row.title == "API down"


def test_what_is_owed_and_marked_follows_what_the_tool_says() -> None:
    bring(told(severity="minor", resolved_at=None))
    row = Incident.objects.get()
    assert row.post_mortem_due_on is None and not Mark.objects.exists()
    bring(told(severity="critical", resolved_at=world.NOW - DAY))
    row.refresh_from_db()
    assert row.post_mortem_due_on == world.TODAY + 9 * DAY
    assert Mark.objects.get().ends_on == world.TODAY - DAY


def test_what_does_not_go_with_what_a_hand_corrected_is_refused_and_said(ines: User) -> None:
    bring(told())
    row = Incident.objects.get()
    incidents.change_incident(actor=ines, incident=row, resolved_at=world.NOW - 9 * DAY + HOUR, now=world.NOW)
    later, other = told(started_at=world.NOW - 9 * DAY + 2 * HOUR, line=7), told(external_id="other")
    brought = bring(later, other)
    [problem] = brought.problems
    assert (problem.file, problem.line, problem.code) == ("a.md", 7, "ends_before_start")
    assert (brought.new, brought.changed, brought.same) == (1, 0, 0), "the others are brought in"
    row.refresh_from_db()
    assert row.started_at == world.NOW - 9 * DAY
    assert len(bring(later).problems) == 1, "it is said until it is mended"


def test_a_follow_up_that_the_tool_says_is_done_is_done() -> None:
    bring(told(follow_ups=[FoundFollowUp("1", "Mend")]))
    bring(told(follow_ups=[FoundFollowUp("1", "Mend", done_on=world.TODAY)]))
    assert FollowUpAction.objects.get().done_on == world.TODAY


def _spring(ines: User) -> None:
    """Slow until the summer, quick since."""
    for number in range(12):
        ago = (260 - 8 * number) * DAY
        end = world.NOW - ago + (10 + number) * HOUR
        incident(ines, f"Slow {number}", ago=ago, resolved_at=end, told_at=end - HOUR)
    for number in range(10):
        ago = (100 - 8 * number) * DAY
        incident(
            ines, f"Quick {number}", ago=ago, resolved_at=world.NOW - ago + HOUR, told_at=world.NOW - ago
        )


def test_the_rework_of_the_process_shows_with_how_sure_it_is(ines: User) -> None:
    _spring(ines)
    found = Process.read(Weight.SERIOUS, world.NOW).compared(world.TODAY - 120 * DAY)
    assert (found.before.count, found.after.count) == (12, 10)
    assert found.restore.verdict == "better"
    assert found.restore.high is not None
    assert found.restore.high < 0.12
    assert found.tell.verdict == "better"
    assert found.closed.verdict == "too_few"


def test_the_ratio_of_incidents_agrees_with_what_is_said_of_both_times(ines: User) -> None:
    # Many in the month under way and in that of the change: they belong to no whole month.
    for ago in (300, 270, 240, 210, 180, 150, 121, 120, 119, 118, 80, 50, 3, 2, 1):
        incident(ines, f"Down {ago}", ago=ago * DAY, resolved_at=world.NOW - ago * DAY + HOUR)
    found = Process.read(Weight.SERIOUS, world.NOW).compared(world.TODAY - 120 * DAY)
    before, after, change = found.before.per_month, found.after.per_month, found.count.change
    assert before and after and change
    assert change == pytest.approx(after / before)


def test_the_change_of_the_process_is_noted_once_a_day_and_marked(ines: User) -> None:
    incidents.note_rework(
        actor=ines, title="One voice", language="en", starts_on=world.TODAY, initiative_id=7, now=world.NOW
    )
    assert Mark.objects.get().object_kind == "initiative"
    with pytest.raises(incidents.ReworkThere):
        incidents.note_rework(actor=ines, title="Two", language="en", starts_on=world.TODAY, now=world.NOW)
    incidents.remove_rework(actor=ines, rework=ProcessRework.objects.get(), now=world.NOW)
    assert not ProcessRework.objects.exists()
    assert not Mark.objects.exists(), "what is taken back marks no line"
    incidents.note_rework(actor=ines, title="One voice", language="en", starts_on=world.TODAY, now=world.NOW)
    assert Mark.objects.get().kind == "note"
    incidents.remove_rework(actor=ines, rework=ProcessRework.objects.get(), now=world.NOW)
    assert not Mark.objects.exists()


def test_incidents_are_metrics_without_the_month_under_way(ines: User) -> None:
    _spring(ines)
    since, until = dt.date(2026, 1, 1), world.TODAY
    counts = [one for one in FIGURES.values("incidents-count", since, until) if not one.part]
    assert counts[-1].on == dt.date(2026, 10, 1)
    assert sum(one.value for one in counts) == 22
    restore = list(FIGURES.values("incidents-restore", since, until))
    assert restore[0].value > 9
    assert restore[-1].value == 1
    assert list(FIGURES.values("incidents-closed", since, until)) == []


def test_times_are_said_as_people_say_them() -> None:
    assert [spans.said(hours) for hours in (0.5, 5.25, 72)] == ["30 min", "5.2 h", "3 days"]


def test_all_incidents_of_a_real_status_page_have_their_measures(real_data: Path) -> None:
    found = read_incidents(files_in([real_data / "incidents-packit" / "issues"]), dt.UTC)
    brought = bring(*found.incidents.values())
    assert (brought.new, Incident.objects.count()) == (107, 107)
    assert bring(*found.incidents.values()).same == 107
    process = Process.read(Weight.ALL, world.NOW)
    assert sum(month.total for month in process.months()) == 107
    serious = Process.read(Weight.SERIOUS, world.NOW).phase(None, world.TODAY)
    assert serious.count == 74
    assert serious.restore.value == pytest.approx(7, abs=0.3)
