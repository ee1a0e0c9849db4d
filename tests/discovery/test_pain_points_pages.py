"""Pages of pain points, as Product Ops and as a reader sees them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Comment, User
from vertebra.discovery.actions.pain_points import EvidenceDraft, tie_evidence
from vertebra.discovery.actions.pain_states import confirm_pain_points, put_to_directors
from vertebra.discovery.labels import PainState
from vertebra.discovery.models import Evidence, PainPoint, Verbatim
from vertebra.org.labels import Function
from vertebra.org.models import EmptySpace, Person, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return world.ines()


def signed_in(user: User) -> Client:
    user.language = "en"
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    return client


def crowd(team: Unit, function: str, count: int, start: int = 0) -> list[Person]:
    return [company.person(f"{function} {start + n}", team, function) for n in range(count)]


def confirmed(
    ines: User, count: int = 7, title: str = "The field learns of releases from customers"
) -> PainPoint:
    team = company.unit(f"Cash desk {title[:9]}")
    people = crowd(team, Function.SALES, count)
    pain = hurting(ines, *[heard(one, team, Function.SALES) for one in people], title=title)
    confirm_pain_points(actor=ines, pain_points=[pain], now=world.NOW)
    pain.refresh_from_db()
    return pain


def test_a_reader_sees_what_is_confirmed_and_no_small_count(ines: User) -> None:
    large, small = confirmed(ines, 7), confirmed(ines, 3, "Nobody decides on refunds")
    raised = hurting(ines, heard(None, None, Function.SALES), title="Not looked at yet")
    page = signed_in(world.lea()).get(reverse("discovery:pain-point-list")).content.decode()
    assert large.title in page and small.title in page and raised.title not in page
    assert "at least 5" in page and "fewer than five" in page
    assert (
        signed_in(world.karim()).get(reverse("discovery:pain-point-show", args=[raised.pk])).status_code
        == 404
    )


def test_product_ops_sees_exact_counts(ines: User) -> None:
    confirmed(ines, 3)
    page = signed_in(ines).get(reverse("discovery:pain-point-show", args=[PainPoint.objects.get().pk]))
    assert "3 people · 1 team · 1 function" in page.content.decode()


def test_words_are_for_product_ops_alone_and_sides_face_each_other(ines: User) -> None:
    pain = confirmed(ines, 6)
    team = company.unit("Design team")
    for one in crowd(team, Function.DESIGN, 5):
        said = heard(one, team, Function.DESIGN, text="We draw for nobody.")
        tie_evidence(actor=ines, pain_point=pain, draft=EvidenceDraft(verbatim=said), now=world.NOW)
    address = reverse("discovery:pain-point-voices", args=[pain.pk])
    reader = signed_in(world.lea()).get(address).content.decode()
    assert "We draw for nobody." not in reader and "I learn of it" not in reader


def test_raising_from_an_empty_space_takes_one_gesture(ines: User) -> None:
    space = EmptySpace.objects.create(
        sentence="Refunds after a dispute", language="en", first_seen_on=world.TODAY, latest_seen_on=world.TODAY,
        changed_at=world.NOW,
    )  # fmt: skip
    client = signed_in(ines)
    address = f"{reverse('discovery:pain-point-create')}?kind=empty_space&id={space.pk}"
    page = client.get(address)
    assert 'value="Refunds after a dispute"' in page.content.decode()
    answer = client.post(address, {"title": "Refunds after a dispute", "severity": "3"})
    pain = PainPoint.objects.get()
    assert answer["Location"] == reverse("discovery:pain-point-show", args=[pain.pk])
    assert pain.evidence.get().kind == Kind.EMPTY_SPACE
    assert client.post(address, {"title": "", "same_as": str(pain.pk)}).status_code == 302
    assert pain.evidence.count() == 1


def test_a_merged_pain_point_leads_to_the_other(ines: User) -> None:
    kept, gone = confirmed(ines, 6), confirmed(ines, 5, "Sales is told nothing")
    client = signed_in(ines)
    client.post(reverse("discovery:pain-point-merge", args=[kept.pk]), {"duplicate": str(gone.pk)})
    answer = client.get(reverse("discovery:pain-point-show", args=[gone.pk]))
    assert answer["Location"] == reverse("discovery:pain-point-show", args=[kept.pk])
    kept.refresh_from_db()
    assert kept.people_count == 11


def test_several_are_confirmed_at_once_and_dismissing_needs_a_reason(ines: User) -> None:
    pains = [hurting(ines, heard(None, None, Function.SALES), title=f"Pain {n}") for n in range(3)]
    client = signed_in(ines)
    address = reverse("discovery:pain-point-together")
    ids = [str(one.pk) for one in pains]
    client.post(address, {"verb": "confirm", "selected": ids})
    assert PainPoint.objects.filter(state=PainState.CONFIRMED).count() == 3
    client.post(address, {"verb": "dismiss", "selected": ids})
    assert not PainPoint.objects.filter(state=PainState.DISMISSED).exists()
    client.post(address, {"verb": "dismiss", "selected": ids, "reason": "Being replaced in spring."})
    assert PainPoint.objects.filter(state=PainState.DISMISSED).count() == 3


def test_topics_ready_for_the_directors_are_listed_and_taken_back(ines: User) -> None:
    pain = confirmed(ines, 6)
    put_to_directors(actor=ines, pain_points=[pain], now=world.NOW)
    page = signed_in(world.lea()).get(reverse("discovery:pain-point-directors")).content.decode()
    assert pain.title in page
    signed_in(ines).post(reverse("discovery:pain-point-taking-back", args=[pain.pk]))
    pain.refresh_from_db()
    assert pain.to_directors_on is None


def test_pairs_count_what_hurts_both(ines: User) -> None:
    team = company.unit("Cash desk")
    sales, design = crowd(team, Function.SALES, 6), crowd(team, Function.DESIGN, 6)
    pain = hurting(ines, heard(sales[0], team, Function.SALES), heard(design[0], team, Function.DESIGN))
    confirm_pain_points(actor=ines, pain_points=[pain], now=world.NOW)
    page = signed_in(world.lea()).get(reverse("discovery:pain-point-pairs")).content.decode()
    assert "Design" in page and "?function=design&amp;with=sales" in page
    listed = signed_in(ines).get(
        reverse("discovery:pain-point-list"), {"function": "design", "with": "sales"}
    )
    assert pain.title in listed.content.decode()


def test_five_thousand_words_on_one_pain_point_stay_light(ines: User) -> None:
    pain = confirmed(ines, 6)
    said = Verbatim.objects.get(evidence=pain.evidence.order_by("pk")[0])
    made = [
        Verbatim(
            interview=said.interview, text=f"It is said again, {n}. " * 4, language="en",
            function=Function.SALES, said_on=world.TODAY, created_at=world.NOW,
        )
        for n in range(5000)
    ]  # fmt: skip
    Verbatim.objects.bulk_create(made, batch_size=500)
    Evidence.objects.bulk_create(
        [
            Evidence(
                pain_point=pain, verbatim=one, function=Function.SALES, seen_on=world.TODAY, made_at=world.NOW
            )
            for one in made
        ],
        batch_size=500,
    )
    for name in ("discovery:pain-point-voices", "discovery:pain-point-show"):
        client = signed_in(ines)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(name, args=[pain.pk]))
        assert len(page.content) < 150_000
        assert len(queries) <= 12, "\n".join(query["sql"][-200:] for query in queries)


def test_the_tree_indents_what_is_part_of_another(ines: User) -> None:
    whole, part = confirmed(ines, 6), confirmed(ines, 5, "Sales is told nothing")
    signed_in(ines).post(
        reverse("discovery:pain-point-move", args=[part.pk]), {"parent": f"{whole.title} #{whole.pk}"}
    )
    part.refresh_from_db()
    whole.refresh_from_db()
    assert part.parent_id == whole.pk and whole.branch_count == 11
    page = signed_in(ines).get(reverse("discovery:pain-point-list"), {"view": "tree"}).content.decode()
    assert 'data-depth="1"' in page


def test_the_history_does_not_tell_each_word_tied(ines: User) -> None:
    pain = confirmed(ines, 6)
    tie_evidence(
        actor=ines, pain_point=pain, draft=EvidenceDraft(verbatim=heard(None, None, "sales")), now=world.NOW
    )
    page = signed_in(world.lea()).get(reverse("discovery:pain-point-show", args=[pain.pk])).content.decode()
    assert "confirmed" in page and "linked" not in page
    assert not Comment.objects.exists()


def test_raising_needs_what_shows_it(ines: User) -> None:
    page = signed_in(ines).get(reverse("discovery:pain-point-create")).content.decode()
    assert "something that shows it" in page
