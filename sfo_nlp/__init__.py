"""sfo-nlp: checks serious further offence reviews, on this machine, with a quotation for everything it says."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sfo_nlp.assessment.assess import Assessment
    from sfo_nlp.pipeline import review
    from sfo_nlp.settings import Settings

__version__ = "0.1.0"
__all__ = ["Assessment", "Settings", "__version__", "review"]
_HOMES = {
    "review": "sfo_nlp.pipeline",
    "Assessment": "sfo_nlp.assessment.assess",
    "Settings": "sfo_nlp.settings",
}


def __getattr__(name: str) -> Any:
    """Load the public names when they are first used, so that the command line starts at once."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
