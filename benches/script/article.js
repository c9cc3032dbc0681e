// Shows one article of the portal: asked for, cleaned by an allow-list, put on the page.

const ROOT = new URL("/", location.href);
const SCHEMES = ["http:", "https:", "mailto:", "tel:"];

/** Elements that may stay, each with the attributes it keeps. */
const ALLOWED = {
  a: ["href", "hreflang"], abbr: ["title"], b: [], bdi: [], blockquote: [], br: [], caption: [],
  cite: [], code: [], del: [], em: [], figcaption: [], figure: [], h2: [], h3: [], h4: [], h5: [],
  h6: [], hr: [], i: [], img: ["alt", "width", "height", "src", "srcset"], li: [], mark: [],
  ol: ["start", "type"], p: [], pre: [], q: [], rp: [], rt: [], ruby: [], s: [], small: [],
  span: [], strong: [], sub: [], sup: [], table: [], tbody: [], td: ["colspan", "rowspan"],
  tfoot: [], th: ["colspan", "rowspan", "scope"], thead: [], time: ["datetime"], tr: [], ul: [],
};
const EVERYWHERE = ["id", "lang", "dir"];
/** Elements that go with all they hold; of any other that is not allowed the text stays. */
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "svg", "math", "form"]);

/** The address as it is if it is a place on this page, made absolute if its scheme may pass. */
function address(raw) {
  if (raw.startsWith("#")) return raw;
  const url = URL.parse(raw, ROOT);
  return url && SCHEMES.includes(url.protocol) ? url.href : null;
}

function srcset(raw) {
  const candidates = raw.split(",").map((candidate) => candidate.trim().split(/\s+/));
  return candidates.map(([url, width]) => `${address(url) ?? ""} ${width ?? ""}`).join(", ");
}

function attribute(name, value) {
  if (name === "href" || name === "src") return address(value);
  return name === "srcset" ? srcset(value) : value;
}

/** An element; attributes and children that are null are left out. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Copies what may pass of an inert tree. */
function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      to.append(node.data);
      continue;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.localName)) continue;
    const keeps = Object.hasOwn(ALLOWED, node.localName) ? ALLOWED[node.localName] : null;
    let target = to;
    if (keeps) {
      target = document.createElement(node.localName);
      if (node.localName === "img") target.loading = "lazy";
      for (const name of [...keeps, ...EVERYWHERE]) {
        const value = node.hasAttribute(name) ? attribute(name, node.getAttribute(name)) : null;
        if (value != null) target.setAttribute(name, value);
      }
      to.append(target);
    }
    copy(node, target);
  }
}

function body(html) {
  const element = make("div", { class: "body" });
  copy(new DOMParser().parseFromString(html, "text/html").body, element);
  return element;
}

function lead(image) {
  const sizes = image.sizes.map(({ url, width }) => `${address(url)} ${width}w`).join(", ");
  const picture = make("img", {
    decoding: "async",
    fetchpriority: "high",
    width: image.width,
    height: image.height,
    alt: image.alt,
    sizes: "(min-width: 48rem) 46rem, 100vw",
    srcset: sizes,
    src: address(image.url),
  });
  const credit = image.credit && make("small", {}, image.credit);
  const words = make("figcaption", {}, image.caption, " ", credit);
  return make("figure", { class: "lead" }, picture, words);
}

function head({ headline, dateline, authors }) {
  const style = { dateStyle: "full", timeStyle: "short", timeZone: "Asia/Ho_Chi_Minh" };
  const format = new Intl.DateTimeFormat(headline.lang, style);
  const date = format.format(new Date(headline.published));
  const names = authors.map(({ name }) => name).join(", ");
  return make(
    "header",
    { class: "article-head" },
    headline.kicker && make("p", { class: "kicker" }, headline.kicker),
    make("h1", {}, headline.title),
    headline.standfirst && make("p", { class: "standfirst" }, headline.standfirst),
    make(
      "div",
      { class: "article-meta" },
      make("p", { class: "byline" }, dateline, " ", names),
      make("p", { class: "dates" }, make("time", { datetime: headline.published }, date)),
    ),
  );
}

async function show() {
  const asked = new URLSearchParams(location.search);
  const path = `/api/v1/articles/${asked.get("id")}?lang=${asked.get("lang")}`;
  const response = await (window.early ?? fetch(path));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const article = await response.json();
  const { headline } = article;
  document.title = headline.title;
  const picture = headline.image && lead(headline.image);
  const text = body(article.body.value);
  const attributes = { class: "article", lang: headline.lang };
  document.querySelector("main").append(make("article", attributes, head(article), picture, text));
}

show().catch((error) => {
  document.querySelector("main").append(make("p", { role: "alert" }, String(error)));
});
