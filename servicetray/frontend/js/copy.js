// A button that copies a text; where the browser has no clipboard, the text is marked to be copied by hand.
"use strict";

(() => {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const area = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      area.select();
      try {
        await navigator.clipboard.writeText(area.value);
        button.nextElementSibling.textContent = button.dataset.done;
      } catch {
        area.focus();
      }
    });
  }
})();
