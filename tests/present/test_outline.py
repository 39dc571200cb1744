"""One's own choice of slides, titles and comments, in a file that outlives the deck."""

import io

import pytest
from pptx import Presentation
from test_board import check, words_on

from wom_sim.present.deck import NAMES
from wom_sim.present.outline import Outline, outline_text, read_outline

OWN = """
slides = ["next", "answer"]

[slide.answer]
title = "Our own title"
comment = "Agreed with finance on Monday."
notes = "Begin with a smile."
"""


def test_it_is_found_beside_the_result_and_outlives_the_deck(folder, run):
    (folder / "outline.toml").write_text(OWN, encoding="utf-8")
    for _ in range(2):
        assert run("deck", folder)[0] == 0
        slides = check((folder / "deck.pptx").read_bytes())
        assert len(slides) == 2
        assert slides[1].shapes.title.text == "Our own title"
        assert "Agreed with finance on Monday." in list(words_on(slides[1]))
        assert slides[1].notes_slide.notes_text_frame.text.split("\n")[1] == "Begin with a smile."
    assert (folder / "outline.toml").read_text(encoding="utf-8") == OWN


def test_slides_on_the_command_line_go_before_those_of_the_file(folder, run):
    (folder / "outline.toml").write_text(OWN, encoding="utf-8")
    assert run("deck", folder, "--slides", "answer")[0] == 0
    (slide,) = Presentation(io.BytesIO((folder / "deck.pptx").read_bytes())).slides
    assert slide.shapes.title.text == "Our own title"


def test_one_to_begin_with_is_written_once_and_can_be_read(folder, tmp_path, run):
    file = tmp_path / "mine.toml"
    code, out, _ = run("deck", folder, "--write-outline", file)
    assert (code, out) == (0, f"Outline: {file}\n")
    read = read_outline(file, NAMES)
    assert read.slides[0] == "answer" and "earns" in read.slides
    assert not read.titles
    before = file.read_text(encoding="utf-8")
    code, _, err = run("deck", folder, "--write-outline", file)
    assert code == 4 and "is there already" in err
    assert file.read_text(encoding="utf-8") == before
    file.write_text(before.replace("# [slide.answer]\n# title", "[slide.answer]\ntitle", 1), encoding="utf-8")
    assert read_outline(file, NAMES).titles["answer"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('slides = ["secret"]', ":1: slides: given 'secret'; allowed: answer, options"),
        ('slides = "answer"', ":1: slides: given 'answer'; allowed: a list"),
        ('slides = ["answer", "answer"]', "a slide is named twice"),
        ("[slide.secret]", "slide.secret: no such key"),
        ("[slide.answer]\nheading = 'x'", ":2: slide.answer.heading: no such key; allowed: title, comment, notes"),
        ("[slide.answer]\ntitle = 3", ":2: slide.answer.title: given 3; allowed: a text"),
        ("slide = 3", "slide: given 3; allowed: a table"),
        ("other = 1", "other: no such key; allowed: slides, slide"),
        ("slides = [", "is not TOML"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_place(folder, tmp_path, run, text, told):
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    code, out, err = run("deck", folder, "--outline", file)
    assert (code, out) == (4, "")
    assert told in err
    assert not (folder / "deck.pptx").exists()


def test_a_missing_file_is_refused_where_it_was_asked_for(folder, run):
    code, _, err = run("deck", folder, "--outline", folder / "none.toml")
    assert code == 4 and "none.toml cannot be read" in err


def test_what_is_written_keeps_quotes_and_other_letters():
    text = outline_text([("answer", 'A "title" of café')])
    assert 'A \\"title\\" of café' in text
    assert Outline().slides == ()
