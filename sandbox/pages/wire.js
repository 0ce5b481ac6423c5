// Talking to the control API, and building elements out of text only: nothing that was said or written becomes markup.

// Inside the side-by-side page a phone is all that is shown.
if (window.top !== window) document.documentElement.classList.add("embedded");


export async function send(path, body = {}) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message || `The sandbox answered ${response.status}.`);
  return answer;
}

export async function read(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}.`);
  return response.json();
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick" || name === "onsubmit" || name === "onchange") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

const trouble = () => document.getElementById("trouble");

export function complain(error) {
  trouble().textContent = error.message;
  trouble().hidden = false;
}

// Runs an action of the person at the page and shows what went wrong with it.
export async function attempt(action) {
  try {
    await action();
    trouble().hidden = true;
  } catch (error) {
    complain(error);
  }
}

// Calls `show` again and again with fresh data; touches the page only when the data changed.
export function follow(path, show, everyMs = 500) {
  let before = "";
  let failed = false;
  async function once() {
    try {
      const data = await read(path);
      const now = JSON.stringify(data);
      if (failed) { trouble().hidden = true; failed = false; }
      if (now !== before) { before = now; show(data); }
    } catch {
      failed = true;
      complain(new Error("The sandbox does not answer. Is it running?"));
    }
    delete document.body.dataset.waits;
    setTimeout(once, everyMs);
  }
  once();
}

export const BEHAVIOURS = { script: "Their script answers", human: "I'll answer this phone", busy: "It is busy", no_answer: "Nobody answers" };
export const STATES = { idle: "Idle", ringing: "Ringing", talking: "On the phone" };

export function behaviourOptions(phone) {
  return Object.entries(BEHAVIOURS)
    .filter(([value]) => value !== "script" || phone.scripted)
    .map(([value, label]) => element("option", { value, selected: value === phone.behaviour }, label));
}

export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function captions(transcript, mine, hearing = "") {
  const bubbles = transcript.map((line) => {
    const isMine = line.speaker === mine;
    const who = line.speaker === "callee" ? "They said" : "Heard of Floyd";
    const unsure = line.sure ? "" : ", not sure";
    const text = line.text || "(not understood)";
    return element("div", { class: `bubble${isMine ? " mine" : ""}${line.sure ? "" : " unsure"}` }, text, element("small", {}, `${who} at ${clock(line.at_ms)}${unsure}`));
  });
  if (hearing) bubbles.push(element("div", { class: "bubble unsure" }, `${hearing}…`));
  return bubbles.length ? bubbles : [element("p", { class: "empty" }, "Nothing said yet.")];
}

// Text with its addresses as links, which open in the dashboard when that is beside.
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, place) => (place % 2 ? element("a", { href: part, target: "dashboard", rel: "noreferrer" }, part) : part));
}

export function thread(user, floyd) {
  const bubbles = user.messages.map((text) => {
    const mine = text.from === user.number;
    const how = `${mine ? "sent" : "from Floyd"}, ${new Date(text.at).toLocaleTimeString()}, ${text.status}`;
    return element("div", { class: `bubble${mine ? " mine" : ""}` }, ...linked(text.body), element("small", {}, how));
  });
  return bubbles.length ? bubbles : [element("p", { class: "empty" }, `No texts yet. Text Floyd at ${floyd}, or wait for a question.`)];
}

export function scrollDown(box) { box.scrollTop = box.scrollHeight; }
