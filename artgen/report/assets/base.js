"use strict";
// The page's data, and the few things every view needs. Text from outside only ever becomes text nodes.

const page = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";

/** The element with an id. */
function at(id) {
  return document.getElementById(id);
}

/** Make an element: attributes (true: set, false or null: left out, functions: listeners), then children. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A thumb, up or down. */
function thumb(direction) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `thumb ${direction}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M2 7h2.5v6.5H2zM6 7.2 8.4 2c1 0 1.7.8 1.7 1.7V6h3.1c.8 0 1.4.7 1.2 1.5l-1 4.9c-.1.6-.7 1.1-1.3 1.1H7.2L6 12.8z");
  svg.append(path);
  return svg;
}

/** A picture that is loaded when it comes near; an empty frame where it could not be read. */
function picture(file, alt, width, height, eager = false) {
  if (!file) return make("span", { class: "missing", role: "img", "aria-label": `${alt}, not readable` }, "not readable");
  return make("img", { src: file, alt, width, height, loading: eager ? "eager" : "lazy", decoding: "async" });
}

/** Seconds as a person writes them: 0:17, 1:02:03. */
function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The exact time of a still, for labels that must tell neighbors apart. */
function exact(seconds) {
  return `${clock(seconds)}.${String(Math.floor((seconds % 1) * 1000 + 1e-6)).padStart(3, "0")}`;
}

/** "1 still", "2 stills". */
function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

function percent(fraction) {
  return `${Math.round(fraction * 100)} %`;
}

function namesOf(people) {
  return people.map((place) => page.people[place].name).join(", ");
}

const SURE = 0.7; // a caption says only what a tag is rather sure of
const PLAIN_GROUPS = new Set(["presence", "image kind", "people"]); // tags that say what a glance says

/** A still in a few words, for captions and for those who do not see it. */
function described(still) {
  const telling = ([tag, score]) => {
    const { name, group, sensitive } = page.tags[tag];
    return score >= SURE && !sensitive && !PLAIN_GROUPS.has(group) && name !== still.scale;
  };
  const strongest = still.tags.filter(telling).slice(0, 3).map(([tag]) => page.tags[tag].name);
  return [namesOf(still.people), still.scale === "unknown" ? "" : still.scale, strongest.join(", ")].filter(Boolean).join(", ");
}

/** Alternative text of a still. */
function altOf(still) {
  return `Still at ${exact(still.time)}${described(still) ? `: ${described(still)}` : ""}`;
}

/** A small picture of a still that opens it; `list` is what the arrow keys go through from there. */
function stillButton(place, list, { caption = true, crop = null, eager = false } = {}) {
  const still = page.stills[place];
  const button = make(
    "button",
    { type: "button", class: "still", "data-still": place, click: () => openStill(place, list(), crop) },
    picture(still.small, altOf(still), page.film.width, page.film.height, eager),
  );
  if (caption) {
    button.append(make("span", { class: "caption" }, make("span", { class: "time" }, clock(still.time)), make("span", { class: "mark" })));
  }
  return button;
}

/** A name, a number and a thin bar for it. */
function measureRow(name, value, text, { meaning = null, negative = false } = {}) {
  const bar = make("span", { class: negative ? "bar less" : "bar", "aria-hidden": "true" }, make("i"));
  bar.firstChild.style.inlineSize = `${Math.round(Math.max(0, Math.min(1, value)) * 100)}%`;
  return make("div", { class: "row", title: meaning }, make("dt", {}, name), make("dd", {}, text), bar);
}

/** Terms and penalties of a choice, and their sum. */
function whyList(why) {
  const terms = Object.entries(why.terms).map(([name, value]) => measureRow(name, value / 0.4, value.toFixed(2)));
  const less = Object.entries(why.penalties).filter(([, value]) => value >= 0.005).map(([name, value]) =>
    measureRow(name, value / 0.4, `\u2212${value.toFixed(2)}`, { negative: true }));
  const sum = make("div", { class: "row sum" }, make("dt", {}, "worth"), make("dd", {}, why.score.toFixed(2)));
  return make("dl", { class: "rows" }, terms, less, sum);
}

/** A reason with themes called by their names. */
function named(reason) {
  return page.themes.reduce((text, theme) => text.replaceAll(theme.id, () => theme.label), reason);
}

/** A choice among options in a row of filters. */
function choiceOf(id, name, options, change) {
  return make("label", { for: id }, make("span", {}, name), make("select", { id, change }, options));
}

function option(value, text) {
  return make("option", { value }, text);
}

/** Tell those who listen rather than look. */
function say(text) {
  at("said").textContent = text;
}
