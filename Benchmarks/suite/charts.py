"""Charts in SVG that follow the reader's light or dark scheme; the same input gives the same
bytes."""

from html import escape
from math import ceil, floor, log10

WIDTH, MARGIN = 880, 24
STYLE = """
  svg { --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d9dee3;
        --ours: #e0562b; --peer: #4d7ea8; --third: #3f8f5b; --fourth: #8a63b0; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #2b323b;
          --ours: #f0764d; --peer: #6ca0cc; --third: #62b37f; --fourth: #ad8bd0; }
  }
  text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
  .title { font-weight: 600; font-size: 14px; }
  .soft { fill: var(--soft); font-size: 11px; }
  .ours-text { font-weight: 600; }
  .paper { fill: var(--paper); }
  .grid { stroke: var(--line); }
  rect.ours, circle.ours { fill: var(--ours); } rect.peer, circle.peer { fill: var(--peer); }
  circle.third { fill: var(--third); } circle.fourth { fill: var(--fourth); }
  polyline { fill: none; stroke-width: 2; }
  polyline.ours { stroke: var(--ours); } polyline.peer { stroke: var(--peer); }
  polyline.third { stroke: var(--third); } polyline.fourth { stroke: var(--fourth); }
"""
KINDS = ("ours", "peer", "third", "fourth")


def text(x, y, words, kind="", anchor="start"):
    return (f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
            f'{escape(words)}</text>')


def line(x1, y1, x2, y2):
    return f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def tick(value):
    """A number on an axis."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def document(title, height, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height:.0f}" rx="6"/>', *parts,
        "</svg>"]) + "\n"


class Scale:
    """A logarithmic scale from the power of ten below all values to the one above."""

    def __init__(self, values, begin, end):
        self.low = floor(log10(min(values)) + 1e-9)
        self.high = max(ceil(log10(max(values)) - 1e-9), self.low + 1)
        self.begin, self.end = begin, end

    def place(self, value):
        part = (log10(value) - self.low) / (self.high - self.low)
        return self.begin + part * (self.end - self.begin)

    def powers(self):
        return [10.0 ** power for power in range(self.low, self.high + 1)]


def bars_chart(title, note, groups):
    """Groups of bars (kind, label, value), on one logarithmic scale."""
    pitch, gap, left, right = 17, 14, 230, WIDTH - MARGIN - 60
    values = [value for _, bars in groups for _, _, value in bars]
    # So that the shortest bar has a length too.
    scale = Scale([min(values) / 2, *values], left, right)
    top, y = MARGIN + 44, MARGIN + 44
    parts = []
    for name, bars in groups:
        parts.append(text(MARGIN, y + 12, name, "ours-text"))
        for kind, label, value in bars:
            end = scale.place(value)
            parts += [
                text(left - 8, y + 12, label, "ours-text" if kind == "ours" else "", "end"),
                f'<rect class="{kind}" x="{left}" y="{y + 2}" width="{end - left:.1f}" '
                f'height="{pitch - 5}" rx="2"/>',
                text(end + 6, y + 12, f"{value:,.0f}" if value >= 10 else f"{value:.1f}", "soft")]
            y += pitch
        y += gap
    grid = []
    for power in scale.powers():
        at = scale.place(power)
        grid += [line(at, top - 6, at, y), text(at, y + 14, tick(power), "soft", "middle")]
    heading = [text(MARGIN, MARGIN + 14, title, "title"),
               text(WIDTH - MARGIN, MARGIN + 14, f"{note}; logarithmic scale", "soft", "end")]
    return document(title, y + 14 + MARGIN, [*heading, *grid, *parts])


def lines_chart(title, x_title, y_title, series):
    """Lines of (label, [(x, y, note)]), on logarithmic scales; a note stands where it changes."""
    left, right, top, bottom = MARGIN + 56, WIDTH - MARGIN - 130, MARGIN + 50, 400
    points = [point for _, line_points in series for point in line_points]
    across = Scale([x for x, _, _ in points], left, right)
    up = Scale([y for _, y, _ in points], bottom, top)
    parts = [text(MARGIN, MARGIN + 14, title, "title"),
             text(WIDTH - MARGIN, MARGIN + 14, "logarithmic scales", "soft", "end"),
             text(left, MARGIN + 36, y_title, "soft"),
             text((left + right) / 2, bottom + 36, x_title, "soft", "middle")]
    for power in across.powers():
        at = across.place(power)
        parts += [line(at, top, at, bottom), text(at, bottom + 16, tick(power), "soft", "middle")]
    for power in up.powers():
        at = up.place(power)
        parts += [line(left, at, right, at), text(left - 8, at + 4, tick(power), "soft", "end")]
    ends = []
    for kind, (label, line_points) in zip(KINDS, series):
        places = [(across.place(x), up.place(y), note) for x, y, note in line_points]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
        parts.append(f'<polyline class="{kind}" points="{joined}"/>')
        before = None
        for x, y, note in places:
            parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
            if note and note != before:
                parts.append(text(x + 2, y - 8, note, "soft"))
            before = note
        ends.append([places[-1][1], places[-1][0], label])
    # Labels at the ends of lines keep a distance from each other.
    below = 0
    for y, x, label in sorted(ends):
        below = max(y + 4, below + 14)
        parts.append(text(x + 10, below, label))
    return document(title, bottom + 36 + MARGIN, parts)
