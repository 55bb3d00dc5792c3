"""Embeds pictures with ViT-B/32 one way and prints how long it took, loading left out.

    python embedding.py make MODEL                    write weights drawn from a fixed seed, as fast as any other
    python embedding.py WAY MODEL FOLDER COUNT DEVICE embed COUNT pictures of FOLDER, again from its first if need be

Ways: `artgen` as artgen tag does it, from the squares that looking at the stills left in the journal; `files`, the same
with decoding and resizing; `bare`, the forward pass alone on ready random tensors, in the same precision and batch and
as many calls side by side; `open_clip`, the loop that open_clip's own page shows, in float32 and batches of 16.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import numpy as np

ARCHITECTURE = "ViT-B-32"
BATCH = 16
CONFIG, WEIGHTS = "open_clip_config.json", "model.safetensors"
PREPROCESS = {
    "mean": [0.48145466, 0.4578275, 0.40821073],
    "std": [0.26862954, 0.26130258, 0.27577711],
    "interpolation": "bicubic",
    "resize_mode": "squash",
}


def make(folder: Path) -> None:
    """Write a model folder as artgen and open_clip read it."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    config = open_clip.get_model_config(ARCHITECTURE)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_text(json.dumps({"model_cfg": config, "preprocess_cfg": PREPROCESS}))
    model = open_clip.CLIP(**config)
    weights = {name: values.contiguous() for name, values in model.state_dict().items()}
    save_file(weights, folder / WEIGHTS)


def with_artgen(way: str, model: Path, pictures: list[Path], device: str) -> dict[str, object]:
    """Time artgen's encoder over kept squares or over files, or its forward pass alone."""
    from artgen.clip import load_encoder
    from artgen.clip.engines import callers
    from artgen.folder import FramesFolder, write_array
    from artgen.pictures import load_picture
    from artgen.progress import Silent
    from artgen.tag.embedding import embed_stills
    from artgen.tag.looking import STILLS_A_BATCH, squares_of

    encoder = load_encoder(str(model), device=device, offline=True, note=lambda said: None)
    engine, size = encoder._engine, encoder._preprocessing.size  # no caller but this one needs them
    noise = np.random.default_rng(0).integers(0, 256, (engine.batch, size, size, 3), np.uint8)
    list(encoder.of_squares([*noise] * engine.at_once))
    calls = -(-len(pictures) // engine.batch)
    with tempfile.TemporaryDirectory() as folder, callers(engine) as pool:
        kept = []
        for start in range(0, len(pictures) if way == "artgen" else 0, STILLS_A_BATCH):
            kept.append(Path(folder) / f"{start:06d}.npy")
            few = pictures[start : start + STILLS_A_BATCH]
            write_array(kept[-1], np.stack([encoder.square(load_picture(path)) for path in few]))
        inputs = engine.inputs(noise)
        began, processor_began = time.perf_counter(), time.process_time()
        match way:
            case "artgen":
                frames, count = FramesFolder(Path(folder)), len(pictures)
                embed_stills(squares_of(kept), frames, encoder, count=count, progress=Silent())
            case "files":
                encoder.pictures(load_picture(path) for path in pictures)
            case "bare":
                list(pool.map(engine.forward, [inputs] * calls))
        seconds, processor_s = time.perf_counter() - began, time.process_time() - processor_began
    return {
        "seconds": seconds,
        "processor_s": processor_s,
        "precision": encoder.precision,
        "batch": engine.batch,
    }


def with_open_clip(folder: Path, pictures: list[Path], device: str) -> dict[str, object]:
    """Time the plain loop."""
    import open_clip
    import torch
    from PIL import Image

    model, _, preprocess = open_clip.create_model_and_transforms(
        ARCHITECTURE, pretrained=str(folder / WEIGHTS), device=device
    )
    model.eval()

    def batches() -> Iterator[torch.Tensor]:
        paths = iter(pictures)
        while few := list(islice(paths, BATCH)):
            yield torch.stack([preprocess(Image.open(path)) for path in few])

    with torch.no_grad():
        model.encode_image(torch.zeros(BATCH, 3, 224, 224, device=device)).cpu()
        start, processor_start = time.perf_counter(), time.process_time()
        for batch in batches():
            features = model.encode_image(batch.to(device))
            features /= features.norm(dim=-1, keepdim=True)
            features.cpu()
        seconds, processor_s = time.perf_counter() - start, time.process_time() - processor_start
    return {"seconds": seconds, "processor_s": processor_s, "precision": "fp32", "batch": BATCH}


def main() -> None:
    """Read the arguments, print one JSON object."""
    way, model = sys.argv[1], Path(sys.argv[2])
    if way == "make":
        make(model)
        return
    found = sorted(path for path in Path(sys.argv[3]).rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
    pictures, device = list(islice(cycle(found), int(sys.argv[4]))), sys.argv[5]
    if way == "open_clip":
        told = with_open_clip(model, pictures, device)
    else:
        told = with_artgen(way, model, pictures, device)
    print(json.dumps({"way": way, "pictures": len(pictures), **told}))


if __name__ == "__main__":
    main()
