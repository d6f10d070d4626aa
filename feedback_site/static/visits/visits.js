// A help, never needed: focus goes to what is wrong, and a call that takes long keeps its hold.
(() => {
    "use strict";
    const problems = document.getElementById("problems");
    if (problems) problems.focus();

    const form = document.querySelector("form[data-renew]");
    if (!form) return;
    const MINUTES = 4;
    let typedAt = Date.now();
    form.addEventListener("input", () => { typedAt = Date.now(); });
    const timer = setInterval(async () => {
        // A person who has typed nothing for this long has left: the customer must not stay with them.
        if (Date.now() - typedAt > 3 * MINUTES * 60000) return clearInterval(timer);
        const token = new FormData(form).get("csrfmiddlewaretoken");
        const body = new URLSearchParams({ csrfmiddlewaretoken: token });
        const answer = await fetch(form.dataset.renew, { method: "POST", body, redirect: "manual" }).catch(() => null);
        const until = form.querySelector(".held-until strong");
        if (answer && answer.type === "opaqueredirect" && until) {
            const end = new Date(Date.now() + 10 * 60000);
            until.textContent = `${String(end.getHours()).padStart(2, "0")}:${String(end.getMinutes()).padStart(2, "0")}`;
        }
    }, MINUTES * 60000);
})();
