// The page within a frame: one element, by the address; its height is told to the page around.
//
// `embed/article/{id}`, `embed/comments/{id}`, `embed/headlines` or `embed/headlines/{section}`, from the
// server; from a static host `embed/frame.html?kind=…&article=…&section=…`.

const query = new URLSearchParams(location.search);
const [kind = "", id] = location.pathname.slice(new URL(document.baseURI).pathname.length + "embed/".length).split("/");
const served = ["article", "comments", "headlines"].includes(kind);
const name = served ? kind : (query.get("kind") ?? "headlines");
const about = name === "headlines" ? "section" : "article";
/** As addresses of the portal write them (`engine/src/route.rs`). */
const decoded = (text) => decodeURIComponent(text.replace(/~([0-9A-F]{2})/g, "%$1"));

const element = document.createElement(`haidang-${name}`);
if (served && id) query.set(about, decoded(id));
for (const attribute of ["source", "article", "section", "lang", "theme", "heading-level", "limit"]) {
  if (query.has(attribute)) element.setAttribute(attribute, query.get(attribute));
}
element.setAttribute("loading", "eager");
document.documentElement.lang = query.get("lang") ?? navigator.language;
document.documentElement.dataset.theme = query.get("theme") ?? "";

// The portal may not be shown in frames: links leave this one.
element.addEventListener("haidang:navigate", (event) => {
  event.preventDefault();
  window.open(event.detail.href, "_blank", "noopener");
});
// And so does what leads elsewhere; what leads to a place in here does not.
addEventListener(
  "click",
  (event) => {
    const link = event.composedPath()[0].closest?.("a[href]");
    if (typeof link?.href !== "string" || link.href.split("#")[0] === location.href.split("#")[0]) return;
    link.target = "_blank";
    link.relList.add("noopener");
  },
  true,
);
document.body.append(element);

/** Who may know how high we are: the page that says who it is, else the one we were opened from. */
const around = () => {
  try {
    return new URL(query.get("origin") ?? document.referrer).origin;
  } catch {
    return undefined;
  }
};
const origin = around();
if (parent !== window && origin) {
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ type: "haidang:height", height }, origin);
  };
  new ResizeObserver(tell).observe(document.documentElement);
}
