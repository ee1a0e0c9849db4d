"""Merging and splitting pain points keep their evidence, and can be taken back."""

import pytest

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Link, User, Watch
from vertebra.discovery.actions.pain_merges import NotAMerge, NotASplit, merge_pain_points, split_pain_point
from vertebra.discovery.actions.pain_points import EvidenceDraft, tie_evidence
from vertebra.discovery.actions.pain_states import Circle, move_pain_point
from vertebra.discovery.models import Evidence, PainPoint, QuickWin
from vertebra.org.labels import Function

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


def two(ines: User) -> tuple[PainPoint, PainPoint]:
    """Two pain points that share one person and one empty space."""
    team = company.unit("Cash desk")
    lea, tom = company.person("Lea", team, Function.SALES), company.person("Tom", team, Function.SALES)
    kept = hurting(ines, heard(lea, team, Function.SALES), title="Nobody tells sales")
    gone = hurting(ines, heard(lea, team, "sales"), heard(tom, team, "sales"), title="Sales is told nothing")
    for pain in (kept, gone):
        draft = EvidenceDraft(kind=Kind.EMPTY_SPACE, object_id=4)
        tie_evidence(actor=ines, pain_point=pain, draft=draft, now=NOW)
    return kept, gone


def live(pain: PainPoint) -> int:
    return Evidence.objects.filter(pain_point=pain, ended_at__isnull=True).count()


def test_merging_carries_evidence_once_and_ends_what_it_was(ines: User) -> None:
    kept, gone = two(ines)
    QuickWin.objects.create(pain_point=gone, title="One channel", language="en", created_at=NOW)
    merge_pain_points(actor=ines, kept=kept, duplicate=gone, now=NOW)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (live(kept), live(gone)) == (4, 0)
    assert (kept.people_count, kept.evidence_count, gone.people_count) == (2, 4, 0)
    assert gone.merged_into_id == kept.pk and gone.archived_at == NOW
    assert QuickWin.objects.get().pain_point_id == kept.pk
    assert Evidence.objects.filter(pain_point=gone, ended_at=NOW).count() == 3
    links = Link.objects.filter(to_kind=Kind.PAIN_POINT, ended_at__isnull=True)
    assert set(links.values_list("to_id", flat=True)) == {kept.pk}


def test_a_merge_is_taken_back_whole(ines: User) -> None:
    kept, gone = two(ines)
    entry = merge_pain_points(actor=ines, kept=kept, duplicate=gone, now=NOW)
    audit.undo(actor=ines, entry=entry, now=NOW)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (live(kept), live(gone), gone.merged_into_id) == (2, 3, None)
    assert (kept.people_count, gone.people_count) == (1, 2)


def test_followers_come_along(ines: User) -> None:
    kept, gone = two(ines)
    lea = world.lea()
    Watch.objects.create(user=lea, kind=Kind.PAIN_POINT, object_id=gone.pk, since_at=NOW)
    merge_pain_points(actor=ines, kept=kept, duplicate=gone, now=NOW)
    assert Watch.objects.filter(user=lea, object_id=kept.pk).exists()


def test_a_pain_point_is_not_merged_into_itself_nor_twice(ines: User) -> None:
    kept, gone = two(ines)
    with pytest.raises(NotAMerge):
        merge_pain_points(actor=ines, kept=kept, duplicate=kept, now=NOW)
    merge_pain_points(actor=ines, kept=kept, duplicate=gone, now=NOW)
    with pytest.raises(NotAMerge):
        merge_pain_points(actor=ines, kept=kept, duplicate=gone, now=NOW)


def test_merging_a_whole_into_its_part_leaves_no_circle(ines: User) -> None:
    kept, gone = two(ines)
    move_pain_point(actor=ines, pain_point=kept, parent=gone, now=NOW)
    merge_pain_points(actor=ines, kept=kept, duplicate=gone, now=NOW)
    kept.refresh_from_db()
    assert kept.parent_id is None


def test_splitting_leaves_evidence_on_both_sides_and_is_taken_back(ines: User) -> None:
    _kept, pain = two(ines)
    every = list(pain.evidence.filter(ended_at__isnull=True).order_by("pk"))
    with pytest.raises(NotASplit):
        split_pain_point(actor=ines, pain_point=pain, title="All", evidence=every, now=NOW)
    new = split_pain_point(actor=ines, pain_point=pain, title="Tom says else", evidence=every[1:2], now=NOW)
    pain.refresh_from_db()
    assert (live(pain), live(new), pain.people_count, new.people_count) == (2, 1, 1, 1)
    entry = AuditEntry.objects.get(verb="split")
    audit.undo(actor=ines, entry=entry, now=NOW)
    assert live(pain) == 3 and not PainPoint.objects.filter(pk=new.pk).exists()


def test_a_person_is_counted_once_in_a_branch_and_no_circle_is_made(ines: User) -> None:
    whole, part = two(ines)
    move_pain_point(actor=ines, pain_point=part, parent=whole, now=NOW)
    whole.refresh_from_db()
    assert (whole.people_count, whole.branch_count) == (1, 2)
    with pytest.raises(Circle):
        move_pain_point(actor=ines, pain_point=whole, parent=part, now=NOW)
