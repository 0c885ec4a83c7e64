"""Nothing leaves the machine: the main job with every socket but the loopback blocked, in a process of its own."""

import subprocess
import sys
from pathlib import Path

BLOCKED = """
import socket, sys
real = socket.socket.connect
def connect(self, address):
    if self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost"):
        return real(self, address)
    raise SystemExit(f"network: {address}")
def refuse(*arguments, **named):
    raise SystemExit(f"network: {arguments[:1]}")
socket.socket.connect = connect
socket.socket.connect_ex = connect
socket.create_connection = refuse
lookup = socket.getaddrinfo
own = ("127.0.0.1", "::1", "localhost")
socket.getaddrinfo = lambda host, *rest, **named: lookup(host, *rest, **named) if host in own else refuse(host)
from sfo_nlp.cli import main
main(sys.argv[1:], standalone_mode=True)
"""


def test_the_main_job_opens_no_connection(samples: list[Path], tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", BLOCKED, "review", "--format", "json", *map(str, samples[:3])],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count('"schema"') == 3
    assert not list(tmp_path.iterdir()), "a review writes no file unless asked"


def test_usage_reporting_is_off() -> None:
    config = (Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert "gatherUsageStats = false" in config
    assert 'address = "127.0.0.1"' in config
