"""An order costs what its lines cost, whatever anybody says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.use_cases.restaurant.pizzeria import MENU
from use_cases.restaurant.cart import MOST_LINES, Cart, CartError, Wanted, add, change, remove


def ordered(*wanted: Wanted) -> Cart:
    cart = Cart()
    for one in wanted:
        cart, _ = add(cart, MENU, one)
    return cart


WORKS = Wanted("the works", "large", ("extra cheese",), 2, "well  done")
SALAD = Wanted("caesar salad", note="dressing on the side")


def test_a_line_has_its_price_with_toppings_times_its_number():
    _, line = add(Cart(), MENU, WORKS)
    assert (line.name, line.size, line.toppings, line.each_minor, line.total_minor) == ("The Works", "large", ("Extra cheese",), 2395 + 199, 2 * 2594)
    assert line.in_words("USD") == "2 large The Works with extra cheese (well done), $51.88"


def test_the_total_is_the_sum_and_the_delivery():
    cart = replace(ordered(WORKS, SALAD), delivery_fee_minor=400)
    assert (cart.items_minor, cart.total_minor, cart.count) == (5188 + 995, 5188 + 995 + 400, 3)
    assert cart.in_words("USD").endswith("1 Caesar Salad (dressing on the side), $9.95; delivery, $4.00. The total is $65.83.")


def test_an_empty_order_costs_nothing():
    assert replace(Cart(), delivery_fee_minor=400).total_minor == 0
    assert Cart().in_words("USD") == "Nothing is ordered yet."


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Wanted("sushi"), "no item “sushi”"),
        (Wanted("hawaian", "small"), "Hawaiian. Ask whether"),
        (Wanted("pepperoni"), "Several fit"),
        (Wanted("hawaiian"), "small, medium or large"),
        (Wanted("hawaiian", "gigantic"), "Ask for the size"),
        (Wanted("onion rings", "large"), "one size only"),
        (Wanted("caesar salad", toppings=("mushroom",)), "without toppings"),
        (Wanted("hawaiian", "small", ("anchovies",)), "no topping “anchovies”"),
        (Wanted("onion rings", quantity=0), "From one"),
        (Wanted("onion rings", quantity=51), "From one"),
        (Wanted("onion rings", note="x" * 201), "too long"),
    ],
)
def test_what_cannot_be_had_is_refused_with_what_to_ask(wanted, why):
    with pytest.raises(CartError, match=why):
        add(Cart(), MENU, wanted)


def test_no_order_is_longer_than_a_person_can_hear():
    cart = ordered(*[SALAD] * MOST_LINES)
    with pytest.raises(CartError, match="a person has to"):
        add(cart, MENU, SALAD)


def test_a_change_keeps_what_was_not_named():
    cart, line = change(ordered(WORKS, SALAD), MENU, 1, {"size": "small"})
    assert (line.number, line.size, line.quantity, line.toppings, line.note) == (1, "small", 2, ("Extra cheese",), "well done")
    assert cart.items_minor == 2 * (1595 + 199) + 995


def test_another_item_takes_neither_toppings_nor_notes_along():
    cart, line = change(ordered(WORKS), MENU, 1, {"item": "hawaiian"})
    assert (line.name, line.size, line.toppings, line.note, line.quantity) == ("Hawaiian", "large", (), "", 2)
    _, line = change(cart, MENU, 1, {"item": "cobb salad"})
    assert (line.name, line.size) == ("Cobb Salad", "")


def test_the_same_item_named_again_keeps_what_was_said():
    _, line = change(ordered(WORKS), MENU, 1, {"item": "the works", "quantity": 1})
    assert (line.toppings, line.quantity) == (("Extra cheese",), 1)


def test_a_removed_lines_number_is_not_used_again():
    cart, gone = remove(ordered(WORKS, SALAD), 2)
    assert (gone.name, [line.number for line in cart.lines]) == ("Caesar Salad", [1])
    _, line = add(cart, MENU, SALAD)
    assert line.number == 3


@pytest.mark.parametrize("act", [lambda cart: remove(cart, 9), lambda cart: change(cart, MENU, 9, {"quantity": 1})])
def test_a_line_that_is_not_there_is_named(act):
    with pytest.raises(CartError, match="no line 9"):
        act(ordered(SALAD))


wanted = st.one_of(
    st.builds(
        Wanted,
        st.sampled_from([item.name for item in MENU.items if item.sizes]),
        st.sampled_from(["small", "medium", "large"]),
        st.lists(st.sampled_from(sorted(MENU.toppings)), max_size=3).map(tuple),
        st.integers(1, 50),
    ),
    st.builds(Wanted, st.sampled_from([item.name for item in MENU.items if not item.sizes]), quantity=st.integers(1, 50)),
)
changes = st.lists(
    st.one_of(wanted, st.tuples(st.just("remove"), st.integers(1, 12)), st.tuples(st.just("quantity"), st.integers(1, 12))), max_size=12
)


@given(changes, st.integers(0, 1000))
def test_after_any_changes_the_total_is_that_of_the_menu(changes, fee):
    cart = Cart()
    for one in changes:
        try:
            if isinstance(one, Wanted):
                cart, _ = add(cart, MENU, one)
            elif one[0] == "remove":
                cart, _ = remove(cart, one[1])
            else:
                cart, _ = change(cart, MENU, one[1], {"quantity": 3})
        except CartError:
            continue
    cart = replace(cart, delivery_fee_minor=fee)
    by_hand = 0
    for line in cart.lines:
        item = MENU.item(line.name)
        by_hand += line.quantity * ((item.sizes[line.size] if line.size else item.price_minor) + sum(MENU.toppings[one] for one in line.toppings))
    assert cart.total_minor == (by_hand + fee if cart.lines else 0)
    assert len({line.number for line in cart.lines}) == len(cart.lines)
