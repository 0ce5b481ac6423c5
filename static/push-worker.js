// Shows notifications, also while no page of Floyd is open, and opens the page that one leads to.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A browser that must show something for every push shows at least that there is something.
  }
  const { title = "Floyd", body = "Floyd has news for you.", url = "/", tag = "floyd" } = told;
  event.waitUntil(self.registration.showNotification(title, { body, tag, renotify: true, icon: "/static/icons/floyd.svg", data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.url || "/", self.location.origin);
  const address = target.origin === self.location.origin ? target.href : self.location.origin;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => page.url === address);
      return open ? open.focus() : self.clients.openWindow(address);
    }),
  );
});
