import { element, follow, STATES } from "/pages/wire.js";

const byId = (id) => document.getElementById(id);
const stage = document.querySelector(".stage");
const vendor = byId("vendor");
const user = byId("user");
let lastCall = "";

function open(frame, path) {
  if (frame.dataset.path === path) return;
  frame.dataset.path = path;
  frame.src = path;
}

function choose(select, choices) {
  const wanted = JSON.stringify(choices);
  if (select.dataset.shown === wanted || document.activeElement === select) return;
  select.dataset.shown = wanted;
  const before = select.value;
  select.replaceChildren(...choices.map(([value, text]) => element("option", { value }, text)));
  if (choices.some(([value]) => value === before)) select.value = before;
}

const showVendor = () => open(byId("vendor-phone"), `/phones/${encodeURIComponent(vendor.value)}`);
const showUser = () => open(byId("user-phone"), `/texts/${encodeURIComponent(user.value)}`);
vendor.addEventListener("change", () => { showVendor(); vendor.blur(); });
user.addEventListener("change", () => { showUser(); user.blur(); });
for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    stage.dataset.shown = button.dataset.show;
    for (const one of document.querySelectorAll("[data-show]")) one.setAttribute("aria-pressed", String(one === button));
  });
}

follow("/control/overview", (data) => {
  if (data.site_url) open(byId("dashboard"), `${data.site_url}/`);
  else document.querySelector(".dashboard").hidden = true;
  choose(user, data.users.map((one) => [one.number, one.name]));
  choose(vendor, data.people.map((phone) => [phone.number, phone.state === "idle" ? phone.name : `${phone.name} (${STATES[phone.state].toLowerCase()})`]));
  // Whoever is called is shown, once: who looks at another phone meanwhile is left alone.
  const busy = data.people.find((phone) => phone.state !== "idle");
  if (busy && busy.call_sid !== lastCall) {
    lastCall = busy.call_sid;
    vendor.value = busy.number;
  }
  document.querySelector(".vendor").classList.toggle("called", Boolean(busy));
  if (vendor.value) showVendor();
  if (user.value) showUser();
});
