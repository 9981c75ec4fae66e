// The film's slider: a frame is a set of paths, and moving the slider exchanges them.
"use strict";
(() => {
  const { frames, words, curves } = JSON.parse(document.getElementById("film").textContent);
  const slider = document.getElementById("moment");
  const now = document.getElementById("now");
  const play = document.getElementById("play");
  const regions = document.querySelectorAll("#plane .region");
  const boundary = document.querySelector("#plane .boundary");
  const answers = document.querySelectorAll("#answers .answer");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const cursors = Object.keys(curves).map((name) => {
    const cursor = document.createElementNS("http://www.w3.org/2000/svg", "path");
    cursor.setAttribute("class", "now");
    document.querySelector(`#${name} .panel`).append(cursor);
    return [name, cursor];
  });
  let timer = 0;

  function show(number) {
    const at = Math.max(0, Math.min(frames.length - 1, number));
    const frame = frames[at];
    slider.value = at;
    slider.setAttribute("aria-valuetext", frame.said);
    now.textContent = frame.said;
    regions.forEach((region, k) => region.setAttribute("d", frame.regions[k]));
    if (boundary) boundary.setAttribute("d", frame.boundary);
    answers.forEach((cell, k) => { cell.textContent = frame.answers[k]; });
    for (const [name, cursor] of cursors) {
      cursor.setAttribute("d", `M${frame.x[name]},${curves[name][0]}V${curves[name][1]}`);
    }
  }

  function move(number) {
    stop();
    show(number);
    history.replaceState(null, "", `#${slider.value}`);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = words.play;
    now.setAttribute("aria-live", "polite");
  }

  function start() {
    if (still.matches) return;
    if (Number(slider.value) === frames.length - 1) show(0);
    play.textContent = words.pause;
    now.setAttribute("aria-live", "off"); // a reader would be talked over
    timer = setInterval(() => {
      show(Number(slider.value) + 1);
      if (Number(slider.value) === frames.length - 1) stop();
    }, 120);
  }

  const toggle = () => (timer ? stop() : start());
  slider.addEventListener("input", () => move(Number(slider.value)));
  play.addEventListener("click", toggle);
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input,button,.strip")) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -frames.length, End: frames.length };
    if (event.key in steps) move(Number(slider.value) + steps[event.key]);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
  });
  const linked = () => show(/^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : frames.length - 1);
  window.addEventListener("hashchange", linked);
  document.getElementById("live").hidden = false;
  linked();
})();
