import { attempt, behaviourOptions, captions, element, follow, scrollDown, send, STATES } from "/pages/wire.js";

const byId = (id) => document.getElementById(id);
const NASTY_SEED = 7;

function thread(user, floyd) {
  const bubbles = user.messages.map((text) => {
    const mine = text.from === user.number;
    return element("div", { class: `bubble${mine ? " mine" : ""}` }, text.body, element("small", {}, `${mine ? "sent" : "from Floyd"}, ${new Date(text.at).toLocaleTimeString()}, ${text.status}`));
  });
  return bubbles.length ? bubbles : [element("p", { class: "empty" }, `No texts yet. Text Floyd at ${floyd}, or wait for a question.`)];
}

// A card stays while its contents change, so that half-written replies and the focus survive.
function userCard(user) {
  const id = `user-${user.number}`;
  const card = byId(id);
  if (card) return card;
  const text = element("input", { type: "text", name: "body", "aria-label": `Text from ${user.name}`, placeholder: "Text message", autocomplete: "off", maxlength: "1600" });
  const submit = (event) => {
    event.preventDefault();
    const body = text.value.trim();
    if (body) attempt(async () => { await send("/control/messages", { from: user.number, body }); text.value = ""; });
  };
  const made = element("section", { class: "card", id, "aria-label": `${user.name}'s phone` },
    element("h2", {}, `${user.name}'s phone`, element("small", {}, user.number)),
    element("div", { class: "bubbles", "aria-live": "polite" }),
    element("form", { class: "line", onsubmit: submit }, text, element("button", { class: "primary" }, "Send")));
  byId("users").append(made);
  return made;
}

function showUsers(data) {
  for (const user of data.users) {
    const box = userCard(user).querySelector(".bubbles");
    const wanted = JSON.stringify(user.messages);
    if (box.dataset.shown === wanted) continue;
    box.dataset.shown = wanted;
    box.replaceChildren(...thread(user, data.number));
    scrollDown(box);
  }
}

function personRow(phone) {
  const id = `person-${phone.number}`;
  const row = byId(id);
  if (row) return row;
  const path = `/control/people/${encodeURIComponent(phone.number)}`;
  const choose = element("select", { "aria-label": `When ${phone.name} is called`, onchange: (event) => attempt(() => send(path, { behaviour: event.target.value })) }, ...behaviourOptions(phone));
  const made = element("div", { class: "phone", id },
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
    const box = element("div", { class: "bubbles" }, ...captions(call.transcript, "callee", hearing));
    const alerts = call.alerts.map((alert) => element("p", { class: "error" }, `${alert.code ? `${alert.code}: ` : ""}${alert.message}`));
    return element("article", { class: "phone" },
      element("div", { class: "row" },
        element("b", { class: "grow" }, phone ? phone.name : call.to),
        element("span", { class: `pill ${on ? (call.status === "in-progress" ? "talking" : "ringing") : call.status === "completed" ? "" : "failed"}` }, call.status),
        element("span", { class: "number" }, `${new Date(call.at).toLocaleTimeString()}${call.over ? `, ${call.seconds} s` : ""}`)),
      ...alerts, box);
  });
  byId("calls").replaceChildren(...(cards.length ? cards : [element("p", { class: "empty" }, "No calls yet.")]));
  byId("calls").querySelectorAll(".bubbles").forEach(scrollDown);
}

function showFaults(faults) {
  byId("manner").textContent = faults.nasty === null ? "Polite now." : `Nasty now (seed ${faults.nasty}).`;
  byId("polite").classList.toggle("primary", faults.nasty === null);
  byId("nasty").classList.toggle("primary", faults.nasty !== null);
  const choice = byId("fault-choice");
  if (!choice.options.length) {
    for (const [place, modes] of Object.entries(faults.menu)) {
      choice.append(element("optgroup", { label: place }, ...modes.map((mode) => element("option", { value: `${place} ${mode}` }, `${place}: ${mode.replaceAll("_", " ")}`))));
    }
  }
  byId("faults-on").replaceChildren(...Object.entries(faults.on).map(([place, fault]) => element("li", {}, `${place}: ${fault.mode}, ${fault.times} more`)));
}

byId("polite").addEventListener("click", () => attempt(() => send("/control/faults", { nasty: null })));
byId("nasty").addEventListener("click", () => attempt(() => send("/control/faults", { nasty: NASTY_SEED })));
byId("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const [place, mode] = byId("fault-choice").value.split(" ");
  attempt(() => send("/control/faults", { [place]: { mode, times: 1 } }));
});

const shown = {};
function changed(name, value) {
  const now = JSON.stringify(value);
  if (shown[name] === now) return false;
  shown[name] = now;
  return true;
}

follow("/control/overview", (data) => {
  byId("number").textContent = data.number;
  showUsers(data);
  showPeople(data);
  if (changed("calls", [data.calls, data.people.map((phone) => phone.hearing)])) showCalls(data);
  if (changed("faults", data.faults)) showFaults(data.faults);
});
