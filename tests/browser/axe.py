"""axe, asked in a way that costs a third of its time.

Most of it goes into the contrast of colours. It reads the same few colours again for every element: here each is read
once, and the answer is the same. And it judges each of a hundred cards that are all made alike. An ordinary run has
it judge, of the elements that stand at the same path with the same classes and attributes, the first two and the
last; ``./dev trust`` has every element judged. All other rules look at every element in every run.
"""

from axe_playwright_python.base import AXE_SCRIPT

_COLOURS_READ_ONCE = """
(() => {
  const { prototype } = axe.commons.color.Color;
  const read = prototype.parseString;
  const known = new Map();
  prototype.parseString = function (text) {
    if (!known.has(text)) {
      read.call(this, text);
      known.set(text, { r: this.r, g: this.g, b: this.b, alpha: this.alpha });
    }
    return Object.assign(this, known.get(text));
  };
})();
"""

SCRIPT = AXE_SCRIPT + _COLOURS_READ_ONCE
"""To be run in a page before it is looked at."""

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

LOOK = """
async ({ rules, every }) => {
  const MARK = 'data-judged';
  // What tells one of many from the others, and gives it no style.
  const OWN = new Set(['id', 'for', 'href', 'src', 'value', 'name', 'alt', 'title', 'datetime', 'action', 'd']);
  const NAMED = /^aria-(label|labelledby|describedby|controls|owns)$/;
  const alike = new Map();
  if (!every) {
    const path = new Map();
    for (const element of document.querySelectorAll('*')) {
      const told = [...element.attributes].filter(({ name }) => !OWN.has(name));
      const words = told.map(({ name, value }) => (NAMED.test(name) ? name : `${name}=${value}`));
      const kind = `${path.get(element.parentElement)}>${element.localName} ${words.join(' ')}`;
      if (!alike.has(kind)) alike.set(kind, []);
      path.set(element, kind);
      alike.get(kind).push(element);
    }
  }
  const judged = new Set([...alike.values()].flatMap((all) => [...all.slice(0, 2), all.at(-1)]));
  for (const element of judged) element.setAttribute(MARK, '');
  axe.configure({ rules: [{ id: 'color-contrast', selector: every ? '*' : `[${MARK}]` }] });
  try {
    return (await axe.run(rules)).violations;
  } finally {
    for (const element of judged) element.removeAttribute(MARK);
  }
}
"""
"""Looks at a page as it stands, and answers what is wrong with it."""
