// The numbers of a refund follow what is chosen: the page is asked again, as its button without a script does.

const form = document.querySelector("[data-refund]");
const look = form?.querySelector("[data-look]");
if (look) {
  let asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const chosen = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(`${form.action}?${chosen}`, { signal: asked.signal });
      if (!answer.ok) { look.hidden = false; return; } // the numbers are of another choice: its button asks again
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refund]");
      for (const part of ["[data-effects]", ".dialog-foot"]) {
        const now = form.querySelector(part);
        const then = page.querySelector(part);
        if (now && then) now.replaceWith(then);
        else if (now) now.remove();
        else if (then) form.querySelector(".dialog-foot").before(then);
      }
      form.querySelector("[data-look]").hidden = true;
    } catch (error) {
      if (error.name !== "AbortError") look.hidden = false;
    }
  };
  look.hidden = true;
  form.addEventListener("change", ask);
}
