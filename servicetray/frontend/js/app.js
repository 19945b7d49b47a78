// Small comforts. Every page works without this file; nothing here adds content that matters.
"use strict";

(() => {
  // A form that came back with errors: put the reader at the summary of what to mend.
  const summary = document.querySelector(".ds-error-summary");
  if (summary) summary.focus();

  // The first press sends; a second one while the answer is on its way does nothing.
  const busy = (form, on) => {
    for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
      if (on) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
    if (on) form.dataset.sent = "";
    else delete form.dataset.sent;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if ("sent" in form.dataset) event.preventDefault();
    else {
      busy(form, true);
      // A download answers without leaving the page; a lost connection never answers.
      setTimeout(() => busy(form, false), 15000);
    }
  });
  // The Back button may show the page as it was left: let it be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) busy(form, false);
  });

  // How many signs are left. Seen at once; read out when typing pauses, and only near the end.
  for (const area of document.querySelectorAll("textarea[maxlength][data-left]")) {
    const most = area.maxLength;
    const seen = document.createElement("p");
    seen.className = "counter";
    seen.setAttribute("aria-hidden", "true");
    const heard = document.createElement("p");
    heard.className = "ds-sr-only";
    heard.setAttribute("aria-live", "polite");
    area.after(seen, heard);
    let pause;
    const count = () => {
      // As in HTML's own maxlength, a line break is one sign.
      const left = most - area.value.length;
      const text = area.dataset.left.replace("#", String(left));
      const near = left <= most / 10;
      seen.textContent = text;
      // Thousands left are no news to anybody.
      seen.hidden = left > 1000;
      seen.toggleAttribute("data-near", near);
      clearTimeout(pause);
      pause = setTimeout(() => { heard.textContent = near ? text : ""; }, 900);
    };
    area.addEventListener("input", count);
    window.addEventListener("pageshow", count);
    count();
  }

  // Filters stand open on wide screens also where CSS alone cannot open them.
  if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 62rem)").matches) {
    for (const fold of document.querySelectorAll("details.filters")) fold.open = true;
  }

  // Sending a page on: the device's own way where it has one, else the address goes to the clipboard.
  for (const item of document.querySelectorAll("[data-share][hidden]")) {
    const { share: url, title, done } = item.dataset;
    if (!navigator.share && !navigator.clipboard) continue;
    item.hidden = false;
    item.querySelector("button").addEventListener("click", async () => {
      try {
        if (navigator.share) await navigator.share({ title, url });
        else {
          await navigator.clipboard.writeText(url);
          item.querySelector("[aria-live]").textContent = done;
        }
      } catch {
        // Closing the device's menu is no fault.
      }
    });
  }

  // A wellbeing card goes on where this tab left it: what is picked on another page joins the same card.
  const CARD = "servicetray.card";
  const composed = document.querySelector("[data-card-token]");
  try {
    if (composed) sessionStorage.setItem(CARD, composed.dataset.cardToken);
    const card = sessionStorage.getItem(CARD);
    for (const link of card ? document.querySelectorAll('a[href*="/kortti/lisaa?"]') : []) {
      const url = new URL(link.href);
      url.searchParams.set("k", card);
      link.href = url.pathname + url.search;
    }
  } catch {
    // A browser that keeps nothing begins a new card.
  }

  // Buttons that need a script to do anything are shown only by that script.
  for (const button of document.querySelectorAll("[data-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
