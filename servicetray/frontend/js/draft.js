// The form of a referral saves itself while it is filled in, and fetches what another municipality offers.
// Without this file the buttons of the form do the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;

  const WAIT = 3000;
  const AGAIN = 10000;
  const kept = document.getElementById("kept");
  let timer;
  let changed = false;
  let stopped = false;
  let running = null;

  // Read aloud only when the words change: once a minute at most while all goes well.
  const say = (text, address, words) => {
    if (kept.firstChild?.textContent === text) return;
    kept.replaceChildren(text);
    if (!address) return;
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank";
    link.textContent = words;
    kept.append(" ", link);
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  const post = (address, more, options) => {
    const body = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    return fetch(address, { method: "POST", body, credentials: "same-origin", ...options });
  };

  const save = async () => {
    if (stopped || running || !changed) return;
    changed = false;
    let wait = WAIT;
    running = new AbortController();
    try {
      const answer = await post(form.dataset.keep, {}, { signal: running.signal });
      if (answer.status === 404) {
        stopped = true;
        say(form.dataset.gone);
        return;
      }
      const said = await answer.json();
      if (said.state === "other_session") {
        // Signed in again in another tab: go on with that session.
        for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = said.token;
        changed = true;
        wait = 0;
        return;
      }
      if (said.state === "sent") stopped = true;
      if (said.state === "signed_out") {
        changed = true;
        wait = AGAIN;
      }
      say(said.text, said.sign_in, said.link);
    } catch {
      if (stopped) return;
      changed = true;
      wait = AGAIN;
      say(form.dataset.lost);
    } finally {
      running = null;
      if (changed && !stopped) later(wait);
    }
  };

  const typed = () => {
    changed = true;
    later(WAIT);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", (event) => {
    typed();
    if (["municipality", "elsewhere"].includes(event.target.name)) times();
  });

  // The call times of a municipality stand in its own answer; what else was typed stays where it is.
  const times = async () => {
    try {
      const answer = await post(form.action, { step: "preview", card_code: "" }, {});
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("times");
      if (found) document.getElementById("times").replaceWith(document.adoptNode(found));
    } catch {
      // The button below the times shows them, too.
    }
  };

  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    stopped = true;
    clearTimeout(timer);
    running?.abort();
  });
  // The Back button shows the page as it was left: it may be gone on with.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) stopped = false;
  });
  // Leaving before the pause is over: the last words go along.
  window.addEventListener("pagehide", () => {
    if (changed && !stopped) post(form.dataset.keep, {}, { keepalive: true }).catch(() => {});
  });
})();
