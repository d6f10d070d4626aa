/* What other answers decide on the page: questions that come and go, words beside "other", options that stand alone. */
/* Conditions, as feedback_site/questionnaires/rules/conditions.py has them: that module decides. */
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
var source = document.getElementById("data"), form = source.closest("form") || document.forms[0];
var data = JSON.parse(source.textContent);
var each = function (list, work) { Array.prototype.forEach.call(list, work); };
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
