"""What directors rank keeps its words; who stands behind it is told in steps; what is chosen is carried out once."""

from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.roadmap import table as t
from tests.roadmap.undertaken import browser
from vertebra.accounts import audit
from vertebra.accounts.labels import Role
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.models import Person
from vertebra.roadmap.actions.cycles import freeze_table, open_ranking, publish_cycle, reveal_rankings
from vertebra.roadmap.actions.decisions import CarriedOut, carry_out, decide, decide_rest
from vertebra.roadmap.actions.topics import OnTable, change_topic
from vertebra.roadmap.models import Cycle, Decision, Initiative, Topic, Voice
from vertebra.roadmap.queries.ranking_cards import board_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def lea() -> User:
    return world.english(world.account("Lea Roux", Role.CONTRIBUTOR))


@pytest.fixture(autouse=True)
def day(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.FIXED_NOW = world.NOW


@pytest.fixture
def cycle(ines: User, lea: User) -> Cycle:
    """A table with topics that Léa raised, collected."""
    t.directors()
    cycle = t.table(ines, rows=t.topics(lea), quorum=1)
    change_topic(actor=lea, topic=t.on(cycle)[0], changes={"description": "As it is\nnow"}, now=world.NOW)
    return cycle


def published(ines: User, cycle: Cycle) -> Decision:
    """Rank, choose the first, publish."""
    open_ranking(actor=ines, cycle=cycle, now=world.NOW)
    t.ranks(t.seats(cycle)[0], *t.on(cycle)[:2])
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    made = decide(
        actor=ines, topic=t.on(cycle)[0], cycle=cycle, verdict="chosen", what="We do it", why="It hurts",
        language="en", now=world.NOW,
    )  # fmt: skip
    decide_rest(actor=ines, cycle=cycle, why="No room", language="en", now=world.NOW)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    made.refresh_from_db()
    return made


def test_whoever_raised_a_topic_says_it_no_better_once_its_table_is_frozen(
    ines: User, lea: User, cycle: Cycle
) -> None:
    topic, client = t.on(cycle)[0], browser(lea)
    url = reverse("roadmap:topic-edit", args=(topic.pk,))
    given = {"title": "Said otherwise", "description": "Otherwise", "effort_days": "3"}
    assert client.get(url).status_code == 200
    freeze_table(actor=ines, cycle=cycle, now=world.NOW)
    assert client.get(url).status_code == 302 and client.post(url, given).status_code == 302
    page = client.get(reverse("roadmap:topic-show", args=(topic.pk,))).content.decode()
    assert "Say it better" not in page
    with pytest.raises(OnTable):
        change_topic(actor=lea, topic=topic, changes={"effort_days": 3}, now=world.NOW)
    published(ines, cycle)
    client.post(url, given)
    topic.refresh_from_db()
    assert (topic.title, topic.description) == (t.TITLES[0], "As it is\nnow")


def test_product_ops_sizes_what_is_ranked_and_leaves_its_words(ines: User, cycle: Cycle) -> None:
    freeze_table(actor=ines, cycle=cycle, now=world.NOW)
    topic = t.on(cycle)[0]
    with pytest.raises(OnTable):
        change_topic(actor=ines, topic=topic, changes={"title": "Said otherwise"}, now=world.NOW)
    given = {"title": "Said otherwise", "description": "Otherwise", "effort_days": "7"}
    assert browser(ines).post(reverse("roadmap:topic-edit", args=(topic.pk,)), given).status_code == 302
    topic.refresh_from_db()
    assert (topic.title, topic.description, topic.effort_days) == (t.TITLES[0], "As it is\nnow", 7)


def test_directors_read_the_description_of_the_freeze(ines: User, cycle: Cycle) -> None:
    freeze_table(actor=ines, cycle=cycle, now=world.NOW)
    Topic.objects.update(description="Otherwise")
    [first, *_rest] = board_of(cycle, t.seats(cycle)[0], {}).left
    assert first.description == "As it is\nnow"


def test_a_word_changed_before_the_freeze_is_not_taken_back_after_it(
    ines: User, lea: User, cycle: Cycle
) -> None:
    said = AuditEntry.objects.filter(verb="change", actor=lea).latest("pk")
    freeze_table(actor=ines, cycle=cycle, now=world.NOW)
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=lea, entry=said, now=world.NOW)


def test_what_was_decided_keeps_the_words_it_was_ranked_under(ines: User, cycle: Cycle) -> None:
    freeze_table(actor=ines, cycle=cycle, now=world.NOW)
    decision, client = published(ines, cycle), browser(ines)
    change_topic(actor=ines, topic=decision.topic, changes={"title": "Said otherwise"}, now=world.NOW)
    for url in (
        reverse("roadmap:decision-show", args=(decision.pk,)),
        reverse("roadmap:cycle-show", args=(cycle.pk,)),
        reverse("roadmap:cycle-result", args=(cycle.pk,)),
    ):
        page = client.get(url).content.decode()
        assert t.TITLES[0] in page and "Said otherwise" not in page, url


def test_a_decision_is_carried_out_by_one_initiative_however_many_tabs_ask(ines: User, cycle: Cycle) -> None:
    freeze_table(actor=ines, cycle=cycle, now=world.NOW)
    decision, client = published(ines, cycle), browser(ines)
    carry_out(actor=ines, decision=decision, kind="operating_model", now=world.NOW)
    with pytest.raises(CarriedOut):
        carry_out(actor=ines, decision=decision, kind="operating_model", now=world.NOW)
    answer = client.post(
        reverse("roadmap:decision-carrying-out", args=(decision.pk,)),
        {"title": "Again", "kind": "operating_model"},
    )
    assert answer.status_code == 422 and "carries it out already" in answer.content.decode()
    assert Initiative.objects.count() == 1


def test_readers_learn_in_steps_how_many_stand_behind_a_topic(ines: User, lea: User, cycle: Cycle) -> None:
    many, few, *_rest = t.on(cycle)
    for topic, count in ((many, 8), (few, 2)):
        for n in range(count - topic.voices.count()):
            person = Person.objects.create(name=f"P{n}", name_folded=f"p{n}", created_at=world.NOW)
            Voice.objects.create(topic=topic, person=person, language="en", since_at=world.NOW)
    url = reverse("roadmap:topic-list")
    page = browser(lea).get(f"{url}?sort=-voices").content.decode()
    assert "≥ 5" in page and "fewer than five" in page and page.index(many.title) < page.index(few.title)
    csv = b"".join(browser(lea).get(f"{url}?format=csv")).decode("utf-8-sig")
    told = {line.split(",")[0]: line for line in csv.splitlines()}
    assert ",≥ 5," in told[many.title] and ",fewer than five," in told[few.title]
    exact = b"".join(browser(ines).get(f"{url}?format=csv")).decode("utf-8-sig")
    assert any(line.startswith(many.title) and ",8," in line for line in exact.splitlines())
    for topic, said in ((many, "At least 5 people"), (few, "Fewer than five people")):
        page = browser(lea).get(reverse("roadmap:topic-show", args=(topic.pk,))).content.decode()
        assert said in page
