"""Names that may be one name in two spellings."""

from collections.abc import Iterator, Mapping

LEAST_COMMON = 3
SHORTEST = 4


def confusable(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Pairs (rare, common) of names one slip apart, the rare one at most a third as frequent.

    A slip is one letter too many, too few or different, or two neighbours changed over. Two names that differ in
    their first letter, or only by a final "s" or "e", are left alone: they are mostly two people, or a possessive.
    """
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    for place, common in enumerate(ordered):
        if counts[common] < LEAST_COMMON:
            return
        for rare in ordered[place + 1 :]:
            if counts[rare] * LEAST_COMMON <= counts[common] and _one_slip(rare, common):
                yield rare, common


def _one_slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    if len(one) != len(other):
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        if longer[:-1] == shorter:
            return longer[-1] not in "seya"
        return any(longer[:cut] + longer[cut + 1 :] == shorter for cut in range(1, len(longer)))
    differing = [place for place in range(len(one)) if one[place] != other[place]]
    if len(differing) == 1:
        return len(one) > SHORTEST
    swapped = len(differing) == 2 and differing[1] == differing[0] + 1
    return swapped and one[differing[0]] == other[differing[1]] and one[differing[1]] == other[differing[0]]
