"""How large the company is: what `small`, `scale-up` and its multiples count."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vertebra.kit.refusal import Refusal

MOST = 20


class UnknownProfile(Refusal):
    """There is no such profile, or no such scale."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The counts that a profile promises on the day it is loaded for, and three years before."""

    name: str
    people: int
    people_at_first: int
    copies: int
    teams_per_tribe: int
    product_managers: int
    vacant_pm_seats: int
    champions: int
    product_ops: int
    countries: int
    has_tribes: bool
    has_source: bool


def profile(name: str, scale: int = 1) -> Profile:
    """The profile of that name, so many times larger."""
    if name == "small" and scale == 1:
        return Profile("small", 60, 10, 1, 1, 12, 1, 3, 1, 1, False, False)
    if name == "scale-up" and 1 <= scale <= MOST:
        people = 1800 + round((scale - 1) * (20_000 - 1800) / 9)
        return Profile(
            name="scale-up",
            people=people,
            people_at_first=round(people / 30),
            copies=scale,
            teams_per_tribe=5,
            product_managers=50 * scale,
            vacant_pm_seats=4 * scale,
            champions=22 * scale,
            product_ops=5 + 2 * (scale - 1),
            countries=4,
            has_tribes=True,
            has_source=True,
        )
    raise UnknownProfile(
        _("There is no profile “%(name)s” at scale %(scale)d.") % {"name": name, "scale": scale},
        _("Choose small, or scale-up with a scale of 1 to %(most)d.") % {"most": MOST},
        exit_code=2,
    )
