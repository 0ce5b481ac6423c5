"""What callers order is found by the names they use; what is not on the menu is never guessed."""

import copy

import pytest

from tests.use_cases.restaurant.pizzeria import DATA, MENU
from use_cases.restaurant.menu import read_menu


@pytest.mark.parametrize(
    ("said", "name"),
    {
        "The Works": "The Works",
        "works": "The Works",
        "a works pizza": "The Works",
        "hawaiian pizza": "Hawaiian",
        "Hawaiian": "Hawaiian",
        "classic pepperoni": "Classic Pepperoni",
        "pepperoni pizza": "Classic Pepperoni",
        "pepperoni calzone": "Pepperoni Calzone",
        "onion ring": "Onion Rings",
        "the onion rings": "Onion Rings",
        "Jalapeño poppers": "Jalapeno Poppers",
        "caesar": "Caesar Salad",
        "Caesar salads": "Caesar Salad",
        "mixed greens": "Mixed Greens Salad",
        "cheese cheese": "Cheese Cheese",
        "cheese pizza": "Cheese Cheese",
        "a cheese calzone": "Cheese Calzone",
        "popcorn shrimp": "Popcorn Shrimp",
        "veggie stromboli": "Veggie Stromboli",
    }.items(),
)
def test_an_item_is_found_by_what_people_call_it(said, name):
    assert MENU.find(said).name == name


@pytest.mark.parametrize("said", ["", "sushi", "hamburger", "the", "pineapple upside-down cake", "pizza", "a salad"])
def test_what_is_not_on_the_menu_is_not_found(said):
    assert MENU.find(said).name == ""


def test_a_name_that_fits_several_leaves_the_choice():
    assert set(MENU.find("pepperoni").several) == {"Classic Pepperoni", "Pepperoni Calzone"}
    assert MENU.find("pepperoni").name == ""


def test_a_misheard_name_is_suggested_and_never_taken():
    found = MENU.find("mozzarela stics")
    assert (found.name, found.alike) == ("", ("Mozzarella Sticks",))


@pytest.mark.parametrize(("said", "name"), {"mushrooms": "Mushroom", "tomatoes": "Tomato", "olives": "Black olives", "basil": "Fresh basil"}.items())
def test_toppings_are_found_the_same_way(said, name):
    assert MENU.find_topping(said).name == name


def test_every_item_is_found_by_its_own_name():
    assert [MENU.find(item.name).name for item in MENU.items] == [item.name for item in MENU.items]


def test_the_menu_in_words_has_everything():
    words = MENU.in_words()
    assert words["Starters"][0] == "Mozzarella Sticks: $7.75"
    assert words["Pizzas"][3] == "The Works: small $15.95, medium $18.95, large $23.95"
    assert sum(len(lines) for lines in words.values()) == len(MENU.items) + len(MENU.toppings)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda data: data["restaurant"].update(house_special="Sushi"), "house special"),
        (lambda data: data["sections"][0]["items"].append({"name": "Hawaiian", "price_minor": 5}), "twice"),
        (lambda data: data["sections"][0]["items"].append({"name": "Water"}), "Water has no price"),
    ],
)
def test_a_menu_with_a_mistake_is_refused(change, error):
    data = copy.deepcopy(DATA)
    change(data)
    with pytest.raises(ValueError, match=error):
        read_menu(data)
