"use strict";
// The title from begin to end: scenes, shots, people and what was chosen, over one time axis.

const SCENES_STILLS = 12; // of a scene's stills, so many are shown in its row
const LANES_OF_PEOPLE = 8; // leads first

/** A row of the axis: spans [start, end] as blocks in turn of two shades, instants [time, null] as lines. */
function drawLane(kind, layers) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `lane ${kind}`);
  svg.setAttribute("viewBox", `0 0 ${page.film.duration || 1} 1`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, spans] of Object.entries(layers)) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("d", spans.map(([start, end]) => (end === null ? `M${start} 0v1` : `M${start} 0H${end}V1H${start}z`)).join(""));
    svg.append(path);
  }
  return svg;
}

function inTurn(spans) {
  return { odd: spans.filter((_, place) => place % 2 === 0), even: spans.filter((_, place) => place % 2 === 1) };
}

function buildTimeline() {
  const lanes = make("div", { class: "lanes" });
  const lane = (name, kind, layers) => lanes.append(make("span", { class: "lane-name" }, name), drawLane(kind, layers));
  const instants = (wanted) => page.stills.flatMap((still, place) => (chosen.has(place) === wanted ? [[still.time, null]] : []));
  lane("Scenes", "scenes", inTurn(page.scenes.map(({ start, end }) => [start, end])));
  lane("Shots", "shots", inTurn(page.shots.map(({ start, end }) => [start, end])));
  lane("Stills", "marks", { instant: instants(false), picked: instants(true) });
  for (const person of page.people.slice(0, LANES_OF_PEOPLE)) lane(person.name, "people-lane", { seen: person.spans });
  at("view-timeline").append(slider(lanes), axis(page.film.duration || 1), legend(), sceneList());
}

/** The lanes as one control: the mouse or the arrow keys go from still to still, a click or Enter opens it. */
function slider(lanes) {
  const preview = make("div", { class: "preview", "aria-hidden": "true" });
  const needle = make("span", { class: "needle", "aria-hidden": "true" });
  const control = make("div", {
    class: "strip-control", tabindex: "0", role: "slider", "aria-label": "Stills along the film",
    "aria-valuemin": "0", "aria-valuemax": String(Math.max(0, page.stills.length - 1)), "aria-valuenow": "0", "aria-valuetext": "",
  }, lanes, needle, preview);
  let here = 0;

  const go = (place) => {
    if (!page.stills.length) return;
    here = Math.max(0, Math.min(page.stills.length - 1, place));
    const still = page.stills[here];
    control.setAttribute("aria-valuenow", String(here));
    control.setAttribute("aria-valuetext", altOf(still));
    control.style.setProperty("--at", still.time / (page.film.duration || 1));
    preview.replaceChildren(picture(still.small, "", page.film.width, page.film.height, true), make("span", {}, `${clock(still.time)}, shot ${still.shot + 1}`));
    control.classList.add("pointing");
  };
  const nearest = (event) => {
    const area = lanes.querySelector(".lane").getBoundingClientRect();
    const time = ((event.clientX - area.left) / area.width) * page.film.duration;
    let best = 0;
    page.stills.forEach((still, place) => {
      if (Math.abs(still.time - time) < Math.abs(page.stills[best].time - time)) best = place;
    });
    return best;
  };
  const open = () => page.stills.length && openStill(here, page.stills.map((_, place) => place));

  control.addEventListener("pointermove", (event) => go(nearest(event)));
  control.addEventListener("pointerleave", () => control.classList.remove("pointing"));
  control.addEventListener("focus", () => go(here));
  control.addEventListener("blur", () => control.classList.remove("pointing"));
  control.addEventListener("click", (event) => { go(nearest(event)); open(); });
  control.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1, Home: 0, End: page.stills.length - 1, PageDown: here + 10, PageUp: here - 10 };
    if (event.key in steps) go(steps[event.key]);
    else if (event.key === "Enter") open();
    else return;
    event.preventDefault();
  });
  return control;
}

function axis(duration) {
  const steps = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600];
  const step = steps.find((seconds) => duration / seconds <= 8) ?? 7200;
  const row = make("div", { class: "axis", "aria-hidden": "true" });
  for (let time = 0; time <= duration; time += step) {
    const mark = make("span", {}, clock(time));
    mark.style.left = `${(time / duration) * 100}%`;
    row.append(mark);
  }
  return row;
}

function legend() {
  const turned = Object.entries(page.rejected).map(([reason, number]) => `${number} ${reason}`).join(", ");
  return make("p", { class: "quiet" },
    `${count(page.stills.length, "still")} kept, the strong marks are in the catalog.${turned ? ` Turned down: ${turned}.` : ""}`);
}

function sceneList() {
  const stillsOf = new Map(page.scenes.map((scene) => [scene.id, []]));
  page.stills.forEach((still, place) => stillsOf.get(still.scene)?.push(place));
  const rows = page.scenes.map((scene) => {
    const inside = stillsOf.get(scene.id);
    const best = [...inside].sort((a, b) => Number(chosen.has(b)) - Number(chosen.has(a)) || page.stills[b].score - page.stills[a].score)
      .slice(0, SCENES_STILLS).sort((a, b) => a - b);
    const shots = scene.first === scene.last ? `shot ${scene.first + 1}` : `shots ${scene.first + 1} to ${scene.last + 1}`;
    return make("li", {},
      make("h3", {}, `Scene ${scene.id + 1}`, make("span", { class: "quiet" }, ` ${clock(scene.start)} to ${clock(scene.end)}, ${shots}`)),
      inside.length ? make("ul", { class: "strip" }, best.map((place) => make("li", {}, stillButton(place, () => inside)))) : make("p", { class: "quiet" }, "No still was kept."),
      inside.length > best.length ? make("button", { type: "button", class: "plain", click: () => showStills({ scene: scene.id }) }, `All ${inside.length} stills`) : null);
  });
  return make("ul", { class: "scene-list" }, rows);
}
