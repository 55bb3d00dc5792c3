"""The frame rate of a title, from its exact times, and timecodes at it.

Source: SMPTE ST 12-1 (timecode; drop-frame counting at 30000/1001 and 60000/1001 frames a second).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from artgen.records import Shot, Title

USUAL = tuple(
    sorted({Fraction(n) for n in range(1, 121)} | {Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)})
)
EDITED = tuple(sorted(Fraction(n) for n in ("24000/1001", 24, 25, "30000/1001", 30, 50, "60000/1001", 60)))
DROP = {
    Fraction(30000, 1001): 2,
    Fraction(60000, 1001): 4,
}  # frame numbers left out each minute but every tenth
NEAR_MEAN = (
    0.01  # relative, that the mean over the shots may lie beside the rate: a film's last frame may be guessed
)
OFF_GRID = 0.2  # of a frame, that a time may lie beside its frame besides the rounding of the time base


@dataclass(frozen=True, slots=True)
class Clock:
    """How a title counts frames: `rate` a second, frame 0 at `start_pts`.

    Where `variable` the film has no one rate: `rate` is the slowest usual one that is no slower than its mean,
    timecodes are near, and only pts are exact.
    """

    rate: Fraction
    time_base: Fraction
    start_pts: int
    variable: bool

    @property
    def drop_frame(self) -> bool:
        """Whether timecodes leave out frame numbers, to keep with the clock on the wall."""
        return not self.variable and self.rate in DROP

    def frame_at(self, pts: int) -> int:
        """The frame shown at `pts`, counted from 0."""
        return round((pts - self.start_pts) * self.time_base * self.rate)

    def timecode(self, pts: int) -> str:
        """HH:MM:SS:FF, with a semicolon before the frames where numbers are left out."""
        count, whole = self.frame_at(pts), round(self.rate)
        if self.drop_frame:
            left_out = DROP[self.rate]
            tens, rest = divmod(count, whole * 600 - 9 * left_out)
            minutes = max(0, rest - left_out) // (whole * 60 - left_out)
            count += left_out * (9 * tens + minutes)
        seconds, frames = divmod(count, whole)
        mark = ";" if self.drop_frame else ":"
        return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{frames:02d}"

    def seconds(self, pts: int) -> Fraction:
        """Exact seconds from the first frame."""
        return (pts - self.start_pts) * self.time_base

    def said(self) -> str:
        """One sentence about the rate."""
        if self.variable:
            return (
                f"The film's frame rate varies: timecodes are the nearest at {float(self.rate):g} frames a second, "
                "pts are exact."
            )
        counting = "drop-frame" if self.drop_frame else "non-drop"
        return f"{_named(self.rate)} frames a second, {counting} timecode from 0 at the first frame."


def measure_clock(title: Title, shots: Sequence[Shot], *, instants: Sequence[int] = ()) -> Clock:
    """Find the rate at which every shot begins and ends on a frame and has as many frames as it says.

    Args:
        title: its time base and first time.
        shots: with exact times and counted frames.
        instants: times of other frames, such as stills, which must fit too.

    Returns:
        The usual rate nearest to the mean that all fit; where none does, a clock that says that the rate varies.
    """
    base = Fraction(title.time_base)
    ticks = sum(shot.end_pts - shot.start_pts for shot in shots)
    frames = sum(shot.frames for shot in shots)
    if ticks <= 0 or frames <= 0:
        return Clock(Fraction(25), base, title.start_pts, variable=True)
    mean = Fraction(frames) / (ticks * base)
    near = sorted(USUAL, key=lambda rate: abs(rate / mean - 1))
    for rate in (rate for rate in near if abs(rate / mean - 1) <= NEAR_MEAN):
        clock = Clock(rate, base, title.start_pts, variable=False)
        if all(_counts(shot, clock) for shot in shots) and all(_on_grid(pts, clock) for pts in instants):
            return clock
    slowest = next((rate for rate in EDITED if rate >= mean), EDITED[-1])
    return Clock(slowest, base, title.start_pts, variable=True)


def _counts(shot: Shot, clock: Clock) -> bool:
    frames = clock.frame_at(shot.end_pts) - clock.frame_at(shot.start_pts)
    return frames == shot.frames and _on_grid(shot.start_pts, clock) and _on_grid(shot.end_pts, clock)


def _on_grid(pts: int, clock: Clock) -> bool:
    place = clock.seconds(pts) * clock.rate
    return abs(float(place - round(place))) <= OFF_GRID + float(clock.time_base * clock.rate) / 2


def _named(rate: Fraction) -> str:
    return str(rate) if rate.denominator == 1 else f"{rate.numerator}/{rate.denominator}"
