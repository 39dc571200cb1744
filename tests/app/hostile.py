"""Requests of somebody who means harm: drawn by a seed, sent to the application as a browser or a script would.

The long part: ``python tests/app/hostile.py 10000``, which says how each was answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import httpx

TOKEN, PORT = "a-token-of-more-than-twenty-signs", 8765
SECRET = "the-secret-that-nobody-may-read"
PATHS = (
    "", "whatif", "static/app.js", "api/run", "api/events/{x}", "api/stop", "api/policies", "api/scenario", "api/new",
    "api/trail", "api/pinned", "api/export", "out/{x}/{x}", "static/{x}", "{x}",
)  # fmt: skip
DELAYED = ("{a}", "../{a}", "../../../../../../../..{a}", "....//....//{a}", "file://{a}", "{a}%00.toml", "/dev/stdin")


class Attacker:
    """Draws requests; ``secret`` is a file outside the folder."""

    def __init__(self, seed: int, secret: Path) -> None:
        self._luck, self._secret = random.Random(seed), secret

    def text(self) -> str:
        luck = self._luck
        named = luck.choice(DELAYED).format(a=luck.choice((str(self._secret), "/etc/passwd", "/proc/self/environ")))
        strange = "".join(
            chr(luck.choice((0, 9, 34, 39, 60, 92, 127, 0x202E, 0xD800, 0x1F600, luck.randrange(300))))
            for _ in range(6)
        )
        return luck.choice((
            named, strange, "A" * luck.choice((1, 300, 40_000)), "<script>alert(1)</script>", "{{7*7}}", "${jndi:x}",
            "' OR 1=1 --", "builtin:first_look", "builtin:../../../etc/passwd", "builtin:" + named, "given",
            "__proto__", "1e999", "-1", "NaN", "null", "\r\nX-Bad: 1",
        ))  # fmt: skip

    def change(self) -> str:
        luck = self._luck
        keys = (
            "network.path", "population.file", "worlds.posterior", "extends", "policies", "population", "name",
            "run.days", 'policies."bulk letter".notice_days', "choose.limit", "choose.where", "seen", self.text(),
        )  # fmt: skip
        values = (
            json.dumps(str(self._secret)), f"{{file = {json.dumps(str(self._secret))}}}", "[[[[[[[[", "9" * 5000,
            '[{name = "a", use = "keep"}]', '[{name = "a", use = "os.system"}]', "inf", "nan", "-0", "1", self.text(),
            "[" * 2000, '{low = 1, mode = 2, high = 3}',
        )  # fmt: skip
        return luck.choice(("{k}={v}", "{k}", "={v}", "{k}=={v}")).format(k=luck.choice(keys), v=luck.choice(values))

    def thing(self, deep: int = 0) -> object:
        luck = self._luck
        kinds = [self.text, lambda: luck.choice((None, True, -1, 0, 1e308, 10**40)), self.change, self.toml]
        if deep < 3:
            kinds += [lambda: [self.thing(deep + 1) for _ in range(luck.randrange(4))]]
            kinds += [lambda: {self.text(): self.thing(deep + 1) for _ in range(luck.randrange(4))}]
        return luck.choice(kinds)()

    def toml(self) -> str:
        luck, secret = self._luck, json.dumps(str(self._secret))
        rest = 'name = "x"\n[population]\ncustomers = 100\n'
        return luck.choice((
            f"extends = {secret}\n{rest}", f'extends = "builtin:first_look"\n[network]\nkind = "file"\npath = {secret}',
            f'extends = "builtin:first_look"\n[population]\nfile = {secret}', f"[worlds]\nposterior = {secret}\n",
            f'extends = "own"\n{rest}', "a = " + "[" * 3000, rest + "[[policies]]\n" * 200, "\x00", self.text(),
            'extends = "scenarios/link.toml"', 'extends = "builtin:first_look"\n[run]\ndays = 99999999',
        ))  # fmt: skip

    def state(self) -> object:
        luck = self._luck
        if luck.random() < 0.2:
            return self.thing()
        base = luck.choice(("builtin:first_look", "given", "link", "own", self.text()))
        changes = [self.change() for _ in range(luck.choice((0, 1, 1, 2, 300)))]
        runs = luck.choice((20, 0, -1, 10**9, "20", None, True, 1.5))
        return {"base": base, "set": luck.choice((changes, changes, self.text(), None)), "runs": runs,
                "lang": luck.choice(("en", "nl", self.text(), 7))}  # fmt: skip

    def request(self) -> httpx.Request:
        luck = self._luck
        path = luck.choice(PATHS).replace("{x}", quote(self.text(), safe=luck.choice(("", "/%")), errors="replace"))
        token = TOKEN if luck.random() < 0.85 else quote(self.text(), safe="", errors="replace")
        method = "POST" if path.startswith("api/") and "events" not in path and "trail" not in path else "GET"
        if luck.random() < 0.1:
            method = luck.choice(("GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"))
        headers = {"host": f"127.0.0.1:{PORT}", "content-type": "application/json"}
        if luck.random() < 0.1:
            headers["host"] = luck.choice(("evil.example", f"127.0.0.1:{PORT}.evil.example", "", "127.0.0.1", "[::1]"))
        if luck.random() < 0.2:
            origin = luck.choice(("https://evil.example", "null", f"http://127.0.0.1:{PORT}", "http://127.0.0.1:1"))
            headers["origin"] = origin
        if luck.random() < 0.1:
            headers |= {"content-length": luck.choice(("-1", "9" * 30, "abc", "5")), "sec-fetch-site": "cross-site"}
        if luck.random() < 0.1:
            headers["content-type"] = luck.choice(
                ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
            )
        url = f"http://127.0.0.1:{PORT}/t/{token}/{path}"[:60_000]
        if path == "whatif" or luck.random() < 0.1:
            asked = [("base", self.text()), ("set", self.change()), ("runs", self.text()), ("lang", self.text())]
            some = luck.sample(asked, luck.randrange(1, 5))
            url += "?" + "&".join(f"{name}={quote(value, errors='replace')}" for name, value in some)
        url = url[:60_000].rstrip("%")
        return httpx.Request(method, url, headers=headers, content=self.body() if method == "POST" else None)

    def body(self) -> bytes:
        luck = self._luck
        given = {
            "state": self.state(), "text": self.toml(), "keys": self.thing(),
            "kind": luck.choice(("report", self.text())),
            "add": self.text(), "page": self.thing(), "job": self.thing(), "name": self.text(), "trade": "bank",
            "answers": self.thing(), "ways": self.thing(), "payment": self.thing(), "customers": self.text(),
            "confirmed": self.thing(), "lang": self.thing(),
        }  # fmt: skip
        body = {name: given[name] for name in luck.sample(list(given), luck.randrange(len(given)))}
        if luck.random() < 0.5:
            body["state"] = self.state()
        raw = json.dumps(body).encode("utf-8", "replace")
        return luck.choice(
            (raw, raw, raw, raw, raw, raw[: len(raw) // 2], b"[" * 50_000, b"\xff\xfe", b"x" * 1_300_000)
        )


def application(place: Path) -> tuple[object, Path]:
    """The application on a folder with a link that leads out of it, and the secret outside."""
    from wom_sim.app.folder import Folder
    from wom_sim.app.jobs import Jobs
    from wom_sim.app.server import Server
    from wom_sim.app.settings import Settings

    secret = place / "secret.toml"
    secret.write_text(f'name = "{SECRET}"\n[population]\ncustomers = 77\n{SECRET} = 1\n', encoding="utf-8")
    folder = place / "kept"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "scenarios" / "link.toml").symlink_to(secret)
    (folder / "exports").mkdir()
    (folder / "exports" / "0123456789abcdef0123-en").symlink_to(place)
    server = Server(Settings(PORT, {TOKEN: "me"}), Folder(folder, "builtin:first_look"))
    server.jobs = Jobs(1, 5.0, "import sys; sys.exit(0)")  # nothing is simulated here
    return server.app(), secret


async def answers(place: Path, number: int, seed: int) -> tuple[Counter[int], list[str]]:
    """How many requests were answered with which status, and what went wrong."""
    app, secret = application(place)
    attacker, found, wrong = Attacker(seed, secret), Counter[int](), []
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, timeout=60) as client:
        for _ in range(number):
            request = attacker.request()
            answer = await client.send(request)
            found[answer.status_code] += 1
            told = f"{request.method} {str(request.url)[:200]}: {answer.status_code}"
            if answer.status_code >= 500:
                wrong.append(f"{told} {request.content[:500]!r}")
            echoed = SECRET in answer.text or "root:x:0" in answer.text or "PATH=" in answer.text
            if echoed:
                wrong.append(f"{told} read outside")
            if "content-security-policy" not in answer.headers:
                wrong.append(f"{told} no policy")
    return found, wrong


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        counted, faults = asyncio.run(answers(Path(folder), int(sys.argv[1]), 1))
    print(dict(sorted(counted.items())), *faults[:20], sep="\n")
    sys.exit(bool(faults))
