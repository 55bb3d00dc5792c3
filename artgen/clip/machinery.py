"""What the speed of a model hangs on: the processor or GPU, its cores, and the libraries that compute."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from artgen.machine import core_count


def describe_machine(device: str) -> dict[str, str]:
    """Name of the device, number of cores, and versions of the libraries that run a model."""
    return {"device": _device_name(device), "cores": str(core_count())} | library_versions()


def library_versions() -> dict[str, str]:
    """Versions of the libraries that run or convert a model; "none" for one that is not installed."""
    found = {}
    for name in ("torch", "onnxruntime", "onnx"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def _device_name(device: str) -> str:
    if not device.startswith("cuda"):
        return f"{device} {_processor()}"
    import torch

    return f"{device} {torch.cuda.get_device_name(device)}"


def _processor() -> str:
    """The processor's name, and on Linux its instructions: virtual machines often share a name and differ in these."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}".strip()
    facts = {key.strip(): value.strip() for line in lines for key, _, value in [line.partition(":")]}
    known = [facts.get(key, "") for key in ("model name", "flags", "Features", "CPU part")]
    name = known[0] or platform.machine()
    return f"{name} {hashlib.sha256(repr(known).encode()).hexdigest()[:8]}"
