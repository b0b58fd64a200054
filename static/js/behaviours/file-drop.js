/* Photos or files for a form: shows each as it will be sent, lets one take it off again, refuses what the server would refuse.
   <div class="file-drop" data-file-drop data-max-files data-max-bytes data-too-large data-too-many data-wrong-type data-remove>.
   Previews are drawn on a canvas: the content policy allows no blob: pictures, and none are needed. */
export const selector = "[data-file-drop]";

const EDGE = 176; // pixels of a preview, twice its size on the page

export function attach(place) {
  const input = place.querySelector('input[type="file"]');
  const list = place.querySelector("[data-previews]");
  const said = place.querySelector("[data-said]");
  const words = place.dataset;
  let kept = [];
  place.classList.add("is-ready");

  input.addEventListener("change", () => take([...input.files]));
  for (const name of ["dragenter", "dragover"]) place.addEventListener(name, () => place.classList.add("is-over"));
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("is-over"));

  function take(added) {
    said.textContent = "";
    for (const file of added) {
      const same = kept.some((old) => old.name === file.name && old.size === file.size && old.lastModified === file.lastModified);
      if (same) continue;
      const refusal = refusalOf(file);
      if (refusal) said.append(paragraph(`${file.name} ${refusal}`));
      else kept.push(file);
    }
    show();
  }

  function refusalOf(file) {
    const accepted = input.accept.split(",").map((type) => type.trim());
    const ending = file.name.slice(file.name.lastIndexOf(".")).toLowerCase(); // the type of rarer kinds is often unknown
    if (input.accept && !accepted.includes(file.type) && !accepted.includes(ending)) return words.wrongType;
    if (file.size > Number(words.maxBytes)) return words.tooLarge;
    if (kept.length >= Number(words.maxFiles)) return words.tooMany;
    return "";
  }

  function show() {
    const carrier = new DataTransfer();
    kept.forEach((file) => carrier.items.add(file));
    input.files = carrier.files;
    list.replaceChildren(...kept.map(preview));
  }

  function preview(file) {
    const item = document.createElement("li");
    item.className = "file-drop__item";
    const remove = place.querySelector("template").content.firstElementChild.cloneNode(true);
    remove.setAttribute("aria-label", `${words.remove}: ${file.name}`);
    remove.addEventListener("click", () => {
      kept = kept.filter((other) => other !== file);
      show();
      input.focus();
    });
    const name = document.createElement("span");
    name.textContent = file.name;
    item.append(name, remove);
    draw(file).then((canvas) => item.prepend(canvas), () => {}); // what cannot be drawn keeps its name
    return item;
  }
}

async function draw(file) {
  const bitmap = await createImageBitmap(file, { resizeWidth: EDGE, resizeQuality: "medium" });
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = EDGE;
  canvas.getContext("2d").drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, EDGE, EDGE);
  bitmap.close();
  return canvas;
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}
