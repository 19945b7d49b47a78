// Suggestions while typing in a search field: the combobox of the ARIA practices, with a listbox below it.
// The form works as well without this file; a suggestion is a link to where the form would lead, or further.
"use strict";

(() => {
  const PAUSE = 200;
  let count = 0;

  const attach = (input) => {
    const list = document.createElement("ul");
    list.id = `ehdotukset-${++count}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    const label = document.querySelector(`label[for="${input.id}"]`);
    if (label) list.setAttribute("aria-label", label.textContent);
    list.hidden = true;
    const told = document.createElement("p");
    told.className = "ds-sr-only";
    told.setAttribute("aria-live", "polite");
    input.after(list, told);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let at = -1;
    let timer;
    let asked;

    const mark = (next) => {
      const options = list.children;
      if (at >= 0 && options[at]) options[at].setAttribute("aria-selected", "false");
      at = next;
      if (at < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[at].id);
    };
    const close = () => {
      clearTimeout(timer);
      if (asked) asked.abort();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };
    const choose = (option) => location.assign(option.dataset.url);

    const show = (suggestions) => {
      mark(-1);
      list.replaceChildren(...suggestions.map((one, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = one.url;
        option.dataset.kind = one.kind;
        option.textContent = one.text;
        return option;
      }));
      list.hidden = suggestions.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      told.textContent = list.hidden ? "" : input.dataset.found.replace("#", String(suggestions.length));
    };

    const ask = async () => {
      if (asked) asked.abort();
      const words = input.value;
      if (words.trim().length < 2) {
        close();
        return;
      }
      asked = new AbortController();
      const url = new URL(input.dataset.suggestions, location.href);
      url.searchParams.set("q", words);
      try {
        const answer = await fetch(url, { signal: asked.signal });
        if (answer.ok && input.value === words && document.activeElement === input) show(await answer.json());
      } catch {
        // A lost connection or a newer question: typing goes on without suggestions.
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      const last = list.children.length - 1;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (list.hidden) {
        if (event.key === "ArrowDown" && last >= 0) {
          event.preventDefault();
          list.hidden = false;
          input.setAttribute("aria-expanded", "true");
          mark(0);
        }
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        mark(at < last ? at + 1 : -1);
      } else if (event.key === "ArrowUp") {
        event.preventDefault();
        mark(at < 0 ? last : at - 1);
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        choose(list.children[at]);
      }
    });
    // The press comes before the field loses its focus, which closes the list.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    input.addEventListener("blur", close);
    input.form.addEventListener("submit", close);
  };

  for (const input of document.querySelectorAll("input[data-suggestions]")) attach(input);
})();
