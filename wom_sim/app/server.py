"""The addresses of the page: pages, runs as server-sent events, own scenarios, trail and files to take away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files as resources
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from wom_sim.app.files import FILES
from wom_sim.app.folder import GIVEN, Folder
from wom_sim.app.jobs import Job, Jobs, TooManyError
from wom_sim.app.levers import may_be_set, policies_as_data
from wom_sim.app.making import made_from_answers, made_from_text, with_column, without_column
from wom_sim.app.pages import start_page, state_page
from wom_sim.app.safety import Access, Safety
from wom_sim.app.settings import Settings
from wom_sim.app.state import State, key_of, loaded, plain_faults, state_in, state_of
from wom_sim.app.trail import Trail
from wom_sim.results.version import model_version
from wom_sim.scenario import ScenarioError
from wom_sim.words import EVERY

Plain = dict[str, Any]
STATIC = {"app.js": "text/javascript", "app.css": "text/css"}
_READERS = 2
"""So many scenarios are read at a time: it is work of Python, of which more threads do not do more."""
_T = TypeVar("_T")


class Server:
    """Answers requests. One for all users; what is a user's own is looked up by name."""

    def __init__(self, settings: Settings, folder: Folder) -> None:
        self.settings, self.folder = settings, folder
        self.access = Access(settings.users, settings.hosts, settings.origins)
        self.jobs = Jobs(settings.at_once, settings.seconds)
        self._few = CapacityLimiter(_READERS)

    def app(self) -> Starlette:
        """Return the application."""
        routes = [
            ("", self.start, "GET"), ("whatif", self.page, "GET"), ("static/{name}", self.static, "GET"),
            ("api/run", self.run, "POST"), ("api/events/{job}", self.events, "GET"), ("api/stop", self.stop, "POST"),
            ("api/policies", self.policies, "POST"), ("api/scenario", self.scenario, "POST"),
            ("api/new", self.new, "POST"), ("api/trail", self.trail, "GET"), ("api/pinned", self.pinned, "POST"),
            ("api/export", self.export, "POST"), ("out/{key}/{kind}", self.out, "GET"),
        ]  # fmt: skip
        return Starlette(
            routes=[Route(f"/t/{{token}}/{path}", self._known(do), methods=[method]) for path, do, method in routes],
            middleware=[Middleware(Safety, access=self.access)],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self.jobs.warm()
        early = asyncio.get_running_loop().create_task(asyncio.to_thread(model_version))  # kept: half a second, once
        yield
        await early
        await self.jobs.close()

    def _known(self, do: Callable[[Request, str], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Answer those only whose token is known, and say what is wrong with what they ask in the words of validate."""

        async def answer(request: Request) -> Response:
            user = self.access.user(request.path_params["token"])
            if user is None:
                return PlainTextResponse("no such page", 404)
            try:
                return await do(request, user)
            except ScenarioError as error:
                return JSONResponse({"faults": plain_faults(error, self.folder.place.resolve())}, 422)
            except TooManyError:
                return JSONResponse({"text": "app.script.too_many"}, 429)

        return answer

    async def _aside(self, do: Callable[..., _T], *arguments: Any) -> _T:
        """Do what takes a moment beside the loop, a few at a time, so that others are answered meanwhile."""
        return await to_thread.run_sync(do, *arguments, limiter=self._few)

    # -- pages ----------------------------------------------------------------------------------------------

    async def start(self, request: Request, user: str) -> Response:
        """Return the page on which one begins."""
        lang = request.query_params.get("lang", "en")
        text = await self._aside(start_page, self.folder, lang if lang in EVERY else "en", user)
        return HTMLResponse(text)

    async def page(self, request: Request, user: str) -> Response:
        """Return the page of the state that the address says."""
        state = state_in(request.query_params.multi_items())
        await self._aside(self._checked, state)
        return HTMLResponse(await self._aside(state_page, state, self.folder, user))

    async def static(self, request: Request, user: str) -> Response:
        """Return the script or the style."""
        name = request.path_params["name"]
        if name not in STATIC:
            return PlainTextResponse("no such file", 404)
        content = resources("wom_sim.app").joinpath("static", name).read_bytes()
        return Response(content, media_type=STATIC[name])

    # -- runs -----------------------------------------------------------------------------------------------

    def _checked(self, state: State) -> tuple[str, Any, str]:
        """Return file, scenario and last change in words of a state. Raises ScenarioError where it may not be."""
        from wom_sim.app.checking import check_changes

        file = self.folder.file_of(state.base)
        scenario = loaded(state, file)
        last = check_changes(state, file, scenario, may_be_set)
        return file, scenario, last or scenario.name

    async def run(self, request: Request, user: str) -> Response:
        """Begin the runs of a state; its events are those that were kept, where it was run before."""
        body = await _body(request)
        state = state_of(body.get("state", {}))
        file, scenario, title = await self._aside(self._checked, state)
        key = await self._aside(key_of, scenario)
        about = self._about("compare", state, file, key) | {"confirmed": body.get("confirmed") is True}
        job = Job(user, _page(body), about, key)
        job.ended = lambda event: self._note(user, state, title, key, event)
        job.kept = lambda: self._held(key, state)
        held = await self._aside(self._held, key, state)
        if held is not None:
            self.jobs.add_done(job, held)
        else:
            self.jobs.add(job)
        return JSONResponse({"job": job.name, "query": state.query(), "key": key, "cached": held is not None,
                             "command": state.command(file)})  # fmt: skip

    def _about(self, do: str, state: State, file: str, key: str) -> Plain:
        return {"do": do, "base": state.base, "set": list(state.changes), "runs": state.runs, "lang": state.lang,
                "key": key, "file": file, "place": str(self.folder.place.resolve())}  # fmt: skip

    def _held(self, key: str, state: State) -> list[Plain] | None:
        """Return the events that were kept of a state; None where there are none with as many runs."""
        page = self.folder.place / "pages" / f"{key}-{state.lang}.json"
        try:
            events: list[Plain] = json.loads(page.read_text(encoding="utf-8"))
            enough = events[-1]["runs"] >= state.runs and (self.folder.place / "results" / key / "run.json").is_file()
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return [*events[:-1], {**events[-1], "last": True, "cached": True}] if enough else None

    def _note(self, user: str, state: State, title: str, key: str, event: Plain) -> None:
        """Note in the trail of a user what was run to its end."""
        if event["event"] == "done":
            named = self.folder.given if state.base == GIVEN else None
            Trail(self.folder.place, user).add(state.query(), key, title, str(event.get("headline", "")), named)

    async def events(self, request: Request, user: str) -> Response:
        """Return the events of a job as they come; who goes away stops it."""
        job = self.jobs.named(request.path_params["job"], user)
        if job is None or job.heard:
            return PlainTextResponse("no such job", 404)
        return StreamingResponse(self._stream(job), media_type="text/event-stream")

    async def _stream(self, job: Job) -> AsyncIterator[bytes]:
        yield b": begun\n\n"
        async for event in self.jobs.listen(job):
            yield f"data: {json.dumps(event)}\n\n".encode()

    async def stop(self, request: Request, user: str) -> Response:
        """Stop a job."""
        job = self.jobs.named(str((await _body(request)).get("job")), user)
        if job is not None:
            self.jobs.stop(job)
        return JSONResponse({"stopped": job is not None})

    # -- what is made ---------------------------------------------------------------------------------------

    async def policies(self, request: Request, user: str) -> Response:
        """Return the address with a policy more or less."""
        body = await _body(request)
        state = state_of(body.get("state", {}))
        _, scenario, _ = await self._aside(self._checked, state)
        held = policies_as_data(scenario)
        change = without_column if "drop" in body else with_column
        state = change(state, held, str(body.get("drop", body.get("add", ""))))
        await self._aside(self._checked, state)
        return JSONResponse({"query": state.query()})

    async def scenario(self, request: Request, user: str) -> Response:
        """Keep a scenario of one's own, and return its address."""
        body = await _body(request)
        name = await self._aside(made_from_text, body, self.folder)
        return JSONResponse({"query": State(name, lang=_lang(body)).query()})

    async def new(self, request: Request, user: str) -> Response:
        """Keep the scenario that follows from answers, and return its address."""
        body = await _body(request)
        name = await self._aside(made_from_answers, body, self.folder)
        return JSONResponse({"query": State(name, lang=_lang(body)).query()})

    async def trail(self, request: Request, user: str) -> Response:
        """Return what the user has tried."""
        return JSONResponse(await self._aside(Trail(self.folder.place, user).of, self.folder.given))

    async def pinned(self, request: Request, user: str) -> Response:
        """Begin to compare two states that were pinned."""
        body = await _body(request)
        keys = body.get("keys")
        known = {entry.get("key") for entry in Trail(self.folder.place, user).entries()}
        if not isinstance(keys, list) or len(keys) != 2 or not all(isinstance(k, str) and k in known for k in keys):
            return JSONResponse({"text": "allowed: two states of the trail"}, 422)
        about = {"do": "pinned", "keys": keys, "lang": _lang(body), "place": str(self.folder.place.resolve())}
        job = Job(user, f"{_page(body)}-pinned", about)
        self.jobs.add(job)
        return JSONResponse({"job": job.name})

    async def export(self, request: Request, user: str) -> Response:
        """Begin to make a file of a state that was run."""
        body = await _body(request)
        kind, state = body.get("kind"), state_of(body.get("state", {}))
        if kind not in FILES:
            return JSONResponse({"text": f"allowed: {', '.join(FILES)}"}, 422)
        file, scenario, _ = await self._aside(self._checked, state)
        key = await self._aside(key_of, scenario)
        job = Job(user, f"{_page(body)}-export", self._about("export", state, file, key) | {"kind": kind}, key)
        self.jobs.add(job)
        return JSONResponse({"job": job.name, "file": f"out/{key}-{state.lang}/{kind}"})

    async def out(self, request: Request, user: str) -> Response:
        """Return a file that was made."""
        key, kind = request.path_params["key"], request.path_params["kind"]
        stem, _, lang = key.partition("-")
        good = kind in FILES and lang in EVERY and len(stem) == 20 and all(c in "0123456789abcdef" for c in stem)
        if not good:
            return PlainTextResponse("no such file", 404)
        name, media = FILES[kind]
        path = self.folder.place / "exports" / f"{stem}-{lang}" / name
        if not path.is_file():
            return PlainTextResponse("no such file", 404)
        return FileResponse(path, media_type=media, filename=name)


def _lang(body: Plain) -> str:
    lang = body.get("lang", "en")
    return lang if lang in EVERY else "en"


def _page(body: Plain) -> str:
    page = body.get("page", "")
    return page[:64] if isinstance(page, str) else ""


async def _body(request: Request) -> Plain:
    """Return the body of a request as plain data. Raises ScenarioError where it is none."""
    from wom_sim.scenario.errors import Fault

    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ScenarioError([Fault("request", message="allowed: an object of JSON")])
    return found
