// The code of a link stands behind its #, where no server sees it: it goes into the form and out of the address.
const field = document.querySelector("input[name=code]");

function take() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  field.value = code;
  document.querySelector("[data-ready]").hidden = false;
  document.querySelector("button").focus();
}

addEventListener("hashchange", take);
take();
