"""Which features find roles in reviews by unseen writers, and how fast: lexical, static, frozen, fine-tuned.

`python -m benchmarks.encoders` fits one logistic regression per role on the training writers for every kind of feature,
scores the validation writers (the best F1 over thresholds, the same for all) and writes docs/benchmarks-encoders.md.
Needs the ``train`` extra. Times are of one run on one machine: read them as ratios.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt
import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from tokenizers import Tokenizer
from transformers import AutoModel

from sfo_nlp.checks.roles import ROLES
from sfo_nlp.language.models import model_folder, sentence_encoder
from sfo_nlp.settings import default_models
from sfo_nlp.training.corpus import Review, label_names, load_corpus
from sfo_nlp.training.fit_encoder import base_folder
from sfo_nlp.training.fit_lexical import fit_lexical

Matrix = npt.NDArray[np.float32]
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-encoders.md"
BATCH = 32


class Frozen:
    """The encoder as it came: each sentence alone, the mean of its token vectors."""

    def __init__(self) -> None:
        folder = base_folder()
        self.model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(128)
        self.tokenizer.enable_padding()

    def __call__(self, texts: Sequence[str]) -> Matrix:
        order = np.argsort([len(text) for text in texts])
        out = np.zeros((len(texts), 384), np.float32)
        for start in range(0, len(texts), BATCH):
            rows = order[start : start + BATCH]
            encoded = self.tokenizer.encode_batch([texts[row] for row in rows])
            ids = torch.tensor([item.ids for item in encoded])
            mask = torch.tensor([item.attention_mask for item in encoded])
            with torch.no_grad():
                hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
            out[rows] = ((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)).numpy()
        return out


class Static:
    """One vector per word piece, distilled from the encoder (each piece alone, then PCA), weighted by rarity (Zipf)."""

    def __init__(self, frozen: Frozen, size: int = 256) -> None:
        self.tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
        self.tokenizer.no_padding()
        count = self.tokenizer.get_vocab_size()
        vectors = []
        for start in range(0, count, 512):
            pieces = torch.arange(start, min(start + 512, count))
            ids = torch.stack([torch.full_like(pieces, 101), pieces, torch.full_like(pieces, 102)], dim=1)
            with torch.no_grad():
                vectors.append(
                    frozen.model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state.mean(1)
                )
        reduced = PCA(size, random_state=0).fit_transform(torch.cat(vectors).numpy())
        self.vectors = (reduced * np.log(1 + np.arange(count))[:, None]).astype(np.float32)

    def __call__(self, texts: Sequence[str]) -> Matrix:
        encoded = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return np.stack([self.vectors[item.ids].mean(0) if item.ids else np.zeros(256, np.float32) for item in encoded])


def best_f1(wanted: Matrix, scores: Matrix) -> float:
    """The best F1 over all thresholds."""
    precision, recall, _ = precision_recall_curve(wanted, scores)
    return float((2 * precision * recall / np.maximum(precision + recall, 1e-9)).max())


def linear(features: Matrix, targets: Matrix, foreign: Matrix) -> Matrix:
    """Scores (units, roles) of one logistic regression per role on standardised features."""
    middle, spread = features.mean(0), features.std(0) + 1e-6
    models = [
        LogisticRegression(C=0.05, max_iter=500).fit((features - middle) / spread, targets[:, column])
        for column in range(len(ROLES))
    ]
    return np.stack([model.decision_function((foreign - middle) / spread) for model in models], axis=1)


def timed(work: Callable[[], Matrix], count: int) -> tuple[Matrix, float]:
    """The result and how many sentences a second it took."""
    started = perf_counter()
    result = work()
    return result, count / (perf_counter() - started)


def main() -> None:
    """Measure all kinds of features and write the table."""
    fitting, holding = load_corpus(splits=("train",)), load_corpus(splits=("validation",))
    columns = [label_names().index(f"role:{role}") for role in ROLES]
    targets = np.vstack([review.targets for review in fitting])[:, columns]
    wanted = np.vstack([review.targets for review in holding])[:, columns]
    texts, foreign = _texts(fitting), _texts(holding)
    rows: dict[str, tuple[Matrix, float]] = {}
    lexical = fit_lexical(fitting)
    rows["lexical, with neighbours"] = timed(
        lambda: np.vstack([lexical.score(review.units) for review in holding])[:, columns], len(foreign)
    )
    frozen = Frozen()
    static = Static(frozen)
    for name, make in (("static vectors", static), ("frozen encoder", frozen)):
        features = make(texts)
        vectors, speed = timed(lambda make=make: make(foreign), len(foreign))  # type: ignore[misc]
        rows[name] = linear(features, targets, vectors), speed
    rows["lexical and frozen encoder"] = (
        standard(rows["lexical, with neighbours"][0]) + standard(rows["frozen encoder"][0]),
        rows["frozen encoder"][1],
    )
    folder = model_folder(default_models())
    tuned = sentence_encoder(folder)
    scores, speed = timed(
        lambda: np.vstack([tuned.score(tuned.vectors(review.units)) for review in holding])[:, columns], len(foreign)
    )
    rows["fine-tuned in windows, eight bits"] = scores, speed
    run_on = [
        [unit._replace(kind="paragraph") if unit.kind == "heading" else unit for unit in review.units]
        for review in holding
    ]
    rows["the same, windows running on over headings"] = timed(
        lambda: np.vstack([tuned.score(tuned.vectors(units)) for units in run_on])[:, columns], len(foreign)
    )
    rows["lexical and fine-tuned"] = (standard(rows["lexical, with neighbours"][0]) + standard(scores), speed)
    PAGE.write_text(_page(rows, wanted, fitting, holding), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def _texts(reviews: Sequence[Review]) -> list[str]:
    return [unit.text for review in reviews for unit in review.units]


def standard(scores: Matrix) -> Matrix:
    """Each column with mean 0 and deviation 1, so that scores of two models may be added."""
    return (scores - scores.mean(0)) / scores.std(0)


def _page(
    rows: dict[str, tuple[Matrix, float]], wanted: Matrix, fitting: Sequence[Review], holding: Sequence[Review]
) -> str:
    slowest = min(speed for _, speed in rows.values())
    lines = [
        "# Features compared",
        "",
        f"Fitted on {len(fitting)} reviews, scored on {len(holding)} by other writers: best F1 over thresholds",
        "per role, and speed as a ratio to the slowest, from one run of `python -m benchmarks.encoders`.",
        "",
        "| features | " + " | ".join(ROLES) + " | mean | speed |",
        "|---" * (len(ROLES) + 3) + "|",
    ]
    for name, (scores, speed) in rows.items():
        figures = [best_f1(wanted[:, column], scores[:, column]) for column in range(len(ROLES))]
        cells = [f"{figure:.2f}" for figure in [*figures, float(np.mean(figures))]]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {speed / slowest:.1f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
