// Texts by language: how many characters are written, as they are typed.
document.addEventListener("input", (event) => {
  const box = event.target.closest(".text-in-language");
  const count = box && box.querySelector(".text-count");
  if (count) count.textContent = `${event.target.value.length} / ${event.target.maxLength}`;
});
