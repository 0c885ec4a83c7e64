"""How much more reviews would help: role F1 on unseen writers against the number of reviews fitted on.

`python -m benchmarks.learning_curve --keep DIR` fits the sentence encoder and the lexical model on the first 3 and 6
training writers, as `sfo-nlp train` does, takes the released encoder for all of them, scores the validation writers
(the best F1 over thresholds, the same for all) and writes docs/benchmarks-learning-curve.md. `--earlier DIR` adds the
encoder of an earlier release's models. Fitted encoders are kept in DIR, so that an interrupted run goes on. Needs the
``train`` extra and about half an hour on two cores.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from benchmarks.encoders import Matrix, best_f1, standard
from sfo_nlp.checks.roles import ROLES
from sfo_nlp.language.models import model_folder, sentence_encoder
from sfo_nlp.settings import default_models
from sfo_nlp.training.corpus import Review, label_names, load_corpus
from sfo_nlp.training.fit_encoder import Encoder, base_folder, fit_encoder, vectors_of
from sfo_nlp.training.fit_lexical import fit_lexical

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-learning-curve.md"
WRITERS = (3, 6)


def main() -> None:
    """Fit what is not kept yet, score all, write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path, required=True, help="folder for fitted encoders")
    options.add_argument(
        "--earlier", type=Path, action="append", default=[], help="models folder of an earlier release"
    )
    chosen = options.parse_args()
    chosen.keep.mkdir(parents=True, exist_ok=True)
    fitting, holding = load_corpus(splits=("train",)), load_corpus(splits=("validation",))
    writers = sorted({review.writer for review in fitting})
    parts = [[review for review in fitting if review.writer in writers[:count]] for count in WRITERS]
    columns = [label_names().index(f"role:{role}") for role in ROLES]
    wanted = np.vstack([review.targets for review in holding])[:, columns]
    tuned = [scores_of(kept_encoder(part, chosen.keep / f"encoder-{len(part)}.pt"), holding) for part in parts]
    for folder in (*chosen.earlier, default_models()):
        models = model_folder(folder)
        parts.append([review for review in fitting if review.writer in models.manifest["fitted_on"]["writers"]])
        encoder = sentence_encoder(models)
        tuned.append(np.vstack([encoder.score(encoder.vectors(review.units)) for review in holding]))
    rows = []
    for part, encoded in zip(parts, tuned, strict=True):
        lexical = fit_lexical(part)
        words = np.vstack([lexical.score(review.units) for review in holding])
        for name, scores in (("lexical", words), ("both", standard(words) + standard(encoded))):
            figures = [best_f1(wanted[:, number], scores[:, column]) for number, column in enumerate(columns)]
            rows.append((len(part), name, figures))
    PAGE.write_text(page(rows, holding), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def kept_encoder(reviews: Sequence[Review], path: Path) -> Encoder:
    """The encoder fitted on `reviews`, from `path` if it was kept there."""
    if not path.is_file():
        torch.save(fit_encoder(reviews).state_dict(), path)
    model = Encoder(base_folder(), len(label_names()))
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()


def scores_of(model: Encoder, reviews: Sequence[Review]) -> Matrix:
    """Logits (units, labels) of all reviews in order."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    vectors = torch.from_numpy(np.vstack([vectors_of(model, tokenizer, review) for review in reviews]))
    with torch.no_grad():
        scores: Matrix = model.head(vectors).numpy()
    return scores


def page(rows: Sequence[tuple[int, str, list[float]]], holding: Sequence[Review]) -> str:
    """The table as Markdown."""
    writers = len({review.writer for review in holding})
    lines = [
        "# Learning curve",
        "",
        f"Best F1 over thresholds per role on {len(holding)} reviews by {writers} unseen writers, by the number of",
        "reviews and extracts fitted on (whole writers at a time), lexical model alone and with the tuned encoder.",
        "From `python -m benchmarks.learning_curve`.",
        "",
        "| fitted on | features | " + " | ".join(ROLES) + " | mean |",
        "|---" * (len(ROLES) + 3) + "|",
    ]
    for count, name, figures in rows:
        cells = [f"{figure:.3f}" for figure in [*figures, float(np.mean(figures))]]
        lines.append(f"| {count} | {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
