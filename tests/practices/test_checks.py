"""Checks of a practice: chosen, tried on the past, switched on, counted by team, shown to whom they may be."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from tests import world
from tests.practices import tracked
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.expressions.names import FIELDS as NAMES
from vertebra.analysis.expressions.parsing import parse
from vertebra.analysis.expressions.tokens import Wrong
from vertebra.analysis.hygiene import Found
from vertebra.practices.actions import checks as actions
from vertebra.practices.frames import opened
from vertebra.practices.hygiene import CHECKS, library
from vertebra.practices.labels.checks import _WRONG as WRONG_SAID
from vertebra.practices.labels.checks import FIELDS, rule_said, wrong_said
from vertebra.practices.models import Check, CheckCount, CheckTrial, RuleSuggestion
from vertebra.practices.queries import looking
from vertebra.practices.queries.checks import Asked, weeks_of
from vertebra.practices.queries.observed import observed, observed_shares

pytestmark = pytest.mark.django_db
TODAY = world.TODAY


@pytest.fixture(autouse=True)
def few_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three weeks tell as much as twelve here."""
    monkeypatch.setattr(looking, "TRIED_WEEKS", 3)


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


def chosen(ines: User, code: str = "no_estimate", **parameters: object) -> Check:
    """A check of the library in a practice that says why."""
    return actions.choose_check(
        actor=ines,
        practice=tracked.practice(f"Practice of {code}"),
        code=code,
        parameters=parameters,
        now=world.NOW,
    )


def on(ines: User, check: Check) -> Check:
    """The same check, tried and switched on."""
    trial = actions.ask_trial(actor=ines, check=check, now=world.NOW)
    looking.try_on_past(trial, world.NOW)
    actions.switch_on(actor=ines, check=check, now=world.NOW)
    check.refresh_from_db()
    return check


def test_the_library_has_25_checks_that_can_be_read_and_said_in_both_languages() -> None:
    assert len(CHECKS) == len(library()) == 25
    for one in CHECKS:
        among, flags = one.written({})
        assert not among or parse(among)
        assert parse(flags)
        assert "{" not in one.search({})
        for language in ("en", "fr"):
            with translation.override(language):
                assert all(str(text) for text in (one.name, one.why, one.how))


def test_no_parameter_ends_the_text_that_it_stands_in() -> None:
    one = library()["no_acceptance"]
    _among, flags = one.written({"relation": 'x") or (status = "'})
    assert flags == 'not (links contains "x ) or (status =")'
    assert parse(flags)
    assert library()["stale"].settled({"days": "1 or 1=1"}) == {"days": 10}


def test_everything_that_can_be_wrong_and_named_has_words() -> None:
    assert {str(code) for code in Wrong} == WRONG_SAID.keys()
    assert set(FIELDS) == set(NAMES)
    told = {
        "found": "x",
        "limit": "3",
        "sign": ")",
        "one": "text",
        "other": "day",
        "what": "in",
        "kind": "yes",
        "near": "status",
    }
    assert all("%(" not in wrong_said(code, 0, told) for code in WRONG_SAID)


def test_a_check_runs_only_once_it_was_tried_inside_a_practice_built_together(
    ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracked.bring(tmp_path)
    check = chosen(ines)
    with pytest.raises(actions.NotTried):
        actions.switch_on(actor=ines, check=check, now=world.NOW)
    for bare in (tracked.practice("No why", why=""), tracked.practice("Nobody", author="")):
        alone = actions.choose_check(actor=ines, practice=bare, code="stale", parameters={}, now=world.NOW)
        looking.try_on_past(actions.ask_trial(actor=ines, check=alone, now=world.NOW), world.NOW)
        with pytest.raises(actions.NotBuiltTogether):
            actions.switch_on(actor=ines, check=alone, now=world.NOW)
    assert on(ines, check).on_since == world.NOW
    later = world.NOW + dt.timedelta(hours=1)
    with pytest.raises(actions.IsOn):
        actions.change_check(actor=ines, check=check, values={}, parameters={}, now=later)
    assert AuditEntry.objects.filter(verb="switch_on", object_id=check.pk).exists()


def test_what_is_said_otherwise_is_tried_anew(
    ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracked.bring(tmp_path)
    check = chosen(ines, "stale")
    looking.try_on_past(actions.ask_trial(actor=ines, check=check, now=world.NOW), world.NOW)
    later = world.NOW + dt.timedelta(hours=1)
    actions.change_check(actor=ines, check=check, values={}, parameters={"days": 30}, now=later)
    with pytest.raises(actions.NotTried):
        actions.switch_on(actor=ines, check=check, now=later)


def test_a_try_tells_the_past_as_it_was(ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tracked.bring(tmp_path)
    check = on(ines, chosen(ines))
    told = tracked.tried(check)
    issues = [("SHOP", n) for n in range(1, 61)] + [("WEB", n) for n in range(1, 31)]
    doing = [(project, n) for project, n in issues if n % 3]
    flagged = [one for one in doing if one[1] % 4 == 0]
    assert (told["count"], told["flagged"]) == (len(doing), len(flagged))
    assert len(told["examples"]) == 10
    assert set(told["examples"]) <= {f"{project}-{n}" for project, n in flagged}
    first = CheckTrial.objects.get(check_row=check).weeks[0]
    at = dt.date.fromisoformat(first["week"]) + dt.timedelta(days=7)
    then = [n for _project, n in issues if _is_doing(n, at)]
    assert first["count"] == len(then)


def _is_doing(number: int, day: dt.date) -> bool:
    began = tracked.BEGAN.date() + dt.timedelta(days=number % 60 + 3)
    return began < day and not (number % 3 == 0 and began + dt.timedelta(days=6) < day)


def test_too_few_people_are_told_of_nowhere(
    ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tribe, large, small = tracked.bring(tmp_path)
    check = on(ines, chosen(ines))
    looking.count_all(world.NOW)
    weeks = {
        unit.pk: weeks_of([check.pk], unit.pk, TODAY, is_own=True)[check.pk][-1]
        for unit in (tribe, large, small)
    }
    # What is left of the tribe without the large team would be the three of the small one.
    assert weeks[small.pk].count is None
    assert weeks[large.pk].count is None
    assert (weeks[tribe.pk].count, weeks[tribe.pk].flagged) == (60, 15)
    [version] = check.practice.versions.all()
    assert observed_shares(version, TODAY)[small.pk] is None
    assert observed(version, TODAY)[small.pk].reason == "few"
    assert observed_shares(version, TODAY)[tribe.pk] == pytest.approx(0.75)


def test_others_see_a_team_two_weeks_later(
    ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tribe, _large, _small = tracked.bring(tmp_path)
    check = on(ines, chosen(ines))
    looking.count_all(world.NOW)
    own = weeks_of([check.pk], tribe.pk, TODAY, is_own=True)[check.pk]
    assert len(own) == 3
    assert weeks_of([check.pk], tribe.pk, TODAY + dt.timedelta(days=13), is_own=False) == {}
    later = weeks_of([check.pk], tribe.pk, TODAY + dt.timedelta(days=14), is_own=False)[check.pk]
    # The week that was not over yet comes a week after the others.
    assert later == own[:-1]
    looking.count_all(world.NOW + dt.timedelta(days=1))
    assert CheckCount.objects.filter(
        check_row=check, unit=tribe, week=own[0].week
    ).get().open_on == TODAY + dt.timedelta(days=14)


def test_a_check_looks_where_it_was_told_and_as_a_team_adapted_it(
    ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tribe, large, small = tracked.bring(tmp_path)
    check = on(ines, chosen(ines, "stale"))
    with pytest.raises(actions.NoReason):
        actions.adapt_check(
            actor=ines,
            check=check,
            unit=large,
            parameters={"days": 900},
            is_off=False,
            reason=" ",
            ends_on=TODAY,
            now=world.NOW,
        )
    actions.adapt_check(
        actor=ines, check=check, unit=large, parameters={"days": 900}, is_off=False, reason="Long builds.",
        ends_on=TODAY + dt.timedelta(days=90), now=world.NOW,
    )  # fmt: skip
    actions.scope_check(actor=ines, check=check, units=[large], now=world.NOW)
    looking.count_all(world.NOW)
    this = looking.monday_of(TODAY)
    row = CheckCount.objects.get(check_row=check, unit=large, week=this)
    assert (row.item_count, row.flagged_count, row.is_shown) == (40, 0, True)
    assert not CheckCount.objects.filter(check_row=check, unit=small).exists()
    assert CheckCount.objects.get(check_row=check, unit=tribe, week=this).item_count == 40


def test_rules_over_the_history_are_checks_as_well(
    ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracked.bring(tmp_path)
    rule = {"rule": "before", "first": "In Progress", "then": "Done"}
    check = actions.observe_rule(actor=ines, practice=tracked.practice(), rule=rule, now=world.NOW)
    told = tracked.tried(on(ines, check))
    assert (told["count"], told["flagged"]) == (30, 0)
    eyes = actions.observe_rule(
        actor=ines,
        practice=tracked.practice("Eyes"),
        rule={"rule": "four_eyes", "first": "In Progress", "then": "Done"},
        now=world.NOW,
    )
    # Six days lie between both steps: the same one of six people, the same one of three.
    told = tracked.tried(on(ines, eyes))
    assert (told["count"], told["flagged"], told["examples"]) == (30, 30, [])
    present = {"rule": "present", "step": "In Progress", "field_present": "Story Points"}
    filled = actions.observe_rule(
        actor=ines, practice=tracked.practice("Filled"), rule=present, now=world.NOW
    )
    assert tracked.tried(on(ines, filled))["flagged"] == 22
    assert rule_said(filled.parameters) == "“Story Points” is filled in when “In Progress” is reached"


RULES: tuple[dict[str, object], ...] = (
    {"rule": "phases", "phases": ["Open", "In Progress", "Done"]},
    {"rule": "before", "first": "In Progress", "then": "Done"},
    {"rule": "answer", "step": "In Progress", "answers": ["Done"], "days": 3},
    {"rule": "never", "step": "Done", "never": "Open"},
    {"rule": "present", "step": "In Progress", "field_present": "Story Points"},
    {"rule": "four_eyes", "first": "In Progress", "then": "Done"},
)


def test_one_look_at_all_weeks_finds_what_a_look_at_each_finds(tmp_path: Path) -> None:
    tracked.bring(tmp_path)
    [version] = looking.trails()
    weeks = [at for _week, at in looking.ends_of(world.NOW, 3)]
    written = [library()[code].written({}) for code in ("no_estimate", "stale", "open_children")]
    told = [Asked(parse(among) if among else None, parse(flags)) for among, flags in written]
    told += [Asked(rule=rule) for rule in RULES]
    with opened(version, weeks) as past:
        alone = [past.look(one) for one in told]
        past.remember()
        together = [past.look(one, [0, 2]) for one in told]
    for nth, at in enumerate(weeks):
        with opened(version, [at]) as past:
            for one, found, some in zip(told, alone, together, strict=True):
                assert past.look(one) == [found[nth]]
                assert some[nth] == (found[nth] if nth in {0, 2} else Found())
    assert all(found[-1].whole.count for found in alone)


def test_habits_are_found_and_offered(ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tracked.bring(tmp_path)
    assert looking.find_habits(world.NOW) == RuleSuggestion.objects.count() > 0
    said = {rule_said(one.rule): one for one in RuleSuggestion.objects.all()}
    assert said["“Open” comes before “In Progress”"].share == 1.0
    points = said["“story points” is filled in when “In Progress” is reached"]
    assert (points.item_count, round(points.share, 2)) == (90, 0.76)
    assert all(key.startswith(("SHOP-", "WEB-")) for key in points.examples)


def test_an_own_check_is_refused_with_the_place_of_what_is_wrong(ines: User) -> None:
    with pytest.raises(actions.CannotRead, match="Character 1: Who does what is nobody’s to check"):
        actions.write_check(
            actor=ines,
            practice=tracked.practice(),
            name="Zoe",
            how="",
            among="",
            flags='assignee = "zoe"',
            language="en",
            now=world.NOW,
        )
    assert not Check.objects.exists()


def test_a_check_that_matches_everything_is_told_as_such(
    ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracked.bring(tmp_path)
    check = actions.write_check(
        actor=ines,
        practice=tracked.practice(),
        name="All",
        how="",
        among="",
        flags="comments >= 0",
        language="en",
        now=world.NOW,
    )
    told = tracked.tried(on(ines, check))
    assert told["count"] == told["flagged"] == 90


def test_what_comes_to_nothing_says_why(ines: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check = chosen(ines)
    trial = looking.try_on_past(actions.ask_trial(actor=ines, check=check, now=world.NOW), world.NOW)
    assert (trial.state, trial.trouble) == ("failed", "no_trail")
    tracked.bring(tmp_path)
    endless = "SELECT count(*) AS found FROM range(100000000) a, range(100000) b"
    monkeypatch.setattr(
        "vertebra.practices.frames.histories_of",
        lambda trail: trail.items.get_backend().sql(endless).to_pyarrow(),
    )
    rule = actions.observe_rule(
        actor=ines,
        practice=tracked.practice(),
        rule={"rule": "never", "step": "Done", "never": "Open"},
        now=world.NOW,
    )
    monkeypatch.setattr("vertebra.practices.frames.LONGEST", 0.5)
    trial = looking.try_on_past(actions.ask_trial(actor=ines, check=rule, now=world.NOW), world.NOW)
    assert (trial.state, trial.trouble) == ("failed", "too_long")


def test_somebody_is_needed_to_have_a_name(ines: User) -> None:
    with pytest.raises(actions.NoName):
        actions.write_check(
            actor=ines,
            practice=tracked.practice(),
            name=" ",
            how="",
            among="",
            flags="assigned",
            language="en",
            now=world.NOW,
        )
    with pytest.raises(actions.NoSuchCheck):
        chosen(ines, "unknown")
