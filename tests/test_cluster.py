"""A real Dask scheduler with two worker processes on the loopback address, one of them killed midway."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from test_ingest import RULES, write

from sfo_nlp.mining.corpus import Corpus
from sfo_nlp.mining.ingest import Options, ingest
from sfo_nlp.mining.log import read_log
from sfo_nlp.store.store import Store

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
WORKER = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "30", "--memory-limit", "0")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address and its two workers."""
    about = tmp_path / "scheduler.json"
    log = (tmp_path / "cluster.log").open("wb")

    def start(module: str, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", module, *words], stdout=log, stderr=log, cwd=tmp_path)

    scheduler = start(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(about),
    )  # fmt: skip
    running = [scheduler]
    try:
        for _ in range(300):
            if about.exists() or scheduler.poll() is not None:
                break
            time.sleep(0.1)
        assert about.exists(), (tmp_path / "cluster.log").read_text()[-2000:]
        workers = [start("distributed.cli.dask_worker", "--scheduler-file", str(about), *WORKER) for _ in range(2)]
        running += workers
        yield json.loads(about.read_text())["address"], workers
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()
        log.close()


def test_a_cluster_gives_the_same_results_and_survives_the_loss_of_a_worker(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    paths = write(tmp_path / "in", 24)
    store = Store(f"sqlite:///{tmp_path / 'cluster.sqlite'}")
    heard: list[str] = []

    def seen(event: object) -> None:
        heard.append(str(event))
        if len(heard) == 5:
            os.kill(workers[0].pid, signal.SIGKILL)

    summary = ingest(paths, store, RULES, Options(scheduler=address), seen=seen)
    assert workers[0].wait(10) == -signal.SIGKILL
    assert summary.counts == {"assessed": len(paths)}
    with store.session() as session:
        assert session.scalar(text("SELECT count(*) FROM assessments")) == len(paths)
    assert Corpus(store).count() == len(paths)
    alone = Store(f"sqlite:///{tmp_path / 'alone.sqlite'}")
    ingest(paths[:6], alone, RULES, Options(jobs=1))
    for path in paths[:6]:
        document = read_log(alone).paths[path].document
        ours, theirs = (one.wire(document) for one in (alone, store))
        ours["provenance"].pop("seconds"), theirs["provenance"].pop("seconds")
        assert ours == theirs
