"""Take pictures of the running demo with a headless browser.

    python -m sandbox.pictures http://127.0.0.1:8069 DATABASE LIST.json BROWSER

Runs in the sandbox's Python. The list holds one object per picture: `login`, `url`,
`wait` (a CSS selector that shows the page is ready), `file`; if wanted `click`
(selectors, in order), `lang`, `width` and `height`. Files are written beside the list.
"""

import argparse
import base64
import json
import subprocess
import tempfile
import time
import urllib.request
from http.cookies import SimpleCookie
from pathlib import Path

import websocket

PATIENCE = 90
# Charts and fades are still when this has passed.
SECONDS_TO_SETTLE = 1.5


def wait_until(condition, what):
    """Poll until `condition()` is true and return it; raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.2)
    raise TimeoutError(f"{what} did not appear within {PATIENCE} s")


class Person:
    """Somebody logged in to Odoo."""

    def __init__(self, site, database, login):
        self.site = site
        self.cookie = ""
        credentials = {"db": database, "login": login, "password": login}
        self.uid = self._call("/web/session/authenticate", credentials)["uid"]

    def _call(self, path, params):
        """Make one JSON call and keep the session's cookie; returns the result."""
        request = urllib.request.Request(
            self.site + path,
            json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            {
                "Content-Type": "application/json",
                "Cookie": f"session_id={self.cookie}",
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            cookies = SimpleCookie(response.headers.get("Set-Cookie", ""))
            answer = json.load(response)
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        if "session_id" in cookies:
            self.cookie = cookies["session_id"].value
        return answer["result"]

    def speak(self, lang):
        """Choose the language of this person's pages."""
        params = {
            "model": "res.users",
            "method": "write",
            "args": [[self.uid], {"lang": lang}],
            "kwargs": {},
        }
        self._call("/web/dataset/call_kw/res.users/write", params)


class Browser:
    """One headless browser, driven through its debugging protocol."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                f"--user-data-dir={folder}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file = Path(folder) / "DevToolsActivePort"
        text = wait_until(lambda: _text(port_file), "the browser")
        self.socket = websocket.create_connection(
            self._page_address(text.split()[0]), suppress_origin=True, timeout=PATIENCE
        )
        self.number = 0
        self.call("Page.enable")

    def _page_address(self, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            pages = [page for page in json.load(answer) if page["type"] == "page"]
        return pages[0]["webSocketDebuggerUrl"]

    def call(self, method, **params):
        """Send one command and return its result; events in between are passed over."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression):
        """Return the value of an expression of the page; None while it cannot tell."""
        answer = self.call("Runtime.evaluate", expression=expression)
        return answer["result"].get("value")

    def find(self, selector):
        quoted = json.dumps(selector)
        wait_until(
            lambda: self.evaluate(f"!!document.querySelector({quoted})"), selector
        )
        return f"document.querySelector({quoted})"

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()


def _text(path):
    return path.read_text() if path.is_file() else ""


def take(browser, person, picture):
    """Take one picture; returns it as PNG bytes."""
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=picture.get("width", 1440),
        height=picture.get("height", 900),
        deviceScaleFactor=1,
        mobile=False,
    )
    browser.call(
        "Network.setCookie",
        name="session_id",
        value=person.cookie,
        url=person.site,
    )
    # A page that stays on the same address would not be loaded again.
    browser.call("Page.navigate", url="about:blank")
    browser.call("Page.navigate", url=person.site + picture["url"])
    for selector in picture.get("click", []):
        browser.evaluate(f"{browser.find(selector)}.click()")
    browser.find(picture["wait"])
    time.sleep(SECONDS_TO_SETTLE)
    shot = browser.call("Page.captureScreenshot", format="png")
    return base64.b64decode(shot["data"])


def take_all(site, database, list_file, program):
    """Take every picture of a list."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(program, folder)
        try:
            for picture in json.loads(list_file.read_text()):
                person = Person(site, database, picture["login"])
                person.speak(picture.get("lang", "en_US"))
                target = list_file.parent / picture["file"]
                target.write_bytes(take(browser, person, picture))
                person.speak("en_US")
                print(f"   {target.name}", flush=True)
        finally:
            browser.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("database")
    parser.add_argument("list", type=Path)
    parser.add_argument("browser")
    chosen = parser.parse_args()
    take_all(chosen.site, chosen.database, chosen.list, chosen.browser)


if __name__ == "__main__":
    main()
