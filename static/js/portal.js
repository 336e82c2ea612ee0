"use strict";
// Every page works without this file; it only saves a few steps.
document.documentElement.dataset.js = "";

const add = (parent, name, fields) => parent.appendChild(Object.assign(document.createElement(name), fields));

// Passwords can be shown while typing.
for (const input of document.querySelectorAll("input[data-reveal]")) {
  const label = input.labels[0]?.textContent.trim() ?? "password";
  const button = add(input.parentElement, "button", { type: "button", className: "btn", textContent: "Show" });
  button.setAttribute("aria-label", `Show ${label}`);
  button.setAttribute("aria-pressed", "false");
  const reveal = (shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.classList.toggle("on", shown);
  };
  button.addEventListener("click", () => reveal(input.type === "password"));
  input.form?.addEventListener("submit", () => reveal(false));
}

// A link can be copied with one press.
for (const button of document.querySelectorAll("[data-copy]")) {
  const input = document.getElementById(button.dataset.copy);
  if (!input || !navigator.clipboard) continue;
  const label = button.textContent;
  const said = add(button.parentElement, "span", { className: "vh" });
  said.setAttribute("role", "status");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(input.value);
      button.textContent = said.textContent = "Copied";
    } catch {
      input.focus();
      input.select();
      said.textContent = "Press the copy keys to copy the link";
    }
    setTimeout(() => { button.textContent = label; said.textContent = ""; }, 3000);
  });
}
for (const input of document.querySelectorAll("input[readonly]:not([type=email])")) {
  input.addEventListener("focus", () => input.select());
}

// Menus: arrow keys move, Escape goes back to the button.
for (const menu of document.querySelectorAll(".menu[popover]")) {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  const entries = () => [...menu.querySelectorAll("a, button")];
  menu.addEventListener("keydown", (event) => {
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") {
      menu.hidePopover();
      opener?.focus();
    } else if (to !== undefined) {
      all.at(to % all.length)?.focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  opener?.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    menu.showPopover();
    entries()[0]?.focus();
  });
}

// Everybody on a page of a list can be ticked at once.
for (const head of document.querySelectorAll("thead .tick")) {
  const all = add(head, "input", { type: "checkbox" });
  all.setAttribute("aria-label", "Select everybody on this page");
  all.addEventListener("input", () => {
    for (const box of head.closest("table").querySelectorAll("tbody .tick input")) box.checked = all.checked;
  });
}

// Choosing what stands beside a radio button chooses that button.
for (const beside of document.querySelectorAll("div.choice > :is(select, input)")) {
  beside.addEventListener("input", () => { beside.parentElement.querySelector("[type=radio]").checked = true; });
}

// What is wrong is read first.
document.querySelector(".summary")?.focus();

// The current entry of a long navigation is in sight.
for (const current of document.querySelectorAll("nav [aria-current]")) {
  const bar = current.closest("nav");
  if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft = current.offsetLeft - bar.clientWidth / 3;
}

// Progress moves by itself until there is a result.
const live = document.querySelector("[data-live]");
if (live) {
  setInterval(async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
    if (next) live.replaceChildren(...next.childNodes);
    else location.reload();
  }, 3000);
}
