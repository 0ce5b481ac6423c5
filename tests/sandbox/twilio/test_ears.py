import pytest

from sandbox.ears import EarError, EarProcess
from sandbox.expected import Phrases
from sandbox.voice import mulaw_encode, say

SENTENCE = "We have white lilies."


async def heard(ear):
    await ear.begin()
    await ear.feed_mulaw(mulaw_encode(say(SENTENCE)))
    return (await ear.final()).text


async def test_an_ear_understands_what_others_announce_later_and_outlives_its_process():
    process, others = EarProcess(), Phrases()
    try:
        ear = process.ear(("Goodbye.",), also=others)
        assert await heard(ear) != SENTENCE
        others.add(SENTENCE)
        assert (await heard(ear)).lower().rstrip(".") == SENTENCE.lower().rstrip(".")
        running = await process.start()
        running.kill()
        await running.wait()
        with pytest.raises(EarError):
            await heard(ear)
        assert (await heard(process.ear((SENTENCE,)))).lower().rstrip(".") == SENTENCE.lower().rstrip(".")
        await ear.close()
    finally:
        await process.close()
