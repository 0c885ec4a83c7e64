"""A small seeded share of the fuzz run: broken and hostile files end in text or a coded error, and leave nothing."""

import pytest

from benchmarks import fuzz
from benchmarks.mutants import light, mutant, samples
from sfo_nlp.settings import Limits

EXPECTED = {
    "cyclic-pages.pdf": "file_damaged",
    "a-million-pages-said.pdf": "limit_exceeded",
    "javascript.pdf": "text",
    "script-in-text.pdf": "text",
    "encrypt-nonsense.pdf": "file_encrypted",
    "billion-laughs.docx": "file_damaged",
    "external-entity.docx": "file_damaged",
    "external-image.docx": "text",
    "paths-up.docx": "text",
    "macros.docx": "file_has_macros",
}


@pytest.fixture(scope="module")
def attacks() -> dict[str, bytes]:
    return dict(light())


def test_a_share_of_the_run(attacks: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "LIMITS", Limits(seconds=10, memory_mb=1024, unpacked_mb=100))
    good = samples()
    chosen = [*attacks.items(), *(mutant(index, 7, good) for index in range(150))]
    monkeypatch.setattr(fuzz, "files", lambda mutants, seed: iter(chosen))
    result = fuzz.run(150, 7)
    assert not result.failures
    assert result.outcomes.total() == len(chosen)
    assert result.outcomes["text"] > 50
    assert result.outcomes["file_damaged"] > 20


@pytest.mark.parametrize("name", EXPECTED)
def test_attacks_end_as_they_should(name: str, attacks: dict[str, bytes]) -> None:
    assert fuzz.read_one(name, attacks[name])[1] == EXPECTED[name]


def test_a_mutant_is_the_same_every_time() -> None:
    good = samples()
    assert [mutant(index, 3, good) for index in range(20)] == [mutant(index, 3, good) for index in range(20)]
