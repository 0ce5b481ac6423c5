// The button on the settings page with which this browser asks to be told.
(() => {
  const button = document.getElementById("push-on");
  if (!button) return;
  const status = document.getElementById("push-status");
  const say = (text) => { status.textContent = text; };
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

  if (!("serviceWorker" in navigator && "PushManager" in window)) {
    say(said("This browser cannot show notifications. On an iPhone, add Floyd to the home screen first."));
    return;
  }
  button.hidden = false;

  const switchOn = async () => {
    if ((await Notification.requestPermission()) !== "granted") return say(said("The browser does not allow it. Allow notifications for this site in its settings."));
    const registration = await navigator.serviceWorker.register(button.dataset.worker);
    await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(button.dataset.key) });
    const answer = await fetch(button.dataset.subscribe, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": button.dataset.token },
      body: JSON.stringify(subscription),
    });
    if (answer.status === 201) return location.reload();
    const { trouble } = await answer.json().catch(() => ({}));
    say(trouble || said("Floyd did not take it. Load the page again and try once more."));
  };

  button.addEventListener("click", () => {
    button.disabled = true;
    say("");
    switchOn()
      .catch((error) => say(`${said("The browser's push service refused")}: ${error.message}`))
      .finally(() => { button.disabled = false; });
  });
})();
