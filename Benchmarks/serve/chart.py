"""The chart: a panel a figure, a bar a server, on logarithmic scales."""

from math import ceil, floor, log10

ORDER = "treec", "echo", "yummy", "mlflow"
WIDTH, COLUMN, GAP, MARGIN = 880, 400, 32, 24
LABEL, VALUE, BAR, PITCH = 136, 62, 16, 26
PANEL = 40 + 4 * PITCH + 26

STYLE = """
  svg { --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d9dee3;
        --ours: #e0562b; --echo: #94a3b3; --peer: #4d7ea8; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #2b323b;
          --ours: #f0764d; --echo: #6b7785; --peer: #6ca0cc; }
  }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
  .title { font-weight: 600; }
  .soft { fill: var(--soft); font-size: 11px; font-weight: 400; }
  .value { font-variant-numeric: tabular-nums; }
  .ours { font-weight: 600; }
  .paper { fill: var(--paper); }
  line { stroke: var(--line); }
  rect.ours { fill: var(--ours); } rect.echo { fill: var(--echo); } rect.peer { fill: var(--peer); }
"""


def short(value):
    """A number in little room."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def tick(value):
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1000 else f"{value:g}"


def panel(x, y, title, note, bars):
    """Bars of (kind, label, value) between the powers of ten around them."""
    # The shortest bar has a length too.
    low = floor(log10(min(value for _, _, value in bars) / 2))
    high = ceil(log10(max(value for _, _, value in bars)))
    left, width = x + LABEL, COLUMN - LABEL - VALUE
    top, bottom = y + 34, y + 34 + len(bars) * PITCH

    def place(value):
        return left + width * (log10(value) - low) / (high - low)

    parts = [f'<text class="title" x="{x}" y="{y + 14}">{title}'
             f'<tspan class="soft" dx="8">{note}</tspan></text>']
    for power in range(low, high + 1):
        at = place(10 ** power)
        parts.append(f'<line x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{bottom}"/>')
        parts.append(f'<text class="soft" x="{at:.1f}" y="{bottom + 14}" text-anchor="middle">'
                     f'{tick(10 ** power)}</text>')
    for index, (kind, label, value) in enumerate(bars):
        middle = top + PITCH * index + PITCH / 2
        end = place(value)
        parts.append(f'<text class="{kind}" x="{left - 10}" y="{middle + 4.5}" text-anchor="end">{label}</text>')
        parts.append(f'<rect class="{kind}" x="{left}" y="{middle - BAR / 2}" '
                     f'width="{end - left:.1f}" height="{BAR}" rx="2"/>')
        parts.append(f'<text class="value {kind}" x="{end + 7:.1f}" y="{middle + 4.5}">{short(value)}</text>')
    return parts


def svg(results):
    kinds = {"treec": "ours", "echo": "echo"}
    names = [name for name in ORDER if name in results["titles"]]

    def bars(value):
        return [(kinds.get(name, "peer"), results["titles"][name].removesuffix(" models serve"), value(name))
                for name in names]

    def arrival(name):
        return results["arrivals"].get(f"{name} 1000") or results["arrivals"][f"{name} 100"]

    slow = ", mlflow at 100/s" if "mlflow" in names else ""
    panels = [
        ("Requests per second", "8 connections; more is better",
         bars(lambda name: results["saturation"][f"{name} 8"]["rate"])),
        ("CPU a request, µs", "user and kernel; less is better",
         bars(lambda name: results["saturation"][f"{name} 8"]["cpu"])),
        ("p50 latency, ms", f"Poisson arrivals at 1,000/s{slow}",
         bars(lambda name: arrival(name)["p50"] / 1000)),
        ("p99 latency, ms", f"Poisson arrivals at 1,000/s{slow}",
         bars(lambda name: arrival(name)["p99"] / 1000)),
        ("Memory, MB", "resident, after the load",
         bars(lambda name: results["memory"][name][0] / 1e6)),
        ("First answer, ms", "from exec", bars(lambda name: results["starts"][name]["seconds"] * 1000)),
    ]
    parts = []
    for index, (title, note, values) in enumerate(panels):
        x = MARGIN + (index % 2) * (COLUMN + GAP)
        parts += panel(x, MARGIN + 44 + (index // 2) * PANEL, title, note, values)
    height = MARGIN + 44 + ceil(len(panels) / 2) * PANEL + 4
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-label="Servers under load">')
    heading = (f'<text class="title" x="{MARGIN}" y="{MARGIN + 14}" style="font-size: 16px">'
               'One row a request, one core a server</text>'
               f'<text class="soft" x="{WIDTH - MARGIN}" y="{MARGIN + 14}" text-anchor="end">'
               f'logarithmic scales · {results["date"]}</text>')
    return "\n".join([head, f"<style>{STYLE}</style>",
                      f'<rect class="paper" width="{WIDTH}" height="{height}" rx="6"/>', heading,
                      *parts, "</svg>"]) + "\n"
