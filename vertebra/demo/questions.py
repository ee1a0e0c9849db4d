"""What surrounds figures: questions to the data team, dashboards, a board, levers, ratios, the hiring plan."""

import datetime as dt
import random

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.counted import Figures
from vertebra.demo.plans import Employee
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.measures.actions.alerts import set_alert
from vertebra.measures.actions.boards import change_board, create_board, set_chart
from vertebra.measures.actions.dashboards import register_dashboard
from vertebra.measures.actions.levers import create_lever, measure_lever
from vertebra.measures.actions.plans import import_plan
from vertebra.measures.actions.ratios import adopt_ratios, record_ratios
from vertebra.measures.labels.charts import AlertSide, ChartKind, Comparison, DashboardTool, RequestState
from vertebra.measures.models import DataRequest, Metric, PlannedHire
from vertebra.measures.queries.periods import next_period
from vertebra.measures.readers.plans import Hire
from vertebra.sources.models import Source

MANY, FEW, A_COPY, MONTHS = 130, 26, 30, 26
# How long an answer is waited for (days) and how often none is needed, at first and today.
WAIT, WITHOUT, REFUSED = (12.0, 2.5), (0.08, 0.55), 0.05
ASKING = ("product", "leadership", "sales", "design", "customer_success", "marketing")
CHARTS = (
    (("attente-donnees",), ChartKind.LINE, Comparison.TARGET),
    (("reunions-pm",), ChartKind.LINE, Comparison.YEAR_BEFORE),
    (("commercants-actifs",), ChartKind.SMALL_MULTIPLES, ""),
    (("tickets-sorties",), ChartKind.BARS, ""),
    (("revenu-recurrent",), ChartKind.FIGURE, Comparison.PERIOD_BEFORE),
)


class Questions:
    """Decides who asks the data team what, and what is made of figures."""

    def __init__(self, replay: Replay, figures: Figures, chance: random.Random) -> None:
        self.replay, self.figures, self.chance = replay, figures, chance
        self.company, self.until = replay.company, replay.until
        self.ids: list[int] = []

    def write(self, book: Book) -> None:
        """Note every question of two years, the earliest first; waits fall once figures can be read by all."""
        small = not self.company.profile.has_tribes
        many = FEW if small else MANY + A_COPY * (self.company.profile.copies - 1)
        first = months_before(self.until, MONTHS)
        span = (self.until - first).days
        asking = [p for p in self.company.people if p.seat.function in ASKING]
        elise = (
            self.replay.users.get(self.company.cast["elise"].email) if "elise" in self.company.cast else None
        )
        for number in range(many):
            part = (number + self.chance.random()) / many
            day = first + dt.timedelta(days=int(span * part))
            who = self._somebody(asking, day)
            if who is not None:
                self._question(book, day, part, who, elise.pk if elise else None)

    def _somebody(self, asking: list[Employee], day: dt.date) -> Employee | None:
        some = self.chance.sample(asking, min(40, len(asking)))
        return next((person for person in some if person.is_present(day)), None)

    def _question(self, book: Book, day: dt.date, part: float, who: Employee, answers: int | None) -> None:
        sheet = self.chance.choice(content.figures()["question"])
        place = self.chance.choice([market.name for market in self.company.holdings.markets[:4]])
        asked_at = at(day, self.chance.randint(8, 18), self.chance.randint(0, 59))
        wait = (WAIT[0] + (WAIT[1] - WAIT[0]) * part) * self.chance.lognormvariate(0, 0.5)
        metric = self.figures.ids.get(sheet["metric"])
        state, answered_at = RequestState.ANSWERED, asked_at + dt.timedelta(days=wait)
        text = (
            "La réponse est dans le chiffre du catalogue."
            if metric
            else "Le tableau est joint, avec sa définition."
        )
        if metric and self.chance.random() < WITHOUT[0] + (WITHOUT[1] - WITHOUT[0]) * part:
            state, answered_at, text = RequestState.SELF_SERVED, asked_at + dt.timedelta(minutes=4), ""
        elif self.chance.random() < REFUSED:
            state, text, metric = (
                RequestState.DECLINED,
                "Nous ne suivons pas une personne, ni un seul commerçant.",
                None,
            )
        is_open = answered_at > at(self.until, 8)
        pk = book.add(
            DataRequest,
            question=sheet["text"].format(place=place),
            language=LANGUAGE,
            asked_by_id=who.id,
            of_unit_id=who.seat.home.id,
            metric_id=None if is_open else metric,
            state=RequestState.ASKED if is_open else state,
            answer="" if is_open else text,
            asked_at=asked_at,
            answered_at=None if is_open else answered_at.replace(microsecond=0),
            answered_by_id=None if is_open else answers,
        )
        self.ids.append(pk)

    def index(self, now: dt.datetime) -> None:
        """Let search know the questions."""
        rows = DataRequest.objects.filter(pk__in=self.ids).order_by("pk")
        search.index_many(
            [search.Entry(Kind.DATA_REQUEST, row.pk, row.question, "", row.answer, LANGUAGE) for row in rows],
            now=now,
        )

    def plan(self) -> None:
        """What people make of figures, each on its day."""
        self.replay.plan(at(months_before(self.until, 13), 11), self._dashboards)
        self.replay.plan(at(months_before(self.until, 12), 15), self._ratios)
        self.replay.plan(at(self.until - dt.timedelta(days=20), 16), self._hires)
        self.replay.plan(at(self.until - dt.timedelta(days=1), 16), self._last)

    def _metrics(self, slugs: tuple[str, ...] | list[str]) -> list[Metric]:
        ids = [self.figures.ids[slug] for slug in slugs if self.figures.has(slug)]
        return list(Metric.objects.filter(pk__in=ids).order_by("pk"))

    def _dashboards(self, now: dt.datetime) -> None:
        domain, actor = content.company()["domain"], self.replay.who(now.date())
        tools = (DashboardTool.METABASE, DashboardTool.GRAFANA, DashboardTool.LOOKER)
        for tool, sheet in zip(tools, content.figures()["dashboard"], strict=True):
            register_dashboard(
                actor=actor,
                name=sheet["name"],
                description=sheet["description"],
                language=LANGUAGE,
                url=f"https://tableaux.{domain}/{sheet['slug']}",
                tool=tool,
                metrics=self._metrics(sheet["metrics"]),
                now=now,
            )

    def _ratios(self, now: dt.datetime) -> None:
        adopt_ratios(actor=self.replay.who(now.date()), language=LANGUAGE, now=now)

    def _hires(self, now: dt.datetime) -> None:
        """The plan of the year to come: many for the field, few for the product."""
        large = self.company.profile.people / 1800
        hires = {}
        for number, (ahead, function, count) in enumerate(content.acting()["launch"]["hires"]):
            day = next_period(self.until.replace(day=1), "month", ahead)
            hires[str(number)] = Hire(str(number), day, function, max(1, round(count * large)), None, None)
        if self.company.profile.has_source:
            name, actor = "Plan d’embauche de l’année", self.replay.who(now.date())
            Source.objects.create(name=name, kind="file", is_demo=True, made_by=actor, made_at=now)
            import_plan(actor=actor, hires=hires, source=name, now=now)
            return
        rows = [PlannedHire(on=one.on, function=one.function, count=one.count) for one in hires.values()]
        PlannedHire.objects.bulk_create(rows)

    def _last(self, now: dt.datetime) -> None:
        """A shared board, an alert, the levers as the data show them, the ratios of every month."""
        self.figures.settle()
        actor = self.replay.who(now.date())
        record_ratios(actor=None, now=now)
        for sheet in content.figures()["lever"]:
            ends = self._metrics([sheet["driver"]]) + self._metrics([sheet["outcome"]])
            if len(ends) == 2:
                lever = create_lever(actor=actor, driver=ends[0], outcome=ends[1], why=sheet["why"], now=now)
                measure_lever(actor=None, lever=lever, now=now)
        board = create_board(
            actor=actor, title="Ce que Product Ops regarde le lundi", language=LANGUAGE, now=now
        )
        for slugs, kind, comparison in CHARTS:
            if metrics := self._metrics(slugs):
                values = {
                    "kind": kind,
                    "comparison": comparison,
                    "is_split": kind == ChartKind.SMALL_MULTIPLES,
                }
                set_chart(actor=actor, board=board, chart=None, metrics=metrics, now=now, **values)
        change_board(actor=actor, board=board, is_shared=True, now=now)
        for metric in self._metrics(("attente-donnees",)):
            set_alert(actor=actor, metric=metric, side=AlertSide.ABOVE, threshold=8.0, now=now)
