"""Join the trained networks and write faces.onnx: python models/faces/export.py CHIPS

The answer whether a face was filmed is fitted anew on what the trained face network sees, drawn faces and filmed ones
counting alike, and set so that it refuses 3 of 100 filmed ones. Temperatures (Guo et al., "On Calibration of Modern Neural
Networks", ICML 2017) are fitted on what was kept back while training, so that an answer of 0.8 is right four times in five.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
import torch
from nets import FaceNet, PartNet, Reader
from torch import Tensor, nn
from torch.nn import functional
from train import EYE_STATES, FACE_SETS, HERE, Examples, Found, faces_of, look_at, parts_of

from artgen.people.expression import PARTS

FILMED_OF_SETS = 3000
REFUSED_OF_FILMED = 0.03


def main() -> None:
    """Load, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chips", type=Path)
    chips = parser.parse_args().chips
    nets: dict[str, nn.Module] = {"face": FaceNet(), "eyes": PartNet(len(EYE_STATES)), "mouth": PartNet(1)}
    temperatures = {}
    for name, net in nets.items():
        net.load_state_dict(torch.load(chips / f"{name}.pt", weights_only=True))
        net.eval()
        rng = np.random.default_rng(0)
        learned, checked = faces_of(chips, FACE_SETS, rng) if name == "face" else parts_of(chips, name)
        if isinstance(net, FaceNet):
            fit_filmed(net, learned, rng)
        temperatures["expression" if name == "face" else name] = temperature(
            net, look_at(checked, name, rng, 1)
        )
    print(temperatures)
    reader = Reader(nets["face"], nets["eyes"], nets["mouth"], temperatures).eval()  # type: ignore[arg-type]
    example = tuple(torch.zeros(2, 1, height, width) for _, _, (width, height) in PARTS.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            reader,
            example,
            str(HERE / "faces.onnx"),
            dynamo=False,
            input_names=list(PARTS),
            output_names=["expression", "filmed", "eye_state", "lips_apart"],
            dynamic_axes={
                name: {0: "n"} for name in [*PARTS, "expression", "filmed", "eye_state", "lips_apart"]
            },
        )


def fit_filmed(net: FaceNet, learned: Found, rng: np.random.Generator) -> None:
    """Fit the head that tells filmed faces from drawn ones and from no faces; the rest stays as it is."""
    others = [found for found in learned if found[2] == 0]
    known = [found for found in learned if found[1] >= 0]
    posters = [found for found in learned if found[1] < 0 and found[2] == 1]
    some = [known[number] for number in rng.choice(len(known), FILMED_OF_SETS, replace=False)]
    examples = look_at([*others, *posters, *some], "face", rng, 2)
    with torch.no_grad():
        parts = torch.from_numpy(examples.parts.reshape(-1, 1, *examples.parts.shape[2:]).astype(np.float32))
        seen = torch.cat([net.trunk(piece) for piece in parts.split(512)])
    filmed = torch.from_numpy(examples.filmed).repeat_interleave(2)
    weights = torch.where(filmed == 1, 0.5 / (filmed == 1).sum(), 0.5 / (filmed == 0).sum())
    head = nn.Linear(seen.shape[1], 1)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        losses = functional.binary_cross_entropy_with_logits(head(seen)[:, 0], filmed, reduction="none")
        loss = (losses * weights).sum() + 1e-4 * (head.weight**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        head.bias -= torch.quantile(head(seen)[filmed == 1, 0], REFUSED_OF_FILMED)
    net.filmed.load_state_dict(head.state_dict())


def temperature(net: nn.Module, checked: Examples) -> float:
    """What the logits are divided by for the least cross entropy on what was kept back."""
    with torch.no_grad():
        answers = net(torch.from_numpy(checked.parts.astype(np.float32)))
    logits: Tensor = answers[0] if isinstance(answers, tuple) else answers
    known = torch.from_numpy(checked.answers >= 0)
    right = torch.from_numpy(checked.answers)[known]
    logits = logits[known]

    def loss(value: float) -> float:
        if logits.shape[1] == 1:
            return float(functional.binary_cross_entropy_with_logits(logits[:, 0] / value, right.float()))
        return float(functional.cross_entropy(logits / value, right))

    return min(np.arange(0.3, 3.0, 0.02).tolist(), key=loss)


if __name__ == "__main__":
    main()
