"use strict";
// Who is in the title, for how long, and when.

function when({ first, last }) {
  return clock(first) === clock(last) ? `at ${clock(first)}` : `${clock(first)} to ${clock(last)}`;
}

function buildPeople() {
  const view = at("view-people");
  if (!page.people.length) view.append(make("p", { class: "note" }, "No people were found. Drawn, small and turned faces may be missed."));
  view.append(make("ul", { class: "people" }, page.people.map((person, place) => {
    const track = make("div", { class: "track", "aria-hidden": "true" });
    for (const [start, end] of person.spans) {
      const block = make("i");
      block.style.left = `${(start / (page.film.duration || 1)) * 100}%`;
      block.style.width = `${((end - start) / (page.film.duration || 1)) * 100}%`;
      track.append(block);
    }
    return make("li", {},
      picture(person.portrait, `Portrait of ${person.name}`, 256, 256),
      make("div", {},
        make("h3", {}, person.name),
        make("p", {}, `${clock(person.screen_s)} on screen, ${percent(person.share)}`),
        make("p", { class: "quiet" }, `${count(person.stills, "still")}, ${when(person)}`),
        track,
        make("button", { type: "button", class: "plain", click: () => showStills({ person: place }) }, `Stills of ${person.name}`)));
  })));
}
