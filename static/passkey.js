// Pages of accounts: buttons that need a script are shown only with one, and a passkey that did not work is said in words.
document.documentElement.classList.add("scripted");
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-trouble").hidden = false;
});
