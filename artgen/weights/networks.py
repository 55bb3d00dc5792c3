"""Opening an ONNX network: on one core, and told in a sentence where its file is not sound."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from artgen.errors import ModelError


def open_network(
    source: Path | bytes,
    *,
    named: Path,
    inputs: Collection[str] | None = None,
    remedy: str = "install artgen again",
) -> Any:
    """An ONNX Runtime session on the processor, one core a call; it may be used from many threads.

    Args:
        source: the .onnx file, or a model made of one.
        named: the file that errors name.
        inputs: what the network must ask for; None: not checked.
        remedy: what to do about a file that is missing or damaged, as errors say it.

    Raises:
        ModelError: the file is missing, damaged or another network's.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as refusals

    if isinstance(source, Path) and not source.is_file():
        raise ModelError(f"{named} is missing; {remedy}.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    refused = (refusals.Fail, refusals.InvalidArgument, refusals.InvalidGraph, refusals.InvalidProtobuf)
    try:
        session: Any = onnxruntime.InferenceSession(
            source if isinstance(source, bytes) else str(source), options, providers=["CPUExecutionProvider"]
        )
    except refused as fault:
        raise ModelError(f"{named} is damaged; {remedy}.") from fault
    if inputs is not None and {entry.name for entry in session.get_inputs()} != set(inputs):
        raise ModelError(f"{named} does not fit this artgen; {remedy}.")
    return session
