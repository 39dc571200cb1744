"""``wom-sim chart`` and ``wom-sim animate`` as a user meets them."""

from __future__ import annotations

import pytest
from unsealed import write_manifest

from wom_sim import compare, load_scenario
from wom_sim.cli import main
from wom_sim.study.store import write_tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("chart") / "small"
    sets = [
        "population.customers=2000",
        "population.prospects=200",
        "choose.limit=8",
        "run.days=60",
        "run.replications=3",
    ]
    scenario = load_scenario("scenarios/first_look.toml", sets)
    where.mkdir()
    found = compare(scenario, workers=1)
    write_manifest(found, where, write_tables(found, where))
    return where


def run(*arguments) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_draws_what_was_asked_in_the_language_and_formats(folder, tmp_path, capsys):
    code = run(
        "chart", folder, "paired", "ledger", "--format", "all", "--size", "paper", "--lang", "nl", "--out", tmp_path
    )
    assert code == 0
    names = {f"{kind}.{form}" for kind in ("paired", "ledger") for form in ("png", "svg", "pdf", "csv", "txt")}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert "doorrekeningen" in (tmp_path / "paired.txt").read_text(encoding="utf-8")
    assert str(tmp_path / "paired.png") in capsys.readouterr().out


def test_draws_in_every_language_that_has_a_file_and_refuses_others(folder, tmp_path, capsys):
    assert run("chart", folder, "ledger", "--lang", "de", "--out", tmp_path) == 0
    assert "Nettowert" in (tmp_path / "ledger.txt").read_text(encoding="utf-8")
    for name in ("chart", "animate"):
        assert run(name, folder, "--lang", "fr") == 4
        assert "--lang: given 'fr', allowed: en, nl, de" in capsys.readouterr().err


def test_list_says_what_the_folder_allows_and_why_not(folder, capsys):
    assert run("chart", folder, "--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("yes") for line in lines) == 13  # those of a comparison
    at = next(k for k, line in enumerate(lines) if line.startswith("no   tornado"))
    assert "needs drivers.csv" in lines[at + 1]
    assert not (folder / "charts").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{folder}", "pared"], "KIND: given 'pared', allowed: reached, departures, "),
        (["{folder}", "tornado"], "nothing could be drawn"),
        (["{folder}/none"], "no such folder"),
        (["{folder}/run.json"], "is a file"),
        (["{folder}", "paired", "--out", "{folder}/run.json"], "--out: given "),
    ],
)
def test_nonsense_is_answered_in_words_with_code_4(folder, capsys, arguments, message):
    assert run("chart", *[text.format(folder=folder) for text in arguments]) == 4
    said = capsys.readouterr().err
    assert message in said and "Traceback" not in said
    assert not (folder / "charts").exists()


def test_a_near_miss_is_guessed(folder, capsys):
    run("chart", folder, "pared")
    assert "did you mean paired?" in capsys.readouterr().err


def test_animation_is_written_where_it_is_asked(folder, tmp_path, capsys, monkeypatch):
    from wom_sim.present import animation

    monkeypatch.setattr(animation, "MOST_FRAMES", 3)
    film = tmp_path / "film.gif"
    assert run("animate", folder, "--policies", "bulk letter", "paid exit", "--out", film) == 0
    assert film.read_bytes()[:6] == b"GIF89a"
    assert "bulk letter and paid exit" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--policies", "letter"], "--policies: given 'letter', allowed: keep, bulk letter"),
        (["--out", "film.pdf"], "allowed: a name that ends in .gif or .mp4 or .html"),
        (["--format", "gif", "--out", "film.mp4"], "allowed: a name that ends in .gif"),
        (["--policies", "keep"], "nobody hears of it"),
    ],
)
def test_nonsense_to_animate(folder, capsys, arguments, message):
    assert run("animate", folder, *arguments) == 4
    assert message in capsys.readouterr().err
