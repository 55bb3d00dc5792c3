"use strict";
// What people say of stills and crops. Kept in this browser, or by a served page in review.jsonl itself.

const review = (() => {
  const key = `artgen review ${page.film.sha256}`;
  const remarks = new Map();
  let served = false;
  let kept = true;

  const of = (still, aspect) => `${still} ${aspect ?? ""}`;

  function take(remark) {
    const place = of(remark.still, remark.aspect);
    const before = remarks.get(place);
    if (!before || before.at <= remark.at) remarks.set(place, remark);
  }

  /** True for what may come from a file or from storage. */
  function isRemark(value) {
    return (
      value !== null && typeof value === "object" && value.film_sha256 === page.film.sha256 &&
      typeof value.still === "string" && typeof value.at === "string" && ["up", "down", "none"].includes(value.verdict) &&
      [value.theme, value.aspect].every((text) => text === null || text === undefined || typeof text === "string") &&
      (value.note === undefined || typeof value.note === "string")
    );
  }

  function load() {
    page.review.forEach(take);
    try {
      JSON.parse(localStorage.getItem(key) ?? "[]").filter(isRemark).forEach(take);
    } catch {
      kept = false; // no storage, or not ours to read: the page still works until it is closed
    }
  }

  function store() {
    try {
      localStorage.setItem(key, JSON.stringify([...remarks.values()]));
    } catch {
      kept = false;
    }
  }

  async function send(remark) {
    const answer = await fetch("api/review", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(remark),
    }).catch(() => null);
    if (!answer || !answer.ok) say("The server did not take it; it is kept in this browser.");
  }

  function get(still, aspect = null) {
    return remarks.get(of(still, aspect)) ?? null;
  }

  function verdict(still, aspect = null) {
    return get(still, aspect)?.verdict ?? "none";
  }

  function put(still, { aspect = null, ...change }) {
    const before = get(still, aspect) ?? { verdict: "none", theme: null, note: "" };
    const at = new Date().toISOString();
    const remark = {
      film_sha256: page.film.sha256, still, verdict: before.verdict, at,
      theme: before.theme ?? null, aspect, note: before.note ?? "", ...change,
    };
    remarks.set(of(still, aspect), remark);
    store();
    if (served) send(remark);
    show();
  }

  /** What review.jsonl holds. */
  function lines() {
    return [...remarks.values()].map((remark) => `${JSON.stringify(remark)}\n`).join("");
  }

  function read(text) {
    let taken = 0;
    for (const line of text.split("\n")) {
      if (!line.trim()) continue;
      let remark = null;
      try {
        remark = JSON.parse(line);
      } catch {
        continue;
      }
      if (isRemark(remark)) {
        take(remark);
        taken += 1;
        if (served) send(remark);
      }
    }
    store();
    show();
    return taken;
  }

  function save() {
    const link = make("a", { href: URL.createObjectURL(new Blob([lines()], { type: "application/jsonl" })), download: "review.jsonl" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /** Bring every mark on the page up to date. */
  function show() {
    for (const element of document.querySelectorAll("[data-still]")) {
      const said = verdict(page.stills[element.dataset.still].id, element.dataset.aspect ?? null);
      const whole = verdict(page.stills[element.dataset.still].id);
      element.classList.toggle("up", said === "up");
      element.classList.toggle("down", said === "down" || whole === "down");
      const mark = element.querySelector(".mark");
      if (mark) mark.textContent = said === "up" ? "picked" : said === "down" ? "dropped" : "";
    }
    for (const button of document.querySelectorAll("[data-verdict]")) {
      const said = verdict(page.stills[button.dataset.of].id, button.dataset.aspect ?? null);
      button.setAttribute("aria-pressed", String(said === button.dataset.verdict));
    }
    showSum();
  }

  function showSum() {
    const all = [...remarks.values()];
    const whole = all.filter((remark) => !remark.aspect);
    const parts = [
      count(whole.filter((remark) => remark.verdict === "up").length, "pick"),
      `${whole.filter((remark) => remark.verdict === "down").length} dropped`,
    ];
    const crops = all.filter((remark) => remark.aspect && remark.verdict === "down").length;
    const notes = all.filter((remark) => remark.note).length;
    if (crops) parts.push(`${count(crops, "crop")} dropped`);
    if (notes) parts.push(count(notes, "note"));
    at("review-sum").textContent = `Review: ${parts.join(", ")}.`;
    const where = served
      ? "Written to review.jsonl in the frames folder."
      : kept
        ? "Kept in this browser. Save it as review.jsonl in the frames folder, then export again."
        : "This browser keeps nothing: save it before you close the page.";
    at("review-where").textContent = `${where} A pick is always chosen, what is dropped never appears.`;
  }

  function build() {
    const file = make("input", {
      type: "file", id: "review-file", class: "hidden", accept: ".jsonl,application/jsonl", tabindex: "-1", "aria-label": "A review.jsonl to load",
      change: async () => {
        if (file.files.length) say(`${count(read(await file.files[0].text()), "remark")} read.`);
        file.value = "";
      },
    });
    at("review").append(
      make("p", { id: "review-sum" }), make("p", { id: "review-where", class: "quiet" }),
      make("p", {}, make("button", { type: "button", class: "plain", click: save }, "Save review.jsonl"),
        make("button", { type: "button", class: "plain", click: () => file.click() }, "Load review.jsonl"), file),
    );
  }

  /** Pick and drop buttons of a still, or of one crop of it; `theme` is an id, or a function that gives one. */
  function buttons(place, { theme = null, aspect = null } = {}) {
    const still = page.stills[place];
    const what = aspect ? `the ${aspect} crop at ${clock(still.time)}` : `the still at ${clock(still.time)}`;
    const button = (kind, word) =>
      make("button", {
        type: "button", class: "plain verdict", "data-verdict": kind, "data-of": place, "data-aspect": aspect,
        "aria-pressed": "false", "aria-label": `${word} ${what}`,
        click: () => toggle(place, kind, { theme: typeof theme === "function" ? theme() : theme, aspect }),
      }, thumb(kind), word);
    return make("div", { class: "verdicts" }, aspect ? null : button("up", "Pick"), button("down", "Drop"));
  }

  function toggle(place, kind, { theme = null, aspect = null } = {}) {
    const { id, time } = page.stills[place];
    const to = verdict(id, aspect) === kind ? "none" : kind;
    put(id, { aspect, verdict: to, theme: to === "up" ? theme : null });
    say(`${clock(time)} ${{ up: "picked", down: "dropped", none: "no longer judged" }[to]}.`);
  }

  function serve() {
    served = true;
    showSum();
  }

  load();
  return { build, buttons, get, put, read, lines, serve, show, toggle, verdict };
})();
