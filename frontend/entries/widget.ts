// For other websites: a link to an event or a shop, marked with `data-foyer`, becomes a frame in which tickets are chosen.
// Until the frame has shown itself the link stays, so that there is a way where frames or this script are not allowed.
// It is loaded as a plain script, for only that knows where it came from; so all of it stands in a function.

(() => {
  const HEIGHT_MAX = 20_000;
  const from = document.currentScript;
  if (!(from instanceof HTMLScriptElement)) return;
  const home = new URL(from.src).origin;
  const links = new Map<HTMLIFrameElement, HTMLAnchorElement>();

  const open = (link: HTMLAnchorElement) => {
    const address = new URL(link.href);
    if (address.origin !== home || link.dataset.foyer === "framed") return;
    link.dataset.foyer = "framed";
    const frame = document.createElement("iframe");
    frame.src = `${home}${address.pathname.replace(/\/+$/, "")}/widget`;
    frame.title = link.textContent.trim();
    Object.assign(frame.style, { display: "block", width: "100%", height: "0", border: "0" });
    link.after(frame);
    links.set(frame, link);
  };
  const openAll = () => {
    document.querySelectorAll<HTMLAnchorElement>("a[data-foyer]").forEach(open);
  };

  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== home || data?.foyer !== "height") return;
    for (const [frame, link] of links) {
      if (frame.contentWindow !== source) continue;
      frame.style.height = `${Math.min(Math.max(Number(data.height) || 0, 0), HEIGHT_MAX)}px`;
      link.hidden = true;
    }
  });
  openAll();
  addEventListener("DOMContentLoaded", openAll);
})();
