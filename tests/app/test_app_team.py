"""The page for a team: users of their own behind a proxy, results shared, and fifty pages at a time."""

from __future__ import annotations

import threading
import time

import httpx
import pytest
from patience import PATIENCE
from served_page import SMALL, Page, end, serve
from test_app_state import TEAM

NOTICE = 'policies."bulk letter".notice_days'
HOST = {"host": "what-if.example.com", "origin": "https://what-if.example.com"}


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    place = tmp_path_factory.mktemp("team")
    (place / "small.toml").write_text(SMALL, encoding="utf-8")
    (place / "team.toml").write_text(TEAM.replace("at_once = 2", "at_once = 1"), encoding="utf-8")
    port = _free()
    process, told = serve(
        place / "kept", str(place / "small.toml"), "--team", str(place / "team.toml"), "--port", str(port)
    )
    roots = [root.replace("https://what-if.example.com", f"http://127.0.0.1:{port}") for root in told]
    with httpx.Client(timeout=PATIENCE, headers=HOST) as client:
        yield [Page(root, place / "kept", place / "small.toml", process, client) for root in roots]
    assert end(process) == 0


def _free() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.science
def test_two_users_have_a_trail_each_and_share_results(team):
    ada, bob = team
    assert "ada. Nothing leaves this server" in ada.client.get(f"{ada.root}").text
    begun = ada.begun(f"{NOTICE}=44")
    assert bob.client.get(f"{bob.root}api/events/{begun['job']}").status_code == 404
    assert not bob.post("api/stop", job=begun["job"]).json()["stopped"]
    assert ada.events(begun["job"])[-1]["event"] == "done"
    assert [entry["title"] for entry in ada.client.get(f"{ada.root}api/trail").json()] == [
        "Bulk letter: days of notice 44"
    ]
    assert bob.client.get(f"{bob.root}api/trail").json() == []
    assert bob.begun(f"{NOTICE}=44")["cached"]


def test_behind_the_proxy_only_the_named_host_and_origin_are_answered(team):
    ada, _ = team
    assert ada.client.get(ada.root, headers={"host": "other.example.com"}).status_code == 421
    foreign = {"origin": "https://other.example.com"}
    assert ada.client.post(f"{ada.root}api/stop", json={}, headers=foreign).status_code == 403


@pytest.mark.science
def test_fifty_pages_at_a_time_are_all_answered(team):
    ends, slowest = [], []

    def session(number: int) -> None:
        user = team[number % 2]
        with httpx.Client(timeout=PATIENCE, headers=HOST) as client:
            own = Page(user.root, user.folder, user.file, user.process, client)
            asked = {"state": own.state(f"{NOTICE}={10 + number % 5}"), "confirmed": True, "page": f"page {number}"}
            while (answer := client.post(f"{own.root}api/run", json=asked)).status_code == 429:
                time.sleep(0.5)  # the queue of this user is full: as the page says, try again
            ends.append(own.events(answer.json()["job"])[-1]["event"])

    sessions = [threading.Thread(target=session, args=(number,)) for number in range(50)]
    whole = time.monotonic()
    for one in sessions:
        one.start()
    while any(one.is_alive() for one in sessions):
        began = time.monotonic()
        assert team[0].client.get(f"{team[0].root}static/app.css").status_code == 200
        slowest.append(time.monotonic() - began)
        time.sleep(0.2)
    whole = time.monotonic() - whole
    assert ends == ["done"] * 50
    assert sorted(slowest)[len(slowest) // 2] < max(1.0, whole / 10.0)  # others are answered meanwhile
    assert len(team[0].children()) == 1
