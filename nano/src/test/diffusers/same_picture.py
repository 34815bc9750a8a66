"""Draws the example of a task with nano and its adapter twice, by polyptych and by diffusers, from the
same noise, and prints how much the two pictures differ.

    python -m venv venv && venv/bin/pip install torch diffusers transformers peft safetensors pillow pyyaml
    venv/bin/python nano/src/test/diffusers/same_picture.py film-storyboard

The adapter is loaded with diffusers' own load_lora_weights. Exit status 1 if the pictures differ by
more than the engine's tolerance, 1/255 on average.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
import yaml
from diffusers import FluxPipeline
from PIL import Image
from safetensors.torch import load_file, save_file

ROOT = pathlib.Path(__file__).resolve().parents[4]
TOLERANCE = 1.0  # of 255
TOKEN = 16  # pixels
TEXT_TOKENS = 48


def catalog_task(name):
    catalog = ROOT / "schema/src/main/resources/dev/polyptych/schema/catalog/nano.yaml"
    tasks = yaml.safe_load(catalog.read_text())["tasks"]
    return next(task for task in tasks if task["id"] == name)


def composed(task):
    prompt = task["template"].replace("{prompt}", task["example"]["prompt"])
    for number, text in enumerate(task["example"]["panels"], 1):
        prompt = prompt.replace(f"{{panel{number}}}", text)
    return prompt


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("task")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "models/nano")
    parser.add_argument("--adapter", type=pathlib.Path)
    parser.add_argument("--polyptych", default=str(ROOT / "polyptych"))
    options = parser.parse_args()
    task = catalog_task(options.task)
    adapter = options.adapter or options.model / "adapters" / f"{task['adapter']}.safetensors"
    layout = task["layout"]
    width = layout["columns"] * layout["panelWidth"]
    height = layout["rows"] * layout["panelHeight"]
    steps = task["defaults"]["steps"]

    pipeline = FluxPipeline.from_pretrained(options.model, torch_dtype=torch.float32)
    pipeline.load_lora_weights(str(adapter.parent), weight_name=adapter.name)
    channels = pipeline.transformer.config.in_channels
    shape = (1, width // TOKEN * (height // TOKEN), channels)
    noise = torch.randn(shape, generator=torch.Generator().manual_seed(1))

    with tempfile.TemporaryDirectory() as folder:
        start = f"{folder}/noise.safetensors"
        end = f"{folder}/end.safetensors"
        save_file({"latents": noise}, start)
        subprocess.run(
            [options.polyptych, "engine", "--model", options.model, "--catalog", "nano"]
            + ["--task", task["id"], "--adapter", adapter, "--compute-type", "float32"]
            + ["--latents", start, "--dump", end, "--out", folder],
            check=True,
            stdout=sys.stderr,
        )
        ours = numpy.asarray(Image.open(f"{folder}/sheet.png").convert("RGB"), dtype=numpy.float64)
        our_latents = load_file(end)["latents"]

    arguments = dict(
        prompt=composed(task),
        width=width,
        height=height,
        num_inference_steps=steps,
        guidance_scale=1.0,
        max_sequence_length=TEXT_TOKENS,
        latents=noise,
    )
    their_latents = pipeline(output_type="latent", **arguments).images
    theirs = numpy.asarray(pipeline(**arguments).images[0], dtype=numpy.float64)

    apart = numpy.abs(ours - theirs)
    relative = ((our_latents - their_latents).norm() / their_latents.norm()).item()
    print(f"{task['id']}: latents apart by {relative:.2e} of their norm,")
    print(f"pictures by {apart.mean():.4f}/255 on average, {apart.max():.0f}/255 at most")
    return 0 if apart.mean() <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
