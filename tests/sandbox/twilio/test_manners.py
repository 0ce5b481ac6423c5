from collections import Counter

from sandbox.faults import POLITE, Faults, manners


def test_polite_unless_told_otherwise():
    assert manners(None, "call", 1, "completed") == POLITE


def test_the_same_seed_gives_the_same_manners_and_another_seed_others():
    occasions = [("call", n, "ringing") for n in range(50)]
    once = [manners(7, *occasion) for occasion in occasions]
    assert once == [manners(7, *occasion) for occasion in occasions]
    assert once != [manners(8, *occasion) for occasion in occasions]


def test_nasty_in_the_proportions_it_promises():
    sample = [manners(1, "call", n) for n in range(20_000)]
    copies = Counter(how.copies for how in sample)
    assert 0.04 < copies[0] / len(sample) < 0.06
    assert 0.08 < copies[2] / len(sample) < 0.11
    assert 0.18 < sum(how.overtaken for how in sample) / len(sample) < 0.22


def test_a_fault_happens_as_often_as_asked_and_then_no_more():
    faults = Faults()
    faults.set("calls.create", {"mode": "lost_reply", "times": 2})
    assert [fault.mode if (fault := faults.take("calls.create")) else None for _ in range(3)] == ["lost_reply", "lost_reply", None]
    faults.set("calls.create", {"mode": "429", "times": -1})
    assert all(faults.take("calls.create") for _ in range(5))
    faults.set("calls.create", {"mode": "ok"})
    assert faults.take("calls.create") is None
