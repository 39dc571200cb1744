"""Charts of a fit: what their titles say, and which number of the table stands where."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from chart_tables import FIT_CASES, FITS, MANY_SEEN, SEEN, calibrated, checked, learned, taught
from test_chart_contract import shown

from wom_sim.charts import CHARTS, Setting, alt_text, names
from wom_sim.charts import calibrated as calibrated_chart
from wom_sim.charts import taught as taught_chart
from wom_sim.charts.save import png_bytes
from wom_sim.charts.style import contrast_on_white
from wom_sim.scenario.sections.seen import COUNTS, SHARES, Seen
from wom_sim.scenario.sections.seen import DAYS as SEEN_DAYS
from wom_sim.scenario.sections.seen import YES_OR_NO as SEEN_YES_OR_NO
from wom_sim.study import fit
from wom_sim.words import LANGUAGES, Words, catalogue

DRAW = {chart.name: chart.draw for chart in CHARTS}
KINDS = (*SEEN_YES_OR_NO, *SEEN_DAYS, *COUNTS, *SHARES)


def title(chart: str, table, lang: str = "en") -> str:
    return alt_text(DRAW[chart](table, Setting("NOTE", lang=lang))).split(". NOTE")[0]


def said(figure) -> list[str]:
    return [text.get_text() for text in shown(figure)]


def bars(axes) -> list[tuple[float, float, float]]:
    """Left, right and row of each bar that can be seen."""
    seen = [bar for bar in axes.patches if bar.get_alpha() is None or bar.get_alpha() > 0.0]
    return [(b.get_x(), b.get_x() + b.get_width(), b.get_y() + b.get_height() / 2) for b in seen]


# -- what was learned ----------------------------------------------------------------------------------------


def test_the_title_names_the_number_most_learned_of_with_before_and_after():
    told = "“Chance that a household member leaves with someone let go”: 42 % (27 to 57 %) became 34 % (25 to 44 %)"
    assert title("learned", learned()) == f"Most was learned about {told}"
    dutch = "‘Kans dat een huisgenoot meegaat met wie moet vertrekken’: 42 % (27 tot 57 %) werd 34 % (25 tot 44 %)"
    assert title("learned", learned(), "nl") == f"Het meest is geleerd over {dutch}"
    other = learned().assign(foretold=[0.1, 0.5, 0.2, 0.9, 0.0])  # of the fourth nothing was learned
    assert "talker whom the firm acted on posts" in title("learned", other)


def test_where_nothing_was_learned_it_says_so_and_draws_no_after():
    figure = DRAW["learned"](learned(0, 2))
    assert title("learned", learned(0, 2)).startswith("Nothing was learned about the 2 numbers that nobody knows")
    assert title("learned", learned(0, 1)).startswith("Nothing was learned about the one number")
    assert "After" not in said(figure) and "Before" in said(figure)
    assert [(left, right) for left, right, _ in bars(figure.axes[0])] == [(0.0, 1.0)] * 2
    assert "as before" in alt_text(figure)


def test_each_row_is_scaled_to_its_own_interval_before():
    table = learned()
    axes = DRAW["learned"](table).axes[0]
    drawn, middles = bars(axes), [line.get_xdata() for line in axes.lines]
    assert len(drawn) == 6 and len(middles) == 6
    for i, row in enumerate(table[table["learned"]].to_dict("records")):
        low, width = row["before_low"], row["before_high"] - row["before_low"]
        before, after = drawn[2 * i], drawn[2 * i + 1]
        assert before == pytest.approx((0.0, 1.0, i + 0.5))
        assert after == pytest.approx(((row["low"] - low) / width, (row["high"] - low) / width, i + 0.5))
        assert middles[2 * i][0] == pytest.approx((row["before_median"] - low) / width)
        assert middles[2 * i + 1][0] == pytest.approx((row["median"] - low) / width)
        assert axes.get_xlim()[0] < after[0] and after[1] < axes.get_xlim()[1]


def test_numbers_stand_under_their_heads():
    figure = DRAW["learned"](learned())
    at = {text.get_text(): text.get_position() for text in shown(figure)}
    assert at["42 % (27 to 57 %)"][0] == at["Before"][0] < at["After"][0] == at["34 % (25 to 44 %)"][0]
    assert at["42 % (27 to 57 %)"][1] == pytest.approx(at["34 % (25 to 44 %)"][1])


def test_the_most_learned_of_are_shown_and_all_counted():
    text = alt_text(DRAW["learned"](learned(14, 30)))
    assert "Learned of 14 of 44 numbers." in text and "The first 10 of 14 are shown." in text
    assert text.count(" before, ") == 10
    assert "left" not in alt_text(DRAW["learned"](learned())).split("\n")[-1]


def test_order_of_rows_does_not_matter_where_the_chart_ranks_them():
    for name in ("learned", "taught", "calibrated"):
        table = FITS[name]()
        assert png_bytes(DRAW[name](table.iloc[::-1])) == png_bytes(DRAW[name](table)), name


# -- which observation taught what ---------------------------------------------------------------------------


def test_the_title_names_the_largest_share_that_one_observation_foretells():
    table = taught(SEEN, 2).assign(alone=[0.02, 0.05, 0.1, 0.61, 0.0, 0.0, 0.3, 0.2, 0.0, 0.0])
    wanted = "“Customers who left above the usual” taught most: 61 % of what nobody knew about “Chance that a talker"
    assert title("taught", table).startswith(wanted)
    assert title("taught", table.assign(alone=0.03)).startswith("No observation taught anything alone")


def test_each_share_stands_in_the_cell_of_its_observation_and_number():
    alone = [0.02, 0.05, 0.1, 0.61, 0.0, 0.003, 0.3, 0.2, 0.07, 0.5]
    table = taught(SEEN, 2).assign(alone=alone, foretold=[0.7, 0.66] * 5)
    figure = DRAW["taught"](table)
    # Columns by the most that each teaches; the last holds all together.
    heads = ("usual", "from day 7", "first post", "0 to 29", "news", "together")
    cells = [["10 %", "61 %"], ["7 %", "50 %"], ["30 %", "20 %"], ["2 %", "5 %"], ["0 %", "<1 %"], ["70 %", "66 %"]]
    lefts = [next(t.get_position()[0] for t in figure.texts if t.get_text() == head) for head in heads]
    assert lefts == sorted(lefts)
    numbers = [text for text in figure.texts if text.get_text().endswith(" %")]
    for left, right, wanted in zip(lefts, [*lefts[1:], 1.0], cells, strict=True):
        column = [text for text in numbers if left < text.get_position()[0] < right]
        assert [t.get_text() for t in sorted(column, key=lambda t: -t.get_position()[1])] == wanted
    names_at = [(text.get_text(), text.get_position()[1]) for text in figure.texts if text.get_ha() == "right"]
    rows = [next(up for text, up in names_at if word in text) for word in ("household", "talker")]
    assert rows[0] > rows[1]


def test_of_one_observation_there_is_no_column_of_all_together():
    assert "together" not in said(DRAW["taught"](taught(SEEN[:1])))
    assert len(DRAW["taught"](taught(SEEN[:1])).axes[0].patches) == 3


def test_the_more_was_taught_the_darker_the_cell_and_its_text_can_be_read():
    shades = [taught_chart.shade(share) for share in np.linspace(0.0, 1.0, 21)]
    on_white = [contrast_on_white(colour) for colour in shades]
    assert on_white == sorted(on_white) and len(set(on_white)) == 21
    for share in np.linspace(0.04, 1.0, 21):
        figure = DRAW["taught"](taught(SEEN[:1], 1).assign(alone=share))
        (cell,) = [text for text in shown(figure) if text.get_text().endswith(" %")]
        white = contrast_on_white(taught_chart.shade(share))
        assert (white if cell.get_color() == "#FFFFFF" else 21.0 / white) >= 4.5, share


def test_what_chance_foretells_has_no_colour():
    for share, coloured in ((0.033, False), (0.034, True)):
        (bar,) = DRAW["taught"](taught(SEEN[:1], 1).assign(alone=share)).axes[0].patches
        assert (len({round(part, 3) for part in bar.get_facecolor()[:3]}) > 1) == coloured


def test_more_observations_than_can_be_read_are_counted():
    text = alt_text(DRAW["taught"](taught(MANY_SEEN, 14)))
    assert "The 10 numbers most learned of, of 14." in text
    assert f"The 8 observations that teach most, of {len(MANY_SEEN)}." in text


# -- whether worlds show what was seen -----------------------------------------------------------------------


def test_the_title_says_whether_what_was_seen_lies_within():
    assert title("checked", checked()) == "All 5 things that were seen lie within what the fitted worlds show"
    assert title("checked", checked(SEEN[:1])) == "What was seen lies within what the fitted worlds show"
    outside = title("checked", FIT_CASES["checked"]["outside"]())
    assert outside.startswith("4 of 5 things that were seen lie within")
    assert outside.endswith("not “Posts, day 0 to 29”")
    strange = title("checked", FIT_CASES["checked"]["strange"]())
    assert "“Posts, day 0 to 29” and “Day of the first post”" in strange and "not to be trusted" in strange
    assert title("checked", FIT_CASES["checked"]["not fitted"]()).endswith("what the worlds show")


def test_what_is_fitted_decides_and_not_what_was_before():
    row = checked(SEEN[:1]).assign(value=15.5)  # within 0 to 15.9 before, but not within 1.8 to 15.2
    assert title("checked", row).startswith("0 of 1")
    assert title("checked", row.assign(low=np.nan, median=np.nan, high=np.nan)).startswith("What was seen lies within")


def test_the_strange_is_marked_with_sign_word_and_shape():
    figure = DRAW["checked"](FIT_CASES["checked"]["strange"]())
    signed = [text for text in said(figure) if "\N{WARNING SIGN}" in text]
    assert len(signed) == 2 and all("Strange" in text for text in signed)
    shapes = [line.get_marker() for line in figure.axes[0].lines if line.get_marker() in ("D", "X")]
    assert shapes == ["X", "D", "D", "X", "D"]
    assert "hardly any world" in alt_text(figure) and "hardly any world" not in alt_text(DRAW["checked"](checked()))
    outside = DRAW["checked"](FIT_CASES["checked"]["outside"]())
    faces = [line.get_markerfacecolor() for line in outside.axes[0].lines if line.get_marker() == "D"]
    assert faces[0] == "white" and "white" not in faces[1:] and "White diamond" in alt_text(outside)


def test_each_row_has_a_scale_of_its_own_that_holds_all():
    axes = DRAW["checked"](checked(SEEN[:1])).axes[0]
    before, now = bars(axes)
    assert before[:2] == pytest.approx((0.0, 1.0)) and now[:2] == pytest.approx((1.8 / 15.9, 15.2 / 15.9))
    error, mark = axes.lines[-2].get_xdata(), axes.lines[-1].get_xdata()
    assert list(error) == pytest.approx([9.0 / 15.9, 15.0 / 15.9]) and mark[0] == pytest.approx(12.0 / 15.9)
    assert len(bars(DRAW["checked"](FIT_CASES["checked"]["not fitted"]()).axes[0])) == 5


def test_numbers_are_said_as_what_they_count():
    text = alt_text(DRAW["checked"](checked(("posts 0-30", "national", "share_let_go", "national_day"))))
    assert "Posts, day 0 to 29: 12 ± 3 seen; worlds before 0 to 16, now 2 to 15." in text
    assert "National news: no (wrong: 10 %) seen; worlds before yes in 12 %, now yes in 6 %." in text
    assert "Share let go of those told: 42 % ± 2 % seen; worlds before 20 to 90 %, now 35 to 50 %." in text
    assert "Day of the first national news: never seen; worlds before 14 to never, now 30 to never." in text


def test_what_came_or_did_not_is_drawn_as_the_share_of_worlds_that_say_yes():
    axes = DRAW["checked"](checked(("national", "any_outlet"))).axes[0]
    lengths = [(left, right, at) for left, right, at in bars(axes)]
    wanted = [(0.0, 0.124, 0.5), (0.0, 0.06, 0.5), (0.0, 0.6, 1.5), (0.0, 0.97, 1.5)]
    assert [each for bar in lengths for each in bar] == pytest.approx([each for bar in wanted for each in bar])
    seen = [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() in ("D", "X")]
    assert seen == [(0.0, 0.5), (1.0, 1.5)]  # no national news, an outlet
    assert [list(line.get_xdata()) for line in axes.lines if line.get_marker() == "|"] == [[0.0, 1.0]] * 2


@pytest.mark.parametrize(
    ("lang", "share", "how"),
    [
        ("en", "yes in 97 %", "a bar is the share of worlds"),
        ("nl", "ja in 97 %", "een balk het deel van de werelden"),
    ],
)
def test_the_share_that_says_yes_is_told_and_how_to_read_it(lang, share, how):
    text = alt_text(DRAW["checked"](checked(("posts 0-30", "any_outlet")), Setting("NOTE", lang=lang)))
    assert share in text and how in text
    assert how not in alt_text(DRAW["checked"](checked(("posts 0-30",)), Setting("NOTE", lang=lang)))


def test_a_folder_of_before_shares_were_kept_says_what_most_worlds_do():
    text = alt_text(DRAW["checked"](FIT_CASES["checked"]["shares not known"]()))
    assert "worlds before mostly no, now mostly no." in text and "share of worlds" not in text


def test_heads_stand_over_their_numbers():
    at = {text.get_text(): text.get_position()[0] for text in shown(DRAW["checked"](checked(SEEN[:1])))}
    assert [at["Seen"], at["Before"], at["Now"]] == [at["12 ± 3"], at["0 to 16"], at["2 to 15"]]
    assert at["Seen"] < at["Before"] < at["Now"]
    assert "Now" not in said(DRAW["checked"](FIT_CASES["checked"]["not fitted"]()))


# -- whether it can be trusted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "words"),
    [(90, "of the tries, about"), (86, "of the tries, about"), (84, "too narrow"), (96, "wider than they need")],
)
def test_the_title_says_how_often_the_truth_lay_within(inside, words):
    places = [0.5] * inside + [0.01] * (50 - inside // 2) + [0.99] * (50 - inside + inside // 2)
    table = calibrated(100, 1).assign(place=places[:100])
    assert f"{inside} %" in title("calibrated", table) and words in title("calibrated", table)


def test_bars_are_shares_in_ten_bins_and_both_ends_belong():
    places = [0.0, 0.05, 0.1, 0.55, 0.95, 0.951, 1.0]
    bars_of = calibrated_chart.bars_of(places, 7)
    assert bars_of.shares == pytest.approx([2 / 7, 1 / 7, 0, 0, 0, 1 / 7, 0, 0, 0, 3 / 7])
    assert bars_of.covered == pytest.approx(4 / 7)
    figure = DRAW["calibrated"](calibrated(7, 1).assign(place=places))
    heights = [bar.get_height() for bar in figure.axes[0].patches if bar.get_hatch() is None]
    assert heights == pytest.approx(bars_of.shares)


def test_the_band_counts_each_world_once_whatever_the_number_of_numbers():
    one, three = (DRAW["calibrated"](calibrated(200, keys)) for keys in (1, 3))
    for figure in (one, three):
        (band,) = [patch for patch in figure.axes[0].patches if patch.get_hatch() is not None]
        assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx((0.06, 0.145))
        assert "6 % to 14.5 %" in alt_text(figure) and "every world counts once" in alt_text(figure)
    assert "200 worlds with known numbers played the firm, 3 numbers in each" in alt_text(three)


def test_the_band_holds_a_bar_of_an_exact_method_in_19_of_20_cases():
    luck = np.random.default_rng(7)
    low, high = calibrated_chart.chance_band(200, 0.1)
    shares = luck.binomial(200, 0.1, 20_000) / 200
    assert 0.945 <= ((shares >= low) & (shares <= high)).mean() <= 0.98


def test_what_is_sure_is_the_same_for_chart_and_fit():
    assert calibrated_chart.SURE == fit.SURE
    assert (fit.MIDDLE[0], fit.MIDDLE[2]) == calibrated_chart.MIDDLE


# -- names ---------------------------------------------------------------------------------------------------


def test_everything_that_can_be_seen_has_a_name_in_every_language():
    for lang in LANGUAGES:
        given = {key.split(".")[2] for key in catalogue(lang) if key.startswith("name.seen.")}
        assert given == set(KINDS), lang
    assert (names.DAYS, names.YES_OR_NO, names.SHARES_SEEN) == (SEEN_DAYS, SEEN_YES_OR_NO, SHARES)


@pytest.mark.parametrize("what", KINDS)
def test_the_label_of_every_observation_is_understood(what):
    value = 1.0 if what in (*SEEN_YES_OR_NO, *SHARES) else 12.0
    label = Seen(what=what, value=value).label
    name = names.seen_name(label, Words())
    assert "_" not in name and names.what_of(label) == what
    if what not in SEEN_DAYS:
        for last, window in ((14, "day 7 to 13"), (None, "from day 7"), (8, "day 7")):
            label = Seen(what=what, value=value, from_day=7, to_day=last).label
            assert names.seen_name(label, Words()) == f"{name}, {window}"


def test_a_segment_with_figures_in_its_name_keeps_it():
    seen = Seen(what="left", value=3.0, segment="homes 1-2", from_day=7, to_day=14)
    assert names.seen_name(seen.label, Words()) == "Customers who left, of homes 1-2, day 7 to 13"


def test_numbers_of_two_outlets_can_be_told_apart_and_so_can_two_of_the_same_meaning():
    rows = [{"key": f"media.outlets.{name}.lag", "meaning": "Days"} for name in ('"trade blog"', "forum")]
    rows += [{"key": f"part.{name}.size", "meaning": "Size"} for name in "ab"]
    told = names.number_names(rows, Words("nl"))
    assert list(told.values()) == [
        "Vakblog: dagen van oppikken tot berichtgeving", "Forum: dagen van oppikken tot berichtgeving",
        "Size (a: size)", "Size (b: size)",
    ]  # fmt: skip


def test_examples_in_the_documentation():
    assert [doctest.testmod(module).failed for module in (names, calibrated_chart, taught_chart)] == [0, 0, 0]


@pytest.mark.parametrize(("chart", "column"), [("learned", "meaning"), ("taught", "meaning"), ("checked", "seen")])
def test_names_are_taken_literally(chart, column):
    odd, table = "$5 or $9 \\frac{1}", FITS[chart]()
    first = table[column].iloc[0]
    table = table.assign(**{column: table[column].replace(first, odd)})
    if "key" in table:  # whose own name would come first
        table["key"] = table["key"].replace(table["key"].iloc[0], "a.key")
    assert odd in " ".join(said(DRAW[chart](table)))
