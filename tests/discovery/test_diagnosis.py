"""The diagnosis: answered by oneself with a result at once, then by several populations, compared with the one before."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.org.company import LONG_AGO, person, small, unit
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.diagnosis import BY_CODE
from vertebra.discovery.actions import diagnoses as actions
from vertebra.discovery.jobs.diagnoses import conclude_diagnoses, something_to_conclude
from vertebra.discovery.labels import DiagnosisState, Population
from vertebra.discovery.models import Diagnosis, Evidence
from vertebra.discovery.queries.diagnosis_figures import figures_on
from vertebra.discovery.queries.diagnosis_next import whom_to_hear
from vertebra.discovery.queries.diagnosis_results import field_of, previous, read
from vertebra.discovery.shipped.symptoms import LANGUAGES, symptoms
from vertebra.evidence.models import Cell, Invitation, Response, Survey
from vertebra.org.labels import Function
from vertebra.org.models import Field, Person

pytestmark = pytest.mark.django_db
SOON = world.TODAY + dt.timedelta(days=14)


def started(actor: User, rest: int = 1, days: int = 0, **answers: int) -> Diagnosis:
    said = {**dict.fromkeys(BY_CODE, rest), **answers}
    now = world.NOW + dt.timedelta(days=days)
    entry = actions.start_diagnosis(actor=actor, answers=said, language="en", now=now)
    return Diagnosis.objects.get(pk=entry.object_id or 0)


def crowd(function: str, count: int) -> None:
    team = unit(f"Team {function}")
    for at in range(count):
        person(f"{function} {at}", team, function, email=f"{function}{at}@example.org")


def answer(survey: Survey, function: str, value: int, count: int) -> None:
    """So many people of a function give every symptom the same answer."""
    cells = list(Cell.objects.filter(survey=survey))
    cell = next((one for one in cells if function in str(one.groups)), cells[0])
    for _ in range(count):
        Response.objects.create(survey=survey, cell=cell, answers=dict.fromkeys(BY_CODE, value))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symptom_has_its_words_in_each_language(language: str) -> None:
    words = symptoms(language)
    assert list(words) == list(BY_CODE)
    for one in words.values():
        assert one.statement.endswith(".")
        assert len(one.statement) < 160
        assert len(one.pain) < 120
    assert len({one.statement for one in words.values()}) == len(BY_CODE)


def test_one_person_has_a_result_at_once_and_a_day_to_look_again() -> None:
    diagnosis = started(world.ines(), pm_time=5, oral_mode=5, field_uninformed=5)
    assert (diagnosis.state, diagnosis.result["verdict"]) == (DiagnosisState.DONE, "yes")
    assert diagnosis.next_on == world.TODAY + dt.timedelta(days=182)
    reading = read(diagnosis, [])
    assert reading.is_one_view
    assert len(reading.proposals) == 3
    assert [count for _name, count in reading.populations] == [1]


def test_a_few_answers_say_too_little() -> None:
    entry = actions.start_diagnosis(actor=world.ines(), answers={"pm_time": 5}, language="en", now=world.NOW)
    diagnosis = Diagnosis.objects.get(pk=entry.object_id or 0)
    assert diagnosis.result["verdict"] == "too_little"
    assert (read(diagnosis, []).reasons, read(diagnosis, []).shape) == ([], "")


@pytest.mark.parametrize("wrong", [{"pm_time": 6}, {"pm_time": 0}, {"weather": 3}])
def test_answers_that_are_none_of_the_test_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(actions.UnknownAnswer):
        actions.start_diagnosis(actor=world.ines(), answers=wrong, language="en", now=world.NOW)


def test_figures_come_from_the_organisation_and_say_when_they_do_not_know() -> None:
    small()
    found = figures_on(world.TODAY)
    assert (found.people, found.teams, found.makers) == (7, 2, 5)
    assert (found.field_per_pm, found.teams_per_pm) == (1.0, 2.0)
    assert found.growth_12 is None
    assert found.never_heard == 1.0


def test_growth_counts_those_who_were_there_a_year_ago() -> None:
    team = unit("Team")
    for at in range(20):
        person(f"Old {at}", team, joined_on=LONG_AGO)
    for at in range(5):
        person(f"New {at}", team, joined_on=world.TODAY - dt.timedelta(days=100))
    found = figures_on(world.TODAY)
    assert (found.growth_12, found.growth_6) == (0.25, 0.25)
    Person.objects.filter(name__startswith="Old").update(joined_on=None)
    assert figures_on(world.TODAY).growth_12 is None


def test_populations_are_asked_by_the_survey_engine_and_then_decide() -> None:
    ines = world.ines()
    crowd(Function.PRODUCT, 6)
    crowd(Function.SALES, 7)
    diagnosis = started(ines)
    assert diagnosis.result["verdict"] == "not_yet"
    actions.ask_populations(
        actor=ines,
        diagnosis=diagnosis,
        populations=[Population.PRODUCT, Population.FIELD],
        closes_on=SOON,
        now=world.NOW,
    )
    diagnosis.refresh_from_db()
    survey = diagnosis.survey
    assert survey is not None
    assert diagnosis.state == DiagnosisState.ASKING
    assert (survey.kind, survey.cut, survey.subject_id) == ("diagnosis", "function", diagnosis.pk)
    assert (survey.questions.count(), Invitation.objects.count()) == (18, 13)
    answer(survey, Function.PRODUCT, 5, 6)
    answer(survey, Function.SALES, 2, 7)
    actions.conclude_diagnosis(actor=ines, diagnosis=diagnosis, now=world.NOW + dt.timedelta(days=9))
    diagnosis.refresh_from_db()
    reading = read(diagnosis, [])
    assert (diagnosis.state, reading.verdict, reading.is_one_view) == (DiagnosisState.DONE, "yes", False)
    assert diagnosis.result["counts"] == {"product": 6, "field": 7}
    assert len(reading.gaps) == 18
    assert (reading.gaps[0].high, reading.gaps[0].low) == (5.0, 2.0)
    assert reading.lines[0].own == 1


def test_a_population_of_fewer_than_five_answers_is_not_shown_by_itself() -> None:
    ines = world.ines()
    crowd(Function.PRODUCT, 9)
    crowd(Function.LEADERSHIP, 4)
    diagnosis = started(ines)
    asked = [Population.PRODUCT, Population.LEADERS]
    actions.ask_populations(actor=ines, diagnosis=diagnosis, populations=asked, closes_on=SOON, now=world.NOW)
    diagnosis.refresh_from_db()
    assert diagnosis.survey is not None
    cells = list(Cell.objects.filter(survey=diagnosis.survey))
    assert all(cell.invited_count >= 5 for cell in cells)
    answer(diagnosis.survey, Function.PRODUCT, 5, 6)
    actions.conclude_diagnosis(actor=ines, diagnosis=diagnosis, now=world.NOW + dt.timedelta(days=3))
    diagnosis.refresh_from_db()
    assert Population.LEADERS not in diagnosis.result["counts"]
    assert all(count >= 5 for count in diagnosis.result["counts"].values())


def test_nobody_is_asked_where_fewer_than_five_can_be_reached() -> None:
    ines = world.ines()
    crowd(Function.PRODUCT, 4)
    diagnosis = started(ines)
    for chosen in ([Population.PRODUCT], []):
        with pytest.raises(actions.NobodyChosen):
            actions.ask_populations(
                actor=ines, diagnosis=diagnosis, populations=chosen, closes_on=SOON, now=world.NOW
            )
    assert not Survey.objects.exists()


def test_when_its_survey_closes_by_itself_the_job_concludes() -> None:
    ines = world.ines()
    crowd(Function.PRODUCT, 6)
    diagnosis = started(ines)
    actions.ask_populations(
        actor=ines, diagnosis=diagnosis, populations=[Population.PRODUCT], closes_on=SOON, now=world.NOW
    )
    diagnosis.refresh_from_db()
    assert diagnosis.survey is not None
    assert not something_to_conclude()
    answer(diagnosis.survey, Function.PRODUCT, 4, 5)
    from vertebra.evidence.actions.surveys import close_survey

    close_survey(actor=None, survey=diagnosis.survey, now=world.NOW)
    assert something_to_conclude()
    assert conclude_diagnoses.func() == 1
    diagnosis.refresh_from_db()
    assert diagnosis.state == DiagnosisState.DONE
    assert AuditEntry.objects.filter(kind="diagnosis", verb="settle", actor=None).exists()


def test_two_diagnoses_are_compared_and_one_that_says_too_little_is_passed_over() -> None:
    ines = world.ines()
    first = started(ines, pm_time=5, oral_mode=5)
    actions.start_diagnosis(actor=ines, answers={}, language="en", now=world.NOW)
    later = started(ines, days=190, pm_time=2, oral_mode=5)
    assert previous(later) == first
    told = [(one.before, one.now, one.is_better) for one in read(later, [], first).moved]
    assert told == [(5.0, 2.0, True)]


def test_it_is_kept_to_product_ops() -> None:
    diagnosis = started(world.ines())
    for user in (world.lea(), world.ada()):
        client = signed_in(user)
        assert client.get(reverse("discovery:diagnosis-list")).status_code == 403
        assert client.get(reverse("discovery:diagnosis-show", args=(diagnosis.pk,))).status_code == 403


def test_the_test_is_answered_on_its_page_and_leads_to_its_result() -> None:
    client = signed_in(world.ines())
    assert client.get(reverse("discovery:diagnosis-create")).status_code == 200
    back = client.post(reverse("discovery:diagnosis-create"), dict.fromkeys(list(BY_CODE)[:12], "4"))
    diagnosis = Diagnosis.objects.get()
    assert back["Location"] == reverse("discovery:diagnosis-show", args=(diagnosis.pk,))
    assert len(diagnosis.own_answers) == 12
    bad = client.post(reverse("discovery:diagnosis-create"), {"pm_time": "9"})
    assert bad.status_code == 422


def test_a_pain_point_it_proposes_is_raised_with_the_diagnosis_as_evidence() -> None:
    ines = world.ines()
    diagnosis = started(ines, pm_time=5, oral_mode=5)
    client = signed_in(ines)
    page = client.get(reverse("discovery:diagnosis-show", args=(diagnosis.pk,)))
    url = next(url for words, url in page.context["proposals"] if words.code == "pm_time")
    shown = client.get(url)
    assert shown.context["form"].initial["title"] == symptoms("fr")["pm_time"].pain
    client.post(url, {"title": "Product managers lack time", "severity": "2", "field": ""})
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.object_id) == ("diagnosis", diagnosis.pk)
    assert evidence.pain_point.title == "Product managers lack time"


def test_it_speaks_of_the_companys_own_fields_and_of_domains_that_none_covers() -> None:
    diagnosis = started(world.ines(), pm_time=5, oral_mode=5)
    assert [one.field_id for one in read(diagnosis, []).fields] == [None] * 5
    rites = Field.objects.create(name="Rites", domains=["process", "knowledge"])
    unsaid = Field.objects.create(name="Not said yet", position=1)
    told = read(diagnosis, [rites, unsaid]).fields
    assert (told[0].label, told[0].field_id) == ("Rites", rites.pk)
    assert "Rites" not in [one.label for one in told[1:]]
    assert len(told) == 4, "three domains that no field covers bear our words"
    assert field_of("oral_mode", [unsaid, rites]) == rites
    assert field_of("impact_unmeasured", [unsaid, rites]) is None


def test_a_pain_point_is_proposed_in_the_field_that_covers_it() -> None:
    ines = world.ines()
    diagnosis = started(ines, pm_time=5, oral_mode=5)
    client, show = signed_in(ines), reverse("discovery:diagnosis-show", args=(diagnosis.pk,))
    field = Field.objects.create(name="Rites", domains=["process"])
    page = client.get(show)
    assert "Rites" in page.content.decode()
    assert reverse("org:field-list") in page.content.decode(), "where one says what the rest is covered by"
    url = next(url for words, url in page.context["proposals"] if words.code == "pm_time")
    assert f'<option value="{field.pk}" selected>' in client.get(url).content.decode()


def test_whom_it_points_to_are_those_who_live_with_what_is_strong() -> None:
    strong = {"reasons": [{"symptom": "pm_time"}, {"symptom": ""}]}
    populations = {"leaders": {"pm_time": 2.0}, "product": {"pm_time": 4.5}, "others": {"pm_time": 5.0}}
    asked = Diagnosis(result={**strong, "populations": populations})
    assert whom_to_hear(asked) == ("product",)
    alone = Diagnosis(result={**strong, "populations": {"self": {}}, "strengths": {"impact_unmeasured": 1.0}})
    assert whom_to_hear(alone) == ("product", "data")
    assert whom_to_hear(Diagnosis(result={})) == ()


def test_a_campaign_begins_with_whom_and_the_guide_that_the_diagnosis_points_to() -> None:
    ines = world.ines()
    crowd(Function.DATA, 2)
    diagnosis = started(ines, impact_unmeasured=5, data_waiting=5, pm_time=5)
    client = signed_in(ines)
    url = client.get(reverse("discovery:diagnosis-show", args=(diagnosis.pk,))).context["campaign_url"]
    form = client.get(url).context["form"]
    assert form.initial["guide"].function == Function.DATA, "nobody works in the other functions"
    fields = {"title": form.initial["title"], "language": "fr", "guide": form.initial["guide"].pk}
    back = client.post(url, fields)["Location"]
    wished = client.get(back).context
    assert wished["wish"].functions == (Function.DATA,)
    assert (wished["wish"].unheard, wished["choice"].fitting) == ("3", 2)
    plain = client.get(reverse("discovery:campaign-create")).context["form"]
    assert plain.initial["guide"] == ""


def test_pages_take_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ines = world.ines()
    for days in (0, 190, 400):
        diagnosis = started(ines, days=days, pm_time=5, oral_mode=5)
    client = signed_in(ines)
    for url in (
        reverse("discovery:diagnosis-list"),
        reverse("discovery:diagnosis-show", args=(diagnosis.pk,)),
        reverse("discovery:diagnosis-create"),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
