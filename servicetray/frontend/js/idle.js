// Warns before the idle limit, and keeps a sign-in alive while somebody really is there. The server decides:
// without this file one is signed out just the same, and a form that comes too late is kept.
"use strict";

(() => {
  const dialog = document.getElementById("idle");
  if (!dialog) return;
  const WARN = 120_000;
  const TOUCH = 240_000;
  const KEY = "servicetray.signed-in-until";
  const now = () => Date.now();
  const wholeUntil = now() + Number(dialog.dataset.whole) * 1000;
  let until = now() + Number(dialog.dataset.idle) * 1000;
  let touched = now();
  let active = false;
  let over = false;
  const say = (name) => {
    for (const text of dialog.querySelectorAll("[data-say]")) text.hidden = !text.dataset.say.split(" ").includes(name);
  };
  const button = dialog.querySelector("button");
  let staying = true;
  const show = (name) => {
    say(name);
    staying = name === "idle";
    for (const label of button.querySelectorAll("[data-label]")) label.hidden = (label.dataset.label === "stay") !== staying;
    dialog.querySelector("[data-count]").hidden = name === "over";
    dialog.toggleAttribute("data-over", name === "over");
    if (!dialog.open) {
      dialog.showModal();
      // Not the button: somebody who is typing must not press it by a space.
      document.getElementById("idle-title").focus();
    }
  };
  const hide = () => { if (dialog.open) dialog.close(); };

  // The other tabs hear of it. A moment is stored, and nothing else.
  const share = () => {
    try { localStorage.setItem(KEY, String(until)); } catch { /* Storage is switched off: each tab by itself. */ }
  };
  window.addEventListener("storage", (event) => {
    const heard = Number(event.newValue);
    if (event.key !== KEY || !(heard > until) || over) return;
    until = Math.min(heard, wholeUntil);
    if (until - now() > WARN) hide();
  });

  const stay = async () => {
    touched = now();
    active = false;
    try {
      const answer = await fetch(dialog.dataset.stay, {
        method: "POST", headers: { "X-CSRFToken": dialog.dataset.token }, redirect: "manual",
      });
      if (!answer.ok) return;
      const left = await answer.json();
      until = now() + left.idle * 1000;
      share();
      if (until - now() > WARN) hide();
    } catch { /* No connection just now; the time goes on running. */ }
  };
  let dismissed = "";
  const go = () => {
    if (staying) stay();
    else {
      dismissed = over ? "over" : "whole";
      hide();
    }
  };
  button.addEventListener("click", go);
  // Escape means: I am here.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    go();
  });
  // Typing and pointing is use, also where no page is asked for.
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { active = true; }, { passive: true });
  }

  const tick = () => {
    const left = until - now();
    if (left <= 0) over = true;
    if (over) {
      if (dismissed !== "over") show("over");
      return;
    }
    if (active && !dialog.open && now() - touched > TOUCH) stay();
    if (left > WARN) return;
    const whole = wholeUntil - until < 1500;
    const seconds = Math.ceil(left / 1000);
    dialog.querySelector("[data-left]").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (!whole) show("idle");
    else if (dismissed !== "whole") show("whole");
  };
  share();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
})();
