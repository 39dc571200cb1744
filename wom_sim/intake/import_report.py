"""What an import says: the mapping, the questions, and the report that a person reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wom_sim.intake.mapping import Mapping, questions
from wom_sim.words import Words, sentence


def mapping_lines(mapping: Mapping, words: Words) -> list[str]:
    """Return a line for each meaning and for each column that is not used."""
    wide = max((len(words.say(f"import.meaning.{name}")) for name in mapping.columns), default=0)
    lines = []
    for name, column in mapping.columns.items():
        how = [words.say(f"import.per.{column.per}")] if column.per and name != "tenure" else []
        how += [words.say(f"import.unit.{column.per}")] if column.per and name == "tenure" else []
        how += [words.say("import.how.decimal", sign=column.decimal)] if column.decimal else []
        how += [words.say("import.how.order", order=column.order)] if column.order else []
        how += [words.say("import.how.yes", yes=", ".join(column.yes))] if column.yes else []
        said = f" ({'; '.join(how)})" if how else ""
        lines.append(f"{words.say(f'import.meaning.{name}'):<{wide}}  <- {' + '.join(column.names)}{said}")
    if mapping.ignored:
        reasons = [(name, _reason(reason, words)) for name, reason in mapping.ignored.items()]
        lines.append(words.say("import.not_used", columns=", ".join(f"{name} ({why})" for name, why in reasons)))
    return lines


def _reason(reason: str, words: Words) -> str:
    """Return why a column is not used; a user may have written a reason of their own."""
    try:
        return words.say(f"import.ignored.{reason}")
    except KeyError:
        return reason


def question_lines(mapping: Mapping, words: Words) -> list[str]:
    """Return what the user must answer, with its key in the mapping file."""
    asked = []
    for key, question in questions(mapping):
        column = mapping.columns.get(key.split(".")[1]) if "." in key else None
        name = "" if column is None else column.names[0]
        asked.append(f"{key}: {words.say(f'import.ask.{question}', column=name)}")
    return asked


def summary(found: dict[str, Any], words: Words) -> list[str]:
    """Return what became of the rows, in a few sentences."""
    rows, customers = words.exact(found["rows"]), words.exact(found["customers"])
    refused = found["rows_refused"]["count"]
    said = [words.say("import.rows", rows=rows, customers=customers, refused=words.exact(refused))]
    if found["left_already"]:
        said.append(words.say("import.left_already", n=words.exact(found["left_already"]), customers=customers))
    if any(each["what"] == "no_id" for each in found["assumed"]):
        said.append(sentence(f"{words.say('import.assumed.no_id')}."))
    return said


def report_text(found: dict[str, Any], mapping: Mapping, words: Words) -> str:
    """Return the report as Markdown."""
    several = len(found["files"]) > 1
    parts = [
        f"# {words.say('import.title')}",
        "\n".join(f"- {_file_line(each, words)}" for each in found["files"]),
        "\n".join(summary(found, words)),
        _section("import.head.mapping", ["```", *mapping_lines(mapping, words), "```"], words),
        _list(
            "import.head.refused",
            [_in_file(each, several, _refused_line(each, words)) for each in found["refused"]],
            words,
        ),
        _list("import.head.cells", [_cell_line(each, words) for each in found["cells"]], words),
        _list(
            "import.head.lines",
            [_in_file(each, several, _listed_line(each, words)) for each in found["cells_listed"]],
            words,
        ),
        _list("import.head.unknown", _unknown_lines(found, words), words),
        _list("import.head.kept", _kept_lines(found, words), words),
        _list("import.head.assumed", [_assumed_line(each, words) for each in found["assumed"]], words),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(key: str, lines: Iterable[str], words: Words) -> str:
    return "\n".join([f"## {words.say(key)}", "", *lines])


def _list(key: str, lines: list[str], words: Words) -> str:
    return _section(key, [f"- {line}" for line in lines], words) if lines else ""


def _file_line(file: dict[str, Any], words: Words) -> str:
    facts = [words.say("import.fact.rows", rows=words.exact(file["rows"]))]
    for name in ("encoding", "separator", "packed", "sheet"):
        if file.get(name):
            facts.append(words.say(f"import.fact.{name}", value=file[name]))
    if file.get("other_sheets"):
        facts.append(words.say("import.fact.other_sheets", value=", ".join(file["other_sheets"])))
    if file.get("left_out_above"):
        facts.append(words.say("import.fact.left_out_above", value=file["left_out_above"]))
    return f"{file['file']}: {'; '.join(facts)}"


def _in_file(each: dict[str, Any], several: bool, text: str) -> str:
    """Return what is said of a line, with its file where there are several."""
    return f"{each['file']}, {text}" if several else text


def _refused_line(row: dict[str, Any], words: Words) -> str:
    about = {name: value for name, value in row.items() if name not in ("file", "line", "reason")}
    return words.say("import.line", line=row["line"], words=words.say(f"import.row.{row['reason']}", **about))


def _cell_line(each: dict[str, Any], words: Words) -> str:
    said = words.say(f"import.cell.{each['what']}")
    return f"{each['column']}: {words.exact(each['count'])} × {said}"


def _listed_line(each: dict[str, Any], words: Words) -> str:
    said = words.say(f"import.cell.{each['what']}")
    return words.say("import.line", line=each["line"], words=f"{each['column']}: {said}")


def _unknown_lines(found: dict[str, Any], words: Words) -> list[str]:
    """Return for each meaning that has a column how many customers it is unknown of."""
    names = {"tenure": "tenure_months", "contract": "contract_months"}
    lines = []
    for name in found["columns"]:
        count = found["unknown"].get(names.get(name, name), 0)
        if count:
            lines.append(f"{words.say(f'import.meaning.{name}')}: {words.exact(count)}")
    return lines


def _kept_lines(found: dict[str, Any], words: Words) -> list[str]:
    """Return what is odd about values that were taken as they are."""
    lines = []
    if found["negative_revenue"]:
        lines.append(words.say("import.negative", n=words.exact(found["negative_revenue"])))
    if found["ids_alike_but_for_zeros"]:
        lines.append(words.say("import.zeros", n=words.exact(found["ids_alike_but_for_zeros"])))
    return lines


def _assumed_line(each: dict[str, Any], words: Words) -> str:
    about = dict(each)
    what = about.pop("what")
    if what == "per":
        about["per"] = words.say(f"import.per.{about['per']}")
    if what == "unit":
        about["per"] = words.say(f"import.unit.{about['per']}")
    if what == "lacking":
        about["meaning"] = words.say(f"import.meaning.{about['meaning']}")
    return words.say(f"import.assumed.{what}", **about)
