"""Templates as firms keep them: saved as a template, with macros, dark; text is read on all of them."""

import io
import zipfile

import pytest
from pptx import Presentation
from test_board import check

from wom_sim.present.deck import deck_for
from wom_sim.present.deck_stage import Stage
from wom_sim.present.result_folder import read
from wom_sim.present.wanted import Wanted

PLAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
KINDS = {
    "potx": b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    "potm": b"application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
    "pptm": b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
}


def saved_as(path, kind):
    """Write a template of the usual layouts that says that it is of another kind."""
    file = io.BytesIO()
    Presentation().save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            content = old.read(entry.filename)
            new.writestr(entry, content.replace(PLAIN, KINDS[kind]) if entry.filename.startswith("[Con") else content)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_of_any_kind_gives_a_plain_presentation(finished, tmp_path, kind):
    template = saved_as(tmp_path / f"firm.{kind}", kind)
    content = deck_for(read(finished), "en", Wanted(template=template))
    check(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kinds = archive.read("[Content_Types].xml")
    assert PLAIN in kinds
    assert not any(other in kinds for other in KINDS.values())


def test_room_for_a_comment_is_left_once():
    stage = Stage()
    stage.reserve(0.75)
    *_, first = stage.slide()
    left = stage.reserved
    *_, second = stage.slide()
    assert left is not None and left.top >= first.bottom
    assert second.height == pytest.approx(first.height + 0.2 + left.height)
