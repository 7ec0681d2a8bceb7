/**
 * Runs within the page: its value is what is wrong there, in words (`Found` in pages.test.ts). Looked at is every text that is shown: its size, its
 * contrast (WCAG 2.2, 1.4.3: 4.5 to 1), and whether it stands on another.
 */
(() => {
  const root = document.documentElement;
  const wider = root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} of ${root.clientWidth}`] : [];
  // What is far below is not laid out until somebody scrolls there.
  for (const entry of [...document.querySelectorAll(".entry")].slice(0, 300)) entry.style.contentVisibility = "visible";
  const shown = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && shown.length < 1000) {
    const node = walker.currentNode;
    const { parentElement } = node;
    const isText = node.data.trim() !== "" && !["title", "STYLE"].includes(parentElement.tagName);
    if (isText && parentElement.checkVisibility({ contentVisibilityAuto: true })) shown.push(node);
  }
  const said = (node) => JSON.stringify(node.data.trim().slice(0, 40));
  const styleOf = (node) => getComputedStyle(node.parentElement);
  const small = shown.filter((node) => parseFloat(styleOf(node).fontSize) < 12);

  const parsed = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const behind = (start) => {
    for (let at = start; at !== null; at = at.parentElement) {
      const [r = 0, g = 0, b = 0, alpha = 1] = parsed(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [r, g, b];
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  };
  const light = (color) => {
    const [r = 0, g = 0, b = 0] = color.map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (node) => {
    const style = styleOf(node);
    const isDrawn = node.parentElement instanceof SVGElement;
    const [one, other] = [light(parsed(isDrawn ? style.fill : style.color)), light(behind(node.parentElement))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const faint = shown.filter((node) => contrast(node) < 4.5);

  const boxes = shown.flatMap((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width }) => width > 0).map((box) => ({ node, box }));
  });
  const overlapping = new Set();
  const sorted = boxes.toSorted((a, b) => a.box.top - b.box.top);
  for (const [index, { node, box }] of sorted.entries()) {
    for (const other of sorted.slice(index + 1)) {
      if (other.box.top >= box.bottom) break;
      const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      // A line's box is higher than its letters: those of two lines may touch.
      const down = Math.min(box.bottom, other.box.bottom) - other.box.top;
      if (node !== other.node && across > 1 && down > 0.5 * Math.min(box.height, other.box.height)) {
        overlapping.add(`${said(node)} and ${said(other.node)}`);
      }
    }
  }
  return {
    texts: shown.length,
    wider,
    small: small.map((node) => `${styleOf(node).fontSize}: ${said(node)}`),
    faint: faint.map((node) => `${contrast(node).toFixed(2)}: ${said(node)}`),
    overlapping: [...overlapping].slice(0, 20),
  };
})();
