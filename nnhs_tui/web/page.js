"use strict";
(function () {
  const data = JSON.parse(document.getElementById("steps").textContent);
  const frame = document.getElementById("frame");
  const said = document.getElementById("said");
  const slider = document.getElementById("slider");
  const place = document.getElementById("place");
  const buttons = {};
  for (const button of document.querySelectorAll("nav button")) {
    buttons[button.dataset.does] = button;
    button.addEventListener("click", function () { does[button.dataset.does](); });
  }
  let at = 0;

  // The widest frame whose letters are not too small to be read.
  function columns() {
    const room = frame.clientWidth || 320;
    let chosen = 0;
    data.widths.forEach(function (width, index) {
      if (room / width >= 6.6) { chosen = index; }
    });
    return chosen;
  }

  function fit(width) {
    const probe = document.createElement("span");
    probe.textContent = "0".repeat(50);
    probe.style.position = "absolute";
    probe.style.visibility = "hidden";
    frame.style.fontSize = "100px";
    frame.appendChild(probe);
    const letter = probe.getBoundingClientRect().width / 50 / 100;
    frame.removeChild(probe);
    const style = getComputedStyle(frame);
    frame.style.fontSize = "10px";
    const padding = 2 * parseFloat(style.paddingLeft);
    const size = (frame.clientWidth - padding - 2) / (width * letter);
    frame.style.fontSize = Math.max(5, Math.min(20, size)).toFixed(2) + "px";
  }

  function show(announce) {
    const wide = columns();
    fit(data.widths[wide]);
    const step = data.steps[at];
    frame.innerHTML = step.lines[wide].map(function (n) { return data.lines[n]; }).join("\n");
    if (announce) { said.textContent = step.said; }
    slider.value = String(at + 1);
    slider.setAttribute("aria-valuetext", step.said);
    place.textContent = (at + 1) + " / " + data.steps.length;
    buttons.back.disabled = buttons.first.disabled = at === 0;
    buttons.next.disabled = buttons.last.disabled = at === data.steps.length - 1;
    buttons.phase.disabled = phase(1) === at;
    history.replaceState(null, "", "#" + (at + 1));
  }

  function go(to) {
    const next = Math.max(0, Math.min(data.steps.length - 1, to));
    if (next !== at) { at = next; show(true); }
  }

  // The first step of the next phase; backwards of this one, or of the one before.
  function phase(by) {
    const name = function (n) { return data.steps[n].round + data.steps[n].phase; };
    let to = by < 0 ? Math.max(0, at - 1) : at;
    if (by < 0) {
      while (to > 0 && name(to - 1) === name(to)) { to -= 1; }
      return to;
    }
    while (to < data.steps.length && name(to) === name(at)) { to += 1; }
    return to === data.steps.length ? at : to;
  }

  // The step that the address names; where it names none, the one that is shown.
  function wanted() {
    const number = Number(location.hash.slice(1));
    return Number.isInteger(number) && number >= 1 && number <= data.steps.length ? number - 1 : at;
  }

  const does = {
    first: function () { go(0); },
    back: function () { go(at - 1); },
    next: function () { go(at + 1); },
    phase: function () { go(phase(1)); },
    before: function () { go(phase(-1)); },
    last: function () { go(data.steps.length - 1); },
    all: function () {
      const all = document.getElementById("all");
      all.hidden = !all.hidden;
      buttons.all.setAttribute("aria-expanded", String(!all.hidden));
    }
  };
  const keys = {
    n: "next", ArrowRight: "next", " ": "next", p: "back", ArrowLeft: "back",
    Home: "first", End: "last", "]": "phase", "[": "before"
  };

  document.addEventListener("keydown", function (event) {
    const onControl = event.target.closest && event.target.closest("input, button");
    const name = keys[event.key];
    if (!name || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (onControl && (event.key === " " || event.target === slider)) { return; }
    event.preventDefault();
    does[name]();
  });
  slider.addEventListener("input", function () { go(Number(slider.value) - 1); });

  let start = null;
  frame.addEventListener("touchstart", function (event) {
    start = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  frame.addEventListener("touchend", function (event) {
    if (start === null) { return; }
    const end = event.changedTouches[0];
    const across = end.clientX - start.clientX;
    if (Math.abs(across) > 40 && Math.abs(across) > 2 * Math.abs(end.clientY - start.clientY)) {
      go(at + (across < 0 ? 1 : -1));
    }
    start = null;
  });
  window.addEventListener("resize", function () { show(false); });
  window.addEventListener("hashchange", function () { go(wanted()); });

  slider.max = String(data.steps.length);
  at = wanted();
  document.getElementById("walk").hidden = false;
  document.getElementById("all").hidden = true;
  show(true);
})();
