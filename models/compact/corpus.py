"""Sentences that the text tower learns from: captions, names of things, and film scenes in words.

The scenes are put together by chance from who, what and where, so that words which no training
picture has a label for (a kiss, an explosion, a chase) get a place near words that have one. The
sentence encoder in teacher.py says where; nothing here pairs them with pictures.
"""

import json
import random
from pathlib import Path

from captions import EXPRESSIONS, SAYINGS, fill, templates_of, with_article
from data import read_index

SEED = 11
SCENES = 24_000
WHO = ("a man", "a woman", "a couple", "two men", "two women", "a child", "children", "a boy", "a girl", "a family",
       "an old man", "an old woman", "a crowd of people", "people", "friends", "soldiers", "police officers",
       "a detective", "a criminal", "a doctor", "a nurse", "a teacher", "students", "a dancer", "musicians", "a singer",
       "a cowboy", "a knight", "a king", "a queen", "a princess", "a wizard", "a monster", "a ghost", "a vampire",
       "a zombie", "an alien", "a robot", "an astronaut", "a superhero", "a villain", "a pirate", "a clown", "a bride",
       "a bride and groom", "lovers", "a mother and child", "a father and son", "a gangster", "a spy", "a cartoon animal",
       "an animated character", "a talking rabbit", "a dragon", "a dog", "a cat", "a horse", "a bird", "a man in a suit",
       "a woman in a dress", "a businessman", "a prisoner", "a priest", "a waiter", "a driver", "a baby")  # fmt: skip
DOES = ("kissing", "hugging", "embracing", "laughing", "smiling", "crying", "weeping", "screaming", "shouting",
        "arguing", "talking", "whispering", "talking on the phone", "fighting", "punching", "wrestling",
        "holding a gun", "shooting a gun", "aiming a rifle", "holding a knife", "fighting with swords", "running away",
        "being chased", "hiding", "falling", "jumping", "dancing", "singing", "playing music", "playing the guitar",
        "eating dinner", "drinking", "cooking", "smoking a cigarette", "sleeping", "reading a book", "writing",
        "working at a computer", "driving a car", "riding a horse", "riding a motorcycle", "walking", "standing alone",
        "looking out of a window", "looking at each other", "looking afraid", "looking sad", "looking angry",
        "looking surprised", "holding hands", "getting married", "celebrating", "praying", "waiting", "flying",
        "swimming", "climbing", "bleeding", "lying dead on the floor", "being arrested", "marching", "giving a speech",
        "playing", "doing magic", "in silhouette", "seen from behind", "in close-up", "in danger")  # fmt: skip
WHERE = ("", "", "", "in a kitchen", "in a bedroom", "in a living room", "in a bathroom", "in an office", "in a bar",
         "in a restaurant", "in a classroom", "in a hospital", "in a church", "in a prison cell", "in a courtroom",
         "in a corridor", "on a staircase", "on a stage", "in a nightclub", "at a party", "at a wedding",
         "at a funeral", "in a graveyard", "in a forest", "in the desert", "on a beach", "on a mountain", "in the snow",
         "in the rain", "in the fog", "at sunset", "at night", "in the dark", "in a city street", "in an alley",
         "on a rooftop", "on a bridge", "in a car", "on a train", "on a plane", "on a ship", "under water", "in space",
         "in a spaceship", "on a battlefield", "in a castle", "in a village", "on a farm", "in a garden", "by a river",
         "by a fire", "by candlelight", "in neon light", "in a laboratory", "in a warehouse", "in a stadium")  # fmt: skip
EVENTS = ("an explosion", "a fire", "a car chase", "a car crash", "a gunfight", "a sword fight", "a battle", "a war scene",
          "a kiss", "a close-up of a kiss", "a love scene", "a romantic scene", "a funny scene", "a comedy scene",
          "slapstick", "a tense scene", "a frightening scene", "a horror scene", "a sad scene", "a violent scene",
          "an action scene", "a fantasy scene", "a science fiction scene", "a western", "a musical number",
          "a documentary interview", "a news broadcast", "an animated film", "a computer animated film", "a cartoon",
          "an old black and white film", "a silent film", "a wide shot", "an extreme wide shot", "a medium shot",
          "a close-up", "an extreme close-up of eyes", "an aerial shot", "a shot from above", "a low angle shot",
          "a blurred picture", "a dark scene at night", "a bright sunny scene", "a candlelit room", "a silhouette",
          "a neon-lit street", "a city skyline", "a spaceship", "a planet seen from space", "blood", "a gun", "a knife",
          "a sword", "a bomb", "smoke", "lightning", "a storm", "an earthquake", "a flood", "an empty room",
          "a landscape", "a film title card with text", "film credits", "subtitles", "a logo of a film studio",
          "an empty black screen", "a poster", "tension", "joy", "grief", "loneliness", "romance", "mystery", "danger",
          "family", "friendship", "a film noir", "a thriller", "a crime film", "a drama", "an adventure film",
          "a war film", "a family film", "a horror film", "a comedy", "a romance", "a science fiction film")  # fmt: skip


def scene(rng: random.Random) -> str:
    """One film scene in words, put together by chance."""
    if rng.random() < 0.12:
        text = rng.choice(EVENTS)
    else:
        text = " ".join(part for part in (rng.choice(WHO), rng.choice(DOES), rng.choice(WHERE)) if part)
    form = rng.choice(("{}", "{}", "a film still of {}", "a photo of {}", "a movie scene of {}"))
    return fill(form, text)


def names_of_things(detic: Path) -> list[str]:
    """Names and definitions of the LVIS categories (Detic's metadata)."""
    out = []
    for entry in json.loads((detic / "lvis_v1_train_cat_info.json").read_text(encoding="utf-8")):
        names = [s.replace("_", " ").replace("(", "").replace(")", "") for s in entry["synonyms"]]
        out += (
            [with_article(n) for n in names]
            + [f"a photo of {with_article(n)}" for n in names]
            + [entry["def"]]
        )
    return out


def label_sentences(data: Path) -> list[str]:
    """Every template of every label of the training sets."""
    pairs = {(r.set_name, r.label) for r in read_index(data) if r.label}
    out = {fill(t, label.split("|")[-1]) for name, label in pairs for t in templates_of(name, label)}
    out |= {s for group in (*SAYINGS.values(), *EXPRESSIONS.values()) for s in group}
    return sorted(out)


def training_sentences(data: Path) -> list[str]:
    """All of it, in a fixed order; needs the packed index of data.py."""
    rng = random.Random(SEED)  # noqa: S311 - training, no secret
    spoken = [c for r in read_index(data) for c in r.captions]
    scenes = [scene(rng) for _ in range(SCENES)]
    return [*spoken, *names_of_things(data / "detic"), *label_sentences(data), *scenes, *EVENTS]
