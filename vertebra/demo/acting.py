"""Deciding, acting, measuring: everything of it, planned together; what is many is written in bulk beforehand."""

import datetime as dt
import random

from vertebra.demo.book import Book
from vertebra.demo.broken import Incidents
from vertebra.demo.counted import Figures
from vertebra.demo.opened import Launches
from vertebra.demo.projects import Projects
from vertebra.demo.questions import Questions
from vertebra.demo.reported import Reports
from vertebra.demo.tabled import Tables
from vertebra.demo.understood import Replay
from vertebra.demo.undertaken import Undertakings
from vertebra.demo.urgent import Urgency


class Acting:
    """The middle and the end of the loop, over three years; each part draws its own chance."""

    def __init__(self, replay: Replay, users: dict[str, int], seed: int) -> None:
        drawn = [random.Random(seed + number) for number in range(7)]  # noqa: S311 (rules, not secrets)
        company = replay.company
        self.figures = Figures(company, users, drawn[0])
        self.incidents = Incidents(company, drawn[1])
        self.questions = Questions(replay, self.figures, drawn[2])
        self.doing = Undertakings(replay, self.figures, drawn[3])
        self.tables = Tables(replay, self.doing, drawn[4])
        self.urgency = Urgency(replay, self.doing, self.tables, self.incidents)
        self.projects = Projects(replay, self.figures, self.doing, drawn[5])
        self.launches = Launches(replay, self.doing, drawn[6])
        self.reports = Reports(replay)
        self.rows = 0

    def write(self, now: dt.datetime) -> None:
        """Write figures, incidents and questions at once."""
        book = Book()
        self.figures.write(book)
        self.incidents.write(book)
        self.questions.write(book)
        book.write(lambda done: None)
        self.figures.index(now)
        self.incidents.index(now)
        self.questions.index(now)
        self.rows = book.count

    def plan(self) -> None:
        """Everything that people did about it, each on its day."""
        for part in (
            self.tables,
            self.doing,
            self.urgency,
            self.projects,
            self.launches,
            self.questions,
            self.reports,
        ):
            part.plan()

    def end(self, now: dt.datetime) -> None:
        """What is left once all is done: figures as known today, spaces that wait for the next table."""
        self.figures.settle()
        self.tables.raise_spaces(now)
