"""``make docs``: write docs/PARAMETERS.md, the numbers of the model under the sections of evidence that they cite.

python docs/parameters/generate.py
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "site")]

from pages import CITED, DOCS, anchor, citations, headings, sections  # noqa: E402

from wom_sim.scenario.listing import Parameter, parameters  # noqa: E402

PAGE = HERE.parent / "PARAMETERS.md"
_HEAD = """# Numbers by the evidence they cite

<!-- Written by `make docs` from the code. Change that, not this page. -->

Every number of a scenario file whose source is a section of [EVIDENCE.md](EVIDENCE.md), [EVIDENCE2.md](EVIDENCE2.md)
or [MODEL.md](MODEL.md), under that section: what is used unless a scenario says otherwise, the range over which worlds
draw it, and how good the source is. Numbers that name a study themselves are in [ODD.md](ODD.md#73-parameters), as are
those that rest on nothing but an assumption; `wom-sim show parameters` has them all.
"""


def cited_by() -> dict[tuple[str, str], list[Parameter]]:
    """Return the parameters by page and section that they cite."""
    found: dict[tuple[str, str], list[Parameter]] = defaultdict(list)
    for parameter in parameters():
        for page, section in dict.fromkeys(citations(parameter.source)):
            found[page, section].append(parameter)
    return found


def page() -> str:
    """Return docs/PARAMETERS.md as the code has it now."""
    cited, text = cited_by(), _HEAD
    for name in CITED:
        words = {anchor(heading): heading for _, heading in headings((DOCS / f"{name}.md").read_text(encoding="utf-8"))}
        for section, place in sections(name).items():
            if (name, section) in cited:
                title = words[place].removeprefix(f"{section}. ").removeprefix(f"{section} ")
                text += f"\n## {name} {section}\nOf: [{title}]({name}.md#{place})\n\n"
                text += _table(cited[name, section]) + "\n"
    return text


def _table(of: list[Parameter]) -> str:
    """Return the table of the parameters that cite a section."""
    lines = ["| number | value | plausible | grade | source | meaning |", "|---|---|---|---|---|---|"]
    for p in of:
        plausible = "" if p.plausible is None else "{:g} to {:g}".format(*p.plausible)
        value = "" if p.default is None else f"{p.default:g} {p.unit.partition(',')[0]}".strip()
        lines.append(f"| `{p.key}` | {value} | {plausible} | {p.grade} | {p.source} | {p.meaning} |")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(HERE.parents[1])}")
