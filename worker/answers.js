// Which answers may be kept: whole ones, of the kind that was asked for, from where it was asked for.
//
// Not errors, not parts (206), nothing that leads elsewhere and nothing that cannot be read: the page of a
// café's network is a fine answer with status 200, and would otherwise be the portal until it is evicted.

const KINDS = {
  css: /^text\/css/,
  html: /^text\/html/,
  image: /^image\//,
  js: /javascript/,
  json: /json/,
  // Some hosts do not know it; what it is worth is told by its digest.
  wasm: /^application\/(wasm|octet-stream)/,
};

/** Whether an answer is whole and of a kind. */
export function isWhole(answer, kind, asked = answer.url) {
  const from = answer.url || asked;
  return (
    answer.status === 200 &&
    answer.type !== "opaque" &&
    new URL(from).origin === new URL(asked).origin &&
    KINDS[kind].test(answer.headers.get("content-type") ?? "")
  );
}

/** Whether its server lets an answer be kept for whoever uses this browser. */
export function isForAll(answer) {
  return !/no-store|private/.test(answer.headers.get("cache-control") ?? "");
}

/** The kind of a file, by its name. */
export function kindOf(path) {
  const ending = path.slice(path.lastIndexOf(".") + 1);
  return ending in KINDS ? ending : "image";
}

/** The digest of what an answer holds, as `cargo xtask build` writes it. */
export async function digestOf(answer) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same answer with other content or marks: as read, so neither redirected nor compressed. */
export function remade(answer, content, marks = {}) {
  const headers = new Headers({ ...Object.fromEntries(answer.headers), ...marks });
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(content, { status: answer.status, statusText: answer.statusText, headers });
}

/** What a promise gives within so many milliseconds; else, or when it fails, nothing. */
export function within(milliseconds, promise) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    promise.then(done, () => done()).finally(() => clearTimeout(timer));
  });
}

/** Keeps an answer; a browser that is full or keeps nothing is no error. */
export async function keep(name, request, answer, most = Infinity) {
  try {
    const cache = await caches.open(name);
    await cache.put(request, answer);
    const requests = await cache.keys();
    // The oldest stand first.
    for (const old of requests.slice(0, Math.max(0, requests.length - most))) await cache.delete(old);
  } catch {
    // The next visit asks again.
  }
}
