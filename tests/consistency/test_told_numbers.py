"""Every number of a search, a break-even and two results, on page and slides, is in a table of their folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from artefacts import read_deck, read_page
from daily import few
from known import Pool, add_runs, pool_of
from languages import OTHERS, told_otherwise
from test_every_number import unknown

from wom_sim.cli import main
from wom_sim.present.publish import page_of, slides_of
from wom_sim.present.result_folder import read
from wom_sim.present.since import read_since
from wom_sim.present.told_folder import read_told

FIRST_LOOK = Path(__file__).parents[2] / "scenarios" / "first_look.toml"
SIZE = ("population.customers=3000", "population.prospects=600", "run.days=90", "choose.limit=40")
ASKED = {
    "search": ("recommend", "--trials", "6", "--fresh", "8", "--finalists", "3", "--replications", "2"),
    "break-even": ("break-even", "--policy", "paid exit", "--parameter", "payment", "--points", "4"),
    "before": ("compare", "--replications", "3", "--no-charts"),
    "now": ("compare", "--replications", "3", "--no-charts", "--set", "money.cost_per_call=19.5"),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    """A small result of each kind; only to be read."""
    place = tmp_path_factory.mktemp("told")
    for name, (command, *rest) in ASKED.items():
        sets = [part for each in (*SIZE, "run.replications=3") for part in ("--set", each)]
        with pytest.raises(SystemExit) as ended:
            main([command, str(FIRST_LOOK), *sets, *rest, "--out", str(place / name)])
        assert not ended.value.code
    return {name: place / name for name in ASKED}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory) -> Path:
    """A small fit to two things that were seen; only to be read."""
    place = tmp_path_factory.mktemp("fitted")
    seen = "".join(
        f'[[seen]]\npolicy = "bulk letter"\nwhat = "{what}"\nto_day = 30\nvalue = {value}\nerror = 2\n'
        for what, value in (("posts", 6), ("extra_left", 9))
    )
    (place / "past.toml").write_text(f'extends = "{FIRST_LOOK.as_posix()}"\n{seen}', encoding="utf-8")
    sets = [part for each in SIZE for part in ("--set", each)]
    with pytest.raises(SystemExit) as ended:
        main(["fit", str(place / "past.toml"), *sets, "--worlds", "200", "--check", "20", "--out", str(place / "fit")])
    assert not ended.value.code
    return place / "fit"


def _search(folders) -> Pool:
    pool, tables = pool_of(folders["search"]), read_told(folders["search"]).tables
    frontier, tried = tables["frontier.csv"], tables["tried.csv"]
    for column in ("es95", "low", "high", "behind_best", "behind_low", "behind_high", "value_in_search"):
        pool.add("money", frontier[column].dropna())
    pool.add("money", tried["value_in_search"].dropna())
    pool.add("money", frontier["value_in_search"] - frontier["expected_net_value"])
    for column in ("national", "loss"):
        for end in ("", "_low", "_high"):
            pool.add("share", frontier[f"{column}{end}"].dropna())
    pool.add("plain", [len(tried), *tried.groupby("policy").size(), *frontier["n"]])
    pool.add("plain", [read_told(folders["search"]).run.get("candidates", 0), _space(folders["search"])])
    for name in tried.columns[8:]:  # what each lever was set to
        values = tried[name].dropna()
        for kind in ("plain", "share", "money"):
            pool.add(kind, [float(v) for v in values if str(v).replace(".", "").isdigit()])
    return pool


def _space(folder: Path) -> int:
    from wom_sim.present.told_folder import recommendation

    return recommendation(read_told(folder)).question.space.size


def _break_even(folders) -> Pool:
    pool, found = pool_of(folders["break-even"]), read_told(folders["break-even"])
    for name in ("difference", "low", "high"):
        pool.add("money", found.tables["breakeven.csv"][name].dropna())
    pool.add("money", found.tables["breakeven.csv"]["value"])  # the payment, at which it was set
    line = found.tables["breakeven_line.csv"]
    for name in line.select_dtypes("number"):
        for kind in ("plain", "money"):  # an amount where the number is one
            pool.add(kind, line[name].dropna())
    pool.add("plain", [len(found.tables["breakeven.csv"])])
    return pool


def _since(folders) -> Pool:
    pool, other = pool_of(folders["now"]), pool_of(folders["before"])
    for kind in pool.known:
        pool.known[kind] += other.known[kind]
    for name in ("now", "before"):
        results = read(folders[name])
        add_runs(pool, results.replications)
        means = results.summary[results.summary["indicator"] == "net_value"]["mean"].tolist()
        pool.add("money", [a - b for a in means for b in means])
    return pool


POOLS = {"search": _search, "break-even": _break_even, "since": _since}


@pytest.mark.parametrize("kind", POOLS)
def test_every_number_is_in_a_table(folders, tmp_path, kind):
    results = read_since(folders["now"], folders["before"]) if kind == "since" else folders[kind]
    page, deck = tmp_path / "page.html", tmp_path / "deck.pptx"
    page.write_text(page_of(results), encoding="utf-8")
    deck.write_bytes(slides_of(results))
    pool = POOLS[kind](folders)
    assert unknown(read_page(page).passages, pool) == []
    seen = read_deck(deck).seen
    evidence = tuple(grid.place for grid in seen.grids if grid.heads[:3] == ["Number", "Used", "Plausible"])
    assert unknown([p for p in seen.passages if not p.place.startswith(evidence or ("none",))], pool) == []


@pytest.mark.parametrize(
    ("kind", "lang"), few([(kind, lang) for kind in ("break-even", "search", "since") for lang in OTHERS], 2)
)
def test_another_language_tells_the_same_numbers(folders, kind, lang):
    results = read_since(folders["now"], folders["before"]) if kind == "since" else folders[kind]
    assert told_otherwise(results, lang) == []


@pytest.mark.science
@pytest.mark.parametrize("lang", OTHERS)
def test_a_fit_tells_the_same_numbers_in_another_language(fitted, lang):
    assert told_otherwise(fitted, lang) == []


def test_a_number_that_is_nowhere_is_found_out(folders):
    from artefacts import Passage

    wrong = [Passage("somewhere", "The paid exit is worth $9,123,457 in 63.9 % of the runs.")]
    assert len(unknown(wrong, _search(folders))) == 2
