"""The reader's own process: takes files from its parent, gives back documents, may do nothing else.

Before the first file it gives up the right to open files and sockets, to write, to start processes and to use more
memory than allowed, as far as the system knows such limits. Frames are a length and that many bytes.
"""

import json
import os
import struct
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

FRAME = struct.Struct("<Q")


def main() -> None:
    """Serve requests until the parent closes our input. A request is a frame of JSON options and one of bytes."""
    source, target = _channels()
    options = json.loads(_read(source) or b"{}")
    _load_all()
    unlimited = limit(memory_mb=int(options.get("memory_mb", 2048)), tools=bool(options.get("tools")))
    _write(target, json.dumps({"unlimited": unlimited}).encode())
    while (request := _read(source)) is not None:
        content = _read(source)
        if content is None:
            return
        answer, parcel = _answer(json.loads(request), content)
        _write(target, json.dumps(answer).encode())
        _write(target, parcel)


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Our input and output. What a library prints goes nowhere, so that it cannot end up between our frames."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for channel in (0, 1, 2):
        os.dup2(nowhere, channel)
    os.close(nowhere)
    return source, target


def _load_all() -> None:
    """Import what any format needs: afterwards no file can be opened any more."""
    import encodings.cp437
    import encodings.cp1252
    import encodings.latin_1
    import encodings.utf_8_sig
    import encodings.utf_16
    import encodings.utf_16_be
    import encodings.utf_16_le
    import encodings.utf_32_le
    import heapq
    import zipfile

    import sfo_nlp.extract.docx
    import sfo_nlp.extract.marking
    import sfo_nlp.extract.parcel
    import sfo_nlp.extract.pdf
    import sfo_nlp.extract.sheets

    sfo_nlp.extract.pdf.start()
    del encodings, heapq, zipfile


def limit(*, memory_mb: int, tools: bool = False) -> list[str]:
    """Bind this process for good. Returns what could not be limited. `tools` leaves it the right to start programs."""
    try:
        import resource
    except ImportError:
        return ["memory", "files", "processes"]
    unlimited = []
    bounds = {
        "memory": ("RLIMIT_AS", memory_mb * 1_000_000),
        "writing": ("RLIMIT_FSIZE", 0),
        "core dumps": ("RLIMIT_CORE", 0),
    }
    if not tools:
        bounds["files"] = ("RLIMIT_NOFILE", _open_files())
        bounds["processes"] = ("RLIMIT_NPROC", 0)
    for what, (name, value) in bounds.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (AttributeError, ValueError, OSError):
            unlimited.append(what)
    return unlimited


def _open_files() -> int:
    """The lowest free file descriptor: with that limit no further one can be opened."""
    free = os.dup(0)
    os.close(free)
    return free


def perform(task: str, content: bytes, name: str, options: Mapping[str, Any]) -> bytes:
    """Do something with a PDF other than reading it, in this process. Raises a subclass of `SfoError`."""
    from sfo_nlp.extract.marking import mark_here
    from sfo_nlp.extract.picture import draw_here
    from sfo_nlp.extract.sheets import sheet_here, texts_here

    tasks: dict[str, Callable[..., bytes]] = {
        "picture": draw_here,
        "sheet": sheet_here,
        "texts": texts_here,
        "mark": mark_here,
    }
    return tasks[task](content, name=name, **options)


def _answer(request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The document or what the task asks for; or what is wrong with the file."""
    from sfo_nlp.errors import LimitExceeded, ReaderFailed, SfoError
    from sfo_nlp.extract import read_here
    from sfo_nlp.extract.parcel import pack
    from sfo_nlp.settings import Limits, Settings

    name = str(request["name"])
    settings = Settings(isolate=False, ocr=bool(request["ocr"]), limits=Limits(**request["limits"]))
    try:
        if "task" in request:
            return {}, perform(request["task"], content, request["shown"], request["options"])
        return {}, pack(read_here(content, name, settings))
    except SfoError as error:
        found = error
    except MemoryError:
        found = LimitExceeded(f"{request['shown']}: needs more than {settings.limits.memory_mb} MB to read")
    except Exception as error:
        found = ReaderFailed(f"{request['shown']}: the reader failed ({type(error).__name__})")
    return {"code": found.code, "message": found.message, "remedy": found.remedy}, b""


def _read(source: BinaryIO) -> bytes | None:
    head = source.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    length = FRAME.unpack(head)[0]
    content = source.read(length)
    return content if len(content) == length else None


def _write(target: BinaryIO, content: bytes) -> None:
    target.write(FRAME.pack(len(content)))
    target.write(content)
    target.flush()


if __name__ == "__main__":
    main()
    sys.exit(0)
