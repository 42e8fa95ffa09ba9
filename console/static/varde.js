// What the pages gain from JavaScript: keys, the graph, and a word when the line is down. Every page works without it.
"use strict";

(() => {
	const $ = (selector, root = document) => root.querySelector(selector);
	let drawn = null; // the graph on the page
	let waiting = ""; // the first key of a pair

	// Keys. Never while typing, never with a modifier, never something that cannot be undone.
	const typing = (e) => e.target.closest("input, textarea, select, [contenteditable]");
	const go = (href) => { const a = $(`.menu a[href="${href}"]`); if (a) a.click(); };

	function step(by) {
		const items = [...document.querySelectorAll("[data-list] [data-item]")];
		if (!items.length) return;
		const at = items.indexOf(document.activeElement);
		const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + by, 0), items.length - 1)];
		next.focus();
		next.scrollIntoView({ block: "nearest" });
	}

	// decide presses the button of a decision; each can be taken back. Dismissing goes to its reason first.
	function decide(key) {
		const button = $(`[data-verb="${key}"]`);
		if (!button) return;
		const reason = button.form.elements.reason;
		if (button.value === "dismiss" && reason && !reason.value) reason.focus();
		else button.click();
	}

	const showKeys = () => { const d = $("#keys"); if (d && !d.open) d.showModal(); };
	const keys = {
		"/": () => { const f = $("main [data-search]") || $("[data-search]"); if (f) { f.focus(); f.select(); } },
		"?": showKeys,
		"j": () => step(1),
		"k": () => step(-1),
		"o": () => { const a = document.activeElement; if (a && a.matches("[data-item]")) a.click(); },
		"b": () => decide("b"),
		"f": () => decide("f"),
		"a": () => decide("a"),
		"h": () => decide("h"),
		"z": () => decide("z"),
		"e": () => { const f = $("[data-export]"); if (f) { const d = f.closest("details"); if (d) d.open = true; f.focus(); } },
		"g q": () => go("/queue"),
		"g s": () => go("/search"),
		"g c": () => go("/children"),
		"g w": () => go("/watch"),
		"g t": () => go("/targets"),
	};

	// select marks a line of the file that is being written, and scrolls to it.
	function select(line) {
		const file = $("textarea[data-file]");
		if (!file || !line) return false;
		const lines = file.value.split("\n");
		const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
		file.focus();
		file.setSelectionRange(from, from + (lines[line - 1] || "").length);
		file.scrollTop = (line - 4) * (file.scrollHeight / lines.length);
		return true;
	}

	document.addEventListener("keydown", (e) => {
		if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || $("dialog[open]")) return;
		if (typing(e)) {
			if (e.key === "Escape") e.target.blur();
			return;
		}
		const key = waiting ? waiting + " " + e.key : e.key;
		waiting = key === "g" ? "g" : "";
		if (keys[key]) {
			e.preventDefault();
			keys[key]();
		}
	});

	document.addEventListener("click", (e) => {
		if (e.target.closest("[data-keys]")) showKeys();
		const wrong = e.target.closest("[data-line]");
		if (wrong && select(Number(wrong.dataset.line))) e.preventDefault();
		const menu = $("details.account[open]");
		if (menu && !menu.contains(e.target)) menu.open = false;
	});

	// The line.
	const offline = (is) => { const p = $(".offline"); if (p) p.hidden = !is; };
	document.addEventListener("htmx:sendError", () => offline(true));
	document.addEventListener("htmx:timeout", () => offline(true));
	document.addEventListener("htmx:afterRequest", (e) => { if (e.detail.successful) offline(false); });

	// A page that was swapped in: start over what belongs to it, and let reading begin at its top.
	document.addEventListener("htmx:afterSettle", (e) => {
		if (e.target !== document.body) return;
		begin();
		const wanted = $("[autofocus]") || $("#main");
		if (wanted && document.activeElement === document.body) wanted.focus({ preventScroll: true });
	});
	document.addEventListener("htmx:beforeSwap", () => { if (drawn) { drawn.kill(); drawn = null; } });

	// The graph.
	const dark = matchMedia("(prefers-color-scheme: dark)");

	function colours(figure) {
		const of = {};
		for (const li of figure.querySelectorAll("[data-kind]")) {
			of[li.dataset.kind] = solid(getComputedStyle(li).getPropertyValue("--kind"));
		}
		of.email = of.handle;
		of.line = solid(getComputedStyle(figure).getPropertyValue("--ds-color-neutral-border-subtle"));
		of.label = solid(getComputedStyle(figure).color);
		of.back = solid(getComputedStyle(document.body).backgroundColor);
		return of;
	}

	// solid turns any colour that CSS knows into #rrggbb, which WebGL wants.
	function solid(colour) {
		const c = document.createElement("canvas").getContext("2d");
		c.fillStyle = "#888888";
		c.fillStyle = colour.trim();
		c.fillRect(0, 0, 1, 1);
		return "#" + [...c.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((v) => v.toString(16).padStart(2, "0")).join("");
	}

	function hover(context, data, settings, of) {
		context.font = `${settings.labelSize}px ${settings.labelFont}`;
		const width = context.measureText(data.label || "").width;
		context.fillStyle = of.back;
		context.strokeStyle = of.line;
		context.beginPath();
		context.roundRect(data.x + data.size + 1, data.y - settings.labelSize, width + 10, settings.labelSize * 2, 4);
		context.fill();
		context.stroke();
		context.fillStyle = of.label;
		context.fillText(data.label || "", data.x + data.size + 6, data.y + settings.labelSize / 3);
	}

	function say(figure, what) {
		const p = $(what, figure);
		if (p) p.hidden = false;
		$(".graph-hint", figure).hidden = what !== ".graph-left";
		if (what !== ".graph-left") figure.dataset.state = "failed";
	}

	async function draw(figure) {
		figure.hidden = false;
		figure.dataset.state = "loading";
		const test = document.createElement("canvas");
		if (!test.getContext("webgl2")) return say(figure, ".graph-no-webgl");
		let data, lib;
		try {
			const [answer, module] = await Promise.all([
				fetch(figure.dataset.graph, { headers: { Accept: "application/json" }, credentials: "same-origin" }),
				import(figure.dataset.module),
			]);
			if (!answer.ok || answer.redirected) throw new Error("status " + answer.status);
			data = await answer.json();
			lib = module;
		} catch {
			return say(figure, ".graph-failed");
		}
		if (!figure.isConnected) return;
		if (data.left > 0) say(figure, ".graph-left");
		const of = colours(figure);
		const graph = new lib.Graph();
		// The places fill a square; the figure is wider. Of many nodes each is smaller.
		const box = $(".graph-canvas", figure).getBoundingClientRect();
		const wide = Math.min(Math.max(box.width / box.height, 1), 1.4), small = Math.max(Math.min(Math.sqrt(120 / data.nodes.length), 1), 0.4);
		data.nodes.forEach((n, i) => graph.addNode(i, {
			label: n.label, x: n.x * wide, y: -n.y, kind: n.kind, href: n.href, color: of[n.kind] || of.ad,
			size: small * (n.kind === "ad" && n.ads === 1 ? 5 : Math.min(6 + 2 * Math.sqrt(n.ads), 22)),
		}));
		data.edges.forEach(([a, b]) => graph.mergeEdge(a, b, { color: of.line, size: 1.2 }));
		const sigma = new lib.Sigma(graph, $(".graph-canvas", figure), {
			labelFont: getComputedStyle(document.body).fontFamily, labelSize: 13, labelColor: { color: of.label },
			labelRenderedSizeThreshold: data.nodes.length > 60 ? 9 * small : 0, labelDensity: data.nodes.length > 60 ? 0.5 : 1, stagePadding: 50, allowInvalidContainer: true,
			defaultDrawNodeHover: (context, d, settings) => hover(context, d, settings, of),
		});
		drawn = sigma;
		let near = null;
		sigma.on("enterNode", ({ node }) => { near = node; figure.style.cursor = graph.getNodeAttribute(node, "href") ? "pointer" : ""; sigma.refresh({ skipIndexation: true }); });
		sigma.on("leaveNode", () => { near = null; figure.style.cursor = ""; sigma.refresh({ skipIndexation: true }); });
		sigma.on("clickNode", ({ node }) => { const href = graph.getNodeAttribute(node, "href"); if (href) location.assign(href); });
		sigma.setSetting("edgeReducer", (edge, d) => near !== null && graph.hasExtremity(edge, near) ? { ...d, color: of.label, size: 2 } : d);
		figure.dataset.state = "drawn";
		figure.dataset.nodes = graph.order;
	}

	// Another colour scheme: draw it again in its colours.
	dark.addEventListener("change", () => {
		const figure = $("#graph[data-state=drawn]");
		if (!drawn || !figure) return;
		drawn.kill();
		drawn = null;
		figure.dataset.state = "loading";
		draw(figure);
	});

	function begin() {
		for (const b of document.querySelectorAll("[data-keys]")) b.hidden = false;
		const figure = $("#graph[data-state=off]");
		if (figure) draw(figure);
	}
	begin();
})();
