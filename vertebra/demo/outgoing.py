"""Releases of three years: what each team brought out when, what is still to come, what was withdrawn."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.content import Sheet
from vertebra.demo.holdings import AreaPlan, MarketPlan
from vertebra.demo.mandates import Holding
from vertebra.demo.plans import Employee, UnitPlan
from vertebra.demo.rows import LANGUAGE
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.roadmap.models import Initiative, Topic

ALL, FEW = 400, 75
# Since when releases are announced, agreed to, and kept from the days of a freeze.
TOLD_MONTHS = 20
MONTH = 30.44
FOR_SOME = 0.22
MOVED = {"minor": 0.06, "standard": 0.25, "major": 0.5}
BY_HAND, FROM_TRACKER = 0.15, 0.45
BULLETS = (1, 2, 2, 3, 4)


@dataclass(slots=True, eq=False)
class Freeze:
    """Days on which nothing comes out."""

    title: str
    from_on: dt.date
    until_on: dt.date
    area: AreaPlan | None
    market: MarketPlan | None


@dataclass(slots=True, eq=False)
class Out:
    """One release as the rules have it, before it becomes rows."""

    title: str
    summary: str
    tier: str
    day: dt.date
    created_on: dt.date
    area: AreaPlan | None = None
    team: UnitPlan | None = None
    lead: Employee | None = None
    language: str = LANGUAGE
    state: str = "released"
    body: str = ""
    version: str = ""
    source: str = ""
    external_id: str = ""
    item: list[str] = field(default_factory=list)
    sheet: Sheet = field(default_factory=dict)
    key: str = ""
    audience: str = ""
    markets: list[MarketPlan] = field(default_factory=list)
    moves: list[tuple[dt.date, dt.date, str, dt.date]] = field(default_factory=list)
    withdrawn_on: dt.date | None = None
    answers: list[tuple[str, int]] = field(default_factory=list)
    is_copy: bool = False
    id: int = 0


class Outgoing:
    """Decides what comes out when, for whom and led by whom."""

    def __init__(self, replay: Replay, chance: random.Random) -> None:
        self.replay, self.company, self.chance = replay, replay.company, chance
        self.until = replay.until
        self.holdings, self.profile = replay.company.holdings, replay.company.profile
        self.words = content.releases()
        self.told_since = months_before(self.until, TOLD_MONTHS)
        self.codes = {market.code: market for market in self.holdings.markets}
        self.freezes = self._freezes()
        self.leading: dict[UnitPlan, list[Holding]] = defaultdict(list)
        for row in replay.company.mandates:
            if row.role == "product_manager" and row.person and isinstance(row.thing, UnitPlan):
                self.leading[row.thing].append(row)
        self.found: list[Out] = []

    def plan(self) -> list[Out]:
        """Every release, in the order in which they were written down."""
        for sheet in content.majors():
            self._major(sheet)
        for sheet in self.words["tied"]:
            self._tied(sheet)
        for copy in range(self.profile.copies):
            for sheet in self.words["standard"]:
                self._standards(sheet, f"{copy}:" if copy else "")
        for sheet in self.words["withdrawn"]:
            self._withdrawn(sheet)
        for sheet in self.words["coming"]:
            self._coming(sheet)
        self._repairs()
        self.found.sort(key=lambda one: (one.created_on, one.day, one.title))
        for number, one in enumerate(self.found, 1):
            one.id = number
        return self.found

    def _freezes(self) -> list[Freeze]:
        """Those of each year, since they are kept, and those of the months to come."""
        found = []
        for year in range(self.told_since.year - 1, self.until.year + 2):
            for sheet in self.words["freeze"]:
                first = dt.date(year, *sheet["from"])
                last = dt.date(year + (sheet["until"] < sheet["from"]), *sheet["until"])
                is_known = self.told_since < last and first < self.until + dt.timedelta(days=150)
                market = self.codes.get(sheet.get("market", ""))
                if is_known and (market is not None or "market" not in sheet):
                    area = self.holdings.products.get(sheet.get("area", ""))
                    found.append(Freeze(sheet["title"], first, last, area, market))
        return sorted(found, key=lambda one: (one.from_on, one.title))

    def free(self, day: dt.date, area: AreaPlan | None, markets: list[MarketPlan]) -> dt.date:
        """That day, or the next on which something of that area comes out: never on a Friday, nor in a freeze."""
        above = {area, area.parent if area else None}
        while day.weekday() > 3 or any(
            one.from_on <= day <= one.until_on
            and (one.area is None or one.area in above)
            and (one.market is None or not markets or one.market in markets)
            for one in self.freezes
        ):
            day += dt.timedelta(days=1)
        return day

    def _place(self, key: str) -> tuple[AreaPlan | None, UnitPlan | None]:
        area = self.holdings.of_team.get(key)
        return area, area.team if area else None

    def _ago(self, months: float) -> dt.date:
        return self.until - dt.timedelta(days=round(months * MONTH))

    def lead_of(self, team: UnitPlan | None, day: dt.date) -> Employee | None:
        """Whoever was product manager of a team that day."""
        for row in self.leading[team] if team else ():
            if (
                row.person
                and row.starts_on <= day
                and (row.ends_on is None or day < row.ends_on)
                and row.person.is_present(day)
            ):
                return row.person
        return None

    def _cast(self, keys: list[str], day: dt.date) -> Employee | None:
        key = self.company.there_on(tuple(keys), day)
        return self.company.cast[key] if key else None

    def _major(self, sheet: Sheet) -> None:
        area, team = self._place(sheet["team"])
        if area is None or not (self.profile.has_tribes or sheet.get("small")):
            return
        answers, delivered = self._answered(sheet)
        markets = [self.codes[code] for code in sheet.get("markets", ()) if code in self.codes]
        day = self._ago(sheet["ago"])
        if sheet["ago"] > 0:
            day = delivered or max(day, area.starts_on + dt.timedelta(days=60))
        day = self.free(day, area, markets)
        if day >= self.until and sheet["ago"] > 0:
            return
        state = "released" if day < self.until else "checking" if sheet["key"] == "export" else "planned"
        language = sheet.get("language", LANGUAGE)
        at_words = 0 if language == "fr" else 1
        self.found.append(
            Out(
                sheet["title"][at_words], sheet["line"][at_words], "major", day, self._written(day, 75), area, team,
                self.lead_of(team, min(day, self.until)), language, state, sheet["what"][at_words], sheet=sheet,
                key=sheet["key"], markets=markets, answers=answers, moves=self._moves("major", day),
            )
        )  # fmt: skip

    def _tied(self, sheet: Sheet) -> None:
        """What carries out something that was decided comes out when that was delivered."""
        area, team = self._place(sheet["team"])
        answers, delivered = self._answered(sheet)
        if not answers:
            return
        day = self.free(delivered or self._ago(sheet["ago"]), area, [])
        if day >= self.until:
            return
        lead = self._cast(sheet["lead"], day) or self.lead_of(team, day)
        self.found.append(
            self._of_item(sheet["item"], day, area, team, lead, key=sheet["key"], audience=sheet["audience"],
                          answers=answers)
        )  # fmt: skip

    def _answered(self, sheet: Sheet) -> tuple[list[tuple[str, int]], dt.date | None]:
        """The initiative that it carries out with what that answers, and the day on which it was delivered."""
        ends: list[tuple[str, int]] = []
        title, does = sheet.get("note", ""), ""
        if key := sheet.get("work"):
            work = next(one for one in content.acting()["work"] if one["hurt"] == key)
            point = self.replay.pain_points.get(key)
            title, does = (point.title if point else ""), work["title"]
            ends += [(Kind.PAIN_POINT, point.pk)] if point else []
        elif title:
            does = next(one["does"] for one in content.acting()["note"] if one["title"] == title)
        topic = Topic.objects.filter(title=title).order_by("pk").first() if title else None
        ends += [(Kind.TOPIC, topic.pk)] if topic else []
        row = Initiative.objects.filter(title=does).order_by("pk").first() if does else None
        if row is None:
            return (ends if sheet.get("is_asked_for") else []), None
        ends.append((Kind.INITIATIVE, row.pk))
        return ends, row.delivered_at.date() if row.delivered_at else None

    def _standards(self, sheet: Sheet, prefix: str) -> None:
        """The three of a team, one in each third of its time."""
        area, team = self._place(prefix + sheet["team"])
        items = sheet["items"] if self.profile.has_tribes else sheet["items"][-1:]
        if area is None:
            return
        first, last = self._since(area, 40), self.until - dt.timedelta(days=4)
        for number, item in enumerate(items):
            part = (number + self.chance.random()) / len(items)
            markets = self._some_markets()
            day = self.free(first + (last - first) * part, area, markets)
            if first < day < self.until:
                lead = self.lead_of(team, day)
                out = self._of_item(
                    item, day, area, team, lead, markets=markets, language=sheet.get("language", LANGUAGE)
                )
                out.is_copy = bool(prefix)
                out.moves = self._moves("standard", day)
                self.found.append(out)

    def _since(self, area: AreaPlan, days: int) -> dt.date:
        """The first day on which something of an area comes out: some time after it began, within the three years."""
        return max(area.starts_on, self.company.timeline.start) + dt.timedelta(days=days)

    def _some_markets(self) -> list[MarketPlan]:
        countries = [self.codes[code] for code in ("FR", "DE", "IT", "ES") if code in self.codes]
        if self.chance.random() > FOR_SOME or len(countries) < 2:
            return []
        return sorted(self.chance.sample(countries, self.chance.choice((1, 1, 2))), key=lambda one: one.id)

    def _of_item(
        self,
        item: list[str],
        day: dt.date,
        area: AreaPlan | None,
        team: UnitPlan | None,
        lead: Employee | None,
        **more: object,
    ) -> Out:
        out = Out(
            item[0],
            item[1],
            "standard",
            day,
            self._written(day, 40),
            area,
            team,
            lead,
            item=item,
            body=item[1],
        )
        for name, value in more.items():
            setattr(out, name, value)
        return out

    def _written(self, day: dt.date, before: int) -> dt.date:
        """When it was written down: some weeks before, and not in the future."""
        return min(
            day - dt.timedelta(days=self.chance.randint(before // 2, before)),
            self.until - dt.timedelta(days=2),
        )

    def _moves(self, tier: str, day: dt.date) -> list[tuple[dt.date, dt.date, str, dt.date]]:
        """At times the day first thought of was another: mostly earlier."""
        if self.chance.random() > MOVED[tier]:
            return []
        is_earlier = self.chance.random() < 0.1
        was = day + dt.timedelta(days=self.chance.randint(5, 20) * (1 if is_earlier else -1))
        why = self.chance.choice(self.words["reasons"]["earlier" if is_earlier else "later"])
        on = min(was, day) - dt.timedelta(days=self.chance.randint(2, 9))
        return [(was, day, why, min(on, self.until - dt.timedelta(days=1)))]

    def _withdrawn(self, sheet: Sheet) -> None:
        area, team = self._place(sheet["team"])
        if area is None or not self.profile.has_tribes:
            return
        day = self.free(self._ago(sheet["ago"]), area, [])
        out = self._of_item(sheet["item"], day, area, team, self.lead_of(team, day), sheet=sheet)
        out.state, out.withdrawn_on = "withdrawn", day + dt.timedelta(days=self.chance.randint(6, 25))
        self.found.append(out)

    def _coming(self, sheet: Sheet) -> None:
        area, team = self._place(sheet["team"])
        if area is None:
            return
        day = self.free(self.until + dt.timedelta(days=sheet["days"]), area, [])
        lead = self.lead_of(team, self.until)
        out = self._of_item(
            sheet["item"], day, area, team, lead, state=sheet["state"], language=sheet["language"]
        )
        if "moved" in sheet:
            days, why = sheet["moved"]
            out.moves = [(day + dt.timedelta(days=days), day, why, self.until - dt.timedelta(days=6))]
        self.found.append(out)

    def _repairs(self) -> None:
        """Small ones until there are as many releases as such a company brings out."""
        wanted = (ALL if self.profile.has_tribes else FEW) * self.profile.copies - len(self.found)
        tribes = [sheet["key"] for sheet in content.company()["tribe"]]
        keys = [f"{copy}:{key}" if copy else key for copy in range(self.profile.copies) for key in tribes]
        share = max(1, wanted // len(keys))
        for key in keys:
            self._of_product(key, share)

    def _of_product(self, key: str, count: int) -> None:
        """The versions of one product, numbered in order of time, each with a few parts repaired."""
        prefix, _, tribe = key.rpartition(":")
        prefix = f"{prefix}:" if prefix else ""
        language = "en" if tribe == "table" else LANGUAGE
        product = self.holdings.products[key]
        parts = [
            (team["key"], part, words)
            for team in content.teams()
            if team["tribe"] == tribe
            for part in team["parts"]
            for words in self.words["fixes"][language]
        ]
        self.chance.shuffle(parts)
        first = self._since(product, 20)
        room = (self.until - first).days
        days = sorted(
            first + dt.timedelta(days=round(room * self.chance.random() ** 0.7)) for _ in range(count)
        )
        counted: dict[int, int] = defaultdict(int)
        for number, day in enumerate(days, 1):
            day = self.free(day, product, [])
            if day >= self.until:
                continue
            some = [parts.pop() for _ in range(min(len(parts), self.chance.choice(BULLETS)))]
            year = 1 + (day - first).days // 365
            counted[year] += 1
            out = self._repair(product, prefix + some[0][0], day, [(part, said) for _key, part, said in some])
            out.language, out.is_copy = language, bool(prefix)
            self._from_where(out, key, f"{year}.{counted[year]}", number, product.name.at(day))
            self.found.append(out)

    def _repair(self, product: AreaPlan, team: str, day: dt.date, said: list[tuple[str, str]]) -> Out:
        area, unit = self._place(team)
        colon = " : "
        title = f"{said[0][0]}{colon}{said[0][1]}"[:200]
        body = "\n".join(f"- **{part}**{colon}{words}." for part, words in said)
        is_one = len(said) == 1 and area is not None and area.starts_on < day
        lead = self.lead_of(unit, day)
        return Out(title, "", "minor", day, day, area if is_one else product, unit, lead, body=body)

    def _from_where(self, out: Out, key: str, version: str, number: int, product: str) -> None:
        """Some are typed, some come from where the team tracks its work, most from the changelog of the product."""
        drawn, out.version = self.chance.random(), version
        if out.language == "en":
            out.title, out.body = out.title.replace(" : ", ": "), out.body.replace(" : ", ": ")
        if drawn < BY_HAND or not self.profile.has_source:
            out.body = "" if drawn < BY_HAND else out.body
        elif drawn < FROM_TRACKER:
            out.source, out.external_id = "tracker", f"{key}-{100 + 3 * number}"
        else:
            out.source, out.external_id = "changelog", f"{key} {version}"
            out.title = f"{product} {version}"
