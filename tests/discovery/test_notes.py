"""Notes taken live: saved, sent twice, merged, kept beside when nobody but people can tell; nothing is lost."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import world
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.notes import (
    NotAsShown,
    Outcome,
    Saved,
    TooLong,
    save_notes,
    settle_copy,
)
from vertebra.discovery.models import Interview, NotesCopy
from vertebra.discovery.queries.two_texts import Keep, chosen

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return world.ines()


@pytest.fixture
def interview() -> Interview:
    return Interview.objects.create(
        function="support", language="fr", created_at=world.NOW, changed_at=world.NOW
    )


def save(user: User, interview: Interview, text: str, version: int, **given: object) -> Saved:
    return save_notes(
        actor=user,
        interview=interview,
        text=text,
        version=version,
        now=world.NOW,
        **given,  # type: ignore[arg-type]
    )


def test_a_save_is_kept_with_its_number_and_who_made_it(user: User, interview: Interview) -> None:
    saved = save(user, interview, "Trop tard.\r\nToujours.", 0, key="tab:1")
    interview.refresh_from_db()
    assert (saved.outcome, saved.version) == (Outcome.SAVED, 1)
    assert (interview.notes, interview.notes_by, interview.notes_at) == (
        "Trop tard.\nToujours.",
        user,
        world.NOW,
    )


def test_the_same_save_sent_twice_changes_nothing(user: User, interview: Interview) -> None:
    save(user, interview, "a", 0, key="tab:1")
    again = save(user, interview, "a", 0, key="tab:1")
    assert (again.outcome, again.version, NotesCopy.objects.count()) == (Outcome.SAME, 1, 0)


def test_an_answer_lost_on_the_way_is_given_again_after_a_merge(user: User, interview: Interview) -> None:
    save(user, interview, "a\nb", 0, key="one:1")
    save(user, interview, "A\nb", 1, key="one:2")
    merged = save(user, interview, "a\nB", 1, key="two:1", base="a\nb")
    again = save(user, interview, "a\nB", 1, key="two:1", base="a\nb")
    assert (merged.outcome, again.outcome) == (Outcome.MERGED, Outcome.SAME)
    assert merged.text == again.text == "A\nB"


def test_what_two_people_wrote_in_different_places_comes_together(user: User, interview: Interview) -> None:
    save(user, interview, "a\nb", 0)
    save(user, interview, "a!\nb", 1)
    saved = save(user, interview, "a\nb\nc", 1, base="a\nb")
    assert (saved.outcome, saved.text) == (Outcome.MERGED, "a!\nb\nc")


def test_the_common_text_is_asked_for_before_a_copy_is_kept(user: User, interview: Interview) -> None:
    save(user, interview, "a", 0)
    asked = save(user, interview, "b", 0, gives_up=False)
    assert (asked.outcome, NotesCopy.objects.count()) == (Outcome.ASKED, 0)
    assert save(user, interview, "b", 0).outcome == Outcome.KEPT


def test_a_window_that_writes_on_after_a_conflict_has_one_copy(user: User, interview: Interview) -> None:
    save(user, interview, "start", 0)
    save(user, interview, "theirs", 1)
    for at, text in enumerate(("mine", "mine and more", "mine and more")):
        saved = save(user, interview, text, 1, base="start", key=f"tab:{at}")
        assert saved.outcome == Outcome.KEPT
    copy = NotesCopy.objects.get()
    interview.refresh_from_db()
    assert (copy.text, interview.notes) == ("mine and more", "theirs")


def test_a_copy_is_settled_side_by_side(user: User, interview: Interview) -> None:
    save(user, interview, "start", 0)
    save(user, interview, "theirs", 1)
    copy = save(user, interview, "mine", 1, base="start", key="tab:1").copy
    assert copy is not None
    with pytest.raises(NotAsShown):
        settle_copy(actor=user, copy=copy, version=1, kept=[], now=world.NOW)
    settle_copy(actor=user, copy=copy, version=2, kept=[], now=world.NOW)
    interview.refresh_from_db()
    copy.refresh_from_db()
    assert (interview.notes, copy.merged_at) == ("theirs\nmine", world.NOW)


def test_a_while_of_typing_is_one_entry_that_tells_no_word(user: User, interview: Interview) -> None:
    for at in range(5):
        save_notes(
            actor=user, interview=interview, text=f"secret {at}", version=at,
            now=world.NOW + dt.timedelta(minutes=at),
        )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert "secret" not in f"{entry.object_name}{entry.particulars}"
    assert not entry.rows.exists()


def test_notes_have_an_end(user: User, interview: Interview) -> None:
    with pytest.raises(TooLong):
        save(user, interview, "x" * 500_001, 0)


TEXT = st.lists(st.sampled_from(["a", "b", "", "- c"]), max_size=6).map("\n".join)


@given(TEXT, TEXT, st.lists(st.sampled_from(list(Keep)), max_size=6))
def test_both_sides_stay_where_nothing_is_chosen(saved: str, other: str, kept: list[Keep]) -> None:
    both = chosen(saved, other, [])
    assert set(saved.split("\n")) | set(other.split("\n")) == set(both.split("\n"))
    assert chosen(saved, other, [Keep.SAVED] * 20) == saved or not saved
    assert set(chosen(saved, other, kept).split("\n")) <= set(both.split("\n")) | {""}


STEP = st.tuples(st.booleans(), st.integers(0, 6), st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=14))
def test_whoever_types_where_and_is_offline_when_no_line_is_lost(steps: list[tuple[bool, int, bool]]) -> None:
    user = User.objects.filter(email="ines@example.org").first() or world.ines()
    interview = Interview.objects.create(language="fr", created_at=world.NOW, changed_at=world.NOW)
    windows = [["", "", 0], ["", "", 0]]  # what is typed, the common text, its version
    typed = []
    for number, (is_first, place, is_online) in enumerate(steps):
        window = windows[0 if is_first else 1]
        lines = str(window[0]).split("\n")
        lines.insert(min(place, len(lines)), f"line {number}")
        typed.append(f"line {number}")
        window[0] = "\n".join(lines)
        if is_online:
            _send(user, interview, window, "one" if is_first else "two", number)
    for name, window in zip(("one", "two"), windows, strict=True):
        _send(user, interview, window, name, len(steps))
    interview.refresh_from_db()
    kept = [interview.notes, *interview.copies.values_list("text", flat=True)]
    assert all(any(line in text.split("\n") for text in kept) for line in typed)


def _send(user: User, interview: Interview, window: list[object], name: str, number: int) -> None:
    """What the room does with the answer."""
    text, base, version = str(window[0]), str(window[1]), int(str(window[2]))
    saved = save(user, interview, text, version, base=base, key=f"{name}:{number}")
    if saved.outcome != Outcome.KEPT:
        window[:] = [saved.text, saved.text, saved.version]
