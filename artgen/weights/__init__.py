"""Learned weights: the registry, where they lie, fetching them. Knows neither torch nor pictures."""

from artgen.weights.fetch import CONNECT_S, fetch_weights
from artgen.weights.networks import open_network
from artgen.weights.places import (
    ModelRow,
    describe_models,
    fetched_folder,
    find_weights,
    verify_weights,
)
from artgen.weights.registry import (
    WeightsEntry,
    WeightsFile,
    entry_of,
    models_folder,
    read_registry,
)

__all__ = [
    "CONNECT_S",
    "ModelRow",
    "WeightsEntry",
    "WeightsFile",
    "describe_models",
    "entry_of",
    "fetch_weights",
    "fetched_folder",
    "find_weights",
    "models_folder",
    "open_network",
    "read_registry",
    "verify_weights",
]
