// The worker of a site that has none, e.g. one that is built for development: takes away what an earlier one
// at the same address has left, and itself. What the reader saved stays.

const own = `haidang:${new URL(location.href).searchParams.get("portal")}:`;
const isOurs = (name) => name.startsWith(own) && /^(shell|pages|worker|pictures)\b/.test(name.slice(own.length));

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  event.waitUntil(end());
});

async function end() {
  for (const name of await caches.keys()) if (isOurs(name)) await caches.delete(name);
  await registration.unregister();
  // What they show came from the caches.
  for (const page of await clients.matchAll({ type: "window" })) await page.navigate(page.url);
}
