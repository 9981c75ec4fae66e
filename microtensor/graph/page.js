// The page is complete without this. Here it learns to show one step at a time.
(() => {
"use strict";
const root = document.documentElement;
const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const steps = JSON.parse(one("#data").textContent);
const rows = all("tr[data-step]");
const stage = one(".stage"), picture = one("svg", stage), panel = one(".panel"), range = one("#at");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const cards = new Map(all("[data-node]", picture).map((card) => [card.dataset.node, card]));
const lines = new Map();  // the parts of each edge: its line, the lines of its label
for (const part of all("[data-source]", picture)) {
  const { source, target, argument } = part.dataset, edge = `${source} ${target} ${argument}`;
  if (!lines.has(edge)) lines.set(edge, { source, target, parts: [] });
  lines.get(edge).parts.push(part);
}

// --- which step shows what --------------------------------------------------------------------------------

const shown = { value: new Map(), gradient: new Map(), forward: new Map(), backward: new Map() };
steps.forEach((step, k) => {
  if (step.shows in shown) shown[step.shows].set(step.node, k);
  if (step.phase in shown) for (const edge of step.edges) {
    if (!shown[step.phase].has(edge)) shown[step.phase].set(edge, k);
  }
});
const numbers = new Map([...cards].map(([id, card]) => [id, all("text.value", card)]));
const first = new Map([...numbers].map(([id, texts]) => [id, texts.map((text) => text.innerHTML)]));
const since = (when, key, k) => !when.has(key) || when.get(key) <= k;

let at = 0, timer = 0;

function show(k) {
  at = Math.max(0, Math.min(steps.length - 1, k));
  const step = steps[at];
  if (!step) return;
  const used = new Set(step.phase === "forward" ? step.edges.map((edge) => lines.get(edge).source) : []);
  for (const [id, card] of cards) {
    card.classList.toggle("has-value", since(shown.value, id, at));
    card.classList.toggle("has-grad", since(shown.gradient, id, at));
    card.classList.toggle("now", id === step.node);
    card.classList.toggle("used", used.has(id));
  }
  for (const [id, { parts }] of lines) for (const part of parts) {
    part.classList.toggle("went", since(shown.forward, id, at));
    part.classList.toggle("came", since(shown.backward, id, at));
    part.classList.toggle("now", step.edges.includes(id));
  }
  renew();
  tell(step);
  follow(cards.get(step.node));
  range.value = at + 1;
  range.setAttribute("aria-valuetext", `${at + 1} / ${steps.length}, ${step.phase}, ${step.node}`);
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
  const latest = new Map();
  steps.slice(0, at + 1).forEach((step) => Object.entries(step.texts || {}).forEach((pair) => latest.set(...pair)));
  for (const [id, texts] of numbers) {
    const now = latest.get(id);
    cards.get(id).classList.toggle("new", Boolean(now));
    texts.forEach((text, j) => {
      if (now) text.textContent = now[j]; else text.innerHTML = first.get(id)[j];
    });
  }
  picture.dataset.phase = steps[at].phase;
  picture.classList.toggle("over", steps[at].shows === "again");
}

// The panel is the table's row, larger.
function tell(step) {
  const [, phase, node, what] = rows[at].cells;
  const heading = document.createElement("h2"), name = document.createElement("code");
  heading.append(...[...phase.childNodes].map((child) => child.cloneNode(true)));
  name.textContent = node.textContent;
  heading.append(" ", name);
  panel.className = `panel ${step.phase}`;
  panel.replaceChildren(heading, ...[...what.childNodes].map((child) => child.cloneNode(true)));
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

// A card's next step after this one; after its last one its first again.
function visit(id) {
  const mine = steps.map((step, k) => (step.node === id ? k : -1)).filter((k) => k >= 0);
  const found = mine.find((k) => k > at) ?? mine[0] ?? steps.findIndex((step) => step.edges.some((edge) => lines.get(edge).source === id));
  if (found >= 0) go(found);
}

function fromAddress() {
  const k = parseInt(location.hash.slice(1), 10);
  return k >= 1 ? k - 1 : 0;
}

// --- the paths from a card to the result ------------------------------------------------------------------------

const uses = new Map();
for (const [edge, { source, target }] of lines) {
  uses.set(source, [...(uses.get(source) || []), [edge, target]]);
}

function paths(id) {
  const nodes = new Set(id ? [id] : []), edges = new Set();
  for (const node of nodes) for (const [edge, target] of uses.get(node) || []) {
    edges.add(edge);
    nodes.add(target);  // a set that grows is walked to its end
  }
  picture.classList.toggle("paths", Boolean(id));
  for (const [name, card] of cards) card.classList.toggle("path", nodes.has(name));
  for (const [name, { parts }] of lines) for (const part of parts) part.classList.toggle("path", edges.has(name));
}

// --- the picture: zoom is its width, pan is scrolling --------------------------------------------------------------

const size = picture.viewBox.baseVal;
let scale = 0;  // 0: as wide as there is room, while it can be read

function zoom(to, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const before = picture.getBoundingClientRect().width / size.width;
  scale = to && Math.max(0.1, Math.min(4, to));
  const now = scale || Math.min(1.15, Math.max(0.72, stage.clientWidth / size.width));
  picture.style.width = `${size.width * now}px`;
  picture.style.height = `${size.height * now}px`;
  stage.scrollLeft = (stage.scrollLeft + x) * now / before - x;
  stage.scrollTop = (stage.scrollTop + y) * now / before - y;
}

const larger = (by) => zoom(picture.getBoundingClientRect().width / size.width * by);

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
  zoom(picture.getBoundingClientRect().width / size.width * by, event.clientX - view.left, event.clientY - view.top);
}, { passive: false });

// --- light and dark, languages --------------------------------------------------------------------------------------

const themes = { auto: "◐ auto", light: "○ light", dark: "● dark" };
function theme(to) {
  root.dataset.theme = to;
  one("#theme").textContent = themes[to];
  one("#theme").setAttribute("aria-label", `theme: ${to}`);
}
function nextTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const order = dark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
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
for (const [id, card] of cards) {
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
  for (const [event, to] of [["pointerenter", id], ["focus", id], ["pointerleave", ""], ["blur", ""]]) {
    card.addEventListener(event, () => paths(event === "focus" && !card.matches(":focus-visible") ? "" : to));
  }
}
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
addEventListener("resize", () => zoom(scale));

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
zoom(0);
show(fromAddress());
})();
