"""The queue: fair among users, one job a page, stopped when nobody listens, children killed and replaced."""

from __future__ import annotations

import asyncio
import os
import time

import pytest
from patience import PATIENCE

pytest.importorskip("starlette")

from wom_sim.app.child import GRACE
from wom_sim.app.jobs import MOST_WAITING, Job, Jobs, TooManyError

OBEDIENT, DEAF = "True", "False"
WORK = """
import json, sys, threading, time, os
stopped, jobs, more = [0], [], threading.Condition()
def say(**event): print(json.dumps(event), flush=True)
def listen():
    for line in sys.stdin:
        message = json.loads(line)
        with more:
            if message["do"] == "stop": stopped[0] = message["number"]
            else: jobs.append(message)
            more.notify()
    os._exit(0)
threading.Thread(target=listen, daemon=True).start()
say(event="ready", number=0, last=True)
while True:
    with more:
        while not jobs: more.wait()
        job = jobs.pop(0)
    if job["do"] == "die": os._exit(3)
    end = time.monotonic() + job["seconds"]
    say(event="begun", number=job["number"])
    while time.monotonic() < end and not (OBEYS and stopped[0] >= job["number"]): time.sleep(0.01)
    say(event="stopped" if stopped[0] >= job["number"] else "done", number=job["number"], last=True)
"""


def work(obeys: str = OBEDIENT) -> str:
    return f"exec({WORK.replace('OBEYS', obeys)!r}, {{}})"


def job(user: str = "ada", page: str = "p", seconds: float = 0.05, key: str = "", do: str = "wait") -> Job:
    return Job(user, page, {"do": do, "seconds": seconds}, key)


async def heard(jobs: Jobs, one: Job, order: list[str] | None = None) -> str:
    kinds = [event["event"] async for event in jobs.listen(one)]
    if order is not None:
        order.append(one.user)
    return kinds[-1]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def within(check, **how):
    """Run a check with jobs whose children are then ended; return what it returns."""

    async def whole():
        jobs = Jobs(how.pop("at_once", 1), how.pop("seconds", PATIENCE), work(how.pop("obeys", OBEDIENT)))
        try:
            return await check(jobs)
        finally:
            pids = jobs.pids
            await jobs.close()
            assert not any(map(alive, pids))

    return asyncio.run(whole())


def test_whoever_has_used_least_comes_next():
    async def check(jobs):
        order: list[str] = []
        greedy = [job("ada", f"p{k}", 0.2) for k in range(5)]
        for one in greedy:
            jobs.add(one)
        late = job("bob", "p", 0.2)
        listening = [asyncio.create_task(heard(jobs, one, order)) for one in greedy]
        await anext(jobs.listen(greedy[0]))
        before = sum(one.over for one in greedy)
        jobs.add(late)
        await asyncio.gather(heard(jobs, late, order), *listening)
        return order, before

    order, before = within(check)
    assert order.index("bob") == before + 1 < len(order) - 1  # one of ada's was under way


def test_two_users_share_two_children():
    async def check(jobs):
        await asyncio.gather(*(child.ready() for child in jobs._children))
        ones = [job(user, f"p{k}", 0.3) for user in ("ada", "bob") for k in range(2)]
        for one in ones:
            jobs.add(one)
        begun = {user: await anext(jobs.listen(next(o for o in ones if o.user == user))) for user in ("ada", "bob")}
        return {event["event"] for event in begun.values()}, jobs.running

    assert within(check, at_once=2) == ({"begun"}, 2)


def test_two_jobs_of_one_result_are_not_run_side_by_side():
    async def check(jobs):
        ones = [job("ada", "a", 0.3, "same"), job("bob", "b", 0.3, "same")]
        for one in ones:
            jobs.add(one)
        await asyncio.sleep(0.2)
        under_way = jobs.running
        return under_way, [await heard(jobs, one) for one in ones]

    assert within(check, at_once=2) == (1, ["done", "done"])


def test_a_newer_job_of_a_page_stops_the_one_before():
    async def check(jobs):
        older, newer = job(seconds=30.0), job()
        jobs.add(older)
        listening = asyncio.create_task(heard(jobs, older))
        await asyncio.sleep(0.3)
        jobs.add(newer)
        return await heard(jobs, newer), await listening

    assert within(check) == ("done", "stopped")


def test_who_goes_away_ends_the_runs():
    async def check(jobs):
        one = job(seconds=PATIENCE)
        jobs.add(one)
        listener = jobs.listen(one)
        await anext(listener)
        left, before = time.monotonic(), jobs.pids
        await listener.aclose()
        while jobs.running:
            await asyncio.sleep(0.01)
        return time.monotonic() - left, before, jobs.pids

    seconds, before, after = within(check)
    assert seconds < PATIENCE and before == after and len(after) == 1  # it obeyed, and is there for the next


def test_a_child_that_does_not_obey_is_killed_and_another_does_the_next_job():
    async def check(jobs):
        one = job(seconds=PATIENCE)
        jobs.add(one)
        listener = jobs.listen(one)
        await anext(listener)
        (former,) = jobs.pids
        left = time.monotonic()
        await listener.aclose()
        while jobs.running:
            await asyncio.sleep(0.01)
        spent = time.monotonic() - left
        after = job()
        jobs.add(after)
        return spent, former in jobs.pids, alive(former), await heard(jobs, after)

    spent, still, lives, end = within(check, obeys=DEAF)
    assert GRACE <= spent < PATIENCE and not still and not lives and end == "done"


def test_a_job_that_takes_too_long_and_a_child_that_dies_are_told():
    async def check(jobs):
        await jobs._children[0].ready()
        ends = []
        for one in (job(seconds=PATIENCE), job(do="die"), job(seconds=0.0)):
            jobs.add(one)
            ends.append(await heard(jobs, one))
        return ends

    assert within(check, seconds=2.0) == ["refused", "died", "done"]


def test_a_job_to_which_nobody_listens_is_stopped(monkeypatch):
    monkeypatch.setattr("wom_sim.app.jobs._UNHEARD", 0.2)

    async def check(jobs):
        one = job(seconds=PATIENCE)
        jobs.add(one)
        async with asyncio.timeout(PATIENCE):
            while not one.over:
                await asyncio.sleep(0.02)
        return one.over

    assert within(check)


def test_a_user_may_not_fill_the_queue():
    async def check(jobs):
        for k in range(MOST_WAITING):
            jobs.add(job(page=f"p{k}", seconds=5.0))
        with pytest.raises(TooManyError):
            jobs.add(job(page="one too many"))
        jobs.add(job("bob"))
        for one in list(jobs._known.values()):
            jobs.stop(one)

    within(check)
