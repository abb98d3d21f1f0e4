"""The encoder computes what transformers computes."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertModel

from kg.encode.encoder import Encoder, from_hugging_face


@pytest.fixture(scope="module")
def theirs() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=32,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False).eval()


@pytest.mark.parametrize("prefix", ["", "bert."])
def test_hidden_states_equal_those_of_transformers(theirs: BertModel, prefix: str) -> None:
    weights = {prefix + name: tensor for name, tensor in theirs.state_dict().items()}
    config, state = from_hugging_face(theirs.config.to_dict(), weights)
    encoder = Encoder(config).eval()
    encoder.load_state_dict(state)
    ids = torch.randint(0, 50, (2, 9))
    mask = torch.tensor([[True] * 9, [True] * 6 + [False] * 3])
    with torch.inference_mode():
        ours = encoder(ids, mask).hidden
        expected = theirs(input_ids=ids, attention_mask=mask.long()).last_hidden_state
    assert torch.allclose(ours[0], expected[0], atol=1e-5)
    assert torch.allclose(ours[1, :6], expected[1, :6], atol=1e-5)


def test_a_checkpoint_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="not a BERT-type checkpoint: gpt2"):
        from_hugging_face({"model_type": "gpt2"}, {})
