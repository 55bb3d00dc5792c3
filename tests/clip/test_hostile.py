"""Broken and hostile model files: each is refused in one sentence, nothing is run, little memory is taken."""

import copy
import gzip
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from helpers.tiny_clip import CONFIG, MERGES, MakeModel

from artgen.clip import load_encoder
from artgen.errors import ModelError


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as fault:
        load_encoder(str(path), device="cpu", precision="fp32", offline=True, note=pytest.fail)
    message = str(fault.value)
    assert "\n" not in message
    assert str(path.name) in message or str(path.parent) in message
    return message


def changed(**changes: Any) -> dict[str, Any]:
    """CONFIG with `part__key` set."""
    config = copy.deepcopy(CONFIG)
    for name, value in changes.items():
        part, _, key = name.partition("__")
        place = config["preprocess_cfg"] if part == "preprocess" else config["model_cfg"]
        place = place.setdefault(f"{part}_cfg", {}) if part in {"vision", "text"} else place
        place[key or part] = value
    return config


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("exploded"),)


def test_a_pickle_is_never_opened(
    make_model: MakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = make_model(tmp_path / "m")
    bomb = pickle.dumps(Bomb())
    for name in ("open_clip_pytorch_model.bin", "model.pt"):
        (folder / name).write_bytes(bomb)
        assert "artgen reads no other" in refused(folder / name)
    (folder / "model.safetensors").write_bytes(bomb)
    assert "no sound safetensors file" in refused(folder)
    assert not Path("exploded").exists()


def test_a_truncated_file_is_refused(make_model: MakeModel, tmp_path: Path) -> None:
    weights = make_model(tmp_path / "m") / "model.safetensors"
    whole = weights.read_bytes()
    for kept in (0, 5, 300, len(whole) - 1):
        weights.write_bytes(whole[:kept])
        assert "no sound safetensors file" in refused(weights)


def test_a_header_that_claims_gigabytes_is_refused(make_model: MakeModel, tmp_path: Path) -> None:
    weights = make_model(tmp_path / "m") / "model.safetensors"
    weights.write_bytes((1 << 62).to_bytes(8, "little") + b"{}")
    assert f"a header of {1 << 62} bytes" in refused(weights)
    header = b"{" + b" " * (5 << 20) + b"}"
    weights.write_bytes(len(header).to_bytes(8, "little") + header)
    assert "no sound safetensors file" in refused(weights)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(
    make_model: MakeModel, tmp_path: Path, tiny_weights: dict[str, Any], value: float
) -> None:
    state = {name: tensor.clone() for name, tensor in tiny_weights.items()}
    state["visual.proj"][3, 3] = value
    assert "not finite (in visual.proj)" in refused(make_model(tmp_path / "m", state=state))


def test_weights_of_another_architecture_are_refused(
    make_model: MakeModel, tmp_path: Path, tiny_weights: dict[str, Any]
) -> None:
    missing = {name: tensor for name, tensor in tiny_weights.items() if name != "visual.proj"}
    assert "visual.proj" in refused(make_model(tmp_path / "missing", state=missing))
    reshaped = dict(tiny_weights) | {"visual.proj": tiny_weights["visual.proj"][:, :20].clone()}
    assert "size mismatch for visual.proj" in refused(make_model(tmp_path / "reshaped", state=reshaped))
    extra = dict(tiny_weights) | {"surprise": tiny_weights["visual.proj"].clone()}
    assert "surprise" in refused(make_model(tmp_path / "extra", state=extra))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"preprocess__interpolation": "nearest"}, "interpolation"),
        ({"preprocess__resize_mode": "fancy"}, "resize_mode"),
        ({"preprocess__gamma": 2.2}, "gamma"),
        ({"preprocess__mean": [0.5, 0.5]}, "mean"),
        ({"preprocess__std": [0.5, 0.5, 0]}, "a std that is not positive"),
        ({"preprocess__size": 64}, "pictures of size 32"),
        ({"vision__image_size": 100_000}, "squares of 16 to 1024"),
        ({"vision__layers": 10**9}, "too few|at least"),
        ({"text__width": 10**6}, "at least"),
        ({"text__vocab_size": 10**9}, "at least"),
        ({"text__vocab_size": 100}, "517 words, the model only 100"),
        ({"vision__width": "wide"}, "no numbers"),
        ({"embed_dim": -4}, "embed_dim"),
        ({"vision__mystery": 1}, "no model that open_clip can build"),
        ({"vision__timm_model_name": "hf-hub:somebody/something"}, "a timm model by address"),
        ({"vision__timm_model_name": "no_such_model"}, "no model that open_clip can build"),
        ({"text__hf_model_name": "somebody/something"}, "another library"),
        (
            {"text__tokenizer_kwargs": {"reduction_mask": "random"}},
            "reduction_mask, which artgen does not know",
        ),
        ({"text__tokenizer_kwargs": {"clean": "bleach"}}, "cannot be read"),
        ({"text__tokenizer_kwargs": {"bpe_path": "../../secret.gz"}}, "secret.gz is missing"),
    ],
)
def test_a_configuration_artgen_cannot_follow_is_refused(
    make_model: MakeModel, tmp_path: Path, network_touched: list[str], changes: dict[str, Any], complaint: str
) -> None:
    import re

    message = refused(make_model(tmp_path / "m", config=changed(**changes)))
    assert re.search(complaint, message), message
    assert network_touched == []


def test_a_configuration_is_needed_and_must_be_one(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m")
    config = folder / "open_clip_config.json"
    for content, complaint in [
        (b"{", "not an open_clip configuration"),
        (b"[]", "not an open_clip configuration"),
        (b'{"model_cfg": {}}', "describes no vision_cfg"),
        (b" " * 2_000_000, "too large"),
    ]:
        config.write_bytes(content)
        assert complaint in refused(folder)
    config.unlink()
    assert "is missing; put the model's open_clip_config.json beside its weights" in refused(folder)


def test_a_tokenizer_that_unpacks_without_end_or_is_none_is_refused(
    make_model: MakeModel, tmp_path: Path
) -> None:
    merges = make_model(tmp_path / "m") / "merges.txt.gz"
    for content, complaint in [
        (gzip.compress(b"\n" * (17 << 20)), "unpacks to more"),
        (b"plain text", "not a sound gzip file"),
        (gzip.compress(b"\xff\xfe\xff"), "cannot be read"),
        (gzip.compress(MERGES * 100), "words, the model only 517"),
    ]:
        merges.write_bytes(content)
        assert complaint in refused(merges.parent)
    merges.unlink()
    assert "merges.txt.gz is missing; put the model's tokenizer beside its weights" in refused(merges.parent)


def test_a_text_model_saved_the_old_way_still_loads(
    make_model: MakeModel, tmp_path: Path, tiny_weights: dict[str, Any]
) -> None:
    """CustomTextCLIP keeps the text tower under "text."; older files of such models do not."""
    folder = make_model(tmp_path / "m", config=changed(custom_text=True))
    new = load_encoder(str(folder), device="cpu", precision="fp32", offline=True, note=pytest.fail)
    old = load_encoder(
        str(make_model(tmp_path / "plain")), device="cpu", precision="fp32", offline=True, note=pytest.fail
    )
    assert (new.texts(["a kiss"]) == old.texts(["a kiss"])).all()
    assert json.loads((folder / "open_clip_config.json").read_text())["model_cfg"]["custom_text"]
