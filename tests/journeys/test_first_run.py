"""The first hour of a real instance: a link in the terminal, an account, a company brought in from its files."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import leave
from tests.journeys.hands import HOME, PATIENCE, button, command, enter, link, reach, write
from tests.site import Site, new_site

SENTENCE = "une longue marche au bord de l’eau"
UNITS = """nom;type;rattachée à;raison d'être
Orme;entreprise;;Rendre les chantiers lisibles
Chantiers;tribu;Orme;
Comptes;tribu;Orme;
Planning;équipe;Chantiers;Savoir qui est où demain matin
Photos;équipe;Chantiers;
Facturation;équipe;Comptes;Une facture juste du premier coup
"""
TEAMS = ("Planning", "Photos", "Facturation")
FUNCTIONS = ("Produit", "Design", "Ingénierie", "Ingénierie")


@pytest.fixture
def bare_site() -> Iterator[Site]:
    """An instance that nobody has used yet, stopped at the end if the journey did not."""
    made = new_site()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()


@pytest.fixture
def page(bare_site: Site, chromium: Browser) -> Iterator[Page]:
    """A window on it in French; what goes wrong in the page fails the test."""
    errors: list[str] = []
    context = chromium.new_context(base_url=bare_site.url, locale="fr-FR", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    leave(context)
    assert errors == []


@pytest.fixture
def kit(tmp_path: Path) -> list[Path]:
    """What HR and a spreadsheet give: the units, sixty people, where each of them works."""
    people = [(f"Personne {at:02}", f"p{at:02}@orme.example") for at in range(1, 61)]
    rows = {
        "unites.csv": UNITS,
        "personnes.csv": "nom;courriel\n" + "".join(f"{name};{email}\n" for name, email in people),
        "appartenances.csv": "personne;unité;fonction\n"
        + "".join(f"{email};{TEAMS[at % 3]};{FUNCTIONS[at % 4]}\n" for at, (_n, email) in enumerate(people)),
    }
    for name, text in rows.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in rows]


def said(site: Site) -> str:
    """What the terminal shows since the latest start."""
    return (site.folder / "serve.log").read_text()


def owner_links(site: Site) -> list[str]:
    return re.findall(r"http\S+/accounts/owner/\S+", said(site))


def become_administrator(page: Page, path: str) -> None:
    """Open the first account from the link."""
    page.goto(path)
    write(page.locator("#id_name"), "Ada Lind")
    write(page.locator("#id_email_address"), "ada@orme.example")
    write(page.locator("#id_password"), SENTENCE)
    page.keyboard.press("Enter")
    expect(page).to_have_url(HOME)


def bring_in(page: Page, kit: list[Path], rows: int = 126) -> None:
    """Follow the steps of an import up to its result: every row of the files is a change."""
    told = re.compile(f"{rows:,} changements".replace(",", r"\s"))
    page.locator("#id_uploads").set_input_files(kit)  # the system's own window to choose files is not ours
    write(page.locator("#id_source"), "RH")
    page.keyboard.press("Enter")
    page.wait_for_url("**/format/")
    expect(page.locator('input[name="way"]:checked')).to_have_count(1)
    enter(button(page, "Continuer"))
    page.wait_for_url("**/preview/")
    expect(page.locator(".lead").first).to_contain_text(told)
    enter(button(page, "Appliquer l’import"))
    expect(page.locator(".lead").first).to_contain_text(told)
    expect(page.get_by_role("main").get_by_role("button", name="Annuler cet import")).to_be_visible()


def test_from_the_link_in_the_terminal_to_the_map_of_the_company(
    bare_site: Site, page: Page, kit: list[Path]
) -> None:
    bare_site.start()
    (address,) = owner_links(bare_site)
    become_administrator(page, urlsplit(address).path)
    needs = page.locator("#needs")
    expect(needs).to_contain_text("L’organisation n’est pas encore dessinée")
    expect(page.locator("main")).not_to_contain_text("0 espace vide")

    enter(needs.get_by_role("link", name="Importer des fichiers"))
    bring_in(page, kit)

    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page.locator(".lead").first).to_contain_text("60 personnes")
    expect(page.locator("#org-map")).to_have_attribute("data-ready", "true")
    reach(page.locator("#map"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-map-said]")).to_contain_text("Orme, entreprise")
    command(page, "personne 42", "Personne 42")
    expect(page.locator("h1")).to_contain_text("Personne 42")
    enter(link(page, "Facturation").first)
    expect(page.locator("h1")).to_contain_text("Facturation")

    answer = page.goto("/accounts/demo/")
    assert answer is not None
    assert answer.status == 404
    page.goto(urlsplit(address).path)
    expect(page.locator("main")).to_contain_text("vertebra user owner-link")

    assert bare_site.stop() == 0
    bare_site.start()
    assert owner_links(bare_site) == []
    assert "/accounts/login/" in said(bare_site)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert bare_site.stop() == 0


def test_a_taken_port_and_a_folder_one_may_not_write_are_said_in_one_sentence(bare_site: Site) -> None:
    with socket.create_server(("127.0.0.1", bare_site.port)):
        line = refusal(bare_site)
    assert f"{bare_site.port} is already taken" in line
    assert f"PORT={bare_site.port + 1}" in line

    line = refusal(Site(Path("/sys/kernel"), bare_site.port))  # where not even root may write
    assert "may not write" in line or "cannot be written" in line
    assert "VERTEBRA_DATA=" in line


def refusal(site: Site) -> str:
    """The one line that a start that cannot be leaves in the terminal."""
    refused = site.run("serve", check=False)
    assert refused.returncode == 1
    (line,) = (refused.stdout + refused.stderr).strip().splitlines()
    return line
