// Stands in for the servers of the three others: COMMENTS, a thread of the reference server's as its API tells it, as
// each of them sends it, LATENCY milliseconds after it is asked. What else is asked goes to the network.
(() => {
  const [COMMENTS, LATENCY] = [__COMMENTS__, __LATENCY__];
  const SIZE = COMMENTS.length;

  const parents = new Map(COMMENTS.map(({ id, parent }) => [id, parent]));
  const numbers = new Map(COMMENTS.map(({ id }, index) => [id, index + 1]));
  /** What a comment stands below, at the top. */
  const top_of = (id) => (parents.get(id) ? top_of(parents.get(id)) : id);
  const all = COMMENTS.map(({ id, parent, author, body, created, votes }) => ({
    id: numbers.get(id),
    parent: numbers.get(parent),
    top: numbers.get(top_of(id)),
    author,
    text: body?.value ?? "",
    at: Date.parse(created),
    votes,
  }));
  /** All of a conversation, in one list: none of the three is nested deeper. */
  const below = (id) => all.filter((it) => it.top === id && it.id !== id);
  const top = all.filter(({ parent }) => !parent);
  const newest = [...top].reverse();
  const html = (text) => `<p>${text}</p>`;
  const number = (query, name, otherwise) => Number(query.get(name) ?? otherwise);

  const waline = (query) => {
    const size = number(query, "pageSize", 10);
    const page = number(query, "page", 1);
    const one = ({ id, parent, top, author, text, at, votes }) => ({
      objectId: id,
      pid: parent,
      rid: parent && top,
      nick: author,
      mail: "",
      link: "",
      avatar: "",
      comment: html(text),
      orig: text,
      time: at,
      like: votes,
      status: "approved",
      children: parent ? undefined : below(id).map(one),
    });
    const data = newest.slice((page - 1) * size, page * size).map(one);
    return { errno: 0, errmsg: "", data: { page, totalPages: Math.ceil(top.length / size), pageSize: size, count: SIZE, data } };
  };

  const artalk = (query) => {
    const size = number(query, "limit", 20);
    const from = number(query, "offset", 0);
    const one = ({ id, parent, author, text, at, votes }) => ({
      id,
      rid: parent ?? 0,
      content: text,
      content_marked: html(text),
      user_id: id,
      nick: author,
      email_encrypted: "00000000000000000000000000000000",
      link: "",
      ua: "",
      date: new Date(at).toISOString(),
      is_collapsed: false,
      is_pending: false,
      is_pinned: false,
      is_allow_reply: true,
      is_verified: false,
      badge_name: "",
      badge_color: "",
      visible: true,
      vote_up: votes,
      vote_down: 0,
      page_key: "/a",
      page_url: "/a",
      site_name: "a",
    });
    const roots = newest.slice(from, from + size);
    return {
      comments: roots.flatMap((root) => [root, ...below(root.id)]).map(one),
      count: SIZE,
      roots_count: top.length,
      page: { id: 1, admin_only: false, key: "/a", url: "/a", title: "", site_name: "a", vote_up: 0, vote_down: 0, pv: 0, date: "" },
    };
  };

  const CONFIG = {
    "reply-to-self": false, "require-email": false, "require-author": false, "reply-notifications": false,
    gravatar: false, avatar: false, feed: false,
  };
  const isso = (query) => {
    const one = ({ id, parent, top, author, text, at, votes }) => {
      const replies = parent ? [] : below(id);
      return {
        id, parent: parent ? top : null, author, website: null, text: html(text), created: at / 1000, modified: null, mode: 1,
        likes: votes, dislikes: 0, notification: 0, hash: `${id}`,
        total_replies: replies.length, hidden_replies: 0, replies: replies.map(one),
      };
    };
    const limit = number(query, "limit", top.length);
    return {
      id: null, total_replies: top.length, hidden_replies: Math.max(0, top.length - limit),
      replies: top.slice(0, limit).map(one), config: CONFIG,
    };
  };

  const answer = (url) => {
    const { pathname, searchParams: query } = new URL(url, location.href);
    if (pathname === "/waline/api/comment") return waline(query);
    if (pathname === "/artalk/api/v2/comments") return artalk(query);
    if (pathname === "/artalk/api/v2/conf") return { frontend_conf: {}, version: { app: "2.9.1", version: "2.9.1" } };
    if (pathname.startsWith("/artalk/")) return {};
    if (pathname === "/isso/config") return { config: CONFIG };
    if (pathname === "/isso/count") return [SIZE];
    if (pathname === "/isso/") return isso(query);
    return undefined;
  };

  const network = globalThis.fetch;
  globalThis.fetch = async (request, options) => {
    const said = answer(typeof request === "string" || request instanceof URL ? request : request.url);
    if (said === undefined) return network(request, options);
    await new Promise((arrives) => setTimeout(arrives, LATENCY));
    return new Response(JSON.stringify(said), { headers: { "content-type": "application/json" } });
  };
  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...more) {
    this.said = answer(url);
    return open.call(this, method, url, ...more);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.said === undefined) return send.call(this, body);
    const text = JSON.stringify(this.said);
    for (const [name, value] of [["status", 200], ["readyState", 4], ["responseText", text], ["response", text]]) {
      Object.defineProperty(this, name, { value });
    }
    this.getResponseHeader = () => null;
    setTimeout(() => {
      for (const event of ["readystatechange", "load", "loadend"]) this.dispatchEvent(new Event(event));
    }, LATENCY);
  };
  globalThis.EventSource = class extends EventTarget {
    close() {}
  };

  const EIGHT = 8;
  const own = () => document.querySelector("haidang-comments")?.shadowRoot;
  const shown = () =>
    (own()?.querySelectorAll("article.comment") ??
      document.querySelectorAll(".wl-card-item, .atk-comment-wrap, .isso-comment")).length;
  const frame = () => new Promise(requestAnimationFrame);
  /** Milliseconds from the beginning of the page to the frame in which a screen of comments is there. */
  globalThis.firstScreen = (async () => {
    while (shown() < EIGHT) await frame();
    await new Promise((painted) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = painted;
      port2.postMessage(null);
    });
    return performance.now();
  })();
  /** Likewise, until all that the element can do can be done: ours is printed first. */
  globalThis.ready = (async () => {
    await firstScreen;
    while (own()?.querySelector("[data-accents]")) await frame();
    return performance.now();
  })();
  /** Bytes that have been fetched by now. All is of one origin, so that the page is told. */
  globalThis.fetched = () =>
    performance
      .getEntriesByType("resource")
      .filter((it) => it.initiatorType !== "img")
      .reduce((sum, it) => sum + it.encodedBodySize, 0);
})();
