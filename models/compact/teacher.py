"""A sentence encoder, all-MiniLM-L6-v2, as a teacher of what words mean.

Read with plain torch: a BERT of six layers, its WordPiece tokenizer, the mean of the token vectors.
Weights: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, from the folder of the model.
"""

import itertools
import unicodedata
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, LAYERS, HEADS, MAX_TOKENS = 384, 6, 12, 48


class SentenceEncoder:
    """Turns sentences into unit vectors of 384 numbers."""

    def __init__(self, folder: Path) -> None:
        """Load vocab.txt and model.safetensors of a folder."""
        vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        self._ids = {word: number for number, word in enumerate(vocabulary)}
        state = load_file(folder / "model.safetensors")
        self._words = state["embeddings.word_embeddings.weight"]
        self._places = (
            state["embeddings.position_embeddings.weight"]
            + state["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = (state["embeddings.LayerNorm.weight"], state["embeddings.LayerNorm.bias"])
        self._layers = nn.ModuleList(_layer(state, f"encoder.layer.{n}.") for n in range(LAYERS)).eval()
        self._layers.bfloat16()

    def tokens(self, text: str) -> list[int]:
        """WordPiece ids of a sentence, between [CLS] and [SEP]."""
        plain = unicodedata.normalize("NFD", text.lower())
        spaced = "".join(
            f" {c} " if not (c.isalnum() or c.isspace()) else c
            for c in plain
            if unicodedata.category(c) != "Mn"
        )
        ids = [i for word in spaced.split() for i in self._pieces(word)]
        return [self._ids["[CLS]"], *ids[: MAX_TOKENS - 2], self._ids["[SEP]"]]

    def _pieces(self, word: str) -> list[int]:
        pieces, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            ends = (e for e in range(len(word), start, -1) if prefix + word[start:e] in self._ids)
            end = next(ends, None)
            if end is None:
                return [self._ids["[UNK]"]]
            pieces.append(self._ids[prefix + word[start:end]])
            start = end
        return pieces

    @torch.inference_mode()
    def encode(self, sentences: list[str], *, batch: int = 256) -> NDArray[np.float32]:
        """Unit vectors of sentences, (n, 384) float32."""
        tokens = [self.tokens(s) for s in sentences]
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        out = np.empty((len(tokens), WIDTH), dtype=np.float32)
        for _, alike in itertools.groupby(order, key=lambda i: len(tokens[i])):  # so that nothing is padded
            numbers = list(alike)
            for start in range(0, len(numbers), batch):
                chosen = numbers[start : start + batch]
                out[chosen] = self._forward(torch.tensor([tokens[i] for i in chosen])).numpy()
        return out

    def _forward(self, ids: Tensor) -> Tensor:
        x = self._words[ids] + self._places[: ids.shape[1]]
        x = functional.layer_norm(x, (WIDTH,), *self._norm, eps=1e-12).bfloat16()
        for layer in self._layers:
            x = layer(x)
        return functional.normalize(x.float().mean(1), dim=-1)


def _layer(state: dict[str, Tensor], prefix: str) -> nn.TransformerEncoderLayer:
    """One BERT layer in torch's own form."""
    layer = nn.TransformerEncoderLayer(
        WIDTH, HEADS, 4 * WIDTH, dropout=0.0, activation="gelu", layer_norm_eps=1e-12, batch_first=True
    )
    names = {
        "self_attn.out_proj": "attention.output.dense", "norm1": "attention.output.LayerNorm",
        "linear1": "intermediate.dense", "linear2": "output.dense", "norm2": "output.LayerNorm",
    }  # fmt: skip
    ours: dict[str, Tensor] = {}
    for kind in ("weight", "bias"):
        ours |= {f"{new}.{kind}": state[f"{prefix}{old}.{kind}"] for new, old in names.items()}
        parts = [state[f"{prefix}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
        ours[f"self_attn.in_proj_{kind}"] = torch.cat(parts)
    layer.load_state_dict(ours)
    return layer
