"""Who may ask, and what can be reached: foreign hosts, origins and tokens, files outside, and hostile requests."""

from __future__ import annotations

import asyncio
import os
import re

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx")

from hostile import PORT, TOKEN, answers, application
from starlette.testclient import TestClient

from wom_sim.app.folder import Folder, check_files_named
from wom_sim.app.safety import MOST_BODY
from wom_sim.scenario import ScenarioError

ROOT = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def client(tmp_path):
    app, _ = application(tmp_path)
    return TestClient(app, base_url=ROOT)


def test_who_has_the_address_sees_the_page_and_nobody_else(client):
    assert client.get(f"/t/{TOKEN}/").status_code == 200
    assert client.get(f"/t/{TOKEN[:-1]}/").status_code == 404
    assert client.get("/").status_code == client.get("/t//").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", "localhost"])
def test_a_foreign_host_is_refused(client, host):
    assert client.get(f"/t/{TOKEN}/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", f"https://127.0.0.1:{PORT}"])
def test_a_foreign_origin_is_refused(client, origin):
    asked = {"state": {"base": "given"}}
    assert client.post(f"/t/{TOKEN}/api/run", json=asked, headers={"origin": origin}).status_code == 403
    own = client.post(f"/t/{TOKEN}/api/stop", json={}, headers={"origin": ROOT})
    assert own.status_code == 200


def test_a_form_of_another_page_is_refused(client):
    kinds = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
    answers = [client.post(f"/t/{TOKEN}/api/stop", content=b"{}", headers={"content-type": kind}) for kind in kinds]
    assert {answer.status_code for answer in answers} == {415}
    elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert client.get(f"/t/{TOKEN}/", headers=elsewhere).status_code == 403


def test_a_long_request_is_refused(client):
    assert client.post(f"/t/{TOKEN}/api/scenario", json={"text": "x" * MOST_BODY}).status_code == 413

    def bit_by_bit():
        for _ in range(30):
            yield b"x" * 100_000

    sent = client.post(f"/t/{TOKEN}/api/scenario", content=bit_by_bit(), headers={"content-type": "application/json"})
    assert sent.status_code == 413


@pytest.mark.parametrize("path", ["", "whatif?base=given", "static/app.js", "nothing"])
def test_every_answer_says_what_a_browser_may_do(client, path):
    headers = client.get(f"/t/{TOKEN}/{path}").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["referrer-policy"] == "no-referrer" and headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["", "whatif?base=given"])
def test_a_page_has_no_script_or_style_within_it_and_names_nothing_elsewhere(client, path):
    text = client.get(f"/t/{TOKEN}/{path}").text
    assert re.findall(r"<script[^>]*>", text) == ['<script src="static/app.js" defer>']
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", text)


def test_what_a_scenario_says_is_text(client):
    name = '<img src=x onerror=alert(1)>"'
    text = f"name = '{name}'\n[population]\ncustomers = 100\n[choose]\nlimit = 1\n[[policies]]\nuse = 'bulk_letter'\n"
    text += f"name = '{name}'\n"
    made = client.post(f"/t/{TOKEN}/api/scenario", json={"text": text})
    shown = client.get(f"/t/{TOKEN}/whatif?{made.json()['query']}").text
    assert made.status_code == 200 and "<img src=x" not in shown and "&lt;img src=x" in shown


@pytest.mark.parametrize(
    "text",
    [
        'extends = "/etc/passwd"', 'extends = "../../secret.toml"', 'extends = "link.toml"',
        '[population]\nfile = "/etc/passwd"', '[network]\nkind = "file"\npath = "../../secret.toml"',
        '[worlds]\nposterior = "/etc/passwd"', "[population]\nfile = 7", 'extends = ["builtin:first_look"]',
    ],
)  # fmt: skip
def test_a_text_names_no_file_outside(tmp_path, text):
    with pytest.raises(ScenarioError, match=r"allowed: (builtin:NAME|a file in the folder of the page)"):
        check_files_named(text, Folder(tmp_path / "kept"))


def test_a_link_that_leads_out_of_the_folder_is_not_followed(client, tmp_path):
    assert client.get(f"/t/{TOKEN}/whatif?base=link").status_code == 422
    assert client.get(f"/t/{TOKEN}/out/0123456789abcdef0123-en/scenario").status_code == 404
    folder = Folder(tmp_path / "kept")
    (folder.scenarios / "bases").symlink_to("/etc")
    with pytest.raises(ScenarioError, match="a file in the folder"):
        check_files_named('[population]\nfile = "bases/passwd"', folder)


def test_hostile_requests_are_answered_and_read_nothing_outside(tmp_path):
    number = int(os.environ.get("WOM_SIM_HOSTILE", "400"))
    counted, wrong = asyncio.run(answers(tmp_path, number, 2026))
    assert wrong == []
    assert counted.total() == number and {200, 403, 404, 405, 415, 421, 422} <= set(counted)
