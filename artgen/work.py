"""Work side by side in threads, with progress; a failure or an interrupt ends it soon and loses nothing done."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed

from artgen.machine import release_memory
from artgen.progress import Progress


def work_through(
    jobs: Iterable[Callable[[], None]], *, workers: int, label: str, done: int, progress: Progress
) -> None:
    """Run all jobs, as many at once as there are workers; `done` were done before this run.

    Raises:
        Exception: the first a job raises; jobs that have not begun are dropped.
    """
    import cv2

    before = cv2.getNumThreads()
    with ThreadPoolExecutor(workers) as pool:
        try:
            if workers > 1:
                # The cores are taken already; OpenCV's own threads would only wait for each other.
                cv2.setNumThreads(1)
            work = [pool.submit(job) for job in jobs]
            for finished in progress.over(as_completed(work), label, total=len(work) + done, done=done):
                finished.result()
                release_memory()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        finally:
            cv2.setNumThreads(before)
