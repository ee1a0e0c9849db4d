"""The monthly review writes itself: taken ready-made, three sentences typed, frozen, published, read by somebody else."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import BOTH_COMPANIES
from tests.journeys.hands import button, enter, write

Visit = Callable[..., Page]
OURS = "Revue produit du mois, tribus réunies"


@BOTH_COMPANIES
def test_the_monthly_review_writes_itself(visit: Visit) -> None:
    ines = visit("Inès")
    ines.goto("/roadmap/reports/templates/new/?kind=monthly_product")
    expect(ines.locator("#id_name")).to_have_value("Revue produit du mois")
    write(ines.locator("#id_name"), OURS)
    enter(button(ines, "Enregistrer"))
    ines.wait_for_url("**/roadmap/reports/templates/")

    # Everything is there before a word is typed.
    enter(ines.locator("#ours tr").filter(has_text=OURS).locator("form[action$='/begin/'] button"))
    ines.wait_for_url(re.compile(r"/roadmap/reports/\d+/$"))
    sections = ines.locator("article.document section h2")
    expect(sections).to_have_count(8)

    write(ines.locator("#id_top"), "Le terrain apprend les releases avant les clients.")
    enter(ines.locator("#sentences button"))
    expect(ines.locator("article.document")).to_contain_text("Le terrain apprend les releases")
    enter(ines.locator("form[action$='/freezing/'] button"))
    expect(ines.locator("#publish")).to_be_visible()
    expect(ines.locator("#sentences")).to_have_count(0)
    enter(ines.locator("#publish button"))
    expect(ines.locator("#publish")).to_have_count(0)

    # Whoever may sign in reads it, as it was frozen.
    reader = visit("Karim")
    reader.goto(ines.url)
    expect(reader.locator("article.document")).to_contain_text("Le terrain apprend les releases")
    expect(reader.locator("form[action$='/archiving/']")).to_have_count(0)
