"""The page that the tests of this folder share."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
httpx = pytest.importorskip("httpx")

from patience import PATIENCE  # noqa: E402
from served_page import SMALL, Page, end, serve  # noqa: E402 - only where the page's packages are there


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    place = tmp_path_factory.mktemp("page")
    file = place / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    folder = place / "kept"
    process, (root,) = serve(folder, str(file))
    with httpx.Client(timeout=PATIENCE) as client:
        yield Page(root, folder, file, process, client)
    end(process)
