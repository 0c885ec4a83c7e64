"""The fine-tuned encoder as an ONNX file, its weights in eight bits, channel by channel."""

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from sfo_nlp.training.fit_encoder import Encoder


class _Body(nn.Module):
    """The encoder without its head: ids and mask to token vectors."""

    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.body = model.body

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        return self.body(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[no-any-return]


def export_encoder(model: Encoder, path: Path, *, quantise: bool = True) -> None:
    """Write `model`'s body to `path`; ``ids`` and ``mask`` (windows, tokens) in, (windows, tokens, hidden) out."""
    ids = torch.ones((2, 16), dtype=torch.int64)
    axes = {0: "windows", 1: "tokens"}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            _Body(model).eval(),
            (ids, ids),
            str(plain if quantise else path),
            input_names=["ids", "mask"],
            output_names=["hidden"],
            dynamic_axes={"ids": axes, "mask": axes, "hidden": axes},
            opset_version=17,
            dynamo=False,
        )
        if quantise:
            quantize_dynamic(plain, path, per_channel=True, weight_type=QuantType.QInt8)
