"""What `polyptych bench engine --write-graphs FOLDER` writes: archives, FLUX.1-dev's sizes, the published sheets, plans."""
import json
import pathlib
import subprocess
import sys

TOKEN = 16  # pixels of an image token's edge: 8 of the autoencoder's factor, twice
TEXT_TOKENS = 512


class Sheet:
    """One task's sheet: sizes in pixels, image tokens."""

    def __init__(self, name, width, height, steps, guidance):
        self.name, self.width, self.height, self.steps, self.guidance = name, width, height, steps, guidance
        self.rows, self.columns = height // TOKEN, width // TOKEN
        self.tokens = self.rows * self.columns

    def quartered(self):
        """A quarter of the edges, for trying things out."""
        rows, columns = max(1, self.rows // 4), max(1, self.columns // 4)
        return Sheet(self.name, columns * TOKEN, rows * TOKEN, self.steps, self.guidance)


class Published:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        if not (self.folder / "plans.json").exists():
            sys.exit(f"{folder} holds no plans.json: write it with `polyptych bench engine --write-graphs {folder}`")
        self.transformer = self.config("transformer/config.json")
        self.vae = self.config("vae/config.json")
        self.t5 = self.config("text_encoder_2/config.json")
        self.scheduler = self.config("scheduler/scheduler_config.json")
        tasks = json.loads((self.folder / "tasks.json").read_text())
        self.sheets = [Sheet(t["id"], t["width"], t["height"], t["steps"], t["guidance"]) for t in tasks]

        self.plans = json.loads((self.folder / "plans.json").read_text())

    def plan(self, task, weights, text="resident", decoding="whole"):
        """What the engine plans for this sheet on a GPU at full size, in bfloat16; the modulation stays on the device."""
        wanted = {"task": task, "weights": weights, "text": text, "decoding": decoding, "modulationMoved": False}
        return next(plan for plan in self.plans if wanted.items() <= plan.items())

    def config(self, name):
        return json.loads((self.folder / "flux.1-dev" / name).read_text())

    def archive(self, name):
        return str(self.folder / f"{name}.pt")

    def three(self):
        """The smallest sheet, the one in the middle, the largest."""
        by_size = sorted(self.sheets, key=lambda sheet: sheet.tokens)
        return [by_size[0], by_size[len(by_size) // 2 - 1], by_size[-1]]

    def named(self, names):
        unknown = [name for name in names if name not in [sheet.name for sheet in self.sheets]]
        if unknown:
            known = ", ".join(sheet.name for sheet in self.sheets)
            sys.exit(f"--task: no published task is called {unknown[0]}; there are {known}")
        return [sheet for sheet in self.sheets if sheet.name in names]


def add_arguments(parser):
    parser.add_argument("--graphs", metavar="FOLDER",
                        help="what `polyptych bench engine --write-graphs FOLDER` wrote (default: it is run now)")
    parser.add_argument("--polyptych", default="./polyptych", help="the launcher that writes the graphs")


def opened(options, work):
    """The folder that was named, or a new one below `work`."""
    if options.graphs:
        return Published(options.graphs)
    folder = f"{work}/graphs"
    command = [options.polyptych, "bench", "engine", "--write-graphs", folder]
    try:
        subprocess.run(command, check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as problem:
        sys.exit(f"the graphs could not be written ({problem}): name the launcher with --polyptych,"
                 " or a folder that was written before with --graphs")
    return Published(folder)
