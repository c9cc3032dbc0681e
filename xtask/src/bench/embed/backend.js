// Stands in for the servers of all four: the same thread of SIZE comments, as each of them sends it, LATENCY
// milliseconds after it is asked. What else they ask goes to the network.
(() => {
  const [SIZE, LATENCY] = [__SIZE__, __LATENCY__];
  const SENTENCE = "Chuyến phà cuối ngày đã rời bến, hàng tạp hoá xếp gọn trên boong.";
  const START = 1_700_000_000_000;

  // Every third answers the one before it.
  const all = Array.from({ length: SIZE }, (_, index) => ({
    id: index + 1,
    parent: index % 3 === 2 ? index : null,
    author: `Bạn đọc ${index % 97}`,
    text: Array(1 + (index % 3)).fill(SENTENCE).join(" "),
    at: START + index * 61_000,
    votes: index % 7,
  }));
  const below = (id) => all.filter(({ parent }) => parent === id);
  const top = all.filter(({ parent }) => !parent);
  const newest = [...top].reverse();
  const html = (text) => `<p>${text}</p>`;
  const number = (query, name, otherwise) => Number(query.get(name) ?? otherwise);

  const haidang = (query) => {
    const from = number(query, "cursor", 0);
    const items = all.slice(from, from + 100).map(({ id, parent, author, text, at, votes }) => ({
      id: `${id}`,
      parent: parent && `${parent}`,
      author,
      body: { format: "text", value: text },
      created: new Date(at).toISOString().replace(/\.\d+Z$/, "Z"),
      votes,
    }));
    return { items, next: from + 100 < SIZE ? `${from + 100}` : null, total: SIZE };
  };

  const waline = (query) => {
    const size = number(query, "pageSize", 10);
    const page = number(query, "page", 1);
    const one = ({ id, parent, author, text, at, votes }) => ({
      objectId: id,
      pid: parent ?? undefined,
      rid: parent ?? undefined,
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
    const one = ({ id, parent, author, text, at, votes }) => {
      const replies = parent ? [] : below(id);
      return {
        id, parent, author, website: null, text: html(text), created: at / 1000, modified: null, mode: 1,
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
    if (/\/api\/v1\/articles\/[^/]+\/comments$/.test(pathname)) return haidang(query);
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
  const shown = () =>
    document.querySelector("haidang-comments")?.shadowRoot?.querySelectorAll("article.comment").length ??
    document.querySelectorAll(".wl-card-item, .atk-comment-wrap, .isso-comment").length;
  /** Milliseconds from the beginning of the page to the frame in which a screen of comments is there. */
  globalThis.firstScreen = new Promise((tell) => {
    const look = () => {
      if (shown() < EIGHT) return requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => tell(performance.now());
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
})();
