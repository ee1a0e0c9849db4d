"""No start without a baseline, and the result comes by itself: eight months in the life of one initiative."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import leave
from tests.journeys.conftest import sign_in
from tests.journeys.hands import choose, enter, reach, write
from tests.journeys.listening_hands import leads, opened_window, press, sends
from tests.site import Site, demo_site

LATER = "2027-08-02T09:00:00+02:00"
METRIC = "Cartes validées sans relance"
# What the company's own tools would send each month: about 40 before, 8 more from January 2027 on.
VALUES = """
import datetime as dt, random, sys
import django
django.setup()
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.models import Metric
now, name = clock.now(), sys.argv[1]
user = User.objects.filter(role="product_ops").order_by("pk")[0]
metric = Metric.objects.filter(name=name).first()
metric = metric or create_metric(actor=user, values=MetricValues(name=name, language="fr"), now=now)
chance, rows, month = random.Random(7), [], dt.date(2023, 11, 1)
while month < now.date().replace(day=1):
    rows.append(Value(month, round(40 + chance.gauss(0, 1.5) + (8 if month >= dt.date(2027, 1, 1) else 0), 1)))
    month = (month + dt.timedelta(days=32)).replace(day=1)
record_values(actor=user, metric=metric, rows=rows, now=now)
"""
RESULTS = """
import django
django.setup()
from vertebra.roadmap.jobs.results import measure_results, something_to_measure
print(something_to_measure() and measure_results.func())
"""


@dataclass
class Moving(Site):
    """An instance whose clock can be set on."""

    now: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its commands are given."""
        return super().environment | ({"VERTEBRA_NOW": self.now} if self.now else {})

    def tell(self, program: str, *arguments: str) -> str:
        """Run a few lines inside."""
        command = [sys.executable, "-c", program, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def moving(request: pytest.FixtureRequest, kept: Path) -> Iterator[Moving]:
    """A demo company, served until its clock is set on."""
    made = demo_site(request.param, kept)
    there = Moving(made.folder, made.port, made.database)
    there.tell(VALUES, METRIC)
    there.start()
    yield there
    assert there.stop() == 0


def window(site: Site, chromium: Browser, errors: list[str]) -> Page:
    """A window of Inès, in French."""
    page = opened_window(site, chromium, 1440, errors)
    sign_in(page, "Inès")
    return page


@pytest.mark.parametrize("moving", ["small", pytest.param("scale-up", marks=pytest.mark.deep)], indirect=True)
def test_no_start_without_a_baseline_and_the_result_comes_by_itself(
    moving: Moving, chromium: Browser
) -> None:
    errors: list[str] = []
    ines = window(moving, chromium, errors)
    ines.goto("/roadmap/initiatives/new/")
    reach(ines.locator("#id_kind")).select_option("operating_model")
    write(ines.locator("#id_title"), "Alléger la validation des cartes")
    press(ines.locator("main .form-foot button").first)
    expect(ines).to_have_url(re.compile(r"/roadmap/initiatives/\d+/$"))
    address = ines.url

    press(sends(ines, "/start/"))
    assert not ines.locator(".state.is-accent").count()
    expect(ines.locator(".toast, [role=alert]").first).to_be_visible()

    ines.goto(f"{address}key-results/")
    enter(leads(ines, address.removeprefix(moving.url) + "key-results/new/"))
    choose(ines.locator("#id_metric"), METRIC.split()[0])
    write(ines.locator("#id_target"), "20")
    press(ines.locator("main .form-foot button").first)
    expect(ines.locator("#id_target")).to_have_value("20")
    expect(ines.locator("main .problems, main .form-problems, main [role=alert]").first).to_be_visible()
    write(ines.locator("#id_target"), "45")
    press(ines.locator("main .form-foot button").first)
    press(sends(ines, "/baseline/"))
    expect(ines.locator("main .lead")).to_contain_text("2027")
    assert not sends(ines, "/baseline/").count()
    ines.goto(address)
    press(sends(ines, "/start/"))
    expect(ines.locator("main .page-state .state").first).to_have_class(re.compile("is-accent"))
    leave(ines.context)

    assert moving.stop() == 0
    moving.now = LATER
    moving.tell(VALUES, METRIC)
    assert "'measured': 0" not in moving.tell(RESULTS)
    moving.start()
    ines = window(moving, chromium, errors)
    ines.goto(f"{address}key-results/")
    enter(ines.locator("main .key-result h3 a"))
    expect(ines.locator("main .page-state .state")).to_have_class(re.compile("is-good"))
    expect(ines.locator("main .lead b")).to_contain_text("+")
    expect(ines.locator("svg.time-chart.is-wide .chart-band")).to_have_count(1)
    assert ines.locator("#placebos tbody tr").count() >= 1
    enter(leads(ines, f"{address.removeprefix(moving.url)}closing/?outcome=achieved"))
    expect(ines.locator("input[name=outcome][value=achieved]")).to_be_checked()
    write(ines.locator("#id_lesson"), "Une personne par jour suffit.")
    press(ines.locator("main .form-foot button").first)
    expect(ines.locator("main")).to_contain_text("Une personne par jour suffit.")
    reach(leads(ines, "/roadmap/"))
    leave(ines.context)
    assert errors == []
