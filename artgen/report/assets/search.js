"use strict";
// From words to stills. A page alone knows the tags, people, scales and times; a served page asks the model.

const search = (() => {
  const LITTLE = new Set(["a", "an", "the", "of", "in", "on", "at", "and", "with", "or", "is", "are", "to", "near", "some"]);
  const LIKELY = 2; // deviations above what any still has of it: even odds
  let served = false;

  const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}:'-]+/gu) ?? [];

  /** True for words of one stem, roughly: laughing, laughter; forests, forest. */
  function akin(a, b) {
    if (a === b) return true;
    const [short, long] = a.length <= b.length ? [a, b] : [b, a];
    const stem = short.replace(/(ing|ed|er|es|s|y|e)$/u, "");
    return stem.length >= 3 && long.startsWith(stem) && long.length - stem.length <= 4;
  }

  const tagWords = page.tags.map((tag) => wordsOf(tag.name).filter((word) => !LITTLE.has(word)));
  const scaleNames = [...new Set(page.stills.map((still) => still.scale))].filter((scale) => scale !== "unknown");

  /** What a page alone can do: { order, unknown } of places of stills, best first. */
  function alone(text) {
    let rest = wordsOf(text);
    const people = [];
    const scales = [];
    const cut = (name) => {
      const parts = wordsOf(name);
      const from = rest.findIndex((_, start) => parts.length && parts.every((part, place) => rest[start + place] === part));
      if (from < 0) return false;
      rest.splice(from, parts.length);
      return true;
    };
    page.people.forEach((person, place) => { if (cut(person.name) || cut(person.id)) people.push(place); });
    scaleNames.forEach((scale) => { if (cut(scale)) scales.push(scale); });
    const time = rest.map((word) => /^(?:(\d+):)?(\d{1,3}):(\d\d)$/u.exec(word)).find(Boolean);
    rest = rest.filter((word) => !LITTLE.has(word) && !/^\d+(:\d+)+$/u.test(word));

    const unknown = [];
    const weights = new Map();
    for (const word of rest) {
      const meant = tagWords.flatMap((parts, place) => (parts.some((part) => akin(part, word)) ? [place] : []));
      if (!meant.length) unknown.push(word);
      // A tag of two words counts in full where both were asked for, half where one was.
      for (const place of meant) weights.set(place, (weights.get(place) ?? 0) + 1 / tagWords[place].length);
    }
    const aim = time ? Number(time[1] ?? 0) * 3600 + Number(time[2]) * 60 + Number(time[3]) : null;
    const worth = (still) => {
      if (people.some((person) => !still.people.includes(person))) return -1;
      if (scales.length && !scales.includes(still.scale)) return -1;
      if (aim !== null) return 1 / (1 + Math.abs(still.time - aim));
      if (!weights.size) return unknown.length ? -1 : still.score;
      return still.tags.reduce((sum, [tag, score]) => sum + score * (weights.get(tag) ?? 0), 0) || -1;
    };
    const found = page.stills.map((still, place) => [place, worth(still)]).filter(([, value]) => value > 0);
    found.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return { order: found.map(([place]) => place), unknown, by: "tags, people, shot scales and times" };
  }

  async function ask(text) {
    if (!served) return alone(text);
    const answer = await fetch(`api/search?words=${encodeURIComponent(text)}`).catch(() => null);
    if (!answer || !answer.ok) return alone(text);
    const { hits, model, only } = await answer.json();
    const at = new Map(page.stills.map((still, place) => [still.id, place]));
    const order = hits.map(({ still }) => at.get(still)).filter((place) => place !== undefined);
    const likely = hits.filter(({ standing }) => standing >= LIKELY).length;
    return { order, unknown: [], likely, by: only.length ? `${model}, only with ${only.join(" and ")}` : model };
  }

  /** Words the page surely knows, offered while typing. */
  function known() {
    const seen = new Set(page.stills.flatMap((still) => still.tags.filter(([, score]) => score >= 0.5).map(([tag]) => tag)));
    return [...page.people.map((person) => person.name), ...scaleNames, ...[...seen].map((tag) => page.tags[tag].name)];
  }

  return { ask, alone, known, serve: () => { served = true; at("words").placeholder = "Search stills in any words"; } };
})();
