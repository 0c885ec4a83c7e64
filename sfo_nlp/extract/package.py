"""The parts of a DOCX package, unpacked within limits and parsed without fetching anything."""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from sfo_nlp.errors import FileDamaged, FileEncrypted, LimitExceeded
from sfo_nlp.settings import Limits

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_PARTS = 20_000
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """Reads parts of an open package. `unpacked` counts the bytes taken out so far."""

    def __init__(self, content: bytes, name: str, limits: Limits) -> None:
        self._name = name
        self._limit = limits.unpacked_mb * 1_000_000
        self._unpacked = 0
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise FileDamaged(f"{name}: the DOCX is a broken zip archive") from error
        self.names = {item.filename: item for item in self._archive.infolist()}
        if len(self.names) > MOST_PARTS:
            raise LimitExceeded(f"{name}: more than {MOST_PARTS} parts")

    def part(self, path: str) -> etree._Element | None:
        """The root element of a part, or None when there is none of that name. Raises `SfoError` by its kind."""
        content = self._bytes(path)
        if content is None:
            return None
        # No entities, no network, no huge trees: the limits of libxml2 stay on.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise FileDamaged(f"{self._name}: {path} inside the DOCX is damaged") from error
        if root.getroottree().docinfo.doctype:
            raise FileDamaged(f"{self._name}: {path} inside the DOCX declares a document type, which Word never does")
        return root

    def main(self) -> tuple[str, etree._Element]:
        """The path and root of the main document part."""
        path = next((target for kind, target in self._relations("_rels/.rels") if kind == "officeDocument"), "")
        path = path if path in self.names else "word/document.xml"
        root = self.part(path)
        if root is None or not str(root.tag).startswith(W):
            raise FileDamaged(f"{self._name}: the DOCX has no main document")
        return path, root

    def related(self, path: str, kind: str) -> list[etree._Element]:
        """The roots of the parts that the part at `path` names as `kind` (footnotes, header, ...)."""
        folder, _, file = path.rpartition("/")
        found = []
        for name, target in self._relations(f"{folder}/_rels/{file}.rels"):
            if name == kind:
                joined = target if target in self.names else f"{folder}/{target}"
                root = self.part(joined)
                found += [root] if root is not None else []
        return found

    def external(self) -> bool:
        """Whether some part refers to something outside the package that a word processor would fetch."""
        for name in self.names:
            if name.endswith(".rels"):
                root = self.part(name)
                for item in root.iter(RELATION) if root is not None else ():
                    if item.get("TargetMode") == "External" and not item.get("Type", "").endswith("/hyperlink"):
                        return True
        return False

    def _relations(self, path: str) -> Iterator[tuple[str, str]]:
        root = self.part(path)
        for item in root.iter(RELATION) if root is not None else ():
            if item.get("TargetMode") != "External":
                yield item.get("Type", "").rpartition("/")[2], item.get("Target", "").lstrip("/")

    def _bytes(self, path: str) -> bytes | None:
        """A part's bytes, taken out piece by piece so that a bomb stops at the limit whatever its header says."""
        if path not in self.names:
            return None
        if self.names[path].flag_bits & 1:
            raise FileEncrypted(f"{self._name}: the file is protected by a password")
        pieces: list[bytes] = []
        try:
            with self._archive.open(path) as stream:
                while piece := stream.read(1 << 20):
                    self._unpacked += len(piece)
                    if self._unpacked > self._limit:
                        raise LimitExceeded(f"{self._name}: unpacks to more than {self._limit // 1_000_000} MB")
                    pieces.append(piece)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise FileDamaged(f"{self._name}: {path} inside the DOCX is damaged") from error
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma", "_lzma", "_bz2"):
                raise FileDamaged(f"{self._name}: {path} inside the DOCX is damaged") from error
            raise
        return b"".join(pieces)
