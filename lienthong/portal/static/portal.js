"use strict";
// Everything works without this file; it only makes pages quicker. No words in here: they come with the page.
(function () {
  const LONGEST_SIDE = 2400, QUALITY = 0.85, LOOKED_AT = 600, SMALLEST = 900, DARK = 70, BLURRED = 40;

  // Say what went wrong to whoever cannot see it: the box of problems gets the focus.
  const problems = document.querySelector('[role="alert"][tabindex]');
  if (problems) problems.focus();

  // Questions that stop to apply are hidden at once; those that begin to apply are asked by the server's next page.
  const asking = document.querySelector("form[data-questions]");
  if (asking) {
    const fieldsets = asking.querySelectorAll("fieldset[data-question]");
    let latest = 0;
    asking.addEventListener("change", async (event) => {
      if (!event.target.name || !event.target.name.startsWith("q_")) return;
      const mine = ++latest;
      try {
        const answer = await fetch(asking.dataset.questions, { method: "POST", body: new FormData(asking) });
        if (!answer.ok || mine !== latest) return;
        const applies = new Set((await answer.json()).applies);
        for (const one of fieldsets) {
          const shown = applies.has(one.dataset.question);
          one.hidden = !shown;
          for (const input of one.querySelectorAll("input")) input.disabled = !shown;
        }
      } catch (failure) { /* the server decides when the form is sent */ }
    });
  }

  // The relation is asked of a proxy alone.
  const relation = document.getElementById("relation");
  if (relation) {
    const show = () => { relation.parentElement.hidden = !document.querySelector('input[name="behalf"][value="proxy"]:checked'); };
    for (const one of document.querySelectorAll('input[name="behalf"]')) one.addEventListener("change", show);
    show();
  }

  // Pictures are made smaller and looked at before they are sent, then sent at once.
  const uploading = document.querySelector("form[data-upload]");
  if (uploading && window.createImageBitmap && window.DataTransfer) {
    uploading.addEventListener("change", async (event) => {
      const input = event.target;
      if (input.type !== "file" || !input.files.length) return;
      const live = input.closest("fieldset").querySelector(".live");
      live.textContent = uploading.dataset.shrinking;
      const files = new DataTransfer(), found = new Set();
      for (const file of input.files) files.items.add(await smaller(file, found));
      input.files = files.files;
      const warnings = [...found].map((name) => uploading.dataset[name]);
      live.textContent = [...warnings, uploading.dataset.ready].join(" ");
      const button = uploading.querySelector('button[value="upload"]');
      uploading.requestSubmit(button);
    });
  }

  async function smaller(file, found) {
    if (!file.type.startsWith("image/")) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const longer = Math.max(picture.width, picture.height);
      if (longer < SMALLEST) found.add("small");
      look(picture, found);
      if (longer <= LONGEST_SIDE && file.size < 1500000) return file;
      const canvas = drawn(picture, Math.min(1, LONGEST_SIDE / longer));
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch (failure) { return file; }
  }

  function drawn(picture, scale) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function look(picture, found) {
    const canvas = drawn(picture, Math.min(1, LOOKED_AT / Math.max(picture.width, picture.height)));
    const { width, height } = canvas;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    const grey = new Float32Array(width * height);
    let sum = 0;
    for (let i = 0; i < grey.length; i++) {
      grey[i] = 0.299 * pixels[4 * i] + 0.587 * pixels[4 * i + 1] + 0.114 * pixels[4 * i + 2];
      sum += grey[i];
    }
    if (sum / grey.length < DARK) found.add("dark");
    let total = 0, squares = 0, count = 0;
    for (let y = 1; y < height - 1; y++) for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const edge = 4 * grey[at] - grey[at - 1] - grey[at + 1] - grey[at - width] - grey[at + width];
      total += edge; squares += edge * edge; count++;
    }
    if (squares / count - (total / count) ** 2 < BLURRED) found.add("blurred");
  }
})();
