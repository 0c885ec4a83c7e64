"""What the documents name exists: functions in the newcomer's page, targets and commands in the README, local links."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from sfo_nlp.cli import COMMANDS

ROOT = Path(__file__).parent.parent
NAMES = re.findall(r"`(sfo_nlp(?:\.\w+)+)`", (ROOT / "docs" / "start-to-finish.md").read_text(encoding="utf-8"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CHANGELOG.md"]


def resolve(name: str) -> object:
    """The module or object with a dotted name."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise AssertionError(name)


@pytest.mark.parametrize("name", NAMES)
def test_named_thing_exists(name: str) -> None:
    assert resolve(name) is not None


def test_the_page_names_the_main_steps_in_order() -> None:
    steps = [
        "cli.reviewing.review",
        "pipeline.review",
        "extract.extract",
        "read_language",
        "run_checks",
        "assess.assess",
        "to_wire",
    ]
    places = [next(number for number, name in enumerate(NAMES) if name.endswith(step)) for step in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_local_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!http|#|mailto)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_readme_names_the_commands_that_exist_and_no_others() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"sfo-nlp ([a-z]+)", readme))
    assert {"review", "demo", "app"} <= named <= set(COMMANDS) | {"reads", "reviews"}
    table = readme[readme.index("## Commands") : readme.index("Exit status")]
    assert set(re.findall(r"`sfo-nlp ([a-z]+)", table)) == set(COMMANDS)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)`", readme):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_every_error_code_is_explained() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "sfo_nlp").rglob("errors.py")):
        for code in re.findall(r'^    code = "(\w+)"', path.read_text(encoding="utf-8"), re.M):
            if code != "error":
                assert f"`{code}`" in page, code
