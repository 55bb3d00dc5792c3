"""Values as dlib writes them into a file, read one after the other and checked.

Source of the form: dlib's serialize.h (integers, floating point, texts) and tensor.h.
"""

import math

import numpy as np
from numpy.typing import NDArray

MAX_TEXT = 64


class MalformedError(ValueError):
    """The bytes at some place are not what stands there in a good file."""


class DlibStream:
    """Reads on from where it is. Every method raises MalformedError where something else stands there."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte of `data`."""
        self._data = data
        self._at = 0

    def integer(self) -> int:
        """A byte of sign (the highest bit) and length, then the value, its low byte first."""
        (control,) = self._take(1)
        size = control & 0x0F
        if control & 0x70 or size > 8:
            raise MalformedError(f"no integer before byte {self._at}")
        value = int.from_bytes(self._take(size), "little")
        return -value if control & 0x80 else value

    def number(self) -> float:
        """A mantissa, then the power of two to multiply it by; finite."""
        mantissa, exponent = self.integer(), self.integer()
        if abs(mantissa) >= 1 << 53 or abs(exponent) > 200:
            raise MalformedError(f"no finite number before byte {self._at}")
        return math.ldexp(mantissa, exponent)

    def flag(self) -> bool:
        """The character 1 or 0."""
        found = self._take(1)
        if found not in {b"0", b"1"}:
            raise MalformedError(f"no flag before byte {self._at}")
        return found == b"1"

    def text(self) -> str:
        """A length, then so many bytes; no more than 64."""
        size = self.integer()
        if not 0 <= size <= MAX_TEXT:
            raise MalformedError(f"no text before byte {self._at}")
        return self._take(size).decode("latin-1")

    def tensor(self, shape: tuple[int, int, int, int]) -> NDArray[np.float32]:
        """A tensor of just this shape; finite."""
        self.expect(2, *shape)
        values = np.frombuffer(self._take(4 * math.prod(shape)), "<f4").astype(np.float32).reshape(shape)
        if not np.isfinite(values).all():
            raise MalformedError(f"a number that is not finite before byte {self._at}")
        return values

    def expect(self, *values: int | str) -> None:
        """Read over just these integers and texts."""
        for value in values:
            found = self.text() if isinstance(value, str) else self.integer()
            if found != value:
                raise MalformedError(f"{found!r} instead of {value!r} before byte {self._at}")

    def expect_end(self) -> None:
        """Nothing may be left."""
        if self._at != len(self._data):
            raise MalformedError(f"{len(self._data) - self._at} bytes too many")

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise MalformedError(f"it ends at byte {len(self._data)}")
        self._at += count
        return self._data[self._at - count : self._at]
