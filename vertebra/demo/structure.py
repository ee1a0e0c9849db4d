"""The company's units over three years, and the seats that each will have to fill."""

import datetime as dt
import random

from vertebra.demo import content
from vertebra.demo.content import Sheet
from vertebra.demo.plans import LONG_AGO, Past, Seat, Structure, UnitPlan, always
from vertebra.demo.profiles import Profile
from vertebra.demo.timeline import Timeline

CHAPTERS = (
    ("design", "Design", "design", "designer", 0),
    ("data", "Données", "data", "data", 12),
    ("research", "Recherche utilisateurs", "research", "research", 4),
    ("security", "Sécurité", "security", "security", 6),
    ("documentation", "Documentation", "documentation", "documentation", 4),
)
HEADQUARTERS = (
    ("marketing", "Marketing", 90),
    ("finance", "Finance", 45),
    ("people", "Ressources humaines", 55),
    ("legal", "Juridique", 15),
    ("operations", "Systèmes internes", 35),
)
FIELD = (
    ("sales", "Ventes", 48),
    ("support", "Support", 28),
    ("customer_success", "Réussite client", 24),
)
GROUP_SIZE = 12


def build(profile: Profile, timeline: Timeline, chance: random.Random) -> Structure:
    """Every unit and seat of the company, from its beginning to the last day."""
    made = Structure()
    about = content.company()
    company = made.unit("company", "company", about["name"], None)
    company.purpose, company.how_to_work = always(about["purpose"]), always(about["how_to_work"])
    _direction(made, profile, company)
    chapters = _chapters(made, profile, company)
    for copy in range(profile.copies):
        segment = about["segments"][copy] if profile.copies > 1 else ""
        _Segment(made, profile, timeline, chance, company, chapters, segment, copy).build()
    _headquarters(made, profile, company)
    _field(made, profile, timeline, company)
    return made


def suffixed(name: str, segment: str) -> str:
    """The name of a unit or area of one segment."""
    return f"{name} · {segment}" if segment else name


def _direction(made: Structure, profile: Profile, company: UnitPlan) -> None:
    direction = made.unit("direction", "department", "Direction", company, function="leadership")
    made.seat(direction, "leadership", "ceo", -1.0, mandates=[("director", company)])
    for title, function in (("cpo", "product"), ("cto", "engineering"), ("cdo", "design")):
        made.seat(direction, function, title, -0.9, mandates=[("director", company)])
    ops = made.unit("product-ops", "department", "Product Ops", company, function="operations")
    for index in range(profile.product_ops):
        made.seat(ops, "operations", "ops_member" if index else "ops_head", 0.2 + min(0.5, 0.1 * index))


def _chapters(made: Structure, profile: Profile, company: UnitPlan) -> dict[str, UnitPlan]:
    chapters = {}
    for key, name, function, title, count in CHAPTERS:
        if not profile.has_tribes and key != "data":
            continue
        unit = chapters[key] = made.unit(key, "chapter", name, company, function=function)
        if key == "design":
            made.seat(unit, "design", "design_director", 0.05)
        for index in range(count * profile.copies if profile.has_tribes else 1):
            made.seat(unit, function, title, 0.1 + 0.8 * index / max(count * profile.copies, 1))
    return chapters


class _Segment:
    """The product organisation of one segment: spheres, tribes and teams, and their reorganisations."""

    def __init__(
        self,
        made: Structure,
        profile: Profile,
        timeline: Timeline,
        chance: random.Random,
        company: UnitPlan,
        chapters: dict[str, UnitPlan],
        segment: str,
        copy: int,
    ) -> None:
        self.made, self.profile, self.timeline, self.chance = made, profile, timeline, chance
        self.company, self.chapters, self.segment, self.copy = company, chapters, segment, copy
        self.prefix = f"{copy}:" if copy else ""
        self.tribes: dict[str, UnitPlan] = {}

    def build(self) -> None:
        """Make the segment's spheres and tribes (if the company has any), then its teams."""
        about = content.company()
        if self.profile.has_tribes:
            spheres = {sheet["key"]: self._sphere(sheet) for sheet in about["sphere"]}
            for sheet in about["tribe"]:
                self._tribe(sheet, spheres)
            self._directors(list(spheres.values()))
        self._teams()
        for sheet in about["closed"]:
            if self.profile.has_tribes or sheet["key"] == "bornes":
                self._closed_team(sheet)

    def _sphere(self, sheet: Sheet) -> UnitPlan:
        unit = self.made.unit(
            f"{self.prefix}sphere:{sheet['key']}",
            "sphere",
            suffixed(sheet["name"], self.segment),
            self.company,
            opens_on=self.timeline.reorganisation(3),
        )
        unit.purpose = always(sheet["purpose"])
        return unit

    def _tribe(self, sheet: Sheet, spheres: dict[str, UnitPlan]) -> None:
        day = self.timeline.reorganisation
        tribe = self.made.unit(
            f"{self.prefix}tribe:{sheet['key']}",
            "tribe",
            suffixed(str(sheet.get("was", sheet["name"])), self.segment),
            self.company,
            opens_on=day(sheet["since"]),
        )
        tribe.purpose = always(sheet["purpose"])
        if "was" in sheet:
            tribe.name.set(day(sheet["renamed"]), suffixed(sheet["name"], self.segment))
        tribe.parent.set(day(3), spheres[str(sheet.get("sphere_was", sheet["sphere"]))])
        if "sphere_was" in sheet:
            tribe.parent.set(day(6), spheres[sheet["sphere"]])
        self.tribes[sheet["key"]] = tribe

    def _directors(self, spheres: list[UnitPlan]) -> None:
        direction = self.made.units["direction"]
        for index, tribe in enumerate(self.tribes.values()):
            since = tribe.opened_on
            kinds = [("product", 0.12), ("engineering", 0.14)] + ([("design", 0.3)] if index % 2 == 0 else [])
            for function, rank in kinds:
                seat = self.made.seat(
                    direction,
                    function,
                    f"{function}_director",
                    rank + 0.03 * index,
                    mandates=[("director", tribe)],
                )
                seat.places.set(since, [(tribe, 100)])
                if function == "design":
                    seat.mandates.append(("director", list(self.tribes.values())[index + 1]))
                sphere = tribe.parent.at(self.timeline.until)
                if sphere and not any(("director", sphere) in s.mandates for s in self._of(function)):
                    seat.mandates.append(("director", sphere))

    def _of(self, function: str) -> list[Seat]:
        return [seat for seat in self.made.seats if seat.function == function]

    def _teams(self) -> None:
        sheets = content.teams()
        per_tribe = 5
        order = sorted(range(len(sheets)), key=lambda i: (i % per_tribe, i // per_tribe))
        kept = [i for i in order if i % per_tribe < self.profile.teams_per_tribe]
        second_pms = self._with_second_pm(len(kept))
        to_share: dict[int, Seat] = {}
        for position, index in enumerate(kept):
            sheet, rank = sheets[index], 0.8 * position / len(kept)
            team = self._team(sheet, sheet["tribe"])
            team.purpose = always(sheet["purpose"])
            self._seats(team, rank, has_second_pm=position in second_pms)
            self._designer(team, rank, position, len(kept), to_share)

    def _with_second_pm(self, teams: int) -> set[int]:
        wanted = (self.profile.product_managers + self.profile.vacant_pm_seats) // self.profile.copies - teams
        return set(self.chance.sample(range(teams), wanted))

    def _team(self, sheet: Sheet, tribe_key: str) -> UnitPlan:
        name = suffixed(sheet["name"], self.segment)
        team = self.made.unit(f"{self.prefix}team:{sheet['key']}", "team", name, self.company)
        if self.profile.has_tribes:
            for tribe in content.company()["tribe"]:
                if tribe["key"] != tribe_key:
                    continue
                if "from" in tribe:
                    team.parent.set(self._since(tribe["from"]), self.tribes[tribe["from"]])
                team.parent.set(self._since(tribe_key), self.tribes[tribe_key])
        return team

    def _since(self, tribe_key: str) -> dt.date:
        return self.tribes[tribe_key].opened_on

    def _seats(self, team: UnitPlan, rank: float, *, has_second_pm: bool) -> None:
        add, chance = self.made.seat, self.chance
        add(team, "engineering", "lead", rank, mandates=[("engineering_lead", team)])
        add(team, "product", "pm", rank + 0.004, mandates=[("product_manager", team)])
        if not self.profile.has_tribes:
            engineers = 2 if chance.random() < 0.75 else 1
        else:
            engineers = chance.choice((4, 5, 5, 5, 6))
            if chance.random() < 0.5:
                add(team, "quality", "quality", rank + 0.1)
            if chance.random() < 0.33:
                analyst = add(team, "data", "data", rank + 0.12)
                analyst.places = always([(team, 70), (self.chapters["data"], 30)])
        for index in range(engineers):
            add(team, "engineering", "engineering", rank + 0.006 + 0.022 * index)
        if has_second_pm:
            add(team, "product", "senior_pm", min(rank + 0.12, 0.85), mandates=[("product_manager", team)])

    def _designer(
        self, team: UnitPlan, rank: float, position: int, count: int, to_share: dict[int, Seat]
    ) -> None:
        """Every team has a designer, but one team in two or in four shares hers with the next."""
        every = 4 if self.profile.has_tribes else 2
        if shared := to_share.pop(position - 1, None):
            shared.places = always([(shared.home, 50), (team, 50)])
            shared.mandates.append(("designer", team))
            return
        seat = self.made.seat(team, "design", "designer", rank + 0.018, mandates=[("designer", team)])
        if self.profile.has_tribes:
            seat.places = always([(team, 80), (self.chapters["design"], 20)])
        if position % every == 0 and position + 1 < count:
            to_share[position] = seat

    def _closed_team(self, sheet: Sheet) -> None:
        team = self._team(sheet, sheet["tribe"])
        team.purpose = always(sheet["purpose"])
        team.closes_on = self.timeline.reorganisation(sheet["closes"])
        rank = 0.01 * sheet["closes"]
        made = [
            self.made.seat(team, "engineering", "lead", rank, mandates=[("engineering_lead", team)]),
            self.made.seat(team, "product", "pm", rank, mandates=[("product_manager", team)]),
        ]
        for index in range(3 if self.profile.has_tribes else 1):
            made.append(self.made.seat(team, "engineering", "engineering", rank + 0.005 * index))
        for seat in made:
            seat.closes_on = team.closes_on


def _headquarters(made: Structure, profile: Profile, company: UnitPlan) -> None:
    segments = content.company()["segments"]
    for function, name, count in HEADQUARTERS:
        if not profile.has_tribes and function in ("finance", "legal"):
            continue
        unit = made.unit(function, "department", name, company, function=function)
        size = count if profile.has_tribes else 1
        made.seat(unit, function, function, 0.01)
        for index in range(1, size * profile.copies):
            copy, home = index // size, unit
            if copy:
                key = f"{copy}:{function}"
                home = made.units.get(key) or made.unit(
                    key, "group", f"{name} · {segments[copy]}", unit, function=function
                )
            made.seat(home, function, function, 0.03 + 0.9 * (index % size) / size)


def _field(made: Structure, profile: Profile, timeline: Timeline, company: UnitPlan) -> None:
    """Sales, support and customer success of each country take all the seats that are left."""
    countries = content.company()["country"][: profile.countries]
    staying = [seat for seat in made.seats if seat.closes_on is None]
    spare = max(profile.people // 50, 1)
    left = profile.people + profile.vacant_pm_seats + spare - len(staying)
    total = sum(country["share"] for country in countries)
    shares = [
        (country, part, country["share"] * part[2] / total / 100) for country in countries for part in FIELD
    ]
    counts = [int(left * share) for _, _, share in shares]
    counts[0] += left - sum(counts)
    grown = [country for country in countries if country["opens"] and profile.has_tribes]
    first_abroad = timeline.bounds[grown[0]["opens"]] if grown else None
    divisions: dict[str, UnitPlan] = {}
    for (country, (function, name, _), _), count in zip(shares, counts, strict=True):
        department = _department(made, timeline, company, divisions, country, function, name, first_abroad)
        _groups(made, profile, timeline, department, country, function, name, count)


def _department(
    made: Structure,
    timeline: Timeline,
    company: UnitPlan,
    divisions: dict[str, UnitPlan],
    country: Sheet,
    function: str,
    name: str,
    first_abroad: dt.date | None,
) -> UnitPlan:
    key = f"field:{function}:{country['key']}"
    if first_abroad is None:
        return made.unit(key, "department", name, company, function=function)
    opens_on = timeline.bounds[country["opens"]] if country["opens"] else first_abroad
    division = divisions.get(country["key"])
    if division is None:
        division = made.unit(
            f"country:{country['key']}",
            "division",
            country["division"],
            company,
            country=country["key"],
            opens_on=opens_on,
        )
        divisions[country["key"]] = division
    local = f"{name} {country['market']}"
    department = made.unit(key, "department", local, division, function=function, country=country["key"])
    if country["key"] == "fr":
        department.name = Past([(LONG_AGO, name), (opens_on, local)])
        department.parent = Past([(LONG_AGO, company), (opens_on, division)])
    else:
        department.opens_on = opens_on
    return department


def _groups(
    made: Structure,
    profile: Profile,
    timeline: Timeline,
    department: UnitPlan,
    country: Sheet,
    function: str,
    name: str,
    count: int,
) -> None:
    """Groups of a dozen people by city, opened one after the other as the country grows."""
    opens = country["opens"]
    heads = timeline.headcounts
    first = (heads[opens] - heads[0]) / (heads[-1] - heads[0]) if opens else 0.0
    cities, segments = country["cities"], content.company()["segments"]
    values = {"country": country["key"], "opens": opens}
    made.seat(department, function, f"{function}_head", first + 0.002, **values)
    number = max((count - 1) // GROUP_SIZE, 1)
    groups: list[UnitPlan] = []
    for index in range(number if profile.has_tribes else 0):
        turn, city = divmod(index, len(cities))
        segment = segments[turn % len(segments)] if turn else ""
        label = suffixed(f"{name} {cities[city]}", segment)
        groups.append(
            made.unit(
                f"{department.key}:{index}",
                "group",
                label,
                department,
                function=function,
                country=country["key"],
            )
        )
    for index in range(count - 1):
        group = groups[index % number] if groups else department
        start = first + (0.96 - first) * (index % number) / number
        rank = start + 0.006 * (index // number)
        made.seat(group, function, function, rank, **values)
