"""Write card.json, what a program needs to know of the weights: python card.py"""

import hashlib
import json
from pathlib import Path

LICENSE = (
    "for research and trying artgen: the weights are ours, but several training sets are for research "
    "only (README.md); clear the data's terms before any commercial use"
)
TRAINING_DATA = (
    "Flickr8k, MiniPlaces, Tiny ImageNet, Imagenette, Caltech-101, PACS, 100 Sports, FER2013, web faces, film posters, "
    "COCO (159 pictures), weather, wildfire, fight clips, title cards drawn by script; from ImageNet MobileNetV3-Small"
)


def describe(folder: Path) -> dict[str, str | int]:
    """The fields of card.json for the config and weights of a folder."""
    config = json.loads((folder / "open_clip_config.json").read_text(encoding="utf-8"))["model_cfg"]
    weights = (folder / "model.safetensors").read_bytes()
    return {
        "id": "artgen-compact",
        "license": LICENSE,
        "training_data": TRAINING_DATA,
        "bytes": len(weights),
        "sha256": hashlib.sha256(weights).hexdigest(),
        "embed_dim": int(config["embed_dim"]),
        "image_size": int(config["vision_cfg"]["image_size"]),
    }


if __name__ == "__main__":
    here = Path(__file__).parent
    text = json.dumps(describe(here), indent=2)
    (here / "card.json").write_text(text + "\n", encoding="utf-8")
    print(text)
