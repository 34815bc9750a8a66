"""Rasterises the drawn world's subjects from the Noto Emoji of @iconify-json/noto; no part of the build.

    npm pack @iconify-json/noto@1.2.9 && tar xf iconify-json-noto-1.2.9.tgz
    pip install resvg_py
    python rasterise.py package/icons.json ../resources/dev/polyptych/nano/world
"""

import json
import pathlib
import sys

import resvg_py

SUBJECTS = """fox owl octopus fish butterfly snail turtle elephant penguin rocket sailboat car robot
mushroom cactus sunflower pineapple teapot umbrella balloon frog panda cat crab""".split()
NAMES_THERE = {"fish": "tropical-fish", "car": "automobile", "cat": "cat-face"}

icons = json.loads(pathlib.Path(sys.argv[1]).read_text())
for subject in SUBJECTS:
    icon = icons["icons"][NAMES_THERE.get(subject, subject)]
    width, height = (icon.get(side, icons.get(side, 16)) for side in ("width", "height"))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="256" height="256" viewBox="0 0 {width} {height}">{icon["body"]}</svg>'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg))
    pathlib.Path(sys.argv[2], f"{subject}.png").write_bytes(png)
