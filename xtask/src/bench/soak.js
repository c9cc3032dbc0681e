// Other readers: they vote, change what they wrote, and now and then write something new. At the end every
// comment must be on the page as the server has it.
globalThis.storm = (() => {
  const api = new URL("api/v1/articles/", document.baseURI);
  const storm = { sent: 0, refused: [] };
  const own = [];
  const frame = document.createElement("iframe");
  let thread, timer, comments = [];

  // Asked from a document of its own: nothing of it passes through the page that is watched.
  const ask = async (path, method = "GET", body = undefined, token = "storm-reader-0000000000000000") => {
    const headers = { "content-type": "application/json", "author-token": token };
    if (method !== "GET") headers["idempotency-key"] = `storm-${crypto.randomUUID()}`;
    const response = await frame.contentWindow.fetch(new URL(`${thread}/comments${path}`, api), {
      method, headers, body: body && JSON.stringify(body),
    });
    if (!response.ok) storm.refused.push(`${method} ${path}: ${response.status}`);
    return response.ok ? response.json() : null;
  };
  // Without the marks of Markdown and the space between paragraphs.
  const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
  const all = async () => {
    const items = [];
    let cursor = "";
    do {
      const page = await ask(cursor && `?cursor=${encodeURIComponent(cursor)}`);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor);
    return items;
  };
  const write = async () => {
    const text = `Sóng thứ ${storm.sent}`;
    const made = await ask("", "POST", { author: "Người đi biển", text, typed: 9000 });
    if (made) own.push(made.id);
  };
  const step = async () => {
    storm.sent += 1;
    const turn = storm.sent;
    if (turn % 50 === 1) return write();
    if (turn % 5 === 0) {
      // The newest: an older one may no longer be changed.
      return ask(`/${own.at(-1)}`, "PUT", { text: `Sóng thứ ${turn}, đã sửa` });
    }
    const comment = comments[turn % comments.length];
    return ask(`/${comment.id}/vote`, "POST", { vote: turn % 2 ? 1 : -1 }, `storm-voter-${turn % 40}-0000000000000000`);
  };

  storm.begin = async (article, pace) => {
    thread = article;
    document.body.append(frame);
    comments = (await all()).filter((comment) => comment.state === "published");
    await write();
    timer = setInterval(step, 1000 / pace);
  };
  storm.end = async () => {
    clearInterval(timer);
    const kept = (await all()).filter((comment) => comment.state === "published");
    // What has arrived waits behind a button, and rows far from the screen are made in idle time.
    const differs = () => kept.filter((comment) => {
      const shown = document.getElementById(`comment-${comment.id}`);
      // Rows far from the screen have no votes to show.
      const votes = shown?.querySelector(".votes > [aria-hidden]")?.textContent.replace("−", "-");
      const is_said = letters(shown?.textContent ?? "").includes(letters(comment.body.value));
      return !is_said || Number(votes ?? comment.votes) !== comment.votes;
    });
    for (let tries = 0; tries < 200 && differs().length; tries += 1) {
      document.querySelector(".thread-arrived button")?.click();
      document.querySelector("#comments .more button")?.click();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const missed = differs();
    return { sent: storm.sent, missed: missed.length, refused: storm.refused.length, why: storm.refused.slice(0, 5), what: missed.slice(0, 5) };
  };
  return storm;
})();
