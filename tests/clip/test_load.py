"""From a name to files: what is taken, what is said, and that offline is offline."""

import copy
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from helpers.tiny_clip import CONFIG, MakeModel, pictures

from artgen.clip import load_encoder
from artgen.clip.config import builtin_config
from artgen.clip.load import find_checkpoint
from artgen.errors import ModelError, UsageError
from artgen.weights import models_folder


def found(spec: str, *, folders: tuple[Path, ...] = (), offline: bool = True) -> tuple[str, Path, list[str]]:
    notes: list[str] = []
    checkpoint = find_checkpoint(spec, offline=offline, note=notes.append, folders=folders)
    return checkpoint.id, checkpoint.weights, notes


def laid(folder: Path) -> Path:
    """Weights that are found by name; finding does not read them."""
    folder.mkdir(parents=True)
    (folder / "open_clip_model.safetensors").write_bytes(b"not read here")
    return folder / "open_clip_model.safetensors"


def test_a_folder_and_the_file_in_it_are_one_model(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "mine")
    assert (
        found(str(folder))
        == found(str(folder / "model.safetensors"))
        == ("local:mine", folder / "model.safetensors", [])
    )


def test_a_registry_id_is_found_in_a_folder_of_the_user(tmp_path: Path) -> None:
    weights = laid(tmp_path / "vit-l-14-datacomp-xl")
    assert found("vit-l-14-datacomp-xl", folders=(tmp_path,)) == ("vit-l-14-datacomp-xl", weights, [])


def test_open_clips_pair_of_names_is_the_registrys_model(tmp_path: Path) -> None:
    weights = laid(tmp_path / "vit-b-32-datacomp-xl")
    assert found("ViT-B-32:datacomp_xl_s13b_b90k", folders=(tmp_path,))[:2] == (
        "vit-b-32-datacomp-xl",
        weights,
    )


def test_any_pair_of_open_clip_will_do(tmp_path: Path) -> None:
    weights = laid(tmp_path / "ViT-B-16--datacomp_xl_s13b_b90k")
    assert found("ViT-B-16:datacomp_xl_s13b_b90k", folders=(tmp_path,))[1] == weights


def test_auto_takes_a_recommended_model_of_this_machine_in_silence(tmp_path: Path) -> None:
    weights = laid(tmp_path / "vit-l-14-datacomp-xl")
    assert found("auto", folders=(tmp_path,)) == ("vit-l-14-datacomp-xl", weights, [])


def test_auto_never_takes_a_model_for_research_only(tmp_path: Path, compact: Path) -> None:
    laid(tmp_path / "mobileclip2-s2")
    assert found("auto", folders=(tmp_path,))[0] == "artgen-compact"


@pytest.fixture
def compact() -> Path:
    """The bundled model; finding it checks its size and hash."""
    return models_folder() / "compact"


def test_auto_falls_back_to_the_bundled_model_offline_without_touching_the_network(
    compact: Path, network_touched: list[str]
) -> None:
    id, weights, notes = found("auto")
    assert (id, weights) == ("artgen-compact", compact / "model.safetensors")
    assert notes == [
        "Using the bundled model artgen-compact, because the network is switched off. Tags are better with "
        "vit-b-32-datacomp-xl: run `artgen models fetch vit-b-32-datacomp-xl` once, with a network."
    ]
    assert network_touched == []


def test_auto_tries_the_network_when_it_may_and_says_why_that_failed(
    compact: Path, network_touched: list[str]
) -> None:
    id, _, notes = found("auto", offline=False)
    assert id == "artgen-compact"
    assert notes[0] == "Fetching vit-b-32-datacomp-xl (about 605 MB, license MIT)."
    assert "no network in this test" in notes[1]
    assert network_touched


def test_auto_for_commercial_use_names_what_to_fetch_instead_of_taking_the_bundled_model(
    compact: Path, tmp_path: Path, network_touched: list[str]
) -> None:
    with pytest.raises(
        ModelError, match=r"^No CLIP model for commercial use .* switched off; run .*fetch vit-b-32"
    ):
        find_checkpoint("auto", offline=True, note=pytest.fail, commercial=True)
    assert network_touched == []
    weights = laid(tmp_path / "vit-b-32-datacomp-xl")
    taken = find_checkpoint("auto", offline=True, note=pytest.fail, folders=(tmp_path,), commercial=True)
    assert taken.weights == weights


@pytest.mark.parametrize(
    "spec", ["artgen-compact", "mobileclip2-s2", "MobileCLIP2-S2:dfndr2b", "ViT-B-16:datacomp_xl_s13b_b90k"]
)
def test_a_model_not_known_to_be_free_is_refused_for_commercial_use_before_it_is_fetched(
    spec: str, network_touched: list[str]
) -> None:
    with pytest.raises(ModelError, match=rf"^{spec} is not known to be free for commercial use \(license: "):
        find_checkpoint(spec, offline=False, note=pytest.fail, commercial=True)
    assert network_touched == []


def test_a_model_named_by_path_is_the_users_own_affair(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "mine")
    taken = find_checkpoint(str(folder), offline=True, note=pytest.fail, commercial=True)
    assert (taken.id, taken.license) == ("local:mine", "unknown")


def test_the_bundled_model_named_by_a_path_is_known_by_its_bytes(compact: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "my-own.safetensors"
    renamed.write_bytes((compact / "model.safetensors").read_bytes())
    shutil.copy(compact / "open_clip_config.json", tmp_path)
    for path in (compact, renamed):
        with pytest.raises(
            ModelError, match=r" \(artgen-compact\) is not known to be free for commercial use"
        ):
            find_checkpoint(str(path), offline=True, note=pytest.fail, commercial=True)
    taken = find_checkpoint(str(renamed), offline=True, note=pytest.fail)
    assert (taken.id, taken.license) == ("local:my-own", "research")


def test_loading_offline_never_touches_the_network(
    make_model: MakeModel, tmp_path: Path, network_touched: list[str]
) -> None:
    folder = make_model(tmp_path / "tiny")
    encoder = load_encoder(str(folder), device="cpu", precision="fp32", offline=True, note=pytest.fail)
    encoder.pictures(pictures(1))
    encoder.texts(["a text"])
    with pytest.raises(ModelError, match="network is switched off"):
        load_encoder("siglip2-b-16-256", device="cpu", offline=True, note=pytest.fail)
    assert network_touched == []


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("vit-b-99", "not in the registry"),
        ("yunet", "is a face-detector, not a CLIP model"),
        ("ViT-B-32:made_up", "open_clip has no model ViT-B-32:made_up"),
        ("ViTamin-S:datacomp1b", "may run programs"),
        ("nowhere/model.safetensors", "is missing; name a .safetensors file"),
        ("nowhere/model.pt", "artgen reads no other"),
        ("./nowhere", "artgen reads no other|is missing"),
    ],
)
def test_what_is_no_model_is_answered_in_a_sentence(
    spec: str, complaint: str, network_touched: list[str]
) -> None:
    with pytest.raises(ModelError, match=complaint):
        found(spec, offline=False)
    assert network_touched == []


def test_a_folder_with_several_models_wants_one_named(make_model: MakeModel, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "two")
    shutil.move(folder / "model.safetensors", folder / "a.safetensors")
    shutil.copy(folder / "a.safetensors", folder / "b.safetensors")
    with pytest.raises(ModelError, match=r"holds 2 \.safetensors files; name the one to use"):
        found(str(folder))
    assert found(str(folder / "b.safetensors"))[0] == "local:b"


def test_there_must_be_such_a_device_and_precision(make_model: MakeModel, tmp_path: Path) -> None:
    folder = str(make_model(tmp_path / "tiny"))
    with pytest.raises(UsageError, match="this machine has no device abacus"):
        load_encoder(folder, device="abacus", offline=True, note=pytest.fail)
    with pytest.raises(UsageError, match="there is no precision fp4"):
        load_encoder(folder, precision="fp4", offline=True, note=pytest.fail)
    with pytest.raises(UsageError, match="int8 runs on the cpu, not on meta"):
        load_encoder(folder, device="meta", precision="int8", offline=True, note=pytest.fail)


def test_preprocessing_is_the_models_own(make_model: MakeModel, tmp_path: Path) -> None:
    assert builtin_config("ViT-B-16-SigLIP2-256", "webli").preprocessing.mean == (0.5, 0.5, 0.5)
    mobile = builtin_config("MobileCLIP2-S2", "dfndr2b").preprocessing
    assert (mobile.size, mobile.mean, mobile.interpolation) == (256, (0, 0, 0), "bilinear")
    folder = make_model(tmp_path / "tiny")
    before = load_encoder(str(folder), device="cpu", precision="fp32", offline=True, note=pytest.fail)
    config = json.loads((folder / "open_clip_config.json").read_text(encoding="utf-8"))
    config["preprocess_cfg"]["mean"] = [0, 0, 0]
    (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    after = load_encoder(str(folder), device="cpu", precision="fp32", offline=True, note=pytest.fail)
    assert not np.allclose(before.pictures(pictures(1)), after.pictures(pictures(1)))


@pytest.mark.parametrize("tokenizer", [{"bpe_path": "merges.txt.gz"}, {}])
def test_the_model_is_open_clips_own(
    make_model: MakeModel, tmp_path: Path, tokenizer: dict[str, str]
) -> None:
    """Same files, same picture and text: what open_clip makes of them with its own loader."""
    import open_clip
    import torch
    from PIL import Image

    config = copy.deepcopy(CONFIG)
    config["preprocess_cfg"]["resize_mode"] = "squash"
    config["model_cfg"]["text_cfg"] |= {
        "tokenizer_kwargs": tokenizer,
        "vocab_size": 517 if tokenizer else 49408,
    }
    state = dict(open_clip.CLIP(**copy.deepcopy(config["model_cfg"])).state_dict())
    folder = make_model(tmp_path / "tiny", config=config, state=state)
    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    own = {key: str(folder / name) for key, name in tokenizer.items()}
    tokens = open_clip.get_tokenizer(f"local-dir:{folder}", **own)(["a kiss"])
    (picture,) = pictures(1)
    with torch.inference_mode():
        expected = model.encode_image(preprocess(Image.fromarray(picture))[None], normalize=True).numpy()
        words = model.encode_text(tokens, normalize=True).numpy()
    encoder = load_encoder(str(folder), device="cpu", precision="fp32", offline=True, note=pytest.fail)
    np.testing.assert_allclose(encoder.pictures([picture]), expected, atol=2e-3)
    np.testing.assert_allclose(encoder.texts(["a kiss"]), words, atol=1e-5)
