"""Checks for the walk: one that looks in a team, for each who walks, and a habit found in work items."""

from collections.abc import Sequence

from tests import world
from tests.architecture.sample_lives import SampleLives
from vertebra.accounts.models import User
from vertebra.org.models import Unit
from vertebra.practices.actions.checks import choose_check
from vertebra.practices.models import CheckScope, Practice, RuleSuggestion
from vertebra.sources.models import Source


class SampleChecks:
    """What the addresses of checks name."""

    def __init__(self, users: Sequence[User], lives: SampleLives, team: Unit) -> None:
        self.checks = {}
        for user in users:
            practice = Practice.objects.get(pk=lives.of(user)["practice_id"])
            check = choose_check(actor=user, practice=practice, code="stale", parameters={}, now=world.NOW)
            CheckScope.objects.create(check_row=check, unit=team)
            self.checks[user.pk] = check.pk
        source = Source.objects.create(name="Tracker of habits", made_at=world.NOW)
        rule = {"rule": "before", "first": "Review", "then": "Done"}
        self.habit = RuleSuggestion.objects.create(
            source=source, rule=rule, item_count=40, share=0.9, examples=["A-1"], computed_at=world.NOW
        )

    def of(self, mine: User) -> dict[str, object]:
        """What they name for somebody."""
        return {"check_id": self.checks[mine.pk], "suggestion_id": self.habit.pk}
