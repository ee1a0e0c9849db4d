"""Home says what of the roadmap waits for each, in few questions, and what became of what one raised."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.roadmap.table import directors, on, ranking, ranks, seats, topics
from tests.roadmap.undertaken import browser, started, undertaken
from tests.waiting import needs_of
from vertebra.accounts.models import Message, User
from vertebra.evidence.asks import note_asks
from vertebra.evidence.models import Question, Result, Survey
from vertebra.kit.home import Need
from vertebra.org.models import Market, Person
from vertebra.roadmap.actions.decisions import decide
from vertebra.roadmap.actions.launches import start_launch
from vertebra.roadmap.actions.playbooks import create_playbook
from vertebra.roadmap.actions.pm_time import tie_to_cause
from vertebra.roadmap.actions.workstreams import add_gate, add_workstream
from vertebra.roadmap.home import part
from vertebra.roadmap.queries.pm_time import pm_time, tie_initiatives
from vertebra.web.home import home_of

pytestmark = pytest.mark.django_db
LATE = world.NOW.replace(day=25)


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def lea() -> User:
    return world.english(world.lea())


@pytest.fixture
def lea_herself(lea: User) -> Person:
    return Person.objects.create(name=lea.name, name_folded="lea roux", user=lea, created_at=world.NOW)


def needs(user: User, now: dt.datetime = world.NOW) -> list[Need]:
    return needs_of([part(user, now)])


def sentences(user: User, now: dt.datetime = world.NOW) -> list[str]:
    return [need.sentence for need in needs(user, now)]


def pulse(share: float, counts: dict[str, int], days: int, answered: int = 10) -> Survey:
    """A closed pulse on time off product."""
    closed = world.NOW - dt.timedelta(days=days)
    survey = Survey.objects.create(
        kind="pulse", series="pm-time", title="Time", language="en", state="closed",
        created_at=closed, opened_at=closed, closed_at=closed,
    )  # fmt: skip
    asked = Question.objects.create(survey=survey, code="share", kind="share", text="Share?")
    causes = Question.objects.create(
        survey=survey, code="causes", kind="several", text="What?",
        choices=[{"code": "reporting", "label": "reporting"}, {"code": "tools", "label": "tools and data to put right"}],
    )  # fmt: skip
    Result.objects.create(survey=survey, question=asked, group="all", answered=answered, mean=share)
    Result.objects.create(survey=survey, question=causes, group="all", answered=answered, counts=counts)
    return survey


def test_a_director_finds_the_ranking_that_waits_until_it_is_cast(ines: User) -> None:
    made = directors()
    cycle = ranking(ines)
    paul = User.objects.create(
        email="paul@example.org", name="Paul Product", role="reader", language="en", created_at=world.NOW
    )
    assert made[0].email == paul.email
    [need] = needs(paul)
    assert need.sentence == "Rank the topics of “Q1 2027”"
    assert need.ask is None, "whoever sits at a table is in charge of it"
    seat = next(one for one in seats(cycle) if one.person_id == made[0].pk)
    ranks(seat, *on(cycle)[:3])
    assert needs(paul) == []


def test_each_director_is_written_to_for_each_table_that_opens(ines: User) -> None:
    directors()
    tables = [ranking(ines), ranking(ines, title="Q2 2027")]
    for cycle in tables:
        assert set(cycle.seats.values_list("invited_at", flat=True)) == {world.NOW}
    sent = Message.objects.filter(template="ranking_invitation", to_email="paul@example.org")
    assert {one.particulars["title"] for one in sent} == {"Q1 2027", "Q2 2027"}


def test_home_names_each_table_that_waits_whatever_else_was_asked_this_week(ines: User) -> None:
    made = directors()
    paul = User.objects.create(
        email="paul@example.org", name="Paul Product", role="reader", language="en", created_at=world.NOW
    )
    first = ranking(ines)
    note_asks([made[0].pk], "survey", 7, world.NOW)
    second = ranking(ines, title="Q2 2027")
    # Asked twice this week, the director gets the second message later; Home names both today.
    assert not second.seats.get(person=made[0]).invited_at
    shown = [need.url for need in home_of(paul, world.NOW).needs]
    assert shown == [reverse("roadmap:cycle-rank", args=(cycle.pk,)) for cycle in (first, second)]


def test_a_delegate_finds_it_instead_of_the_director(ines: User, lea: User, lea_herself: Person) -> None:
    made = directors()
    cycle = ranking(ines)
    cycle.seats.filter(person=made[0]).update(delegate=lea_herself)
    paul = User.objects.create(
        email="paul@example.org", name="Paul Product", role="reader", language="en", created_at=world.NOW
    )
    assert sentences(lea) == ["Rank the topics of “Q1 2027”"]
    assert sentences(paul) == []


def test_a_word_is_due_from_the_twentieth_on_what_i_lead(ines: User, lea: User, lea_herself: Person) -> None:
    started(ines, "Say releases earlier", lead=lea_herself)
    assert sentences(lea, world.NOW.replace(day=12)) == []
    [need] = needs(lea, LATE)
    assert need.sentence == "Say where “Say releases earlier” stands this month"
    assert need.ask is None  # one is in charge of it


def test_what_is_planned_without_a_baseline_waits_for_its_lead(
    ines: User, lea: User, lea_herself: Person
) -> None:
    row = undertaken(ines, "One roadmap", lead=lea_herself)
    type(row).objects.filter(pk=row.pk).update(state="planned")
    assert sentences(lea) == ["“One roadmap” cannot start without a baseline"]
    assert sentences(ines) == []


def test_product_ops_finds_the_next_step_of_the_table(ines: User) -> None:
    directors()
    cycle = ranking(ines)
    assert sentences(ines, world.NOW) == []
    assert sentences(ines, world.NOW + dt.timedelta(days=30)) == [
        "Rankings of “Q1 2027” are over: reveal the result"
    ]
    assert cycle.state == "ranking"


def test_all_that_waits_is_read_in_two_questions(ines: User) -> None:
    Person.objects.create(name=ines.name, name_folded="ines", user=ines, created_at=world.NOW)
    with CaptureQueriesContext(connection) as seen:
        needs(ines, LATE)
    assert len(seen) <= 3  # who I am, what waits for me, what waits for Product Ops


def test_the_headline_of_product_ops_is_the_time_off_product(ines: User, lea: User) -> None:
    assert part(ines, world.NOW).lead() == ""
    pulse(41, {"reporting": 8, "tools": 2}, days=100)
    pulse(33, {"reporting": 6, "tools": 4}, days=10)
    said = part(ines, world.NOW).lead()
    assert "33 % of their time off product" in said
    assert "41 % a quarter before" in said
    assert "mostly: reporting, tools and data to put right" in said
    assert part(lea, world.NOW).lead() == ""


def test_each_cause_is_tied_to_the_initiatives_that_reduce_it(ines: User) -> None:
    pulse(41, {"reporting": 8}, days=100)
    found = pm_time("en")
    assert found is not None
    row = started(ines, "Reports write themselves")
    tie_to_cause(actor=ines, initiative=row, pulse=found, cause="reporting", now=world.NOW)
    pulse(33, {"reporting": 6, "tools": 4}, days=10)  # the tie holds for the next wave, in every language
    for language in ("en", "fr"):
        later = pm_time(language)
        assert later is not None
        tie_initiatives(later)
        told = {cause.code: [one.title for one in cause.initiatives] for cause in later.causes}
        assert told == {"reporting": ["Reports write themselves"], "tools": []}


def test_what_one_raised_is_told_with_what_was_decided_and_why(
    ines: User, lea: User, lea_herself: Person
) -> None:
    topic = topics(lea, ["No test data"])[0]
    [block] = [one for one in part(lea, world.NOW).blocks() if one.title == "The topics you raised"]
    assert (block.lines[0].title, block.lines[0].state) == ("No test data", "raised")
    decide(
        actor=ines, topic=topic, cycle=None, verdict="not_now", what="Wait", why="The platform changes first", language="en",
        now=world.NOW,
    )  # fmt: skip
    [block] = [one for one in part(lea, world.NOW).blocks() if one.title == "The topics you raised"]
    assert "The platform changes first" in block.lines[0].detail
    assert block.lines[0].state == "not now"


@pytest.mark.parametrize("who", ["ines", "lea", "ada"])
def test_home_and_what_it_fetches_stay_within_twelve_questions(who: str) -> None:
    user = getattr(world, who)()
    Person.objects.create(name=user.name, name_folded="one", user=user, created_at=world.NOW)
    pulse(41, {"reporting": 8}, days=100)
    pulse(33, {"reporting": 6}, days=10)
    client = browser(user)
    client.get("/")
    for url in ("/", "/raised/", "/around/"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        told = [one["sql"][:90] for one in seen.captured_queries]
        assert len(told) <= 12, "\n".join(told)


def test_the_page_of_time_off_product_is_read_and_tied(ines: User) -> None:
    client = browser(ines)
    assert "Product managers were not asked yet" in client.get("/roadmap/pm-time/").content.decode()
    pulse(33, {"reporting": 6, "tools": 4}, days=10)
    row = started(ines, "Reports write themselves")
    client.post("/roadmap/pm-time/tie/", {"cause": "reporting", "initiative": row.pk})
    assert "Untie" in client.get("/roadmap/pm-time/").content.decode()
    client.post(f"/roadmap/pm-time/{row.pk}/untie/")
    assert "Untie" not in client.get("/roadmap/pm-time/").content.decode()


def test_a_step_a_gate_and_a_workstream_open_where_they_are_worked(
    ines: User, lea: User, lea_herself: Person
) -> None:
    project = started(ines, "One roadmap", kind="transverse", lead=lea_herself)
    soon = world.TODAY + dt.timedelta(days=3)
    add_gate(actor=ines, initiative=project, title="May we start?", due_on=soon, now=world.NOW)
    add_workstream(
        actor=ines, initiative=project, title="Write it", lead=lea_herself, due_on=soon, now=world.NOW
    )
    book = create_playbook(actor=ines, title="", language="en", shipped="open-country", now=world.NOW)
    launch = start_launch(
        actor=ines, version=book.versions.get(), market=Market.objects.create(name="Italy", created_at=world.NOW),
        target_on=world.TODAY + dt.timedelta(days=200), language="en", now=world.NOW,
    )  # fmt: skip
    step = launch.steps.order_by("due_on")[0]
    launch.steps.filter(pk=step.pk).update(owner=lea_herself, due_on=soon)
    urls = {need.sentence.partition(":")[0]: need.url for need in needs(lea)}
    gate, stream = project.gates.get(), project.workstreams.get()
    assert (
        urls["A gate of “One roadmap” comes up"]
        == f"/roadmap/initiatives/{project.pk}/project/#gate-{gate.pk}"
    )
    assert (
        urls["A workstream of yours is due"]
        == f"/roadmap/initiatives/{project.pk}/project/#workstream-{stream.pk}"
    )
    assert urls["A step of yours is due"] == f"/roadmap/launches/{launch.pk}/#step-{step.pk}"
    client = browser(lea)
    for url in urls.values():
        page, _hash, anchor = url.partition("#")
        assert f'id="{anchor}"' in client.get(page).content.decode(), url


def test_where_nothing_waits_for_the_function_it_is_said_in_one_sentence(ines: User) -> None:
    [load] = [one for one in part(ines, world.NOW).around() if one.title == "The load of the function"]
    assert load.lines == []
    assert load.empty == "No request and no topic waits for an answer."
    client = browser(ines)
    for url in ("/around/", "/roadmap/load/"):
        page = client.get(url).content.decode()
        assert "No request and no topic waits for an answer." in page
        assert ">0<" not in page.partition("<table")[0] and "0 request" not in page
    assert (
        "Nothing was asked of Product Ops in five quarters" in client.get("/roadmap/load/").content.decode()
    )
    topics(ines, ["No test data"])
    [load] = [one for one in part(ines, world.NOW).around() if one.title == "The load of the function"]
    assert load.lines[0].title == "1 request or topic waits"
    assert "<b>1 request or topic</b> waits." in client.get("/roadmap/load/").content.decode()
