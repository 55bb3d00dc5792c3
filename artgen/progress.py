"""How long work reports where it is: a protocol, no terminal."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """What a stage tells whoever watches it; the shell decides what becomes of it."""

    def over(
        self, items: Iterable[T], label: str, *, total: float | None = None, done: float = 0
    ) -> Iterator[T]:
        """Pass items on, one step each; `total` when the length is known, `done` steps were done before."""
        ...

    def note(self, text: str) -> None:
        """Say one sentence that a person should read."""
        ...


class Silent:
    """Progress that nobody watches."""

    def over(
        self, items: Iterable[T], label: str, *, total: float | None = None, done: float = 0
    ) -> Iterator[T]:
        """Pass the items on."""
        yield from items

    def note(self, text: str) -> None:
        """Say nothing."""
