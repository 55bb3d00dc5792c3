"""Films whose changes of shot are known, made from pieces of real ones: cuts, dissolves, fades, wipes and traps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 108, 192  # of the luma; chroma is half as high and wide
BLACK, WHITE, GRAY = 16, 235, 128
SHORTEST_TRAP = 34  # frames

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
    """Join pieces of different clips by random changes; half of them cuts."""
    changes: list[tuple[str, int, int]] = []
    traps: list[tuple[str, int, int]] = []
    film: Clip | None = None
    before = -1
    for _ in range(shots):
        before, piece = _piece(rng, clips, int(rng.integers(40, 150)), other_than=before)
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
    return MadeFilm(film, tuple(changes), tuple(traps))


def _piece(
    rng: np.random.Generator, clips: Sequence[Clip], frames: int, *, other_than: int
) -> tuple[int, Clip]:
    number = int(rng.integers(len(clips)))
    while number == other_than or len(clips[number]) < 30:
        number = int(rng.integers(len(clips)))
    clip = clips[number]
    frames = min(frames, len(clip))
    first = int(rng.integers(0, len(clip) - frames + 1))
    luma, chroma = clip.luma[first : first + frames], clip.chroma[first : first + frames]
    if rng.random() < 0.5:
        luma, chroma = luma[:, :, ::-1], chroma[..., ::-1]
    if rng.random() < 0.25:  # night
        luma = _levels((luma.astype(np.float32) - BLACK) * rng.uniform(0.25, 0.8) + BLACK)
        chroma = _levels((chroma.astype(np.float32) - GRAY) * 0.7 + GRAY)
    if rng.random() < 0.15:  # black and white
        chroma = np.full_like(chroma, GRAY)
    return number, Clip(clip.film, luma, chroma)


def _join(rng: np.random.Generator, old: Clip, new: Clip, room: int) -> tuple[Clip, tuple[str, int, int]]:
    kind = str(rng.choice(["cut", "dissolve", "fade", "wipe"], p=[0.5, 0.25, 0.15, 0.1]))
    longest = min(room, len(new) - 10)
    if kind == "cut" or longest < 5:
        return _concatenate(old, new), ("cut", len(old) - 1, len(old))
    length = min(longest, int(rng.integers(4, 61 if kind == "dissolve" else 31)))
    if kind == "fade":
        blank = BLACK if rng.random() < 0.7 else WHITE
        hold = int(rng.integers(1, 12))
        shades = np.repeat(np.uint8(blank), hold)
        still = Clip(old.film, np.broadcast_to(shades[:, None, None], (hold, HEIGHT, WIDTH)), _gray(hold))
        up = min(len(new) - 10, int(rng.integers(4, 31)))
        out = _mix(old.part(len(old) - length, len(old)), _blank_like(blank, length), _ramp(length))
        into = _mix(_blank_like(blank, up), new.part(0, up), _ramp(up))
        joined = _concatenate(old.part(0, len(old) - length), out, still, into, new.part(up, len(new)))
        return joined, (kind, len(old) - length - 1, len(old) + hold + up)
    share = _ramp(length) if kind == "dissolve" else _moving_edge(rng, length)
    between = _mix(old.part(len(old) - length, len(old)), new.part(0, length), share)
    joined = _concatenate(old.part(0, len(old) - length), between, new.part(length, len(new)))
    return joined, (kind, len(old) - length - 1, len(old))


def _ramp(length: int) -> NDArray[np.float32]:
    return ((np.arange(length, dtype=np.float32) + 1) / (length + 1))[:, None, None]


def _moving_edge(rng: np.random.Generator, length: int) -> NDArray[np.float32]:
    soft = float(rng.choice([0.001, 0.03, 0.1]))
    across = (
        np.linspace(0, 1, WIDTH)[None, None]
        if rng.random() < 0.5
        else np.linspace(0, 1, HEIGHT)[None, :, None]
    )
    if rng.random() < 0.5:
        across = 1 - across
    share = np.clip((_ramp(length) * (1 + soft) - across) / soft, 0, 1)
    return np.broadcast_to(share, (length, HEIGHT, WIDTH)).astype(np.float32)


def _mix(old: Clip, new: Clip, share: NDArray[np.float32]) -> Clip:
    half = share[:, None] if share.shape[1:] == (1, 1) else share[:, None, ::2, ::2]
    luma = old.luma * (1 - share) + new.luma * share
    return Clip(old.film, _levels(luma), _levels(old.chroma * (1 - half) + new.chroma * half))


def _blank_like(level: int, frames: int) -> Clip:
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
        text = "The quick brown fox jumps"[: int(rng.integers(8, 25))]
        cv2.putText(written, text, (20, int(rng.integers(30, 100))), 0, 0.35 * size, 255, size)
        clip.luma[frames.start : frames.stop, written > 80] = WHITE - 5
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
    "telecine": _telecine,
    "grain": _grain,
    "letterbox": _letterbox,
}
TRAP_NAMES = tuple(TRAPS)
