"""A team says in two minutes on a phone where it stands, does one thing otherwise; its director finds what is due."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.hands import enter, reach, write
from tests.site import Site

Visit = Callable[..., Page]
BEFORE = Path(__file__).with_name("adoption_hands.py")
DOUBT = "Le tableau a changé de colonne."
REASON = "Nous livrons le lundi et montrons ce jour-là."
HELP = "Comment tenir en un quart d’heure ?"


def begun(site: Site) -> dict[str, Any]:
    """Practices that are lived, a team that is asked, somebody who directs above it."""
    done = subprocess.run(
        [sys.executable, str(BEFORE)], env=site.environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def pick(page: Page, name: str, wanted: str) -> None:
    """Reach a group of choices and move to one with the arrows."""
    group = page.locator(f"input[name={name}]")
    target = page.locator(f"input[name={name}][value={wanted}]")
    current = page.locator(f"input[name={name}]:checked")
    reach(current if current.count() else group.first)
    page.keyboard.press("Space")
    for _press in range(4):
        if target.is_checked():
            return
        page.keyboard.press("ArrowRight")
    expect(target).to_be_checked()


def test_a_team_says_where_it_stands_and_its_director_knows_what_is_due(visit: Visit, site: Site) -> None:
    told = begun(site)
    demo, why, checked = told["practices"]

    # On a phone, by the link of a mail, without an account: what is known stands there; one tool is wrong.
    phone = visit("", width=390, height=844)
    phone.goto(told["link"])
    expect(phone.locator(f"fieldset.adoption-ask:has(input[name^='state_{demo}'])")).to_have_count(1)
    pick(phone, f"state_{demo}", "adopted")
    reach(phone.locator(f"input[name=willing_{demo}]"))
    phone.keyboard.press("Space")
    reach(phone.locator(f"input[name=doubt_{demo}]"))
    phone.keyboard.press("Space")
    write(phone.locator(f"input[name=words_{demo}]"), DOUBT)
    pick(phone, f"state_{checked}", "trying")
    enter(phone.locator("form.adoption-card button.is-primary"))
    expect(phone.locator("main .tag")).to_have_text("répondue")

    # Whoever leads the team reads it at once, and does one practice otherwise for a reason, until a day.
    leader = visit(told["leader"])
    team = f"/practices/teams/{told['team']}/"
    leader.goto(team)
    expect(leader.locator("main tbody")).to_contain_text("adoptée")
    expect(leader.locator("main tbody")).to_contain_text("à vous seuls jusqu’au")
    expect(leader.locator("#doubts")).to_contain_text(DOUBT)
    enter(leader.locator(f"a[href$='/adaptations/{why}/']"))
    leader.wait_for_url(re.compile(rf"/adaptations/{why}/$"))
    pick(leader, "kind", "adapted")
    write(leader.locator("#id_reason"), REASON)
    leader.locator("#id_ends_on").fill("2026-11-20")
    enter(leader.locator("main .form-foot button.is-primary"))
    leader.wait_for_url(f"**{team}")
    expect(leader.locator("main tbody")).to_contain_text(REASON)

    # It asks for help in one line.
    enter(leader.locator(f"a[href*='/practices/{why}/help/']"))
    write(leader.locator("#id_sentence"), HELP)
    enter(leader.locator("main .form-foot button.is-primary"))
    leader.wait_for_url(f"**{team}")

    # Its director finds, from Home, who asks for help and what comes to its end; not what the team alone may see.
    director = visit(told["director"])
    enter(director.locator("a[href*='/practices/direction/']").first)
    director.wait_for_url("**/practices/direction/*")
    expect(director.locator("#help")).to_contain_text(HELP)
    expect(director.locator("#due")).to_contain_text("20 novembre 2026")
    director.goto(team)
    expect(director.locator("main tbody tr").filter(has_text="Une démo chaque vendredi")).not_to_contain_text(
        "adoptée"
    )
