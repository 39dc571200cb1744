"""Amounts that were converted are told: by validate and show base, in run.json, and in the report in both languages."""

import html
import json

import pytest

from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.scenario import load_scenario

FIRM = """
name = "Firm"
currency = "CURRENCY"
[population]
customers = 1_500
prospects = 100
[[population.segments]]
name = "all"
revenue = 20.0
[choose]
limit = 20
[run]
days = 60
replications = 2
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "paid"
use = "paid_exit"
"""
AUTHORITY = 'media.outlets."consumer authority".cost_per_dismissal'


@pytest.fixture
def firm(tmp_path):
    def in_currency(currency):
        file = tmp_path / "firm.toml"
        file.write_text(FIRM.replace("CURRENCY", currency))
        return file

    return in_currency


def plain(page):
    return " ".join(html.unescape(page).split())  # no-break spaces are spaces as well


@pytest.mark.science
def test_what_was_converted_is_told_wherever_money_is_shown(command, firm, tmp_path):
    file, out = firm("EUR"), tmp_path / "out"
    told, amount = "0.924 EUR for a dollar (the mean of 2024", f"{AUTHORITY} €185"
    for arguments in (("validate", file), ("show", "base", file)):
        code, printed, _ = command(*arguments)
        assert code == 0 and told in plain(printed) and amount in plain(printed)
        assert "revenue €" not in plain(printed).partition("Converted:")[2], "what is stated was not converted"
    code, _, aside = command("compare", file, "--out", out)
    assert code == 0 and amount in plain(aside)
    assert any(amount in note for note in json.loads((out / "run.json").read_text())["notes"])
    found = read(out)
    assert found.scenario == load_scenario(file)
    english, dutch = (plain(report(found, lang)) for lang in ("en", "nl"))
    assert english.count(told) == 1 and amount in english
    assert dutch.count("0,924 EUR per dollar (het gemiddelde van 2024") == 1 and f"{AUTHORITY} € 185" in dutch


def test_a_firm_in_dollars_is_told_nothing(command, firm):
    for arguments in (("validate", firm("USD")), ("show", "base", firm("USD"))):
        assert "for a dollar" not in command(*arguments)[1]


def test_an_unknown_currency_ends_with_code_4_and_writes_nothing(command, firm, tmp_path):
    file, out = firm("XYZ"), tmp_path / "out"
    to = ("--out", out)
    for arguments in (("compare", file, *to), ("compare", file, "--worlds", 3, *to), ("validate", file)):
        code, _, aside = command(*arguments)
        assert code == 4 and "Traceback" not in aside and not out.exists()
        assert f"\n    {AUTHORITY} = 200    # USD\n" in aside and "exchange.per_dollar" in aside
    assert command("validate", file, "--set", "exchange.per_dollar=12")[0] == 0


@pytest.mark.science
def test_worlds_are_drawn_in_the_currency_of_the_scenario(command, firm, tmp_path):
    file, out = firm("JPY"), tmp_path / "out"
    code, _, _ = command("compare", file, "--worlds", 4, "--out", out, "--set", "exchange.per_dollar=150", "--json")
    assert code == 0
    scenario = read(out).scenario
    assert scenario == load_scenario(file, ["exchange.per_dollar=150"])
    worlds = read(out).extra["worlds"]
    assert worlds["money.acquisition_cost"].between(350 * 150, 450 * 150).all()
    assert worlds["money.cost_per_call"].between(4 * 150, 20 * 150).all()
