// A thread as WordPress sends it, mapped by the portal's profile engine and by hand.

const COUNT = 10_000;
const PORTAL = {
  version: 1,
  id: "bench",
  name: { en: "Bench" },
  timezone: "Asia/Ho_Chi_Minh",
  languages: [{ code: "en", name: "English" }],
  default: "en",
  sources: [{ id: "news", base: "https://news.test/wp-json/wp/v2", profile: "/profiles/wordpress.json" }],
};
const SENTENCE = "Chuyến phà cuối ngày đã rời bến, hàng tạp hoá và xe máy xếp gọn trên boong. ";

/** A page of the API's answer, about 4 MB. */
function answer() {
  const comments = Array.from({ length: COUNT }, (_, index) => {
    const id = index + 1;
    const date = new Date(1_700_000_000_000 + index * 61_000).toISOString().slice(0, 19);
    const parent = id % 3 === 0 ? Math.floor(id / 3) : 0;
    return {
      id,
      post: 1,
      parent,
      author: 0,
      author_name: `Bạn đọc ${id % 500}`,
      date,
      date_gmt: date,
      content: { rendered: `<p>${SENTENCE.repeat(1 + (id % 3))}</p>` },
      link: `https://news.test/2024/pha-dem/#comment-${id}`,
      status: "approved",
    };
  });
  return JSON.stringify(comments);
}

/** What the profile makes of an answer, by hand. */
async function mapped(response) {
  const list = JSON.parse(await response.text());
  return list.map((one) => ({
    id: String(one.id),
    parent: one.parent ? String(one.parent) : null,
    author: one.author_name.normalize("NFC"),
    body: { format: "html", value: one.content.rendered.normalize("NFC") },
    created: Date.parse(`${one.date_gmt}Z`),
    state: one.status === "hold" ? "held" : "published",
  }));
}

const text = answer();
const headers = { "content-type": "application/json", "x-wp-total": String(COUNT), "x-wp-totalpages": "1" };
const respond = () => new Response(text, { headers });

// What the portal asks the backend for is answered with what lies ready.
const network = globalThis.fetch;
let waiting = respond();
globalThis.fetch = (request) => {
  const url = typeof request === "string" ? request : request.url;
  return url.startsWith("https://news.test/") ? Promise.resolve(waiting) : network(request);
};

const tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask" });
const rest = () => new Promise((resolve) => setTimeout(resolve, 100));

async function timed(run) {
  await rest();
  tasks.length = 0;
  const began = performance.now();
  const result = await run();
  const milliseconds = performance.now() - began;
  await rest();
  return { result, milliseconds, long: tasks.map((task) => task.duration) };
}

/** Milliseconds from a response to comments, each way, and the tasks of 50 ms and more there were. */
export async function measure(asking) {
  const response = respond();
  const script = await timed(() => mapped(response));
  waiting = respond();
  const portal = await timed(() => asking.thread());
  for (const count of [script.result.length, portal.result]) {
    if (count !== COUNT) throw new Error(`${count} comments`);
  }
  return { bytes: new Blob([text]).size, script: script.milliseconds, portal: portal.milliseconds, long: portal.long };
}

/** The portal's way, ready. */
export const ready = () => globalThis.wasmBindings.Asking.of(JSON.stringify(PORTAL));
