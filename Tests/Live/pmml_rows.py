"""Rows of cells that probe a PMML document: clean ones, ones at its limits, odd ones."""
import numpy as np

from random_columns import chance

ODD_NUMBERS = [
    "0", "-0.0", "1", "-1", "0.5", "5.5", "1e30", "-1e30", "1e400", "-1e400", "1e-400",
    "5e-324", "3.4028235677973366e38", "1e-46", "2147483647", "2147483648", "9007199254740993",
    "INF", "-INF", "Infinity", "-Infinity", "+Infinity", "0.1", "16777217"]
ODD_TEXTS = [
    "abc", " ", "  ", "NaN", "nan", "-NaN", "N/A", "NA", "null", "None", "?", "true", "FALSE",
    "False", "1d", "1f", "1L", "0x1p3", "0x1", "1_000", "+1", " 1", "1 ", "\t1", "1.", ".5", "1,5",
    "١", "never seen", "-", "+INF", "infinity", "inf", "1e", "--1", "1.0", "01", "1e0"]


def shown(value):
    """A value of the frame as a cell; missing is empty."""
    if value is None or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return repr(float(value)) if isinstance(value, (float, np.floating)) else str(value)


def beside(number, generator):
    """A number near a limit: it, its neighbours, those of float32, and halves between these."""
    narrow = np.float32(number)
    with np.errstate(over="ignore"):
        below, above = (np.nextafter(narrow, np.float32(end)) for end in (-np.inf, np.inf))
    candidates = [
        number, np.nextafter(number, -np.inf), np.nextafter(number, np.inf), float(narrow),
        float(below), float(above), (float(narrow) + float(below)) / 2,
        (float(narrow) + float(above)) / 2]
    value = candidates[generator.randint(len(candidates))]
    return repr(float(value)) if np.isfinite(value) else "INF" if value > 0 else "-INF"


def whole_beside(number, generator):
    return str(int(number) + int(generator.randint(-1, 2))) if abs(number) < 1e9 else "0"


def limit_cell(field, generator):
    """A cell at a limit of the field, None where it has none."""
    numbers, texts = sorted(field.numbers), sorted(field.texts)
    if field.type in ("double", "float") and numbers:
        number = numbers[generator.randint(len(numbers))]
        return beside(number, generator) if np.isfinite(number) else None
    if field.type == "integer" and numbers:
        number = numbers[generator.randint(len(numbers))]
        return whole_beside(number, generator) if np.isfinite(number) else None
    return texts[generator.randint(len(texts))] if texts else None


def odd_cell(field, generator):
    if chance(generator, 0.3):
        return ""
    if field.type == "string" or chance(generator, 0.5):
        cell = ODD_TEXTS[generator.randint(len(ODD_TEXTS))]
        known = sorted(field.texts)
        if known and chance(generator, 0.3):
            # Nearly one of the values.
            text = known[generator.randint(len(known))]
            cell = [text + " ", " " + text, text.upper(), text + "x"][generator.randint(4)]
        return cell
    return ODD_NUMBERS[generator.randint(len(ODD_NUMBERS))]


def probe_rows(document, frame, generator, count):
    """The header, and rows of texts in which empty is missing."""
    names = list(document.fields)
    rows = []
    for number in range(count):
        row = frame.iloc[generator.randint(len(frame))]
        cells = [shown(row[name]) if name in frame else "" for name in names]
        share = number / count
        for place, name in enumerate(names):
            field = document.fields[name]
            if 0.25 < share <= 0.7 and chance(generator, 0.6):
                cell = limit_cell(field, generator)
                cells[place] = cells[place] if cell is None else cell
            elif share > 0.95 and chance(generator, 0.5):
                cells[place] = odd_cell(field, generator)
        if share > 0.7 and names:
            place = generator.randint(len(names))
            cells[place] = odd_cell(document.fields[names[place]], generator)
        rows.append(cells)
    rows.append([""] * len(names))
    return names, rows
