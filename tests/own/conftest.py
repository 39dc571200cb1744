from __future__ import annotations

import pytest
from kit import known


@pytest.fixture
def site(tmp_path, monkeypatch):
    with known(tmp_path, monkeypatch) as folder:
        yield folder
