import { attempt, follow, send, thread } from "/pages/wire.js";

const number = decodeURIComponent(location.pathname.split("/").pop());
const byId = (id) => document.getElementById(id);

byId("number").textContent = number;
byId("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = byId("text").value.trim();
  if (body) attempt(async () => { await send("/control/messages", { from: number, body }); byId("text").value = ""; });
});

let shown = "";
follow("/control/overview", (data) => {
  const user = data.users.find((one) => one.number === number) ?? { number, name: number, messages: [] };
  document.title = `${user.name}: texts · Sandbox`;
  byId("name").textContent = user.name === number ? "Texts" : `${user.name}'s texts`;
  const now = JSON.stringify(user.messages);
  if (now === shown) return;
  shown = now;
  byId("thread").replaceChildren(...thread(user, data.number));
  byId("thread").scrollTop = byId("thread").scrollHeight;
});
