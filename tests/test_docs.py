"""What the documents name exists: functions in the newcomer's page, targets and commands in the README, local links."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from sfo_nlp.cli import COMMANDS
from sfo_nlp.errors import SfoError
from sfo_nlp.settings import Limits, Settings

ROOT = Path(__file__).parent.parent
NAMES = re.findall(r"`(sfo_nlp(?:\.\w+)+)`", (ROOT / "docs" / "start-to-finish.md").read_text(encoding="utf-8"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CHANGELOG.md"]
TEXTS = [*PAGES, *(path for path in sorted((ROOT / "sfo_nlp").rglob("*.*")) if path.suffix in (".py", ".toml"))]


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


def test_files_of_the_project_that_a_text_names_exist() -> None:
    named = re.compile(r"(?<![\w/.-])(?:docs|models|benchmarks|tests|notebooks)/[\w/-]*(?:\.[a-z]+)?")
    found = {(path, name) for path in TEXTS for name in named.findall(path.read_text(encoding="utf-8"))}
    assert found
    assert [(path.name, name) for path, name in sorted(found) if not (ROOT / name).exists()] == []


def test_a_limit_is_raised_as_the_page_shows() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"Settings\(limits=Limits\(.+?\)\)", page)
    raised = eval(shown, {"Settings": Settings, "Limits": Limits}).limits
    assert raised.seconds > Limits().seconds
    assert raised.pages > Limits().pages


def test_every_remedy_on_the_page_is_the_one_that_the_program_gives() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "sfo_nlp").rglob("errors.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, SfoError) and kind is not SfoError:
                assert f"| `{kind.code}` | {kind.remedy} |" in page, kind.code


def test_every_error_code_is_explained() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "sfo_nlp").rglob("errors.py")):
        for code in re.findall(r'^    code = "(\w+)"', path.read_text(encoding="utf-8"), re.M):
            if code != "error":
                assert f"`{code}`" in page, code
