"""A headless Chromium, driven through the pipe of its DevTools protocol."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")


class BrowserError(Exception):
    """The browser is missing, does not answer or reports a failure."""


class Browser:
    """One browser with one page. It notes all that the page asks for and complains of."""

    def __init__(self, program=None, timeout=60):
        program = program or next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise BrowserError(f"none of {', '.join(PROGRAMS)} is installed")
        self.timeout = timeout
        self.requests = []
        self.complaints = []
        self._next_id = 0
        self._unread = b""
        self._events = []
        self._profile = tempfile.mkdtemp(prefix="treec-browser-")
        command_read, self._write = os.pipe()
        self._read, answer_write = os.pipe()
        arguments = [
            program, "--headless=new", "--remote-debugging-pipe", "--disable-gpu",
            "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-dev-shm-usage",
            f"--user-data-dir={self._profile}",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        # The browser reads its commands from descriptor 3 and answers on 4.
        self._process = subprocess.Popen(
            ["/bin/sh", "-c",
             f'exec "$@" 3<&{command_read} 4>&{answer_write}', "sh", *arguments],
            pass_fds=(command_read, answer_write), stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL)
        os.close(command_read)
        os.close(answer_write)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    # Messages

    def call(self, method, **parameters):
        """Sends a command and returns its result."""
        self._next_id += 1
        message = {"id": self._next_id, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data):]
        deadline = time.monotonic() + self.timeout
        while True:
            answer = self._receive(deadline, method)
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _receive(self, deadline, waiting_for):
        while b"\0" not in self._unread:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise BrowserError(f"no answer within {self.timeout} s: {waiting_for}")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise BrowserError(f"the browser has ended: {waiting_for}")
            self._unread += piece
        message, self._unread = self._unread.split(b"\0", 1)
        return json.loads(message)

    def _note(self, event):
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(parameters["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(str(parameters["args"]))
        elif method == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append(f"a dialog: {parameters['message']}")
        self._events.append(method)

    # The page

    def look(self, width=1280, height=900, dark=False):
        """Sets the size of the window, and whether it prefers a dark page."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, url):
        """Opens `url` afresh and waits until it is loaded."""
        self.call("Page.navigate", url="about:blank")
        self._wait_until_complete("about:blank")
        self.requests.clear()
        self.complaints.clear()
        self.call("Page.navigate", url=url)
        self._wait_until_complete(url)

    def _wait_until_complete(self, url):
        deadline = time.monotonic() + self.timeout
        address = url.split("#")[0]
        while not self.evaluate(
                f"document.readyState === 'complete' && "
                f"location.href.startsWith({json.dumps(address)})"):
            if time.monotonic() > deadline:
                raise BrowserError(f"{url} is not loaded within {self.timeout} s")
            time.sleep(0.02)

    def evaluate(self, expression):
        """The value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key):
        """Presses and releases a key by its name."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def point(self, x, y):
        """Moves the mouse."""
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def screenshot(self, path, whole=False):
        """Writes a picture of the window, or of the whole page, as PNG; returns its bytes."""
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        data = base64.b64decode(answer["data"])
        path.write_bytes(data)
        return data
