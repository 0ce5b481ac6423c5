"""What a call goes on with once its order is in the kitchen: the cart is gone, and the keys are for what is asked then."""

from __future__ import annotations

from typing import Any

from calls.conversation.reception.keys import UNKNOWN, KeyHandler
from use_cases.tooling import ToolResult

#: What can still be done. `place_order` says that it was placed, whoever asks again.
TOOLS = frozenset({"place_order", "show_menu", "describe_item", "opening_hours", "past_orders", "send_details"})
KEYS = {
    "1": KeyHandler(say="These are our hours and our address.", tool="opening_hours"),
    "2": KeyHandler(say="I'll look up your last orders.", tool="past_orders"),
    "3": KeyHandler(say="I'll text you your order.", tool="send_details", arguments={"what": "order"}),
    "0": KeyHandler(tool="live_agent", arguments={"reason": "user-requested", "summary": "The caller pressed 0 for a person, with an order placed."}),
    UNKNOWN: KeyHandler(
        say="That key does nothing here. Press 1 for our hours, 2 for your last orders, 3 for your order as a text, 0 for a person, or just tell me."
    ),
}


def placed(told: dict[str, Any], *, total: str, when: str) -> ToolResult:
    """What the model is told of the order, and what it goes on with.

    Args:
        told: of the order, with its `order_number`.
        total, when: in words.
    """
    known = (
        f"The order of this call is placed: number {told['order_number']}, {total}, {when}. The kitchen has it. Nothing can be added or changed now "
        "but by a person (live_agent). Who wants it in writing can press 3 as well."
    )
    return ToolResult(told, prompt=known, tools=TOOLS, keys=KEYS)
