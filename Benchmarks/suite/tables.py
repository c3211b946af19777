"""Tables in Markdown, and the words that they have in common."""

import statistics


def cells(*words):
    return "| " + " | ".join(words) + " |"


def header(*words):
    return [cells(*words), "|---" * len(words) + "|"]


def nanoseconds(value):
    return f"{value:,.0f}"


def factor(slow, fast):
    """How many times as long."""
    ratio = slow / fast
    return f"{ratio:,.0f}x" if ratio >= 20 else f"{ratio:,.1f}x"


def megabytes(count):
    return f"{count / 1e6:,.1f} MB"


def spread(values):
    """How far rounds are apart: the greatest above the least, as a part of it."""
    return max(values) / min(values) - 1


def opening(results, title, text):
    """How each page begins."""
    return [f"# {title}", "",
            f"`{results['command']}` (`make benchmark`) {results['machine']} Medians of "
            f"{results['rounds']} rounds; a whole run took {results['took_minutes']:g} minutes. "
            + text, ""]


class Lines:
    """Medians of times by what they are of."""

    def __init__(self, lines, *keys):
        self.lines = {tuple(line[key] for key in keys): line for line in lines}

    def median(self, *key):
        """None where nothing was measured."""
        line = self.lines.get(key)
        return statistics.median(line["ns"]) if line else None

    def spreads(self):
        return [spread(line["ns"]) for line in self.lines.values() if len(line["ns"]) > 1]
