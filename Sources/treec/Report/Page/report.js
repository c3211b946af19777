"use strict";
// Draws what the element `data` holds. Text goes into the page as text only: nothing here
// makes markup of it.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byID = (id) => document.getElementById(id);

  /// Makes an element of HTML or SVG.
  function make(namespace, name, attributes, children) {
    const element = document.createElementNS(namespace, name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }
  const html = (name, attributes, ...children) =>
    make("http://www.w3.org/1999/xhtml", name, attributes, children);
  const svg = (name, attributes, ...children) =>
    make("http://www.w3.org/2000/svg", name, attributes, children);

  /// A number of the data: those that JSON lacks are texts.
  const numeric = (value) =>
    typeof value === "string" ? { inf: Infinity, "-inf": -Infinity }[value] ?? NaN : value;

  /// Six digits for people.
  function rounded(value) {
    const number = numeric(value);
    return Number.isFinite(number) ? String(Number(number.toPrecision(6))) : String(value);
  }

  /// The same with groups of digits, for a table.
  function grouped(value) {
    const number = numeric(value);
    const isPlain = number === 0 || (Math.abs(number) >= 1e-3 && Math.abs(number) < 1e15);
    return isPlain
      ? number.toLocaleString("en-US", { maximumSignificantDigits: 6 }) : rounded(value);
  }

  const percent = (share) =>
    share > 0 && share < 0.001 ? "< 0.1 %" : `${(share * 100).toFixed(1)} %`;

  const counted = (count, one, many = one + "s") =>
    `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
  const leaves = (count) => counted(count, "leaf", "leaves");

  // Importance

  const measures = {
    gain: { of: (column) => numeric(column.gain), word: "gain" },
    splits: { of: (column) => column.splits, word: "splits" },
  };
  /// Bars that are shown before anybody asks for more.
  const firstBars = 30;
  const ranked = {};
  for (const [name, measure] of Object.entries(measures)) {
    ranked[name] = data.columns
      .map((column, index) => ({ column, index, value: measure.of(column) }))
      .filter((entry) => entry.value > 0)
      .sort((a, b) => b.value - a.value || a.index - b.index);
  }
  let measure = ranked.gain.length > 0 ? "gain" : "splits";
  /// The colours of the columns that matter most, in bars and trees alike.
  const colours = new Map(ranked[measure].slice(0, 8).map((entry, rank) => [entry.index, `c${rank}`]));
  const colour = (slot) => colours.get(slot) ?? "other";

  function drawBars(count) {
    const entries = ranked[measure];
    const sum = entries.reduce((total, entry) => total + entry.value, 0);
    const largest = entries.length > 0 ? entries[0].value : 1;
    byID("bars").replaceChildren(...entries.slice(0, count).map((entry) => {
      const share = entry.value / sum;
      const length = Number.isFinite(largest) ? entry.value / largest : Number(entry.value === largest);
      return html("li", {},
        html("bdi", { title: entry.column.name }, entry.column.name),
        svg("svg", {
          role: "img",
          "aria-label": `${entry.column.name}: ${percent(share)} of all ${measures[measure].word}`,
        }, svg("rect", {
          class: colour(entry.index), width: `${Math.max(length * 100, 0.4)}%`, height: "100%", rx: 3,
        })),
        html("span", { class: "value" }, grouped(entry.value)),
        html("span", { class: "share" }, percent(share)));
    }));
    const unused = data.columns.length - entries.length;
    byID("bars-note").textContent =
      entries.length === 0 ? "No split tests any of the columns."
      : unused === 0 ? "" : `${counted(unused, "column")} without any ${measures[measure].word}.`;
    byID("bars-note").hidden = byID("bars-note").textContent === "";
    const more = byID("bars-more");
    more.hidden = count >= entries.length;
    more.textContent = `Show all ${entries.length}`;
  }
  for (const input of byID("measure").querySelectorAll("input")) {
    input.checked = input.value === measure;
    input.disabled = ranked[input.value].length === 0;
    input.addEventListener("change", () => {
      measure = input.value;
      drawBars(firstBars);
    });
  }
  byID("bars-more").addEventListener("click", () => drawBars(Infinity));
  drawBars(firstBars);

  // Columns

  const firstRows = 100;
  const firstCategories = 8;
  const order = { key: "position", direction: 1 };

  function seen(column) {
    const categories = column.categories ?? column.codes;
    if (!categories) return [column.range ?? ""];
    const missing = column.count - categories.length;
    const rest = missing > 0 ? `, … ${counted(missing, "more", "more")}` : "";
    const all = categories.join(", ") + rest;
    if (column.count <= firstCategories) return [all];
    const shown = categories.slice(0, firstCategories).join(", ");
    return [html("details", {},
      html("summary", {}, html("bdi", {}, `${shown}, … (${column.count.toLocaleString("en-US")})`)),
      html("bdi", {}, all))];
  }

  function drawTable(count) {
    const value = {
      position: (entry) => entry.index, splits: (entry) => entry.column.splits,
      gain: (entry) => numeric(entry.column.gain),
    }[order.key];
    const entries = data.columns.map((column, index) => ({ column, index }))
      .sort((a, b) => order.direction * (value(a) - value(b)) || a.index - b.index);
    byID("table").tBodies[0].replaceChildren(...entries.slice(0, count).map(({ column }) =>
      html("tr", {},
        html("th", { scope: "row" }, html("bdi", {}, column.name)),
        html("td", {}, column.type),
        html("td", { class: "number" }, column.splits.toLocaleString("en-US")),
        html("td", { class: "number" }, grouped(column.gain)),
        html("td", {}, html("bdi", {}, ...seen(column))))));
    const more = byID("table-more");
    more.hidden = count >= entries.length;
    more.textContent = `Show all ${entries.length.toLocaleString("en-US")} columns`;
  }
  for (const button of byID("table").tHead.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const key = button.dataset.sort;
      order.direction = order.key === key ? -order.direction : key === "position" ? 1 : -1;
      order.key = key;
      for (const head of byID("table").tHead.querySelectorAll("th")) head.removeAttribute("aria-sort");
      button.closest("th").setAttribute("aria-sort", order.direction > 0 ? "ascending" : "descending");
      drawTable(firstRows);
    });
  }
  byID("table-more").addEventListener("click", () => drawTable(Infinity));
  drawTable(firstRows);

  // Trees as nodes, which are made when they are drawn

  const symbols = ["≤", "<", ">", "≥", "=", "≠", "in", "not in"];
  const columnName = (slot) => data.columns[slot]?.name ?? data.derived[slot];

  /// The node that a link leads to. Of a binary tree, a link is a split or, below zero, a
  /// leaf; of an oblivious one, the bits of the leaf number so far.
  function makeNode(tree, link, depth, parent, branch) {
    const isLeaf = tree.oblivious ? depth >= (tree.slot?.length ?? 0) : link < 0;
    const row = isLeaf ? (tree.oblivious ? link : ~link) : tree.oblivious ? depth : link;
    return { tree, link, depth, parent, branch, row, kind: isLeaf ? "leaf" : "split", children: [] };
  }

  function rootOf(tree) {
    return makeNode(tree, tree.slot || tree.oblivious ? 0 : -1, 0, null, null);
  }

  function childrenOf(node) {
    const { tree, row, link, depth } = node;
    const yes = tree.oblivious ? link | (1 << depth) : tree.yes[row];
    const no = tree.oblivious ? link : tree.no[row];
    return [makeNode(tree, yes, depth + 1, node, "yes"), makeNode(tree, no, depth + 1, node, "no")];
  }

  /// Leaves below each split of a binary tree. Children come after their parents.
  function leafCounts(tree) {
    const counts = new Array(tree.slot?.length ?? 0).fill(0);
    for (let row = counts.length - 1; row >= 0; row--) {
      for (const link of [tree.yes[row], tree.no[row]]) counts[row] += link < 0 ? 1 : counts[link];
    }
    return counts;
  }

  function leavesBelow(node) {
    if (node.kind === "leaf") return 1;
    const { tree } = node;
    if (tree.oblivious) return 2 ** (tree.slot.length - node.depth);
    tree.leafCounts ??= leafCounts(tree);
    return tree.leafCounts[node.row];
  }

  const missingBranch = (node) => (node.tree.test[node.row] & 8 ? "yes" : "no");
  const takesZeros = (node) => (node.tree.test[node.row] & 16) !== 0;
  const symbol = (node) => symbols[node.tree.test[node.row] & 7];

  /// The categories of a split's set by their text, or nothing where it compares numbers.
  function categories(node) {
    const words = node.tree.operand[node.row];
    if (!Array.isArray(words)) return null;
    const column = data.columns[node.tree.slot[node.row]];
    const names = [];
    for (let code = 0; code < words.length * 32; code++) {
      if ((words[code >> 5] >>> (code & 31)) & 1) {
        names.push(column?.categories ? column.categories[code] ?? `#${code}` : String(code));
      }
    }
    return names;
  }

  function condition(node) {
    const names = categories(node);
    return `${symbol(node)} ${names ? `{${names.join(", ")}}` : node.tree.operand[node.row]}`;
  }

  function cover(node) {
    return (node.kind === "leaf" ? node.tree.leafCover : node.tree.cover)?.[node.row];
  }

  /// The share of the root's cover; nothing where it is not known.
  function share(node) {
    const whole = numeric(cover(node.root));
    const part = numeric(cover(node));
    return whole > 0 && part >= 0 ? Math.min(part / whole, 1) : null;
  }

  function leafNumber(node) {
    return node.tree.leafNumber?.[node.row] ?? node.row;
  }

  function leafValues(node) {
    const width = node.tree.width ?? 1;
    return node.tree.value.slice(node.row * width, (node.row + 1) * width);
  }

  function linearTerms(node) {
    const list = node.tree.terms?.[node.row] ?? [];
    const terms = [];
    for (let i = 0; i < list.length; i += 2) terms.push({ name: columnName(list[i]), factor: list[i + 1] });
    return terms;
  }

  function leafText(node) {
    const values = leafValues(node);
    if (values.length > 1) return `[${values.map(rounded).join(", ")}]`;
    const terms = linearTerms(node);
    if (terms.length === 0) return rounded(values[0]);
    return `${rounded(node.tree.constant[node.row])} + ${counted(terms.length, "term")}`;
  }

  // The drawing

  const size = { splitHeight: 44, leafHeight: 26, gap: 88, row: 37, margin: 24 };
  /// Boxes are as wide as the tree's texts need, between these bounds.
  const splitWidths = [84, 190];
  const leafWidths = [76, 200];
  /// Splits of a tree that are drawn at first, and whenever more of it is opened.
  const splitsAtOnce = 31;
  /// Splits that are drawn when all are asked for: browsers have their limits too.
  const splitsInAll = 1023;
  const measureContext = document.createElement("canvas").getContext("2d");
  const fontFamily = getComputedStyle(document.body).fontFamily;

  function textWidth(text, font) {
    measureContext.font = `${font} ${fontFamily}`;
    return measureContext.measureText(text).width;
  }

  /// As much of `text` as fits into `width`.
  function shortened(text, width, font) {
    if (textWidth(text, font) <= width) return text;
    const characters = Array.from(text.slice(0, 400));
    let low = 0;
    let high = characters.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (textWidth(characters.slice(0, middle).join("") + "…", font) <= width) low = middle;
      else high = middle - 1;
    }
    return characters.slice(0, low).join("") + "…";
  }

  /// The condition, cut so that it says how many categories it leaves out.
  function shortCondition(node, width, font) {
    const names = categories(node);
    if (!names) {
      const operand = node.tree.operand[node.row];
      const value = typeof operand === "string" ? operand : rounded(operand);
      return shortened(`${symbol(node)} ${value}`, width, font);
    }
    for (let count = Math.min(names.length, 40); count > 0; count--) {
      const rest = names.length - count;
      const text = `${symbol(node)} {${names.slice(0, count).join(", ")}${rest > 0 ? `, … ${rest} more` : ""}}`;
      if (textWidth(text, font) <= width) return text;
    }
    return `${symbol(node)} {${names.length === 1 ? shortened(names[0], width - 30, font) : `${names.length} categories`}}`;
  }

  /// Whether what lies below a split is not drawn.
  const isRest = (node) => node.kind === "split" && node.children.length === 0;

  const state = {
    number: data.first, root: null, nodes: [], focus: null, scale: 1, width: 0, height: 0,
    splitWidth: 0, leafWidth: 0,
  };

  /// Whether a node ends the drawing: a leaf, or leaves that are not drawn.
  const isEnd = (node) => node.children.length === 0;
  const restText = (node) => `+ ${leaves(leavesBelow(node))}`;

  function widest(nodes, [least, most], width) {
    return Math.ceil(Math.min(most, Math.max(least, ...nodes.map(width))));
  }

  /// Fits the boxes to what stands in them.
  function measureBoxes() {
    const splits = state.nodes.filter((node) => !isEnd(node));
    state.splitWidth = widest(splits, splitWidths, (node) => 28 + Math.max(
      textWidth(columnName(node.tree.slot[node.row]).slice(0, 100), "600 13px"),
      textWidth(shortCondition(node, splitWidths[1], "12px"), "12px")));
    state.leafWidth = widest(state.nodes.filter(isEnd), leafWidths, (node) => isRest(node)
      ? 24 + textWidth(restText(node), "12px")
      : 38 + textWidth(leafText(node).slice(0, 100), "12px") + textWidth(`#${leafNumber(node)}`, "11px"));
  }

  /// Gives up to `room` splits in and below `queue` their children, level by level.
  function expand(queue, room) {
    for (let i = 0; i < queue.length && room > 0; i++) {
      const node = queue[i];
      if (!isRest(node)) continue;
      room--;
      node.children = childrenOf(node);
      for (const child of node.children) child.root = state.root;
      queue.push(...node.children);
      state.nodes.push(...node.children);
    }
  }

  /// Every end of the drawing has a row of its own, and a split stands between its children:
  /// so nodes of one level never overlap.
  function place() {
    measureBoxes();
    let rows = 0;
    let right = 0;
    const stack = [state.root];
    while (stack.length > 0) {
      const node = stack.pop();
      node.x = size.margin + node.depth * (state.splitWidth + size.gap);
      right = Math.max(right, node.x + (isEnd(node) ? state.leafWidth : state.splitWidth));
      if (isEnd(node)) node.y = size.margin + (rows++ + 0.5) * size.row;
      else stack.push(node.children[1], node.children[0]);
    }
    for (let i = state.nodes.length - 1; i >= 0; i--) {
      const { children } = state.nodes[i];
      if (!isEnd(state.nodes[i])) state.nodes[i].y = (children[0].y + children[1].y) / 2;
    }
    state.width = right + size.margin;
    state.height = Math.max(size.margin * 2 + rows * size.row, size.splitHeight + 2 * size.margin);
  }

  function drawEdge(node) {
    const { parent } = node;
    const from = parent.x + state.splitWidth;
    const part = share(node);
    const thickness = part === null ? 1.5 : 1 + 5 * Math.sqrt(part);
    const middle = from + (node.x - from) * 0.4;
    node.edge = svg("path", {
      class: "edge", "stroke-width": thickness.toFixed(1),
      d: `M${from} ${parent.y}C${middle} ${parent.y} ${middle} ${node.y} ${node.x - 24} ${node.y}H${node.x}`,
    });
    const isMissing = missingBranch(parent) === node.branch;
    const words = node.branch + (isMissing ? ", missing" : "") + (isMissing && takesZeros(parent) ? ", 0" : "");
    const offset = node.branch === "yes" ? -thickness / 2 - 4 : thickness / 2 + 11;
    return [node.edge, svg("text", { class: "answer", x: node.x - 6, y: node.y + offset }, words)];
  }

  /// What a node says to those who cannot see it.
  function spoken(node) {
    const answer = node.branch ? `${node.branch}: ` : "";
    if (node.kind === "leaf") return `${answer}leaf ${leafNumber(node)}, value ${leafText(node)}`;
    const rest = isRest(node) ? `, ${leaves(leavesBelow(node))} not drawn` : "";
    const question = `${columnName(node.tree.slot[node.row])} ${condition(node)}`.slice(0, 300);
    return `${answer}${question}, missing goes ${missingBranch(node)}${rest}`;
  }

  function drawNode(node, largest) {
    const isLeaf = node.kind === "leaf";
    const width = isEnd(node) ? state.leafWidth : state.splitWidth;
    const height = isEnd(node) ? size.leafHeight : size.splitHeight;
    const content = [svg("rect", { class: "box", width, height, rx: isEnd(node) ? 13 : 8 })];
    let kind = node.kind;
    if (isLeaf) {
      const values = leafValues(node);
      const value = numeric(values[0]);
      if (values.length === 1 && value !== 0 && !Number.isNaN(value)) {
        kind += value > 0 ? " above" : " below";
        const strength = Number.isFinite(value) && largest > 0 ? Math.abs(value) / largest : 1;
        content.push(svg("rect", {
          class: "tint", width, height, rx: 13, "fill-opacity": (0.08 + 0.37 * strength).toFixed(3),
        }));
      }
      const id = `#${leafNumber(node)}`;
      const idWidth = textWidth(id, "11px");
      content.push(
        svg("text", { x: 12, y: 17.5 }, shortened(leafText(node), width - 32 - idWidth, "12px")),
        svg("text", { class: "id", x: width - 11, y: 17.5 }, id));
    } else if (isRest(node)) {
      kind = "rest";
      content.push(svg("text", { x: 12, y: 17.5 }, restText(node)));
    } else {
      const slot = node.tree.slot[node.row];
      content.push(
        svg("rect", { class: colour(slot), width: 4, height: height - 16, x: 6, y: 8, rx: 2 }),
        svg("text", { class: "column", x: 17, y: 19 }, shortened(columnName(slot), width - 27, "600 13px")),
        svg("text", { x: 17, y: 35 }, shortCondition(node, width - 27, "12px")));
    }
    node.element = svg("g", {
      class: `node ${kind}`, transform: `translate(${node.x} ${node.y - height / 2})`,
      role: "treeitem", tabindex: -1, "aria-level": node.depth + 1, "aria-label": spoken(node),
      "aria-expanded": isLeaf ? null : !isRest(node),
    }, ...content);
    node.element.node = node;
    return node.element;
  }

  function draw() {
    place();
    const largest = Math.max(0, ...state.nodes.filter((node) => node.kind === "leaf")
      .flatMap(leafValues).map((value) => Math.abs(numeric(value))).filter(Number.isFinite));
    const image = svg("svg", {
      viewBox: `0 0 ${state.width} ${state.height}`, role: "tree",
      "aria-label": `Tree ${state.number}`,
    });
    // All edges first, so that they lie below the nodes.
    image.append(
      ...state.nodes.filter((node) => node.parent).flatMap(drawEdge),
      ...state.nodes.map((node) => drawNode(node, largest)));
    byID("canvas").replaceChildren(image);
    zoom(state.scale);
    const rest = state.nodes.filter(isRest).reduce((sum, node) => sum + leavesBelow(node), 0);
    const { tree } = state.root;
    byID("place").textContent =
      tree.place[0].toUpperCase() + tree.place.slice(1) + `: ${leaves(leavesBelow(state.root))}`
      + (tree.oblivious ? ", oblivious" : "") + (rest > 0 ? `, ${rest.toLocaleString("en-US")} of them not drawn` : "");
    byID("open").hidden = rest === 0;
  }

  function zoom(scale) {
    state.scale = Math.min(Math.max(scale, 0.05), 2);
    const image = byID("canvas").firstElementChild;
    image.setAttribute("width", Math.round(state.width * state.scale));
    image.setAttribute("height", Math.round(state.height * state.scale));
    byID("scale").textContent = `${Math.round(state.scale * 100)} %`;
  }

  /// Changes the scale and keeps the middle of the picture where it is.
  function zoomBy(factor) {
    const canvas = byID("canvas");
    const x = (canvas.scrollLeft + canvas.clientWidth / 2) / state.scale;
    const y = (canvas.scrollTop + canvas.clientHeight / 2) / state.scale;
    zoom(state.scale * factor);
    canvas.scrollLeft = x * state.scale - canvas.clientWidth / 2;
    canvas.scrollTop = y * state.scale - canvas.clientHeight / 2;
  }

  function show(number) {
    const last = data.first + data.trees.length - 1;
    state.number = Math.min(Math.max(number, data.first), last);
    const tree = data.trees[state.number - data.first];
    state.root = rootOf(tree);
    state.root.root = state.root;
    state.nodes = [state.root];
    expand([state.root], splitsAtOnce);
    draw();
    const canvas = byID("canvas");
    zoom(Math.min(1, Math.max(0.72, canvas.clientWidth / state.width)));
    canvas.scrollLeft = 0;
    canvas.scrollTop = state.root.y * state.scale - canvas.clientHeight / 2;
    byID("number").value = state.number;
    byID("previous").disabled = state.number === data.first;
    byID("next").disabled = state.number === last;
    history.replaceState(null, "", `#tree=${state.number}`);
    focusOn(state.root, false);
  }

  // The node in detail

  function pathTo(node) {
    const path = [];
    for (let step = node; step; step = step.parent) path.unshift(step);
    return path;
  }

  function nodeFacts(node) {
    const facts = [];
    if (node.kind === "leaf") {
      const values = leafValues(node);
      const terms = linearTerms(node);
      if (terms.length > 0) {
        facts.push(["Constant", node.tree.constant[node.row]]);
        for (const term of terms) facts.push([`+ ${term.name} ×`, term.factor]);
      }
      const name = terms.length > 0 ? "Where missing" : values.length > 1 ? "Values" : "Value";
      facts.push([name, values.join(", ")]);
    } else {
      facts.push(["Missing", `${missingBranch(node)}${takesZeros(node) ? ", zeros too" : ""}`]);
      const gain = node.tree.gain?.[node.row];
      if (gain !== undefined) facts.push(["Gain", gain]);
    }
    if (cover(node) !== undefined) {
      const part = share(node);
      facts.push(["Cover", `${cover(node).toLocaleString("en-US")}${part === null ? "" : ` (${percent(part)})`}`]);
    }
    if (node.kind === "split") facts.push(["Leaves below", leavesBelow(node).toLocaleString("en-US")]);
    return facts;
  }

  function tell(node) {
    const path = pathTo(node);
    const question = (step) =>
      html("bdi", {}, `${columnName(step.tree.slot[step.row])} ${condition(step)}`);
    const title = node.kind === "leaf" ? [`Leaf ${leafNumber(node)}`] : [question(node)];
    const steps = path.slice(1).map((step) =>
      html("li", {}, question(step.parent), html("span", { class: "answer" }, ` — ${step.branch}`)));
    byID("details").replaceChildren(
      html("h3", {}, ...title),
      html("dl", {}, ...nodeFacts(node).flatMap(([name, value]) =>
        [html("dt", {}, html("bdi", {}, name)), html("dd", {}, html("bdi", {}, String(value)))])),
      ...(steps.length > 0 ? [html("h4", {}, "The way here"), html("ol", {}, ...steps)] : []));
    for (const element of byID("canvas").querySelectorAll(".on")) element.classList.remove("on");
    for (const step of path) {
      step.element.classList.add("on");
      step.edge?.classList.add("on");
    }
  }

  /// Makes `node` the one that the Tab key reaches and that is told of.
  function focusOn(node, takesFocus) {
    state.focus?.element?.setAttribute("tabindex", -1);
    state.focus = node;
    node.element.setAttribute("tabindex", 0);
    if (takesFocus) node.element.focus();
    tell(node);
  }

  function open(node) {
    if (!isRest(node)) return;
    expand([node], splitsAtOnce);
    draw();
    focusOn(node, true);
  }

  function neighbour(node, key) {
    switch (key) {
      case "ArrowRight": return node.children[0];
      case "ArrowLeft": return node.parent;
      case "Home": return state.root;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!step) return undefined;
    const level = state.nodes.filter((other) => other.depth === node.depth).sort((a, b) => a.y - b.y);
    return level[level.indexOf(node) + step];
  }

  const canvas = byID("canvas");
  const nodeAt = (target) => target.closest?.(".node")?.node;
  canvas.addEventListener("keydown", (event) => {
    const node = nodeAt(event.target);
    if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return open(node);
    }
    const next = neighbour(node, event.key);
    if (!next) return;
    event.preventDefault();
    focusOn(next, true);
  });
  canvas.addEventListener("pointerover", (event) => {
    const node = nodeAt(event.target);
    if (node) tell(node);
  });
  canvas.addEventListener("pointerleave", () => tell(state.focus));
  canvas.addEventListener("click", (event) => {
    const node = nodeAt(event.target);
    if (!node) return;
    focusOn(node, true);
    open(node);
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }, { passive: false });

  // A mouse drags the picture; fingers scroll it anyway.
  let grip = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || nodeAt(event.target)) return;
    grip = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("dragged");
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!grip) return;
    canvas.scrollLeft = grip.x - event.clientX;
    canvas.scrollTop = grip.y - event.clientY;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      grip = null;
      canvas.classList.remove("dragged");
    });
  }

  // Choosing a tree

  const fromAddress = () => {
    const match = /^#tree=(\d+)$/.exec(location.hash);
    return match ? Number(match[1]) : data.first;
  };
  if (data.trees.length === 0) {
    byID("viewer").replaceChildren(html("h2", {}, "Trees"), html("p", { class: "hint" }, "The model has no trees."));
    return;
  }
  byID("of").textContent = data.trees.length === data.total
    ? `of ${data.total.toLocaleString("en-US")}`
    : `of ${data.total.toLocaleString("en-US")}, here ${data.first} to ${data.first + data.trees.length - 1}`;
  byID("number").min = data.first;
  byID("number").max = data.first + data.trees.length - 1;
  byID("picker").addEventListener("submit", (event) => event.preventDefault());
  byID("number").addEventListener("change", () => {
    const number = byID("number").valueAsNumber;
    show(Number.isInteger(number) ? number : state.number);
  });
  byID("previous").addEventListener("click", () => show(state.number - 1));
  byID("next").addEventListener("click", () => show(state.number + 1));
  byID("open").addEventListener("click", () => {
    expand(state.nodes.filter(isRest), splitsInAll);
    draw();
    focusOn(state.focus, true);
  });
  byID("smaller").addEventListener("click", () => zoomBy(1 / 1.25));
  byID("larger").addEventListener("click", () => zoomBy(1.25));
  byID("fit").addEventListener("click", () =>
    zoom(Math.min(1, (canvas.clientWidth - 2) / state.width, (innerHeight * 0.7) / state.height)));
  addEventListener("hashchange", () => show(fromAddress()));
  show(fromAddress());
})();
