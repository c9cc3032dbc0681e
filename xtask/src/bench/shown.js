// Tells when something is on the screen, in milliseconds since the navigation began: the task after
// the frame in which it is there. A frame waits for the style sheets.
(() => {
  const look = () => {
    if (!document.querySelector("__WHAT__")) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => articleShown(String(performance.now()));
      port2.postMessage(null);
    });
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
})();
