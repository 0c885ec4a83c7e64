"""`app`: the review pane on the loopback address."""

import subprocess
import sys
from pathlib import Path

import click

from sfo_nlp.settings import PACKAGE

OPTIONS = (
    "--server.address=127.0.0.1",
    "--browser.gatherUsageStats=false",
    "--client.toolbarMode=viewer",
    "--server.fileWatcherType=none",
)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Port on this machine.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def app(port: int, no_browser: bool) -> None:
    """Open the review pane in the browser. It listens on 127.0.0.1 only; nothing leaves this machine."""
    command = [sys.executable, "-m", "streamlit", "run", str(entry()), *OPTIONS, f"--server.port={port}"]
    if no_browser:
        command.append("--server.headless=true")
    sys.exit(subprocess.run(command, check=False).returncode)


def entry() -> Path:
    """The router that Streamlit runs: in the installed package, or at the top of the checkout."""
    installed = PACKAGE / "app.py"
    return installed if installed.is_file() else PACKAGE.parent / "app.py"
