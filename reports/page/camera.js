// Moving about in a drawing, and keeping it as SVG or PNG.

const SVG = "http://www.w3.org/2000/svg";
const LONGEST = 420; // characters of one text
const MOST_ZOOM = 2.5;
const READABLE = 0.75; // below this the words of a drawing cannot be read

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, name === "aria-label" ? brief(value) : value);
  }
  element.append(...children.map(brief));
  return element;
}

function brief(text) { return typeof text === "string" && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text; }

class Camera {
  constructor(frame, onMove) {
    this.layer = svg("g");
    this.svg = svg("svg", { class: "drawing", role: "group" }, this.layer);
    this.onMove = onMove;
    this.x = this.y = 0;
    this.scale = 1;
    this.box = { x: 0, y: 0, width: 1, height: 1 };
    frame.replaceChildren(this.svg);
    this.size = { width: frame.clientWidth || 800, height: frame.clientHeight || 600 };
    this.#listen();
  }

  resize(width, height) {
    this.size = { width, height };
    this.apply();
  }

  // `least`: the smallest scale; without one, all of the picture whatever its size.
  fit(box = this.box, about = null, least = 0) {
    this.box = box;
    const margin = 28;
    const whole = Math.min((this.size.width - 2 * margin) / box.width, (this.size.height - 2 * margin) / box.height, 1.15);
    this.scale = Math.max(whole, least);
    const room = (extent, size) => (size - extent * this.scale) / 2;
    this.x = Math.max(room(box.width, this.size.width), margin) - box.x * this.scale;
    this.y = Math.max(room(box.height, this.size.height), margin) - box.y * this.scale;
    this.apply();
    if (about) this.show(about);
  }

  // Moves just so far that a part of the picture is seen.
  show(part) {
    const margin = 36;
    const shift = (start, extent, size, offset) => {
      const from = start * this.scale + offset, to = from + extent * this.scale;
      if (from < margin) return margin - from;
      return to > size - margin ? Math.max(size - margin - to, margin - from) : 0;
    };
    this.x += shift(part.x, part.width, this.size.width, this.x);
    this.y += shift(part.y, part.height, this.size.height, this.y);
    this.apply();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.apply();
  }

  zoom(factor, at = { x: this.size.width / 2, y: this.size.height / 2 }) {
    const least = Math.min(0.5, this.size.width / this.box.width / 2, this.size.height / this.box.height / 2);
    const scale = Math.min(MOST_ZOOM, Math.max(least, this.scale * factor));
    this.x = at.x - ((at.x - this.x) * scale) / this.scale;
    this.y = at.y - ((at.y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.apply();
  }

  apply() {
    this.layer.setAttribute("transform", `translate(${this.x.toFixed(1)} ${this.y.toFixed(1)}) scale(${this.scale.toFixed(4)})`);
    this.onMove?.(this);
  }

  // The visible part of the picture, with a margin.
  sight(around = 0) {
    const width = this.size.width / this.scale, height = this.size.height / this.scale;
    return {
      left: -this.x / this.scale - width * around, top: -this.y / this.scale - height * around,
      right: -this.x / this.scale + width * (1 + around), bottom: -this.y / this.scale + height * (1 + around),
    };
  }

  #listen() {
    const held = new Map();
    let moved = 0;
    const point = (event) => {
      const frame = this.svg.getBoundingClientRect();
      return { x: event.clientX - frame.left, y: event.clientY - frame.top };
    };
    const apart = () => {
      const [a, b] = [...held.values()];
      return Math.hypot(a.x - b.x, a.y - b.y);
    };
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      held.set(event.pointerId, point(event));
      moved = 0;
    });
    this.svg.addEventListener("pointermove", (event) => {
      const before = held.get(event.pointerId);
      if (!before) return;
      const now = point(event);
      moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (moved > 4 && !this.svg.hasPointerCapture(event.pointerId)) this.svg.setPointerCapture(event.pointerId);
      const distance = held.size === 2 ? apart() : 0;
      held.set(event.pointerId, now);
      if (distance) this.zoom(apart() / distance, now);
      else this.pan(now.x - before.x, now.y - before.y);
    });
    for (const end of ["pointerup", "pointercancel"]) this.svg.addEventListener(end, (event) => held.delete(event.pointerId));
    // A drag that ends on something is no click on it.
    this.svg.addEventListener("click", (event) => { if (moved > 4) { event.preventDefault(); event.stopPropagation(); } }, true);
    this.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(-event.deltaY / 240), point(event));
      else this.pan(-event.deltaX, -event.deltaY);
    }, { passive: false });
  }
}

// ------------------------------------------------------------------------------------------------------ kept as a file

const KEPT_STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "font-family", "font-size", "font-weight", "font-style", "letter-spacing", "text-anchor"];

// The whole picture, not only its visible part, with every style written out: a file has no page around it.
function wholePicture(camera) {
  const copy = camera.svg.cloneNode(true);
  const originals = camera.svg.querySelectorAll("*"), copies = copy.querySelectorAll("*");
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const name of KEPT_STYLES) {
      const value = style.getPropertyValue(name);
      if (value) copies[i].setAttribute(name, value);
    }
    for (const name of ["class", "tabindex", "href", "role", "aria-label", "aria-current"]) copies[i].removeAttribute(name);
  });
  const { x, y, width, height } = camera.box, margin = 24;
  const paper = getComputedStyle(document.body).backgroundColor;
  copy.firstElementChild.removeAttribute("transform");
  copy.prepend(svg("rect", { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin, fill: paper }));
  for (const name of ["class", "role", "aria-label"]) copy.removeAttribute(name);
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("viewBox", `${x - margin} ${y - margin} ${width + 2 * margin} ${height + 2 * margin}`);
  copy.setAttribute("width", Math.ceil(width + 2 * margin));
  copy.setAttribute("height", Math.ceil(height + 2 * margin));
  return { text: new XMLSerializer().serializeToString(copy), width: width + 2 * margin, height: height + 2 * margin };
}

function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function keepSvg(camera, name) {
  keep(new Blob([wholePicture(camera).text], { type: "image/svg+xml" }), `${name}.svg`);
}

async function keepPng(camera, name) {
  const picture = wholePicture(camera);
  const scale = Math.min(2, 8_000 / Math.max(picture.width, picture.height));
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([picture.text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(picture.width * scale);
  canvas.height = Math.ceil(picture.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  keep(await new Promise((done) => canvas.toBlob(done, "image/png")), `${name}.png`);
}
