"""Figures of three years: the catalogue and its values, week by week or month by month, before anybody changes them."""

import datetime as dt
import math
import random
from collections import defaultdict

from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.content import Sheet
from vertebra.demo.rows import LANGUAGE, Company, at
from vertebra.demo.timeline import months_before
from vertebra.measures.actions.index import reindex
from vertebra.measures.labels.metrics import Grain, MetricState
from vertebra.measures.models import Measurement, Metric, Target
from vertebra.measures.queries.periods import next_period, period_start

Series = list[tuple[dt.date, float]]
WHOLE = ""
MEMORY, TRADE, YEAR = 0.35, 0.12, 365.25
SPARK_POINTS = 24
# How many clients of each country there are for a hundred of the first, once it has been open for a year.
WEIGHTS = {"FR": 1.0, "DE": 0.34, "IT": 0.22, "ES": 0.16}


class Figures:
    """The metrics by their short name, and their values as they are so far."""

    def __init__(self, company: Company, users: dict[str, int], chance: random.Random) -> None:
        self.company, self.users, self.chance = company, users, chance
        self.until = company.timeline.until
        self.ids: dict[str, int] = {}
        self.grains: dict[str, str] = {}
        self.series: dict[str, dict[str, Series]] = {}
        self.trade: dict[dt.date, float] = {}

    def write(self, book: Book) -> None:
        """Note every metric with its values and targets."""
        self.trade = dict(self._wander(self._days(Grain.WEEK), 1.0))
        wanted = content.figures()["metric"]
        is_small = not self.company.profile.has_tribes
        for sheet in wanted:
            if not is_small or sheet.get("small"):
                self._metric(book, sheet)

    def index(self, now: dt.datetime) -> None:
        """Let search know the catalogue."""
        reindex(Kind.METRIC, self.ids.values(), now)

    def _metric(self, book: Book, sheet: Sheet) -> None:
        owner = self.company.cast.get(sheet["owner"])
        slug, start = sheet["slug"], at(self.company.timeline.start, 8)
        is_verified = owner is not None and "elise" in self.users
        pk = book.add(
            Metric,
            name=sheet["name"],
            slug=slug,
            definition=sheet["definition"],
            language=LANGUAGE,
            unit=sheet["unit"],
            currency="EUR" if sheet["unit"] == "money" else "",
            direction=sheet["direction"],
            grain=sheet["grain"],
            combining=sheet["combining"],
            owner_id=owner.id if owner else None,
            state=MetricState.VERIFIED if is_verified else MetricState.DRAFT,
            verified_by_id=self.users["elise"] if is_verified else None,
            verified_at=at(months_before(self.until, 3), 10) if is_verified else None,
            created_at=start,
            changed_at=start,
            **dict.fromkeys(("source_id", "of_unit_id", "area_id", "market_id", "archived_at")),
        )
        self.ids[slug], self.grains[slug] = pk, sheet["grain"]
        self.series[slug] = self._values(sheet)
        for part, values in self.series[slug].items():
            for day, value in values:
                known = next_period(day, sheet["grain"]) + dt.timedelta(days=1)
                book.add(Measurement, metric_id=pk, on=day, part=part, value=value, recorded_at=at(known, 7))
        if "target" in sheet:
            by = dt.date(self.until.year, 12, 31)
            year = {"metric_id": pk, "made_by_id": self.users.get("ines"), "created_at": at(self.until, 7)}
            book.add(Target, value=float(sheet["target"]), by_on=by, why="Objectif de l’année", **year)

    def _values(self, sheet: Sheet) -> dict[str, Series]:
        days = self._days(sheet["grain"])
        whole = [(day, self._value(sheet, day, noise)) for day, noise in self._wander(days, sheet["noise"])]
        if not sheet.get("parts"):
            return {WHOLE: whole}
        parts: dict[str, Series] = defaultdict(list)
        for market in self.company.holdings.markets:
            for day, value in whole:
                open_for = (day - market.starts_on).days / YEAR
                if market.code in WEIGHTS and (open_for > 0 or market.code == "FR"):
                    share = WEIGHTS[market.code] * min(1.0, 0.08 + max(open_for, 0))
                    share = WEIGHTS["FR"] if market.code == "FR" else share
                    parts[market.name].append((day, float(round(value * share))))
        total: dict[dt.date, float] = defaultdict(float)
        for values in parts.values():
            for day, value in values:
                total[day] += value
        return {WHOLE: sorted(total.items()), **parts}

    def _value(self, sheet: Sheet, day: dt.date, noise: float) -> float:
        """What the figure is that day: its trend, the season, the trade of the week, and chance."""
        years = (day - self.company.timeline.start).days / YEAR
        turn = math.sin(2 * math.pi * (day.timetuple().tm_yday - 80) / YEAR)
        trade = 1 + sheet.get("activity", 0) * TRADE * self.trade.get(period_start(day, Grain.WEEK), 0.0)
        value = sheet["base"] * (1 + sheet["growth"]) ** years * (1 + sheet["season"] * turn) * trade
        return _short(min(value * (1 + noise), float(sheet.get("most", math.inf))))

    def _wander(self, days: list[dt.date], spread: float) -> Series:
        """Chance with some memory: what was high last time is a little high again."""
        found, before = [], 0.0
        for day in days:
            before = MEMORY * before + self.chance.gauss(0, spread * math.sqrt(1 - MEMORY**2))
            found.append((day, before))
        return found

    def _days(self, grain: str) -> list[dt.date]:
        """The periods that are over and known: their first days."""
        found, day = [], next_period(period_start(self.company.timeline.start, grain), grain)
        while next_period(day, grain) + dt.timedelta(days=1) <= self.until:
            found.append(day)
            day = next_period(day, grain)
        return found

    def has(self, slug: str) -> bool:
        """Whether this company counts it."""
        return slug in self.ids

    def stand(self, slug: str, day: dt.date) -> Metric:
        """The metric as its latest value was known on a day."""
        known = [
            (on, value)
            for on, value in self.series[slug][WHOLE]
            if next_period(on, self.grains[slug]) + dt.timedelta(days=1) <= day
        ]
        metric = Metric.objects.get(pk=self.ids[slug])
        if known:
            metric.latest_on, metric.latest_value = known[-1]
            metric.before_value = known[-2][1] if len(known) > 1 else None
            metric.spark = [value for _on, value in known[-SPARK_POINTS:]]
            metric.save(update_fields=["latest_on", "latest_value", "before_value", "spark"])
        return metric

    def change(self, slug: str, since: dt.date, share: float) -> None:
        """Something works: from that day on the figure is so much higher or lower than it would have been."""
        most = next((one.get("most") for one in content.figures()["metric"] if one["slug"] == slug), None)
        touched: dict[tuple[str, dt.date], float] = {}
        for part, values in self.series[slug].items():
            for number, (on, value) in enumerate(values):
                if on >= since:
                    changed = _short(min(value * (1 + share), float(most or math.inf)))
                    values[number] = (on, changed)
                    touched[part, on] = changed
        rows = list(Measurement.objects.filter(metric=self.ids[slug], on__gte=since))
        for row in rows:
            row.value = touched[row.part, row.on]
        Measurement.objects.bulk_update(rows, ["value"], batch_size=200)

    def settle(self) -> None:
        """Let every metric say what is known today."""
        for slug in self.ids:
            self.stand(slug, self.until)


def _short(value: float) -> float:
    """A figure as precise as people read it."""
    return round(value, 0 if value >= 300 else 1 if value >= 20 else 2)
