"""Why customers were lost, word for word, from tables of a run made by hand."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from dutch import english_in

from wom_sim.outcomes.branches import LABELS, Branch
from wom_sim.scenario import Scenario
from wom_sim.study.explain import Explanation
from wom_sim.study.explain_words import caution, in_language, part, sentences
from wom_sim.study.notebook import explained
from wom_sim.words import Words


def table(rows):
    columns = ["effect", "dimension", "value", "share", "number", "lasting", "amount"]
    return pd.DataFrame(rows, columns=columns)


def departures(first, dose, steps, roots, *, lasting, earlier=0.0, amount=-9000.0):
    """Rows of departures: shares by first hearing and by dose, numbers by steps and by root."""
    rows = [
        ("departure", "first_channel", k, s, s * (lasting + earlier), s * lasting, s * amount) for k, s in first.items()
    ]
    rows += [("departure", "dose", k, s, s * lasting, s * lasting, s * amount) for k, s in dose.items()]
    rows += [("departure", "steps", str(k), v / lasting, v, v, 0.0) for k, v in steps.items()]
    return rows + [("departure", "root", k, v / lasting, v, v, 0.0) for k, v in roots.items()]


BESIDES = [
    ("join lost", "first_channel", "post", 1.0, 3.0, 3.0, -600.0),
    ("call", "first_channel", "firm", 0.5, 0.5, 0.5, -8.0),
    ("call", "first_channel", "post", 0.5, 0.5, 0.5, -8.0),
    ("call", "steps", "1", 0.5, 50.0, 50.0, -500.0),
]
MANY = departures(
    {"close": 0.5, "post": 0.3, "outlet": 0.18, "stranger": 0.02},
    {"post": 0.6, "close": 0.3, "left with household": 0.09, "outlet": 0.01},
    {2: 30.0, 10: 20.0, 1: 30.0},
    {"17": 20.0, "3": 30.0, "nobody in particular": 30.0},
    lasting=80.0, earlier=5.0,
)  # fmt: skip


def test_many_were_lost():
    reports = {"paper": (30, 1), "forum": (4, 3), "blog": (40, 0)}
    assert sentences("bulk letter", table(MANY + BESIDES), reports, "USD", (1, 2)) == [
        "The bulk letter lost 80 profitable customers on whom it did not act, and 5 more left only earlier than they "
        "would have anyway; that costs the firm $9,000. It lost 2 more to what the firm did to them.",
        "They were reached first, or moved, 50 % by a close tie, 30 % by a post, 18 % by the media and 2 % by a "
        "stranger. Weighed by how much of the story had reached them when they left, its sources were 66 % posts and "
        "33 % close ties.",
        "It was picked up by forum on day 4 (after posts that go back to 3 of those told), paper on day 30 (after "
        "posts that go back to 1 of those told) and blog on day 40 (after no post at all).",
        "Half of them stood at most 2 tellings away from someone on whom the firm acted; 38 % go back to a single one "
        "of these, person 3.",
        "Besides, 3 prospects did not join (−$600) and 1 extra call was answered (−$16).",
    ]


def test_few_are_told_as_counts_and_people_may_stand_for_several():
    few = departures(
        {"household": 0.75, "departure of a tie": 0.25}, {"household": 0.72, "departure of a tie": 0.28}, {1: 4.0},
        {"17": 0.9}, lasting=4.0, amount=70.0,
    )  # fmt: skip
    assert sentences("bulk letter", table(few), {"paper": (30, 1), "forum": (4, 3), "blog": (9, 0)}, "EUR", (5, 3)) == [
        "The bulk letter lost 4 profitable customers on whom it did not act; that is worth €70 to the firm. It lost 15 "
        "more to what the firm did to them.",
        "They were reached first, or moved, 3 of 4 by their household and 1 of 4 by the departure of ties.",
        "It was picked up by forum on day 4 (after 3 posts), blog on day 9 (after no post at all) and paper on day 30 "
        "(after 1 post).",
        "Half of them stood at most 1 telling away from someone on whom the firm acted.",
        "Each simulated person, and so each who is named, stands for 5.",
    ]


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("outlet", "by the media"), ("post", "by a post"), ("stranger", "by a stranger"),
        ("acquaintance", "by an acquaintance"), ("close", "by a close tie"), ("household", "by their household"),
        ("nobody", "by nobody"), ("firm", "by the firm"), ("departure of a tie", "by the departure of ties"),
        ("left with household", "by leaving together with someone of their household who was let go"),
    ],
)  # fmt: skip
def test_one_was_lost(channel, said):
    one = departures({channel: 1.0}, {channel: 1.0}, {3: 1.0}, {"9": 1.0}, lasting=1.0, earlier=0.4)
    assert sentences("nice offer", table(one), {}, "USD") == [
        "“nice offer” lost 1 profitable customer on whom it did not act; that costs the firm $9,000.",
        f"They were reached first, or moved, 1 of 1 {said}.",
        "No outlet reported it.",
        "Half of them stood at most 3 tellings away from someone on whom the firm acted; 1 of 1 go back to a single "
        "one of these, person 9.",
    ]


def test_none_was_lost():
    assert sentences("nice offer", table(BESIDES[:1]), {}, "USD", (1, 1)) == [
        "In this run “nice offer” lost no profitable customer on whom the firm did not act. It lost 1 more to what the "
        "firm did to them.",
        "No outlet reported it.",
        "Besides, 3 prospects did not join (−$600).",
    ]
    calls = [
        ("call", "first_channel", "firm", 1.0, 2.0, 2.0, -8.0),
        ("join lost", "first_channel", "post", 1, 1, 1, 5.0),
    ]
    assert sentences("x", table(calls), {}, "USD")[-1] == (
        "Besides, 1 prospect did not join ($5) and 2 extra calls were answered (−$8)."
    )
    assert len(sentences("x", table([]), {}, "USD")) == 2


def test_in_dutch():
    said = sentences(
        "bulk letter",
        table(MANY + BESIDES),
        {"national press": (30, 1), "our paper": (4, 0)},
        "USD",
        (5, 2),
        Words("nl"),
    )
    assert said == [
        "De brief aan iedereen kostte 80 winstgevende klanten met wie het bedrijf zelf niets deed, en 5 anderen "
        "vertrokken alleen eerder dan zonder dit beleid; dat kost het bedrijf $ 9.000. Nog 10 vertrokken door wat het "
        "bedrijf zelf deed.",
        "Wie of wat hen het eerst bereikte of meenam: bij 50 % een vriend of familielid, bij 30 % een bericht online, "
        "bij 18 % de media en bij 2 % een onbekende. Gewogen naar hoeveel van het verhaal hen had bereikt toen ze "
        "vertrokken, kwam het voor 66 % uit berichten online en 33 % van vrienden en familie.",
        "Het werd opgepikt door our paper op dag 4 (na geen enkel bericht) en landelijke pers op dag 30 (na 1 "
        "bericht).",
        "De helft stond hooguit 2 stappen af van iemand met wie het bedrijf iets deed; één van hen, persoon 3, staat "
        "aan het begin van 38 %.",
        "Verder geldt: 3 mogelijke klanten werden geen klant (−$ 600) en 1 extra telefoontje werd beantwoord (−$ 16).",
        "Elke gesimuleerde persoon, dus ook wie hier wordt genoemd, staat voor 5.",
    ]
    assert english_in(caution(3, [1.0, 4.0], Words("nl"))) == []


def test_every_branch_has_a_name_in_dutch_and_its_own_in_english():
    tree = Branch("all", 200.0)
    for label in (*LABELS.values(), "through television", "through our paper"):
        tree.add([label, LABELS["post"]], 10.0, -100.0)
    assert in_language(tree, Words("en")) == tree
    dutch = in_language(tree, Words("nl"))
    assert "via televisie" in dutch.branches and "via our paper" in dutch.branches
    assert english_in(" ".join(dutch.branches)) == [] and len(dutch.branches) == len(tree.branches)
    assert [branch.label for branch in dutch.branches.values()] == list(dutch.branches)
    assert [branch.number for branch in dutch.branches.values()] == [10.0] * len(tree.branches)


ASSUMED = (
    "so it shows how, not how often; how strongly such a story moves people is an assumption that nobody has measured."
)


@pytest.mark.parametrize(
    ("losses", "others"),
    [
        ([], ""),
        ([4.0], ""),
        ([4.0, 9.0, 1.0], " of 3, which for good lost 1 to 9 profitable customers each"),
        ([0.0, 0.0], " of 2, which for good lost 0 profitable customers each"),
        ([1.0, 1.0], " of 2, which for good lost 1 profitable customer each"),
    ],
)
def test_one_run_shows_how_and_not_how_often(losses, others):
    assert caution(2, losses) == f"This is one run (replication 2){others}, {ASSUMED}"


def test_a_share_is_a_count_below_fifty():
    assert (part(0.25, 49.0), part(0.25, 50.0), part(0.75, 2.0)) == ("12 of 49", "25 %", "2 of 2")


# -- as plain data, and in a notebook ------------------------------------------------------------------------


@pytest.fixture
def found():
    tree = Branch("all", 200.0, -5000.0)
    for k in range(6):
        tree.add([f"way {k}", "and on", "still on", "too deep"], 10.0 + k, -100.0)
    tree.add(["seldom"], 1.0, -1.0)
    said = {
        "name": "Town",
        "currency": "EUR",
        "population": {"customers": 100},
        "policies": [{"name": "a", "use": "keep"}],
    }
    scenario = Scenario.model_validate_json(json.dumps(said | {"policies": [{"name": "a", "use": "keep"}]}))
    return Explanation(scenario, "letter", 4, "as asked", table(MANY), tree, ["One.", "Two."], 0.5)


def test_plain_data(found):
    plain = found.plain(2)
    attribution = plain.pop("attribution")
    assert plain == {
        "scenario": "Town", "policy": "letter", "replication": 4, "because": "as asked", "currency": "EUR",
        "sentences": ["One.", "Two."], "tree": found.tree.plain(2, 0.01 * 276.0),
    }  # fmt: skip
    assert len(plain["tree"]["branches"]) == 2
    assert len(found.plain()["tree"]["branches"]) == 5
    assert attribution == found.attribution.round(9).to_dict("records")


def test_a_notebook_shows_the_busiest_branches_three_deep(found):
    shown = explained(found)
    assert shown.title == "Town: letter, replication 4"
    assert shown.texts == ["One.", "Two."]
    assert shown.heads == ["through", "profitable customers", "money"]
    space = "\N{NO-BREAK SPACE}" * 4
    expected = [["all", "276", "−€5,600"]]
    for k in (5, 4, 3, 2):
        expected += [
            [space + f"way {k}", str(10 + k), "−€100"], [2 * space + "and on", str(10 + k), "−€100"],
            [3 * space + "still on", str(10 + k), "−€100"],
        ]  # fmt: skip
    assert shown.rows == expected
    small = Explanation(found.scenario, "a", 0, "", found.attribution, Branch("all", 100.0), [], 0.0)
    small.tree.branches |= {"one": Branch("one", 1.0), "less": Branch("less", 0.99)}
    assert [row[0].strip() for row in explained(small).rows] == ["all", "one"]
