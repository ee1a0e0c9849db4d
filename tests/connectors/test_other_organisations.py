"""Organisations of other shapes, each with a recipe of its own and no code of its own."""

from pathlib import Path

from tests.connectors.following import follow, kind, target

TEAMS = {
    "teams/compiler.toml": """
        name = "compiler"
        kind = "team"

        [people]
        leads = ["ada"]
        members = ["ada", "grace", { github = "linus", roles = ["triage"] }]
        alumni = ["old-hand"]

        [website]
        description = "Keeps the compiler honest"
    """,
    "teams/parser.toml": """
        name = "parser"
        subteam-of = "compiler"
        kind = "working-group"

        [people]
        leads = []
        members = ["grace", "nobody-knows"]
    """,
    "people/ada.toml": 'name = "Ada Example"\ngithub = "ada"\nemail = "ada@example.org"\n',
    "people/grace.toml": 'name = "Grace Example"\ngithub = "Grace"\nemail = false\n',
    "people/linus.toml": 'name = "Linus Example"\ngithub = "linus"\n',
}
TEAMS_RECIPE = """
    recipe: 1
    name: teams-in-toml
    title: One file per team
    inputs:
      teams: {files: "teams/*.toml"}
      people: {files: "people/*.toml"}
    records:
      - kind: person
        from: people
        id: {path: github, do: [lower]}
        fields:
          name: name
          handle: github
          email: {path: email, do: [{drop: "false"}]}
      - kind: unit
        from: teams
        id: name
        fields:
          name: {path: name, do: [title_case]}
          kind: kind
          purpose: website.description
          parent: {path: '"subteam-of"', match_on: [external_id]}
      - kind: membership
        from: teams
        for_each: people.members
        fields:
          person: {path: [github, "@"], do: [lower], match_on: [external_id, handle]}
          unit: {path: $parent.name, match_on: [external_id]}
      - kind: mandate
        from: teams
        for_each: people.leads
        fields:
          role: {value: lead}
          person: {path: "@", do: [lower], match_on: [external_id]}
          unit: {path: $parent.name, match_on: [external_id]}
"""


def test_one_toml_file_per_team(tmp_path: Path) -> None:
    extract = follow(tmp_path, TEAMS, TEAMS_RECIPE)
    assert extract.problems == []
    assert [
        (unit.external_id, unit.values["name"], target(extract, unit, "parent"))
        for unit in kind(extract, "unit")
    ] == [
        ("compiler", "Compiler", None),
        ("parser", "Parser", "compiler"),
    ]
    assert [(target(extract, one, "person"), target(extract, one, "unit")) for one in kind(extract, "membership")] == [
        ("ada", "compiler"), ("grace", "compiler"), ("linus", "compiler"), ("grace", "parser"), (None, "parser"),
    ]  # fmt: skip
    assert [target(extract, one, "person") for one in kind(extract, "mandate")] == ["ada"]
    assert [(one.field, one.ref.text, one.reason) for one in extract.unknowns] == [
        ("person", "nobody-knows", "missing")
    ]
    assert "nobody-knows" not in {person.external_id for person in kind(extract, "person")}
    assert kind(extract, "membership")[2].origin.file == "teams/compiler.toml"


NESTED = {
    "structure.json": """
        {"company": "Ordinaire SA", "groups": [
          {"label": "Paiement", "type": "Tribu", "owner": "mona@example.org", "groups": [
            {"label": "Cartes", "type": "Équipe", "pm": "Mona Lis, Paul Ette", "products": ["Carte bleue", "Plafond"]},
            {"label": "Virements", "type": "Équipe", "pm": ["Paul Ette"], "products": ["Virement"],
             "groups": [{"label": "Instantané", "type": "Équipe", "products": []}]}
          ]},
          {"label": "Socle", "type": "Tribu", "groups": []}
        ],
        "staff": [
          {"id": 1, "first": "Mona", "last": "Lis", "mail": "mona@example.org"},
          {"id": 2, "first": "Paul", "last": "Ette", "mail": "PAUL@example.org", "boss": 1},
          {"id": 3, "first": "Paul", "last": "Ette", "mail": "paul.e@example.org", "boss": 99}
        ]}
    """
}
NESTED_RECIPE = """
    recipe: 1
    name: nested
    title: Groups within groups
    inputs:
      structure: {files: structure.json}
    records:
      - kind: unit
        from: structure
        id: {value: root}
        fields: {name: company, kind: {value: company}}
      - kind: unit
        from: structure
        for_each: &groups {path: groups, recurse: groups}
        id: {path: label, do: [slug]}
        fields:
          name: label
          kind: {path: type, do: [{map: {équipe: team, tribu: tribe}}]}
          parent:
            path: [$parent.label, $parent.company]
            match_on: [{field: external_id, do: [slug]}, name]
      - kind: person
        from: structure
        for_each: staff
        id: id
        fields:
          name: "join(' ', [first, last])"
          email: {path: mail, do: [lower]}
          manager: {path: boss, match_on: [external_id]}
      - kind: mandate
        from: structure
        for_each: [*groups]
        skip_without: [person]
        fields:
          role: {value: product_manager}
          person: {path: pm, do: [split], match_on: [email, name]}
          unit: {path: label, do: [slug], match_on: [external_id]}
      - kind: area
        from: structure
        for_each: [*groups, products]
        id: {path: "@", do: [slug]}
        fields: {name: "@", kind: {value: product}}
      - kind: ownership
        from: structure
        for_each: [*groups, products]
        fields:
          area: {path: "@", do: [slug], match_on: [external_id]}
          unit: {path: $parent.label, do: [slug], match_on: [external_id]}
"""


def test_groups_within_groups_in_json(tmp_path: Path) -> None:
    extract = follow(tmp_path, NESTED, NESTED_RECIPE)
    assert extract.problems == []
    assert [
        (unit.external_id, unit.values["kind"], target(extract, unit, "parent"))
        for unit in kind(extract, "unit")
    ] == [
        ("root", "company", None),
        ("paiement", "tribe", "root"),
        ("cartes", "team", "paiement"),
        ("virements", "team", "paiement"),
        ("instantane", "team", "virements"),
        ("socle", "tribe", "root"),
    ]
    seats = [
        (target(extract, one, "person"), target(extract, one, "unit")) for one in kind(extract, "mandate")
    ]
    assert seats == [("1", "cartes"), (None, "cartes"), (None, "virements")]
    assert {(one.ref.text, one.reason, one.candidates) for one in extract.unknowns} == {
        ("Paul Ette", "ambiguous", ("2", "3")),
        ("99", "missing", ()),
    }
    assert [(target(extract, one, "area"), target(extract, one, "unit")) for one in kind(extract, "ownership")] == [
        ("carte-bleue", "cartes"), ("plafond", "cartes"), ("virement", "virements"),
    ]  # fmt: skip
    assert [unit.origin.line for unit in kind(extract, "unit")][2] == 4


KEYED = {
    "annuaire.yml": """
        services:
          srv-12:
            intitulé: Guichet unique
            pôle: usagers
            responsable: {courriel: nora@example.org, nom: Nora Exemple}
            parcours: [Déclarer, Payer]
          srv-7:
            intitulé: Contrôle
            pôle: interne
            responsable: {nom: Inconnue}
        pôles:
          usagers: {nom: Usagers}
          interne: {nom: Interne}
        agents:
          - {courriel: Nora@Example.org, nom: Nora Exemple, quotité: 80 %, service: srv-12, depuis: 01/09/2023}
    """
}
KEYED_RECIPE = """
    recipe: 1
    name: annuaire
    title: Annuaire par identifiant
    inputs: {annuaire: {files: annuaire.yml}}
    records:
      - kind: unit
        from: annuaire
        for_each: '"pôles"'
        id: $key
        fields: {name: nom, kind: {value: "pôle"}}
      - kind: unit
        from: annuaire
        for_each: services
        id: $key
        fields:
          name: '"intitulé"'
          kind: {value: service}
          parent: {path: '"pôle"', match_on: [external_id]}
      - kind: person
        from: annuaire
        for_each: agents
        fields: {name: nom, email: {path: courriel, do: [lower]}}
      - kind: membership
        from: annuaire
        for_each: agents
        fields:
          person: {path: courriel, match_on: [email]}
          unit: {path: service, match_on: [external_id]}
          share: '"quotité"'
          starts_on: depuis
      - kind: mandate
        from: annuaire
        for_each: services
        fields:
          role: {value: director}
          person: {path: responsable, match_on: [{field: email, path: courriel}, {field: name, path: nom}]}
          unit: {path: $key, match_on: [external_id]}
      - kind: area
        from: annuaire
        for_each: [services, parcours]
        fields: {name: "@", kind: {value: journey}}
      - kind: ownership
        from: annuaire
        for_each: [services, parcours]
        fields:
          area: {path: "@", match_on: [name]}
          unit: {path: $parent.$key, match_on: [external_id]}
"""


def test_a_mapping_keyed_by_id_with_french_words(tmp_path: Path) -> None:
    extract = follow(tmp_path, KEYED, KEYED_RECIPE)
    assert extract.problems == []
    assert [(unit.external_id, unit.values["kind"], target(extract, unit, "parent")) for unit in kind(extract, "unit")] == [
        ("usagers", "pole", None), ("interne", "pole", None), ("srv-12", "service", "usagers"), ("srv-7", "service", "interne"),
    ]  # fmt: skip
    [membership] = kind(extract, "membership")
    assert (membership.values["share"], str(membership.values["starts_on"])) == (80, "2023-09-01")
    assert target(extract, membership, "person") == "nora@example.org"
    assert [target(extract, one, "person") for one in kind(extract, "mandate")] == ["nora@example.org", None]
    assert [one.ref.text for one in extract.unknowns] == ["Inconnue"]
    assert [target(extract, one, "unit") for one in kind(extract, "ownership")] == ["srv-12", "srv-12"]


def test_ids_do_not_depend_on_order_or_on_what_else_the_files_hold(tmp_path: Path) -> None:
    first = follow(tmp_path / "a", KEYED, KEYED_RECIPE)
    lines = KEYED["annuaire.yml"].replace("[Déclarer, Payer]", "[Nouveau, Payer, Déclarer]")
    second = follow(tmp_path / "b", {"annuaire.yml": lines}, KEYED_RECIPE)
    before = {(record.kind, record.external_id) for record in first.records}
    after = {(record.kind, record.external_id) for record in second.records}
    assert before < after
    assert {external_id for kind, external_id in after - before if kind == "area"} == {"journey/nouveau"}


def test_a_place_that_stands_for_too_many_records_is_refused(tmp_path: Path) -> None:
    recipe = """
        recipe: 1
        name: many
        title: Many
        inputs: {file: {files: x.json}}
        records:
          - kind: membership
            from: file
            fields:
              person: {path: people, match_on: [name]}
              unit: {path: units, match_on: [name]}
    """
    many = ", ".join(f'"{number}"' for number in range(1000))
    extract = follow(tmp_path, {"x.json": f'{{"people": [{many}], "units": [{many}]}}'}, recipe)
    assert (extract.records, [problem.code.value for problem in extract.problems]) == (
        [],
        ["too_many_values"],
    )


def test_a_table_that_names_each_group_once(tmp_path: Path) -> None:
    recipe = """
        recipe: 1
        name: rows
        title: Rows
        inputs: {rows: {files: x.csv, fill_down: [project]}}
        records:
          - kind: membership
            from: rows
            fields:
              person: {path: maintainer, match_on: [name]}
              unit: {path: project, match_on: [name]}
    """
    table = ",Project,Maintainer\n1,Atlas,Ana\n,,Bo\n2,Borealis,Cy\n"
    extract = follow(tmp_path, {"x.csv": table}, recipe)
    assert [record.external_id for record in extract.records] == ["ana|atlas", "bo|atlas", "cy|borealis"]
