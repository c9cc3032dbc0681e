// What went wrong, and what whoever builds the page can do about it.

/** One line for the console. */
export const explain = (error, portal) => {
  const said = `${error?.message ?? error}`;
  const { origin, protocol } = new URL(portal);
  return `${said}. ${advice(said, origin, protocol)}`;
};

const advice = (said, origin, protocol) => {
  if (said.includes("trusted-types")) return "";
  if (location.protocol === "https:" && protocol === "http:") return "Say https in `portal`";
  if (/unsafe-eval|blocked by CSP/.test(said)) return "Add 'wasm-unsafe-eval' to script-src of this page";
  if (/module script|import/.test(said)) return `Add ${origin} to script-src of this page`;
  if (/portal\.json|fetch|nothing came back/.test(said)) {
    return (
      `Is ${origin} a portal, does it allow this page (--cors ${location.origin}), ` +
      `is it in connect-src of this page?`
    );
  }
  return "";
};
