#!/usr/bin/env python3
"""Looks at the pages of `treec inspect --report` in a real browser.

Opens reports of models in fixtures/, and of some made here, in a headless Chromium; checks what
is drawn, that nothing is asked of any network and that nothing is complained of; and leaves
screenshots in a folder, for eyes.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import png
from devtools import Browser

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
DEMO = FIXTURES / "demo" / "model.txt"
DEEP = FIXTURES / "lightgbm" / "lgb_deep255" / "model.txt"
LINEAR = FIXTURES / "lightgbm" / "lgb_linear_multiclass" / "model.txt"
CATEGORIES = FIXTURES / "lightgbm" / "lgb_cat_int" / "model.txt"
LEAF = FIXTURES / "lightgbm" / "lgb_single_leaf" / "model.txt"

HOSTILE_NAMES = {
    "region": "</script><script>alert(1)</script>",
    "population": "<img/src=x/onerror=alert(2)>",
    "sex": "\u202e\"'&lt;b>",
}
HOSTILE_CATEGORIES = ["</script><script>alert(3)</script>", "<!--\u0000\u001b[31m", "\u2028"]

options = None


def treec(*arguments):
    return subprocess.run(
        [options.treec, "inspect", *map(str, arguments)], capture_output=True, text=True, check=True)


def hostile_model(folder):
    """The demo's model with other names."""
    text = DEMO.read_text(encoding="utf-8")
    for name, hostile in HOSTILE_NAMES.items():
        text = text.replace(name, hostile)
    text = text.replace('["P", "PS", "S"]', json.dumps(HOSTILE_CATEGORIES))
    path = folder / "hostile.txt"
    path.write_text(text, encoding="utf-8")
    return path


def long_model(folder, trees):
    """The demo's trees over and over, and many columns beside its own."""
    head, *blocks = DEMO.read_text(encoding="utf-8").split("\nTree=")
    blocks[-1], tail = blocks[-1].split("end of trees")
    bodies = [block.split("\n", 1)[1] for block in blocks]
    lines = [line for line in head.split("\n") if not line.startswith("tree_sizes")]
    text = "\n".join(lines) + "\n"
    for number in range(trees):
        text += f"Tree={number}\n{bodies[number % len(bodies)].strip()}\n\n\n"
    path = folder / "long.txt"
    path.write_text(text + "end of trees" + tail, encoding="utf-8")
    return path


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="treec-report-"))
        cls.browser = Browser().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        shutil.rmtree(cls.folder)

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])
        for url in self.browser.requests:
            self.assertTrue(url.startswith(("file://", "data:")), url)
        pages = [url for url in self.browser.requests if url.startswith("file://")]
        self.assertEqual(len(pages), 1, pages)

    def open(self, model, fragment="", *arguments, **look):
        page = self.folder / f"{pathlib.Path(model).parent.name}-{pathlib.Path(model).stem}.html"
        answer = treec(model, "--report", page, *arguments)
        self.browser.look(**look)
        self.browser.open(page.as_uri() + fragment)
        return answer.stderr

    def ask(self, expression):
        return self.browser.evaluate(expression)

    def count(self, selector):
        return self.ask(f"document.querySelectorAll({json.dumps(selector)}).length")

    def texts(self, selector):
        return self.ask(
            f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)")

    def click(self, selector):
        self.ask(f"document.querySelector({json.dumps(selector)}).click()")

    def picture(self, name, whole=True):
        """Takes a screenshot, which must show something: several colours, none of which
        is all there is."""
        data = self.browser.screenshot(options.screenshots / f"{name}.png", whole)
        counts = png.colours(data)
        self.assertGreater(len(counts), 30, name)
        self.assertLess(max(counts.values()) / sum(counts.values()), 0.98, name)
        return max(counts, key=counts.get)

    def assert_nothing_overlaps(self):
        """No two boxes of the drawing share a place, and no label lies on a box."""
        overlaps = self.ask("""(() => {
          const boxes = [...document.querySelectorAll('#canvas .box')].map(e => e.getBoundingClientRect());
          const labels = [...document.querySelectorAll('#canvas .answer')].map(e => e.getBoundingClientRect());
          const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
            && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          const found = [];
          boxes.forEach((a, i) => {
            boxes.slice(i + 1).forEach(b => { if (meet(a, b)) found.push('boxes') });
            labels.forEach(b => { if (meet(a, b)) found.push('label') });
          });
          return found;
        })()""")
        self.assertEqual(overlaps, [])

    # What is shown

    def test_the_demo(self):
        self.open(DEMO, "#tree=3")
        self.assertEqual(self.texts(".tiles dd"), ["12", "96", "84", "5", "7", "5"])
        self.assertIn("binary sigmoid:1", self.texts(".facts dd"))
        self.assertEqual(self.texts("#bars bdi")[:2], ["status_quo_support", "age"])
        self.assertEqual(self.count("#bars rect"), 5)
        self.assertEqual(self.count("#table tbody tr"), 7)
        self.assertEqual(self.count("#canvas .leaf"), 8)
        self.assertEqual(self.count("#canvas .split"), 7)
        self.assertEqual(self.count("#canvas .edge"), 14)
        self.assertIn("Tree 3 of 12, iteration 3: 8 leaves", self.texts("#place"))
        self.assertIn("yes, missing", self.texts("#canvas .answer"))
        self.assert_nothing_overlaps()
        light = self.picture("demo")
        self.browser.look(dark=True)
        dark = self.picture("demo-dark")
        self.assertGreater(sum(light), 600)
        self.assertLess(sum(dark), 150)

    def test_the_demo_on_a_telephone(self):
        self.open(DEMO, "#tree=0", width=390, height=844)
        self.assertLessEqual(self.ask("document.documentElement.scrollWidth"), 390)
        self.picture("demo-phone")

    def test_the_measure_of_importance_is_chosen(self):
        self.open(DEMO)
        self.assertEqual(self.texts("#bars .value")[0], "7,349.97")
        self.click("[value=splits]")
        self.assertEqual(self.texts("#bars .value"), ["46", "13", "12", "9", "4"])

    def test_trees_are_chosen(self):
        self.open(DEMO)
        self.assertEqual(self.ask("location.hash"), "#tree=0")
        self.assertTrue(self.ask("document.getElementById('previous').disabled"))
        self.click("#next")
        self.assertEqual(self.ask("location.hash"), "#tree=1")
        self.ask("location.hash = 'tree=11'; new Promise(done => setTimeout(done, 50))")
        self.assertIn("Tree 11 of 12", self.texts("#place")[0])
        self.assertTrue(self.ask("document.getElementById('next').disabled"))
        self.ask("(() => { const field = document.getElementById('number'); field.value = 99;"
                 " field.dispatchEvent(new Event('change')) })()")
        self.assertEqual(self.ask("document.getElementById('number').value"), "11")

    def test_arrow_keys_walk_through_the_tree(self):
        self.open(DEMO, "#tree=3")
        self.ask("document.querySelector('#canvas [tabindex=\"0\"]').focus()")
        self.browser.press("ArrowRight")
        self.assertTrue(self.texts("#details h3")[0].startswith("status_quo_support ≤ -0.78768"))
        self.browser.press("ArrowRight")
        self.assertEqual(self.texts("#details h3"), ["Leaf 0"])
        self.assertEqual(self.texts("#details dd")[0], "-0.14615790258810368")
        self.assertEqual(self.count("#details li"), 2)
        self.assertEqual(self.count("#canvas .node.on"), 3)
        self.browser.press("ArrowDown")
        self.assertEqual(self.texts("#details h3"), ["education in {P}"])
        self.assertEqual(self.count("#canvas [tabindex='0']"), 1)

    def test_a_node_under_the_mouse_is_told_of(self):
        self.open(DEMO, "#tree=3")
        place = self.ask("""(() => {
          document.getElementById('viewer').scrollIntoView();
          const box = document.querySelectorAll('#canvas .leaf')[0].getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        })()""")
        self.browser.point(*place)
        self.assertTrue(self.texts("#details h3")[0].startswith("Leaf "))
        self.picture("demo-leaf", whole=False)

    def test_a_large_tree_opens_on_demand(self):
        self.open(DEEP, "#tree=0")
        self.assertEqual(self.count("#canvas .split"), 31)
        self.assertEqual(self.count("#canvas .leaf") + self.count("#canvas .rest"), 32)
        self.assertIn("not drawn", self.texts("#place")[0])
        self.assert_nothing_overlaps()
        self.picture("deep")
        self.click("#open")
        self.assertEqual(self.count("#canvas .leaf"), 255)
        self.assertEqual(self.count("#canvas .split"), 254)
        self.assertEqual(self.count("#canvas .rest"), 0)
        self.assertTrue(self.ask("document.getElementById('open').hidden"))
        self.assert_nothing_overlaps()
        self.click("#fit")
        self.picture("deep-all")

    def test_a_part_opens_by_key(self):
        self.open(DEEP, "#tree=0")
        rests = self.count("#canvas .rest")
        self.ask("document.querySelector('#canvas .rest').focus()")
        self.browser.press("Enter")
        self.assertGreater(self.count("#canvas .split"), 31)
        self.assertNotEqual(self.count("#canvas .rest"), rests)

    def test_unbalanced_trees_of_31_leaves(self):
        # The fixture's trees differ in shape; every one of them fits without overlaps.
        self.open(FIXTURES / "lightgbm" / "lgb_goss" / "model.txt")
        total = self.ask("Number(document.getElementById('number').max)") + 1
        for _ in range(min(total, 12) - 1):
            self.assert_nothing_overlaps()
            self.click("#next")

    def test_linear_models_in_leaves(self):
        self.open(LINEAR, "#tree=4")
        self.assertIn("class 1", self.texts("#place")[0])
        self.assertIn("+ 3 terms", " ".join(self.texts("#canvas .leaf text")))
        self.ask("document.querySelector('#canvas .leaf').dispatchEvent("
                 "new PointerEvent('pointerover', {bubbles: true}))")
        self.assertIn("+ Column_9 ×", self.texts("#details dt"))
        self.picture("linear")

    def test_zeros_that_go_with_missing_values(self):
        self.open(FIXTURES / "lightgbm" / "lgb_zero_missing" / "model.txt")
        self.assertTrue(any(text.endswith(", missing, 0") for text in self.texts("#canvas .answer")))

    def test_oblivious_trees_and_vector_leaves(self):
        # No importer makes these yet; they are data like any other.
        page = self.folder / "oblivious.html"
        treec(DEMO, "--report", page)
        tree = {"place": "tree 0 of 1", "oblivious": True, "slot": [0, 7], "test": [2, 8 | 1],
                "operand": [1.5, "inf"], "value": [1, 10, 2, 20, 3, 30, 4, 40], "width": 2}
        data = {"first": 0, "total": 1, "derived": {"7": "value 7"}, "trees": [tree],
                "columns": [{"name": "x", "type": "numeric", "splits": 1, "gain": 0}]}
        start, rest = page.read_text(encoding="utf-8").split('id="data">')
        page.write_text(f'{start}id="data">{json.dumps(data)}</script>{rest.split("</script>", 1)[1]}',
                        encoding="utf-8")
        self.browser.look()
        self.browser.open(page.as_uri())
        # Leaf number = sum of (level d holds) << d, and what holds is above.
        self.assertEqual(self.texts("#canvas .leaf .id"), ["#3", "#1", "#2", "#0"])
        self.assertEqual(self.texts("#canvas .leaf text:not(.id)")[0], "[4, 40]")
        self.assertEqual(self.texts("#canvas .split .column"), ["x", "value 7", "value 7"])
        self.assertIn("< inf", " ".join(self.texts("#canvas .split text")))

    def test_long_lists_of_categories(self):
        self.open(CATEGORIES, "#tree=0")
        self.assertTrue(any("more}" in text for text in self.texts("#canvas .split text")))
        self.assertEqual(self.count("#table details"), 1)
        self.picture("categories")

    def test_a_tree_of_one_leaf(self):
        self.open(LEAF)
        self.assertEqual(self.count("#canvas .node"), 1)
        self.assertEqual(self.texts("#details h3"), ["Leaf 0"])
        self.assertEqual(self.texts("#bars-note"), ["No split tests any of the columns."])
        self.picture("leaf")

    def test_a_long_model_is_cut_and_that_is_said(self):
        model = long_model(self.folder, 20_000)
        errors = self.open(model, "#tree=5000")
        self.assertIn("of 20000", errors)
        self.assertIn("--report-trees", errors)
        self.assertIn("--report-trees", self.texts(".note")[0])
        self.assertIn("Tree 5000 of 20000", self.texts("#place")[0])
        self.picture("long")
        self.assertEqual(self.open(model, "#tree=19999", "--report-trees", "19990-19999")
                         .count("trees 19990 to 19999 of 20000"), 1)
        self.assertIn("Tree 19999 of 20000", self.texts("#place")[0])

    # What must not happen

    def test_names_stay_text(self):
        model = hostile_model(self.folder)
        self.open(model, "#tree=3")
        self.assertEqual(self.ask("document.scripts.length"), 2)
        self.assertEqual(self.count("img"), 0)
        self.assertEqual(self.count("b"), 0)
        names = self.texts("#table tbody th")
        self.assertEqual(names[:3], [
            HOSTILE_NAMES["region"], HOSTILE_NAMES["population"], "\\u{202E}\"'&lt;b>"])
        cells = self.texts("#table tbody td:last-child")
        self.assertIn("</script><script>alert(3)</script>, <!--\\u{0}\\u{1B}[31m", cells[4])
        self.picture("hostile")

    def test_a_script_that_got_in_would_not_run(self):
        page = self.folder / "broken-in.html"
        treec(DEMO, "--report", page)
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("<main>", "<main><script>document.title = 'mine'</script>"),
                        encoding="utf-8")
        self.browser.look()
        self.browser.open(page.as_uri())
        self.assertNotEqual(self.ask("document.title"), "mine")
        self.assertTrue(any("Content Security Policy" in text for text in self.browser.complaints))
        self.browser.complaints.clear()

    @unittest.skipUnless(shutil.which("dot"), "Graphviz is not installed")
    def test_graphviz_accepts_the_drawings(self):
        self.open(LEAF)
        for model in (DEMO, DEEP, LINEAR, CATEGORIES, LEAF, hostile_model(self.folder)):
            drawing = treec(model, "--tree", 0, "--dot").stdout
            answer = subprocess.run(
                ["dot", "-Tsvg"], input=drawing, capture_output=True, text=True, check=False)
            self.assertEqual((answer.returncode, answer.stderr), (0, ""), model)
            self.assertIn("</svg>", answer.stdout)


def main():
    global options
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", default=ROOT / ".build" / "release" / "treec",
                        type=pathlib.Path, help="the program")
    parser.add_argument("--screenshots", default=ROOT / ".build" / "screenshots",
                        type=pathlib.Path, help="the folder for the pictures")
    options, rest = parser.parse_known_args()
    options.treec = options.treec.resolve()
    options.screenshots.mkdir(parents=True, exist_ok=True)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
