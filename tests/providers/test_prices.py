"""What services cost: known to the millionth, or said to be unknown; never taken for nothing."""

from datetime import date

import pytest

from floyd_site import price_table
from floyd_site.env import SettingError
from providers.prices import PriceTableError, read_table

TABLE = {
    "currency": "USD",
    "reserve_per_minute": "0.15",
    "model": [
        {"name": "thinker-1*", "from": date(2026, 1, 1), "input_per_million": "2.00", "cached_per_million": "0.20", "output_per_million": "10"},
        {"name": "thinker-1*", "from": date(2026, 6, 1), "input_per_million": "1.00", "output_per_million": "5"},
    ],
    "voice": [{"name": "maker:*warm*", "from": date(2026, 1, 1), "characters_per_million": "30"}],
    "recognition": [{"name": "ear:*", "from": date(2026, 1, 1), "per_minute": "0.024"}],
}
TOKENS = {"input_tokens": 1000, "cached_tokens": 2000, "output_tokens": 100}
SPRING, AUTUMN = date(2026, 3, 1), date(2026, 11, 21)


def test_the_price_of_the_day_counts():
    table = read_table(TABLE)
    assert table.micros("model", "thinker-1", TOKENS, SPRING) == 2000 + 400 + 1000
    # Without a price of their own, cached tokens cost what others do.
    assert table.micros("model", "thinker-1-2026", TOKENS, AUTUMN) == 1000 + 2000 + 500


def test_what_has_no_price_is_unknown_and_not_free():
    table = read_table(TABLE)
    assert table.micros("model", "thinker-2", TOKENS, AUTUMN) is None
    assert table.micros("model", "thinker-1", TOKENS, date(2025, 12, 31)) is None
    assert table.micros("carrier", "+15195550110", {"started_minutes": 1}, AUTUMN) is None


def test_small_sums_are_rounded_up_and_not_away():
    table = read_table(TABLE)
    assert table.micros("voice", "maker:warm:1", {"characters": 1, "ms": 60}, AUTUMN) == 30
    assert table.micros("recognition", "ear:telephone", {"ms": 1}, AUTUMN) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "dollars"},
        {"reserve_per_minute": "much"},
        {"reserve_per_minute": "-1"},
        {"model": [{"name": "x"}]},
        {"model": [{"name": "x", "from": date(2026, 1, 1), "per_word": "1"}]},
        {"model": [{"name": "x", "from": date(2026, 1, 1), "per_minute": "NaN"}]},
    ],
)
def test_a_table_that_is_none_is_refused(wrong):
    with pytest.raises(PriceTableError):
        read_table(TABLE | wrong)


def test_the_table_that_comes_with_floyd_prices_all_that_is_used_by_default(settings):
    table = price_table.load("")
    day = AUTUMN
    for model in (settings.OPENAI_PLAN_MODEL, settings.OPENAI_CALL_MODEL, settings.OPENAI_OUTCOME_MODEL):
        assert table.price("model", model, day), model
    assert table.price("voice", f"google:{settings.GOOGLE_VOICE}", day)
    assert table.price("recognition", f"google_speech:{settings.GOOGLE_SPEECH_MODEL}", day)
    assert table.price("carrier", "+15195550110", day)
    assert table.price("carrier", "media_stream", day)
    assert table.price("model", settings.OPENAI_REALTIME_MODEL, day)
    assert table.price("recognition", f"openai:{settings.OPENAI_TRANSCRIPTION_MODEL}", day)


def test_a_price_file_that_cannot_be_read_stops_the_start_and_says_which(tmp_path):
    broken = tmp_path / "prices.toml"
    broken.write_text("currency = ")
    for path in (broken, tmp_path / "nowhere.toml"):
        with pytest.raises(SettingError, match=str(path)):
            price_table.load(str(path))
