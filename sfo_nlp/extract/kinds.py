"""What a file is, told by its bytes and not by its name."""

import io
import zipfile
from pathlib import Path
from typing import Literal

from sfo_nlp.errors import FileDamaged, FileEncrypted, FileHasMacros, FileUnsupported, shown

Format = Literal["pdf", "docx", "txt", "md"]
_OTHERS = (
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def format_of(content: bytes, name: str) -> Format:
    """The format to read `content` as. Raises `FileUnsupported`, `FileDamaged`, `FileEncrypted`, `FileHasMacros`."""
    where, suffix = shown(Path(name)), Path(name).suffix.lower()
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _zipped(content, where)
    if content.startswith(_COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise FileEncrypted(f"{where}: the file is protected by a password")
        raise FileUnsupported(f"{where}: an old Word file (.doc)", remedy="Open it in Word and save it as DOCX or PDF.")
    for magic, what in _OTHERS:
        if content.startswith(magic):
            raise FileUnsupported(f"{where}: {what}, not a PDF, DOCX, TXT or MD file")
    if suffix in (".pdf", ".docx"):
        raise FileDamaged(f"{where}: called {suffix} but it is no {suffix[1:].upper()} file inside")
    if suffix not in (".txt", ".md"):
        raise FileUnsupported(f"{where}: not a PDF, DOCX, TXT or MD file")
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileUnsupported(f"{where}: called {suffix} but it does not hold text")
    return "txt" if suffix == ".txt" else "md"


def _zipped(content: bytes, where: str) -> Format:
    """A zip archive is a DOCX when it says so inside; one with macros is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise FileDamaged(f"{where}: the DOCX is a broken zip archive") from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileHasMacros(f"{where}: the document holds macros")
    if "word/document.xml" in names or any(name.startswith("word/") for name in names):
        return "docx"
    raise FileUnsupported(f"{where}: a zip archive that is no Word document (DOCX)")
