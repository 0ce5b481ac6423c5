import { attempt, behaviourOptions, captions, element, follow, scrollDown, send, STATES } from "/pages/wire.js";

const byId = (id) => document.getElementById(id);

byId("other").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = event.target.elements.number.value.replace(/[^+\d]/g, "");
  if (number) location.href = `/texts/${encodeURIComponent(number.startsWith("+") ? number : `+${number}`)}`;
});

function userRow(user) {
  const last = user.messages.at(-1);
  return element("div", { class: "row" },
    element("span", { class: "grow" }, element("b", {}, user.name), " ", user.name === user.number ? "" : element("span", { class: "number" }, user.number),
      element("p", { class: "note" }, last ? `${last.from === user.number ? "You: " : ""}${last.body.slice(0, 120)}` : "No texts yet.")),
    element("a", { class: "button", href: `/texts/${encodeURIComponent(user.number)}` }, "Open"));
}

// A row stays while its contents change, so that an open choice and the focus survive.
function personRow(phone) {
  const id = `person-${phone.number}`;
  const row = byId(id);
  if (row) return row;
  const path = `/control/people/${encodeURIComponent(phone.number)}`;
  const choose = element("select", { "aria-label": `When ${phone.name} is called`, onchange: (event) => attempt(() => send(path, { behaviour: event.target.value })) }, ...behaviourOptions(phone));
  const made = element("div", { class: "column", id },
    element("div", { class: "row" }, element("b", { class: "grow" }, phone.name), element("span", { class: "pill" }), element("span", { class: "number" }, phone.number)),
    element("div", { class: "row" }, choose, element("a", { class: "button", href: `/phones/${encodeURIComponent(phone.number)}` }, "Open phone")));
  byId("people").append(made);
  return made;
}

function showPeople(data) {
  if (!data.people.length) byId("people").replaceChildren(element("p", { class: "empty" }, "Nobody can be called. Start the sandbox with --people DIR."));
  for (const phone of data.people) {
    const row = personRow(phone);
    const pill = row.querySelector(".pill");
    pill.textContent = phone.ringing_for_human ? "Ringing: answer it" : STATES[phone.state];
    pill.className = `pill ${phone.state}`;
    const choose = row.querySelector("select");
    if (document.activeElement !== choose) choose.value = phone.behaviour;
  }
}

function showCalls(data) {
  const names = Object.fromEntries(data.people.map((phone) => [phone.number, phone]));
  const cards = data.calls.map((call) => {
    const phone = names[call.to];
    const on = !call.over;
    const hearing = on && phone && phone.call_sid === call.sid ? phone.hearing : "";
    const state = on ? (call.status === "in-progress" ? "talking" : "ringing") : call.status === "completed" ? "" : "failed";
    return element("article", { class: "column" },
      element("div", { class: "row" }, element("b", { class: "grow" }, phone ? phone.name : call.to), element("span", { class: `pill ${state}` }, call.status),
        element("span", { class: "number" }, `${new Date(call.at).toLocaleTimeString()}${call.over ? `, ${call.seconds} s` : ""}`)),
      ...call.alerts.map((alert) => element("p", { class: "error" }, `${alert.code ? `${alert.code}: ` : ""}${alert.message}`)),
      element("div", { class: "bubbles", tabindex: "0", role: "group", "aria-label": "What was said" }, ...captions(call.transcript, "callee", hearing)));
  });
  byId("calls").replaceChildren(...(cards.length ? cards : [element("p", { class: "empty" }, "No calls yet.")]));
  byId("calls").querySelectorAll(".bubbles").forEach(scrollDown);
}

const shown = {};
function changed(name, value) {
  const now = JSON.stringify(value);
  if (shown[name] === now) return false;
  shown[name] = now;
  return true;
}

follow("/control/overview", (data) => {
  byId("number").textContent = data.number;
  if (changed("users", data.users)) byId("users").replaceChildren(...data.users.map(userRow));
  showPeople(data);
  if (changed("calls", [data.calls, data.people.map((phone) => phone.hearing)])) showCalls(data);
});
