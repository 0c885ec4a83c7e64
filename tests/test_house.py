"""The house holds: imports point down only, no folder outgrows its room, nothing of a hub or registry is named."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "sfo_nlp"

BASE = {"document", "errors", "settings"}
READING = {"extract", "language"}
CORE = BASE | READING | {"checks", "assessment", "pipeline"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "document": {"errors"},
    "settings": {"errors"},
    "extract": BASE,
    "language": BASE,
    "checks": BASE | {"language"},
    "assessment": BASE | {"language", "checks"},
    "pipeline": CORE,
    "store": CORE,
    "report": CORE | {"store"},
    "redact": CORE,
    "mining": CORE | {"store", "report"},
    "training": CORE,
    "ui": CORE | {"store", "report", "mining", "training", "redact"},
    "cli": CORE | {"store", "report", "mining", "training", "ui", "redact"},
}
# Modules are meant to have about 150 lines and functions under 40: these are where one is split.
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 280, 60


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    """The rooms of the package that a module imports, wherever in the module the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "sfo_nlp":
                names = [f"sfo_nlp.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("sfo_nlp.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    room = parts[0]
    if room in ("__init__", "__main__"):
        return
    assert room in MAY_IMPORT, f"{room} has no place in the house"
    assert imports_of(path) <= MAY_IMPORT[room] | {room}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))


def test_no_module_outgrows_its_page() -> None:
    counts = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: count for name, count in counts.items() if count > MOST_LINES} == {}


def test_no_function_outgrows_the_screen() -> None:
    long = {
        f"{path.relative_to(PACKAGE)}:{node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    }
    assert not long


def test_no_module_imports_a_network_library() -> None:
    """Databases and clusters that a user names are reached by SQLAlchemy and Dask; nothing else is reached."""
    speaking = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "urllib3", "websockets"}
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {(path.name, name) for name in names if name.split(".")[0] in speaking or name == "urllib.request"}
    assert found == set()


def test_nothing_names_a_registry_or_a_hub() -> None:
    hosts = re.compile(
        "|".join(["pyp" + r"i\.org", "python" + "hosted", "huggingf" + r"ace\.co", "registry\\.np" + "mjs"])
    )
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    named = []
    for name in filter(None, tracked):
        path = ROOT / name
        if (
            path.is_file()
            and path.suffix in (".py", ".toml", ".md", ".txt", ".cfg", ".ipynb", "")
            and path.stat().st_size < 2_000_000
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            if hosts.search(text):
                named.append(name)
    assert not named
