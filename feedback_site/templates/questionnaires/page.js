/* Makes a form more pleasant; without it, everything is shown and the server decides. One text for all pages: it knows each page by its "data". */
(function () {
"use strict";
{% include "questionnaires/live.js" %}
var root = document.documentElement, line = document.getElementById("say");
var store = { get: function (key) { try { return localStorage.getItem(key); } catch (error) { return null; } },
  set: function (key, text) { try { localStorage.setItem(key, text); } catch (error) { return; } },
  drop: function (key) { try { localStorage.removeItem(key); } catch (error) { return; } } };

/* Larger text. */
var larger = document.createElement("button");
larger.type = "button";
larger.className = "switch";
larger.textContent = data.say[3];
function enlarge(isBig) {
  root.classList.toggle("big", isBig);
  larger.setAttribute("aria-pressed", isBig);
}
larger.addEventListener("click", function () {
  enlarge(!root.classList.contains("big"));
  store.set("big", root.classList.contains("big") ? "1" : "");
});
enlarge(store.get("big") === "1");
document.querySelector(".tools").prepend(larger);

/* Seconds in sight. */
var spent = 0, since = Date.now();
document.addEventListener("visibilitychange", function () {
  if (document.hidden) { spent += Date.now() - since; } else { since = Date.now(); }
});

/* Sending: what was typed stays on the device until the site says that it has it. */
var name = "answers" + location.pathname.split("").reduce(function (sum, letter) { return (sum * 31 + letter.charCodeAt(0)) >>> 0; }, 7).toString(36);
var busy = false, timer = 0, tries = 0, pressed = null, tooLarge = false;
function whole() {
  if (form.elements[".seconds"]) { form.elements[".seconds"].value = Math.round((spent + Date.now() - since) / 1000); }
  var fields = new FormData(form);
  if (pressed && pressed.name) { fields.append(pressed.name, pressed.value); }
  return fields;
}
/* Files stay in their fields: they are no words. */
function written() {
  var fields = new URLSearchParams(), size = 0;
  whole().forEach(function (value, name) {
    if (typeof value === "string") { fields.append(name, value); } else { size += value.size; }
  });
  tooLarge = size > (data.files || [size])[0];
  return fields.toString();
}
function wait(sentence) {
  busy = false;
  each(form.querySelectorAll("button"), function (button) { button.disabled = false; });
  line.textContent = sentence;
  timer = setTimeout(send, Math.min(60, Math.pow(2, ++tries)) * 1000);
}
function send() {
  if (busy) { return; }
  clearTimeout(timer);
  var body = written();
  if (tooLarge) { line.textContent = data.files[1]; return; }
  busy = true;
  store.set(name, JSON.stringify([Date.now(), body]));
  each(form.querySelectorAll("button"), function (button) { button.disabled = true; });
  fetch(location.href, { method: "POST", body: data.files ? whole() : new URLSearchParams(body) }).then(function (reply) {
    if (reply.status > 501) { wait(data.say[1]); return null; }
    return reply.text().then(function (page) {
      store.drop(name);
      if (reply.redirected) { location.assign(reply.url); return; }
      document.open();
      document.write(page);
      document.close();
      scrollTo(0, 0);
      var first = document.getElementById("problems") || document.querySelector("h1");
      first.tabIndex = -1;
      first.focus();
    });
  }).catch(function () { wait(data.say[0]); });
}
form.addEventListener("submit", function (event) {
  if (!window.fetch || !window.URLSearchParams) { return; }
  event.preventDefault();
  pressed = event.submitter;
  send();
});
addEventListener("online", function () { if (line.textContent && tries) { send(); } });

/* Another language: what was typed goes along. */
each(document.querySelectorAll("a.switch"), function (link) {
  link.addEventListener("click", function () { store.set(name, JSON.stringify([Date.now(), written(), 1])); });
});

/* What a lost connection, or the other language, left behind. */
var old = JSON.parse(store.get(name) || "null");
if (old && Date.now() - old[0] < 12096e5) {
  var fields = new URLSearchParams(old[1]);
  if (!form.elements[".page"] || fields.get(".page") === form.elements[".page"].value) {
    each(form.elements, function (field) {
      if (!field.name || field.name[0] === "." || field.type === "file") { return; }
      if (field.type === "radio" || field.type === "checkbox") { field.checked = fields.getAll(field.name).indexOf(field.value) >= 0; }
      else if (fields.has(field.name)) { field.value = fields.get(field.name); }
    });
    if (old[2]) { store.drop(name); } else { line.textContent = data.say[2]; }
  }
} else if (old) { store.drop(name); }
update();
})();
