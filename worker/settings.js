// What may change at any time and without a build: portal.json, profiles, a portal's own style and words.
//
// The network is asked first, but not waited for long: on a bad one the portal opens as it was set up
// last, and as it is now the next time.

import { digestOf, isWhole, keep, kindOf, within } from "./answers.js";
import { SETTINGS } from "./names.js";

/** Milliseconds for which the network is waited for. */
const PATIENCE = 1000;
const MOST = 40;

/** Whether what is asked for is such a file. */
export function isSetting(request, path) {
  return path === "portal.json" || path.startsWith("profiles/") || request.destination === "style";
}

/** Answers with such a file; `isKept` is called when it is kept as it is now. */
export async function setting(event, isKept = () => {}) {
  const { request } = event;
  const asked = fetch(request);
  event.waitUntil(
    asked.then(
      (answer) => isWhole(answer, kind(request)) && keep(SETTINGS, request.url, answer.clone(), MOST).then(isKept),
      () => {},
    ),
  );
  const kept = await caches.match(request.url, { cacheName: SETTINGS });
  if (!kept) return asked;
  const answer = await within(PATIENCE, asked.then((answer) => answer.clone()));
  return answer && isWhole(answer, kind(request)) ? answer : kept;
}

function kind(request) {
  return request.destination === "style" ? "css" : kindOf(new URL(request.url).pathname);
}

/** portal.json, as the network has it now, else as it was. */
export async function portalNow() {
  const path = "portal.json";
  const answer = await fetch(path, { cache: "no-cache" });
  if (!isWhole(answer, "json")) throw new Error(`${path} is none`);
  await keep(SETTINGS, path, answer.clone(), MOST);
  return answer.json();
}

/** The digest of portal.json as it was last; empty if it never came. */
export async function digestThen() {
  const kept = await caches.match("portal.json", { cacheName: SETTINGS });
  return kept ? digestOf(kept) : "";
}

/** portal.json as it was last; nothing if it never came. */
export async function portalThen() {
  const kept = await caches.match("portal.json", { cacheName: SETTINGS });
  return kept?.json();
}
