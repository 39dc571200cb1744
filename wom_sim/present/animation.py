"""The story spreading over the map of communities: two policies side by side on the same luck, as GIF or MP4."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wom_sim._extras import missing
from wom_sim._files import write_bytes_atomically
from wom_sim.charts.setting import Setting
from wom_sim.charts.spreading_map import Scene, pictures
from wom_sim.present.animation_page import page_of, poster, text_of
from wom_sim.present.material import Material, MissingError
from wom_sim.present.replay import Log
from wom_sim.results.typical import SHOWS, which_run
from wom_sim.scenario.represents import simulated_people
from wom_sim.scenario.sections.network import MarketNetwork
from wom_sim.words import Words
from wom_sim.world import trace as tr

FORMATS = ("gif", "mp4", "html")
MOST_BYTES = 10_000_000
MOST_CELLS, MOST_FRAMES = 4_096, 72
_SETTLED = 0.995
"""The animation ends when so much of what is ever heard has been heard."""
_BLOCK = 150
_SECONDS_A_FRAME, _SECONDS_AT_END = 0.12, 2.5


def choose(found: Material, policies: Sequence[str]) -> list[str]:
    """Return the policies to show: those named, else the one that is heard most and the best other one.

    Raises
    ------
    ValueError
        When a policy is unknown, or more than two are named.
    """
    for name in policies:
        if name not in found.policies:
            raise ValueError(f"--policies: given {name!r}, allowed: {', '.join(found.policies)}")
    if len(set(policies)) > 2:
        raise ValueError(f"--policies: given {len(set(policies))}, allowed: one or two, side by side")
    if policies:
        return list(dict.fromkeys(policies))
    runs = found.table("replications.parquet", "policy", "reached", "net_value")
    means = runs[runs["policy"] != "keep"].groupby("policy", sort=False)[["reached", "net_value"]].mean()
    if means.empty:
        raise MissingError("only keep was run")
    loudest = str(means["reached"].idxmax())
    rest = means.drop(loudest)
    return [loudest, str(rest["net_value"].idxmax())] if len(rest) else [loudest]


def animate(found: Material, policies: Sequence[str], setting: Setting, out: Path) -> dict[str, float]:
    """Draw the animation and write it to ``out``, whose ending says the format; return what it holds.

    Beside it are written a still that stands for it (``.png``) and what it shows in words (``.txt``).

    The replication is the typical one of the first policy, by how far the story spreads; the same for both.

    Raises
    ------
    MissingError
        When the event logs cannot be had, or MP4 cannot be written here.
    OSError
        When the file cannot be written.
    """
    seen = watched(found, policies, setting.words)
    days, cell = seen.days, seen.cell
    scenes, replication = seen.scenes, seen.replication
    frames = list(pictures(scenes, days, cell, setting))
    if out.suffix == ".html":
        content = page_of(seen, frames, setting).encode()
    else:
        content = gif_bytes(frames) if out.suffix == ".gif" else mp4_bytes(frames)
    out.parent.mkdir(parents=True, exist_ok=True)
    still, text = beside(out)
    write_bytes_atomically(still, poster(frames))
    write_bytes_atomically(text, text_of(seen, setting).encode())
    write_bytes_atomically(out, content)
    return {"frames": len(frames), "bytes": len(content), "replication": replication, "last_day": days[-1]}


def beside(out: Path) -> tuple[Path, Path]:
    """Return the files of the still and of the text that go with an animation."""
    return out.with_suffix(".png"), out.with_suffix(".txt")


class Watched(NamedTuple):
    """What is seen of a run: a scene for each policy, the day of each frame, what a cell is in words, which run."""

    scenes: list[Scene]
    days: list[int]
    cell: str
    replication: int


def watched(found: Material, policies: Sequence[str], words: Words) -> Watched:
    """Return the story spreading under some policies, in the typical run of the first.

    Raises MissingError when the event logs cannot be had, or nobody hears of it.
    """
    replication = found.replayer.typical(policies[0], SHOWS["animation"])
    logs = found.replayer.logs([(policy, replication) for policy in policies])
    people, size = _cell(found)
    days = days_of(logs)
    if not days:
        raise MissingError("nobody hears of it: there is nothing to see")
    scenes = [_scene(found, log, days, (people, size)) for log in logs]
    return Watched(scenes, days, _told(found, policies, (size * found.represents, replication), words), replication)


def _told(found: Material, policies: Sequence[str], what: tuple[int, int], words: Words) -> str:
    """Return what a cell is and which run is shown, from (people of a cell, replication)."""
    which = which_run(found.table("replications.parquet"), policies[0], SHOWS["animation"], words)
    both = words.say("chart.map.luck") if len(policies) > 1 else ""
    return words.say("chart.map.cell", n=words.number(what[0]), replication=what[1], which=which + both)


def days_of(logs: Sequence[Log]) -> list[int]:
    """Return the days that are shown: all at first, then fewer, until what is heard has nearly all been heard."""
    heard = [np.sort(log.events["day"][log.events["event"] == tr.HEARD]) for log in logs]
    last = max((int(days[int(_SETTLED * (len(days) - 1))]) for days in heard if len(days)), default=-1)
    if last < 0:
        return []
    early = np.linspace(0.0, 1.0, MOST_FRAMES) ** 1.6 * last
    return sorted({round(float(day)) for day in early} | {last})


def _cell(found: Material) -> tuple[int, int]:
    """Return how many people are simulated, and how many of them a cell holds: whole communities."""
    scenario = found.scenario
    people = simulated_people(scenario)
    network = scenario.network
    block = network.community if isinstance(network, MarketNetwork) else _BLOCK
    return people, block * max(1, -(-people // (block * MOST_CELLS)))


def _scene(found: Material, log: Log, days: Sequence[int], cell: tuple[int, int]) -> Scene:
    """Return what is seen of a policy: cells of people with neighbouring numbers, by the share who have heard."""
    people, size = cell
    events = log.events[np.isin(log.events["event"], (tr.TOLD, tr.HEARD))]
    cells = -(-people // size)
    inside = np.full(cells, size, dtype=np.int64)
    inside[-1] = people - size * (cells - 1)
    order = np.argsort(events["day"], kind="stable")
    where, upto = (events["person"][order] // size).astype(np.int64), events["day"][order]
    heard = np.zeros(cells, dtype=np.int64)
    shares, totals, start = np.zeros((len(days), cells)), np.zeros(len(days)), 0
    for frame, day in enumerate(days):
        end = int(np.searchsorted(upto, day, side="right"))
        heard += np.bincount(where[start:end], minlength=cells)
        shares[frame], totals[frame], start = np.minimum(1.0, heard / inside), heard.sum(), end
    daily = found.table("daily.parquet", "policy", "replication", "day", "buzz")
    own = daily[(daily["policy"] == log.policy) & (daily["replication"] == log.replication)].sort_values("day")
    return Scene(log.policy, shares, totals * found.represents, own["buzz"].to_numpy(float))


def gif_bytes(frames: Sequence[np.ndarray]) -> bytes:
    """Return pictures as a GIF that repeats, at most ``MOST_BYTES`` long; smaller pictures where it must be."""
    from PIL import Image

    for scale in (1.0, 0.75, 0.5):
        images = [Image.fromarray(frame) for frame in frames]
        if scale < 1.0:
            width, height = (round(scale * length) for length in images[0].size)
            images = [image.resize((width, height), Image.Resampling.LANCZOS) for image in images]
        colours = images[-1].quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small = [image.quantize(palette=colours, dither=Image.Dither.NONE) for image in images]
        file = io.BytesIO()
        lengths = [round(1000 * _SECONDS_A_FRAME)] * (len(small) - 1) + [round(1000 * _SECONDS_AT_END)]
        small[0].save(file, "GIF", save_all=True, append_images=small[1:], duration=lengths, loop=0, optimize=False)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()


def mp4_bytes(frames: Sequence[np.ndarray]) -> bytes:
    """Return pictures as an MP4 (H.264). Raises MissingError where imageio-ffmpeg is not installed."""
    try:
        import imageio_ffmpeg
    except ImportError:
        raise MissingError(f"{missing('imageio_ffmpeg')}; GIF needs nothing more") from None
    height, width, _ = frames[0].shape
    plain = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-threads", "1"]
    with tempfile.TemporaryDirectory(prefix="wom_sim-") as place:  # so that a kill leaves nothing beside the result
        made = Path(place) / "film.mp4"
        writer = imageio_ffmpeg.write_frames(
            str(made), (width, height), fps=1.0 / _SECONDS_A_FRAME, codec="libx264", macro_block_size=2,
            pix_fmt_out="yuv420p", quality=None, output_params=[*plain, "-crf", "22"], ffmpeg_log_level="error",
        )  # fmt: skip
        writer.send(None)
        for frame in _lasting(frames):
            writer.send(np.ascontiguousarray(frame))
        writer.close()
        return made.read_bytes()


def _lasting(frames: Sequence[np.ndarray]) -> Iterable[np.ndarray]:
    """Yield the pictures, the last one for as long as it takes to read it."""
    yield from frames
    for _ in range(round(_SECONDS_AT_END / _SECONDS_A_FRAME)):
        yield frames[-1]
