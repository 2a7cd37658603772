
"use strict";
// Searches, filters and sorts what the page has without it. What is searched for stands in the address, behind `#`.
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const severities = all("#severities input");
  const items = all("tbody[data-rows] > tr:not(.head), article.finding");
  const texts = new Map();

  // A row of a person or an account is found by that name too.
  function text(item) {
    if (!texts.has(item)) {
      const head = item.parentElement.querySelector(":scope > .head");
      texts.set(item, ((head ? head.textContent + " " : "") + item.textContent).toLowerCase());
    }
    return texts.get(item);
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set(severities.filter((box) => box.checked).map((box) => box.value));
    let hits = 0;
    for (const item of items) {
      const fits = words.every((word) => text(item).includes(word));
      const isOpen = item.parentElement.id === "findings-listed";
      const isIn = fits && (!isOpen || shown.has(item.dataset.severity));
      item.classList.toggle("out", !isIn);
      hits += isIn ? 1 : 0;
    }
    for (const group of all("tbody.group")) {
      group.classList.toggle("out", !group.querySelector(":scope > tr:not(.head):not(.out)"));
    }
    const isWhole = shown.size === severities.length;
    found.textContent = words.length || !isWhole ? hits + (hits === 1 ? " row matches" : " rows match") : "";
    return { words, shown, isWhole };
  }

  function remember() {
    const state = apply();
    const parts = new URLSearchParams();
    if (state.words.length) parts.set("q", state.words.join(" "));
    if (!state.isWhole) parts.set("severity", Array.from(state.shown).join(","));
    try {
      history.replaceState(null, "", "#" + parts);
    } catch (refused) {
      // A page without an address, as in a preview, keeps none.
    }
  }

  function follow() {
    const address = location.hash.slice(1);
    if (address.includes("=")) {
      const parts = new URLSearchParams(address);
      search.value = parts.get("q") || "";
      const wanted = parts.has("severity") ? parts.get("severity").split(",") : null;
      for (const box of severities) box.checked = !wanted || wanted.includes(box.value);
    }
    apply();
    const target = address && !address.includes("=") && document.getElementById(address);
    if (target && target.closest(".out")) {
      // A link to something that is filtered out ends the filter.
      search.value = "";
      for (const box of severities) box.checked = true;
      apply();
      target.scrollIntoView();
    }
  }

  function sortBy(table, column, head) {
    const isUp = head.getAttribute("aria-sort") !== "ascending";
    for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    const body = table.tBodies[0];
    const cell = (row) => row.cells[column].textContent.trim().replace(/(\d),(?=\d)/g, "$1");
    const order = new Intl.Collator("en", { numeric: true }).compare;
    const rows = Array.from(body.rows);
    rows.sort((a, b) => (isUp ? 1 : -1) * order(cell(a), cell(b)));
    body.append(...rows);
  }

  for (const table of all("table.sort")) {
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sortBy(table, column, head));
    });
  }
  for (const tool of all(".tool")) tool.hidden = false;
  search.addEventListener("input", remember);
  for (const box of severities) box.addEventListener("change", remember);
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target === document.body) {
      event.preventDefault();
      search.focus();
    }
  });
  follow();
})();
