"""Train the byte-pair merges of the text tower: python tokenizer.py DATA

Reads the sentences of the training captions, the names and definitions of LVIS (DATA/detic) and
the prompts of every label; writes merges.txt.gz beside this file in the form that open_clip's
SimpleTokenizer reads: a first line that is passed over, then one merge a line, no line feed at
the end (it would become a merge of nothing).
"""

import argparse
import gzip
import itertools
from collections import Counter
from pathlib import Path

import regex  # type: ignore[import-untyped]
from corpus import training_sentences
from open_clip.tokenizer import SimpleTokenizer, bytes_to_unicode

MERGES = 6400
WORDS = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
Pair = tuple[str, str]


def word_counts(sentences: list[str]) -> Counter[tuple[str, ...]]:
    """Count the words of sentences, each word as its bytes, the last marked as a word's end."""
    encode = bytes_to_unicode()
    counts: Counter[tuple[str, ...]] = Counter()
    for text, times in Counter(w for s in sentences for w in WORDS.findall(s.lower())).items():
        symbols = [encode[b] for b in text.encode("utf-8")]
        counts[(*symbols[:-1], symbols[-1] + "</w>")] += times
    return counts


def train_merges(counts: Counter[tuple[str, ...]], *, limit: int) -> list[Pair]:
    """Find the merges: at each step the most frequent pair of symbols, ties by the alphabet.

    Source: Sennrich, Haddow, Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016.
    """
    words = [list(word) for word in counts]
    times = list(counts.values())
    pairs: Counter[Pair] = Counter()
    where: dict[Pair, set[int]] = {}
    for number, word in enumerate(words):
        for pair in itertools.pairwise(word):
            pairs[pair] += times[number]
            where.setdefault(pair, set()).add(number)
    merges: list[Pair] = []
    while len(merges) < limit and pairs:
        best = max(pairs, key=lambda p: (pairs[p], p))
        if pairs[best] < 2:
            break
        merges.append(best)
        for number in where.pop(best):
            word = words[number]
            for pair in itertools.pairwise(word):
                pairs[pair] -= times[number]
            words[number] = word = _merged(word, best)
            for pair in itertools.pairwise(word):
                pairs[pair] += times[number]
                where.setdefault(pair, set()).add(number)
        del pairs[best]
    return merges


def _merged(word: list[str], pair: Pair) -> list[str]:
    out: list[str] = []
    for symbol in word:
        if out and (out[-1], symbol) == pair:
            out[-1] += symbol
        else:
            out.append(symbol)
    return out


def write_merges(merges: list[Pair], path: Path) -> None:
    """Write a merges file whose bytes depend on the merges alone."""
    lines = ["#artgen-compact merges, version 1", *(f"{a} {b}" for a, b in merges)]
    path.write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), mtime=0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    target = Path(__file__).with_name("merges.txt.gz")
    sentences = training_sentences(parser.parse_args().data)
    write_merges(train_merges(word_counts(sentences), limit=MERGES), target)
    print(f"{len(sentences)} sentences, vocabulary {SimpleTokenizer(bpe_path=str(target)).vocab_size}")
