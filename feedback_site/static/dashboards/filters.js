// The days belong to "From … to …": choosing a day chooses that period, choosing a named period forgets the days.
const period = document.querySelector(".figure-filters [name=period]");
const days = document.querySelectorAll(".figure-filters [type=date]");
days.forEach((day) => day.addEventListener("input", () => { period.value = "custom"; }));
period?.addEventListener("change", () => {
    if (period.value !== "custom") days.forEach((day) => { day.value = ""; });
});
