// Pictures: those of saved articles, else as they came last, else from the network.
//
// One that is older than a day is shown and asked for again, since a picture keeps its name when it
// changes. Pictures of other origins are asked for so that their answer can be read, as one that cannot
// might be anything; where an origin does not allow that they pass as if there were no worker.

import { isForAll, isWhole, keep, remade } from "./answers.js";
import { KEPT, PICTURES } from "./names.js";

const MOST = 150;
const DAY = 86_400_000;
const CAME = "haidang-came";

/** Origins that do not let their answers be read. */
const closed = new Set();

/** Whether a picture is from one of them: not ours to ask for, and never kept. */
export const isClosed = (url) => closed.has(new URL(url).origin);

/** Answers with a picture. */
export async function picture(event) {
  const { url } = event.request;
  const saved = await caches.match(url, { cacheName: KEPT, ignoreVary: true });
  if (saved) return saved;
  const kept = await caches.match(url, { cacheName: PICTURES, ignoreVary: true });
  if (!kept) return ask(event);
  const isOld = Date.now() - Number(kept.headers.get(CAME)) > DAY;
  if (isOld && !navigator.connection?.saveData) event.waitUntil(ask(event).catch(() => {}));
  return kept;
}

async function ask(event) {
  const { request } = event;
  const { origin } = new URL(request.url);
  if (origin !== location.origin) {
    const answer = await fetch(request.url, { mode: "cors", credentials: "omit" }).catch(() => {});
    if (!answer) {
      const unread = await fetch(request);
      // The network was there, so it is the origin; without one the browser may have had it from before.
      if (navigator.onLine) closed.add(origin);
      return unread;
    }
    return kept(event, answer);
  }
  return kept(event, await fetch(request));
}

function kept(event, answer) {
  if (isWhole(answer, "image", event.request.url) && isForAll(answer)) {
    const copy = answer.clone();
    event.waitUntil(keepPicture(event.request.url, copy));
  }
  return answer;
}

async function keepPicture(url, answer) {
  const content = await answer.blob();
  await keep(PICTURES, url, remade(answer, content, { [CAME]: String(Date.now()) }), MOST);
}
