"""What Product Ops keeps to itself is told to nobody by its name: in no list, entry, history, refusal, file or API."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts import audit
from vertebra.accounts.actions.comments import add_comment
from vertebra.accounts.actions.tokens import make_token
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.discovery.actions.pain_states import confirm_pain_points, edit_pain_point
from vertebra.discovery.models import Audit, PainPoint
from vertebra.kit.cards import Card
from vertebra.org.labels import Function
from vertebra.org.models import Unit
from vertebra.web.open_export import export_to

pytestmark = pytest.mark.django_db
SECRET = "Xavier shouts at everybody"


@pytest.fixture
def ines() -> User:
    cache.clear()
    return world.account("Ines Barbier", Role.PRODUCT_OPS, language="en")


@pytest.fixture
def ada() -> User:
    return world.account("Ada Lind", Role.ADMINISTRATOR, language="en")


@pytest.fixture
def pain(ines: User) -> PainPoint:
    """A pain point that is only raised, discussed by Product Ops."""
    made = hurting(ines, heard(None, None, Function.SALES), title=SECRET)
    card = Card(Kind.PAIN_POINT, made.pk, made.title, "/")
    add_comment(actor=ines, card=card, body=f"I heard: {SECRET}", now=world.NOW)
    return made


def record(ines: User, kind: str, object_id: int) -> AuditEntry:
    return audit.record(
        actor=ines, verb="change", kind=kind, object_id=object_id, object_name=SECRET, now=world.NOW,
        particulars={"changes": {"title": ["", SECRET]}, "to_name": SECRET},
    )  # fmt: skip


def body_of(client: Client, page: str) -> str:
    answer = client.get(page)
    found = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return found.decode()


def test_who_runs_the_instance_reads_kind_and_number_alone(
    client: Client, ines: User, ada: User, pain: PainPoint
) -> None:
    for kind in (Kind.AUDIT, Kind.SURVEY, Kind.QUICK_WIN, Kind.CHARTER):
        record(ines, kind, 7)
    entries = AuditEntry.objects.values_list("pk", flat=True)
    pages = [reverse("accounts:audit-list"), reverse("accounts:audit-list") + "?format=csv"]
    pages += [reverse("accounts:entry-page", args=(pk,)) for pk in entries]
    client.force_login(ada)
    for page in pages:
        assert SECRET not in body_of(client, page), page
    assert f"pain point {pain.pk}" in body_of(client, pages[0])
    assert f"pain point {pain.pk}" in body_of(client, pages[1])
    assert not client.get(pages[0], {"q": "Xavier"}).context["listing"].rows
    client.force_login(ines)
    assert SECRET in body_of(client, pages[0])
    assert client.get(pages[0], {"q": "Xavier"}).context["listing"].rows


def test_the_api_tells_who_runs_the_instance_no_more(
    client: Client, ines: User, ada: User, pain: PainPoint
) -> None:
    record(ines, Kind.CAMPAIGN, 7)
    _token, raw = make_token(
        actor=ada, name="tool", scopes=["admin"], expires_at=world.NOW.replace(year=2027), now=world.NOW
    )
    answer = client.get("/api/v1/audit", headers={"authorization": f"Bearer {raw}"})
    assert SECRET not in answer.content.decode()
    assert {item["kind"] for item in answer.json()["items"]} >= {"pain_point", "comment", "campaign"}


def test_the_history_of_a_pain_point_does_not_tell_readers_what_it_was_called(
    client: Client, ines: User, pain: PainPoint
) -> None:
    edit_pain_point(actor=ines, pain_point=pain, title="Meetings are tense", now=world.NOW)
    pain.refresh_from_db()
    confirm_pain_points(actor=ines, pain_points=[pain], now=world.NOW)
    page = reverse("discovery:pain-point-show", args=(pain.pk,))
    client.force_login(world.account("Lea Roux", Role.READER, language="en"))
    told = body_of(client, page).replace(f"I heard: {SECRET}", "")
    assert "Meetings are tense" in told
    assert SECRET not in told
    client.force_login(ines)
    assert SECRET in body_of(client, page).replace(f"I heard: {SECRET}", "")


def test_who_left_product_ops_is_told_no_names_of_what_they_still_follow(
    client: Client, ines: User, pain: PainPoint
) -> None:
    lea = world.account("Lea Roux", Role.READER, language="en")
    Watch.objects.create(user=lea, kind=Kind.PAIN_POINT, object_id=pain.pk, since_at=world.NOW)
    client.force_login(lea)
    told = body_of(client, reverse("web:home-changes"))
    assert SECRET not in told
    assert f"pain point {pain.pk}" in told


def test_refusing_to_undo_tells_no_words_of_what_rests_on_it(ines: User) -> None:
    karim = world.karim()
    tracker = audit.Tracker()
    unit = Unit(created_at=world.NOW)
    tracker.create(unit)
    entry = audit.record(
        actor=karim, verb="create", kind=Kind.UNIT, object_id=unit.pk, now=world.NOW, rows=tracker.changes
    )
    said = heard(None, unit, Function.SALES, text=SECRET)
    tracker = audit.Tracker()
    tracker.change(said, text=f"{SECRET}!")
    audit.record(
        actor=ines, verb="change", kind=Kind.VERBATIM, object_id=said.pk, now=world.NOW, rows=tracker.changes
    )
    with pytest.raises(audit.CannotUndo) as refused:
        audit.undo(actor=karim, entry=entry, now=world.NOW)
    assert SECRET not in str(refused.value)


def test_refusing_to_undo_names_no_private_thing_that_touched_it_since(ines: User) -> None:
    karim = world.karim()
    person = company.person("Zoe Martin")
    entries = []
    for actor, kind, name in ((karim, Kind.PERSON, "Zoe"), (ines, Kind.PAIN_POINT, SECRET)):
        tracker = audit.Tracker()
        tracker.change(person, title=name[:4])
        entries.append(
            audit.record(
                actor=actor,
                verb="change",
                kind=kind,
                object_id=9,
                object_name=name,
                now=world.NOW,
                rows=tracker.changes,
            )
        )
    reason = audit.why_not_undoable(entries[0], world.NOW)
    assert "pain point 9" in reason
    assert SECRET not in reason


@pytest.mark.django_db(transaction=True)
def test_the_open_export_holds_nothing_of_it(ines: User, pain: PainPoint, tmp_path: Path) -> None:
    Audit.objects.create(title=SECRET, language="en", number=1, created_at=world.NOW, changed_at=world.NOW)
    record(ines, Kind.AUDIT, 1)
    export_to(tmp_path / "export")
    assert SECRET not in "".join(path.read_text() for path in (tmp_path / "export").iterdir())
