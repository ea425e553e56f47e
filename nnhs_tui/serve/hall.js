"use strict";
(function () {
  const widths = [40, 80, 120];
  const find = function (id) { return document.getElementById(id); };
  const frame = find("frame"), said = find("said"), told = find("told");
  const ask = find("ask"), typed = find("typed"), verdict = find("verdict");
  let rows = [], width = 0, socket = null, asked = "", wait = 500, isOver = false, name = "";

  function letter() {
    const probe = document.createElement("span");
    probe.textContent = "0".repeat(50);
    probe.style.position = "absolute";
    probe.style.visibility = "hidden";
    frame.style.fontSize = "100px";
    frame.appendChild(probe);
    const wide = probe.getBoundingClientRect().width / 5000;
    frame.removeChild(probe);
    return wide;
  }

  // The widest frame whose letters are not too small to be read.
  function wanted() {
    const room = frame.clientWidth || 320;
    let chosen = widths[0];
    widths.forEach(function (each) { if (room / each >= 6.6) { chosen = each; } });
    return chosen;
  }

  function fit() {
    const size = (frame.clientWidth - 12) / ((width || widths[0]) * letter());
    frame.style.fontSize = Math.max(5, Math.min(20, size)).toFixed(2) + "px";
  }

  function send(message) {
    if (socket && socket.readyState === WebSocket.OPEN) { socket.send(JSON.stringify(message)); }
  }

  function show(message) {
    if (message.width !== width || message.of !== rows.length) {
      rows = new Array(message.of).fill("");
      width = message.width;
      fit();
    }
    Object.keys(message.rows).forEach(function (n) { rows[n] = message.rows[n]; });
    frame.innerHTML = rows.join("\n");
    said.textContent = message.said;
  }

  function choose(choices, isOpen) {
    const box = find("choices");
    box.textContent = "";
    choices.forEach(function (choice) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = choice[0] + "  " + choice[1];
      button.disabled = !isOpen;
      button.addEventListener("click", function () {
        const letters = new Set(typed.value.split(/\s+/).filter(Boolean));
        if (!letters.delete(choice[0])) { letters.add(choice[0]); }
        typed.value = Array.from(letters).sort().join(" ");
      });
      box.appendChild(button);
    });
  }

  function place(message) {
    told.textContent = message.name + " · " + message.told;
    told.className = message.waiting ? "waiting" : message.alone ? "alone" : "";
    find("join").textContent = message.alone ? "follow" : "step alone";
    const question = message.ask;
    ask.hidden = !question;
    if (!question) { return; }
    const which = question.number + "/" + question.time;
    if (which !== asked) {
      asked = which;
      typed.value = "";
      choose(question.choices, question.open);
      find("pad").hidden = question.choices.length > 0;
      if (question.open) { typed.focus({ preventScroll: true }); ask.scrollIntoView({ block: "nearest" }); }
    }
    const left = question.left === null ? "" : "  " + question.left + " s";
    find("title").textContent = question.title + left;
    find("answer").hidden = !question.open;
    const given = question.given && "your answer: " + question.given;
    const reply = question.verdict || (question.given && question.open ? "handed in" : "");
    const right = question.expected && "right: " + question.expected;
    verdict.textContent = [right, given, reply].filter(Boolean).join(" · ");
    find("bars").innerHTML = question.bars.join("\n");
  }

  function over(message) {
    isOver = true;
    find("hall").hidden = true;
    find("over").hidden = false;
    find("over").textContent = message;
  }

  function hear(event) {
    const message = JSON.parse(event.data);
    if (message.is === "frame") { show(message); }
    if (message.is === "place") { place(message); }
    if (message.is === "over") { over(message.told); }
  }

  function follow() {
    const scheme = location.protocol === "https:" ? "wss://" : "ws://";
    socket = new WebSocket(scheme + location.host + "/follow");
    socket.addEventListener("open", function () {
      wait = 500;
      rows = [];
      asked = "";
      send({ name: name, width: wanted() });
    });
    socket.addEventListener("message", hear);
    socket.addEventListener("close", function () {
      if (isOver) { return; }
      told.textContent = "the connection was lost: trying again …";
      told.className = "waiting";
      setTimeout(follow, wait);
      wait = Math.min(8000, wait * 2);
    });
  }

  function begin(given) {
    name = given;
    try { sessionStorage.setItem("name", name); } catch (error) { /* not allowed: asked again */ }
    find("named").hidden = true;
    find("hall").hidden = false;
    follow();
  }

  function press(key) { send({ press: key }); }

  const keys = {
    n: "n", ArrowRight: "n", " ": "n", p: "p", ArrowLeft: "p", Home: "home", End: "end",
    "]": "]", "[": "[", l: "l", j: "j", N: "N"
  };
  document.addEventListener("keydown", function (event) {
    const isField = event.target.closest && event.target.closest("input");
    const onButton = event.target.closest && event.target.closest("button");
    if (isField || !keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (onButton && event.key === " ") { return; }
    event.preventDefault();
    press(keys[event.key]);
  });
  document.querySelectorAll("[data-key]").forEach(function (button) {
    button.addEventListener("click", function () { press(button.dataset.key); });
  });

  ["7", "8", "9", "⌫", "4", "5", "6", "−", "1", "2", "3", ".", "0", ",", "/", "E"].forEach(
    function (sign) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      if (sign === "⌫") { button.setAttribute("aria-label", "delete"); }
      button.addEventListener("click", function () {
        typed.value = sign === "⌫" ? typed.value.slice(0, -1) : typed.value + sign;
      });
      find("pad").appendChild(button);
    }
  );
  find("answer").addEventListener("submit", function (event) {
    event.preventDefault();
    if (typed.value.trim()) { send({ answer: typed.value }); typed.value = ""; }
  });
  find("named").addEventListener("submit", function (event) {
    event.preventDefault();
    begin(find("name").value);
  });

  let start = null;
  frame.addEventListener("touchstart", function (event) {
    start = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  frame.addEventListener("touchend", function (event) {
    if (start === null) { return; }
    const end = event.changedTouches[0];
    const across = end.clientX - start.clientX;
    if (Math.abs(across) > 40 && Math.abs(across) > 2 * Math.abs(end.clientY - start.clientY)) {
      press(across < 0 ? "n" : "p");
    }
    start = null;
  });
  window.addEventListener("resize", function () {
    fit();
    if (wanted() !== width) { send({ width: wanted() }); }
  });
  // A phone that wakes up need not wait until its next try.
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && socket && socket.readyState === WebSocket.CLOSED && !isOver) { follow(); }
  });

  // The code need not stand in the address, where others may read it.
  history.replaceState(null, "", "/");
  let known = null;
  try { known = sessionStorage.getItem("name"); } catch (error) { known = null; }
  if (known === null) { find("named").hidden = false; } else { begin(known); }
})();
