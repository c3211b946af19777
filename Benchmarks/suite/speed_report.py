"""The page and the chart of the section of speed."""

import statistics

from .charts import bars_chart
from .tables import Lines, cells, factor, header, megabytes, nanoseconds, opening

TEXT = """Nanoseconds a row of the best call of each round; a table has a line for each way to
call a library, and in brackets how many times as long it takes as treec with the best instructions.
On one core the libraries' figures are processor time and treec's wall clock; on all cores all are
wall clock. [What is measured and how](README.md#what-is-measured) says the rest."""


# Ways to call libraries with texts that they have yet to look up or hash, or to parse.
FROM_TEXT = ("text", "ready DataFrame", "FeaturesData", "list of cells")


class Speed:
    """Results by model, who scores, way, cores and batch."""

    def __init__(self, results):
        self.results = results
        self.lines = Lines(results["times"], "model", "who", "way", "cores", "batch")
        self.best = f"treec {results['instruction_sets'][-1]}"

    def ways(self, model, cores):
        """Pairs of who and way, in the order of the measurements."""
        seen = {}
        for line in self.results["times"]:
            if line["model"] == model and line["cores"] == cores:
                seen[line["who"], line["way"]] = None
        return list(seen)

    def median(self, *key):
        return self.lines.median(*key)

    def engine(self, *key):
        return self.lines.lines[key]["engine"]

    def source_beside(self, model, way):
        """What treec scores beside a library: text where the library begins with texts too."""
        is_text = any(word in way for word in FROM_TEXT)
        return "text" if is_text and (self.best, "text") in self.ways(model, "one") else "Doubles"

    def peer_best(self, model, cores, batch, who=None):
        """The least time of any library, or of one, and whose and how."""
        found = [(self.median(model, title, way, cores, batch), title, way)
                 for title, way in self.ways(model, cores)
                 if not title.startswith("treec") and (who is None or title == who)]
        return min((one for one in found if one[0] is not None), default=None)


def speed_table(speed, model, cores):
    """A line a way, treec first."""
    batches = [batch for batch in speed.results["batches"]
               if any(speed.median(model, *way, cores, batch) for way in speed.ways(model, cores))]
    where = "one core" if cores == "one" else "all cores"
    lines = header(f"ns a row, {where}", *(f"batch {batch:,}" for batch in batches))
    for who, way in speed.ways(model, cores):
        is_ours = who.startswith("treec")
        ours = speed.source_beside(model, way)
        words = []
        for batch in batches:
            time = speed.median(model, who, way, cores, batch)
            if time is None:
                words.append("")
            elif is_ours:
                words.append(f"{nanoseconds(time)} {speed.engine(model, who, way, cores, batch)}")
            else:
                treec = speed.median(model, speed.best, ours, cores, batch)
                words.append(nanoseconds(time) + (f" ({factor(time, treec)})" if treec else ""))
        title = f"**{who}**, from {way}" if is_ours else f"{who}: {way}"
        lines.append(cells(title, *words))
    return lines + [""]


def answers_table(model, refusals):
    """How far each library's answers are from treec's, and why there are none."""
    lines = header("library", "answers other than treec's", "at most, in places of its numbers",
                   "at most", "notes")
    for title, found in model["answers"].items():
        note = model["notes"].get(title, "")
        if found is None:
            lines.append(cells(title, "a model of its own", "", "", note))
            continue
        exact = found["differing"] == 0
        lines.append(cells(
            title, f"{found['differing']:,} of {found['values']:,}",
            "" if exact else f"{found['ulp']:,} (float{found['bits']})",
            "" if exact else f"{found['difference']:.2g}", note))
    for title, reason in refusals.items():
        lines.append(cells(title, "not measured", "", "", reason))
    return lines + [""]


def model_section(speed, model):
    refusals = speed.results["refusals"].get(model["name"], {})
    lines = [f"## {model['name']}: {model['title']}", "",
             f"The model's file has {megabytes(model['source_bytes'])}, the .tir "
             f"{megabytes(model['file_bytes'])}, the tables of treec's engines "
             f"{megabytes(model['table_bytes'])}.", ""]
    for cores in ("one", "all"):
        if speed.ways(model["name"], cores):
            lines += speed_table(speed, model["name"], cores)
    return lines + answers_table(model, refusals)


def best_table(speed):
    """treec beside the fastest of all libraries."""
    batches = speed.results["batches"]
    lines = ["## treec beside the fastest library, one core", "",
             *header("model", *(f"batch {batch:,}" for batch in batches))]
    for model in speed.results["models"]:
        words = []
        for batch in batches:
            ours = speed.median(model["name"], speed.best, "Doubles", "one", batch)
            best = speed.peer_best(model["name"], "one", batch)
            words.append("" if ours is None else nanoseconds(ours) + (
                f", {best[1]} {nanoseconds(best[0])} ({factor(best[0], ours)})" if best else ""))
        lines.append(cells(model["name"], *words))
    return lines + ["", "![Nanoseconds a row in batches of 8,192](speed.svg)", ""]


def noise(speed):
    spreads = sorted(speed.lines.spreads())
    if not spreads:
        return []
    return ["## How far rounds are apart", "",
            f"Of {len(spreads):,} cells the slowest round took {statistics.median(spreads):.0%} "
            f"longer than the fastest in the median, {spreads[len(spreads) * 9 // 10]:.0%} in the "
            "worst tenth.", ""]


def page(results):
    speed = Speed(results)
    lines = opening(results, "Speed", " ".join(TEXT.split()))
    lines += best_table(speed)
    for model in results["models"]:
        lines += model_section(speed, model)
    return "\n".join(lines + noise(speed))


def chart(results):
    """For each model a bar for treec and for the best way of each library, one core, at the batch
    that the bars of the documents are set for, or the largest measured."""
    speed = Speed(results)
    batch = 8192 if 8192 in results["batches"] else results["batches"][-1]
    groups = []
    for model in results["models"]:
        name = model["name"]
        bars = [("ours", who, time) for who in
                (f"treec {isa}" for isa in reversed(results["instruction_sets"]))
                if (time := speed.median(name, who, "Doubles", "one", batch))]
        theirs = [("peer", title, best[0]) for title in results["peers"]
                  if (best := speed.peer_best(name, "one", batch, title))]
        groups.append((name, bars + sorted(theirs, key=lambda bar: bar[2])))
    return bars_chart(f"Nanoseconds a row, one core, batches of {batch:,}",
                      "less is better; each library's fastest call", groups)
