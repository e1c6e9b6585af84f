// A page that is everybody's is sent on by the means of the device, where it has any.
import { all } from "../page";

const url = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href;

for (const button of all<HTMLButtonElement>("[data-share]")) {
  if (!url || !("share" in navigator)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    // Whoever thinks better of it has done nothing wrong.
    navigator.share({ title: button.dataset.share ?? document.title, url }).catch(() => {});
  });
}
