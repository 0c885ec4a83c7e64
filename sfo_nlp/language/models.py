"""The fitted models on disk: a file is hashed before it is loaded, and refused unless it is the released one."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sfo_nlp.errors import ModelRefused
from sfo_nlp.language.direction import DirectionModel
from sfo_nlp.language.encoder import SentenceEncoder
from sfo_nlp.language.lexical import LexicalModel
from sfo_nlp.language.link import LinkModel

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Blend:
    """How the models' logits become probabilities: ``encoder * e + lexical * l + offset`` through a sigmoid.

    `encoder`, `lexical`, `offset` and `thresholds` (probabilities) are (labels,).
    """

    encoder: npt.NDArray[np.float32]
    lexical: npt.NDArray[np.float32]
    offset: npt.NDArray[np.float32]
    thresholds: npt.NDArray[np.float32]


class ModelFolder:
    """A folder of model files with a manifest of their hashes. Files are loaded once, when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = _read_manifest(folder)
        self.files: Mapping[str, str] = self.manifest.get("files", {})

    def __bool__(self) -> bool:
        return bool(self.files)

    def path(self, name: str) -> Path:
        """The verified path of a model file. Raises `ModelRefused` when it is missing, unknown or changed."""
        path = self.folder / name
        if name not in self.files:
            raise ModelRefused(f"the manifest knows no model file {name}")
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ModelRefused(f"the model file {name} cannot be read: {error.strerror}") from error
        if digest != self.files[name]:
            raise ModelRefused(f"the model file {name} is not the released one")
        return path

    def data(self, name: str) -> Any:
        """A JSON model file."""
        return json.loads(self.path(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def model_folder(folder: Path) -> ModelFolder:
    """The models of one folder, opened once per process; false when the folder holds none."""
    return ModelFolder(folder)


@lru_cache(maxsize=2)
def lexical_model(folder: ModelFolder) -> LexicalModel:
    """The lexical model."""
    return LexicalModel.load(folder.path("lexical.npz"))


@lru_cache(maxsize=2)
def sentence_encoder(folder: ModelFolder) -> SentenceEncoder:
    """The sentence encoder with its heads."""
    with np.load(folder.path("heads.npz"), allow_pickle=False) as arrays:
        weights, bias = arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32)
    return SentenceEncoder(folder.path("encoder.onnx"), folder.path("tokenizer.json"), weights, bias)


@lru_cache(maxsize=2)
def direction_model(folder: ModelFolder) -> DirectionModel:
    """Which way a judging sentence goes."""
    return DirectionModel.load(folder.path("direction.npz"))


@lru_cache(maxsize=4)
def link_model(folder: ModelFolder, mode: str) -> LinkModel:
    """The failing-to-explanation model for ``lexical`` or ``encoder`` predictions."""
    data = folder.data("link.json")[mode]
    return LinkModel.read(data["weights"], threshold=data["threshold"])


@lru_cache(maxsize=4)
def blend(folder: ModelFolder, mode: str) -> Blend:
    """How to join the models in `mode`: ``lexical`` (no encoder) or ``encoder``."""
    with np.load(folder.path("blend.npz"), allow_pickle=False) as arrays:
        return Blend(*(arrays[f"{mode}.{name}"] for name in ("encoder", "lexical", "offset", "thresholds")))


def _read_manifest(folder: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelRefused(f"the model manifest cannot be read: {error}") from error
    return manifest if isinstance(manifest, dict) else {}
