"use strict";
// What artwork may be used for, by the catalog's policy. A use is its place in the page's uses, "" where none is asked for.

/** The choice of a use among filters; null where the catalog says nothing of uses. */
function useChoice(id, change) {
  if (!page.uses.length) return null;
  return choiceOf(id, "Use", [option("", "all variants"), ...page.uses.map(({ name }, place) => option(place, name))], change);
}

/** The use that a filter asks for. */
function useAsked(id) {
  return at(id)?.value ?? "";
}

/** What is said of a variant for a use: true, false, or null where nobody has judged it. */
function eligible(variant, use) {
  return use === "" || variant.uses[use].eligible;
}

/** The best that is said of some variants; false of none. */
function best(variants, use) {
  const said = variants.map((variant) => eligible(variant, use));
  return said.includes(true) || (said.includes(null) ? null : false);
}

/** Say below a picture, within its button, that nobody has judged it. */
function markUnjudged(button, unjudged) {
  button.querySelector(".unjudged")?.remove();
  if (unjudged) button.append(make("span", { class: "unjudged" }, "not judged"));
}

/** What a count of stills or variants has to say of the use that was asked for. */
function useWords(use, unjudged) {
  if (use === "") return [];
  const { name, meaning } = page.uses[use];
  const words = [`not ruled out for ${name}${meaning ? ` (${meaning})` : ""}`];
  if (unjudged) words.push(`${unjudged.toLocaleString("en")} of them not judged: a person has to look`);
  return words;
}

/** Why crops of a still are not for a use, and what was not judged: each once, with its shapes unless it is true of all. */
function useReasons(variants) {
  const lines = new Map();
  const add = (line, { aspect }) => lines.set(line, [...(lines.get(line) ?? []), aspect]);
  for (const variant of variants) {
    variant.uses.forEach((verdict, place) => {
      if (verdict.eligible === false) add(`not for ${page.uses[place].name}: ${verdict.reasons.join("; ")}`, variant);
    });
    if (variant.not_judged.length) add(`not judged by this model: ${variant.not_judged.join(", ")}`, variant);
  }
  if (!lines.size) return [];
  const items = [...lines].map(([line, aspects]) => make("li", {}, aspects.length === variants.length ? line : `${aspects.join(", ")}: ${line}`));
  return [make("h3", {}, "Uses"), make("ul", { class: "notes quiet", id: "use-reasons" }, items)];
}
