"use strict";
// Puts the page together, goes from view to view, and finds out whether it is served.

const VIEWS = { themes: buildThemes, timeline: buildTimeline, people: buildPeople, stills: buildStills, map: buildMap };
const built = new Set();

function build(name) {
  if (built.has(name)) return;
  built.add(name);
  VIEWS[name]();
}

function showView() {
  const asked = location.hash.slice(1);
  if (asked === "main") return;
  const name = asked in VIEWS ? asked : "themes";
  build(name);
  for (const view of Object.keys(VIEWS)) at(`view-${view}`).hidden = view !== name;
  for (const link of at("views").children) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (name === "stills" && !listed.length) drawStills();
  review.show();
  window.scrollTo(0, 0);
}

async function findServer() {
  if (!location.protocol.startsWith("http")) return;
  const answer = await fetch("api/hello").catch(() => null);
  if (!answer || !answer.ok) return; // the folder lies on some other server
  const { search: searches } = await answer.json();
  review.serve();
  if (searches) search.serve();
}

function start() {
  const variants = page.themes.reduce((sum, theme) => sum + theme.choices.reduce((more, choice) => more + choice.variants.length, 0), 0);
  at("film").textContent = page.film.name;
  at("facts").textContent = [
    clock(page.film.duration), `${page.film.width} × ${page.film.height}`, count(page.shots.length, "shot"), count(page.scenes.length, "scene"),
    count(page.people.length, "person", "people"), count(page.stills.length, "still"), count(page.themes.length, "theme"), count(variants, "variant"),
  ].join(", ");
  at("made").textContent = `artgen ${page.artgen}. ${page.models.join(", ")}.`;
  at("known").append(...search.known().map((word) => make("option", { value: word })));
  at("search").addEventListener("submit", (event) => {
    event.preventDefault();
    searchStills(at("words").value.trim());
  });
  window.addEventListener("hashchange", showView);
  review.build();
  showView();
  findServer();
}

start();
