"""Many files go into a store once each, whatever happens on the way."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from sfo_nlp.cli import main
from sfo_nlp.errors import SfoError
from sfo_nlp.mining import pool
from sfo_nlp.mining.corpus import Corpus
from sfo_nlp.mining.errors import NothingToIngest, SchedulerUnreachable
from sfo_nlp.mining.files import gather, passed_over
from sfo_nlp.mining.ingest import Options, Summary, ingest
from sfo_nlp.mining.keeper import Event
from sfo_nlp.mining.log import describe, failed_paths, read_log
from sfo_nlp.mining.metadata import read_metadata
from sfo_nlp.mining.recipe import recipe
from sfo_nlp.mining.work import Done, Failed, Job, assess_job
from sfo_nlp.settings import Settings
from sfo_nlp.store.corpus_tables import MetadataRow
from sfo_nlp.store.errors import StoreFull, StoreUnreachable
from sfo_nlp.store.store import Store
from sfo_nlp.store.tables import ReviewRow

RULES = Settings(fast=True, models=Path("no-models"))
ONE = Options(jobs=1)
BODY = (
    "Mr {name} was sentenced in March 2023 to a suspended sentence order of eighteen months.\n"
    "The domestic abuse enquiry was not requested because the officer did not know that it was her task.\n"
    "No home visit was made in the whole of the order, which was a missed opportunity.\n"
    "On {day} May he was seen at the office and told of the decision that had been taken about him.\n"
)


def write(folder: Path, count: int, *, first: int = 0) -> list[str]:
    """So many small fictional reviews, each different."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(first, first + count):
        path = folder / f"review-{number:03}.txt"
        path.write_text(BODY.format(name=f"Thripp{number}", day=number % 28 + 1), encoding="utf-8")
        paths.append(str(path))
    return paths


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, on SQLite and on PostgreSQL."""
    store = Store(store_url)
    yield store
    store.close()


def take(paths: list[str], store: Store, options: Options = ONE, **more: object) -> Summary:
    return ingest(paths, store, RULES, options, **more)  # type: ignore[arg-type]


def names(store: Store) -> list[str]:
    with store.session() as session:
        return sorted(session.scalars(select(ReviewRow.name)))


def test_folders_are_searched_for_reviews_and_hidden_ones_left_out(tmp_path: Path) -> None:
    paths = write(tmp_path / "a" / "b", 2)
    (tmp_path / "a" / "note.xlsx").write_text("no review")
    write(tmp_path / "a" / ".trash", 1)
    assert gather([tmp_path / "a", Path(paths[0])]) == paths
    assert passed_over([tmp_path / "a", Path(paths[0])]) == [tmp_path / "a" / "note.xlsx"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToIngest):
        gather([tmp_path / "empty"])


def test_each_file_is_assessed_once_and_counted(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 3)
    heard: list[str] = []
    first = take(paths, store, seen=lambda event: heard.append(event.kind))
    assert (first.counts, heard) == ({"assessed": 3}, ["assessed"] * 3)
    assert Corpus(store).count() == 3
    assert take(paths, store).counts == {"unchanged": 3}
    with store.session() as session:
        assert session.scalar(text("SELECT count(*) FROM assessments")) == 3


def test_another_recipe_assesses_again_and_counts_once(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 1)
    take(paths, store)
    slower = Settings(models=Path("no-models"), audience="court")
    assert recipe(slower) != recipe(RULES)
    assert ingest(paths, store, slower, ONE).counts == {"assessed": 1}
    assert Corpus(store).count() == 1


def test_a_copy_is_named_and_counted_once(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 2)
    twin = tmp_path / "in" / "twin.txt"
    twin.write_bytes(Path(paths[0]).read_bytes())
    summary = take([*paths, str(twin)], store)
    assert summary.counts == {"assessed": 2, "copy": 1}
    assert "same content as review-000.txt" in summary.notes[0].note
    assert Corpus(store).count() == 2


def test_a_renamed_file_keeps_its_review(tmp_path: Path, store: Store) -> None:
    (path,) = write(tmp_path / "in", 1)
    take([path], store)
    os.rename(path, tmp_path / "in" / "final.txt")
    summary = take(gather([tmp_path / "in"]), store)
    assert summary.counts == {"renamed": 1}
    assert "review-000.txt" in summary.notes[0].note
    assert names(store) == ["final.txt"]
    assert take(gather([tmp_path / "in"]), store).counts == {"unchanged": 1}


def test_a_changed_file_takes_the_place_of_the_earlier_one_which_is_kept(tmp_path: Path, store: Store) -> None:
    (path,) = write(tmp_path / "in", 1)
    take([path], store)
    before = read_log(store).paths[path].document
    Path(path).write_text(BODY.format(name="Quill", day=3) + "It was shortened.\n")
    summary = take([path], store)
    assert summary.counts == {"assessed": 1}
    assert "earlier version is kept" in summary.notes[0].note
    assert len(names(store)) == 2
    assert Corpus(store).count() == 1
    assert store.wire(before)["document"]["id"] == before


def test_a_change_that_cannot_be_read_leaves_the_earlier_version_counted(tmp_path: Path, store: Store) -> None:
    (path,) = write(tmp_path / "in", 1)
    take([path], store)
    Path(path).write_text("")
    assert take([path], store).counts == {"failed": 1}
    assert Corpus(store).count() == 1
    Path(path).write_text(BODY.format(name="Quill", day=3))
    assert take([path], store).counts == {"assessed": 1}
    assert Corpus(store).count() == 1
    assert len(names(store)) == 2


def test_a_forgotten_review_is_taken_in_again(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 2)
    take(paths, store)
    store.forget(read_log(store).paths[paths[0]].document)
    assert list(read_log(store).paths) == paths[1:]
    assert take(paths, store, metadata={paths[0]: {"region": "Wales"}}).counts == {"assessed": 1, "unchanged": 1}
    assert names(store) == ["review-000.txt", "review-001.txt"]
    assert Corpus(store).choices("region") == ["Wales", "not known"]


def test_a_file_done_whose_review_is_gone_is_new(tmp_path: Path, store: Store) -> None:
    (path,) = write(tmp_path / "in", 1)
    take([path], store)
    with store.session(writes=True) as session:
        session.execute(text("DELETE FROM reviews"))
    assert take([path], store, metadata={path: {"region": "Wales"}}).counts == {"assessed": 1}
    assert Corpus(store).count() == 1


def test_a_review_that_is_removed_while_a_run_goes_on_fails_alone(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 3)
    take(paths, store)
    second = read_log(store).paths[paths[1]].document

    def remove(event: Event) -> None:
        if event.path == paths[0]:
            store.forget(second)

    rows = {path: {"region": "Wales"} for path in paths}
    summary = take(paths, store, metadata=rows, seen=remove)
    assert summary.counts == {"unchanged": 2, "failed": 1}
    assert [event.error.code for event in summary.failures if event.error] == ["review_unknown"]
    assert take(paths, store, metadata=rows).counts == {"unchanged": 2, "assessed": 1}


@pytest.mark.parametrize("meddle", [Path.unlink, lambda path: path.write_text("Other words, written meanwhile.")])
def test_a_kept_file_is_the_one_that_was_assessed(
    meddle: Callable[[Path], None], tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(tmp_path / "in", 2)

    def slow(*given: object, **more: object) -> Iterator[Done | Failed]:
        for result in pool.run_jobs(*given, **more):  # type: ignore[arg-type]
            if result.path == paths[0]:
                meddle(Path(result.path))
            yield result

    monkeypatch.setattr("sfo_nlp.mining.ingest.run_jobs", slow)
    assert take(paths, store, Options(jobs=1, keep_files=True)).counts == {"assessed": 2}
    for path in paths:
        document = read_log(store).paths[path].document
        assert hashlib.sha256(store.content(document) or b"").hexdigest() == document


@pytest.mark.parametrize("keep_files", [False, True])
def test_a_file_that_goes_before_its_turn_fails_alone(
    keep_files: bool, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(tmp_path / "in", 2)

    def late(*given: object, **more: object) -> Iterator[Done | Failed]:
        Path(paths[0]).unlink()
        return pool.run_jobs(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("sfo_nlp.mining.ingest.run_jobs", late)
    summary = take(paths, store, Options(jobs=1, keep_files=keep_files))
    assert summary.counts == {"failed": 1, "assessed": 1}
    assert [event.error.code for event in summary.failures if event.error] == ["file_missing"]


def test_failures_are_kept_by_code_and_retried_alone(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 1)
    bad = tmp_path / "in" / "bad.txt"
    bad.write_text("le chat est sur la table et il ne fait rien du tout " * 10)
    summary = take([*paths, str(bad), str(tmp_path / "gone.txt")], store)
    codes = {Path(event.path).name: event.error.code for event in summary.failures if event.error}
    assert codes == {"bad.txt": "not_english", "gone.txt": "file_missing"}
    assert failed_paths(store) == sorted([str(bad), str(tmp_path / "gone.txt")])
    again = take([str(bad)], store)
    assert (again.counts, again.failures[0].error.code) == ({"failed_before": 1}, "not_english")  # type: ignore[union-attr]
    assert take([str(bad)], store, Options(jobs=1, retry_failed=True)).counts == {"failed": 1}
    bad.write_text(BODY.format(name="Quill", day=3))
    assert take(failed_paths(store), store, Options(jobs=1, retry_failed=True)).counts == {"assessed": 1, "failed": 1}
    assert failed_paths(store) == [str(tmp_path / "gone.txt")]


def test_a_twin_of_a_failed_file_fails_with_the_same_code(tmp_path: Path, store: Store) -> None:
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    for path in paths:
        Path(path).write_text("le chat est sur la table et il ne fait rien du tout " * 10)
    summary = take(paths, store)
    assert [event.error.code for event in summary.failures if event.error] == ["not_english"] * 2


def test_over_several_processes_the_result_is_the_same(tmp_path: Path, url: str) -> None:
    store = Store(url)
    paths = write(tmp_path / "in", 6)
    assert take(paths, store, Options(jobs=2)).counts == {"assessed": 6}
    alone = Store(f"sqlite:///{tmp_path / 'alone.sqlite'}")
    take(paths, alone)
    for path in paths:
        document = read_log(store).paths[path].document
        one, other = store.wire(document), alone.wire(document)
        one["provenance"].pop("seconds"), other["provenance"].pop("seconds")
        assert one == other


def deadly(job: Job) -> Done | Failed:
    """Work that ends its process on one file."""
    if "fatal" in job.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return Done(job.path, {}, None, 0.0)


def test_a_file_that_kills_its_worker_fails_alone() -> None:
    jobs = [
        Job(f"/in/{name}", name, BODY.format(name=name, day=1).encode())
        for name in ("a.txt", "fatal.txt", "b.txt", "c.txt")
    ]
    results = list(pool.run_jobs(iter(jobs), deadly, jobs_at_once=2))
    assert sorted(result.path for result in results) == sorted(job.path for job in jobs)
    assert [(result.path, result.error.code) for result in results if isinstance(result, Failed)] == [
        ("/in/fatal.txt", "worker_lost")
    ]


def test_a_fault_of_the_program_is_one_files_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("sfo_nlp.mining.work._assess", broken)
    result = assess_job(Job("/in/a.txt", "a.txt", b"text"), RULES, recipe(RULES), False)
    assert isinstance(result, Failed)
    assert (result.error.code, "by nought" in result.error.message) == ("internal_error", True)


def test_a_worker_with_another_recipe_refuses() -> None:
    result = assess_job(Job("/in/a.txt", "a.txt", b"text"), RULES, "another", False)
    assert isinstance(result, Failed)
    assert result.error.code == "worker_differs"


SCRIPT = """
import sys
from pathlib import Path
from sfo_nlp.mining.files import gather
from sfo_nlp.mining.ingest import Options, ingest
from sfo_nlp.settings import Settings
from sfo_nlp.store.store import Store
if __name__ == "__main__":
    settings = Settings(fast=True, models=Path("no-models"))
    files, store = gather([Path(sys.argv[1])]), Store(sys.argv[2])
    ingest(files, store, settings, Options(jobs=int(sys.argv[3])), seen=lambda event: print(event.path, flush=True))
"""


def test_after_kill_9_nothing_is_lost_or_done_twice(tmp_path: Path, url: str) -> None:
    paths = write(tmp_path / "in", 30)
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(tmp_path / "in"), url, "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        done = [running.stdout.readline().strip() for _ in range(4)]  # type: ignore[union-attr]
        running.send_signal(signal.SIGKILL)
        done += [line.strip() for line in running.stdout]  # type: ignore[union-attr]
    store = Store(url)
    before = read_log(store).paths
    assert set(done) <= set(before)
    assert len(before) < len(paths)
    assert Corpus(store).count() == len(before)
    summary = take(paths, store)
    assert summary.counts == {"unchanged": len(before), "assessed": len(paths) - len(before)}
    with store.session() as session:
        assert session.scalar(text("SELECT count(*) FROM assessments")) == len(paths)
        assert session.scalar(text("SELECT count(*) FROM measures")) == len(paths)


def test_after_kill_9_no_worker_is_left(tmp_path: Path) -> None:
    """Every worker holds the run's output open, so that it ends only with the last of them."""
    write(tmp_path / "in", 30)
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(tmp_path / "in"), f"sqlite:///{tmp_path / 'store.sqlite'}", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        running.stdout.readline()
        running.send_signal(signal.SIGKILL)
        try:
            running.communicate(timeout=60)
        finally:
            running.stdout.close()


def test_ctrl_c_keeps_what_was_done(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 5)

    def stop(event: object, heard: list[object] = []) -> None:  # noqa: B006
        heard.append(event)
        if len(heard) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(paths, store, seen=stop)
    assert take(paths, store).counts == {"unchanged": 2, "assessed": 3}


def test_a_full_disk_stops_the_run_and_keeps_the_finished_files(tmp_path: Path, url: str) -> None:
    store = Store(url)
    paths = write(tmp_path / "in", 40)
    take(paths[:1], store)
    with store.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar() or 0
    from sqlalchemy import event

    def small(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 60}")  # type: ignore[attr-defined]

    store.engine.dispose()
    event.listen(store.engine, "connect", small)
    with pytest.raises(StoreFull):
        take(paths, store)
    event.remove(store.engine, "connect", small)
    store.engine.dispose()
    kept = len(read_log(store).paths)
    assert 1 <= kept < 40
    counts = take(paths, store).counts
    assert counts == {"unchanged": kept, "assessed": 40 - kept}


def test_a_lost_connection_is_tried_again_and_then_named(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(tmp_path / "in", 2)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    put, failing = Store.put, Counter[str]()

    def shaky(self: Store, *given: object, **more: object) -> int:
        failing["asked"] += 1
        if failing["asked"] <= failing["lost"]:
            raise StoreUnreachable("The store: the connection was lost")
        return put(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "put", shaky)
    failing["lost"] = 2
    assert take(paths[:1], store).counts == {"assessed": 1}
    failing["lost"] = 100
    with pytest.raises(StoreUnreachable):
        take(paths, store)
    assert Corpus(store).count() == 1


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(pool, "CONNECT_SECONDS", 0.5)
    with pytest.raises(SchedulerUnreachable, match=r"127\.0\.0\.1:9"):
        list(pool.run_jobs(iter([Job("/in/a.txt", "a.txt", b"x")]), deadly, scheduler="tcp://127.0.0.1:9"))


TABLE = """File,Region,risk level,Offense,completed_date,due_date,extended_to,rating
review-000.txt,North East,HIGH,murder,2024-05-02,2024-05-01,01/06/2024,ri
in/review-001.txt,Wales,severe,,2024-02-31,,,
gone.txt,Wales,,,,,,
review-002.txt,Wales,,,2031-01-01,,,
review-003.txt,Wales,,,,2024-06-01,2024-05-01,
review-000.txt,Wales,,,,,,
,,,,,,,
"""


def test_metadata_is_checked_on_the_way_in(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 4)
    table = tmp_path / "about.csv"
    table.write_text(TABLE)
    found = read_metadata(table, paths, today=date(2026, 1, 1))
    assert list(found.rows) == [paths[0]]
    said = {(problem.row, problem.message.split(":")[0]): problem.remedy for problem in found.problems}
    assert said[1, "the column offense is not known and was ignored"] == "Did you mean offence?"
    assert (3, "risk_level") in said
    assert (3, "completed_date") in said
    assert said[4, "there is no file gone.txt"] == "Correct its name, or leave the row out."
    assert (5, "completed_date") in said
    assert (6, "due_date (2024-06-01) lies after extended_to (2024-05-01)") in said
    assert (7, "review-000.txt has a row already") in said
    assert len(said) == 7
    take(paths, store, metadata=found.rows)
    with store.session() as session:
        (row,) = session.scalars(select(MetadataRow))
    assert (row.region, row.risk_level, row.rating, row.extended_to) == (
        "North East",
        "high",
        "Requires improvement",
        date(2024, 6, 1),
    )


def test_metadata_can_come_later(tmp_path: Path, store: Store) -> None:
    paths = write(tmp_path / "in", 2)
    take(paths, store)
    rows = {paths[1]: {"region": "Wales"}, "/elsewhere.txt": {"region": "Kent"}}
    assert describe(store, read_log(store), rows) == 1
    assert Corpus(store).choices("region") == ["Wales", "not known"]


def test_rows_for_files_that_are_not_in_the_store_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sfo_nlp.settings.default_models", lambda: Path("no-models"))
    paths = write(tmp_path / "in", 3)
    table = tmp_path / "in" / "about.csv"
    table.write_text("file,region\n" + "".join(f"{Path(path).name},Wales\n" for path in paths))
    common = ["--store", str(tmp_path / "store.sqlite"), "--jobs", "1", "--fast", "--metadata", str(table)]
    first = CliRunner().invoke(main, ["ingest", paths[0], *common])
    assert (first.exit_code, "Metadata for" in first.stdout) == (0, False), first.output
    assert first.stderr == "note: 2 rows of about.csv are for files that are not in the store yet\n"
    alone = CliRunner().invoke(main, ["ingest", *common])
    assert [line.partition(" Take")[0] for line in alone.stderr.splitlines()] == [
        f"error[metadata_invalid] about.csv, row {row}: {Path(path).name} is not in the store."
        for row, path in ((3, paths[1]), (4, paths[2]))
    ]
    CliRunner().invoke(main, ["ingest", *paths[:2], *common[:-2]])
    later = CliRunner().invoke(main, ["ingest", *common])
    assert (later.exit_code, "Metadata for 2 reviews" in later.stdout) == (1, True), later.output
    assert later.stderr.count("error[metadata_invalid]") == 1
    whole = CliRunner().invoke(main, ["ingest", paths[2], *common])
    assert (whole.exit_code, whole.stderr) == (0, ""), whole.output
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    assert Corpus(store).choices("region") == ["Wales"]


def test_the_command_says_what_it_did_and_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sfo_nlp.settings.default_models", lambda: Path("no-models"))
    write(tmp_path / "in", 2)
    (tmp_path / "in" / "empty.txt").write_text("")
    (tmp_path / "in" / "old.doc").write_text("")
    place = str(tmp_path / "store.sqlite")
    command = ["ingest", str(tmp_path / "in"), "--store", place, "--jobs", "1", "--fast"]
    first = CliRunner().invoke(main, command)
    assert (first.exit_code, "2  assessed" in first.stdout) == (1, True)
    assert "error[file_empty]" in first.stderr
    assert "--retry-failed" in first.stderr
    assert "left out: old.doc (not a PDF, DOCX, TXT or MD file)" in first.stderr
    (tmp_path / "in" / "empty.txt").unlink()
    second = CliRunner().invoke(main, command)
    assert (second.exit_code, "2  unchanged" in second.stdout) == (0, True)
    assert CliRunner().invoke(main, ["ingest", "--store", place]).exit_code == 2


def test_errors_survive_the_way_between_processes() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(Failed("/a", "", SchedulerUnreachable("gone")))).error
    assert (type(error), error.message, isinstance(error, SfoError)) == (SchedulerUnreachable, "gone", True)
