// Self-care programmes: which steps have been read stays in this browser and is sent nowhere.
"use strict";

(() => {
  const name = (slug) => `steps:${slug}`;
  const recall = (slug) => {
    try {
      const found = JSON.parse(localStorage.getItem(name(slug)) || "[]");
      return new Set(Array.isArray(found) ? found.filter(Number.isInteger) : []);
    } catch {
      return new Set(); // storage is closed or holds something else: every step is unread
    }
  };

  const reading = document.querySelector("[data-reading]");
  if (reading) {
    const read = recall(reading.dataset.reading).add(Number(reading.dataset.step));
    try {
      localStorage.setItem(name(reading.dataset.reading), JSON.stringify([...read].sort((a, b) => a - b)));
    } catch {
      // The page works without.
    }
  }

  const list = document.querySelector("[data-steps]");
  if (!list) return;
  const read = recall(list.dataset.steps);
  if (!read.size) return;
  let next = null;
  for (const item of list.querySelectorAll("li[data-step]")) {
    if (read.has(Number(item.dataset.step))) {
      const mark = document.createElement("span");
      mark.className = "small muted";
      mark.textContent = ` ✓ ${list.dataset.read}`;
      item.append(mark);
    } else {
      next = next || item;
      item.dataset.at = "next";
    }
  }
  const begin = list.querySelector("[data-begin]");
  if (next && begin) {
    begin.href = next.querySelector("a").href;
    begin.textContent = list.dataset.goesOn.replace("#", next.dataset.step);
  }
})();
