"""A BERT encoder in plain torch.

Written out instead of taken from `transformers` for three reasons: one fused projection for query, key and value; the
last layer's query and key are handed out, so that a head can compute the attention of the few rows it needs instead
of keeping heads x length x length numbers; and a run time that does not wait seconds for a large import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# parts of a layer -> their names in a Hugging Face checkpoint; query, key and value are three there and one here
LAYER_NAMES = {
    "attend": "attention.output.dense",
    "attend_norm": "attention.output.LayerNorm",
    "expand": "intermediate.dense",
    "contract": "output.dense",
    "norm": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Sizes of a BERT-type encoder, named as in Hugging Face's `config.json`."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    type_vocab_size: int = 2
    layer_norm_eps: float = 1e-12


@dataclass(frozen=True, slots=True)
class States:
    """What one pass gives: `hidden` [B, L, H], the last layer's `query` and `key` [B, heads, L, H / heads]."""

    hidden: Tensor
    query: Tensor
    key: Tensor


class Layer(nn.Module):
    """One transformer block (post-norm, as in BERT)."""

    def __init__(self, config: EncoderConfig, dropout: float) -> None:
        super().__init__()
        width = config.hidden_size
        self.heads = config.num_attention_heads
        self.dropout = dropout
        self.project = nn.Linear(width, 3 * width)
        self.attend = nn.Linear(width, width)
        self.attend_norm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.expand = nn.Linear(width, config.intermediate_size)
        self.contract = nn.Linear(config.intermediate_size, width)
        self.norm = nn.LayerNorm(width, eps=config.layer_norm_eps)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Map hidden [B, L, H] to (hidden, query, key); `mask` [B, 1, 1, L] is true where a piece may be read."""
        batch, length, width = hidden.shape
        heads = self.project(hidden).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.attend(mixed.transpose(1, 2).reshape(batch, length, width))
        hidden = self.attend_norm(hidden + F.dropout(mixed, self.dropout, self.training))
        inner = self.contract(F.gelu(self.expand(hidden)))
        return self.norm(hidden + F.dropout(inner, self.dropout, self.training)), query, key


class Encoder(nn.Module):
    """Word pieces in, hidden states out; further input embeddings may be added to those of the pieces."""

    def __init__(self, config: EncoderConfig, dropout: float = 0.1) -> None:
        super().__init__()
        self.config = config
        self.dropout = dropout
        self.words = nn.Embedding(config.vocab_size, config.hidden_size)
        self.positions = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.layers = nn.ModuleList(Layer(config, dropout) for _ in range(config.num_hidden_layers))

    def forward(self, ids: Tensor, mask: Tensor | None = None, extra: Tensor | None = None) -> States:
        """Encode ids [B, L]; `mask` [B, L] is true on pieces and false on padding; `extra` [B, L, H] is added."""
        hidden = self._embed(ids, extra)
        wide = None if mask is None else mask[:, None, None, :]
        query = key = hidden
        for layer in self.layers:
            hidden, query, key = layer(hidden, wide)
        return States(hidden, query, key)

    def _embed(self, ids: Tensor, extra: Tensor | None) -> Tensor:
        embedded = self.words(ids) + self.positions.weight[: ids.shape[1]]
        if extra is not None:
            embedded = embedded + extra
        return F.dropout(self.norm(embedded), self.dropout, self.training)

    def layer_states(self, ids: Tensor, extra: Tensor | None = None) -> list[Tensor]:
        """What every layer says, from the lowest: hidden [B, L, H] each, for ids [B, L] without padding."""
        hidden, states = self._embed(ids, extra), []
        for layer in self.layers:
            hidden, _, _ = layer(hidden, None)
            states.append(hidden)
        return states


def from_hugging_face(
    config: Mapping[str, object], weights: Mapping[str, Tensor]
) -> tuple[EncoderConfig, dict[str, Tensor]]:
    """Translate a Hugging Face BERT checkpoint (config.json and state dict) into this encoder's config and state.

    Raises ValueError when the checkpoint is not of BERT type. Token type 0 is folded into the position embeddings.
    """
    if config.get("model_type", "bert") != "bert":
        raise ValueError(f"not a BERT-type checkpoint: {config.get('model_type')}")
    names = EncoderConfig.__dataclass_fields__
    ours = EncoderConfig(**{name: config[name] for name in names if name in config})  # type: ignore[arg-type]
    prefix = "bert." if any(name.startswith("bert.") for name in weights) else ""

    def take(name: str) -> Tensor:
        return weights[prefix + name].float()

    state = {
        "words.weight": take("embeddings.word_embeddings.weight"),
        "positions.weight": take("embeddings.position_embeddings.weight")
        + take("embeddings.token_type_embeddings.weight")[0],
        "norm.weight": take("embeddings.LayerNorm.weight"),
        "norm.bias": take("embeddings.LayerNorm.bias"),
    }
    for number in range(ours.num_hidden_layers):
        theirs = f"encoder.layer.{number}."
        for part in ("weight", "bias"):
            state[f"layers.{number}.project.{part}"] = torch.cat(
                [take(f"{theirs}attention.self.{name}.{part}") for name in ("query", "key", "value")]
            )
            for name, other in LAYER_NAMES.items():
                state[f"layers.{number}.{name}.{part}"] = take(f"{theirs}{other}.{part}")
    return ours, state
