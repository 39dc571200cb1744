"""What a churn model is and how good it is, in sentences: for the import and for whoever shows the base."""

from __future__ import annotations

from collections.abc import Sequence

from wom_sim.intake.history import LONGEST
from wom_sim.populations.churn_file import ChurnRow
from wom_sim.words import Words

_REASONS = ("no_date", "no_tenure", "impossible", "before")


def sentences(rows: Sequence[ChurnRow], words: Words) -> list[str]:
    """Return where churn is from, how it was checked, and how good it was."""
    about = {row.name: row.value for row in rows if row.section == "about"}
    check = {row.name: row for row in rows if row.section == "check"}
    return [
        *_source(about, [row for row in rows if row.section == "season"], words),
        _check(about, check, words),
        _forecast(check, [row for row in rows if row.section == "decile"], words),
        *_drift(check, words),
    ]


_UNDATED = {1.0: "undated_month", LONGEST: "undated_whole"}


def _source(about: dict[str, float], season: list[ChurnRow], words: Words) -> list[str]:
    say, exact = words.say, words.exact
    told = {"left": exact(int(about["left"])), "customers": exact(int(about["customers"]))}
    said = [say("import.churn.model" if about["used_model"] else "import.churn.mean", **told)]
    months = words.number(round(about["window_months"], 1))
    when = "dated" if about["dated"] else _UNDATED.get(about["window_months"], "undated")
    said.append(say(f"import.churn.{when}", months=months))
    if season and about["used_model"]:
        factors = [row.value for row in season]
        low, high = (words.number(round(value, 2)) for value in (min(factors), max(factors)))
        said.append(say("import.churn.season", low=low, high=high))
    unused = [(name, about.get(f"unused_{name}", 0.0)) for name in _REASONS]
    listed = [say(f"import.churn.unused_{name}", n=exact(int(count))) for name, count in unused if count]
    if listed:
        said.append(say("import.churn.unused", reasons=words.listed(listed)))
    return said


def _check(about: dict[str, float], check: dict[str, ChurnRow], words: Words) -> str:
    told = {
        "brier": _four(check["brier"].value, words), "null": _four(check["brier_null"].value, words),
        "concordance": _three(check["concordance"].value, words),
        "null_concordance": _three(check["concordance_null"].value, words),
    }  # fmt: skip
    how = words.say("import.churn.out_of_sample")
    if about["dated"]:
        how = words.say("import.churn.out_of_time", months=words.number(round(check["months"].value, 1)))
    better = check["brier_better"]
    verdict = words.say("import.churn.beats" if check["beats_null"].value else "import.churn.beats_not")
    interval = {
        "low": _four(better.low, words),
        "high": _four(better.high, words),
        "better": _four(better.value, words),
    }
    return words.say("import.churn.check", how=how, verdict=verdict, **told, **interval)


def _forecast(check: dict[str, ChurnRow], deciles: list[ChurnRow], words: Words) -> str:
    leavers, exact = check["leavers"], words.exact
    right = sum(row.low <= row.observed <= row.high for row in deciles)
    return words.say(
        "import.churn.forecast", observed=exact(int(leavers.observed)), expected=exact(round(leavers.value)),
        low=exact(round(leavers.low)), high=exact(round(leavers.high)), right=str(right), deciles=str(len(deciles)),
    )  # fmt: skip


def _drift(check: dict[str, ChurnRow], words: Words) -> list[str]:
    leavers = check["leavers"]
    if not check["drifted"].value:
        return []
    return [words.say("import.churn.drift_more" if leavers.observed > leavers.value else "import.churn.drift_fewer")]


def _three(value: float, words: Words) -> str:
    return words.number(round(value, 3))


def _four(value: float, words: Words) -> str:
    return words.signed(round(value, 4))
