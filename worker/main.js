// The service worker: the portal opens, and stays itself, whatever the network does.
//
// It keeps the app (`shell.js`), the configuration (`settings.js`), pictures (`pictures.js`) and pages that
// came as HTML (`pages.js`); what an answer must be to be kept is in `answers.js`, which build has started
// and which has not in `state.js`. What a reader wrote goes out by `outbox.js` when no page is open to
// send it; `push.js` shows emergencies that the server tells of. Requests to backends pass through untouched: the app's own cache keeps what they answer.
//
// `cargo xtask build` makes one file of this, `worker.js`, and puts the list of the site's files before
// it. docs/offline.md says how an update goes.

import { base } from "./names.js";
import { sendWaiting } from "./outbox.js";
import { keepOpened, page } from "./pages.js";
import { isClosed, picture } from "./pictures.js";
import { follow, show } from "./push.js";
import { isSetting, setting } from "./settings.js";
import { file, install, isHashed, locale, mend } from "./shell.js";
import { hasStarted, tidy } from "./state.js";

addEventListener("install", (event) => {
  event.waitUntil(
    install().then((wasThere) => {
      // The same app with another worker: nothing that a reader would have to agree to.
      if (wasThere) return skipWaiting();
    }),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([tidy(), clients.claim()]));
});

addEventListener("message", (event) => {
  const { data, source } = event;
  if (data === "activate") event.waitUntil(skipWaiting());
  else if (data?.started) {
    // A page that was on its way when this worker took the others over is not under it yet.
    const claimed = registration.active?.state === "activated" && clients.claim();
    const kept = data.printed && keepOpened(source.url).catch(() => {});
    event.waitUntil(Promise.all([claimed, hasStarted(data.started, source.id), kept]));
  }
});

addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(sendWaiting());
});

addEventListener("push", (event) => {
  if (event.data) event.waitUntil(show(event.data));
});

addEventListener("notificationclick", (event) => {
  event.waitUntil(follow(event.notification));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const answer = request.method === "GET" && answerTo(event);
  // Whatever goes wrong here, e.g. in a browser that keeps nothing: as if there were no worker.
  if (answer) event.respondWith(answer.catch(() => fetch(request)));
});

/** What the worker answers; nothing to what is none of its business. */
function answerTo(event) {
  const { request } = event;
  if (request.mode === "navigate") return page(event);
  if (request.destination === "image") return isClosed(request.url) ? undefined : picture(event);
  if (!request.url.startsWith(base)) return undefined;
  const path = request.url.slice(base.length).split(/[?#]/, 1)[0];
  if (isHashed(path)) return file(event, path);
  if (path.startsWith("locales/")) return locale(event, path);
  if (isSetting(request, path)) return setting(event, path === "portal.json" ? mend : undefined);
  return undefined;
}
