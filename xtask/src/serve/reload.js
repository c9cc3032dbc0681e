// Only under `cargo xtask serve --dev`: reloads the page when the site was built again.
(() => {
  const mark = new URL("reload.txt", document.baseURI);
  let opened;

  async function look() {
    try {
      const answer = await fetch(mark, { cache: "no-store" });
      if (!answer.ok) return;
      const now = await answer.text();
      opened ??= now;
      if (now !== opened) location.reload();
    } catch {
      // Between two builds there is no server.
    }
  }

  look();
  setInterval(look, 1000);
})();
