"""Organisations that are written in Markdown: front matter, tables and lists."""

from pathlib import Path

from tests.connectors.following import follow, kind, target
from vertebra.connectors.records import Ref

PROJECTS = {
    "projects/atlas.md": """
        ---
        title: Atlas
        chair: Ana Silva (Interim)
        committee:
          - Ana Silva
          - Bo Chen and Céline Ordinaire
        status: active
        ---
        # Atlas

        Maps for everyone.
    """,
    "projects/borealis.md": """
        ---
        title: Boréalis
        chair: TBD
        committee: []
        status: active
        ---
        Lights.
    """,
    "projects/caldera.md": "---\ntitle: Caldera\nstatus: retired\n---\nGone.\n",
    "members.csv": "Name;Email;Joined\nAna Silva;ana@example.org;01/02/2020\nBo Chen;bo@example.org;2021-03-04\n"
    "Celine Ordinaire;celine@example.org;3 mars 2022\n",
}
PROJECTS_RECIPE = """
    recipe: 1
    name: foundation
    title: Projects in Markdown, members in a table
    inputs:
      projects: {files: "projects/*.md"}
      members: {files: "members.csv"}
    records:
      - kind: person
        from: members
        fields: {name: name, email: email, joined_on: {path: joined, do: [date]}}
      - kind: unit
        from: projects
        for_each: "[@][?status=='active']"
        id: $stem
        fields:
          name: title
          kind: {value: project}
          purpose: {path: body, do: [{regex: "^(?:#.*\\n+)?(.+)"}]}
      - kind: membership
        from: projects
        for_each: ["[@][?status=='active']", committee]
        fields:
          person: {path: "@", do: [split], match_on: [name]}
          unit: {path: $stem, match_on: [external_id]}
      - kind: mandate
        from: projects
        for_each: "[@][?status=='active']"
        skip_without: [person]
        fields:
          role: {value: lead}
          title: {value: Chair}
          person: {path: chair, do: [acting, {drop: TBD}], match_on: [name]}
          unit: {path: $stem, match_on: [external_id]}
"""


def test_markdown_front_matter_and_a_table_of_members(tmp_path: Path) -> None:
    extract = follow(tmp_path, PROJECTS, PROJECTS_RECIPE)
    assert extract.problems == []
    assert extract.unknowns == []
    assert [(unit.external_id, unit.values["purpose"]) for unit in kind(extract, "unit")] == [
        ("atlas", "Maps for everyone."),
        ("borealis", "Lights."),
    ]
    people = ["ana@example.org", "bo@example.org", "celine@example.org"]
    assert [target(extract, one, "person") for one in kind(extract, "membership")] == people
    [chair] = kind(extract, "mandate")
    assert target(extract, chair, "person") == "ana@example.org"
    assert chair.values["is_acting"] is True
    assert isinstance(chair.values["person"], Ref)
    assert chair.values["person"].text == "Ana Silva (Interim)"
    assert [str(person.values["joined_on"]) for person in kind(extract, "person")] == [
        "2020-02-01", "2021-03-04", "2022-03-03",
    ]  # fmt: skip


MAINTAINERS = {
    "MAINTAINERS.md": """
        # Maintainers

        | Name | GitHub | Subproject |
        |------|--------|------------|
        | [Ana Silva](https://example.org) | @ana | Core, Docs |
        | Bo Chen | @bo | Core |

        ## Docs

        - [@ana](https://example.org)
        - @ghost
    """
}
MAINTAINERS_RECIPE = """
    recipe: 1
    name: maintainers
    title: A table of maintainers
    inputs: {maintainers: {files: MAINTAINERS.md}}
    records:
      - kind: person
        from: maintainers
        for_each: &rows sections[].rows[]
        fields:
          name: {path: name, do: [markdown_text]}
          handle: {path: github, do: [markdown_text, {strip: "@"}]}
      - kind: unit
        from: maintainers
        for_each: ["{a: 'Core', b: 'Docs'}"]
        id: {path: "@", do: [slug]}
        fields: {name: "@", kind: {value: subproject}}
      - kind: membership
        from: maintainers
        for_each: *rows
        fields:
          person: {path: github, do: [{strip: "@"}], match_on: [handle]}
          unit: {path: subproject, do: [split, slug], match_on: [external_id]}
      - kind: mandate
        from: maintainers
        for_each: ["sections[?title=='Docs']", items]
        fields:
          role: {value: lead}
          person: {path: "@", do: [markdown_text, {strip: "@"}], match_on: [handle]}
          unit: {path: $parent.title, do: [slug], match_on: [external_id]}
"""


def test_tables_and_lists_in_markdown(tmp_path: Path) -> None:
    extract = follow(tmp_path, MAINTAINERS, MAINTAINERS_RECIPE)
    assert extract.problems == []
    assert [
        (one.values["name"], one.values["handle"], one.origin.line) for one in kind(extract, "person")
    ] == [
        ("Ana Silva", "ana", 6),
        ("Bo Chen", "bo", 7),
    ]
    held = [
        (target(extract, one, "person"), target(extract, one, "unit")) for one in kind(extract, "membership")
    ]
    assert held == [("ana", "core"), ("ana", "docs"), ("bo", "core")]
    assert [target(extract, one, "person") for one in kind(extract, "mandate")] == ["ana", None]
    assert [one.ref.text for one in extract.unknowns] == ["@ghost"]
