"use strict";
// One still, large: its crops and faces drawn over it, all that is known of it, and what looks like it.

const chosen = new Map(); // place of a still -> { theme, choice }
for (const theme of page.themes) {
  for (const choice of theme.choices) chosen.set(choice.still, { theme, choice });
}

let shown = null; // { place, list, overlay }

function openStill(place, list, crop = null) {
  const dialog = at("still");
  shown = { place, list: list.length ? list : [place], overlay: crop };
  drawStill();
  if (!dialog.open) dialog.showModal();
}

function stepStill(step) {
  const here = shown.list.indexOf(shown.place);
  const next = shown.list[here + step];
  if (next === undefined) return;
  shown.place = next;
  shown.overlay = null;
  drawStill();
  at("still-name").focus();
}

function drawStill() {
  const { place, list } = shown;
  const still = page.stills[place];
  const here = list.indexOf(place);
  const step = (by, word, name) =>
    make("button", { type: "button", class: "plain", id: `still-${name}`, disabled: list[here + by] === undefined, click: () => stepStill(by) }, word);
  const close = make("button", { type: "button", class: "plain", click: () => at("still").close() }, "Close");
  const head = make("div", { class: "still-head" },
    make("h2", { id: "still-name", tabindex: "-1" }, exact(still.time), make("span", { class: "quiet" }, ` shot ${still.shot + 1}`, still.scene === null ? "" : `, scene ${still.scene + 1}`)),
    make("p", { class: "steps" }, step(-1, "Previous", "back"), step(1, "Next", "on"), close));
  const look = make("div", { class: "still-look" }, framed(still), overlays(place));
  const facts = make("div", { class: "still-facts" }, ...judging(place), ...useReasons(chosen.get(place)?.choice.variants ?? []), ...reasons(place), ...knowledge(still));
  at("still").replaceChildren(head, make("div", { class: "still-body" }, look, facts, alike(still)));
  drawOverlay();
  review.show();
}

function framed(still) {
  const frame = make("div", { class: "framed", id: "framed" }, picture(still.large, altOf(still), page.film.width, page.film.height, true));
  frame.style.setProperty("--ratio", page.film.width / page.film.height);
  return frame;
}

/** What can be drawn over the picture: one crop at a time, or the faces. */
function overlays(place) {
  const still = page.stills[place];
  const choices = [["none", "Whole picture"]];
  for (const variant of chosen.get(place)?.choice.variants ?? []) choices.push([variant.id, variant.aspect]);
  if (still.faces.length) choices.push(["faces", count(still.faces.length, "face")]);
  if (choices.length === 1) return null;
  return make("div", { class: "overlays", role: "group", "aria-label": "Drawn over the picture" },
    choices.map(([id, name]) => make("button", {
      type: "button", class: "plain", "data-overlay": id,
      click: () => { shown.overlay = id === "none" ? null : id; drawOverlay(); },
    }, name)));
}

function drawOverlay() {
  const frame = at("framed");
  const { place, overlay } = shown;
  frame.querySelectorAll(".box").forEach((box) => box.remove());
  const variant = chosen.get(place)?.choice.variants.find(({ id }) => id === overlay);
  if (variant) frame.append(box(variant.box, "box crop"));
  if (overlay === "faces") {
    for (const face of page.stills[place].faces) frame.append(box(face.box, "box face", face.person === null ? "" : page.people[face.person].name));
  }
  for (const button of document.querySelectorAll("[data-overlay]")) {
    button.setAttribute("aria-pressed", String(button.dataset.overlay === (overlay ?? "none")));
  }
}

function box([x1, y1, x2, y2], kind, name = "") {
  const element = make("span", { class: kind }, name ? make("span", { class: "box-name" }, name) : null);
  const style = { left: x1, top: y1, width: x2 - x1, height: y2 - y1 };
  for (const [side, share] of Object.entries(style)) element.style[side] = `${share * 100}%`;
  return element;
}

function alike(still) {
  if (!still.alike.length) return null;
  const list = () => still.alike;
  return make("section", { class: "alike", "aria-label": "Stills that look like it" },
    make("h3", {}, "Looks like"), make("ul", { class: "strip" }, still.alike.map((place) => make("li", {}, stillButton(place, list)))));
}

/** The theme a pick of this still is meant for: what was said, else what it stands for, else the title's own. */
function themeToPick(place) {
  const said = review.get(page.stills[place].id);
  const own = page.themes.find((theme) => theme.kind === "general")?.id ?? null;
  return at("pick-theme")?.value ?? (said?.verdict === "up" ? said.theme : chosen.get(place)?.theme.id) ?? own;
}

function themeChoice(place) {
  if (page.themes.length < 2) return null;
  const still = page.stills[place];
  const select = make("select", {
    id: "pick-theme",
    change: () => review.verdict(still.id) === "up" && review.put(still.id, { theme: select.value }),
  }, page.themes.map((theme) => make("option", { value: theme.id }, theme.label)));
  at("pick-theme")?.remove(); // that of the still before
  select.value = themeToPick(place);
  return make("label", { class: "pick-theme", for: "pick-theme" }, make("span", {}, "Picked for"), select);
}

function judging(place) {
  const still = page.stills[place];
  const of = chosen.get(place);
  const note = make("textarea", {
    id: "note", rows: "2", maxlength: "4000", placeholder: "Note",
    change: () => review.put(still.id, { note: note.value.trim() }),
  });
  note.value = review.get(still.id)?.note ?? "";
  const crops = (of?.choice.variants ?? []).map((variant) =>
    make("li", {}, make("span", {}, `${variant.aspect} `, make("span", { class: "quiet" }, `${variant.width} × ${variant.height}`)),
      review.buttons(place, { aspect: variant.aspect })));
  const themes = themeChoice(place);
  return [
    review.buttons(place, { theme: () => themeToPick(place) }),
    themes,
    make("label", { class: "hidden", for: "note" }, `Note on the still at ${exact(still.time)}`), note,
    crops.length ? make("ul", { class: "crops", "aria-label": "Crops" }, crops) : null,
  ];
}

function reasons(place) {
  const of = chosen.get(place);
  if (!of) return [];
  const { theme, choice } = of;
  const parts = [make("h3", {}, `Why for ${theme.label}`), whyList(choice.why)];
  if (choice.why.gates.length) parts.push(make("p", { class: "quiet" }, `Met: ${choice.why.gates.join(", ")}.`));
  const notes = [...new Set(choice.variants.flatMap((variant) => variant.notes))];
  if (notes.length) parts.push(make("ul", { class: "notes quiet" }, notes.map((note) => make("li", {}, note))));
  parts.push(cropReasons(choice), rivalOf(choice));
  return parts;
}

function cropReasons(choice) {
  const terms = (variant) => Object.entries(variant.scores).filter(([name]) => name.startsWith("crop_"));
  return make("details", {}, make("summary", {}, "Why these crops"),
    choice.variants.map((variant) => [
      make("h4", {}, variant.aspect),
      make("dl", { class: "rows" }, terms(variant).map(([name, value]) =>
        measureRow(name.slice(5).replaceAll("_", " "), value / 0.4, value.toFixed(2)))),
    ]));
}

function rivalOf(choice) {
  const rejected = choice.why.nearest_rejected;
  if (!rejected) return null;
  const text = make("p", { class: "quiet" }, `Next best, ${rejected.score.toFixed(2)}: ${named(rejected.reason)}.`);
  const look = choice.rival === null ? null : stillButton(choice.rival, () => [choice.rival]);
  return make("div", { class: "rival" }, look, text);
}

function knowledge(still) {
  const evidence = [...chosen.values()].find(({ choice }) => page.stills[choice.still] === still)?.choice.evidence ?? {};
  const tags = still.tags.slice(0, 14).map(([place, score]) => {
    const name = page.tags[place].name;
    const terms = Object.entries(evidence[name] ?? {}).map(([term, value]) => `${term} ${value}`).join(", ");
    return measureRow(page.tags[place].sensitive ? `${name} (sensitive)` : name, score, score.toFixed(2), { meaning: terms || null });
  });
  const spoken = Object.keys(evidence).length
    ? make("details", {}, make("summary", {}, "Evidence for the tags"),
        make("dl", { class: "evidence" }, still.tags.slice(0, 14).filter(([place]) => evidence[page.tags[place].name]).map(([place]) => [
          make("dt", {}, page.tags[place].name),
          make("dd", { class: "quiet" }, Object.entries(evidence[page.tags[place].name]).map(([term, value]) => `${term} ${value}`).join(", "))])))
    : null;
  return [
    still.people.length ? make("p", {}, make("span", { class: "quiet" }, "People: "), namesOf(still.people)) : null,
    make("h3", {}, "Tags"), tags.length ? make("dl", { class: "rows" }, tags) : make("p", { class: "quiet" }, "None that is likely."), spoken,
    make("details", {}, make("summary", {}, "Measures"), measureTable(still)),
  ];
}

function measureTable(still) {
  const known = page.measures.map((measure, place) => [measure, still.measures[place]]).filter(([, value]) => value !== null);
  return make("dl", { class: "rows" }, known.map(([measure, value]) =>
    make("div", { class: "row", title: `${measure.meaning} (${measure.unit})` },
      make("dt", {}, measure.name), make("dd", {}, String(Number(value.toPrecision(3)))))));
}

at("still").addEventListener("keydown", (event) => {
  if (event.target.matches("textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowLeft") stepStill(-1);
  else if (event.key === "ArrowRight") stepStill(1);
  else if (event.key === "u") review.toggle(shown.place, "up", { theme: themeToPick(shown.place) });
  else if (event.key === "d") review.toggle(shown.place, "down");
  else return;
  event.preventDefault();
});
at("still").addEventListener("click", (event) => {
  if (event.target === at("still")) at("still").close(); // beside the page of the still
});
