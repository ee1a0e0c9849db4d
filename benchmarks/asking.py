"""“Whom do I tell?” of four hundred things under way and two hundred and twenty champions, read anew each time."""

import random
import statistics
import time

from django.db import transaction

from vertebra.accounts.labels import Kind
from vertebra.accounts.search import Entry, index_many
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org.labels import MandateRole
from vertebra.org.models import Area, AreaVersion, Mandate, Person
from vertebra.releases.models import Release, Tier
from vertebra.releases.queries.telling import whom_to_tell

FEATURES, CHAMPIONS, TIMES = 400, 220, 9
WORDS = [f"{start}{end}" for start in ("bal", "cor", "dun", "fel", "gri", "hom") for end in range(80)]
SEED = 11


def times() -> dict[str, float]:
    """The milliseconds of a ticket that names a feature, and of one that names nothing; all of it is taken back."""
    with transaction.atomic():
        chance = random.Random(SEED)
        titles = _fill(chance)
        asked = " ".join(chance.sample(WORDS, 100))
        found = {
            "named": _median(f"{titles[3]} does not work: {asked}"),
            "near": _median(f"something of {WORDS[7]} and {WORDS[90]} does not work"),
        }
        transaction.set_rollback(True)
    return found


def _median(text: str) -> float:
    # Inside a transaction nothing is remembered: each time reads the whole map, as after a change.
    whom_to_tell(text, now=clock.now())
    taken = []
    for number in range(TIMES):
        start = time.perf_counter()
        whom_to_tell(f"{text} {number}", now=clock.now())
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def _fill(chance: random.Random) -> list[str]:
    now = clock.now()
    day = clock.today(now)
    areas = Area.objects.bulk_create(Area(kind="product", created_at=now) for _number in range(FEATURES))
    AreaVersion.objects.bulk_create(
        AreaVersion(area=one, name=" ".join(chance.sample(WORDS, 2)), starts_on=day) for one in areas
    )
    tier = Tier.objects.order_by("pk")[0]
    titles = [" ".join(chance.sample(WORDS, 4)) for _number in range(FEATURES)]
    rows = Release.objects.bulk_create(
        Release(
            title=title, area=chance.choice(areas), tier=tier, language="en", created_at=now, changed_at=now
        )
        for title in titles
    )
    of_releases = [
        Entry(Kind.RELEASE, row.pk, row.title, text=" ".join(chance.sample(WORDS, 60))) for row in rows
    ]
    names = AreaVersion.objects.filter(area__in=areas).values_list("area_id", "name")
    index_many([*of_releases, *(Entry(Kind.AREA, number, name) for number, name in names)], now=now)
    people = Person.objects.bulk_create(
        Person(name=f"P {number}", name_folded=fold(f"P {number}"), created_at=now)
        for number in range(CHAMPIONS)
    )
    Mandate.objects.bulk_create(
        Mandate(person=one, role=MandateRole.CHAMPION, function="sales", area=place, starts_on=day)
        for one in people
        for place in chance.sample(areas, 6)
    )
    return titles
