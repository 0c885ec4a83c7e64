"""Every failure that a user can meet: a stable code, a plain message and a remedy."""

from pathlib import Path


class SfoError(Exception):
    """A coded error. `code` is stable, `message` says what is wrong, `remedy` what to do about it."""

    code = "error"
    remedy = "See docs/troubleshooting.md for what this code means."

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy or type(self).remedy

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _rebuild, (type(self), self.message, self.remedy)


def _rebuild(kind: type[SfoError], message: str, remedy: str) -> SfoError:
    """Make the error again on the other side of a process boundary."""
    return kind(message, remedy=remedy)


class FileMissing(SfoError):
    code = "file_missing"
    remedy = "Check the path; names with spaces need quotation marks."


class FileEmpty(SfoError):
    code = "file_empty"
    remedy = "Save the document again and send a file that is not empty."


class FileUnsupported(SfoError):
    code = "file_unsupported"
    remedy = "Save the review as PDF, DOCX, TXT or MD."


class FileDamaged(SfoError):
    code = "file_damaged"
    remedy = "Open the file in its own program and save it again, or ask the sender for a new copy."


class FileEncrypted(SfoError):
    code = "file_encrypted"
    remedy = "Remove the password in the program that made the file, then try again."


class FileHasMacros(SfoError):
    code = "file_has_macros"
    remedy = "Save the document without macros, as an ordinary DOCX or as PDF."


class FileUnreadable(SfoError):
    code = "file_unreadable"
    remedy = "Check that you may read the file and that no other program holds it open."


class NoText(SfoError):
    code = "needs_ocr"
    remedy = (
        "The pages are pictures. Install Tesseract (Debian and Ubuntu: apt-get install tesseract-ocr; elsewhere see "
        "README, 'Scanned reviews'), or scan again with text recognition."
    )


class NotEnglish(SfoError):
    code = "not_english"
    remedy = "sfo-nlp reads English prose. Check that this is the review and not an attachment."


class LimitExceeded(SfoError):
    code = "limit_exceeded"
    remedy = "Split the file or, if you trust its sender, raise the limit from Python (docs/troubleshooting.md)."


class ReaderFailed(SfoError):
    code = "reader_failed"
    remedy = "The file broke the reader, which was stopped safely. Save it again or export it to PDF."


class ModelRefused(SfoError):
    code = "model_refused"
    remedy = "Install sfo-nlp again: a model file is missing or is not the one that was released."


class ExtraMissing(SfoError):
    code = "extra_missing"
    remedy = "Install the extra that the message names."


class PolicyInvalid(SfoError):
    code = "policy_invalid"
    remedy = "Correct the criteria file at the place named, or leave it out to use the built-in one."


class RulesInvalid(SfoError):
    code = "rules_invalid"
    remedy = "Correct the rule file at the place named."


class OutputFailed(SfoError):
    code = "output_failed"
    remedy = "Choose a folder that you may write to, with space left, using --out."


def shown(path: Path) -> str:
    """A file name that is safe on a terminal and in a message: control characters escaped, length bounded."""
    name = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in path.name)
    return name if len(name) <= 120 else f"{name[:80]}...{name[-30:]}"
