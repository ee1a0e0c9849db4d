"""People report empty spaces, take them, explain them, merge them; each of it is told, audited and undone."""

import datetime as dt

import pytest

from tests import world
from tests.org.company import person, unit
from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, Message, User, Watch
from vertebra.org.actions import empty_spaces as actions
from vertebra.org.actions.empty_spaces import Said
from vertebra.org.empty_spaces import Neighbour, look_alikes
from vertebra.org.labels import SpaceState
from vertebra.org.models import EmptySpace, EmptySpaceReport

pytestmark = pytest.mark.django_db


def neighbour(name: str) -> Neighbour:
    return Neighbour("unit", unit(name).pk, name)


def said(sentence: str = "Refunds after a dispute", *names: Neighbour | str) -> Said:
    told = [
        one if isinstance(one, Neighbour) else Neighbour("word", 0, one)
        for one in names or ("Billing", "Cash")
    ]
    return Said(sentence, told, "en")


def reported(actor: User | None = None, *args: object) -> EmptySpace:
    entry = actions.report_space(actor=actor or world.lea(), said=said(*args), now=world.NOW)  # type: ignore[arg-type]
    return EmptySpace.objects.get(pk=entry.object_id or 0)


def test_a_report_keeps_the_sentence_the_neighbours_and_who_follows() -> None:
    lea = world.lea()
    billing = neighbour("Billing")
    space = reported(lea, "  Refunds   after a dispute ", billing, "The shop floor")
    assert (space.sentence, space.report_count, space.state) == (
        "Refunds after a dispute",
        1,
        SpaceState.OPEN,
    )
    assert sorted((row.unit_id or 0, row.name) for row in space.neighbours.all()) == [
        (0, "The shop floor"),
        (billing.id, ""),
    ]
    assert Watch.objects.filter(user=lea, kind="empty_space", object_id=space.pk).exists()
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id) == ("report", lea, space.pk)


def test_an_empty_space_needs_two_different_neighbours_and_words() -> None:
    lea = world.lea()
    billing = neighbour("Billing")
    with pytest.raises(actions.TooFewNeighbours):
        actions.report_space(actor=lea, said=said("Refunds", billing, billing), now=world.NOW)
    with pytest.raises(actions.TooFewNeighbours):
        actions.report_space(actor=lea, said=said("Refunds", "Cash", "CASH"), now=world.NOW)
    with pytest.raises(actions.NothingSaid):
        actions.report_space(actor=lea, said=said("   "), now=world.NOW)
    assert not EmptySpace.objects.exists()


def test_a_second_report_adds_to_the_first_once_for_each_person() -> None:
    space, karim = reported(), world.karim()
    actions.report_space(
        actor=karim, said=said("refunds", "Billing", "Support"), adds_to=space, now=world.NOW
    )
    space.refresh_from_db()
    assert (space.report_count, EmptySpace.objects.count()) == (2, 1)
    assert sorted(row.name for row in space.neighbours.all()) == ["Billing", "Cash", "Support"]
    with pytest.raises(actions.ReportedBefore):
        actions.report_space(actor=karim, said=said("again"), adds_to=space, now=world.NOW)


def test_undoing_a_report_takes_everything_back() -> None:
    lea = world.lea()
    reported(lea)
    audit.undo(actor=lea, entry=AuditEntry.objects.get(), now=world.NOW)
    assert not EmptySpace.objects.exists()
    assert not EmptySpaceReport.objects.exists()
    assert not Watch.objects.exists()


def test_a_report_somebody_added_to_is_not_undone() -> None:
    lea = world.lea()
    space = reported(lea)
    first = AuditEntry.objects.get()
    actions.report_space(actor=world.karim(), said=said("refunds"), adds_to=space, now=world.NOW)
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=lea, entry=first, now=world.NOW)


def test_a_report_on_what_was_explained_opens_it_again() -> None:
    space = reported()
    actions.explain_space(actor=world.ines(), space=space, reason="The bank does it.", now=world.NOW)
    actions.report_space(actor=world.karim(), said=said("refunds"), adds_to=space, now=world.NOW)
    space.refresh_from_db()
    assert (space.state, space.reason) == (SpaceState.OPEN, "")


def test_whoever_takes_it_is_its_owner_and_those_who_reported_are_told() -> None:
    lea, karim = world.lea(), world.karim()
    space = reported(lea)
    me = person("Karim Diallo", user=karim)
    actions.take_space(actor=karim, space=space, now=world.NOW)
    space.refresh_from_db()
    assert (space.state, space.owner) == (SpaceState.BEING_FILLED, me)
    assert [(m.to_user, m.particulars["owner"]) for m in Message.objects.all()] == [(lea, "Karim Diallo")]
    with pytest.raises(NothingChanges):
        actions.take_space(actor=karim, space=space, now=world.NOW)


def test_an_account_that_is_nobody_of_the_organisation_takes_nothing() -> None:
    with pytest.raises(actions.NobodyYouAre):
        actions.take_space(actor=world.ines(), space=reported(), now=world.NOW)


def test_somebody_proposed_is_asked_and_nothing_else_changes() -> None:
    space, karim = reported(), world.karim()
    them = person("Karim Diallo", user=karim)
    actions.propose_owner(actor=world.ines(), space=space, person=them, now=world.NOW)
    space.refresh_from_db()
    assert (space.state, space.owner) == (SpaceState.OPEN, them)
    asked = Message.objects.get(to_user=karim)
    assert asked.template == "empty_space_proposed"
    assert asked.address == f"/organisation/empty-spaces/{space.pk}/"


def test_explaining_needs_a_reason_that_stays_until_it_is_undone() -> None:
    space, ines = reported(), world.ines()
    with pytest.raises(actions.NoReason):
        actions.explain_space(actor=ines, space=space, reason="  ", now=world.NOW)
    entry = actions.explain_space(actor=ines, space=space, reason="The bank does it.", now=world.NOW)
    space.refresh_from_db()
    assert (space.state, space.reason) == (SpaceState.EXPLAINED, "The bank does it.")
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    space.refresh_from_db()
    assert (space.state, space.reason) == (SpaceState.OPEN, "")


def test_the_states_follow_one_another_and_each_leaves_one_entry() -> None:
    space, ines = reported(), world.ines()
    for act, state in (
        (actions.start_filling, SpaceState.BEING_FILLED),
        (actions.fill_space, SpaceState.FILLED),
        (actions.reopen_space, SpaceState.OPEN),
    ):
        act(actor=ines, space=space, now=world.NOW)
        space.refresh_from_db()
        assert space.state == state
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "report",
        "start",
        "fill",
        "reopen",
    ]


def test_merging_brings_reports_neighbours_and_followers_along_and_can_be_undone() -> None:
    lea, karim, ines = world.lea(), world.karim(), world.ines()
    kept = reported(lea, "Refunds after a dispute", "Billing", "Cash")
    other = reported(karim, "Money back", "Cash", "Support")
    actions.report_space(actor=lea, said=said("money back"), adds_to=other, now=world.NOW)
    entry = actions.merge_spaces(actor=ines, kept=kept, duplicate=other, now=world.NOW)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.report_count, other.merged_into, other.archived_at) == (2, kept, world.NOW)
    assert sorted(row.name for row in kept.neighbours.all()) == ["Billing", "Cash", "Support"]
    assert Watch.objects.filter(user=karim, object_id=kept.pk).exists()
    with pytest.raises(actions.NotAMerge):
        actions.merge_spaces(actor=ines, kept=kept, duplicate=other, now=world.NOW)
    with pytest.raises(actions.NotAMerge):
        actions.fill_space(actor=ines, space=other, now=world.NOW)
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    other.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.report_count, other.merged_into, other.archived_at) == (1, None, None)
    assert other.reports.count() == 2


def test_a_report_on_a_merged_one_adds_to_the_one_that_was_kept() -> None:
    kept, other = reported(world.lea(), "Refunds"), reported(world.karim(), "Money back")
    actions.merge_spaces(actor=world.ines(), kept=kept, duplicate=other, now=world.NOW)
    entry = actions.report_space(actor=world.ada(), said=said("money"), adds_to=other, now=world.NOW)
    assert entry.object_id == kept.pk


def test_what_is_said_in_like_words_is_found_whatever_accents_and_order() -> None:
    known = reported(world.lea(), "Les remboursements après un litige", "Facturation", "Espèces")
    reported(world.karim(), "La documentation de l’API publique", "Plateforme", "Partenaires")
    for words in (
        "remboursements apres litige",
        "Après un litige, les remboursements",
        "remboursement après litige",
    ):
        assert [one.space.pk for one in look_alikes(words)] == [known.pk], words
    assert look_alikes("les congés du support") == []
    assert look_alikes("les") == []


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ("Les commandes des clients allemands", "Les factures des clients espagnols"),
        ("La documentation de l’API publique", "La sécurité de l’API interne"),
        ("Le premier mois d’un client", "Le premier entretien d’un candidat"),
    ],
)
def test_what_only_shares_small_words_is_not_offered(known: str, words: str) -> None:
    reported(world.lea(), known)
    assert look_alikes(words) == []


def test_messages_of_changes_go_once_to_each_follower_and_not_to_who_did_it() -> None:
    lea = world.lea()
    space = reported(lea)
    actions.start_filling(actor=lea, space=space, now=world.NOW + dt.timedelta(hours=1))
    assert not Message.objects.exists()
    actions.fill_space(actor=world.ines(), space=space, now=world.NOW)
    assert [m.to_user for m in Message.objects.all()] == [lea]
