// The page is complete without this. Here it learns to show one step at a time.
(() => {
"use strict";
const root = document.documentElement;
const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const steps = JSON.parse(one("#data").textContent);
const rows = all("tbody tr").filter((row) => row.cells.length > 1);  // the others are the phases' headings
const stage = one(".stage"), picture = one("svg", stage), panel = one(".panel"), range = one("#at");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const cards = all("[data-node]", picture);
const ends = new Map();  // by its ends, the parts of each edge: its line, the lines of its label
for (const part of all("[data-source]", picture)) {
  const { source, target, argument } = part.dataset, name = [source, target, argument].join();
  if (!ends.has(name)) ends.set(name, { source, target, parts: [] });
  ends.get(name).parts.push(part);
}
const lines = [...ends.values()];
steps.forEach((step, k) => { step.phase = rows[k].parentElement.className; });

// --- which step shows what --------------------------------------------------------------------------------

const shown = { value: new Map(), gradient: new Map(), forward: new Map(), backward: new Map() };
steps.forEach((step, k) => {
  shown[step.shows]?.set(step.card, k);
  for (const line of step.lines) if (!shown[step.phase].has(line)) shown[step.phase].set(line, k);
});
const numbers = cards.map((card) => all(".values text", card));
const first = numbers.map((texts) => texts.map((text) => text.innerHTML));
const since = (when, key) => !when.has(key) || when.get(key) <= at;

let at = 0, timer = 0;

function show(k) {
  at = Math.max(0, Math.min(steps.length - 1, k));
  const step = steps[at];
  if (!step) return;
  const used = new Set(step.phase === "forward" ? step.lines.map((line) => lines[line].source) : []);
  cards.forEach((card, id) => {
    card.classList.toggle("has-value", since(shown.value, id));
    card.classList.toggle("has-grad", since(shown.gradient, id));
    card.classList.toggle("now", id === step.card);
    card.classList.toggle("used", used.has(card.dataset.node));
  });
  lines.forEach(({ parts }, id) => parts.forEach((part) => {
    part.classList.toggle("went", since(shown.forward, id));
    part.classList.toggle("came", since(shown.backward, id));
    part.classList.toggle("now", step.lines.includes(id));
  }));
  renew();
  tell(step);
  follow(cards[step.card]);
  range.value = at + 1;
  range.setAttribute("aria-valuetext", `${at + 1} / ${steps.length}, ${step.phase}, ${rows[at].cells[1].textContent}`);
  range.style.accentColor = `var(--${{ forward: "value", backward: "grad", update: "parameter" }[step.phase]})`;
  one("#count").textContent = `${at + 1} / ${steps.length}`;
  rows.forEach((row, j) => row.classList.toggle("now", j === at));
  for (const button of all(".phases button")) {
    if (button.className === step.phase) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  }
  try { history.replaceState(null, "", `#${at + 1}`); } catch { /* a frame without an address */ }
}

// Cards hold the numbers of the first pass, or those that the update has put in their place by now.
function renew() {
  const latest = Object.assign({}, ...steps.slice(0, at + 1).map((step) => step.texts));
  numbers.forEach((texts, id) => {
    cards[id].classList.toggle("new", id in latest);
    texts.forEach((text, j) => {
      if (id in latest) text.textContent = latest[id][j]; else text.innerHTML = first[id][j];
    });
  });
  picture.dataset.phase = steps[at].phase;
  picture.classList.toggle("over", steps[at].shows === "again");
}

// The panel is the table's row, larger.
function tell(step) {
  const [, node, what] = rows[at].cells, phase = rows[at].parentElement.rows[0].cells[0];
  const heading = document.createElement("h2"), name = document.createElement("code");
  const copies = (from) => [...from.childNodes].map((child) => child.cloneNode(true));
  name.textContent = node.textContent;
  heading.append(...copies(phase), " ", name);
  panel.className = `panel ${step.phase}`;
  panel.replaceChildren(heading, ...copies(what));
}

// --- moving ---------------------------------------------------------------------------------------------------

function play(on) {
  clearInterval(timer);
  timer = 0;
  if (on && at >= steps.length - 1) show(0);
  if (on) timer = setInterval(() => (at >= steps.length - 1 ? play(false) : show(at + 1)), 1400);
  one("#play").setAttribute("aria-pressed", String(on));
  panel.setAttribute("aria-live", on ? "off" : "polite");  // a film is not to be read aloud
}

function go(k) {
  if (timer) play(false);
  show(k);
}

// A card's next step after this one; after its last one its first again; or the first that uses it.
function visit(id) {
  const mine = steps.map((step, k) => (step.card === id ? k : -1)).filter((k) => k >= 0);
  const uses = (step) => step.lines.some((line) => lines[line].source === cards[id].dataset.node);
  const found = mine.find((k) => k > at) ?? mine[0] ?? steps.findIndex(uses);
  if (found >= 0) go(found);
}

function fromAddress() {
  const k = parseInt(location.hash.slice(1), 10);
  return k >= 1 ? k - 1 : 0;
}

// --- the paths from a card to the result ------------------------------------------------------------------------

function paths(card) {
  const names = new Set(card ? [card.dataset.node] : []);
  for (const name of names) for (const { source, target } of lines) {
    if (source === name) names.add(target);  // a set that grows is walked to its end
  }
  picture.classList.toggle("paths", Boolean(card));
  for (const card of cards) card.classList.toggle("path", names.has(card.dataset.node));
  for (const { source, parts } of lines) for (const part of parts) part.classList.toggle("path", names.has(source));
}

// --- the picture: zoom is its width, pan is scrolling --------------------------------------------------------------

const natural = picture.viewBox.baseVal.width;
const factor = () => picture.getBoundingClientRect().width / natural;

// 0: as wide as there is room, while it can be read, which the style sheet knows.
function zoom(to, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const before = factor();
  picture.style.width = to ? `${natural * Math.max(0.1, Math.min(4, to))}px` : "";
  const by = factor() / before;
  stage.scrollLeft = (stage.scrollLeft + x) * by - x;
  stage.scrollTop = (stage.scrollTop + y) * by - y;
}

const larger = (by) => zoom(factor() * by);

// Scroll to a card that is not in sight.
function follow(card) {
  if (!card) return;
  const box = card.getBoundingClientRect(), view = stage.getBoundingClientRect(), edge = 24;
  const left = box.left < view.left + edge || box.right > view.right - edge;
  const top = box.top < view.top + edge || box.bottom > view.bottom - edge;
  if (!left && !top) return;
  stage.scrollTo({
    left: stage.scrollLeft + (left ? box.left + box.width / 2 - view.left - view.width / 2 : 0),
    top: stage.scrollTop + (top ? box.top + box.height / 2 - view.top - view.height / 2 : 0),
    behavior: calm.matches ? "auto" : "smooth",
  });
}

let hold = null;
stage.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button) return;  // fingers scroll by themselves
  hold = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, moved: false };
});
addEventListener("pointermove", (event) => {
  if (!hold) return;
  const x = event.clientX - hold.x, y = event.clientY - hold.y;
  if (!hold.moved && Math.hypot(x, y) < 5) return;
  hold.moved = true;
  stage.classList.add("held");
  stage.scrollLeft = hold.left - x;
  stage.scrollTop = hold.top - y;
});
addEventListener("pointerup", () => {
  stage.classList.remove("held");
  setTimeout(() => { hold = null; });  // after the click that ends the drag
});
stage.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const view = stage.getBoundingClientRect(), by = Math.exp(-event.deltaY / 400);
  zoom(factor() * by, event.clientX - view.left, event.clientY - view.top);
}, { passive: false });

// --- light and dark, languages --------------------------------------------------------------------------------------

const themes = { auto: "◐ auto", light: "○ light", dark: "● dark" };
const dark = { auto: "screen and (prefers-color-scheme:dark)", light: "not all", dark: "screen" };
function theme(to) {
  root.dataset.theme = to;
  one("#dark").media = dark[to];
  one("#theme").textContent = themes[to];
  one("#theme").setAttribute("aria-label", `theme: ${to}`);
}
function nextTheme() {
  const order = matchMedia("(prefers-color-scheme: dark)").matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
  theme(order[(order.indexOf(root.dataset.theme) + 1) % 3]);
}

const words = one("#words");
function speak(to) {
  words.value = root.dataset.words = to;
  root.lang = to === "ko" ? "ko" : "en";
}

// --- everything is connected ------------------------------------------------------------------------------------------

root.classList.add("js");
root.classList.toggle("steps", steps.length > 0);  // without any, the picture stays whole
one(".bar").hidden = false;
for (const hidden of all(".panel, .keys")) hidden.hidden = steps.length === 0;
if (steps.length) picture.setAttribute("role", "group");
cards.forEach((card, id) => {
  if (steps.length) {
    card.setAttribute("tabindex", "0");
    card.setAttribute("role", "button");
  }
  card.addEventListener("click", () => { if (!hold?.moved) visit(id); });
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    visit(id);
  });
  card.addEventListener("pointerenter", () => paths(card));
  card.addEventListener("focus", () => { if (card.matches(":focus-visible")) paths(card); });
  for (const event of ["pointerleave", "blur"]) card.addEventListener(event, () => paths(null));
});
const buttons = {
  first: () => go(0), back: () => go(at - 1), next: () => go(at + 1), last: () => go(steps.length - 1),
  play: () => play(!timer), theme: nextTheme, in: () => larger(1.25), out: () => larger(0.8), fit: () => zoom(0),
  open: (event) => {
    const open = one(".all").classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  },
};
for (const [id, act] of Object.entries(buttons)) one(`#${id}`).addEventListener("click", act);
for (const button of all("[data-go]")) button.addEventListener("click", () => go(button.dataset.go - 1));
rows.forEach((row, k) => row.addEventListener("click", () => go(k)));
range.addEventListener("input", () => go(range.value - 1));
words.addEventListener("change", () => speak(words.value));
addEventListener("hashchange", () => go(fromAddress()));

const keys = {
  ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), Home: () => go(0), End: () => go(steps.length - 1),
  " ": () => play(!timer), t: nextTheme, "+": () => larger(1.25), "=": () => larger(1.25), "-": () => larger(0.8),
  0: () => zoom(0), l: () => speak({ both: "en", en: "ko", ko: "both" }[words.value]),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const where = event.target, act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || where === range || where === words || (event.key === " " && where.closest?.("button"))) return;
  event.preventDefault();
  act();
});

theme(root.dataset.theme);
speak(root.dataset.words);
show(fromAddress());
})();
