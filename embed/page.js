// What the page around says to an element.

/** The language of what stands around an element. */
export const language = (element) => {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    const lang = at.getAttribute("lang");
    if (lang) return lang;
  }
  return "";
};

/** The address of the portal that an element names, else `home`. */
export const portal = (element, home, name = "portal") => {
  const url = new URL(element.getAttribute(name) || home, document.baseURI);
  if (!/^https?:$/.test(url.protocol)) throw new Error(`"${url}" is not the address of a portal`);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  url.search = url.hash = "";
  return url.href;
};
