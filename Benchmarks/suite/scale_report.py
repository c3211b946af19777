"""The page and the charts of the section of scale."""

import statistics

from .charts import lines_chart
from .tables import Lines, cells, header, nanoseconds, opening

TEXT = """One core, unless threads are what grows. The rows are those that `treec bench` makes: any
way through the trees is as likely as another, which is harder than rows of data. A name in a chart
is the engine that treec chooses from there on ([Engines](../engines.md)). Models are LightGBM's."""
# Of the axis of threads time is counted for the whole machine.
PARTS = {"trees": "tree", "leaves": "leaf", "columns": "column", "classes": "class"}


class Scale:
    def __init__(self, results):
        self.results = results
        self.lines = Lines(results["points"], "axis", "point", "batch")

    def points(self, axis):
        return sorted({key[1] for key in self.lines.lines if key[0] == axis})

    def batches(self, axis):
        return sorted({key[2] for key in self.lines.lines if key[0] == axis})

    def line(self, *key):
        return self.lines.lines[key]

    def median(self, *key):
        return self.lines.median(*key)


def table(scale, axis):
    batches, points = scale.batches(axis), scale.points(axis)
    part = PARTS.get(axis)
    more = ([f"ns a {part}, batch {batches[-1]:,}", ".tir", "open", "made in"] if part
            else ["times as fast as one thread"])
    lines = header(axis, *(f"batch {batch:,}" for batch in batches), *more)
    for point in points:
        words = [f"{nanoseconds(scale.median(axis, point, batch))} "
                 f"{scale.line(axis, point, batch)['engine']}" for batch in batches]
        last = scale.median(axis, point, batches[-1])
        if part:
            line = scale.line(axis, point, batches[0])
            size = scale.results["file_bytes"][f"{axis} {point}"]
            words += [f"{last / point:.2f}", f"{size / 1e6:,.2f} MB",
                      f"{statistics.median(line['open_ms']):,.1f} ms",
                      f"{statistics.median(line['prepare_ms']):,.0f} ms"]
        else:
            words.append(f"{scale.median(axis, 1, batches[-1]) / last:.2f}")
        lines.append(cells(f"{point:,}", *words))
    return lines + [""]


def page(results):
    scale = Scale(results)
    lines = opening(results, "Scale", " ".join(TEXT.split()))
    for axis, title in results["titles"].items():
        lines += [f"## {title}", "", f"![{title}](scale-{axis}.svg)", "", *table(scale, axis)]
    return "\n".join(lines)


def charts(results):
    """By axis."""
    scale = Scale(results)
    made = {}
    for axis, title in results["titles"].items():
        series = [(f"batch {batch:,}", [
            (point, scale.median(axis, point, batch), scale.line(axis, point, batch)["engine"])
            for point in scale.points(axis)]) for batch in scale.batches(axis)]
        made[axis] = lines_chart(title, axis, "ns a row", series)
    return made
