// Fetches the parts of the app, each of their files once, and links them to the first.
//
// Before this stands what was cut: `PARTS`, the files of each part, its own behind those that it shares with others;
// and `SHARED`, what the first lends to all.

import { initSync } from "./haidang.js";

const fetched = new Map();
const linked = new Map();

/** What `make` gives for a file, the first time. What has failed is tried again. */
const once = (known, file, make) => {
  if (!known.has(file)) {
    const made = make(file);
    made.catch(() => known.delete(file));
    known.set(file, made);
  }
  return known.get(file);
};

// Who fetches this script anew, by what follows `?` in its address, gets all of it anew.
const ask = async (file, options) => {
  const address = new URL(`./haidang_${file}.wasm${new URL(import.meta.url).search}`, import.meta.url);
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer;
};

let lent;
const shared = () => {
  const first = initSync();
  return (lent ??= { __wasm_split: Object.fromEntries(SHARED.map((name) => [name, first[name]])) });
};

// A host may not know the type of the file: its answer has not been read then.
const start = (answer) =>
  WebAssembly.instantiateStreaming(answer, shared()).catch(async (error) => {
    if (answer.bodyUsed) throw error;
    return WebAssembly.instantiate(await answer.arrayBuffer(), shared());
  });

const link = async (file) => {
  const answer = await once(fetched, file, ask);
  // It can be read once.
  fetched.delete(file);
  // What was asked for early may have broken off since.
  return start(answer).catch(async () => start(await ask(file)));
};

/** Asks for the files of a part that will be wanted in a moment; `options` as of `fetch`. */
export const early = (part, options) =>
  PARTS[part]?.forEach((file) => linked.has(file) || once(fetched, file, () => ask(file, options)));

/** How the app has a part fetched: it hears whether it came, at `callback` with `data`. */
const door = (part) => async (callback, data) => {
  let came = true;
  try {
    early(part);
    const files = [...PARTS[part]];
    const own = files.pop();
    await Promise.all(files.map((file) => once(linked, file, link)));
    await once(linked, own, link);
  } catch (error) {
    console.error(error);
    came = false;
    // What was asked for beside it may be of the same bad moment.
    for (const file of PARTS[part]) if (!linked.has(file)) fetched.delete(file);
  }
  shared().__wasm_split.__indirect_function_table.get(callback)(data, came);
};
