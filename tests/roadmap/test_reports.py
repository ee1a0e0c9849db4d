"""A report writes itself from what is known; three sentences are the author's; frozen, it never changes."""

import datetime as dt
import zipfile
from io import BytesIO

import pytest
from django.test import Client
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests import world
from tests.org.company import person, unit
from tests.roadmap.undertaken import browser, started, undertaken
from vertebra.accounts.models import Message, SearchEntry, SharedLink, User, Watch
from vertebra.evidence.models import Incident
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.models import Metric, Target
from vertebra.org.models import Person
from vertebra.roadmap.actions import reports as actions
from vertebra.roadmap.actions.states import deliver_initiative
from vertebra.roadmap.exports import files
from vertebra.roadmap.jobs.reports import draft_due_reports, something_to_write
from vertebra.roadmap.models import Initiative, MonthlyWord, Report, ReportTemplate, Risk
from vertebra.roadmap.queries.reports import months_before, shipped

pytestmark = pytest.mark.django_db
NEXT = world.NOW.replace(month=12, day=2)
ALL = ["headline", "roadmap", "updates", "metrics", "risks", "decisions", "results", "incidents", "next"]


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def author(ines: User) -> Person:
    return person("Ines Barbier", unit("Company"), "product_ops", user=ines)


def template(ines: User, **given: object) -> ReportTemplate:
    values = {"name": "Monthly review", "language": "en", "sections": ALL, "every_months": 1, **given}
    return actions.set_template(actor=ines, values=values, now=world.NOW)


def month(ines: User) -> None:
    """What happened in November: one initiative with a word and a risk, an incident, a metric with a target."""
    row = started(ines, "Releases told a week before", due_on=dt.date(2026, 12, 20))
    MonthlyWord.objects.create(
        initiative=row, month=dt.date(2026, 11, 1), pace="at_risk", line="Two squads do not write notes",
        language="en", said_at=world.NOW,
    )  # fmt: skip
    Risk.objects.create(
        initiative=row, title="Nobody reads them", language="en", level=3, created_at=world.NOW
    )
    undertaken(ines, "Idle idea")
    Incident.objects.create(
        title="Login down", language="en", severity="major", started_at=world.NOW,
        resolved_at=world.NOW + dt.timedelta(hours=2), created_at=world.NOW, changed_at=world.NOW,
    )  # fmt: skip
    metric = Metric.objects.create(
        name="Releases announced", slug="announced", language="en", unit="percent", latest_on=world.TODAY,
        latest_value=62, created_at=world.NOW, changed_at=world.NOW,
    )  # fmt: skip
    record_values(actor=None, metric=metric, rows=[Value(dt.date(2026, 11, 1), 62)], now=world.NOW)
    Target.objects.create(metric=metric, value=90, by_on=dt.date(2027, 6, 1), created_at=world.NOW)


def texts(report: Report) -> dict[str, list[str]]:
    found = report.content["sections"]
    return {one["code"]: [f"{r['title']} | {r['text']} | {r['state']}" for r in one["rows"]] for one in found}


def test_the_report_of_the_month_assembles_itself(ines: User) -> None:
    month(ines)
    report = actions.begin_report(actor=ines, template=template(ines), now=NEXT)
    assert report.title == "Monthly review · November 2026"
    assert (report.from_on, report.until_on) == (dt.date(2026, 11, 1), dt.date(2026, 12, 1))
    told = texts(report)
    assert told["updates"] == ["Releases told a week before | Two squads do not write notes | at risk"]
    assert told["risks"] == ["Nobody reads them | Releases told a week before | high"]
    assert told["metrics"][0].startswith("Releases announced : 62")
    assert "not reached yet" in told["metrics"][0]
    assert "Login down" in told["incidents"][0] and "restored in" in told["incidents"][0]
    assert told["next"] == ["Releases told a week before | due on 20 December 2026 | under way"]
    assert {line.split(" | ")[0] for line in told["roadmap"]} == {"Releases told a week before", "Idle idea"}
    assert told["results"] == []
    assert report.content["lead"].startswith("1 initiative under way, 1 at risk or off track")


def test_a_report_about_a_unit_tells_of_what_lies_in_it(ines: User) -> None:
    company = unit("Company")
    tribe, other = unit("Tribe", parent=company), unit("Other", parent=company)
    squad = unit("Squad", parent=tribe)
    started(ines, "Inside", owner_unit=squad)
    started(ines, "Outside", owner_unit=other)
    report = actions.begin_report(actor=ines, template=template(ines, of_unit=tribe), now=NEXT)
    assert [line.split(" | ")[0] for line in texts(report)["updates"]] == ["Inside"]
    assert report.content["unit"] == "Tribe"


def test_a_report_speaks_the_language_of_its_template(ines: User) -> None:
    month(ines)
    report = actions.begin_report(actor=ines, template=template(ines, language="fr"), now=NEXT)
    assert report.title == "Monthly review · novembre 2026"


def test_one_report_for_each_period(ines: User) -> None:
    row = template(ines)
    actions.begin_report(actor=ines, template=row, now=NEXT)
    with pytest.raises(actions.AlreadyThere):
        actions.begin_report(actor=ines, template=row, now=NEXT)


def test_a_frozen_report_never_changes(ines: User) -> None:
    month(ines)
    report = actions.begin_report(actor=ines, template=template(ines), now=NEXT)
    actions.write_sentences(actor=ines, report=report, sentences={"top": "We tell  earlier."}, now=NEXT)
    actions.freeze_report(actor=ines, report=report, now=NEXT)
    report.refresh_from_db()
    kept = report.content
    started(ines, "Later on")
    with pytest.raises(actions.NotADraft):
        actions.assemble_report(actor=ines, report=report, now=NEXT)
    with pytest.raises(actions.NotADraft):
        actions.write_sentences(actor=ines, report=report, sentences={"top": "Other"}, now=NEXT)
    with pytest.raises(actions.NotADraft):
        actions.freeze_report(actor=ines, report=report, now=NEXT)
    report.refresh_from_db()
    assert report.content == kept
    assert report.sentences == {"top": "We tell earlier."}


def test_figures_are_those_of_the_end_of_the_period_however_late_it_is_read(ines: User) -> None:
    month(ines)
    report = actions.begin_report(actor=ines, template=template(ines), now=NEXT)
    before = {one["code"]: one["rows"] for one in report.content["sections"]}
    metric = Metric.objects.get()
    later = NEXT.replace(day=22)
    record_values(actor=None, metric=metric, rows=[Value(later.date(), 88)], now=later)
    started(ines, "Started afterwards", now=later)
    old = Initiative.objects.get(title="Releases told a week before")
    deliver_initiative(actor=ines, initiative=old, now=later)
    Risk.objects.create(initiative=old, title="Seen afterwards", language="en", level=3, created_at=later)
    actions.assemble_report(actor=ines, report=report, now=later)
    report.refresh_from_db()
    assert {one["code"]: one["rows"] for one in report.content["sections"]} == before
    assert texts(report)["metrics"][0].startswith("Releases announced : 62")
    assert report.content["lead"].startswith("1 initiative under way, 1 at risk or off track")


def test_a_report_of_an_earlier_period_tells_the_figures_of_that_period(ines: User) -> None:
    month(ines)
    metric = Metric.objects.get()
    values = [
        Value(dt.date(2026, 10, 1), 61),
        Value(dt.date(2026, 9, 1), 40),
        Value(dt.date(2025, 10, 1), 12),
    ]
    record_values(actor=None, metric=metric, rows=values, now=world.NOW)
    row = template(ines)
    told = [
        texts(actions.begin_report(actor=ines, template=row, until_on=dt.date(2026, at, 1), now=NEXT))
        for at in (10, 11)
    ]
    assert [one["metrics"][0].split(" %")[0] for one in told] == [
        "Releases announced : 40",
        "Releases announced : 61",
    ]
    assert "+21 points" in told[1]["metrics"][0] and "points" not in told[0]["metrics"][0]


def test_files_nobody_asked_for_are_made_when_somebody_wants_them(ines: User) -> None:
    report = actions.begin_report(actor=ines, template=template(ines), now=NEXT)
    actions.freeze_report(actor=ines, report=report, now=NEXT)
    actions.publish_report(actor=ines, report=report, now=NEXT)
    reader, here = browser(world.lea()), f"/roadmap/reports/{report.pk}/file/pdf/"
    jobs = DBTaskResult.objects.filter(task_path=files.JOB)
    # Looking writes nothing: the page itself asks, once.
    assert 'hx-post="' + here in reader.get(here).content.decode()
    assert not jobs.exists()
    asked = reader.post(here, headers={"HX-Request": "true"}, follow=True).content.decode()
    assert "being made" in asked and f'hx-post="{here}' not in asked
    assert [job.args_kwargs["args"] for job in jobs] == [[report.pk]]
    reader.post(here)
    assert jobs.count() == 1
    # One that failed is begun again by the button, not by waiting.
    jobs.update(status=TaskResultStatus.FAILED)
    assert f'hx-post="{here}' not in reader.get(here).content.decode()
    reader.post(here)
    assert jobs.count() == 2


def test_what_was_typed_stays_when_everything_is_read_again(ines: User) -> None:
    report = actions.begin_report(actor=ines, template=template(ines), now=NEXT)
    actions.write_sentences(actor=ines, report=report, sentences={"ask": "Two hours"}, now=NEXT)
    started(ines, "Came in between")
    actions.assemble_report(actor=ines, report=report, now=NEXT)
    report.refresh_from_db()
    assert report.sentences == {"ask": "Two hours"}
    assert "Came in between" in texts(report)["updates"][0]


def test_it_writes_itself_when_its_period_is_over_and_asks_its_author_once(
    ines: User, author: Person, settings: object
) -> None:
    row = template(ines, author=author, next_on=dt.date(2026, 11, 1))
    settings.FIXED_NOW = world.NOW  # type: ignore[attr-defined]
    assert something_to_write()
    for _again in range(2):
        draft_due_reports.call()
    report = Report.objects.get(template=row)
    assert report.title == "Monthly review · October 2026"
    assert Message.objects.filter(template="report_draft", to_user=ines).count() == 1
    row.refresh_from_db()
    assert row.next_on == dt.date(2026, 12, 1)
    assert not something_to_write()


def test_publishing_tells_followers_and_units_once_and_search_finds_it(ines: User) -> None:
    company = unit("Company")
    tribe = unit("Tribe", parent=company)
    person("Paul Tribe", tribe, "product", email="paul@example.org", language="en")
    lea = world.lea()
    row = template(ines)
    earlier = actions.begin_report(actor=ines, template=row, until_on=dt.date(2026, 11, 1), now=NEXT)
    Watch.objects.create(user=lea, kind="report", object_id=earlier.pk, since_at=world.NOW)
    report = actions.begin_report(actor=ines, template=row, now=NEXT)
    with pytest.raises(actions.NotFrozen):
        actions.publish_report(actor=ines, report=report, now=NEXT)
    actions.freeze_report(actor=ines, report=report, now=NEXT)
    assert not SearchEntry.objects.filter(kind="report").exists()
    actions.publish_report(actor=ines, report=report, units=[tribe], now=NEXT)
    told = Message.objects.filter(template="report_published")
    assert sorted(one.to_user.email if one.to_user else one.to_email for one in told) == [
        "lea@example.org",
        "paul@example.org",
    ]
    assert SearchEntry.objects.get(kind="report").object_id == report.pk


def test_readers_see_published_reports_and_never_drafts(ines: User) -> None:
    report = actions.begin_report(actor=ines, template=template(ines), now=NEXT)
    reader = browser(world.lea())
    assert reader.get(f"/roadmap/reports/{report.pk}/").status_code == 404
    actions.freeze_report(actor=ines, report=report, now=NEXT)
    actions.publish_report(actor=ines, report=report, now=NEXT)
    assert reader.get(f"/roadmap/reports/{report.pk}/").status_code == 200
    assert reader.post(f"/roadmap/reports/{report.pk}/archiving/").status_code == 404


def test_every_form_says_what_the_page_says(ines: User) -> None:
    month(ines)
    report = actions.begin_report(actor=ines, template=template(ines), now=NEXT)
    actions.write_sentences(
        actor=ines, report=report, sentences={"top": "We *tell* earlier.", "ask": "Two hours"}, now=NEXT
    )
    actions.freeze_report(actor=ines, report=report, now=NEXT)
    report.refresh_from_db()
    text = files.made(report, "md").decode()
    assert "# Monthly review · November 2026" in text
    assert "We \\*tell\\* earlier." in text and "Two squads do not write notes" in text
    assert files.made(report, "pdf").startswith(b"%PDF")
    slides = zipfile.ZipFile(BytesIO(files.made(report, "pptx")))
    told = "".join(slides.read(name).decode() for name in slides.namelist() if "slides/slide" in name)
    assert "Nobody reads them" in told and "Two hours" in told


def test_the_author_walks_from_the_template_to_the_shared_link(ines: User, author: Person) -> None:
    month(ines)
    client = browser(ines)
    assert "Monthly product review" in client.get("/roadmap/reports/templates/").content.decode()
    page = client.get("/roadmap/reports/templates/new/?kind=monthly_product").content.decode()
    assert 'value="Monthly product review"' in page
    given = {"name": "Review", "language": "en", "every_months": 1, "sections": ["headline", "updates"]}
    given["author"] = "Somebody Unknown"
    refused = client.post("/roadmap/reports/templates/new/?kind=monthly_product", given)
    assert refused.status_code == 422 and "Somebody Unknown" in refused.content.decode()
    given["author"] = author.name
    assert client.post("/roadmap/reports/templates/new/?kind=monthly_product", given).status_code == 302
    row = ReportTemplate.objects.get()
    assert row.author == author
    assert author.name in client.get(f"/roadmap/reports/templates/{row.pk}/edit/").content.decode()
    client.post(f"/roadmap/reports/templates/{row.pk}/begin/")
    report = Report.objects.get()
    here = f"/roadmap/reports/{report.pk}/"
    wrong = client.post(here, {"top": "x" * 500})
    assert wrong.status_code == 422 and "x" * 500 in wrong.content.decode()
    client.post(here, {"top": "All is well."})
    assert "All is well." in client.get(here).content.decode()
    assert client.get(f"{here}file/md/").status_code == 404
    client.post(f"{here}freezing/")
    assert "Publish it" in client.get(here).content.decode()
    assert client.get(f"{here}file/md/").status_code == 200
    assert "being made" in client.get(f"{here}file/pdf/").content.decode()
    files.make(Report.objects.get(), "pdf")
    assert client.get(f"{here}file/pdf/")["Content-Type"] == "application/pdf"
    client.post(f"{here}publishing/")
    made = client.post(f"{here}links/", {"name": "Board", "days": 9}).content.decode()
    token = made.split("/roadmap/reports/shared/")[1].split("/")[0]
    visitor = Client()
    assert "All is well." in visitor.get(f"/roadmap/reports/shared/{token}/").content.decode()
    link = SharedLink.objects.get()
    client.post(f"{here}links/{link.pk}/revocation/")
    assert visitor.get(f"/roadmap/reports/shared/{token}/").status_code == 410
    listed = client.get("/roadmap/reports/").content.decode()
    assert "Review ·" in listed


def test_both_languages_ship_the_same_reports() -> None:
    one, other = shipped("fr"), shipped("en")
    assert [(r.kind, r.sections, r.every_months) for r in one] == [
        (r.kind, r.sections, r.every_months) for r in other
    ]
    assert set(one[0].sections) <= set(ALL)


def test_months_are_counted_over_the_year() -> None:
    assert months_before(dt.date(2027, 1, 1), 3) == dt.date(2026, 10, 1)
    assert months_before(dt.date(2026, 12, 1), -1) == dt.date(2027, 1, 1)
