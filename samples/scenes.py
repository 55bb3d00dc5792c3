"""The scenes of the sample title: each gives its picture at a moment, in seconds since it began."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from canvas import (
    COLUMNS,
    ENLARGED,
    HEIGHT,
    ROWS,
    WIDTH,
    Picture,
    clouds,
    color,
    eased,
    glow,
    graded,
    gradient,
    lettering,
    mix,
    photograph,
    polygon,
    sampled,
    shake,
    stars,
    view,
)
from numpy.typing import NDArray

Scene = Callable[[float], Picture]


@cache
def astronaut_matte() -> Picture:
    """What of the astronaut's photograph is she, 0..1, by GrabCut from a sketched outline."""
    around = polygon(
        "0,512 0,380 40,270 90,220 120,170 155,110 150,70 165,25 210,0 265,10 300,50 302,100 274,126 "
        "260,148 257,172 285,186 315,230 338,258 352,280 355,350 420,340 480,360 512,512"
    )
    core = polygon(
        "60,512 50,400 70,300 120,240 180,190 200,100 185,70 210,40 255,40 280,75 266,100 256,145 "
        "253,178 282,205 303,255 320,264 335,340 330,400 420,380 470,410 480,512"
    )
    small = cv2.resize(photograph("astronaut.png"), (512, 512), interpolation=cv2.INTER_AREA)
    mask = np.full((512, 512), cv2.GC_BGD, np.uint8)
    cv2.fillPoly(mask, [around], cv2.GC_PR_FGD)
    cv2.fillPoly(mask, [core], cv2.GC_FGD)
    cv2.setRNGSeed(1)
    photo, models = (small * 255).astype(np.uint8), (np.zeros((1, 65)), np.zeros((1, 65)))
    cv2.grabCut(photo, mask, None, *models, 8, cv2.GC_INIT_WITH_MASK)
    matte = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    matte = cv2.resize(
        cv2.erode(matte, np.ones((2, 2))), None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC
    )
    return np.clip(cv2.GaussianBlur(matte, (0, 0), 3.5), 0, 1)


def dawn(seconds: float) -> Picture:
    """Mountains in the haze before sunrise; the camera travels to the right."""
    picture = gradient(
        (0, (28, 38, 78)), (0.35, (94, 88, 134)), (0.6, (236, 156, 118)), (0.75, (255, 214, 160))
    )
    sun = 318 - 12 * seconds, 870 - 6 * seconds
    picture = mix(picture, color(255, 236, 200), 0.75 * glow(*sun, radius=190))
    picture = mix(
        picture, color(255, 250, 235), np.clip(38.5 - np.hypot(ROWS - sun[0], COLUMNS - sun[1]), 0, 1)
    )
    wisps = clouds(5, rows=2048, columns=512, cells=2)[:1100, 20:240]
    wisps = cv2.resize(wisps, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    picture = mix(
        picture, color(255, 186, 160), 0.5 * np.clip(wisps * 1.8 - 0.9, 0, 1) * np.clip(1 - ROWS / 430, 0, 1)
    )
    far, near = color(214, 150, 146), color(22, 24, 44)
    for layer in range(6):
        depth = layer / 5
        ridge = clouds(40 + layer, rows=16, columns=4096, cells=5 + layer, octaves=8)[7]
        ahead = 500 + 300 * layer + seconds * (4 + 34 * depth**1.5) + np.arange(WIDTH)
        crest = 430 + 50 * layer - (220 - 26 * layer) * np.interp(ahead, np.arange(4096), ridge)
        trees = 14 * pines(ahead) if layer == 5 else 0
        inside = np.clip(ROWS - crest[None] + trees + 0.5, 0, 1).astype(np.float32)
        haze = np.clip((ROWS - crest[None]) / 260, 0, 1) * (0.75 - 0.6 * depth)
        shade = mix(far, near, depth**0.8)
        picture = mix(picture, mix(np.broadcast_to(shade, picture.shape), color(250, 190, 160), haze), inside)
    return graded(picture, tint=(1, 1, 1), contrast=1.05)


def pines(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heights of a row of trees, 0..4, at positions along it."""
    heights = np.zeros_like(columns)
    for tree in np.random.default_rng(8).uniform((500, 5, 0.8), (4000, 17, 4), (420, 3)):
        heights = np.maximum(heights, tree[2] * (1 - np.abs(columns - tree[0]) / tree[1]))
    return heights


def title(seconds: float) -> Picture:
    """The title card."""
    width = 1450 - 8 * seconds
    night = view(stars(seed=3, count=900), center=(800, 450), width=width)
    night = 0.7 * night + gradient((0, (4, 6, 16)), (1, (16, 26, 56)))
    letters = lettering(("ASCENT", 340, 118, 46), ("A  SAMPLE  TITLE", 452, 22, 10))
    return np.clip(mix(night, color(244, 238, 224), letters), 0, 1)


def cat(seconds: float) -> Picture:
    """A cat at home, looking past the camera; the camera comes closer."""
    return graded(
        view(
            photograph("chelsea.png"),
            center=(676 + 10 * seconds, 428),
            width=1290 - 52 * seconds,
            shift=shake(seconds, pixels=3, seed=1),
        ),
        tint=(1.04, 1.0, 0.92),
        contrast=1.08,
    )


def coffee(seconds: float) -> Picture:
    """A cup of coffee in the morning, steaming; the camera passes over it."""
    center, width = (1000 - 40 * seconds, 520 - 22 * seconds), 1560.0
    picture = view(photograph("coffee.png"), center=center, width=width)
    cup_row, cup_column = (
        HEIGHT / 2 + WIDTH / width * (300 - center[1]),
        WIDTH / 2 + WIDTH / width * (880 - center[0]),
    )
    columns = 300 + (COLUMNS - cup_column) * 0.9 + 30 * np.sin(ROWS / 80 + seconds * 1.5)
    vapor = sampled(clouds(9, rows=1024, columns=1024, cells=6), ROWS * 0.5 + 110 * seconds, columns)
    height = (cup_row + 60 - ROWS) / 260
    plume = np.exp(-(((COLUMNS - cup_column) / (120 + 40 * height)) ** 2)) * np.clip(2 * height, 0, 1)
    picture = mix(picture, color(255, 246, 236), 0.6 * plume * np.clip(2.4 * vapor - 0.9, 0, 1))
    return graded(picture, tint=(1.02, 0.98, 0.9), contrast=1.1)


def portrait(seconds: float) -> Picture:
    """The astronaut before the flag and a model of the shuttle; a slow push."""
    return graded(
        view(
            photograph("astronaut.png"),
            center=(768 - 8 * seconds, 430 - 6 * seconds),
            width=1500 - 60 * seconds,
            shift=shake(seconds, pixels=2, seed=2),
        ),
        tint=(1.0, 0.98, 0.95),
        contrast=1.04,
        saturation=0.95,
    )


def cameraman(seconds: float) -> Picture:
    """A man behind a camera on a field, as an old newsreel; the camera pans to what he films."""
    picture = view(
        photograph("camera.png"),
        center=(640 + 60 * eased(seconds / 3), 420),
        width=1240,
        shift=shake(seconds, pixels=4, seed=3),
    )
    flicker = 1 + 0.02 * np.sin(31 * seconds) * np.sin(7 * seconds)
    return graded(picture * flicker, tint=(1.06, 0.98, 0.84), contrast=1.1)


def rocket_at_dusk(seconds: float) -> Picture:
    """The rocket on its pad in the last light; the camera comes closer."""
    plate = photograph("rocket.jpg")
    picture = view(plate, center=(960, 756), width=1860 - 60 * seconds)
    return graded(picture, tint=(1.05, 1.02, 1.02), contrast=1.12, saturation=1.1)


def astronaut_before(
    background: Picture, *, center: tuple[float, float], width: float, light: Picture, flip: bool
) -> Picture:
    """The astronaut cut out of her photograph, in other light, before a background."""
    plate, matte = photograph("astronaut.png"), astronaut_matte()
    if flip:
        plate, matte = np.ascontiguousarray(plate[:, ::-1]), np.ascontiguousarray(matte[:, ::-1])
    seen = view(plate, center=center, width=width)
    matte = view(matte, center=center, width=width, beyond=cv2.BORDER_CONSTANT)
    return mix(background, np.clip(seen * light, 0, 1), matte)


def at_the_pad(seconds: float) -> Picture:
    """The astronaut at dusk, the rocket out of focus behind her, its lights on her left."""
    plate = cv2.GaussianBlur(photograph("rocket.jpg"), (0, 0), 14)
    background = view(plate, center=(760 + 10 * seconds, 640), width=1500) * color(250, 250, 255)
    side = np.clip((COLUMNS - 300) / 900, 0, 1)
    light = mix(color(140, 156, 210), 1.2 * color(255, 232, 200), side[..., None])
    picture = astronaut_before(
        background, center=(1080 - 24 * seconds, 448), width=1640 - 36 * seconds, light=light, flip=True
    )
    return graded(picture, tint=(1, 1, 1.02), contrast=1.1)


@cache
def rocket_apart() -> tuple[Picture, Picture, Picture]:
    """The pad without its rocket, the rocket, and where it is; plates of the photograph."""
    plate = photograph("rocket.jpg")
    shape = np.zeros(plate.shape[:2], np.uint8)
    body = polygon("954,172 966,172 985,190 988,240 984,330 984,1238 934,1238 934,330 932,240 936,190")
    cv2.fillPoly(shape, [body], 255)
    around = cv2.dilate(shape, np.ones((31, 31)))
    small = [
        cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        for image in ((plate * 255).astype(np.uint8), around)
    ]
    filled = (
        cv2.inpaint(small[0], (small[1] > 0).astype(np.uint8), 6, cv2.INPAINT_TELEA).astype(np.float32) / 255
    )
    filled = cv2.resize(filled, plate.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    hole = cv2.GaussianBlur(around.astype(np.float32) / 255, (0, 0), 4)
    return mix(plate, filled, hole), plate, cv2.GaussianBlur(shape.astype(np.float32) / 255, (0, 0), 2)


def launch(seconds: float) -> Picture:
    """The rocket lifts off: fire, smoke, a shaking camera."""
    pad, plate, shape = rocket_apart()
    rise = 150 * max(seconds - 0.5, 0) ** 1.7
    lifted = np.array([[1.0, 0, 0], [0, 1.0, -rise]])
    rocket = cv2.warpAffine(plate, lifted, plate.shape[1::-1], flags=cv2.INTER_LINEAR)
    where = cv2.warpAffine(shape, lifted, plate.shape[1::-1], flags=cv2.INTER_LINEAR)
    scene = mix(pad, rocket, where)
    scene[1235:] = mix(
        scene[1235:], color(16, 12, 16), np.linspace(0, 1, len(scene) - 1235, dtype=np.float32)[:, None, None]
    )
    scene = cv2.copyMakeBorder(scene, 0, 200, 0, 0, cv2.BORDER_REPLICATE)
    center, width = (960, 870 - 0.6 * rise), 1780.0
    shift = shake(seconds * 4, pixels=5 * min(seconds, 1), seed=4)
    picture = view(scene, center=center, width=width, shift=shift)
    scale = WIDTH / width
    nozzle = HEIGHT / 2 + scale * (1238 - rise - center[1]) + shift[1]
    ground = HEIGHT / 2 + scale * (1238 - center[1]) + shift[1]
    column = WIDTH / 2 + shift[0]
    power = eased(seconds / 0.8) * (1 + 0.06 * np.sin(40 * seconds))
    below = ROWS - nozzle
    length = 60 + 190 * power
    flame = (
        np.exp(-(((COLUMNS - column) / (9 + 0.1 * np.clip(below, 0, None))) ** 2))
        * (below > 0)
        * np.exp(-np.clip(below, 0, None) / length)
    )
    noise = clouds(12, rows=1024, columns=1024, cells=6)
    billow = sampled(noise, ROWS * 0.7 + 60 * seconds, np.abs(COLUMNS - column) * 0.6 - 70 * seconds)
    spread, tall = 110 + 330 * eased(seconds / 2.2), 46 + 90 * eased(seconds / 2.2)
    mound = ((COLUMNS - column) / spread) ** 2 + ((ROWS - ground) / tall) ** 2
    smoke = np.clip(1.4 - mound + 2.6 * (billow - 0.55), 0, 1) * min(1, seconds / 0.6)
    lit = np.clip(glow(ground, column, radius=260)[..., None] * 1.2, 0, 1)
    shade = mix(color(120, 112, 124), color(255, 206, 140), lit) * (0.55 + 0.6 * billow[..., None])
    picture = mix(picture, np.clip(shade, 0, 1), 0.95 * smoke)
    picture = picture + power * (0.55 * glow(nozzle, column, radius=150)[..., None] * color(255, 170, 84))
    picture = picture + power * (0.95 * flame[..., None] * color(255, 226, 170) * 1.6)
    return graded(np.clip(picture, 0, 1), tint=(1.04, 1, 0.98), contrast=1.08)


def above_the_clouds(seconds: float) -> Picture:
    """Flying over a sea of clouds at sunset."""
    horizon = 300.0
    picture = gradient(
        (0, (30, 52, 110)), (0.25, (120, 130, 176)), (0.42, (255, 190, 130)), (1, (255, 170, 120))
    )
    picture = mix(picture, color(255, 240, 205), 0.9 * glow(horizon - 8, 820, radius=120))
    distance = 26000 / np.clip(ROWS - horizon + 14, 14, None)
    texture = clouds(21, rows=4096, columns=4096, cells=24, octaves=5)
    rows, columns = 4 * distance - 300 * seconds, (COLUMNS - 820) * distance / 150
    lumps, toward = sampled(texture, rows, columns), sampled(texture, rows + 30, columns)
    relief = np.clip(0.5 + 3.2 * (lumps - toward), 0, 1)
    cloud = mix(
        np.broadcast_to(color(92, 84, 130), picture.shape),
        color(255, 214, 176),
        np.clip(0.75 * relief + 0.35 * lumps, 0, 1),
    )
    depth = np.exp(-(ROWS - horizon) / 130)
    cloud = mix(cloud, color(255, 196, 140), np.clip(depth, 0, 1))
    picture = mix(picture, cloud, np.clip((ROWS - horizon) / 3, 0, 1))
    picture = picture + 0.25 * glow(horizon, 820, radius=260)[..., None] * color(255, 180, 110)
    return graded(np.clip(picture, 0, 1), tint=(1, 1, 1), contrast=1.06)


def earth(seconds: float) -> Picture:
    """The Earth from orbit, turning under the camera."""
    radius, middle_row, middle_column = 1150.0, 1330.0 - 6 * seconds, 560.0
    across, down = (COLUMNS - middle_column) / radius, (ROWS - middle_row) / radius
    reach = np.hypot(across, down)
    out = np.sqrt(np.clip(1 - reach**2, 0, 1))
    angle = np.arcsin(np.clip(reach, 0, 1)) / np.maximum(reach, 1e-6)
    rows, columns = 900 * down * angle + 30 * seconds, 900 * across * angle + 700
    land = sampled(clouds(31, rows=2048, columns=4096, cells=7, octaves=9), rows, columns)
    cover = sampled(clouds(32, rows=2048, columns=4096, cells=16, octaves=9), rows, columns + 6 * seconds)
    swirl = sampled(clouds(33, rows=2048, columns=4096, cells=7, octaves=4), rows, columns + 4 * seconds)
    ground = mix(
        np.broadcast_to(color(96, 104, 62), (*land.shape, 3)),
        color(176, 142, 96),
        np.clip(3 * land - 1.7, 0, 1),
    )
    globe = mix(np.broadcast_to(color(10, 42, 96), ground.shape), ground, np.clip((land - 0.56) * 26, 0, 1))
    globe = mix(globe, color(250, 250, 252), np.clip(2.6 * cover * swirl - 0.62, 0, 1) ** 1.2)
    globe = mix(globe, color(120, 178, 255), 0.62 * np.clip(reach, 0, 1) ** 9)
    sunlight = np.clip(0.62 * across - 0.62 * down + 0.48 * out + 0.12, 0.02, 1)
    sky = 0.8 * view(stars(seed=6, count=1500), center=(800 + 2 * seconds, 450), width=1500)
    edge = np.clip((1 - reach) * radius + 0.5, 0, 1)
    air = np.exp(-np.clip(reach - 1, 0, None) * radius / 26) * np.clip(
        0.62 * across - 0.62 * down + 0.25, 0, 1
    )
    picture = mix(sky, globe * sunlight[..., None], edge)
    picture = picture + (air * (1 - edge))[..., None] * color(110, 170, 255) * 0.9
    return graded(np.clip(picture, 0, 1), tint=(1, 1, 1), contrast=1.08)


def deep_field(seconds: float) -> Picture:
    """Galaxies; a slow flight into them."""
    width = 2500 * 0.955**seconds
    picture = view(photograph("hubble_deep_field.jpg"), center=(1540, 1260), width=width)
    return graded(picture, tint=(1.02, 1, 1.06), contrast=1.15, saturation=1.15)


def in_orbit(seconds: float) -> Picture:
    """The astronaut close, before the window; the Earth's light on her face."""
    background = cv2.GaussianBlur(earth(seconds + 2), (0, 0), 7)
    side = np.clip(1.15 - COLUMNS / 1100, 0, 1)
    light = mix(color(104, 116, 168), 1.12 * color(255, 246, 238), side[..., None]) * (
        1.05 - 0.25 * ROWS[..., None] / HEIGHT
    )
    picture = astronaut_before(
        background,
        center=(700 - 10 * seconds, 345 - 3 * seconds),
        width=1010 - 26 * seconds,
        light=light,
        flip=False,
    )
    return graded(picture, tint=(1.02, 1, 1), contrast=1.08)


def credits_card(seconds: float) -> Picture:
    """Who made the pictures."""
    letters = lettering(
        ("PHOTOGRAPHS", 232, 20, 10),
        ("NASA   -   SpaceX   -   NASA / ESA Hubble", 296, 30, 1),
        ("Lav Varshney   -   Rachel Michetti   -   Stefan van der Walt", 344, 30, 1),
        ("PUBLIC DOMAIN AND CC0", 452, 20, 10),
    )
    return mix(gradient((0, (5, 6, 12)), (1, (12, 18, 36))), color(226, 222, 212), letters)
