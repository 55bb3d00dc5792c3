"""The bundled compact CLIP: that it loads as any OpenCLIP model, says what it is, and sees; and how it is made."""

import gzip
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

COMPACT = Path(__file__).resolve().parent.parent.parent / "models" / "compact"
sys.path.append(str(COMPACT))

from captions import caption, of_the_look, with_article  # noqa: E402
from evaluate import average_precision, hit_within, interval  # noqa: E402
from film_look import give_film_look, is_gray  # noqa: E402
from loss import contrast, mean_the_same  # noqa: E402
from title_cards import SIDE, draw_card  # noqa: E402
from tokenizer import train_merges, word_counts, write_merges  # noqa: E402
from towers import encode_text  # noqa: E402

Ranking = Callable[[Image.Image, list[str]], list[str]]


@pytest.fixture(scope="module")
def model() -> open_clip.CLIP:
    return open_clip.create_model_from_pretrained(f"local-dir:{COMPACT}", return_transform=False).eval()


@pytest.fixture(scope="module")
def tokenize() -> Callable[[list[str]], torch.Tensor]:
    return open_clip.get_tokenizer(f"local-dir:{COMPACT}", bpe_path=str(COMPACT / "merges.txt.gz"))


@pytest.fixture(scope="module")
def ranked(model: open_clip.CLIP, tokenize: Callable[[list[str]], torch.Tensor]) -> Ranking:
    """Prompts in the order in which the model finds them right for a picture, best first."""
    preprocess = open_clip.create_model_from_pretrained(f"local-dir:{COMPACT}")[1]

    def rank(picture: Image.Image, prompts: list[str]) -> list[str]:
        with torch.inference_mode():
            image = model.encode_image(preprocess(picture)[None], normalize=True)
            cosines = (model.encode_text(tokenize(prompts), normalize=True) @ image[0]).tolist()
        return [prompt for _, prompt in sorted(zip(cosines, prompts, strict=True), reverse=True)]

    return rank


def test_card_says_what_lies_beside_it() -> None:
    card = json.loads((COMPACT / "card.json").read_text(encoding="utf-8"))
    weights = (COMPACT / "model.safetensors").read_bytes()
    config = json.loads((COMPACT / "open_clip_config.json").read_text(encoding="utf-8"))["model_cfg"]

    assert card["id"] == "artgen-compact"
    assert card["sha256"] == hashlib.sha256(weights).hexdigest()
    assert card["bytes"] == len(weights) <= 12_000_000
    assert card["embed_dim"] == config["embed_dim"]
    assert card["image_size"] == config["vision_cfg"]["image_size"]


def test_vocabulary_of_the_config_is_that_of_the_merges(
    model: open_clip.CLIP, tokenize: Callable[[list[str]], torch.Tensor]
) -> None:
    tokens = tokenize(["a film still of a kitchen", "Äpfel, 東京 & ☃!"])

    assert tokens.shape == (2, 32)
    assert model.token_embedding.num_embeddings == tokenize.vocab_size  # type: ignore[attr-defined]
    assert int(tokens.max()) == tokenize.vocab_size - 1  # type: ignore[attr-defined]  # end of text


def test_text_vectors_do_not_depend_on_the_padding(
    model: open_clip.CLIP, tokenize: Callable[[list[str]], torch.Tensor]
) -> None:
    tokens = tokenize(["a kitchen", "two people kissing on a bridge at night in the rain"])

    with torch.inference_mode():
        cosines = (encode_text(model, tokens) * model.encode_text(tokens, normalize=True)).sum(1)

    assert cosines.min() > 0.999  # bfloat16 in training


def test_lettering_on_black_is_a_title_card_and_nothing_is_a_black_screen(ranked: Ranking) -> None:
    prompts = ["a film title card with text", "an empty black screen", "a kitchen", "a forest", "a face"]
    picture = Image.new("RGB", (640, 360))
    assert ranked(picture, prompts)[0] == "an empty black screen"

    ImageDraw.Draw(picture).text(
        (320, 180), "THE LAST\nHARBOR", "white", ImageFont.load_default(70), anchor="mm"
    )
    assert ranked(picture, prompts)[0] == "a film title card with text"


@pytest.mark.parametrize(
    ("file", "seconds", "right", "wrong"),
    [
        ("sintel_trailer_52s.mp4", 39, "a desert", "a forest"),
        ("chaplin_10s.mp4", 5, "a black and white film still", "a color picture"),
        ("big_buck_bunny_360p.mp4", 590, "film credits", "an animal in the grass"),
    ],
)
def test_real_films_are_seen_for_what_they_are(
    shared_media: Path, ranked: Ranking, file: str, seconds: float, right: str, wrong: str
) -> None:
    import av

    with av.open(str(shared_media / "titles" / file)) as film:
        film.seek(int(seconds * 1_000_000))
        frame = next(film.decode(video=0))
        picture = Image.fromarray(frame.to_ndarray(format="rgb24"))

    assert ranked(picture, [right, wrong])[0] == right


def test_merges_join_the_most_frequent_pairs_and_keep_the_words_end() -> None:
    merges = train_merges(word_counts(["low low low lower", "low"]), limit=3)

    assert merges[:2] == [("l", "o"), ("lo", "w</w>")]


def test_a_merges_file_is_read_back_whole(tmp_path: Path) -> None:
    write_merges([("l", "o"), ("lo", "w</w>")], tmp_path / "merges.txt.gz")
    tokenizer = open_clip.SimpleTokenizer(bpe_path=str(tmp_path / "merges.txt.gz"))

    assert tokenizer.vocab_size == 512 + 2 + 2
    assert tokenizer.encode("low") == [513]
    assert gzip.decompress((tmp_path / "merges.txt.gz").read_bytes()).count(b"\n") == 2


def test_captions_say_the_label_and_the_look() -> None:
    rng = random.Random(1)

    assert with_article("office") == "an office"
    assert with_article("stairs") == "stairs"
    assert all("kitchen" in caption("miniplaces", "kitchen", rng) for _ in range(20))
    assert any("cartoon" in caption("pacs", "cartoon|dog", rng) for _ in range(20))
    looks = Counter(of_the_look("a dog", gray=True, dark=False, night=False, rng=rng) for _ in range(300))
    assert 0.35 < sum(n for text, n in looks.items() if "black and white" in text) / 300 < 0.65


def noise(side: int = 160) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (side, side, 3), dtype=np.uint8)


def test_film_look_repeats_by_its_seed_and_reports_gray() -> None:
    looks = [give_film_look(noise(), side=64, mirror=True, rng=random.Random(n)) for n in range(60)]
    again = give_film_look(noise(), side=64, mirror=True, rng=random.Random(7))

    assert np.array_equal(again.picture, looks[7].picture)
    assert all(look.picture.shape == (64, 64, 3) for look in looks)
    assert 0 < sum(look.gray for look in looks) < 20
    assert is_gray(np.full((8, 8, 3), 90, dtype=np.uint8))


def test_cards_carry_lettering_unless_black(tmp_path: Path) -> None:
    fonts = [tmp_path / "font.ttf"]
    fonts[0].write_bytes(ImageFont.load_default(20).path.getvalue())  # the one that Pillow carries
    drawn = {
        kind: draw_card(kind, backdrop=noise(), words=["harbor", "night"], fonts=fonts, rng=random.Random(2))
        for kind in ("title card", "credits", "black frame")
    }

    assert all(card.shape == (SIDE, SIDE, 3) for card in drawn.values())
    assert drawn["black frame"].max() < 20
    assert drawn["title card"].max() > 100
    assert drawn["credits"].max() > 100


def test_same_meaning_is_no_negative() -> None:
    meanings = torch.eye(3)
    labels = [
        ("posters", frozenset({"war", "drama"})),
        ("posters", frozenset({"war"})),
        ("pacs", frozenset({"war"})),
    ]

    same = mean_the_same(meanings, labels)

    assert same.tolist() == [[True, True, False], [True, True, False], [False, False, True]]
    vectors = torch.eye(3)[[0, 0, 1]]
    apart = contrast(vectors, vectors, scale=torch.tensor(20.0), same=torch.eye(3, dtype=torch.bool))
    assert contrast(vectors, vectors, scale=torch.tensor(20.0), same=same) < 0.01 < apart


def test_figures_are_what_they_say() -> None:
    scores = np.array([[0.9, 0.1, 0.5], [0.2, 0.3, 0.4]], dtype=np.float32)

    assert hit_within(scores, np.array([2, 2]), 1).tolist() == [0, 1]
    assert hit_within(scores, np.array([2, 1]), 2).tolist() == [1, 1]
    ranking = np.array([0.9, 0.8, 0.1], dtype=np.float32)
    assert average_precision(ranking, np.array([True, False, True])) == pytest.approx((1 + 2 / 3) / 2)
    figure = interval(np.array([0.0, 1.0] * 50))
    assert figure["low"] < figure["value"] == 0.5 < figure["high"]
