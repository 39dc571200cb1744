"""The media of a year: what `media.era` sets, what stands against it, and what worlds draw."""

from __future__ import annotations

import pytest

from wom_sim.scenario import ScenarioError, load_scenario
from wom_sim.scenario.eras import known_eras


def media_of(scenario):
    return scenario.media.channel_news.phone, scenario.behaviour.talking.p_post


@pytest.mark.parametrize(
    ("year", "phone", "post"),
    [
        (2007, 0.05, 0.13), (2015, 0.1, 0.25), (2026, 0.25, 0.4), (1995, 0.05, 0.13), (2050, 0.25, 0.4),
        (2011, 0.075, 0.19),
    ],
)  # fmt: skip
def test_each_year_has_its_media_and_others_lie_between(small, year, phone, post):
    assert media_of(load_scenario(small, [f"media.era={year}"])) == pytest.approx((phone, post))


def test_without_a_year_they_are_those_of_before(small):
    assert load_scenario(small).media.era is None
    assert media_of(load_scenario(small)) == (0.05, 0.13)


def test_what_is_stated_stands(small, write):
    own = write("own.toml", small.read_text() + "\n[media]\nera = 2026\n[media.channel_news]\nphone = 0.7\n")
    assert media_of(load_scenario(own)) == (0.7, 0.4)
    assert media_of(load_scenario(small, ["media.era=2026", "behaviour.talking.p_post=0.01"])) == (0.25, 0.01)


def test_a_preset_of_a_trade_gives_way(write):
    """The presets are of today; whoever asks for the media of 2007 gets them."""
    text = 'name = "old bank"\nextends = "builtin:bank"\n{}[population]\ncustomers = 1000\n'
    text += '[[policies]]\nname = "letter"\nuse = "bulk_letter"\n'
    today, then = (load_scenario(write(f"{n}.toml", text.format(era))) for n, era in
                   (("today", ""), ("then", "media.era = 2007\n")))  # fmt: skip
    assert media_of(today)[0] == 0.25
    assert media_of(then) == (0.05, 0.13)
    assert [outlet.name for outlet in then.media.outlets] == [outlet.name for outlet in today.media.outlets]


def test_nobody_stated_them_so_worlds_draw_them_from_the_ranges_of_that_year(small):
    scenario = load_scenario(small, ["media.era=2026"])
    assert "media.channel_news.phone" not in (scenario.worlds.known or ())
    drawn = {item.key: item.distribution.spread for item in scenario.uncertain}
    assert drawn["media.channel_news.phone"] == (0.08, 0.6)
    assert drawn["behaviour.talking.p_post"] == (0.12, 0.9)


@pytest.mark.parametrize(("year", "followers"), [(2007, 20.0), (2015, 61.0), (2026, 150.0)])
def test_followers_are_those_of_the_year_where_they_count(small, year, followers):
    asked = [f"media.era={year}", "behaviour.talking.audience='lognormal'"]
    scenario = load_scenario(small, asked)
    assert scenario.behaviour.talking.followers_median == followers
    assert "behaviour.talking.followers_median" in {item.key for item in scenario.uncertain}
    without = load_scenario(small, asked[:1])
    assert without.behaviour.talking.followers_median == 61.0
    assert "behaviour.talking.followers_median" not in {item.key for item in without.uncertain}


def test_a_year_is_a_year(small):
    for given in ("'soon'", "1800", "2026.5", "true"):
        with pytest.raises(ScenarioError, match=r"media\.era"):
            load_scenario(small, [f"media.era={given}"])


def test_a_table_that_is_none_is_said_and_not_overwritten(small):
    with pytest.raises(ScenarioError, match=r"media\.channel_news"):
        load_scenario(small, ["media.era=2026", "media.channel_news=3"])


def test_every_year_names_the_same_numbers_in_order():
    """Low is at most the middle, and the middle at most high; and nothing that is written falls from year to year."""
    from wom_sim.scenario.eras import _between, numbers_of

    tables = [dict(numbers_of(_between(year))) for year in known_eras()]
    assert len({tuple(table) for table in tables}) == 1
    for path in tables[0]:
        for table in tables:
            assert table[path]["low"] <= table[path]["mode"] <= table[path]["high"]
        modes = [table[path]["mode"] for table in tables]
        assert modes == sorted(modes), path
