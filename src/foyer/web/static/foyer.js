// What components do beyond HTML, for every face. Every page works without this file.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// A link to a dialog opens it above the page, with the focus kept inside; closing gives the focus back.
const opened = (id) => {
  const box = id && document.getElementById(id);
  if (!(box instanceof HTMLDialogElement) || box.open) return false;
  box.showModal();
  box.dispatchEvent(new Event("opened"));
  return true;
};
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#'], [data-close]");
  if (!link) return;
  const box = link.closest("dialog");
  if (link.hasAttribute("data-close") && box?.open) {
    event.preventDefault();
    box.close();
  } else if (opened(link.getAttribute("href")?.slice(1))) {
    event.preventDefault();
  }
});
for (const box of all("dialog")) {
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  box.addEventListener("close", () => {
    if (location.hash === `#${box.id}`) history.replaceState(null, "", location.pathname + location.search);
  });
}
if (opened(location.hash.slice(1))) scrollTo(0, 0);
for (const box of all("dialog[data-open]")) opened(box.id);

// Menus close on a press elsewhere and on Escape, and only one is open.
const menus = () => all("details[data-menu][open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Good news leaves by itself, later while somebody points at it; what went wrong stays.
for (const toast of all("[data-toast]:not([data-toast='bad'])")) {
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : toast.remove());
  setTimeout(leave, 6000);
}

// Steppers: a number field gets a button on either side; nothing is chosen until the first plus.
for (const box of all("[data-stepper]")) {
  const input = box.querySelector("input");
  const [less, more] = [box.querySelector("[data-less]"), box.querySelector("[data-more]")];
  const most = () => (input.max === "" ? Infinity : Number(input.max));
  const least = () => Math.min(Math.max(1, Number(input.dataset.least)), most());
  const count = () => Math.max(0, Math.trunc(Number(input.value)) || 0);
  const draw = () => {
    box.classList.toggle("is-none", count() === 0);
    more.setAttribute("aria-disabled", String(count() >= most()));
  };
  const choose = (wanted) => {
    input.value = String(wanted);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  more.addEventListener("click", () => {
    if (count() < most()) choose(count() < least() ? least() : count() + 1);
  });
  less.addEventListener("click", () => {
    choose(count() <= least() ? 0 : count() - 1);
    if (count() === 0) more.focus();
  });
  input.addEventListener("input", draw);
  input.addEventListener("change", () => {
    const typed = count();
    choose(typed === 0 ? 0 : Math.min(Math.max(typed, least()), most()));
  });
  input.addEventListener("limit", draw);
  less.hidden = more.hidden = false;
  box.classList.add("is-live");
  draw();
}

// A form is sent once: the second press does nothing, and the button keeps its width while it waits.
for (const form of all("form[data-once]")) {
  const buttons = [...form.elements].filter((one) => one.matches("button[data-busy]"));
  const free = () => {
    delete form.dataset.sent;
    for (const button of buttons) {
      if (!button.dataset.words) continue;
      button.textContent = button.dataset.words;
      button.removeAttribute("aria-busy");
      button.style.minWidth = "";
      delete button.dataset.words;
    }
  };
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of buttons.filter((one) => one.formAction === (event.submitter ?? one).formAction)) {
      button.dataset.words = button.textContent;
      button.style.minWidth = `${button.getBoundingClientRect().width}px`;
      button.textContent = button.dataset.busy;
      button.setAttribute("aria-busy", "true");
    }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) free(); });
}
