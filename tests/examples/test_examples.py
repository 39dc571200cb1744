"""The notebooks of examples/ run from top to bottom, and give what is committed with them."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from patience import PATIENCE

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def outputs(book):
    """Return what each cell shows: printed text, results as text and HTML; warnings of the machine left out."""
    shown = []
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        texts = []
        for out in cell.outputs:
            if out.output_type == "stream" and out.name == "stdout":
                texts.append(out.text)
            elif out.output_type in ("execute_result", "display_data"):
                texts += [out.data[kind] for kind in ("text/plain", "text/html") if kind in out.data]
        shown.append([re.sub(r"\s+", " ", text) for text in texts])
    return shown


def test_they_are_numbered_and_small():
    assert [book.name[:3] for book in BOOKS] == [f"{n:02d}_" for n in range(1, len(BOOKS) + 1)]
    assert len(BOOKS) >= 3
    assert all(book.stat().st_size < 300_000 for book in BOOKS)


@pytest.mark.parametrize("file", BOOKS, ids=lambda path: path.stem)
@pytest.mark.science
def test_a_notebook_gives_what_is_committed_with_it(file):
    committed = nbformat.read(file, as_version=4)
    nbformat.validate(committed)
    again = nbformat.from_dict(committed)
    for cell in again.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(again, timeout=PATIENCE, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    assert outputs(again) == outputs(committed)
    assert any(outputs(committed))
