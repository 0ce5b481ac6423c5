import { attempt, element, follow, send } from "/pages/wire.js";

const form = document.getElementById("write");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { from, to, subject, text, forged } = form.elements;
  attempt(async () => {
    await send("/control/mail", { from: from.value, to: to.value, subject: subject.value, text: text.value, forged: forged.checked });
    subject.value = text.value = "";
  });
});

// Fills the form with an answer, as a mail program does.
function answer(account, mail) {
  const { from, to, subject, text } = form.elements;
  from.value = account.includes("@") ? account : from.value;
  to.value = mail.reply_to || mail.from;
  subject.value = mail.subject.startsWith("Re: ") ? mail.subject : `Re: ${mail.subject}`;
  text.value = `\n\nOn ${new Date(mail.at).toLocaleDateString()}, ${mail.from} wrote:\n${mail.text.split("\n").map((line) => `> ${line}`).join("\n")}`;
  text.focus();
  text.setSelectionRange(0, 0);
}

function mailShown(account, mail) {
  const attached = mail.attachments.length ? ` · attached: ${mail.attachments.join(", ")}` : "";
  return element("details", { class: "letter" },
    element("summary", {}, element("b", {}, mail.subject || "(no subject)"), element("p", { class: "note" }, `${mail.from} → ${mail.to} · ${new Date(mail.at).toLocaleTimeString()}${attached}`)),
    element("p", { class: "mail" }, mail.text),
    element("button", { type: "button", onclick: () => answer(account, mail) }, "Reply"));
}

follow("/control/mail", (data) => {
  document.getElementById("accounts").replaceChildren(...data.accounts.map(({ account, mails }) =>
    element("section", { class: "card" },
      element("h2", {}, account.includes("@") ? account : `Floyd's own mailbox (everything for @${data.domain})`),
      ...(mails.length ? mails.map((mail) => mailShown(account, mail)) : [element("p", { class: "empty" }, "No mail yet.")]))));
}, 1000);
