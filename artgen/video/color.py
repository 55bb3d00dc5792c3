"""What a film's samples mean: its color tags, and what is assumed where tags are missing."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from av.video.frame import VideoFrame

from artgen.errors import InputError
from artgen.records import Color
from artgen.video.tonemap import HDR_TRANSFERS, method_of

# ITU-T H.273, tables 2-4: code points to the names FFmpeg and others use.
MATRICES = {
    0: "rgb", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco",
    9: "bt2020nc", 10: "bt2020c", 14: "ictcp", 15: "ipt-c2",
}  # fmt: skip
PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
    10: "smpte428", 11: "smpte431", 12: "smpte432", 22: "ebu3213",
}  # fmt: skip
TRANSFERS = {
    1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100",
    10: "log316", 11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12",
    16: "smpte2084", 17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
_FULL_RANGE_CODE, _LIMITED_RANGE_CODE = 2, 1
_UNSHOWABLE_MATRICES = ("ycgco", "ictcp", "ipt-c2")
# FFmpeg's AVDOVIMetadata begins with the offset of its AVDOVIRpuDataHeader; of that: profile, full range.
_DOVI_OFFSET, _DOVI_HEADER = struct.Struct("=Q"), struct.Struct("=4xB5xB")
_SD_MAX_WIDTH, _SD_MAX_HEIGHT = 1024, 576


def color_of(frame: VideoFrame) -> Color:
    """The color of a decoded frame, missing tags filled in as players do; `assumed` names those.

    Matrix: BT.2020 where transfer or primaries say so, else BT.601 up to 1024x576 and BT.709 above.
    Primaries: BT.2020 with its matrix, else BT.709. Transfer: BT.709. Range: limited, full for RGB and
    the JPEG variants of YUV.
    """
    assumed = []
    matrix = MATRICES.get(frame.colorspace)
    primaries = PRIMARIES.get(frame.color_primaries)
    transfer = TRANSFERS.get(frame.color_trc)
    is_rgb = frame.format.is_rgb or frame.format.name.startswith("pal")
    if is_rgb:
        matrix = "rgb"
    elif matrix is None or matrix == "rgb":
        assumed.append("matrix")
        is_wide = primaries == "bt2020" or transfer in HDR_TRANSFERS
        is_small = frame.width <= _SD_MAX_WIDTH and frame.height <= _SD_MAX_HEIGHT
        matrix = "bt2020nc" if is_wide else "smpte170m" if is_small else "bt709"
    if primaries is None:
        assumed.append("primaries")
        primaries = "bt2020" if matrix.startswith("bt2020") or transfer in HDR_TRANSFERS else "bt709"
    if transfer is None:
        assumed.append("transfer")
        transfer = "bt709"
    value_range: Literal["limited", "full"] = "full" if is_rgb else "limited"
    if frame.color_range == _FULL_RANGE_CODE or frame.format.name.startswith("yuvj"):
        value_range = "full"
    elif frame.color_range != _LIMITED_RANGE_CODE and not is_rgb:
        assumed.append("range")
    return Color(
        matrix=matrix,
        primaries=primaries,
        transfer=transfer,
        range=value_range,
        bit_depth=max((part.bits for part in frame.format.components), default=8),
        assumed=tuple(assumed),
        tone_mapping=method_of(transfer),
    )


def refuse_unshowable(path: Path, frame: VideoFrame) -> None:
    """Refuse colors that would come out false, such as green and purple Dolby Vision.

    Raises:
        InputError: Dolby Vision without a base picture for other screens (profile 5), or a matrix that is
            not known here.
    """
    metadata = cast("Mapping[str, Any]", frame.side_data).get("DOVI_METADATA")
    if metadata is not None and is_dolby_vision_only(bytes(metadata)):
        raise InputError(
            f"{path} is Dolby Vision profile 5, whose colors only Dolby's own players can show; give a copy "
            "in HDR10, HLG or SDR."
        )
    matrix = MATRICES.get(frame.colorspace)
    if matrix in _UNSHOWABLE_MATRICES:
        raise InputError(f"{path} has {matrix} colors, which artgen cannot show; convert it to BT.709.")


def is_dolby_vision_only(metadata: bytes) -> bool:
    """Whether FFmpeg's parsed Dolby Vision metadata is of profile 5: RPU profile 0 on a full-range base."""
    if len(metadata) < _DOVI_OFFSET.size:
        return False
    header = _DOVI_OFFSET.unpack_from(metadata)[0]
    if header + _DOVI_HEADER.size > len(metadata):
        return False
    vdr_rpu_profile, full_range = _DOVI_HEADER.unpack_from(metadata, header)
    return bool(vdr_rpu_profile == 0 and full_range == 1)
