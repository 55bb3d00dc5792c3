"""What this machine has and where artgen keeps things on it. Knows no torch: devices are clip's to find."""

import ctypes
import os
import sys
from pathlib import Path


def core_count() -> int:
    """Processor cores this process may use (affinity and cgroup masks respected where known)."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def is_offline() -> bool:
    """True when the user forbids the network: ARTGEN_OFFLINE or HF_HUB_OFFLINE set to 1, true or yes."""
    return any(
        os.environ.get(name, "").lower() in {"1", "true", "yes"}
        for name in ("ARTGEN_OFFLINE", "HF_HUB_OFFLINE")
    )


def cache_folder() -> Path:
    """Where artgen keeps fetched models and machine measurements; ARTGEN_CACHE overrides it. Not created here."""
    chosen = os.environ.get("ARTGEN_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("artgen", appauthor=False)


def model_folders() -> tuple[Path, ...]:
    """Folders the user keeps model files in: ARTGEN_MODELS, separated like PATH."""
    named = os.environ.get("ARTGEN_MODELS", "")
    return tuple(Path(part) for part in named.split(os.pathsep) if part)


def release_memory() -> None:
    """Give freed memory back to the system; glibc keeps what threads freed, so a long film would swell.

    Does nothing where the C library has no malloc_trim.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
