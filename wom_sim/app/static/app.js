// The one script of the page. It keeps the state in the address, asks for runs, and places what comes back as text.
"use strict";

const SVG = "http://www.w3.org/2000/svg", WAIT = 300;
const $ = (id) => document.getElementById(id);
const page = Math.random().toString(36).slice(2) + Date.now().toString(36);
const lang = document.body.dataset.lang;

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = whole(text);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function whole(text) { return text.replace(/(\d) (?=%)/g, "$1\u00a0"); }  // no line ends between a number and its %

async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ page, lang, ...body }),
  });
  const found = await answer.json().catch(() => ({ text: answer.statusText }));
  return { ok: answer.ok, ...found, list: found };
}

function showFaults(faults, where = $("faults")) {
  where.replaceChildren(...faults.map((fault) => make("p", fault.text)));
  where.hidden = faults.length === 0;
}

function faultsOf(found) {
  return found.faults || [{ text: found.text || "" }];
}

// -- the start ----------------------------------------------------------------------------------------------

function start() {
  const usual = JSON.parse(document.body.dataset.usual);
  const hint = () => document.querySelectorAll("[data-place]").forEach((input) => {
    input.placeholder = usual[$("new-trade").value][input.dataset.place] || "";
  });
  $("new-trade").addEventListener("change", hint);
  hint();
  $("own-file").addEventListener("change", async () => {
    const file = $("own-file").files[0];
    if (file) $("own-text").value = await file.text();
  });
  $("own").addEventListener("submit", async (event) => {
    event.preventDefault();
    go(await ask("api/scenario", { text: $("own-text").value }));
  });
  $("new").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answers = {}, inputs = document.querySelectorAll("[data-place]");
    inputs.forEach((input) => { answers[input.dataset.place] = input.value; });
    const ways = [...document.querySelectorAll("[data-way]:checked")].map((box) => box.dataset.way).join(", ");
    const found = await ask("api/new", {
      name: $("new-name").value, trade: $("new-trade").value, answers, ways, payment: $("new-payment").value,
      customers: $("new-base") ? $("new-base").value : "",
    });
    const wrong = Object.fromEntries((found.faults || []).map((fault) => [fault.key, fault]));
    inputs.forEach((input) => input.setAttribute("aria-invalid", String(input.dataset.place in wrong)));
    go(found);
  });
}

function go(found) {
  if (found.ok) location.assign(`whatif?${found.query}`);
  else {
    showFaults(faultsOf(found));
    $("faults").scrollIntoView({ block: "center" });
  }
}

// -- a state ------------------------------------------------------------------------------------------------

let data, state, texts, source = null, job = null, shown = null, confirmed = false, timer = 0, asked = 0;
const pins = [];

function query() {
  const parts = new URLSearchParams();
  parts.append("base", state.base);
  state.set.forEach((change) => parts.append("set", change));
  if (state.runs !== 20) parts.append("runs", state.runs);
  parts.append("lang", state.lang);
  return parts.toString();
}

function change(key, value) {
  state.set = state.set.filter((each) => each.slice(0, each.indexOf("=")) !== key);
  if (value !== null) state.set.push(`${key}=${value}`);
  const depth = (history.state && history.state.depth || 0) + 1;
  history.pushState({ depth }, "", `whatif?${query()}`);
  $("undo").disabled = false;
  confirmed = false;
  run();
}

function valueOf(control) {
  const kind = control.dataset.kind;
  if (kind === "choice") return JSON.stringify(control.querySelector("select").value);
  if (kind === "yes") return String(control.querySelector("input").checked);
  return control.querySelector("input[type=number]").value.trim();
}

function isDefault(control) {
  const was = control.dataset.default, value = valueOf(control);
  if (control.dataset.kind === "choice") return JSON.parse(value) === was;
  if (control.dataset.kind === "yes") return value === was.toLowerCase();
  return Number(value) === Number(was);
}

function changed(control) {
  const key = control.dataset.key, same = isDefault(control);
  control.classList.toggle("moved", !same);
  const reset = control.querySelector(".reset");
  if (reset) reset.hidden = same;
  const listed = key.startsWith("policies.") && state.set.some((each) => each.startsWith("policies="));
  change(key, same && !listed ? null : valueOf(control));
}

function soon(control) {
  clearTimeout(timer);
  timer = setTimeout(() => changed(control), WAIT);
}

function wire(control) {
  const number = control.querySelector("input[type=number]"), slider = control.querySelector("input[type=range]");
  if (slider) {
    const step = Number(slider.dataset.step);
    slider.step = step;
    slider.value = number.value;
    slider.addEventListener("input", () => {
      number.value = String(Number(Number(slider.value).toPrecision(6)));
      soon(control);
    });
    number.addEventListener("input", () => {
      slider.value = number.value;
      soon(control);
    });
  } else {
    control.querySelector("select, input").addEventListener("change", () => soon(control));
  }
  control.classList.toggle("moved", !isDefault(control));
  const reset = control.querySelector(".reset");
  if (!reset) return;
  reset.hidden = isDefault(control);
  reset.addEventListener("click", () => {
    const was = control.dataset.default;
    if (control.dataset.kind === "choice") control.querySelector("select").value = was;
    else if (control.dataset.kind === "yes") control.querySelector("input").checked = was === "True";
    else { number.value = was; slider.value = was; }
    (number || control.querySelector("select, input")).focus();
    changed(control);
  });
}

// -- runs ---------------------------------------------------------------------------------------------------

function idle() {
  if (source) source.close();
  source = null;
  job = null;
  $("busy").hidden = true;
}

function stop() {
  if (!job) return;
  const name = job;
  idle();
  ask("api/stop", { job: name });
  $("state-of-runs").textContent = texts.cancelled;
}

function note(text) { $("state-of-runs").textContent = text; }

async function run() {
  idle();
  const number = ++asked;
  showFaults([]);
  document.querySelectorAll(".wrong").forEach((each) => { each.hidden = true; });
  $("go-on").hidden = $("more").hidden = true;
  pale(true);
  $("busy").hidden = false;
  $("progress").removeAttribute("value");
  $("progress-text").textContent = texts.waiting;
  const found = await ask("api/run", { state, confirmed });
  if (number !== asked) return;
  if (!found.ok) {
    idle();
    refuse(faultsOf(found));
    return;
  }
  $("command").textContent = found.command;
  listen(found.job, (event) => place(event, found));
}

function listen(name, take) {
  job = name;
  const mine = source = new EventSource(`api/events/${name}`);
  mine.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (event.last) mine.close();
    if (mine === source) take(event);
  };
  mine.onerror = () => {
    mine.close();
    if (mine === source) { idle(); note(texts.failed); }
  };
}

function refuse(faults) {
  const rest = faults.filter((fault) => {
    const control = [...document.querySelectorAll(".control")].find((each) => fault.key && each.dataset.key === fault.key);
    if (!control) return true;
    const wrong = control.querySelector(".wrong");
    wrong.textContent = fault.text;
    wrong.hidden = false;
    return false;
  });
  showFaults(rest);
  note("");
}

function place(event, found) {
  const kind = event.event;
  if (kind === "progress") {
    if (event.total) { $("progress").max = event.total; $("progress").value = event.done; }
    $("progress-text").textContent = event.text;
  } else if (kind === "figures") figures(event);
  else if (kind === "chart") chart(event);
  else if (kind === "map") map(event);
  else if (kind === "done") {
    if (event.size) $("size").textContent = event.size;
    idle();
    if (!shownMap) noMap();
    note(texts.final.replace("{n}", shown.runs));
    $("more").hidden = !shown.undecided;
    state.runs = Math.max(state.runs, event.runs);
    trail();
  } else if (kind === "ask") {
    idle();
    note(event.text);
    $("go-on").textContent = texts.go_on;
    $("go-on").hidden = false;
  } else if (kind === "refused") {
    idle();
    showFaults([{ text: event.text || texts.too_long }]);
    note("");
  } else if (event.last) {
    idle();
    note(kind === "died" ? texts.died : texts.cancelled);
  }
}

function pale(on) {
  ["verdict", "chart-paired", "chart-departures", "chart-ledger", "map"].forEach((id) => $(id).classList.toggle("pale", on));
  document.querySelectorAll(".figures").forEach((each) => each.classList.toggle("pale", on));
}

let shownMap = false;

function figures(event) {
  shown = event;
  shownMap = false;
  $("headline").textContent = whole(event.headline);
  $("sentences").replaceChildren(...event.verdict.map((text) => make("p", text)));
  note((event.pale ? texts.pale : texts.final).replace("{n}", event.runs));
  pale(event.pale);
  ["chart-paired", "chart-departures", "chart-ledger", "map"].forEach((id) => $(id).classList.add("pale"));
  cards();
}

function cards() {
  if (!shown) return;
  const money = document.querySelector("[name=horizon]:checked").value;
  document.querySelectorAll(".column[data-policy]").forEach((column) => {
    const own = shown.policies.find((each) => each.name === column.dataset.policy);
    const list = column.querySelector(".figures");
    if (!own) { list.replaceChildren(); return; }
    column.classList.toggle("best", own.name === shown.chosen);
    list.replaceChildren(...[money, "lost_profitable", "national_coverage"].flatMap((name) => {
      const told = own.figures[name], value = make("dd", told.text);
      if (told.below) value.append(make("small", told.below));
      return [make("dt", shown.labels[name]), value];
    }));
  });
}

function chart(event) {
  const place = $(`chart-${event.name}`), image = place.querySelector("img");
  image.src = event.uri;
  image.alt = event.alt;
  image.width = event.width;
  image.height = event.height;
  place.querySelector("figcaption").textContent = event.title;
  place.hidden = false;
  place.classList.toggle("pale", event.pale);
}

// -- the map ------------------------------------------------------------------------------------------------

let seen = null, playing = 0;

function noMap() {
  $("map").hidden = true;
  $("no-map").hidden = false;
}

function map(event) {
  seen = event;
  shownMap = true;
  $("no-map").hidden = true;
  $("map").hidden = false;
  $("map").classList.remove("pale");
  $("map-cell").textContent = event.cell;
  $("map-legend").replaceChildren(...event.classes.map((text, k) => {
    const item = make("li"), mark = document.createElementNS(SVG, "svg"), box = document.createElementNS(SVG, "rect");
    mark.setAttribute("aria-hidden", "true");
    for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", event.colours[k]], ["stroke", "#767676"]])
      box.setAttribute(name, value);
    mark.append(box);
    item.append(mark, text);
    return item;
  }));
  $("map").querySelector(".maps").replaceChildren(...event.scenes.map((scene) => {
    const holder = make("div"), canvas = make("canvas", null, { role: "img" });
    [canvas.height, canvas.width] = event.shape.map((cells) => cells * 4);
    holder.append(make("h4", scene.title), canvas, make("p", "", { class: "note" }));
    return holder;
  }));
  const last = event.days.length - 1;
  $("day").max = last;
  draw(last);
}

function draw(frame) {
  $("day").value = frame;
  $("day-text").textContent = seen.day_words[frame];
  $("day").setAttribute("aria-valuetext", seen.day_words[frame]);
  $("map").querySelectorAll(".maps > div").forEach((holder, k) => {
    const scene = seen.scenes[k], canvas = holder.querySelector("canvas"), pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    seen.places.forEach(([row, column], cell) => {
      let level = 0;
      while (level < scene.starts[cell].length && scene.starts[cell][level] <= frame) level += 1;
      pen.fillStyle = seen.colours[level];
      pen.fillRect(column * 4, row * 4, 4, 4);
    });
    canvas.setAttribute("aria-label", `${scene.title}, ${seen.day_words[frame]}: ${scene.heard[frame]}`);
    holder.querySelector("p").textContent = scene.heard[frame];
  });
}

function play() {
  const going = playing !== 0;
  clearInterval(playing);
  playing = 0;
  $("play").textContent = going ? texts.play : texts.pause;
  if (going) return;
  if (Number($("day").value) >= Number($("day").max)) draw(0);
  playing = setInterval(() => {
    const next = Number($("day").value) + 1;
    if (next > Number($("day").max)) play();
    else draw(next);
  }, 120);
}

// -- trail, pins, files -------------------------------------------------------------------------------------

async function trail() {
  const entries = (await ask("api/trail")).list;
  if (!Array.isArray(entries)) return;
  $("trail").replaceChildren(...(entries.length ? entries.slice(0, 30).map((entry) => {
    const item = make("li"), pin = make("button", pins.some((each) => each.query === entry.query) ? texts.unpin : texts.pin,
      { type: "button", "aria-label": `${texts.pin}: ${entry.title}` });
    pin.setAttribute("aria-pressed", String(pins.some((each) => each.query === entry.query)));
    pin.addEventListener("click", () => setPin(entry));
    item.append(make("a", entry.title, { href: `whatif?${entry.query.replace(/lang=..$/, `lang=${lang}`)}` }), " ", pin, make("small", entry.headline));
    return item;
  }) : [make("li", texts.trail_none)]));
}

async function setPin(entry) {
  const at = pins.findIndex((each) => each.query === entry.query);
  if (at >= 0) pins.splice(at, 1);
  else pins.push(entry);
  if (pins.length > 2) pins.shift();
  sessionStorage.setItem("pins", JSON.stringify(pins));
  trail();
  difference();
}

async function difference() {
  $("pinned").replaceChildren();
  if (pins.length !== 2) return;
  const found = await ask("api/pinned", { keys: pins.map((each) => each.key) });
  if (!found.ok) { $("pinned").replaceChildren(make("p", found.text, { class: "wrong" })); return; }
  const events = new EventSource(`api/events/${found.job}`);
  events.onerror = () => events.close();
  events.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (event.last) events.close();
    if (event.event === "refused") $("pinned").replaceChildren(make("p", event.text, { class: "wrong" }));
    if (event.event !== "pinned") return;
    const table = make("table"), head = make("tr");
    head.append(make("th", "", { scope: "col" }), ...event.labels.map((text) => make("th", text, { scope: "col" })));
    head.firstChild.textContent = document.getElementById("h-policies").textContent;
    table.append(make("caption", `${texts.pinned}: ${pins[0].title} − ${pins[1].title}`), head);
    event.rows.forEach((row) => {
      const line = make("tr");
      line.append(make("th", row.policy, { scope: "row" }), ...row.cells.map((cell) => {
        const box = make("td", cell.text);
        if (cell.below) box.append(make("small", cell.below));
        return box;
      }));
      table.append(line);
    });
    $("pinned").replaceChildren(table, make("p", event.note, { class: "note" }));
  };
}

async function take(kind) {
  $("exported").textContent = texts.exporting;
  const found = await ask("api/export", { kind, state });
  if (!found.ok) { $("exported").textContent = faultsOf(found)[0].text; return; }
  const events = new EventSource(`api/events/${found.job}`);
  events.onerror = () => events.close();
  events.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (event.last) events.close();
    if (event.event === "exported") {
      const link = make("a", texts.saved, { href: found.file, download: "" });
      $("exported").replaceChildren(link);
      link.click();
    } else if (event.last) $("exported").textContent = event.text || texts.failed;
  };
}

function begin() {
  data = JSON.parse(document.body.dataset.page);
  ({ state, texts } = data);
  document.querySelectorAll(".control").forEach(wire);
  document.querySelectorAll("[name=horizon]").forEach((each) => each.addEventListener("change", cards));
  $("cancel").addEventListener("click", stop);
  $("go-on").addEventListener("click", () => { confirmed = true; run(); });
  $("more").addEventListener("click", () => {
    state.runs += 40;
    confirmed = true;
    history.pushState({ depth: (history.state && history.state.depth || 0) + 1 }, "", `whatif?${query()}`);
    $("undo").disabled = false;
    run();
  });
  $("undo").addEventListener("click", () => history.back());
  $("undo").disabled = !(history.state && history.state.depth);
  addEventListener("popstate", () => location.reload());
  addEventListener("pagehide", idle);
  addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  document.querySelectorAll(".drop").forEach((each) => each.addEventListener("click", async () => {
    columns({ drop: each.closest(".column").dataset.policy });
  }));
  if ($("add-it")) $("add-it").addEventListener("click", () => columns({ add: $("add").value }));
  document.querySelectorAll(".export").forEach((each) => each.addEventListener("click", () => take(each.dataset.kind)));
  $("day").addEventListener("input", () => draw(Number($("day").value)));
  $("play").addEventListener("click", play);
  try { pins.push(...JSON.parse(sessionStorage.getItem("pins") || "[]").slice(0, 2)); } catch { /* none */ }
  trail();
  difference();
  run();
}

async function columns(what) {
  const found = await ask("api/policies", { state, ...what });
  if (found.ok) location.assign(`whatif?${found.query}`);
  else refuse(faultsOf(found));
}

if (document.body.dataset.kind === "start") start();
else begin();
