"use strict";
// Themes: every still that stands for one, in each of its shapes, with why it was chosen.

function buildThemes() {
  const view = at("view-themes");
  if (!page.themes.length) view.append(make("p", { class: "note" }, "The catalog has no themes: no still could be artwork."));
  if (page.uses.length) {
    view.append(make("div", { class: "filters", role: "group", "aria-label": "Filters" }, useChoice("themes-use", drawUse)),
      make("p", { id: "for-use", class: "quiet", role: "status" }));
  }
  if (page.themes.length > 1) {
    view.append(make("ul", { class: "jump" }, page.themes.map((theme, number) =>
      make("li", {}, make("button", { type: "button", class: "plain", click: () => goTo(`theme-${number}`) }, theme.label)))));
  }
  page.themes.forEach((theme, number) => {
    const kind = theme.kind === "general" ? "" : `${theme.kind}, `;
    view.append(make("section", { class: "theme", "aria-labelledby": `theme-${number}` },
      make("h3", { id: `theme-${number}`, tabindex: "-1" }, theme.label,
        make("span", { class: "quiet" }, ` ${kind}strength ${theme.score.toFixed(2)}, ${count(theme.choices.length, "still")}`)),
      themeReasons(theme),
      theme.choices.map((choice, place) => choiceRow(theme, choice, number === 0 && place < 2))));
  });
  if (page.uses.length) drawUse();
}

/** The chosen stills that are shown, in order: what the arrow keys go through. */
function themesList() {
  const use = useAsked("themes-use");
  return page.themes.flatMap((theme) => theme.choices.filter((choice) => best(choice.variants, use) !== false).map((choice) => choice.still));
}

/** Show the variants that may have the use that is asked for, and only stills and themes that have such. */
function drawUse() {
  const use = useAsked("themes-use");
  const view = at("view-themes");
  const shapes = [...view.querySelectorAll(".shape")];
  const said = page.themes.flatMap((theme) => theme.choices.flatMap((choice) => choice.variants.map((variant) => eligible(variant, use))));
  shapes.forEach((shape, place) => {
    shape.parentElement.hidden = said[place] === false;
    markUnjudged(shape, said[place] === null);
  });
  for (const part of view.querySelectorAll(".choice, .theme")) part.hidden = ![...part.querySelectorAll("figure")].some((figure) => !figure.hidden);
  const themes = [...view.querySelectorAll(".theme")];
  view.querySelectorAll(".jump > li").forEach((item, number) => { item.hidden = themes[number].hidden; });
  const left = said.filter((one) => one !== false).length;
  const words = useWords(use, said.filter((one) => one === null).length).join(", ");
  at("for-use").textContent = words ? `${left} of ${count(said.length, "variant")} ${words}.` : `${count(left, "variant")}.`;
}

const placeOf = new Map(page.stills.map((still, place) => [still.id, place]));

/** Which stills carry a theme, and how much each adds to its strength. */
function themeReasons(theme) {
  const known = Object.entries(theme.why.terms).filter(([name, value]) => placeOf.has(name) && value > 0);
  const other = Object.entries(theme.why.terms).filter(([name]) => !placeOf.has(name));
  if (!known.length && !other.length && !theme.why.notes.length) return null;
  const places = known.map(([name]) => placeOf.get(name));
  const stills = known.map(([name, value]) => make("li", {}, stillButton(placeOf.get(name), () => places),
    make("span", { class: "quiet" }, `adds ${value.toFixed(2)}`)));
  return make("details", { class: "theme-why" }, make("summary", { class: "quiet" }, "Why this theme"),
    theme.why.notes.length ? make("p", { class: "quiet" }, `${theme.why.notes.map(named).join("; ")}.`) : null,
    make("ul", { class: "strip" }, stills),
    other.length ? make("dl", { class: "rows" }, other.map(([name, value]) => measureRow(name, value, value.toFixed(2)))) : null);
}

function goTo(id) {
  at(id).scrollIntoView({ block: "start" });
  at(id).focus({ preventScroll: true });
}

/** A button that shows a variant with its title on it, and without again; none where it has no such piece. */
function titleSwitch(variant, shape) {
  if (!variant.titled || !variant.file) return null;
  const change = () => {
    const on = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(on));
    shape.querySelector("img").src = on ? variant.titled : variant.file;
  };
  const toggle = make("button", { type: "button", class: "plain with-title", "aria-pressed": "false", "aria-label": `Show the ${variant.aspect} crop with its title`, click: change }, "Title");
  return toggle;
}

function choiceRow(theme, choice, eager) {
  const still = page.stills[choice.still];
  const shapes = choice.variants.map((variant) => {
    const name = `${variant.aspect} crop at ${exact(still.time)}${described(still) ? `: ${described(still)}` : ""}`;
    const button = make("button", {
      type: "button", class: "still shape", "data-still": choice.still, "data-aspect": variant.aspect,
      click: () => openStill(choice.still, themesList(), variant.id),
    }, picture(variant.file, name, variant.width, variant.height, eager));
    button.style.setProperty("--ratio", variant.width / variant.height);
    return make("figure", {}, button, make("figcaption", {}, `${variant.aspect} `, make("span", { class: "quiet" }, `${variant.width} × ${variant.height}`)), titleSwitch(variant, button));
  });
  const missing = [...new Set(choice.variants.flatMap((variant) => variant.notes))].filter((note) => note.startsWith("no "));
  if (missing.length) shapes.push(make("p", { class: "quiet missing-shapes" }, `${missing.map((note) => note.charAt(0).toUpperCase() + note.slice(1)).join(". ")}.`));
  const about = make("div", { class: "about" },
    make("h4", {}, clock(still.time), described(still) ? make("span", { class: "quiet" }, ` ${described(still)}`) : null),
    review.buttons(choice.still, { theme: theme.id }),
    whyList(choice.why), rivalOf(choice));
  return make("article", { class: "choice", "aria-label": `${theme.label}, ${exact(still.time)}` }, make("div", { class: "shapes" }, shapes), about);
}
