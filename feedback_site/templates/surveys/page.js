/* Makes a form more pleasant; without it, everything is shown and the server decides. One text for all pages: it knows each page by its "data". */
(function () {
"use strict";
/* Conditions, as surveys/rules/conditions.py has them: that module decides. */
/* begin */
function isEmpty(given) {
  return given === undefined || given === null || (typeof given === "object" ? !Object.keys(given).length : given === "");
}
function isSame(given, value) {
  return given === value && typeof given !== "object";
}
function compare(operator, given, value) {
  if (operator === "includes" || operator === "excludes") {
    return (Array.isArray(given) ? given.some(function (part) { return isSame(part, value); }) : isSame(given, value)) === (operator === "includes");
  }
  if (operator === "equals" || operator === "differs") {
    return isSame(given, value) === (operator === "equals");
  }
  if (typeof given !== typeof value || (typeof given !== "number" && typeof given !== "string")) {
    return false;
  }
  return operator === "at_least" ? given >= value : given <= value;
}
function isMet(condition, answers, facts) {
  function passes(test) {
    var from = test.of === "answer" ? answers : facts;
    var given = Object.prototype.hasOwnProperty.call(from, test.name) ? from[test.name] : null;
    if (test.operator === "unanswered") { return isEmpty(given); }
    return !isEmpty(given) && (test.operator === "answered" || compare(test.operator, given, test.value));
  }
  return !condition || (condition.join === "any" ? condition.tests.some(passes) : condition.tests.every(passes));
}
function keysOnPath(asked, answers, facts) {
  var kept = {};
  return asked.filter(function (one) {
    var shown = isMet(one[2], kept, facts);
    if (shown && Object.prototype.hasOwnProperty.call(answers, one[0])) { kept[one[0]] = answers[one[0]]; }
    return shown;
  }).map(function (one) { return one[0]; });
}
/* end */
var root = document.documentElement, form = document.forms[0], line = document.getElementById("say");
var data = JSON.parse(document.getElementById("data").textContent);
var each = function (list, work) { Array.prototype.forEach.call(list, work); };
var store = { get: function (key) { try { return localStorage.getItem(key); } catch (error) { return null; } },
  set: function (key, text) { try { localStorage.setItem(key, text); } catch (error) { return; } },
  drop: function (key) { try { localStorage.removeItem(key); } catch (error) { return; } } };

function givenTo(key, kind) {
  var values = [];
  each(form.querySelectorAll('[name="' + key + '"]' + (kind === "f" ? ',[name^="' + key + '."]' : "")), function (field) {
    if (field.type === "radio" || field.type === "checkbox" ? field.checked : field.value.trim()) { values.push(field.value); }
  });
  if (kind === "l") { return values; }
  if (kind === "n" && values.length) {
    var number = Number(values[0].normalize("NFKC").replace(/ /g, ""));
    return isNaN(number) ? null : number;
  }
  return values.length ? values[0] : null;
}
function update() {
  var answers = {};
  data.asked.forEach(function (one) { answers[one[0]] = givenTo(one[0], one[1]); });
  var shown = keysOnPath(data.asked, answers, {});
  data.asked.forEach(function (one) {
    var card = document.getElementById("c-" + one[0]), off = shown.indexOf(one[0]) < 0;
    card.hidden = off;
    each(card.querySelectorAll("input,textarea"), function (field) { field.disabled = off; });
  });
  each(form.querySelectorAll("input.other"), function (words) {
    words.hidden = !words.previousElementSibling.querySelector("input").checked;
  });
}
form.addEventListener("input", update);
form.addEventListener("change", function (event) {
  var box = event.target;
  if (box.type === "checkbox" && box.checked) {
    each(form.querySelectorAll('[name="' + box.name + '"]'), function (other) {
      if (other !== box && other.type === "checkbox" && (box.hasAttribute("data-alone") || other.hasAttribute("data-alone"))) { other.checked = false; }
    });
  }
  update();
});

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
