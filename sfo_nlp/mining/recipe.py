"""What decides an assessment besides the file: program, rules, policy, models, mode. One hash names it all."""

import hashlib
import json

from sfo_nlp import __version__
from sfo_nlp.assessment.policy import read_policy
from sfo_nlp.checks.cues import rules_version
from sfo_nlp.language.models import model_folder
from sfo_nlp.settings import Settings


def recipe(settings: Settings) -> str:
    """A hash by which a store knows what is assessed already; it changes with the parts below and with nothing else.

    Left out are the limits on a file, whether Tesseract is installed, and the versions of the libraries that read and
    parse: another page limit assesses nothing anew, and files refused for want of these are tried again when asked.
    """
    parts = {
        "version": __version__,
        "rules": rules_version(),
        "policy": read_policy(settings.policy).version,
        "models": dict(model_folder(settings.models).files),
        "fast": settings.fast,
        "pipeline": settings.pipeline,
        "audience": settings.audience,
        "ocr": settings.ocr,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
