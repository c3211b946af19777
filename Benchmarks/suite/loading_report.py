"""The page of the section of loading."""

from .charts import bars_chart
from .tables import cells, factor, header, megabytes, opening

TEXT = """One core. `open` is opening and checking a `.tir`; the tables of engines are made after it
(`tables`), for a large model in the background while first rows are scored. `program` is all of
`treec predict` for a file of one row, from start to end. A library's time is that of loading and of
the first answer in a Python that has imported it; its memory is what these add to the peak after
the import. treec's peaks are those of whole programs, and count the pages of the mapped file. What
libraries compile or convert ahead of time is not counted."""


def seconds(value):
    return f"{value * 1e3:,.1f} ms" if value < 1 else f"{value:,.2f} s"


def opening_table(results):
    lines = ["## Opening, and the first answer", "",
             *header("model", "library", "file", "load", "first answer", "both", "peak memory")]
    for one in results["opening"]:
        ours = one["treec"]
        lines.append(cells(
            f"**{one['title']}**", "treec, .tir: program", megabytes(one["file_bytes"]),
            f"open {ours['open_ms']:,.1f} ms, tables {ours['prepare_ms']:,.0f} ms", "",
            seconds(ours["answer_s"]), megabytes(ours["answer_peak"])))
        for name, theirs in one["libraries"].items():
            size = megabytes(one["source_bytes"]) if ", " not in name else ""
            if "error" in theirs:
                lines.append(cells("", name, size, f"not measured: {theirs['error']}", "", "", ""))
                continue
            both = theirs["load_s"] + theirs["answer_s"]
            lines.append(cells(
                "", name, size, seconds(theirs["load_s"]), seconds(theirs["answer_s"]),
                f"{seconds(both)} ({factor(both, ours['answer_s'])})", megabytes(theirs["peak"])))
    return lines + ["", "![Milliseconds to the first answer](loading.svg)", ""]


def chart(results):
    """Milliseconds to the first answer."""
    groups = []
    for one in results["opening"]:
        theirs = [("peer", name, (figures["load_s"] + figures["answer_s"]) * 1e3)
                  for name, figures in one["libraries"].items() if "error" not in figures]
        groups.append((one["name"], [("ours", "treec, whole program", one["treec"]["answer_s"] * 1e3),
                                     *sorted(theirs, key=lambda bar: bar[2])]))
    return bars_chart("Milliseconds to the first answer", "less is better; libraries are imported "
                      "before", groups)


def conversion_table(results):
    lines = ["## Converting", "",
             "Beside the library that loads the same file.", "",
             *header("format", "file", "treec convert", "MB/s", "peak memory", "memory / file",
                     "library", "load", "MB/s", "peak memory", "memory / file")]
    for name, one in results["conversion"].items():
        size, words = one["bytes"], []
        for figures in (one["treec"], one["library"]):
            if figures and "error" in figures:
                words += [f"not measured: {figures['error']}", "", "", ""]
                continue
            words += [seconds(figures["s"]), f"{size / 1e6 / figures['s']:,.0f}",
                      megabytes(figures["peak"]), f"{figures['peak'] / size:.2f}"] if figures else [
                          ""] * 4
        lines.append(cells(name, megabytes(size), *words[:4], one["name"] or "", *words[4:]))
    return lines + [""]


def statistics_table(results):
    figures = results["statistics"]
    if not figures:
        return []
    commands = figures["commands"]
    time, memory = commands["import"]
    rows = [
        ("treec convert, cbm to .tir", commands["convert"]),
        ("treec predict, one row, from the .tir", commands["answer"]),
        ("treec predict, one row, from the cbm", commands["answer from cbm"]),
        ("CatBoost, load_model", [commands["load"][0] - time, commands["load"][1] - memory]),
        ("CatBoost, load_model and predict, one row",
         [commands["load and answer"][0] - time, commands["load and answer"][1] - memory]),
        ("Python, import catboost", commands["import"]),
    ]
    return [
        "## A large model with statistics of categories", "",
        f"{figures['iterations']} trees of CatBoost of depth 6 with statistics of combinations of "
        f"columns, one of which has {figures['distinct']:,} texts. The cbm has "
        f"{megabytes(figures['source_bytes'])}, the .tir {megabytes(figures['file_bytes'])}. Whole "
        "programs from start to end; CatBoost's figures are what is added to the import. Of the "
        f".tir, opening and checking takes {figures['open_ms']:,.1f} ms; making the engines, "
        f"{figures['prepare_ms']:,.1f} ms, goes on while the first rows are scored. The raw scores "
        f"of {figures['compared']:,} rows, some with texts that training has not seen, are the same "
        "bits.", "",
        *header("program", "seconds", "peak memory"),
        *(cells(name, f"{value:.3f}", megabytes(peak)) for name, (value, peak) in rows), ""]


def page(results):
    lines = opening(results, "Loading and converting", " ".join(TEXT.split()))
    return "\n".join([*lines, *opening_table(results), *conversion_table(results),
                      *statistics_table(results)])
