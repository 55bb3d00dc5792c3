"use strict";
// All kept stills, in a grid that thousands fit into, narrowed by search and filters.

const TAG_FROM = 0.5; // a filter shows what a tag is more likely than not
const AT_ONCE = 240; // list items added when the end of the list comes near
const cells = new Map(); // a list item a still, made when first shown and moved about

let searched = null; // { text, order, by, unknown, likely }
let listed = []; // places of the stills that pass, in order

function buildStills() {
  const has = new Set(page.stills.flatMap((still) => still.tags.filter(([, score]) => score >= TAG_FROM).map(([tag]) => tag)));
  const scales = [...new Set(page.stills.map((still) => still.scale))].sort();
  const groups = Map.groupBy ? Map.groupBy([...has].sort((a, b) => a - b), (tag) => page.tags[tag].group) : new Map([["tags", [...has]]]);
  const tagOptions = [...groups].map(([group, tags]) =>
    make("optgroup", { label: group }, tags.map((tag) => make("option", { value: tag }, page.tags[tag].name))));

  const choice = (id, name, options) => choiceOf(id, name, options, () => drawStills());
  at("view-stills").append(
    make("div", { class: "filters", role: "group", "aria-label": "Filters" },
      choice("by-tag", "Tag", [option("", "any"), ...tagOptions]),
      choice("by-person", "Person", [option("", "anybody"), option("none", "nobody known"), ...page.people.map((person, place) => option(place, person.name))]),
      choice("by-scale", "Shot scale", [option("", "any"), ...scales.map((scale) => option(scale, scale))]),
      choice("by-scene", "Scene", [option("", "any"), ...page.scenes.map((scene) => option(scene.id, `${scene.id + 1}, from ${clock(scene.start)}`))]),
      useChoice("by-use", () => drawStills()),
      choice("by-mark", "Show", [option("", "all"), option("catalog", "in the catalog"), option("up", "picked"), option("down", "dropped"), option("note", "with a note")]),
      choice("order", "Order", [option("time", "by time"), option("score", "best first"), option("found", "as found")]),
      make("button", { type: "button", class: "plain", click: () => showStills({}) }, "All stills")),
    make("p", { id: "found", class: "quiet", role: "status" }),
    make("ul", { id: "grid", class: "grid" }), make("div", { id: "grid-end", "aria-hidden": "true" }));
  at("grid").style.setProperty("--ratio", page.film.width / page.film.height);
  new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && addCells(), { rootMargin: "1500px" })
    .observe(at("grid-end"));
}

function currentList() {
  return listed;
}

function addCells() {
  const grid = at("grid");
  const some = listed.slice(grid.children.length, grid.children.length + AT_ONCE);
  if (!some.length) return;
  for (const place of some) {
    if (!cells.has(place)) cells.set(place, make("li", {}, stillButton(place, currentList)));
    markUnjudged(cells.get(place).firstChild, standingOf(place) === null);
  }
  grid.append(...some.map((place) => cells.get(place)));
  review.show();
  // an observer tells of changes only: ask again while the end is still near
  requestAnimationFrame(() => {
    if (at("grid-end").getBoundingClientRect().top < window.innerHeight + 1500 && !at("view-stills").hidden) addCells();
  });
}

/** How a still stands for the use that is asked for: true also where none is. */
function standingOf(place) {
  const use = useAsked("by-use");
  return use === "" || best(chosen.get(place)?.choice.variants ?? [], use);
}

function matches(place) {
  const still = page.stills[place];
  const value = (id) => at(id).value;
  const tag = value("by-tag"), person = value("by-person"), scale = value("by-scale"), scene = value("by-scene"), mark = value("by-mark");
  if (tag !== "" && !still.tags.some(([place_, score]) => place_ === Number(tag) && score >= TAG_FROM)) return false;
  if (person === "none" ? still.people.length : person !== "" && !still.people.includes(Number(person))) return false;
  if (scale !== "" && still.scale !== scale) return false;
  if (scene !== "" && still.scene !== Number(scene)) return false;
  if (standingOf(place) === false) return false;
  if (mark === "catalog") return chosen.has(place);
  if (mark === "note") return Boolean(review.get(still.id)?.note);
  return mark === "" || review.verdict(still.id) === mark;
}

function drawStills() {
  const order = at("order");
  order.querySelector("[value=found]").disabled = !searched;
  if (!searched && order.value === "found") order.value = "time";
  let places = (searched ? searched.order : page.stills.map((_, place) => place)).filter(matches);
  const rank = { up: -1, none: 0, down: 1 };
  const judged = (place) => rank[review.verdict(page.stills[place].id)];
  if (order.value === "time") places = places.toSorted((a, b) => a - b);
  if (order.value === "score") places = places.toSorted((a, b) => judged(a) - judged(b) || page.stills[b].score - page.stills[a].score);
  listed = places;
  at("grid").replaceChildren();
  addCells();
  const parts = [count(places.length, "still")];
  if (searched) {
    parts.push(`for \u201c${searched.text}\u201d by ${searched.by}`);
    if (searched.likely !== undefined) parts.push(`${searched.likely} of them likely`);
    if (searched.unknown.length) parts.push(`not known here: ${searched.unknown.join(", ")}; artgen search or artgen report --serve finds any words`);
  }
  parts.push(...useWords(useAsked("by-use"), places.filter((place) => standingOf(place) === null).length));
  at("found").textContent = `${parts.join(", ")}.`;
}

/** Show the stills with these filters and no others. */
function showStills({ tag = "", person = "", scale = "", scene = "" }) {
  build("stills");
  searched = null;
  at("words").value = "";
  const values = { "by-tag": tag, "by-person": person, "by-scale": scale, "by-scene": scene, "by-mark": "", order: "time" };
  for (const [id, value] of Object.entries(values)) at(id).value = String(value);
  if (page.uses.length) at("by-use").value = "";
  drawStills();
  location.hash = "#stills";
}

async function searchStills(text) {
  if (!text) {
    showStills({});
    return;
  }
  build("stills");
  searched = { text, ...(await search.ask(text)) };
  at("order").querySelector("[value=found]").disabled = false;
  at("order").value = "found";
  drawStills();
  location.hash = "#stills";
}
