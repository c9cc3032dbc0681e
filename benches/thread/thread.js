// A thread as one writes it by hand: all comments of an answer become nodes at once.

const list = document.querySelector(".comments");
const more = document.querySelector(".more button");
const order = document.querySelector("select");
const dates = new Intl.DateTimeFormat("vi", { dateStyle: "short", timeStyle: "short" });
const comments = new Map();
let next = null;

/** An element with its children. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A comment with what can be done to it. */
function row(comment, depth) {
  const time = make("time", { datetime: comment.created }, dates.format(new Date(comment.created)));
  const header = make("header", {}, make("h3", { dir: "auto" }, comment.author), make("p", { class: "meta" }, time));
  const paragraphs = comment.body.value.split("\n\n").map((text) => make("p", {}, text));
  const body = make("div", { class: "comment-body", dir: "auto" }, ...paragraphs);
  const votes = make("button", { type: "button", class: "vote" }, `▲ ${comment.votes}`);
  votes.addEventListener("click", () => {
    comment.votes += 1;
    votes.textContent = `▲ ${comment.votes}`;
  });
  const fold = make("button", { type: "button", "aria-expanded": "true" }, "–");
  const article = make("article", { class: "comment", id: `comment-${comment.id}` }, header, body, make("p", { class: "comment-actions" }, votes, fold, make("button", { type: "button" }, "Trả lời")));
  const replies = make("div", { role: "list" });
  fold.addEventListener("click", () => {
    replies.hidden = !replies.hidden;
    fold.setAttribute("aria-expanded", String(!replies.hidden));
  });
  const item = make("div", { role: "listitem", "data-depth": String(Math.min(depth, 5)) }, article, replies);
  comment.item = item;
  comment.replies = replies;
  return item;
}

/** Puts what is new below the comment it answers. */
function add(news) {
  const tops = document.createDocumentFragment();
  for (const comment of news) {
    if (comments.has(comment.id)) continue;
    const parent = comment.parent && comments.get(comment.parent);
    comment.depth = parent ? parent.depth + 1 : 0;
    comments.set(comment.id, comment);
    (parent ? parent.replies : tops).append(row(comment, comment.depth));
  }
  list.append(tops);
}

async function load() {
  const query = next ? `?cursor=${next}` : "";
  const response = await fetch(`/api/v1/articles/bench/comments${query}`);
  const page = await response.json();
  next = page.next;
  more.hidden = !next;
  add(page.items);
}

more.addEventListener("click", load);
order.addEventListener("change", () => {
  const tops = [...comments.values()].filter((comment) => comment.depth === 0);
  tops.sort((a, b) => a.created.localeCompare(b.created) * (order.value === "newest" ? -1 : 1));
  list.append(...tops.map((comment) => comment.item));
});
await load();
new EventSource("/api/v1/articles/bench/comments/live").addEventListener("message", (event) => add([JSON.parse(event.data)]));
