"""The reader's process is bound, may die, and never takes its parent with it."""

import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sfo_nlp.errors import FileDamaged, LimitExceeded, ReaderFailed, SfoError
from sfo_nlp.extract import extract, extract_bytes, reader_pool, start_extract
from sfo_nlp.extract.parcel import pack, unpack
from sfo_nlp.extract.reader_process import Worker
from sfo_nlp.settings import Limits, Settings

SAMPLES = sorted((Path(__file__).parent.parent / "corpus" / "samples").glob("*.*"))
MARK = {"page": 1, "kind": "highlight", "boxes": [[60, 60, 90, 72]], "colour": [9, 9, 9], "texts": {"Contents": "So."}}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limits")


def bound(code: str) -> str:
    """What a process prints that has given up its rights and then runs `code`."""
    script = f"""
        import os, socket, sys
        from sfo_nlp.extract import worker
        worker._load_all()
        worker.limit(memory_mb=600)
        try:
            {code}
            os.write(1, b"done")
        except BaseException as error:
            os.write(1, type(error).__name__.encode())
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, timeout=60, check=False)
    return run.stdout.decode()


@POSIX
@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/hostname')",
        "open('left-behind.txt', 'w')",
        "socket.socket()",
        "bytearray(700_000_000)",
    ],
)
def test_a_bound_process_can_neither_open_nor_connect_nor_swell(code: str) -> None:
    assert bound(code) in ("OSError", "MemoryError")


def test_a_bound_process_still_reads() -> None:
    assert bound("sum(range(1000))") == "done"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_sandbox_changes_nothing(path: Path) -> None:
    inside = extract(path, Settings(isolate=True))
    outside = extract(path, Settings(isolate=False))
    assert inside.text == outside.text
    assert inside.blocks == outside.blocks
    assert inside.pages == outside.pages
    assert inside.warnings == outside.warnings
    assert inside.words.boxes.tolist() == outside.words.boxes.tolist()
    assert inside.id == outside.id


def test_reading_loads_nothing_more_once_bound() -> None:
    """A module that is first imported while reading could not be opened any more."""
    code = """
        import sys
        from pathlib import Path
        from sfo_nlp.extract import extract_bytes, parcel, worker
        from sfo_nlp.settings import Settings
        tasks = [
            ("picture", {"page": 1}),
            ("sheet", {"page": 1, "most": 9, "without_pictures": True}),
            ("texts", {}),
            ("mark", {"marks": [MARK]}),
        ]
        files = [(path.name, path.read_bytes()) for path in map(Path, sys.argv[1:])]
        worker._load_all()
        before = set(sys.modules)
        for name, content in [*files, ("a.txt", b"the of to and \\xff review " * 20)]:
            parcel.pack(extract_bytes(content, name, Settings(isolate=False)))
            for task, options in tasks if name.endswith(".pdf") else ():
                worker.perform(task, content, name, options)
        print(sorted(set(sys.modules) - before))
    """
    script = textwrap.dedent(code).replace("MARK", repr(MARK))
    command = [sys.executable, "-c", script, *map(str, SAMPLES)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "[]"


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    reader_pool.close()
    settings = Settings(limits=Limits(seconds=0.001))
    with pytest.raises(LimitExceeded, match="took longer"):
        extract(SAMPLES[0], settings)
    assert extract(SAMPLES[0]).text


@POSIX
def test_a_reader_that_dies_is_replaced() -> None:
    reader_pool.close()
    reader_pool.warm_up()
    victim = reader_pool._idle[0]
    victim.process.kill()
    victim.process.wait()
    assert extract(SAMPLES[0]).text
    assert reader_pool._idle[0] is not victim


@POSIX
def test_a_reader_that_dies_over_a_file_gives_a_coded_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reader_pool.close()
    send = Worker._send

    def die(worker: Worker, content: bytes) -> None:
        if content.startswith(b"%PDF"):
            worker.process.kill()
        send(worker, content)

    monkeypatch.setattr(Worker, "_send", die)
    with pytest.raises(ReaderFailed, match="signal 9"):
        extract(next(path for path in SAMPLES if path.suffix == ".pdf"))
    monkeypatch.undo()
    assert extract(SAMPLES[0]).text


@POSIX
def test_too_little_memory_is_a_coded_error() -> None:
    with pytest.raises(SfoError):
        extract(SAMPLES[0], Settings(limits=Limits(memory_mb=80)))


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, TypeError, ValueError])
def test_whatever_goes_wrong_over_a_file_ends_its_reader(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    reader_pool.close()
    reader_pool.warm_up()
    worker = reader_pool._idle[0]

    def fail(_: Worker) -> bytes:
        raise error

    monkeypatch.setattr(Worker, "_receive", fail)
    with pytest.raises(ReaderFailed if error is ValueError else error):
        extract(SAMPLES[0])
    assert worker.process.returncode is not None
    assert worker not in reader_pool._idle


class Timers:
    """Stands in for `threading.Timer`: the last one made goes off when a test says so, whether cancelled or not."""

    def __init__(self, *, late: bool = False) -> None:
        self.late, self.daemon = late, True

    def __call__(self, _: float, function: Callable[[], None]) -> "Timers":
        self.go_off = function
        return self

    def start(self) -> None:
        """Waits for `go_off`."""

    def cancel(self) -> None:
        if self.late:
            self.go_off()


def test_a_reader_that_is_idle_again_is_not_killed_for_the_last_file(monkeypatch: pytest.MonkeyPatch) -> None:
    reader_pool.close()
    timers = Timers()
    monkeypatch.setattr(threading, "Timer", timers)
    assert extract(SAMPLES[0]).text
    (worker,) = reader_pool._idle
    timers.go_off()
    assert extract(SAMPLES[1]).text
    assert reader_pool._idle == [worker]


def test_a_reader_killed_as_it_answers_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    reader_pool.close()
    monkeypatch.setattr(threading, "Timer", Timers(late=True))
    with pytest.raises(LimitExceeded, match="took longer"):
        extract(SAMPLES[0])
    assert not reader_pool._idle


def test_errors_come_through_with_their_code() -> None:
    with pytest.raises(FileDamaged) as caught:
        extract_bytes(b"%PDF-1.7\nnothing else", "broken.pdf", Settings())
    assert "broken.pdf" in caught.value.message
    assert caught.value.remedy == FileDamaged.remedy


def test_many_at_once() -> None:
    found: dict[str, str] = {}

    def read(path: Path) -> None:
        found[path.name] = start_extract(path).result().text

    threads = [threading.Thread(target=read, args=(path,)) for path in SAMPLES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {path.name: extract(path, Settings(isolate=False)).text for path in SAMPLES}


def test_an_answer_that_is_no_document_is_refused() -> None:
    document = extract(SAMPLES[0])
    parcel = pack(document)
    assert unpack(parcel, identity=document.id, name=document.name).text == document.text
    for broken in (b"", parcel[:40], parcel + b"x", parcel.replace(b'"blocks": [[0', b'"blocks": [[9999999', 1)):
        with pytest.raises(ReaderFailed):
            unpack(broken, identity="", name="x")


def test_a_copy_of_the_parent_does_not_use_its_reader() -> None:
    reader_pool.close()
    reader_pool.warm_up()
    worker = reader_pool._idle[0]
    reader_pool._idle[0] = replace(worker, owner=-1)
    assert extract(SAMPLES[0]).text
    # Not killed: it went when its input was closed, which in a real fork closes the copy only.
    assert worker.process.wait(timeout=10) >= 0
