/* A picture as PNG: the SVG that the server gives, drawn on a canvas. */
(() => {
  "use strict";

  const asImage = async (address) => {
    const text = await (await fetch(address, { headers: { Accept: "image/svg+xml" } })).text();
    const image = new Image();
    const bytes = new TextEncoder().encode(text);
    let binary = "";
    bytes.forEach((byte) => { binary += String.fromCharCode(byte); });
    image.src = `data:image/svg+xml;base64,${btoa(binary)}`;
    await image.decode();
    return image;
  };

  const save = async (button) => {
    const image = await asImage(button.dataset.picture);
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext("2d").drawImage(image, 0, 0);
    const link = document.createElement("a");
    link.download = `${button.dataset.name || "chart"}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    if (button) save(button);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });
})();
