// Shows how far exports and imports are: fetches the page again while one waits or runs, and only when no one has ticked a row.
(() => {
    const parts = ["#result_list", "#export-state", "#import-state"];
    const isRunning = () => document.querySelector("progress[data-running]") !== null;
    const isTicked = () => document.querySelector("#result_list input:checked") !== null;

    const refresh = async () => {
        const answer = await fetch(window.location.href, { credentials: "same-origin" });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of parts) {
            const shown = document.querySelector(part);
            const fresh = page.querySelector(part);
            if (shown && fresh) shown.replaceWith(fresh);
        }
    };

    const tick = async () => {
        if (!document.hidden && !isTicked()) await refresh().catch(() => undefined);
        if (isRunning()) window.setTimeout(tick, 2000);
    };

    const start = () => { if (isRunning()) window.setTimeout(tick, 1500); };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
