// The copy buttons of the support desk. Without this script they stay hidden, and the words are selected by hand.
for (const button of document.querySelectorAll('button[data-copies]')) {
  const words = document.getElementById(button.dataset.copies);
  const name = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    // The clipboard is there over HTTPS and on this machine only; elsewhere the words are selected, ready for Ctrl+C.
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(words.innerText);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = name; }, 2000);
    } else {
      getSelection().selectAllChildren(words);
    }
  });
}
