"""Fit every file in ``models/`` from the annotated corpus, and write the manifest that the program checks them by."""

import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from sfo_nlp.errors import ExtraMissing, ModelRefused, OutputFailed
from sfo_nlp.language.encoder import SentenceEncoder
from sfo_nlp.language.lexical import LexicalModel
from sfo_nlp.language.models import MANIFEST, Blend
from sfo_nlp.language.predict import predict
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import CORPUS, Review, label_names, load_corpus, read_reviews
from sfo_nlp.training.errors import AnnotationInvalid
from sfo_nlp.training.fit_blend import fit_blend
from sfo_nlp.training.fit_direction import fit_direction
from sfo_nlp.training.fit_lexical import fit_lexical
from sfo_nlp.training.fit_link import fit_bar, fit_link
from sfo_nlp.training.fit_themes import fit_themes

# Measured later and read by people alone.
FIGURES = "figures.json"
LIBRARIES = ("numpy", "scikit-learn", "scipy", "onnxruntime", "tokenizers")
TRAINING_LIBRARIES = ("torch", "transformers", "onnx")


def train(
    out: Path, *, corpus: Path = CORPUS, also: Sequence[Path] = (), parts: Sequence[str] = ("lexical", "encoder")
) -> dict[str, Any]:
    """Fit `parts` into the folder `out`, keep the other files that are there, and return the new manifest.

    `also` are files of further reviews to fit on, such as inspectors' corrections. Files in `out` are replaced when
    all are fitted, not before. Raises `ExtraMissing`, `ModelRefused`, `AnnotationInvalid` or `OutputFailed`.
    """
    _check(parts, out)
    fitting = [*load_corpus(corpus, splits=("train",)), *(review for path in also for review in read_reviews(path))]
    holding = load_corpus(corpus, splits=("validation",))
    for split, reviews in (("train", fitting), ("validation", holding)):
        if not reviews:
            remedy = "Name a folder with w*.jsonl files that hold reviews of the splits train and validation."
            raise AnnotationInvalid(f"{corpus}: there is no review of the split {split}", remedy=remedy)
    click.echo(f"{len(fitting)} reviews to fit on, {len(holding)} by other writers to calibrate on", err=True)
    data = [*sorted(corpus.glob("w*.jsonl")), *also]
    kept = _kept(out, parts)
    with _workplace(out) as folder:
        return _fit(folder, fitting, holding, data, parts, kept)


def _kept(out: Path, parts: Sequence[str]) -> dict[str, Any]:
    """What the models that are not fitted anew were fitted on, by their name, as the manifest in `out` has it."""
    if not (out / MANIFEST).is_file():
        return {}
    before = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    return {
        name: before.get("kept", {}).get(name, before["fitted_on"])
        for name, file in (("lexical", "lexical.npz"), ("encoder", "encoder.onnx"))
        if name not in parts and file in before["files"]
    }


def _check(parts: Sequence[str], out: Path) -> None:
    """Refuse before anything is fitted what could not be finished."""
    if "lexical" not in parts and not (out / "lexical.npz").is_file():
        raise ModelRefused(f"there is no lexical.npz in {out}", remedy="Fit the part lexical too.")
    if "encoder" in parts:
        missing = [name for name in TRAINING_LIBRARIES if find_spec(name) is None]
        if missing:
            remedy = "Install it: pip install 'sfo-nlp[train]'; or fit the rest alone with --part lexical."
            raise ExtraMissing(f"The encoder needs the extra `train` ({', '.join(missing)})", remedy=remedy)
        from sfo_nlp.training.fit_encoder import base_folder

        base_folder()


@contextmanager
def _workplace(out: Path) -> Iterator[Path]:
    """A temporary folder beside `out` with the model files that are there; those in it at the end take their place."""
    out = out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        place = tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent)
    except OSError as error:
        raise OutputFailed(f"{out}: {error.strerror or error}") from error
    with place as name:
        folder = Path(name)
        for path in _model_files(out) if out.is_dir() else ():
            shutil.copy2(path, folder)
        yield folder
        try:
            out.mkdir(exist_ok=True)
            # The manifest goes last: until it is there, the files that are new are refused.
            for path in (*_model_files(folder), folder / MANIFEST):
                shutil.move(path, out / path.name)
        except OSError as error:
            raise OutputFailed(f"{out}: {error.strerror or error}") from error


def _model_files(folder: Path) -> list[Path]:
    """What a manifest lists, in order of name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in (".npz", ".onnx", ".json") and path.name not in (MANIFEST, FIGURES)
    )


def _fit(
    out: Path,
    fitting: Sequence[Review],
    holding: Sequence[Review],
    data: Sequence[Path],
    parts: Sequence[str],
    kept: Mapping[str, Any],
) -> dict[str, Any]:
    """Fit `parts` and whatever joins them into the folder `out`, and write and return the manifest."""
    if "lexical" in parts:
        fit_lexical(fitting).save(out / "lexical.npz")
    if "encoder" in parts:
        _train_encoder(fitting, out)
    modes = {mode: Settings(fast=mode == "lexical", models=out) for mode in _calibrate(holding, out)}
    # What follows is fitted through the program itself, which loads models by their manifest: it is written twice.
    _write(_manifest(out, data, fitting, holding, kept), out / MANIFEST)
    fit_direction(fitting, holding, modes).save(out / "direction.npz")
    _write({mode: _fit_links(fitting, holding, settings) for mode, settings in modes.items()}, out / "link.json")
    _write({mode: fit_themes(holding, settings) for mode, settings in modes.items()}, out / "themes.json")
    manifest = _manifest(out, data, fitting, holding, kept)
    _write(manifest, out / MANIFEST)
    return manifest


def _write(data: Mapping[str, Any], path: Path) -> None:
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _train_encoder(reviews: Sequence[Review], out: Path) -> None:
    from sfo_nlp.training.export import export_encoder
    from sfo_nlp.training.fit_encoder import base_folder, fit_averaged

    model = fit_averaged(reviews)
    export_encoder(model, out / "encoder.onnx")
    shutil.copyfile(base_folder() / "tokenizer.json", out / "tokenizer.json")
    weights = model.head.weight.detach().numpy().T.astype(np.float16)
    bias = model.head.bias.detach().numpy().astype(np.float32)
    np.savez_compressed(out / "heads.npz", weights=weights, bias=bias)


def _calibrate(reviews: Sequence[Review], out: Path) -> list[str]:
    """Fit how the models are joined, on writers that trained neither; returns the modes that there are."""
    labels = label_names()
    targets = np.vstack([review.targets for review in reviews])
    lexical = LexicalModel.load(out / "lexical.npz")
    logits = {"lexical": np.vstack([lexical.score(review.units) for review in reviews])}
    blends = {"lexical": fit_blend(labels, logits, targets)}
    encoder = _encoder(out)
    if encoder:
        scored = [encoder.score(encoder.vectors(review.units)) for review in reviews]
        blends["encoder"] = fit_blend(labels, {**logits, "encoder": np.vstack(scored)}, targets)
    arrays: dict[str, npt.NDArray[np.float32]] = {}
    for mode, blend in blends.items():
        arrays |= {f"{mode}.{name}": getattr(blend, name) for name in Blend.__slots__}
    np.savez(out / "blend.npz", **arrays)  # type: ignore[arg-type]
    return list(blends)


def _fit_links(fitting: Sequence[Review], holding: Sequence[Review], settings: Settings) -> dict[str, object]:
    weights = fit_link(fitting, lambda review: predict(review.units, settings).vectors)
    return {"weights": weights, "threshold": fit_bar(holding, weights, settings)}


def _encoder(out: Path) -> SentenceEncoder | None:
    if not (out / "encoder.onnx").is_file():
        return None
    with np.load(out / "heads.npz", allow_pickle=False) as arrays:
        weights, bias = arrays["weights"].astype(np.float32), arrays["bias"]
    return SentenceEncoder(out / "encoder.onnx", out / "tokenizer.json", weights, bias)


def _manifest(
    out: Path, data: Sequence[Path], fitting: Sequence[Review], holding: Sequence[Review], kept: Mapping[str, Any]
) -> dict[str, Any]:
    """What the program checks the files by; `kept` are the models that were fitted earlier, on other reviews."""
    files, fitted_on = _model_files(out), _counts(fitting)
    older = {name: counts for name, counts in kept.items() if counts != fitted_on}
    return {
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        "bytes": {path.name: path.stat().st_size for path in files},
        "corpus": hashlib.sha256(b"".join(path.read_bytes() for path in data)).hexdigest(),
        "fitted_on": fitted_on,
        **({"kept": older} if older else {}),
        "calibrated_on": _counts(holding),
        "python": platform.python_version(),
        "libraries": {name: found for name in (*LIBRARIES, *TRAINING_LIBRARIES) if (found := _version(name))},
    }


def _counts(reviews: Sequence[Review]) -> Mapping[str, object]:
    return {
        "writers": sorted({review.writer for review in reviews}),
        "reviews": len(reviews),
        "units": sum(len(review.units) for review in reviews),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except ModuleNotFoundError:
        return None
