// Stands in for the server in both pages: a thread of SIZE comments, in one answer or by cursor, and a
// stream that says what the bench wants it to say. PAGE is 0 for one answer.
(() => {
  const SIZE = __SIZE__;
  const PAGE = __PAGE__;
  const SENTENCE = "Chuyến phà cuối ngày đã rời bến, hàng tạp hoá xếp gọn trên boong.";
  // What find-in-page is asked for: it is in the last comment and nowhere else.
  const [LAST, MARK] = [String(SIZE), "mốc cuối luồng"];
  const at = (index) => new Date(1_700_000_000_000 + index * 61_000).toISOString().replace(/\.\d+Z$/, "Z");

  // Comment 1 has half of all below it; of the others every third answers one before it.
  const comment = (index) => {
    const id = String(index + 1);
    const half = SIZE / 2;
    let parent = null;
    if (index > 0 && index <= half) parent = index < 4 ? "1" : String(1 + Math.floor(index / 3));
    else if (index > half + 1 && index % 3 === 0) parent = String(index);
    return {
      id,
      parent,
      author: `Bạn đọc ${index % 97}`,
      body: { format: "text", value: Array(1 + (index % 3)).fill(SENTENCE).join("\n\n") + (id === LAST ? ` ${MARK}` : "") },
      created: at(index),
      votes: index % 7,
    };
  };
  const all = Array.from({ length: SIZE }, (_, index) => comment(index));
  const answer = (cursor) => {
    const from = Number(cursor ?? 0);
    const to = PAGE ? from + PAGE : SIZE;
    return JSON.stringify({ items: all.slice(from, to), next: to < SIZE ? String(to) : null, total: SIZE, at: "1" });
  };
  // Made before anybody asks: what is measured is the page.
  const first = answer(null);

  const bench = { answered: 0, streams: [], tasks: [] };
  globalThis.threadBench = bench;
  const network = globalThis.fetch;
  globalThis.fetch = async (request, options) => {
    const url = new URL(typeof request === "string" ? request : request.url, location.href);
    const method = options?.method ?? request.method ?? "GET";
    if (!/\/comments(\/|$)/.test(url.pathname)) return network(request, options);
    const headers = { "content-type": "application/json" };
    if (method !== "GET") {
      const voted = { ...all[0], votes: all[0].votes + 1, voted: 1, revision: 1 };
      return new Response(JSON.stringify(voted), { headers });
    }
    const cursor = url.searchParams.get("cursor");
    const response = new Response(cursor ? answer(cursor) : first, { headers });
    if (!bench.answered) bench.answered = performance.now();
    return response;
  };
  globalThis.EventSource = class extends EventTarget {
    constructor(url) {
      super();
      this.url = url;
      this.readyState = 1;
      bench.streams.push(this);
      setTimeout(() => this.#tell(new Event("open")), 0);
    }
    #tell(event) {
      this[`on${event.type}`]?.(event);
      this.dispatchEvent(event);
    }
    say(data, id) {
      this.#tell(new MessageEvent("message", { data: JSON.stringify(data), lastEventId: String(id) }));
    }
    close() {
      this.readyState = 2;
    }
  };
  Object.assign(globalThis.EventSource, { CONNECTING: 0, OPEN: 1, CLOSED: 2 });

  const count = () => document.querySelectorAll("#comments article[id^='comment-']").length;
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(0);
  }));

  /** Milliseconds from the answer to the frame in which there are as many comments as a screen holds. */
  bench.firstScreen = async () => {
    while (count() < Math.min(SIZE, 8)) await new Promise(requestAnimationFrame);
    await frame();
    return performance.now() - bench.answered;
  };
  /** Milliseconds from the answer until find-in-page finds the last comment. */
  bench.reachable = async () => {
    while (count() < SIZE) await new Promise((resolve) => setTimeout(resolve, 10));
    await frame();
    return performance.now() - bench.answered;
  };
  /** Whether find-in-page finds what was never on the screen. */
  bench.finds = () => window.find(MARK);
  /** Milliseconds of work that `act` makes until the page is laid out again. */
  bench.work = async (act, done) => {
    await frame();
    const began = performance.now();
    act();
    // What the framework does in microtasks belongs to it.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    document.body.getBoundingClientRect();
    let took = performance.now() - began;
    if (done && !done()) {
      while (!done()) await new Promise((resolve) => setTimeout(resolve, 0));
      document.body.getBoundingClientRect();
      took = performance.now() - began;
    }
    return took;
  };
  /** Brings what is to be pressed before the reader, and waits until all that follows from it is done. */
  bench.look = async (selector) => {
    document.querySelector(selector).scrollIntoView({ block: "center" });
    for (let quiet = 0; quiet < 20; ) {
      const began = performance.now();
      await frame();
      quiet = performance.now() - began < 40 ? quiet + 1 : 0;
    }
  };
  bench.news = 0;
  bench.arrive = () => {
    bench.news += 1;
    const id = `new-${bench.news}`;
    const made = { ...comment(SIZE + bench.news), id, parent: null, revision: 1 };
    bench.streams.at(-1).say(made, 1 + bench.news);
    return id;
  };
})();
