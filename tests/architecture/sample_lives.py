"""Practices for the walk: one for each who walks, who had the idea and so writes it, with all that builds it."""

from collections.abc import Sequence
from typing import Any

from tests import world
from vertebra.accounts.models import User
from vertebra.org.models import Person, Unit
from vertebra.practices.actions.contributions import add_co_author, contribute
from vertebra.practices.actions.life import start_trial
from vertebra.practices.actions.practices import create_practice, register_practice
from vertebra.practices.actions.templates import add_template
from vertebra.practices.actions.versions import set_costs, write_text
from vertebra.practices.labels.practices import Reach
from vertebra.roadmap.models import Initiative

TEXT = {"why": "Nobody saw what was done.", "steps": "1. Show it\n2. Ask what is missing"}


class SampleLives:
    """What the addresses of practices name, for each who walks."""

    def __init__(self, users: Sequence[User], reader: Person) -> None:
        self.unit = Unit.objects.order_by("pk")[0]
        self.initiative = Initiative.objects.order_by("pk")[0].pk
        self.builder = Person.objects.exclude(pk=reader.pk).order_by("pk")[0]
        self.made = {user.pk: self._of(user, reader) for user in users}

    def _of(self, user: User, reader: Person) -> dict[str, Any]:
        given: dict[str, Any] = {"actor": user, "now": world.NOW}
        row = create_practice(name="Demos on Fridays", language="en", carrier=reader, **given)
        write_text(practice=row, language="en", changes=TEXT, **given)
        set_costs(practice=row, costs={"product": 60}, **given)
        start_trial(practice=row, unit=self.unit, language="en", **given)
        add_co_author(practice=row, person=self.builder, **given)
        said: dict[str, Any] = {
            "person": self.builder,
            "kind": "objection",
            "words": "Not on Fridays.",
            "language": "en",
        }
        contribution = contribute(practice=row, **said, **given)
        template = add_template(practice=row, title="Agenda", language="en", body="1. Hello", **given)
        lived = register_practice(
            name="Weekly", language="en", units=[self.unit], reach=Reach.STANDARD, carrier=reader, **given
        )
        return {
            "practice_id": row.pk,
            "trial_id": row.trials.get().pk,
            "contribution_id": contribution.pk,
            "co_author_id": row.co_authors.get().pk,
            "template_id": template.pk,
            "reach_id": lived.reaches.get().pk,
            "language": "en",
            "code": "discovery-method",
            "initiative_id": self.initiative,
        }

    def of(self, mine: User) -> dict[str, Any]:
        """What they name for somebody."""
        return self.made[mine.pk]
