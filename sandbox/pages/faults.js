import { attempt, element, follow, send } from "/pages/wire.js";

const byId = (id) => document.getElementById(id);
const NASTY_SEED = 7;
const FOR_EVER = -1;
const NAMES = {
  "calls.create": "Placing a call", "messages.create": "Sending a text", "messages.delivery": "Delivering a text", "webhooks.voice": "Asking what to do with a call",
  "webhooks.status": "Telling how a call goes", "webhooks.message": "Handing over a text", "media.connect": "Opening the call's sound", "media.socket": "The call's sound",
  "openai.chat": "The model", "openai.speech": "The voice (speech)", "openai.realtime": "The voice (realtime)", "google.hear": "Hearing", "google.places": "The directory",
  "google.speak": "The voice (Google)", "smtp.deliver": "Taking a mail", "smtp.data": "Receiving a mail", "smtp.bounce": "Sending a mail back", "imap.login": "Opening a mailbox", "imap.fetch": "Reading a mailbox",
};

function option(value, text) { return element("option", { value }, text); }

function row(place, modes) {
  const mode = element("select", { "aria-label": `How it fails: ${place}` }, ...modes.map((one) => option(one, one.replaceAll("_", " "))));
  const times = element("select", { "aria-label": `How often: ${place}` }, option("1", "the next time"), option(String(FOR_EVER), "every time"));
  const on = element("button", { type: "button", "aria-pressed": "false", onclick: () => attempt(() => {
    const off = on.getAttribute("aria-pressed") === "true";
    return send("/control/faults", { [place]: off ? null : { mode: mode.value, times: Number(times.value) } });
  }) }, "Switch on");
  const made = element("div", { class: "row", id: `place-${place}` }, element("span", { class: "grow" }, element("b", {}, NAMES[place] ?? place), element("p", { class: "number" }, place)), mode, times, on);
  byId("places").append(made);
  return made;
}

byId("polite").addEventListener("click", () => attempt(() => send("/control/faults", { nasty: null })));
byId("nasty").addEventListener("click", () => attempt(() => send("/control/faults", { nasty: NASTY_SEED })));
let known = {};
byId("all-off").addEventListener("click", () => attempt(() => send("/control/faults", { nasty: null, ...Object.fromEntries(Object.keys(known.on).map((place) => [place, null])) })));

const outage = byId("outage-switch");
outage.addEventListener("click", () => attempt(() => {
  const away = outage.getAttribute("aria-pressed") === "true";
  return send("/control/outage", { seconds: away ? 0 : Number(byId("outage-seconds").value) });
}));

follow("/control/outage", ({ possible, left_s }) => {
  byId("outage-card").hidden = !possible;
  outage.setAttribute("aria-pressed", String(left_s > 0));
  outage.classList.toggle("primary", left_s > 0);
  outage.textContent = left_s > 0 ? "Bring it back" : "Take it away";
  byId("outage-seconds").disabled = left_s > 0;
  // Said when it changes, not every second: a screen reader reads it out.
  const said = byId("outage-left");
  if (left_s <= 0) said.textContent = "It is there.";
  else if (!said.textContent.startsWith("Away")) said.textContent = `Away until ${new Date(Date.now() + left_s * 1000).toLocaleTimeString()}.`;
}, 1000);

follow("/control/faults", (faults) => {
  known = faults;
  byId("manner").textContent = faults.nasty === null ? "Polite now." : `Nasty now (seed ${faults.nasty}).`;
  byId("polite").classList.toggle("primary", faults.nasty === null);
  byId("nasty").classList.toggle("primary", faults.nasty !== null);
  for (const [place, modes] of Object.entries(faults.menu)) {
    const made = document.getElementById(`place-${place}`) ?? row(place, modes);
    const [mode, times] = made.querySelectorAll("select");
    const button = made.querySelector("button");
    const on = faults.on[place];
    button.setAttribute("aria-pressed", String(Boolean(on)));
    button.classList.toggle("primary", Boolean(on));
    button.textContent = on ? "On: switch off" : "Switch on";
    mode.disabled = times.disabled = Boolean(on);
    if (on) { mode.value = on.mode; times.value = String(on.times === FOR_EVER ? FOR_EVER : 1); }
  }
});
