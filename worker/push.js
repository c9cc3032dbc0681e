// Emergency notices that the server sends while no page is open: docs/offline.md says who may.

import { base } from "./names.js";

/** Shows what came. A browser asks for something to be shown whenever anything comes. */
export async function show(data) {
  const { id, title, text, lang, issued, url } = data.json();
  const icon = new URL("icons/icon-192.png", base).href;
  const about = { body: text, lang, tag: id, timestamp: issued, icon, requireInteraction: true };
  await registration.showNotification(title, { ...about, data: { url } });
}

/** The reader wants to know more: in a page that is open, else in a new one. */
export async function follow(notification) {
  notification.close();
  const url = new URL(notification.data.url, base).href;
  const [page] = await clients.matchAll({ type: "window" });
  // A page that is being left cannot be led anywhere.
  const led = page && (await page.navigate(url).catch(() => null));
  return led ? led.focus() : clients.openWindow(url);
}
