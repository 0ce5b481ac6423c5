import { attempt, behaviourOptions, captions, follow, scrollDown, send, STATES } from "/pages/wire.js";
import { Headset } from "/pages/headset.js";

const number = decodeURIComponent(location.pathname.split("/").pop());
const path = `/control/people/${encodeURIComponent(number)}`;
const byId = (id) => document.getElementById(id);
const headset = new Headset(`${path}/audio`, (text) => { byId("microphone-note").textContent = text; });

byId("number").textContent = number;
byId("behaviour").addEventListener("change", (event) => attempt(() => send(path, { behaviour: event.target.value })));
byId("answer").addEventListener("click", () => attempt(() => send(`${path}/answer`)));
byId("decline").addEventListener("click", () => attempt(() => send(`${path}/decline`)));
byId("hang-up").addEventListener("click", () => attempt(() => send(`${path}/hang_up`)));
byId("microphone").addEventListener("click", () => attempt(() => (headset.on ? headset.stop() : headset.start())));
byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (text) attempt(async () => { await send(`${path}/say`, { text }); byId("text").value = ""; });
});

function headline(phone) {
  if (phone.ringing_for_human) return "It rings";
  if (phone.state === "idle") return phone.behaviour === "human" ? "Waiting for a call" : STATES.idle;
  return STATES[phone.state];
}

follow(path, (phone) => {
  document.title = `${phone.name}: ${STATES[phone.state]}`;
  byId("name").textContent = phone.name;
  byId("state").textContent = headline(phone);
  const behaviour = byId("behaviour");
  if (document.activeElement !== behaviour) behaviour.replaceChildren(...behaviourOptions(phone));
  const wasTalking = !byId("talking").hidden;
  byId("ringing").hidden = !phone.ringing_for_human;
  byId("talking").hidden = phone.state !== "talking";
  if (phone.state === "talking" && !wasTalking) byId("text").focus();
  if (phone.state !== "talking" && headset.on) headset.stop();
  byId("captions").replaceChildren(...captions(phone.call ? phone.call.transcript : [], "callee", phone.hearing));
  scrollDown(byId("captions"));
}, 300);
