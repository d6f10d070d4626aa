// Conveniences for writing questionnaires. Whatever this does, the server checks again; without it every form still works.
(() => {
  "use strict";

  // A question's type decides which tables and which metric go with it.
  function followType() {
    const type = document.querySelector("#question_form #id_type");
    if (!type) return;
    const shapes = JSON.parse(type.dataset.shapes || "{}");
    const shape = () => shapes[type.value] || {};
    const show = () => {
      if (document.getElementById("options-2-group")) {
        document.getElementById("options-group").hidden = !shape().options;
        document.getElementById("options-2-group").hidden = !shape().rows;
      }
    };
    type.addEventListener("change", () => {
      const metric = document.getElementById("id_metric");
      // A new question offers "as usual", which the server decides with the other questions in sight.
      const asUsual = metric?.querySelector('option[value=""]');
      if (metric) metric.value = asUsual ? "" : shape().metric || "none";
      show();
    });
    show();
  }

  // A condition offers the comparisons and the values of what it depends on.
  function followSubject(on) {
    const row = on.closest(".form-row");
    if (!row || row.dataset.follows) return;
    row.dataset.follows = "yes";
    const part = (name) => row.querySelector(`[name$="-${name}"]`);
    const [operator, choice, value] = ["operator", "choice", "value"].map(part);
    const subjects = JSON.parse(on.dataset.subjects || "{}");
    const groups = [...choice.querySelectorAll("optgroup")];
    const show = () => {
      const subject = subjects[on.value];
      const asksNothing = ["answered", "unanswered"].includes(operator.value);
      const isList = !subject || subject.kind === "list";
      [...operator.options].forEach((option) => {
        option.hidden = option.disabled = Boolean(subject) && !subject.operators.includes(option.value);
      });
      if (operator.selectedOptions[0]?.disabled) operator.value = subject.operators[0];
      const chosen = choice.value;
      groups.forEach((group) => group.remove());
      groups.filter((group) => group.querySelector("option").value.startsWith(`${on.value}=`)).forEach((group) => choice.append(group));
      choice.value = [...choice.options].some((option) => option.value === chosen) ? chosen : "";
      choice.classList.toggle("condition-unused", asksNothing || !isList);
      value.classList.toggle("condition-unused", asksNothing || isList);
      value.type = subject?.kind === "day" ? "date" : "text";
      value.inputMode = subject?.kind === "number" ? "decimal" : "text";
    };
    on.addEventListener("change", show);
    operator.addEventListener("change", show);
    show();
  }

  function followSubjects(root) {
    root.querySelectorAll("select.condition-on").forEach((on) => {
      if (!on.name.includes("__prefix__")) followSubject(on);
    });
  }

  // The phone: language, branch and width; words appear as they are typed.
  function showPhone() {
    const phone = document.querySelector(".phone");
    if (!phone) return;
    const frame = phone.querySelector("iframe");
    const choice = (name) => phone.querySelector(`[data-phone="${name}"]`);
    const language = () => choice("lang").value;
    const show = () => {
      const query = new URLSearchParams({ lang: language(), branch: choice("branch").value });
      frame.src = `${phone.dataset.address}?${query}${phone.dataset.fragment}`;
    };
    choice("lang").addEventListener("change", show);
    choice("branch").addEventListener("change", show);
    choice("width").addEventListener("change", () => {
      frame.parentElement.classList.toggle("is-narrow", choice("width").value === "320");
    });
    document.addEventListener("input", (event) => {
      const match = /^id_(.*)_(en|zh_hans)$/.exec(event.target.id || "");
      if (!match || match[2].replace("_", "-") !== language()) return;
      const part = partOf(frame.contentDocument, match[1], phone.dataset.fragment, event.target);
      if (part) part.textContent = event.target.value;
    });
  }

  function partOf(page, name, fragment, input) {
    if (name === "title") return page.querySelector("h1");
    if (name === "intro") return page.querySelector(".lead");
    const row = input.closest(".form-group.original");
    const key = row ? row.querySelector("p span")?.textContent.trim() : fragment.replace("#c-", "");
    const card = key && page.getElementById(`c-${key}`);
    if (!card) return null;
    if (name === "text" || name.endsWith("-text")) return card.querySelector("legend, .legend, h2");
    return name === "help" ? card.querySelector(".help") : null;
  }

  document.addEventListener("DOMContentLoaded", () => {
    followType();
    followSubjects(document);
    showPhone();
    document.addEventListener("formset:added", (event) => followSubjects(event.target.closest(".form-group") || event.target));
  });
})();
