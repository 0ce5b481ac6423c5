"""A call is recorded where everything allows it, and nowhere else."""

from itertools import product

import pytest

from calls.recording.allowed import REGION, in_regions, may_record

GUELPH, NEW_YORK, LONDON, TOLL_FREE = "+15195550110", "+12125550110", "+442071838750", "+18005550110"


@pytest.mark.parametrize("switched_on", [True, False])
@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize("regions", [frozenset(), frozenset({"US"}), frozenset({"CA"}), frozenset({"+1519"})])
@pytest.mark.parametrize("line", ["media_stream", "realtime", "conversation_relay"])
@pytest.mark.parametrize("secrets", [True, False])
def test_only_where_all_of_it_holds(switched_on, allowed, regions, line, secrets):
    holds = (switched_on, allowed, bool(regions & {"CA", "+1519"}), line != "conversation_relay", not secrets)
    got = may_record(switched_on=switched_on, allowed=allowed, regions=regions, numbers=(GUELPH,), line=line, secrets=secrets)
    assert got is all(holds)


@pytest.mark.parametrize(("intended", "rings"), list(product([GUELPH, NEW_YORK, ""], repeat=2)))
def test_every_number_must_be_in_an_allowed_region(intended, rings):
    allowed = may_record(switched_on=True, allowed=True, regions={"CA"}, numbers=(intended, rings), line="media_stream")
    assert allowed is (intended == rings == GUELPH)


def test_nobodys_number_allows_nothing():
    assert not may_record(switched_on=True, allowed=True, regions={"CA"}, numbers=(), line="media_stream")


@pytest.mark.parametrize(
    ("number", "regions", "inside"),
    [
        (GUELPH, {"CA"}, True),
        (GUELPH, {"US"}, False),
        (GUELPH, {"GB", "CA"}, True),
        (GUELPH, {"+1519"}, True),
        (GUELPH, {"+1416"}, False),
        (GUELPH, {"+1"}, True),
        (NEW_YORK, {"CA"}, False),
        (NEW_YORK, {"+1212"}, True),
        (LONDON, {"GB"}, True),
        (LONDON, {"CA", "US"}, False),
        (TOLL_FREE, {"US", "CA"}, False),  # answered anywhere
        (TOLL_FREE, {"+1800"}, True),
        ("", {"CA"}, False),
        ("+266696687", {"CA"}, False),  # withheld
        ("+1519", {"+1519"}, False),
        ("911", {"CA"}, False),
        ("15195550110", {"+1519"}, False),
        (GUELPH, set(), False),
    ],
)
def test_where_a_number_is(number, regions, inside):
    assert in_regions(number, regions) is inside


@pytest.mark.parametrize("text", ["CA", "US", "+1", "+1519"])
def test_a_region(text):
    assert REGION.fullmatch(text)


@pytest.mark.parametrize("text", ["ca", "CAN", "1519", "+0", "US-NY", ""])
def test_no_region(text):
    assert not REGION.fullmatch(text)
