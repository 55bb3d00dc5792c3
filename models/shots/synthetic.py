"""Films whose changes of shot are known, made from pieces of real ones: cuts, dissolves, fades, wipes and traps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 108, 192  # of the luma; chroma is half as high and wide
BLACK, WHITE, GRAY = 16, 235, 128
SHORTEST_TRAP = 34  # frames
TEXT = "The quick brown fox jumps over a lazy dog"

Planes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Clip:
    """One shot or a part of it: luma (n, 108, 192) and chroma (n, 2, 54, 96)."""

    film: str
    luma: Planes
    chroma: Planes

    def part(self, first: int, end: int) -> "Clip":
        """Frames first..end - 1."""
        return Clip(self.film, self.luma[first:end], self.chroma[first:end])

    def __len__(self) -> int:
        return len(self.luma)


@dataclass(frozen=True, slots=True)
class MadeFilm:
    """A made film: its frames, its changes as (kind, last frame, first frame), its traps as (name, first, end)."""

    clip: Clip
    changes: tuple[tuple[str, int, int], ...]
    traps: tuple[tuple[str, int, int], ...]


def make_sequence(rng: np.random.Generator, clips: Sequence[Clip], *, shots: int = 10) -> MadeFilm:
    """Join pieces of different clips by random changes, nearly half of them cuts; some films have bars or a logo."""
    changes: list[tuple[str, int, int]] = []
    traps: list[tuple[str, int, int]] = []
    film: Clip | None = None
    before = -1
    for _ in range(shots):
        before, piece = _piece(rng, clips, int(rng.integers(24, 150)), after=before)
        at = len(film) if film else 0
        if len(piece) >= SHORTEST_TRAP and rng.random() < 0.8:
            name = TRAP_NAMES[int(rng.integers(len(TRAP_NAMES)))]
            piece = TRAPS[name](rng, Clip(piece.film, piece.luma.copy(), piece.chroma.copy()))
            traps.append((name, at, at + len(piece)))
        if film is None:
            film = piece
            continue
        room = len(film) - 12 - (changes[-1][2] if changes else 0)
        film, change = _join(rng, film, piece, room)
        changes.append(change)
    assert film is not None
    faded = any(kind == "fade" for kind, _, _ in changes)
    return MadeFilm(_framed(rng, film, only_bars=faded), tuple(changes), tuple(traps))


def _framed(rng: np.random.Generator, film: Clip, *, only_bars: bool) -> Clip:
    """What many films show all along: bars, dark corners, a logo, a line of text."""
    light, color = film.luma.astype(np.float32), film.chroma.astype(np.float32)
    if rng.random() < 0.15 and not only_bars:
        down, right = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
        corners = np.clip(1 - rng.uniform(0.2, 0.6) * (down**2 + right**2), 0, 1)
        light = (light - BLACK) * corners + BLACK
        color = (color - GRAY) * corners[::2, ::2] + GRAY
    luma, chroma = _levels(light), _levels(color)
    if rng.random() < 0.3:
        bar, pillar = (
            (int(rng.integers(3, 9)) * 2, 0) if rng.random() < 0.7 else (0, int(rng.integers(5, 20)) * 2)
        )
        for planes, scale, shade in ((luma, 1, BLACK), (chroma, 2, GRAY)):
            rows, columns = planes.shape[-2:]
            planes[..., : bar // scale, :] = planes[..., rows - bar // scale :, :] = shade
            planes[..., : pillar // scale] = planes[..., columns - pillar // scale :] = shade
    if rng.random() < 0.2 and not only_bars:
        written = np.zeros((HEIGHT, WIDTH), np.uint8)
        place = int(rng.integers(2, 140)), int(rng.choice([18, 96]))
        cv2.putText(written, TEXT[: int(rng.integers(2, 30))], place, 2, float(rng.uniform(0.4, 0.9)), 255, 1)
        luma[:, written > 80] = WHITE
    return Clip("", luma, chroma)


def camera_moves(rng: np.random.Generator, picture: Planes) -> Clip:
    """A camera moving over a photograph (height, width, 3), in sRGB, red first: a shot for those who have few films."""
    frames = int(rng.integers(45, 160))
    luma, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb))
    rows, columns = luma.shape
    scale = min(rows / HEIGHT, columns / WIDTH)
    start, end = rng.uniform(0.5, 1, 2) * scale
    path = rng.uniform(0, 1, (2, 2))
    speed = float(rng.choice([0, 0.3, 1]))
    shake = rng.normal(0, rng.choice([0, 0.3, 1]), (frames, 2)).cumsum(0) * 0.3
    planes: list[list[Planes]] = [[], [], []]
    for frame in range(frames):
        done = speed * frame / frames
        zoom = start + (end - start) * done
        room = np.array([columns - zoom * WIDTH, rows - zoom * HEIGHT])
        at = room * (path[0] + (path[1] - path[0]) * done) + shake[frame] * zoom
        for found, plane, size in zip(planes, (luma, blue, red), (1, 2, 2), strict=True):
            move = np.array([[zoom * size, 0, at[0]], [0, zoom * size, at[1]]], np.float32)
            shape = WIDTH // size, HEIGHT // size
            flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            found.append(cv2.warpAffine(plane, move, shape, flags=flags, borderMode=cv2.BORDER_REFLECT))
    light = _levels(np.stack(planes[0]) * ((WHITE - BLACK) / 255) + BLACK)
    return Clip("", light, np.stack([np.stack(planes[1]), np.stack(planes[2])], 1))


def _piece(rng: np.random.Generator, clips: Sequence[Clip], frames: int, *, after: int) -> tuple[int, Clip]:
    """A part of another clip than the one before, or of the same seen closer: a match cut."""
    number = after if after >= 0 and rng.random() < 0.15 else int(rng.integers(len(clips)))
    closer = number == after or rng.random() < 0.2
    clip = clips[number]
    frames = min(frames, len(clip))
    first = int(rng.integers(0, len(clip) - frames + 1))
    luma, chroma = clip.luma[first : first + frames], clip.chroma[first : first + frames]
    if closer:
        luma, chroma = _closer(rng, luma, chroma)
    if rng.random() < 0.5:
        luma, chroma = luma[:, :, ::-1], chroma[..., ::-1]
    if rng.random() < 0.25:  # night
        luma = _levels((luma.astype(np.float32) - BLACK) * rng.uniform(0.15, 0.8) + BLACK)
        chroma = _levels((chroma.astype(np.float32) - GRAY) * 0.7 + GRAY)
    elif rng.random() < 0.15:
        light = np.clip(luma.astype(np.float32) - BLACK, 0, None) / (WHITE - BLACK)
        luma = _levels(BLACK + (WHITE - BLACK) * light ** rng.uniform(0.5, 2))
    if rng.random() < 0.15:  # black and white
        chroma = np.full_like(chroma, GRAY)
    return number, Clip(clip.film, luma, chroma)


def _closer(rng: np.random.Generator, luma: Planes, chroma: Planes) -> tuple[Planes, Planes]:
    part = rng.uniform(0.4, 0.75)
    rows, columns = int(HEIGHT / 2 * part), int(WIDTH / 2 * part)
    top, left = int(rng.integers(HEIGHT // 2 - rows)), int(rng.integers(WIDTH // 2 - columns))

    def cropped(planes: Planes, scale: int) -> Planes:
        box = planes[:, top * scale : (top + rows) * scale, left * scale : (left + columns) * scale]
        size = planes.shape[2], planes.shape[1]
        return np.stack([cv2.resize(plane, size) for plane in np.ascontiguousarray(box)])

    return cropped(luma, 2), np.stack([cropped(chroma[:, side], 1) for side in (0, 1)], 1)


def _join(rng: np.random.Generator, old: Clip, new: Clip, room: int) -> tuple[Clip, tuple[str, int, int]]:
    kind = str(rng.choice(["cut", "dissolve", "fade", "wipe"], p=[0.45, 0.22, 0.13, 0.2]))
    longest = min(room, len(new) - 10)
    if kind == "cut" or longest < 6:
        return _concatenate(old, new), ("cut", len(old) - 1, len(old))
    if kind == "fade":
        return _faded(rng, old, new, longest)
    length = min(longest, int(rng.integers(4 if kind == "dissolve" else 6, 61)))
    leaving, coming = old.part(len(old) - length, len(old)), new.part(0, length)
    if kind == "dissolve":
        between = _mix(leaving, coming, _pace(rng, length)[:, None, None])
    elif rng.random() < 0.25:
        between = _pushed(rng, leaving, coming)
    else:
        between = _mix(leaving, coming, _moving_edge(rng, length))
    joined = _concatenate(old.part(0, len(old) - length), between, new.part(length, len(new)))
    return joined, (kind, len(old) - length - 1, len(old))


def _faded(rng: np.random.Generator, old: Clip, new: Clip, longest: int) -> tuple[Clip, tuple[str, int, int]]:
    length, hold = min(longest, int(rng.integers(4, 31))), int(rng.integers(1, 12))
    up = min(len(new) - 10, int(rng.integers(4, 31)))
    blank = BLACK if rng.random() < 0.7 else WHITE
    out = _mix(old.part(len(old) - length, len(old)), _blank(blank, length), _ramp(length)[:, None, None])
    into = _mix(_blank(blank, up), new.part(0, up), _ramp(up)[:, None, None])
    joined = _concatenate(
        old.part(0, len(old) - length), out, _blank(blank, hold), into, new.part(up, len(new))
    )
    return joined, ("fade", len(old) - length - 1, len(old) + hold + up)


def _ramp(length: int) -> NDArray[np.float32]:
    return (np.arange(length, dtype=np.float32) + 1) / (length + 1)


def _pace(rng: np.random.Generator, length: int) -> NDArray[np.float32]:
    """How much is done after each frame: mostly even, sometimes slower at the ends."""
    even = _ramp(length)
    return even if rng.random() < 0.7 else even * even * (3 - 2 * even)


def _moving_edge(rng: np.random.Generator, length: int) -> NDArray[np.float32]:
    soft = float(rng.choice([0.001, 0.03, 0.1, 0.2]))
    order = _order(rng)
    share = np.clip((_pace(rng, length)[:, None, None] * (1 + soft) - order) / soft, 0, 1)
    return share.astype(np.float32)


def _order(rng: np.random.Generator) -> NDArray[np.float64]:
    """When a wipe comes to each place of the picture, 0..1, (108, 192)."""
    down, right = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    shape = str(rng.choice(["straight", "straight", "slanted", "iris", "clock", "doors"]))
    match shape:
        case "straight":
            order = down if rng.random() < 0.4 else right
        case "slanted":
            order = right + down * rng.uniform(0.3, 2) * rng.choice([-1, 1])
        case "iris":
            away = abs(right - rng.uniform(0.4, 0.6)), abs(down - rng.uniform(0.4, 0.6)) * rng.uniform(0.5, 1)
            order = np.hypot(*away) if rng.random() < 0.7 else np.maximum(*away)
        case "clock":
            turn = np.arctan2((down - 0.5) * HEIGHT, (right - 0.5) * WIDTH) / (2 * np.pi)
            order = (turn + float(rng.choice([0.25, 0.5, 0.75, 1]))) % 1
        case _:
            order = abs((down if rng.random() < 0.4 else right) - 0.5)
    order = (order - order.min()) / (order.max() - order.min())
    return order if rng.random() < 0.5 else 1 - order


def _pushed(rng: np.random.Generator, old: Clip, new: Clip) -> Clip:
    """The new picture comes in from one side; the old one makes room, stays below, or uncovers it."""
    upright, back = rng.random() < 0.4, rng.random() < 0.5
    old_moves, new_moves = [(True, True), (True, False), (False, True)][int(rng.integers(3))]
    pace = _pace(rng, len(old))

    def pushed(one: Planes, other: Planes) -> Planes:
        axis = one.ndim - 2 if upright else one.ndim - 1
        size, whole = one.shape[axis], np.concatenate([one, other], axis)
        frames = []
        for frame, (both, done) in enumerate(zip(whole, pace, strict=True)):
            by = 2 * round(size // 2 * float(done))
            moved = np.take(both, range(by, by + size), axis - 1)
            here = [slice(None)] * moved.ndim
            if not old_moves:
                here[axis - 1] = slice(0, size - by)
                moved[tuple(here)] = np.take(one[frame], range(size - by), axis - 1)
            if not new_moves:
                here[axis - 1] = slice(size - by, size)
                moved[tuple(here)] = np.take(other[frame], range(size - by, size), axis - 1)
            frames.append(moved)
        return np.stack(frames)

    def either_way(one: Planes, other: Planes) -> Planes:
        axis = one.ndim - 2 if upright else one.ndim - 1
        if back:
            return np.flip(pushed(np.flip(one, axis), np.flip(other, axis)), axis)
        return pushed(one, other)

    return Clip(old.film, either_way(old.luma, new.luma), either_way(old.chroma, new.chroma))


def _mix(old: Clip, new: Clip, share: NDArray[np.float32]) -> Clip:
    half = share[:, None] if share.shape[1:] == (1, 1) else share[:, None, ::2, ::2]
    luma = old.luma * (1 - share) + new.luma * share
    return Clip(old.film, _levels(luma), _levels(old.chroma * (1 - half) + new.chroma * half))


def _blank(level: int, frames: int) -> Clip:
    return Clip("", np.full((frames, HEIGHT, WIDTH), level, np.uint8), _gray(frames))


def _gray(frames: int) -> Planes:
    return np.full((frames, 2, HEIGHT // 2, WIDTH // 2), GRAY, np.uint8)


def _concatenate(*clips: Clip) -> Clip:
    return Clip("", np.concatenate([c.luma for c in clips]), np.concatenate([c.chroma for c in clips]))


def _levels(values: NDArray[np.floating]) -> Planes:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def _brightened(luma: Planes, gain: float, offset: float) -> Planes:
    return _levels(np.clip((luma.astype(np.float32) - BLACK) * gain + BLACK + offset, BLACK, WHITE))


def _stretch(rng: np.random.Generator, clip: Clip, low: int, high: int) -> range:
    length = int(rng.integers(low, high))
    first = int(rng.integers(4, len(clip) - length - 4))
    return range(first, first + length)


def _flash(rng: np.random.Generator, clip: Clip) -> Clip:
    frames = _stretch(rng, clip, 1, 5)
    strength = rng.uniform(40, 180)
    for frame in frames:
        fading = 1 - 0.5 * (frame - frames.start) / len(frames)
        clip.luma[frame] = _brightened(clip.luma[frame], rng.uniform(0.6, 1.4), strength * fading)
        clip.chroma[frame] = _levels((clip.chroma[frame].astype(np.float32) - GRAY) * 0.4 + GRAY)
    return clip


def _lightning(rng: np.random.Generator, clip: Clip) -> Clip:
    for frame in _stretch(rng, clip, 3, 9):
        if rng.random() < 0.6:
            clip.luma[frame] = _brightened(clip.luma[frame], 1 + rng.random() * 1.8, rng.uniform(0, 30))
    return clip


def _explosion(rng: np.random.Generator, clip: Clip) -> Clip:
    frames = _stretch(rng, clip, 2, 9)
    down, right = np.mgrid[0:HEIGHT, 0:WIDTH]
    center, radius = (rng.uniform(10, 95), rng.uniform(20, 170)), rng.uniform(20, 90)
    glow = np.exp(-((down - center[0]) ** 2 + (right - center[1]) ** 2) / (2 * radius**2))
    for frame in frames:
        light = glow * 220 * (1 - (frame - frames.start) / len(frames))
        clip.luma[frame] = _levels(np.clip(clip.luma[frame] + light, BLACK, WHITE))
    return clip


def _strobe(rng: np.random.Generator, clip: Clip) -> Clip:
    gain = rng.uniform(0.15, 0.4) if rng.random() < 0.5 else 1.8
    period = int(rng.integers(1, 3))
    for frame in _stretch(rng, clip, 6, 20):
        if (frame // period) % 2:
            clip.luma[frame] = _brightened(clip.luma[frame], gain, 0)
    return clip


def _shifted(plane: Planes, right: float, down: float) -> Planes:
    move = np.array([[1, 0, right], [0, 1, down]], np.float32)
    size = plane.shape[1], plane.shape[0]
    return np.asarray(cv2.warpAffine(plane, move, size, borderMode=cv2.BORDER_REFLECT), np.uint8)


def _shake(rng: np.random.Generator, clip: Clip) -> Clip:
    for frame in _stretch(rng, clip, 6, 16):
        right, down = rng.normal(0, 7), rng.normal(0, 5)
        clip.luma[frame] = _shifted(clip.luma[frame], right, down)
        for plane in clip.chroma[frame]:
            plane[:] = _shifted(plane, right / 2, down / 2)
    return clip


def _whip_pan(rng: np.random.Generator, clip: Clip) -> Clip:
    frames = _stretch(rng, clip, 6, 20)
    speed = np.zeros(len(clip))
    speed[frames.start : frames.stop] = np.sin(np.linspace(0, np.pi, len(frames))) * rng.uniform(6, 30)
    offsets = speed.cumsum().round().astype(int) * int(rng.choice([-1, 1]))
    for frame, offset in enumerate(offsets):
        wide = np.hstack([clip.luma[frame], clip.luma[frame][:, ::-1]])
        panned = np.roll(wide, offset, 1)[:, :WIDTH]
        if speed[frame] > 2:
            panned = cv2.blur(panned, (int(speed[frame] * 0.6) | 1, 1))
        clip.luma[frame] = panned
        wide = np.concatenate([clip.chroma[frame], clip.chroma[frame][:, :, ::-1]], 2)
        clip.chroma[frame] = np.roll(wide, offset // 2, 2)[:, :, : WIDTH // 2]
    return clip


def _slow_pan(rng: np.random.Generator, clip: Clip) -> Clip:
    """The camera moves evenly over one frame that is out of focus: nothing looks more like a dissolve."""
    blur = float(rng.uniform(0.1, 14))
    speed = float(rng.uniform(0.3, 4)) * float(rng.choice([-1, 1]))
    planes = [clip.luma[0], *clip.chroma[0]]
    for plane, frames in zip(planes, [clip.luma, clip.chroma[:, 0], clip.chroma[:, 1]], strict=True):
        scale = plane.shape[1] / WIDTH
        soft = cv2.GaussianBlur(np.hstack([plane, plane[:, ::-1]]), (0, 0), max(blur * scale, 0.1))
        for n, frame in enumerate(frames):
            frame[:] = np.roll(soft, round(n * speed * scale), 1)[:, : plane.shape[1]]
    return clip


def _zoom(rng: np.random.Generator, clip: Clip) -> Clip:
    frames, most = _stretch(rng, clip, 6, 16), rng.uniform(1.3, 2.2)
    for frame in range(frames.start, len(clip)):
        factor = 1 + (most - 1) * min(1, (frame - frames.start + 1) / len(frames))
        for plane in (clip.luma[frame], *clip.chroma[frame]):
            rows, columns = int(plane.shape[0] / factor), int(plane.shape[1] / factor)
            top, left = (plane.shape[0] - rows) // 2, (plane.shape[1] - columns) // 2
            plane[:] = cv2.resize(plane[top : top + rows, left : left + columns], plane.shape[::-1])
    return clip


def _passer_by(rng: np.random.Generator, clip: Clip) -> Clip:
    frames, width = _stretch(rng, clip, 5, 20), int(rng.integers(50, 220))
    lines = rng.uniform(20, 120) + rng.normal(0, 15, (HEIGHT, 1)) * (rng.random() < 0.5)
    rightward = rng.random() < 0.5
    for frame in frames:
        way = int((WIDTH + width) * (frame - frames.start + 0.5) / len(frames))
        left = way - width if rightward else WIDTH - way
        low, high = max(0, left), min(WIDTH, left + width)
        clip.luma[frame][:, low:high] = np.clip(lines, BLACK, WHITE)
        clip.chroma[frame][:, :, low // 2 : high // 2] = GRAY
    return clip


def _subtitle(rng: np.random.Generator, clip: Clip) -> Clip:
    for _ in range(2):
        frames = _stretch(rng, clip, 12, min(50, len(clip) - 10))
        written = np.zeros((HEIGHT, WIDTH), np.uint8)
        size = int(rng.integers(1, 3))
        text = TEXT[: int(rng.integers(8, 25))]
        cv2.putText(written, text, (20, int(rng.integers(30, 100))), 0, 0.35 * size, 255, size)
        clip.luma[frames.start : frames.stop, written > 80] = WHITE - 5
    return clip


def _title(rng: np.random.Generator, clip: Clip) -> Clip:
    """Large letters come and go softly over the picture, which may be dark, still and out of focus behind them."""
    if rng.random() < 0.5:
        soft = cv2.GaussianBlur(clip.luma[0], (0, 0), float(rng.uniform(0.5, 12)))
        clip.luma[:] = _brightened(soft, rng.uniform(0.2, 1), 0)
        clip.chroma[:] = clip.chroma[0]
    written = np.zeros((HEIGHT, WIDTH), np.uint8)
    for line in range(int(rng.integers(1, 4))):
        size = float(rng.uniform(0.6, 1.8))
        place = int(rng.integers(2, 50)), int(rng.integers(30, 50)) + 28 * line
        cv2.putText(written, TEXT[line * 4 : line * 4 + 9], place, 2, size, 255, int(rng.integers(1, 4)))
    frames, ramp = _stretch(rng, clip, 20, len(clip) - 9), int(rng.integers(1, 24))
    for frame in frames:
        near = min(frame - frames.start, frames.stop - 1 - frame) + 1
        mask = written / 255 * min(1, near / ramp)
        clip.luma[frame] = _levels(clip.luma[frame] * (1 - mask) + (WHITE if ramp % 3 else BLACK) * mask)
    return clip


def _credits(rng: np.random.Generator, clip: Clip) -> Clip:
    """Lines scroll up over one picture, or over black beside it."""
    lines = int(rng.integers(6, 14))
    roll = np.zeros((len(clip) * 4 + HEIGHT, WIDTH), np.uint8)
    for line in range(0, len(roll), lines):
        text = TEXT[int(rng.integers(12)) :][: int(rng.integers(4, 20))]
        cv2.putText(roll, text, (int(rng.integers(5, 90)), line), 0, lines / 40, 255, 1)
    speed, gain = rng.uniform(0.4, 4), rng.uniform(0.1, 1)
    for frame in range(len(clip)):
        top = int(frame * speed)
        clip.luma[frame] = np.maximum(_brightened(clip.luma[0], gain, 0), roll[top : top + HEIGHT])
    clip.chroma[:] = clip.chroma[0]
    return clip


def _telecine(rng: np.random.Generator, clip: Clip) -> Clip:
    often = np.where(np.arange(len(clip)) % int(rng.integers(2, 5)) == 0, 2, 1)
    order = np.repeat(np.arange(len(clip)), often)[: len(clip)]
    return Clip(clip.film, clip.luma[order], clip.chroma[order])


def _grain(rng: np.random.Generator, clip: Clip) -> Clip:
    noise = rng.normal(0, rng.uniform(5, 16), clip.luma.shape)
    return Clip(clip.film, _levels(np.clip(clip.luma + noise, BLACK, WHITE)), clip.chroma)


def _letterbox(rng: np.random.Generator, clip: Clip) -> Clip:
    first, bar = int(rng.integers(10, len(clip) - 10)), int(rng.integers(8, 16))
    clip.luma[first:, :bar] = clip.luma[first:, -bar:] = BLACK
    clip.chroma[first:, :, : bar // 2] = clip.chroma[first:, :, -(bar // 2) :] = GRAY
    return clip


TRAPS: dict[str, Callable[[np.random.Generator, Clip], Clip]] = {
    "flash": _flash,
    "lightning": _lightning,
    "explosion": _explosion,
    "strobe": _strobe,
    "shake": _shake,
    "whip pan": _whip_pan,
    "slow pan": _slow_pan,
    "zoom": _zoom,
    "passer-by": _passer_by,
    "subtitle": _subtitle,
    "title": _title,
    "credits": _credits,
    "telecine": _telecine,
    "grain": _grain,
    "letterbox": _letterbox,
}
TRAP_NAMES = tuple(TRAPS)
