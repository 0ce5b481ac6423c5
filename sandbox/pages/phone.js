import { attempt, behaviourOptions, captions, clock, follow, scrollDown, send, STATES } from "/pages/wire.js";
import { Bell, Headset } from "/pages/headset.js";

const number = decodeURIComponent(location.pathname.split("/").pop());
const path = `/control/people/${encodeURIComponent(number)}`;
const byId = (id) => document.getElementById(id);
const bell = new Bell();
const headset = new Headset(`${path}/audio`, (text) => { byId("sound-note").textContent = text; showWays(); });
let phone = null;

function press(button, on) { button.setAttribute("aria-pressed", String(on)); }

function showWays() {
  press(byId("speak"), headset.speaking);
  byId("speak").textContent = headset.speaking ? "Mute" : "Speak";
  press(byId("hold"), Boolean(phone?.on_hold));
  byId("hold").textContent = phone?.on_hold ? "Come back" : "Hold";
}

byId("number").textContent = number;
byId("behaviour").addEventListener("change", (event) => attempt(() => send(path, { behaviour: event.target.value })));
byId("call").addEventListener("submit", (event) => {
  event.preventDefault();
  headset.ready();
  attempt(() => send(`${path}/call`, { attestation: byId("attestation").value }));
});
byId("answer").addEventListener("click", () => { headset.ready(); attempt(() => send(`${path}/answer`)); });
byId("decline").addEventListener("click", () => attempt(() => send(`${path}/decline`)));
byId("hang-up").addEventListener("click", () => attempt(() => send(`${path}/hang_up`)));
byId("speak").addEventListener("click", () => attempt(() => (headset.speaking ? headset.mute() : headset.speak())));
byId("hold").addEventListener("click", () => attempt(() => send(`${path}/hold`, { on: !phone.on_hold })));
byId("keypad").addEventListener("click", () => {
  byId("keys").hidden = !byId("keys").hidden;
  press(byId("keypad"), !byId("keys").hidden);
});
for (const key of "123456789*0#") {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: key });
  button.addEventListener("click", () => attempt(() => send(`${path}/press`, { keys: key })));
  byId("keys").append(button);
}
byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (text) attempt(async () => { await send(`${path}/say`, { text }); byId("text").value = ""; });
});

function headline() {
  if (phone.ringing_for_human) return "Floyd is calling";
  if (phone.state !== "talking") return phone.state === "idle" && phone.behaviour === "human" ? "Waiting for a call" : STATES[phone.state];
  const since = phone.call?.answered_at ? clock(Math.max(0, Date.now() - Date.parse(phone.call.answered_at))) : "";
  return `${phone.on_hold ? "On hold" : "On the phone"} ${since}`.trim();
}

function show(data) {
  phone = data;
  document.title = `${phone.name}: ${STATES[phone.state]} · Sandbox`;
  byId("name").textContent = phone.name;
  byId("face").textContent = [...phone.name.replace(/^[^\p{L}\p{N}]+/u, "")][0] ?? "☏";
  const behaviour = byId("behaviour");
  if (document.activeElement !== behaviour) behaviour.replaceChildren(...behaviourOptions(phone));
  const talking = phone.state === "talking";
  const began = talking && byId("talking").hidden;
  byId("ringing").hidden = !phone.ringing_for_human;
  byId("talking").hidden = !talking;
  byId("when").hidden = talking || phone.ringing_for_human;
  byId("call").hidden = phone.state !== "idle";
  byId("handset").className = `handset ${phone.on_hold ? "holding" : phone.ringing_for_human ? "ringing" : phone.state}`;
  if (phone.ringing_for_human) bell.start(); else bell.stop();
  if (talking && headset.context && !headset.listening) headset.listen();
  if (!talking && headset.listening) headset.hangUp();
  if (began) byId("text").focus({ preventScroll: true });
  showWays();
  byId("captions").replaceChildren(...captions(phone.call ? phone.call.transcript : [], "callee", phone.hearing));
  scrollDown(byId("captions"));
}

follow(path, show, 300);
setInterval(() => { if (phone) byId("state").textContent = headline(); }, 250);
