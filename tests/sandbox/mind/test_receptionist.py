"""The receptionist by rule: which tools what is said leads to, and how what they found is said."""

import json

import pytest

from sandbox.mind import think
from sandbox.mind.findings import SORRY
from sandbox.mind.receptionist import is_reception, receive
from sandbox.mind.secretary import about_answer
from sandbox.mind.thought import Thought, ToolUse

PROMPT = {"role": "system", "content": "How you talk.\n\nROLE: Greenhouse\nYou answer the phone."}
TOOLS = frozenset(
    [
        *("check_availability", "schedule_tour", "list_available_apartments", "common_questions"),
        *("start_order", "add_item", "read_back_order", "place_order", "describe_item", "show_menu"),
        *("save_name", "choose_experience", "describe_experience", "live_agent", "end_call"),
    ]
)


def said(text):
    return {"role": "user", "content": json.dumps({"callee": text})}


def used(name, arguments, result):
    call = {"id": name, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return [{"role": "assistant", "content": None, "tool_calls": [call]}, {"role": "tool", "tool_call_id": name, "content": json.dumps(result)}]


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        (
            "I'd like to see the two-bedroom apartment tomorrow at 2 p.m., self-guided, please.",
            (ToolUse("check_availability", {"date": "tomorrow", "time": "2 p.m.", "tour_type": "self-guided", "layout": "two-bedroom"}),),
        ),
        (
            "Which apartments are available, and are pets allowed?",
            (ToolUse("list_available_apartments", {"layout": ""}), ToolUse("common_questions", {"topic": "pets", "layout": ""})),
        ),
        ("Pickup, please.", (ToolUse("start_order", {"kind": "pickup", "address": ""}),)),
        ("My name is Dana Whitfield.", (ToolUse("save_name", {"first_name": "Dana", "last_name": "Whitfield"}),)),
        ("What is on the Hawaiian?", (ToolUse("describe_item", {"item": "Hawaiian"}),)),
        ("What do you suggest?", (ToolUse("show_menu", {}),)),
        ("Tell me more about Parkview Apartments.", (ToolUse("describe_experience", {"title": "Parkview Apartments"}),)),
        ("I'd like the pizza.", (ToolUse("choose_experience", {"title": "pizza"}),)),
        ("That was all. Goodbye.", (ToolUse("end_call", {"farewell": "Thank you for calling. Goodbye."}),)),
    ],
)
def test_what_is_said_leads_to_tools(text, uses):
    assert receive([PROMPT, said(text)], TOOLS) == Thought("", uses)


def test_what_tools_found_is_said_together_and_what_failed_too():
    talk = [PROMPT, said("x"), *used("add_item", {}, {"ok": True, "total": "$21.94"}), *used("place_order", {}, {"ok": False, "reason": "failed"})]
    assert receive(talk, TOOLS) == Thought(f"That comes to $21.94. Anything else? {SORRY}")


def test_a_menu_and_past_orders_are_told_dish_by_dish():
    menu = used(
        "show_menu", {}, {"ok": True, "menu": {"Pizzas": ["Hawaiian: small $12.95", "The Works: small $15.95"]}, "house_special": "The Works"}
    )
    assert receive([PROMPT, said("x"), *menu], TOOLS).text == "Pizzas: Hawaiian, The Works. The house special is The Works."
    orders = [{"number": 1, "placed": "Tuesday, 24 November 2026 at 11:20 am", "items": ["line 1: 1 large Hawaiian, $19.95"], "total": "$19.95"}]
    past = used("past_orders", {}, {"ok": True, "orders": orders})
    assert "line 1: 1 large Hawaiian, $19.95." in receive([PROMPT, said("x"), *past], TOOLS).text
    assert "1 Hawaiian grande, 19,95 $." in receive([FRENCH, said("x"), *past], TOOLS).text
    assert "La spécialité de la maison : The Works." in receive([FRENCH, said("x"), *menu], TOOLS).text


def test_a_yes_means_what_was_offered_last():
    wanted = {"date": "tomorrow", "time": "2 pm"}
    offered = used("check_availability", wanted, {"ok": True, "available": True, "time": "Monday at 2:00 pm"})
    assert receive([PROMPT, said("x"), *offered, said("Yes, please do.")], TOOLS).tools == (ToolUse("schedule_tour", wanted),)
    closed = used("place_order", {}, {"ok": True, "placed": False, "earliest": "Tuesday, 24 November 2026 at 11:20 am"})
    then = {"date": "Tuesday, 24 November 2026", "time": "11:20 am"}
    assert receive([PROMPT, said("x"), *closed, said("Yes.")], TOOLS).tools == (ToolUse("place_order", then),)


def test_a_key_that_ran_a_tool_has_its_result_told():
    note = {
        "role": "system",
        "content": json.dumps({"keys_pressed": "1", "tool": "list_plants", "result": {"ok": True, "plants": ["Rose.", "Fern"]}}),
    }
    assert receive([PROMPT, note], TOOLS) == Thought("Rose. Fern.")


def test_who_answers_the_phone_is_told_from_who_calls():
    assert is_reception([PROMPT])
    assert not is_reception([{"role": "system", "content": "Rules.\nROLE: x\nBRIEF\n{}"}])
    body = {"messages": [PROMPT, said("Goodbye.")], "tools": [{"type": "function", "function": {"name": "end_call"}}]}
    assert think(body).tools[0].name == "end_call"


FRENCH = {"role": "system", "content": f"{PROMPT['content']}\n\nLANGUAGE: the caller speaks French. Speak French only."}


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        (
            "Je voudrais visiter le deux chambres demain à 14 heures, en visite libre.",
            (ToolUse("check_availability", {"date": "tomorrow", "time": "14:00", "tour_type": "self-guided", "layout": "two-bedroom"}),),
        ),
        (
            "Le studio demain, à quinze heures.",
            (ToolUse("check_availability", {"date": "tomorrow", "time": "15:00", "tour_type": "", "layout": "studio"}),),
        ),
        ("Quels sont les frais et le stationnement ?", (ToolUse("common_questions", {"topic": "fees", "layout": ""}),)),
        ("Quels appartements avez-vous ?", (ToolUse("list_available_apartments", {"layout": ""}),)),
        ("À emporter, s’il vous plaît.", (ToolUse("start_order", {"kind": "pickup", "address": ""}),)),
        ("En livraison au 12 Pine Street.", (ToolUse("start_order", {"kind": "delivery", "address": "12 Pine Street"}),)),
        ("Je m'appelle Dana Whitfield.", (ToolUse("save_name", {"first_name": "Dana", "last_name": "Whitfield"}),)),
        ("C'est tout, au revoir.", (ToolUse("end_call", {"farewell": "Merci de votre appel, au revoir."}),)),
    ],
)
def test_who_speaks_french_is_understood(text, uses):
    assert receive([FRENCH, said(text)], TOOLS) == Thought("", uses)


def test_who_speaks_french_is_asked_in_it_for_what_is_missing_and_has_to_say_only_that():
    wanted = {"date": "tomorrow", "time": "14:00", "tour_type": "", "layout": "studio"}
    asked = [FRENCH, said("x"), *used("check_availability", wanted, {"ok": True, "missing": ["tour type"]})]
    assert receive(asked, TOOLS).text == "Une visite libre ou accompagnée ?"
    assert receive([*asked, said("Accompagnée.")], TOOLS).tools == (ToolUse("check_availability", wanted | {"tour_type": "agent-led"}),)
    pizza = {"item": "hawaiian", "size": "", "quantity": 1}
    sized = [FRENCH, said("x"), *used("add_item", pizza, {"ok": False, "why": "Ask for the size of Hawaiian: small, medium or large."})]
    assert receive(sized, TOOLS).text == "En quelle taille : petite, moyenne ou grande ?"
    assert receive([*sized, said("Une grande.")], TOOLS).tools == (ToolUse("add_item", pizza | {"size": "large"}),)
    sent = {"kind": "delivery", "address": ""}
    where = [FRENCH, said("x"), *used("start_order", sent, {"ok": False, "why": "Ask for the address first, with the zip code."})]
    assert receive(where, TOOLS).text == "À quelle adresse, avec le code postal ?"
    assert receive([*where, said("12 Pine Street, 94111.")], TOOLS).tools == (ToolUse("start_order", sent | {"address": "12 Pine Street, 94111"}),)


@pytest.mark.parametrize(
    ("name", "found", "told"),
    [
        ("check_availability", {"available": True, "time": "Monday, 23 November 2026 at 2:00 pm"}, "Lundi 23 novembre 2026 à 14 h, c'est libre."),
        ("check_availability", {"available": False, "other_days": ["Friday, 7 August 2026 at 9:30 am"]}, "vendredi 7 août 2026 à 9 h 30."),
        ("place_order", {"placed": False, "earliest": "Tuesday, 24 November 2026 at 11:20 am"}, "pour mardi 24 novembre 2026 à 11 h 20 ?"),
        ("existing_appointments", {"tours": ["a tour on Friday, 7 August 2026 at 9:30 am, here"]}, "visite vendredi 7 août 2026 à 9 h 30."),
        ("existing_appointments", {"tours": []}, "Vous n'avez pas de visite."),
        ("add_item", {"ok": False, "why": "There is no item “sushi” on the menu."}, "Ce n'est pas à la carte."),
        ("add_item", {"ok": False, "reason": "failed"}, "cela ne marche pas"),
        ("opening_hours", {"open_now": False, "address": "101 Spear Street"}, "fermés en ce moment. Notre adresse : 101 Spear Street."),
        ("common_questions", {"answer": "Hamsters are welcome."}, "Je n'ai cela qu'en anglais : Hamsters are welcome."),
        (
            "opening_hours",
            {"hours": "Mon closed, Tue-Thu 11:00-21:30 and 23:00-24:00", "address": "x"},
            "Nos horaires : lundi fermé, du mardi au jeudi de 11 h à 21 h 30 et de 23 h à 24 h.",
        ),
        (
            "list_available_apartments",
            {"apartments": ["studio, 450 square feet, $1,050 a month, from Tuesday, 1 December 2026"]},
            "Le studio : 450 pieds carrés, 1 050 $ par mois, libre à partir du mardi 1er décembre 2026.",
        ),
        ("list_available_apartments", {"apartments": ["tent, 45 square feet"]}, "Je n'ai cela qu'en anglais : tent"),
        ("common_questions", {"answer": "For all of them: two reserved parking spots are included."}, "Pour tous : deux places"),
        (
            "check_claim",
            {"on_file": "The rent of the studio is $1,050.", "caller_is_right": False},
            "Je dois vous corriger. Pour le studio, le loyer : 1 050 $.",
        ),
        (
            "cancel_tour",
            {"cancelled": "self-guided tour of the studio on Friday, 7 August 2026 at 9:30 am, here"},
            "visite libre, le studio, vendredi",
        ),
        ("past_orders", {"orders": []}, "Je ne trouve pas de commande de vous."),
        ("how_things_stand", {"requests": [{"number": 1, "about": "Dentist", "stands": "Done"}]}, "Vos demandes : Dentist : terminée."),
        ("why_floyd_called", {"waits": True}, "Pour qui était-ce"),
    ],
)
def test_results_are_told_in_french(name, found, told):
    assert told in receive([FRENCH, said("x"), *used(name, {}, {"ok": True} | found)], TOOLS).text


def test_who_asks_for_french_is_welcome():
    assert receive([FRENCH, said("Bonjour, parlez-vous français ?")], TOOLS).text == "Oui, bien sûr. Que puis-je faire pour vous ?"


def test_what_nobody_knows_is_asked_again_in_french():
    assert receive([FRENCH, said("Abracadabra.")], TOOLS).text == "Excusez-moi, pouvez-vous répéter ?"


@pytest.mark.parametrize(("said", "told"), [("Of course, take your time.", True), ("Could you say that again?", True), ("Fine weather.", False)])
def test_who_still_waits_hears_the_answer_again(said, told):
    asked, answers = {"asked": True, "about": "dinner", "when": "Thursday at 7:00 pm"}, [{"yes": True, "text": ""}]
    expected = "Yes, dinner works for Dana on Thursday at 7:00 pm." if told else None
    assert about_answer("Dana", asked, answers, said, news=False) == expected
