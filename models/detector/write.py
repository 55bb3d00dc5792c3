"""Write the detector that was learned as detector.onnx: python write.py WORK [--out FILE]

The file has the form of YuNet's, which OpenCV's FaceDetectorYN reads: input (1, 3, height, width) BGR 0..255 of any size
divisible by 32, twelve outputs. Batch normalization is folded into the convolutions.
"""

import argparse
import warnings
from pathlib import Path

import torch
from student import Student, Written, output_names

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Load, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--out", type=Path, default=HERE / "detector.onnx")
    arguments = parser.parse_args()
    student = Student()
    student.load_state_dict(torch.load(arguments.work / "student.pt", weights_only=True))
    write_detector(student, arguments.out)
    print(arguments.out, arguments.out.stat().st_size)


def write_detector(student: Student, out: Path) -> None:
    """Write a student as an ONNX file; any height and width."""
    axes = {"input": {2: "height", 3: "width"}} | {name: {1: "anchors"} for name in output_names()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Written(student).eval(),
            (torch.zeros(1, 3, 64, 96),),
            str(out),
            dynamo=False,
            opset_version=13,
            input_names=["input"],
            output_names=output_names(),
            dynamic_axes=axes,
        )


if __name__ == "__main__":
    main()
