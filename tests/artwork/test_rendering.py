"""Artwork files have exactly the crop's pixels, an sRGB profile, well-formed provenance, and fixed bytes."""

import io
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from helpers.frames import draw
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from artgen.artwork import Provenance, render_variant
from artgen.artwork.provenance import NAMESPACE, xmp_packet
from artgen.artwork.render import srgb_profile
from artgen.records import ModelUsed

MODEL = ModelUsed("clip", "vit-b-32", "1", "ab" * 32, "MIT", "fp32", "cpu")
PROVENANCE = Provenance(
    "0.1.0",
    "film.mp4",
    "cd" * 32,
    "general/x-16x9",
    "00h00m02.000s",
    90,
    "1/45",
    2.0,
    (0, 20, 320, 200),
    (MODEL,),
)
PICTURE = draw([(100.0, 60.0, 160.0, 140.0)], seed=3)


def test_a_variant_is_its_crop_pixel_for_pixel_as_far_as_jpeg_keeps_it() -> None:
    image = Image.open(io.BytesIO(render_variant(PICTURE, (40, 10, 360, 190), PROVENANCE)))

    assert (image.format, image.size, image.mode) == ("JPEG", (320, 180), "RGB")
    difference = np.asarray(image).astype(int) - PICTURE[10:190, 40:360]
    assert np.abs(difference).mean() < 1.5


def test_chroma_is_not_subsampled() -> None:
    image = Image.open(io.BytesIO(render_variant(PICTURE, (0, 0, 320, 180), PROVENANCE)))

    assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]


def test_it_carries_an_srgb_profile() -> None:
    image = Image.open(io.BytesIO(render_variant(PICTURE, (0, 0, 320, 180), PROVENANCE)))

    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_two_processes_write_the_same_bytes() -> None:
    code = (
        "from artgen.artwork.render import srgb_profile; import hashlib, sys;"
        "sys.stdout.write(hashlib.sha256(srgb_profile()).hexdigest())"
    )
    import hashlib

    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout

    assert other == hashlib.sha256(srgb_profile()).hexdigest()
    assert srgb_profile()[24:36] == bytes.fromhex("07ea00010001000000000000")


def test_the_provenance_can_be_read_back() -> None:
    image = Image.open(io.BytesIO(render_variant(PICTURE, (0, 0, 320, 180), PROVENANCE)))

    description = ElementTree.fromstring(image.info["xmp"]).find(".//{*}Description")
    assert description is not None
    assert description.get(f"{{{NAMESPACE}}}filmSha256") == "cd" * 32
    assert description.get(f"{{{NAMESPACE}}}pts") == "90"
    assert description.get(f"{{{NAMESPACE}}}timeBase") == "1/45"
    assert description.get(f"{{{NAMESPACE}}}crop") == "0 20 320 200"
    assert [item.text for item in description.findall(".//{*}li")] == [f"clip: vit-b-32 1 sha256:{'ab' * 32}"]


@given(name=st.text(max_size=400))
def test_whatever_a_film_is_called_the_packet_is_well_formed(name: str) -> None:
    provenance = replace(PROVENANCE, film_name=name, models=(replace(MODEL, id=name),) * 40)

    packet = xmp_packet(provenance)

    ElementTree.fromstring(packet)
    assert len(packet) < 65_000


@pytest.mark.parametrize("crop", [(0, 0, 0, 10), (-1, 0, 10, 10), (0, 0, 641, 10), (5, 9, 10, 8)])
def test_a_crop_outside_the_picture_is_our_defect(crop: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not inside"):
        render_variant(PICTURE, crop, PROVENANCE)
