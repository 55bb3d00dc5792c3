"use strict";
// All stills laid out by likeness: as many pictures as fit side by side, dots for the rest, more on zooming in.

const MAP_MOST_ZOOM = 40;
const MAP_PICTURES = 400; // drawn at once, at most
const ASIDE = []; // steps in pictures to where one may give way, nearest first
for (let dx = -2; dx <= 2; dx += 0.5) {
  for (let dy = -2; dy <= 2; dy += 0.5) ASIDE.push([dx, dy]);
}
ASIDE.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

function buildMap() {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const area = make("div", {
    class: "map", tabindex: "0", role: "application", "aria-roledescription": "map of stills",
    "aria-label": "Stills by likeness. Arrow keys go from still to still, Enter opens, plus and minus zoom.",
  }, canvas);
  const zoomBy = (by, word) => make("button", { type: "button", class: "plain", click: () => state.zoom(by) }, word);
  at("view-map").append(
    make("div", { class: "map-head" }, make("p", { class: "quiet" }, "Stills that look alike lie near each other."),
      make("p", {}, zoomBy(1.6, "Closer"), zoomBy(1 / 1.6, "Farther"), make("button", { type: "button", class: "plain", click: () => state.whole() }, "Whole"))),
    area);
  const state = mapState(canvas, area);
  area.addEventListener("keydown", (event) => state.key(event));
  new ResizeObserver(() => state.draw()).observe(area);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => state.draw());
}

function mapState(canvas, area) {
  const pen = canvas.getContext("2d");
  const images = new Map();
  const order = page.stills.map((_, place) => place).sort((a, b) =>
    Number(chosen.has(b)) - Number(chosen.has(a)) || page.stills[b].score - page.stills[a].score);
  let scale = 1, x0 = 0, y0 = 0, here = null, placed = [], waiting = false;

  const edge = () => [canvas.clientWidth, canvas.clientHeight];
  // large where there are few, and never so many that a glance takes in none
  const wide = () => {
    const [w, h] = edge();
    const even = Math.sqrt((0.45 * w * h * page.film.width) / (Math.max(page.stills.length, 1) * page.film.height));
    return Math.max(w < 600 ? 64 : 96, Math.min(260, w / 3, even));
  };
  const high = () => wide() * page.film.height / page.film.width;
  const spot = (place) => {
    const [w, h] = edge();
    const [x, y] = page.stills[place].place;
    // half a picture of margin, so that no picture is cut at the edge of the whole map
    return [(x * (w - wide()) + wide() / 2 - x0) * scale, (y * (h - high()) + high() / 2 - y0) * scale];
  };

  function image(place) {
    let held = images.get(place);
    if (!held && page.stills[place].small) {
      held = new Image();
      held.addEventListener("load", later);
      held.src = page.stills[place].small;
      images.set(place, held);
    }
    return held?.complete && held.naturalWidth ? held : null;
  }

  function later() {
    if (!waiting) requestAnimationFrame(() => { waiting = false; draw(); });
    waiting = true;
  }

  /** Best first, each at its place or the nearest free one beside it; what finds none stays a dot. */
  function settle() {
    const [w, h] = edge();
    const tw = wide() + 4, th = high() + 4;
    const taken = new Map();
    const cell = (x, y) => `${Math.floor(x / tw)},${Math.floor(y / th)}`;
    const isFree = (x, y) => {
      for (let i = -1; i <= 1; i += 1) {
        for (let j = -1; j <= 1; j += 1) {
          const there = taken.get(cell(x + i * tw, y + j * th)) ?? [];
          if (there.some(([px, py]) => Math.abs(px - x) < tw - 0.5 && Math.abs(py - y) < th - 0.5)) return false;
        }
      }
      return true;
    };
    // the whole map is seen at once: no picture of it is cut by its edge
    const inside = (x, y) => (scale > 1 ? [x, y] : [Math.max(tw / 2, Math.min(w - tw / 2, x)), Math.max(th / 2, Math.min(h - th / 2, y))]);
    placed = [];
    for (const place of here === null ? order : [here, ...order]) {
      const [left, top] = spot(place);
      if (left < -tw || top < -th || left > w + tw || top > h + th || placed.length >= MAP_PICTURES) continue;
      const free = ASIDE.map(([dx, dy]) => inside(left + dx * tw, top + dy * th)).find(([x, y]) => isFree(x, y));
      if (!free) continue;
      const [x, y] = free;
      const name = cell(x, y);
      taken.set(name, [...(taken.get(name) ?? []), [x, y]]);
      placed.push({ place, x, y });
    }
  }

  function draw() {
    const [w, h] = edge();
    if (!w || !h) return;
    const dense = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(w * dense) || canvas.height !== Math.round(h * dense)) {
      canvas.width = Math.round(w * dense);
      canvas.height = Math.round(h * dense);
    }
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, w, h);
    settle();
    const color = getComputedStyle(area);
    pen.fillStyle = color.getPropertyValue("--faint");
    const drawn = new Set(placed.map(({ place }) => place));
    for (const place of order) {
      if (drawn.has(place)) continue;
      const [x, y] = spot(place);
      pen.fillRect(x - 2, y - 2, 4, 4);
    }
    const tw = wide(), th = high();
    for (const { place, x, y } of placed.toReversed()) {
      const held = image(place);
      if (held) {
        pen.drawImage(held, x - tw / 2, y - th / 2, tw, th);
      } else {
        pen.fillStyle = color.getPropertyValue("--line");
        pen.fillRect(x - tw / 2, y - th / 2, tw, th);
      }
      if (review.verdict(page.stills[place].id) === "down") {
        pen.globalAlpha = 0.7;
        pen.fillStyle = color.getPropertyValue("--ground");
        pen.fillRect(x - tw / 2, y - th / 2, tw, th);
        pen.globalAlpha = 1;
      }
      if (place === here) {
        pen.strokeStyle = color.getPropertyValue("--focus");
        pen.lineWidth = 3;
        pen.strokeRect(x - tw / 2, y - th / 2, tw, th);
      }
    }
  }

  function hold() {
    const [w, h] = edge();
    x0 = Math.max(0, Math.min(w - w / scale, x0));
    y0 = Math.max(0, Math.min(h - h / scale, y0));
    draw();
  }

  function zoom(by, x = edge()[0] / 2, y = edge()[1] / 2) {
    const to = Math.max(1, Math.min(MAP_MOST_ZOOM, scale * by));
    x0 += x / scale - x / to;
    y0 += y / scale - y / to;
    scale = to;
    hold();
  }

  function under(event) {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const hit = placed.find((one) => Math.abs(one.x - x) <= wide() / 2 && Math.abs(one.y - y) <= high() / 2);
    return hit ? hit.place : null;
  }

  /** The nearest picture in a direction. */
  function walk(dx, dy) {
    if (here === null) return choose(placed[0]?.place ?? null);
    const from = spot(here);
    let best = null, least = Infinity;
    for (const { place, x, y } of placed) {
      const along = (x - from[0]) * dx + (y - from[1]) * dy;
      const aside = Math.abs((x - from[0]) * dy) + Math.abs((y - from[1]) * dx);
      if (place !== here && along > 1 && along + 2 * aside < least) [best, least] = [place, along + 2 * aside];
    }
    if (best !== null) choose(best);
  }

  function choose(place) {
    here = place;
    if (place !== null) say(altOf(page.stills[place]));
    draw();
  }

  function key(event) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in ways) walk(...ways[event.key]);
    else if (event.key === "Enter" && here !== null) openStill(here, placed.map(({ place }) => place));
    else if (event.key === "+" || event.key === "=") zoom(1.6);
    else if (event.key === "-") zoom(1 / 1.6);
    else return;
    event.preventDefault();
  }

  /** One finger or the mouse moves the map, two fingers or the wheel zoom, a tap opens. */
  function listen() {
    const fingers = new Map();
    let moved = 0;
    const apart = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY); };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      if (!fingers.size) moved = 0;
      fingers.set(event.pointerId, event);
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) { canvas.style.cursor = under(event) === null ? "grab" : "pointer"; return; }
      const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
      moved += Math.abs(dx) + Math.abs(dy);
      if (fingers.size === 2) {
        const was = apart();
        fingers.set(event.pointerId, event);
        const box = canvas.getBoundingClientRect();
        if (was > 0) zoom(apart() / was, event.clientX - box.left, event.clientY - box.top);
        return;
      }
      fingers.set(event.pointerId, event);
      x0 -= dx / scale;
      y0 -= dy / scale;
      hold();
    });
    const end = (event) => {
      if (fingers.delete(event.pointerId) && event.type === "pointerup" && moved < 6) {
        const place = under(event);
        if (place !== null) openStill(place, placed.map((one) => one.place));
      }
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
  }

  listen();
  return { draw, key, zoom, whole: () => { scale = 1; x0 = 0; y0 = 0; draw(); } };
}
