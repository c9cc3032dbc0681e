// For pages with frames of ours: each is as high as what is in it. A message counts only if it comes from a frame
// whose address is of our portal, as its origin.

const HIGHEST = 50_000;
const home = new URL("../", import.meta.url);

addEventListener("message", ({ data, origin, source }) => {
  if (data?.type !== "haidang:height" || !(data.height > 0 && data.height <= HIGHEST)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    // In a sandbox without `allow-same-origin` a frame is of no origin.
    const is_apart = frame.sandbox.length > 0 && !frame.sandbox.contains("allow-same-origin");
    const is_ours = frame.src.startsWith(home.href) && origin === (is_apart ? "null" : home.origin);
    if (is_ours && frame.contentWindow === source) frame.height = `${data.height}`;
  }
});
