"""``show chosen`` as a user types it: whom not to touch, on screen and in a file, and what it refuses."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest

from wom_sim.policies.choosing import choose
from wom_sim.policies.harm import expected_harm
from wom_sim.scenario import load_scenario
from wom_sim.simulation import build_world, luck_seed
from wom_sim.simulation.chosen import COLUMNS, PARTS
from wom_sim.simulation.treatments import setting_of

SMALL = """
name = "Small"
[population]
customers = 400
prospects = 40
household_size = 2.2
[choose]
least_profitable_share = 0.2
limit = 30
[run]
days = 30
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "spared"
use = "bulk_letter"
choose = { least_profitable_share = 0.2, spare_most_harmful = 0.25 }
[[policies]]
name = "for all"
use = "reprice"
for_all = true
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return str(path)


def test_the_file_holds_every_candidate_with_the_harm_that_the_policy_would_do(command, file, tmp_path):
    out = tmp_path / "chosen.csv"
    code, _, err = command("show", "chosen", file, "--out", out)
    assert code == 0
    assert "The table is in" in err
    table = pd.read_csv(out)
    assert tuple(table.columns) == COLUMNS
    assert set(table["policy"]) == {"letter", "spared"}, "a policy for all chooses nobody"
    said = load_scenario(file)
    world = build_world(said, workers=1)
    for policy in said.policies[:2]:
        setting, mine = setting_of(said, policy, world, luck_seed(said, 0)), table[table["policy"] == policy.name]
        assert len(mine) == 80
        assert mine["rank"].tolist() == list(range(1, 81))
        assert set(mine["person"][mine["chosen"]]) == set(choose(setting).tolist())
        harm = expected_harm(setting, mine["person"].to_numpy())
        assert mine["harm"].tolist() == pytest.approx(harm.total.tolist())
        assert mine["harm"].tolist() == pytest.approx(mine[list(PARTS)].sum(axis=1).tolist())
        assert mine["ties"].tolist() == world.network.degrees()[mine["person"]].tolist()
        assert (mine["profitable_ties"] <= mine["ties"]).all()
        assert (mine["household"] <= mine["ties"]).all()
    spared = table[(table["policy"] == "spared") & ~table["chosen"]]
    assert len(spared) == 20
    assert spared["harm"].min() >= table[(table["policy"] == "spared") & table["chosen"]]["harm"].max()


def test_the_screen_shows_the_most_harmful_first(command, file):
    code, out, err = command("show", "chosen", file, "--match", "lett")
    assert (code, err) == (0, "")
    assert "letter: the 20 of 80 candidates" in out
    assert "spared: the" not in out
    assert "Expected harm is the profit of profitable customers that is lost" in out
    code, text, _ = command("show", "chosen", file, "--match", "lett", "--json")
    rows = pd.read_json(io.StringIO(text))
    assert len(json.loads(text)) == 80
    most = rows.sort_values(["harm", "person"], ascending=[False, True])["person"].head(20).tolist()
    shown = [line.split()[0] for line in out.splitlines() if line.split()[:1] and line.split()[0].isdigit()]
    assert [int(number) for number in shown] == most
    assert np.isfinite(rows["harm"]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "given no scenario file; allowed: wom-sim show chosen SCENARIO"),
        (("{file}", "--match", "fax"), "--match: given 'fax', which is in none of letter, spared, for all"),
        (("{file}", "--out", "x.doc"), "--out: given x.doc, allowed: a file that ends in .csv or .json"),
        (("nowhere.toml",), "nowhere.toml"),
    ],
)
def test_what_it_refuses(command, file, arguments, message):
    code, out, err = command("show", "chosen", *(each.format(file=file) for each in arguments))
    assert (code, out) == (4, "")
    assert message in err
    assert "Traceback" not in err
