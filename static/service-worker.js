// Works for Floyd while none of its pages is open: shows notifications and opens the page that one leads to, and shows a page of its own
// while there is no connection. Pages of an account are never kept; of the rest only what that one page needs.
const KEPT = "floyd-offline-1";
const OFFLINE = "/offline/";
const LOOKS = ["tokens", "base", "parts", "pages"].map((name) => `/static/css/${name}.css`);
const FONTS = ["newsreader", "instrument-sans"].map((name) => `/static/fonts/${name}.woff2`);
const KEEP = [OFFLINE, ...LOOKS, ...FONTS];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(KEEP)));
});
self.addEventListener("activate", (event) => {
  const outdated = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(outdated).then(() => self.clients.claim()));
});

// The connection first, always: what is kept is only for when there is none.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  else if (KEEP.includes(path)) event.respondWith(fetch(request).catch(() => caches.match(path)));
});

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A browser that must show something for every push shows at least that there is something.
  }
  const { title = "Floyd", body = "Floyd has news for you.", url = "/", tag = "floyd" } = told;
  event.waitUntil(self.registration.showNotification(title, { body, tag, renotify: true, icon: "/static/icons/floyd-192.png", data: { url } }));
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
