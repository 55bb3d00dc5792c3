"""Jobs run side by side; a failure drops what has not begun, and nothing of the process is left changed."""

import time

import cv2
import pytest

from artgen.progress import Silent
from artgen.work import work_through


def test_every_job_is_done_and_opencv_has_its_threads_back() -> None:
    before = cv2.getNumThreads()
    done: list[tuple[int, int]] = []

    def job(number: int) -> None:
        done.append((number, cv2.getNumThreads()))

    jobs = [lambda number=number: job(number) for number in range(20)]
    work_through(jobs, workers=2, label="working", done=0, progress=Silent())

    assert sorted(number for number, _ in done) == list(range(20))
    assert {threads for _, threads in done} == {1}
    assert cv2.getNumThreads() == before


def test_a_failure_is_raised_and_drops_what_has_not_begun() -> None:
    before = cv2.getNumThreads()
    begun: list[int] = []

    def job(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ValueError("broken")
        time.sleep(0.01)

    jobs = [lambda number=number: job(number) for number in range(500)]
    with pytest.raises(ValueError, match="broken"):
        work_through(jobs, workers=1, label="working", done=0, progress=Silent())

    assert len(begun) < 500
    assert cv2.getNumThreads() == before
