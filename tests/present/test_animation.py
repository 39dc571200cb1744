"""The animation: the same bytes each time, small, and what it shows is what happened."""

from __future__ import annotations

import io
import re
from html import unescape
from itertools import pairwise

import numpy as np
import pytest
from daily import few
from PIL import Image

from wom_sim.charts.spreading_map import places, shape_of
from wom_sim.present import animation
from wom_sim.present.animation import animate, choose, mp4_bytes
from wom_sim.present.material import MissingError, material
from wom_sim.present.pictures import setting_for
from wom_sim.results.typical import SPREAD
from wom_sim.words import LANGUAGES


@pytest.fixture
def found(small_results, monkeypatch):
    monkeypatch.setattr(animation, "MOST_FRAMES", 6)
    return material(small_results)


@pytest.mark.science
def test_a_gif_is_small_and_the_same_each_time(found, tmp_path):
    setting = setting_for(found)
    made = [animate(found, ["bulk letter", "paid exit"], setting, tmp_path / name) for name in ("a.gif", "b.gif")]
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    assert made[0] == made[1] and made[0]["bytes"] < animation.MOST_BYTES
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == made[0]["frames"]
        first = np.asarray(film.convert("RGB"))
        film.seek(film.n_frames - 1)
        assert (first != np.asarray(film.convert("RGB"))).any()


@pytest.mark.science
def test_an_mp4_is_the_same_each_time_and_leaves_nothing_behind(found, tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    for name in ("a.mp4", "b.mp4"):
        animate(found, ["bulk letter"], setting_for(found, "nl"), tmp_path / name)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "a.png", "a.txt", "b.mp4", "b.png", "b.txt"]


def test_without_ffmpeg_the_message_says_what_to_do(monkeypatch, tmp_path):
    import builtins

    real = builtins.__import__

    def without(name, *rest, **named):
        if name == "imageio_ffmpeg":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingError, match="needs imageio-ffmpeg, which is not installed"):
        mp4_bytes([np.zeros((2, 2, 3), dtype=np.uint8)])


def test_the_share_who_know_is_what_the_log_says(found):
    replication = found.replayer.typical("bulk letter", SPREAD)
    (log,) = found.replayer.logs([("bulk letter", replication)])
    days = animation.days_of([log])
    scene = animation._scene(found, log, days, (4_400, 150))
    until = log.events[np.isin(log.events["event"], (1, 2)) & (log.events["day"] <= days[2])]
    assert scene.heard[2] == len(until)
    counted = np.bincount(until["person"].astype(int) // 150, minlength=30) / 150
    assert scene.shares[2, :29] == pytest.approx(counted[:29])
    assert (np.diff(scene.shares, axis=0) >= 0.0).all()


def test_policies_are_chosen_or_checked(found):
    assert choose(found, ["paid exit", "keep", "keep"]) == ["paid exit", "keep"]
    assert len(choose(found, [])) == 2 and "keep" not in choose(found, [])
    with pytest.raises(ValueError, match="given 'letter', allowed: keep, bulk letter"):
        choose(found, ["letter"])
    with pytest.raises(ValueError, match="given 3, allowed: one or two"):
        choose(found, ["keep", "bulk letter", "paid exit"])


@pytest.mark.parametrize("cells", [1, 2, 5, 9, 30, 347, 4_096])
def test_each_cell_has_a_place_of_its_own_near_its_neighbours(cells):
    found = places(cells)
    rows, columns = shape_of(cells)
    assert len(set(found)) == cells
    assert all(0 <= row < rows and 0 <= column < columns for row, column in found)
    assert all(abs(a[0] - b[0]) <= 7 and abs(a[1] - b[1]) <= 1 for a, b in pairwise(found))


def test_a_gif_that_would_be_too_large_is_made_smaller(monkeypatch):
    noise = np.random.default_rng(1).integers(0, 255, (4, 120, 200, 3), dtype=np.uint8)
    whole = Image.open(io.BytesIO(animation.gif_bytes(list(noise)))).size
    monkeypatch.setattr(animation, "MOST_BYTES", 30_000)
    assert Image.open(io.BytesIO(animation.gif_bytes(list(noise)))).size < whole


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_a_page_has_controls_without_script_and_says_what_it_shows(found, tmp_path, lang):
    made = animate(found, ["bulk letter", "paid exit"], setting_for(found, lang), tmp_path / "a.html")
    page, text = (tmp_path / "a.html").read_text(encoding="utf-8"), (tmp_path / "a.txt").read_text(encoding="utf-8")
    days = [int(day) for day in re.findall(r'id="day-(\d+)"', page)]
    assert len(days) == made["frames"] == page.count('<img src="data:image/png') and days[-1] == made["last_day"]
    assert "<script" not in page and not re.findall(r'(?:src|href)="(?!data:|#)', page)
    alts = re.findall(r'<li id="on-\d+"><img [^>]*><p>([^<]*)</p>', page)
    assert all(unescape(alt).removesuffix(".") in text for alt in alts) and len(set(alts)) > 1
    with Image.open(tmp_path / "a.png") as still:
        assert still.size[0] > 400


def test_the_figures_beside_it_are_those_of_the_run(found, tmp_path):
    animate(found, ["bulk letter"], setting_for(found), tmp_path / "a.html")
    seen = animation.watched(found, ["bulk letter"], setting_for(found).words)
    heard = setting_for(found).words.people(float(seen.scenes[0].heard[-1]))
    assert f"by day {seen.days[-1]}, {heard} have heard of it".casefold() in (tmp_path / "a.txt").read_text().casefold()
