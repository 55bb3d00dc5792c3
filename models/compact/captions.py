"""What a training picture may be called: templates for every set, and prompts for every class.

Labels become sentences close to those that a tagger asks with ("a film still of a kitchen"), so
that words learned from photographs carry over to film. Captions of people (Flickr8k, COCO) are
taken as they are.
"""

import random

PLACES = ("a film still of {a}", "a photo of {a}", "a wide shot of {a}", "{a}", "a scene in {a}",
          "an establishing shot of {a}", "inside or near {a}")  # fmt: skip
THINGS = ("a photo of {a}", "{a}", "a film still of {a}", "a close-up of {a}", "a picture showing {a}")
SPORTS = ("a photo of {}", "people doing sport: {}", "{}", "a film still of people at {}", "a person at {}")
PLAIN = ("{}", "a film still of {}", "a photo of {}")
POSTERS = ("a film poster, {}", "poster of a {} film", "{} film", "key art of a {} movie", "a {} movie")
STYLES = {
    "photo": ("a photo of {a}", "a photograph of {a}", "a film still of {a}", "{a}"),
    "cartoon": ("a cartoon of {a}", "a cartoon {}", "an animated {}", "a drawn {} in an animated film"),
    "painting": ("a painting of {a}", "{a}, painted", "an oil painting of {a}"),
    "sketch": ("a pencil sketch of {a}", "a line drawing of {a}", "{a}, black lines on white paper"),
}
EXPRESSIONS = {
    "happy": ("a smiling face", "a close-up of a smiling person", "a happy face", "a person laughing",
              "a laughing face", "a close-up of a happy person", "joy on a face"),
    "sad": ("a sad face", "a close-up of a sad person", "a person who looks sad", "sorrow on a face",
            "an unhappy face"),
    "angry": ("an angry face", "a close-up of an angry person", "a person shouting in anger", "rage on a face"),
    "frightened": ("a frightened face", "a close-up of a scared person", "fear on a face", "a terrified person"),
    "surprised": ("a surprised face", "a close-up of a surprised person", "a person in shock", "an astonished face"),
    "disgusted": ("a disgusted face", "a close-up of a disgusted person", "disgust on a face"),
    "contemptuous": ("a contemptuous face", "a person who looks down on somebody"),
    "calm": ("a calm face", "a serious face", "a face with a neutral expression", "a portrait of a calm person"),
}  # fmt: skip
ANY_FACE = ("a close-up of a face", "a face", "a portrait of a person", "a film still, a close-up of a face")
SAYINGS = {
    "fire": ("a fire with smoke and flames", "a big fire burning", "flames and smoke", "an explosion of fire and smoke",
             "a film still of a burning forest"),
    "fight": ("people fighting", "two men fighting", "a violent fight", "men hitting each other in the street",
              "a fight seen by a security camera"),
    "no fight": ("people standing and walking", "a street seen by a security camera", "people talking quietly"),
    "title card": ("a title card with text", "a film title card with text", "the title of a film in large letters",
                   "text on a dark background", "words on the screen"),
    "credits": ("film credits", "the end credits of a film", "a list of names in white text on black",
                "rolling credits with many lines of text"),
    "text over picture": ("a title over a picture", "opening credits over a picture", "a picture with text over it",
                          "large letters over a film still"),
    "black frame": ("a black frame", "an empty black screen", "a completely dark picture"),
    "fog": ("fog", "a foggy landscape", "a misty morning", "a film still in thick fog"),
    "rain": ("rain", "a rainy day", "rain falling", "a film still in the rain"),
    "sunrise or sunset": ("sunrise or sunset", "a sunset", "a sunrise", "a film still of a sunset sky"),
    "sunshine": ("sunshine", "a sunny day", "bright sun in the sky", "a film still on a sunny day"),
    "a cloudy sky": ("a cloudy sky", "clouds", "an overcast day", "a film still of a cloudy sky"),
}  # fmt: skip
TEMPLATES = {
    "miniplaces": PLACES,
    "scenes15": PLACES,
    "sports100": SPORTS,
    "caltech101": THINGS,
    "imagenette": THINGS,
    "tiny-imagenet": THINGS,
    "imagenet-1000": THINGS,
    "coco-mini": THINGS,
    "posters": POSTERS,
}
CLASS_SETS = ("miniplaces", "sports100", "caltech101", "imagenette", "tiny-imagenet", "fer2013", "faces-web")
"""Sets in which each picture has one of a closed list of labels: they train on class prompts too."""


def with_article(words: str) -> str:
    """Put "a" or "an" before words that want one."""
    first = words.split(" ", maxsplit=1)[0]
    plural = words.endswith("s") and not words.endswith(("ss", "us", "is"))
    if plural or first in {"a", "an", "the", "inside"}:
        return words
    return ("an " if words[:1] in "aeiou" else "a ") + words


def templates_of(set_name: str, label: str) -> tuple[str, ...]:
    """Sentences for one label of one set; "{}" stands for the label, "{a}" for it with its article."""
    if set_name == "pacs":
        return STYLES[label.split("|", maxsplit=1)[0]]
    if set_name in {"fer2013", "faces-web", "ck48"}:
        return EXPRESSIONS[label]
    if label in SAYINGS:
        return SAYINGS[label]
    return TEMPLATES.get(set_name, PLAIN)


def fill(template: str, words: str) -> str:
    """Set the words of a label into a template."""
    return template.replace("{a}", with_article(words)).replace("{}", words)


def caption(set_name: str, label: str, rng: random.Random) -> str:
    """One sentence for a labelled picture, chosen by chance.

    Args:
        set_name: id of its set in the manifest.
        label: its label; several genres of a poster, or style and thing of PACS, are joined by "|".
        rng: where chance comes from.
    """
    words = label.rsplit("|", maxsplit=1)[-1] if set_name == "pacs" else label
    if set_name == "posters":
        genres = label.split("|")
        words = " ".join(rng.sample(genres, min(len(genres), rng.choice((1, 1, 2)))))
    if label in EXPRESSIONS and rng.random() < 0.15:
        return rng.choice(ANY_FACE)
    return fill(rng.choice(templates_of(set_name, label)), words)


def of_the_look(text: str, *, gray: bool, dark: bool, night: bool, rng: random.Random) -> str:
    """Say in a caption, now and then, what can be seen of light and color.

    Args:
        text: the caption.
        gray: the picture has no color.
        dark: it is low key or underexposed.
        night: it shows the outdoors by night.
        rng: where chance comes from.
    """
    text = text.rstrip(" .")
    if night and rng.random() < 0.7:
        return rng.choice((f"{text} at night", f"a night scene, {text}", f"{text}, outdoors at night"))
    if gray and rng.random() < 0.5:
        return rng.choice((f"{text}, in black and white", f"a black and white film still, {text}",
                           f"a black and white picture of {text}"))  # fmt: skip
    if dark and rng.random() < 0.5:
        return rng.choice((f"{text} in the dark", f"a dark scene, {text}", f"a dark and gloomy shot of {text}",
                           f"{text}, low light"))  # fmt: skip
    if rng.random() < 0.08:
        return rng.choice((f"a film still, {text}", f"a movie scene: {text}", f"a frame from a film, {text}"))
    return text
