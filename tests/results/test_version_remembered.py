"""The version of the model is remembered in the folder of compiled code, and nowhere else."""

import os
import subprocess
import sys

CODE = "from wom_sim.results.version import model_version; print(model_version())"


def version_in(folder, **more):
    ran = subprocess.run(
        [sys.executable, "-c", CODE], cwd=folder, env=os.environ | more, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def test_nothing_is_written_where_the_user_is_nor_read_there(tmp_path):
    first = version_in(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "sources_version").write_text("another\nmade up")
    assert version_in(tmp_path) == first
    assert version_in(tmp_path, NUMBA_DISABLE_JIT="1") == first
    assert [path.name for path in tmp_path.iterdir()] == ["sources_version"]
