// Keys of the inbox. They work only while the focus is inside a list, so no single key surprises anybody
// who types or dictates elsewhere (WCAG 2.1.4); without this file the links and buttons do the same.
"use strict";

(() => {
  const rows = [...document.querySelectorAll("[data-inbox-list] tbody tr")];
  const keys = document.querySelector("[data-inbox-keys]");
  if (!rows.length || !keys) return;
  keys.hidden = false;

  const way = (row) => row.querySelector("th a") ?? row.querySelector("button, a, input");
  const step = (row, by) => {
    for (let at = rows.indexOf(row) + by; rows[at]; at += by) {
      const target = way(rows[at]);
      if (target) return target.focus();
    }
  };
  const actions = {
    j: (row) => step(row, 1),
    ArrowDown: (row) => step(row, 1),
    k: (row) => step(row, -1),
    ArrowUp: (row) => step(row, -1),
    Enter: (row) => row.querySelector("th a")?.click(),
    o: (row) => row.querySelector("form button[type=submit]")?.click(),
    "/": () => document.querySelector("[data-inbox-filters] :is(a, select)")?.focus(),
    "?": () => {
      keys.open = true;
      keys.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const row = event.target.closest?.("[data-inbox-list] tbody tr");
    const action = row && actions[event.key];
    if (!action) return;
    // Links, buttons and boxes answer Enter themselves.
    if (event.key === "Enter" && event.target !== row) return;
    event.preventDefault();
    action(row);
  });
})();
