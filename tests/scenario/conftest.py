"""A small scenario to start from, and files to write."""

import pytest

SMALL = """\
name = "Small"
[population]
customers = 100
[[policies]]
name = "bulk letter"
use = "bulk_letter"
notice_days = 30
[[policies]]
name = "v1.5"
use = "case_by_case"
"""


@pytest.fixture
def small(tmp_path):
    """The path of a small valid scenario."""
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    return file


@pytest.fixture
def write(tmp_path):
    """Write a file into the test's folder and return its path."""

    def to_file(name, text):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return to_file
