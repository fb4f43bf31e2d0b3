/* Keys, local times, and manners. Every page works without it. */
"use strict";

(() => {
  const find = (selector) => document.querySelector(selector);
  const page = () => document.body.dataset.page;

  // --- times in the reader's own zone; the title keeps UTC ---------------------------------------------------------------

  const localTime = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  const clock = new Intl.DateTimeFormat("en-US", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  function tellTimes(within) {
    for (const time of within.querySelectorAll("time[datetime]:not([data-told])")) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) time.textContent = ("clock" in time.dataset ? clock : localTime).format(at);
      time.dataset.told = "1";
    }
  }

  // --- the time that is left to undo something -----------------------------------------------------------------------------

  function tellSecondsLeft() {
    for (const left of document.querySelectorAll("[data-until]")) {
      const seconds = Math.ceil((new Date(left.dataset.until).getTime() - Date.now()) / 1000);
      left.textContent = seconds > 0 ? `${seconds} s` : "a moment";
    }
  }
  if (find("[data-until]")) setInterval(tellSecondsLeft, 500);

  // --- keys: never while somebody types --------------------------------------------------------------------------------------

  function step(by) {
    const links = [...document.querySelectorAll(".rows a")];
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    const next = links[here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    sessionStorage.setItem("row", next.id);
  }

  function openDeed(selector) {
    const deed = find(selector);
    if (!deed) return;
    deed.open = true;
    const field = deed.querySelector("textarea") || deed.querySelector("select, input:not([type=hidden])");
    if (field) field.focus();
    deed.scrollIntoView({ block: "nearest" });
  }

  function toggleRest() {
    const rests = [...document.querySelectorAll("details.rest")];
    const open = !rests.some((rest) => rest.open);
    for (const rest of rests) rest.open = open;
    if (open && rests.length) rests[0].scrollIntoView({ block: "nearest" });
  }

  function focusOn(selector) {
    const target = find(selector);
    if (target) target.focus();
  }

  function closeDeeds(but) {
    for (const open of document.querySelectorAll(".deed[open], .who[open]")) {
      if (open === but) continue;
      // A field that is hidden keeps the focus until the next frame, and would swallow the next key.
      if (open.contains(document.activeElement)) open.querySelector("summary").focus();
      open.open = false;
    }
  }

  const keys = {
    queue: { j: () => step(1), k: () => step(-1) },
    case: {
      a: () => focusOn("#approve"),
      e: () => openDeed("#edit"),
      d: () => openDeed("#decline"),
      o: toggleRest,
    },
  };
  const everywhere = {
    "?": () => find("#keys")?.showModal(),
    "/": () => focusOn("#q"),
    u: () => find("#back")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeDeeds();
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || find("dialog[open]")) return;
    const act = keys[page()]?.[event.key] || everywhere[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // --- manners -----------------------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    closeDeeds(event.target.closest(".deed, .who"));
    if (event.target.closest("#go-edit")) {
      event.preventDefault();
      openDeed("#edit");
    }
    const row = event.target.closest(".rows a");
    if (row) sessionStorage.setItem("row", row.id);
  });

  let unsaved = false;
  let leaving = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-guard]")) unsaved = true;
  });
  document.addEventListener("submit", (event) => {
    unsaved = false;
    // A form that hands out a file leaves its page where it is, and says so (data-stays).
    if (event.target.method !== "post" || "stays" in event.target.dataset) return;
    leaving = true;
    // Once is enough; after the browser has read which button it was.
    setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // A page that nobody looks at asks for nothing, nor does one that is being left.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const by = event.detail.requestConfig.triggeringEvent;
    if (leaving || (document.hidden && !by)) event.preventDefault();
  });
  // An answer that comes now may be "show the page afresh": that would overtake the deed, or swallow what it has to say.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (leaving) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", (event) => tellTimes(event.target));

  tellTimes(document);
  if (page() === "queue" && document.referrer.includes("/case/")) focusOn(`#${CSS.escape(sessionStorage.getItem("row") || "none")}`);
})();
