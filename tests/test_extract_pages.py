"""Words, boxes and lines of single pages."""

import numpy as np
import pytest

from sfo_nlp.extract.characters import clean, clean_word
from sfo_nlp.extract.markers import marker_of
from sfo_nlp.extract.page_words import struck_out, word_bounds
from sfo_nlp.extract.pages import Frame
from sfo_nlp.extract.ruling import find_cells, open_cells


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He was seen.", ["He", "was", "seen."]),
        ("  two\r\n lines ", ["two", "lines"]),
        ("no\u00a0break\u3000wide", ["no", "break", "wide"]),
        ("of\ufb01cer and \u4e2d\u6587", ["of\ufb01cer", "and", "\u4e2d\u6587"]),
        ("super\ufffevision went", ["super\ufffe", "vision", "went"]),
        ("super\x02vision", ["super\x02", "vision"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_word_bounds(text: str, words: list[str]) -> None:
    starts, ends = word_bounds(text)
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == words


@pytest.mark.parametrize(
    ("word", "cleaned"),
    [
        ("of\ufb01cer", "officer"),
        ("ho\u00adme", "home"),
        ("se\u200ben", "seen"),
        ("non\u2011compliance", "non-compliance"),
        ("\u2018it\u2019s\u2019", "\u2018it\u2019s\u2019"),
        ("\u202eton", "\ufffdton"),
        ("a\x07b", "ab"),
        ("\uf0b7", "•"),
    ],
)
def test_clean_word(word: str, cleaned: str) -> None:
    assert clean_word(word) == cleaned


def test_clean_collapses_white_space() -> None:
    assert clean("  a\u00a0\u00a0b\t\n c ") == "a b c"


@pytest.mark.parametrize(
    ("turns", "placed"),
    [
        (0, (10, 780, 30, 790)),
        (1, (10, 10, 20, 30)),
        (2, (570, 10, 590, 20)),
        (3, (780, 570, 790, 590)),
    ],
)
def test_rotated_pages_are_placed_as_shown(turns: int, placed: tuple[float, ...]) -> None:
    frame = Frame(0, 0, 600, 800, turns)
    assert frame.place(np.array([[10, 10, 30, 20]], np.float32))[0].tolist() == list(placed)
    assert frame.size == ((800, 600) if turns % 2 else (600, 800))


def test_a_line_through_the_middle_strikes_out_and_one_below_does_not() -> None:
    words = np.array([[10, 10, 40, 20], [45, 10, 90, 20]], np.float32)
    through = np.array([[8, 15, 42, 15.6]], np.float32)
    below = np.array([[8, 19, 92, 19.6]], np.float32)
    assert struck_out(words, through).tolist() == [True, False]
    assert struck_out(words, below).tolist() == [False, False]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("•", "bullet"),
        ("–", "dash"),
        ("1.", "dotted"),
        ("4.12", "dotted"),
        ("(3)", "dotted"),
        ("5A.", "dotted"),
        ("II.3", "dotted"),
        ("(a)", "letter"),
        ("iv)", "letter"),
        ("2023", None),
        ("12", "bare"),
        ("C19A", "bare"),
        ("the", None),
        ("10.45", "dotted"),
    ],
)
def test_markers(word: str, kind: str | None) -> None:
    marker = marker_of(word)
    assert (marker.kind if marker else None) == kind


def grid_lines(xs: list[float], ys: list[float]) -> np.ndarray:
    """The ruling of a full grid."""
    flat = [[xs[0], y, xs[-1], y] for y in ys]
    upright = [[x, ys[0], x, ys[-1]] for x in xs]
    return np.array(flat + upright, np.float32)


def test_a_ruled_grid_becomes_cells() -> None:
    grid = find_cells(grid_lines([50, 150, 300], [100, 120, 160, 200]))
    assert grid.places == ((0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 2, 0), (0, 2, 1))
    assert grid.boxes[3].tolist() == [150, 120, 300, 160]


def test_a_box_round_text_is_no_table() -> None:
    assert not len(find_cells(grid_lines([50, 300], [100, 200])).boxes)


def test_a_title_row_over_the_whole_width_is_left_to_the_text() -> None:
    lines = grid_lines([50, 150, 300], [120, 160, 200]).tolist()
    lines += [[50, 100, 300, 100], [50, 100, 50, 120], [300, 100, 300, 120]]
    grid = find_cells(np.array(lines, np.float32))
    assert [place[1:] for place in grid.places] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert grid.boxes[:, 1].min() == 120


def test_a_cell_over_two_rows_is_found_once() -> None:
    lines = [line for line in grid_lines([50, 150, 300], [100, 120, 160]).tolist() if line != [50, 120, 300, 120]]
    grid = find_cells(np.array([*lines, [150, 120, 300, 120]], np.float32))
    assert {tuple(box) for box in grid.boxes.tolist()} == {
        (50, 100, 150, 160),
        (150, 100, 300, 120),
        (150, 120, 300, 160),
    }


def test_lines_between_rows_are_enough_for_a_table() -> None:
    rules = np.array([[50, y, 300, y] for y in (100, 120, 140, 160)], np.float32)
    words = np.array([[x, y, x + 40, y + 10] for y in (105, 125, 145) for x in (52, 180)], np.float32)
    grid = open_cells(rules, words, find_cells(rules))
    assert len(grid.places) == 6
    assert {place[2] for place in grid.places} == {0, 1}


@pytest.mark.parametrize("count", [1, 5, 40])
def test_every_slot_of_a_grid_is_a_cell_in_reading_order(count: int) -> None:
    rng = np.random.default_rng(count)
    xs = [50.0, *np.cumsum(rng.uniform(20, 80, 3)) + 50]
    ys = [100.0, *np.cumsum(rng.uniform(12, 30, count)) + 100]
    grid = find_cells(grid_lines(xs, ys))
    assert [place[1:] for place in grid.places] == [(row, column) for row in range(count) for column in range(3)]
    drawn = [(xs[column], ys[row], xs[column + 1], ys[row + 1]) for row in range(count) for column in range(3)]
    assert np.allclose(grid.boxes, drawn, atol=0.01)


def test_sides_that_are_not_drawn_close_the_table_all_the_same() -> None:
    lines = [line for line in grid_lines([50, 150, 300], [100, 120, 160]).tolist() if line[0] != 300 or line[2] != 300]
    assert len(find_cells(np.array(lines, np.float32)).boxes) == 4
