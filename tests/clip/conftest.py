"""Small real CLIP models, made here with seeded random weights: every path of loading, none of the size."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from helpers.tiny_clip import CONFIG, MERGES, MakeModel


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """These models are so small that threads only wait for each other."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _own_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models and measurements of whoever runs the tests must not answer for ours."""
    monkeypatch.setenv("ARTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture(scope="session")
def tiny_weights() -> dict[str, Any]:
    """The state of a CLIP model of CONFIG, weights drawn from a fixed seed."""
    import open_clip
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return dict(open_clip.CLIP(**json.loads(json.dumps(CONFIG["model_cfg"]))).state_dict())


@pytest.fixture
def make_model(tiny_weights: dict[str, Any]) -> MakeModel:
    """Writes a model folder; `config` and `state` replace the sound ones."""
    from safetensors.torch import save_file

    def make(folder: Path, *, config: object = CONFIG, state: dict[str, Any] | None = None) -> Path:
        folder.mkdir(parents=True)
        (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
        (folder / "merges.txt.gz").write_bytes(gzip.compress(MERGES))
        save_file(tiny_weights if state is None else state, folder / "model.safetensors")
        return folder

    return make


@pytest.fixture
def network_touched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the network; every request of it fails."""
    import socket

    touched: list[str] = []

    def refuse(*arguments: object, **_: object) -> None:
        touched.append(str(arguments))
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return touched
