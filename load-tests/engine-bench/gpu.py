#!/usr/bin/env python3
"""Compares the engine's graphs with diffusers on a GPU, at FLUX.1-dev's full size with random weights.

Loads the archives that the engine itself loads, gives them the weights of diffusers' own modules as arguments, as the
engine does, and lets the graph, the graph with float8 weights, diffusers, and diffusers compiled work in turns, never two
at a time. A ratio is taken in each round; their median counts. Then it measures the text encoder in each place and an
adapter in each tier. Ends with status 1 where the arms do not compute the same.
"""
import argparse
import copy
import json
import logging
import os
import shutil
import statistics
import sys
import tempfile

import published

parser = argparse.ArgumentParser(description=__doc__)
published.add_arguments(parser)
parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"], help="cpu: with --size small, to try the script")
parser.add_argument("--size", default="full", choices=["full", "small"],
                    help="small: few narrow blocks, a quarter of the sheet's edges, 2 steps, the smallest task")
parser.add_argument("--dtype", default="bfloat16", choices=["bfloat16", "float32"], help="of the transformer")
parser.add_argument("--task", action="append", default=[],
                    help="sheet of this published task (may be repeated; default: the smallest, a middle one, the largest)")
parser.add_argument("--steps", type=int, help="of a job (default: the task's; small: 2)")
parser.add_argument("--rounds", type=int, default=5, help="paired jobs whose median counts")
parser.add_argument("--no-compile", action="store_true", help="leave out torch.compile (it needs a C++ compiler)")
parser.add_argument("--blocks", type=int, nargs=2, metavar=("DOUBLE", "SINGLE"),
                    help="numbers of blocks (default: the model's; small: 2 2)")
parser.add_argument("--json", action="store_true", help="print one JSON object")
options = parser.parse_args()
if options.rounds < 1 or (options.steps is not None and options.steps < 1):
    parser.error("--rounds and --steps must be at least 1")
if options.device == "cpu" and options.size == "full":
    parser.error("--size full on a CPU would take hours a round: add --size small")
if not options.no_compile and not any(shutil.which(name) for name in (os.environ.get("CXX", "g++"), "c++", "clang++")):
    parser.error("torch.compile needs a C++ compiler, and there is no g++ on the PATH: install one, or add --no-compile")

import torch  # noqa: E402

from arms import Inputs, Ours, Theirs, networks, small  # noqa: E402
from encoders import text  # noqa: E402
from float8 import Float8  # noqa: E402
from judge import FLOAT8_TOLERANCE, TOLERANCES, Agreement, Device, distance, say  # noqa: E402
from swaps import swaps  # noqa: E402

DTYPE = getattr(torch, options.dtype)
device = Device(options.device)


def compare(arms, inputs, agreement):
    # diffusers multiplies guidance by 1000 in the model's type: in bfloat16 that is exact for 4, not for 3.5.
    ours, theirs = arms["ours"], arms["eager"]
    reference = theirs.first_velocity(inputs, 4.0)
    name = inputs.sheet.name
    agreement.check(f"{name}_velocity_distance", distance(ours.first_velocity(inputs, 4.0), reference), TOLERANCES[inputs.dtype])
    agreement.check(f"{name}_float8_velocity_distance", distance(arms["float8"].first_velocity(inputs, 4.0), reference),
                    FLOAT8_TOLERANCE)
    pictures = [arm.picture(inputs, inputs.latents) for arm in (ours, theirs)]
    # A GPU convolves in TF32, which has as few digits as half precision.
    agreement.check(f"{name}_picture_distance", distance(*pictures), 1e-2 if device.cuda else 1e-4)
    if "compiled" in arms:
        compiled = arms["compiled"].first_velocity(inputs, 4.0)
        agreement.check(f"{name}_compiled_velocity_distance", distance(compiled, reference), TOLERANCES[inputs.dtype])


def one_block_of_each(flux, sheet, agreement):
    """In float32, at full width."""
    shallow = copy.copy(flux)
    shallow.transformer = dict(flux.transformer, num_layers=1, num_single_layers=1)
    transformer, vae = networks(shallow, torch.float32, device.kind)
    inputs = Inputs(shallow, sheet, 1, torch.float32, device.kind)
    ours = Ours(shallow, transformer, vae, device.kind)
    velocities = [arm.first_velocity(inputs, 4.0) for arm in (ours, Theirs(shallow, transformer, vae))]
    agreement.check("one_block_of_each_float32_velocity_distance", distance(*velocities), TOLERANCES[torch.float32])
    # Widened at each product or before all of them: the same bits.
    float8 = Float8(shallow, transformer, vae, device.kind, scaled=False)
    velocities = [float8.first_velocity(inputs, 4.0), ours.first_velocity(inputs, 4.0, float8.widened())]
    agreement.check("one_block_of_each_float8_velocity_distance", distance(*velocities), 0.0)


def job(arm, inputs):
    """Seconds of a job's steps and of its decoding, and the memory that both take beside what was there before."""
    before = device.allocated()
    device.forget_peak()
    steps, latents = device.timed(lambda: arm.steps(inputs))
    steps_peak = device.peak()
    device.forget_peak()
    decode, _ = device.timed(lambda: arm.decode(inputs, latents))
    times = {"steps": steps, "step": steps / inputs.steps, "decode": decode, "job": steps + decode}
    return dict(times, steps_work=steps_peak - before, decode_work=device.peak() - before) if device.cuda else times


def strips(flux, ours, inputs, agreement):
    """Seconds and memory of decoding in strips, which the plan takes where a whole sheet does not fit."""
    name, taken, work = inputs.sheet.name, [], []
    for _ in range(options.rounds + 1):
        before = device.allocated()
        device.forget_peak()
        seconds, picture = device.timed(lambda: ours.picture_in_strips(inputs, inputs.latents))
        taken.append(seconds)
        if device.cuda:
            work.append(device.peak() - before)
    agreement.check(f"{name}_strips_distance", distance(picture, ours.picture(inputs, inputs.latents)), 1e-2 if device.cuda else 1e-4)
    figures = {f"{name}_strips_seconds": statistics.median(taken[1:])}
    if device.cuda:
        figures[f"{name}_strips_work_bytes"] = max(work[1:])
    figures[f"{name}_planned_strips_work_bytes"] = flux.plan(name, "bfloat16", decoding="strips")["use"]["decode"]
    return figures


def planned(flux, sheet):
    """What the engine plans at full size, without text encoders and what a GPU's driver and libraries take."""
    figures = {}
    for weights in ("bfloat16", "float8"):
        use = flux.plan(sheet.name, weights)["use"]
        beside = use["transformer"] + use["modulation"] + use["autoencoder"]
        figures[f"planned_{weights}_steps_work_bytes"] = use["step"]
        figures[f"planned_{weights}_decode_work_bytes"] = use["decode"]
        figures[f"planned_{weights}_alone_peak_bytes"] = beside + max(use["step"], use["decode"])
    return figures


def race(flux, arms, inputs, vae_bytes):
    """Figures of one sheet: medians of each arm, and of the rounds' ratios."""
    for name, arm in arms.items():
        seconds, _ = device.timed(lambda: job(arm, inputs))
        say(f"{inputs.sheet.name}: {name} warmed up in {seconds:.1f} s")
        device.free()
    rounds = []
    for i in range(options.rounds):
        # The first arm changes, so that no arm always runs after the same other one.
        names = list(arms)
        names = names[i % len(names):] + names[:i % len(names)]
        rounds.append({name: job(arms[name], inputs) for name in names})
        say(f"{inputs.sheet.name}: round {i + 1}: " + ", ".join(f"{name} {rounds[-1][name]['job']:.3f} s" for name in arms))
    figures = {}
    for part in ("step", "steps", "decode", "job"):
        for name in arms:
            figures[f"{name}_{part}_seconds"] = statistics.median(r[name][part] for r in rounds)
        for name in arms:
            if name != "ours":
                figures[f"{part}_ratio_to_{name}"] = statistics.median(r["ours"][part] / r[name][part] for r in rounds)
    for name, arm in arms.items():
        if device.cuda:
            work = {part: max(r[name][f"{part}_work"] for r in rounds) for part in ("steps", "decode")}
            figures.update({f"{name}_{part}_work_bytes": size for part, size in work.items()})
            # As if this arm were alone on the device: all of them share the rest of its memory.
            figures[f"{name}_alone_peak_bytes"] = arms["float8" if name == "float8" else "ours"].weights_bytes \
                + vae_bytes + max(work.values())
    figures.update(planned(flux, inputs.sheet))
    return {f"{inputs.sheet.name}_{name}": value for name, value in figures.items()}


def planned_text(flux, sheet):
    """Of both text encoders at full size: their weights, and what a new prompt takes of the device beside the rest."""
    figures = {}
    for weights in ("bfloat16", "float8"):
        use = flux.plan(sheet.name, weights)["use"]
        figures[f"planned_text_{weights}_weights_bytes"] = use["text"]
        figures[f"planned_text_{weights}_peak_bytes"] = use["text"] + use["encode"]
    return figures


def measured(flux, sheets, work):
    agreement = Agreement()
    one_block_of_each(flux, sheets[0], agreement)
    device.free()
    figures = text(flux, DTYPE, work, device, agreement, options.rounds)
    figures.update(planned_text(flux, sheets[0]))
    device.free()
    say(f"making {options.size} networks with random weights on {device.name}")
    transformer, vae = networks(flux, DTYPE, device.kind)
    arms = {"ours": Ours(flux, transformer, vae, device.kind), "float8": Float8(flux, transformer, vae, device.kind),
            "eager": Theirs(flux, transformer, vae)}
    if not options.no_compile:
        arms["compiled"] = Theirs(flux, transformer, vae, compiled=True)
    parameters = sum(p.numel() for p in transformer.parameters())
    say(f"{parameters / 1e9:.3f} G parameters in the transformer")
    vae_bytes = 4 * sum(p.numel() for p in vae.parameters())
    figures.update({"transformer_parameters": parameters, "float8_multiplied": float(arms["float8"].scaled)})
    for name in ("ours", "float8"):
        figures[f"{name}_transformer_weights_bytes"] = arms[name].weights_bytes
    for weights in ("bfloat16", "float8"):
        use = flux.plan(sheets[0].name, weights)["use"]
        figures[f"planned_{weights}_transformer_weights_bytes"] = use["transformer"] + use["modulation"]
    for sheet in sheets:
        inputs = Inputs(flux, sheet, options.steps or (2 if options.size == "small" else sheet.steps), DTYPE, device.kind)
        compare(arms, inputs, agreement)
        figures.update(race(flux, arms, inputs, vae_bytes))
        figures.update(strips(flux, arms["ours"], inputs, agreement))
    figures.update(swaps(arms["ours"], transformer, inputs, work, device, agreement, options.rounds))
    return figures, agreement


def report(figures, agreement):
    dry = options.size == "small" or not device.cuda
    machine = {"device": device.name, "torch": torch.__version__, "diffusers": __import__("diffusers").__version__,
               "cuda": torch.version.cuda, "dtype": options.dtype, "size": options.size, "rounds": options.rounds}
    figures.update(agreement.found)
    if options.json:
        print(json.dumps({"bench": "engine-gpu", "machine": machine, "dryRun": dry, "agrees": not agreement.failed,
                          "figures": figures, "aims": []}))
        return
    if dry:
        print("DRY RUN: shows that the script works; its speeds mean nothing")
    for name, value in machine.items():
        print(f"{name:58} {value}")
    for name, value in figures.items():
        print(f"{name:58} {value:14.6g}")
    print("all arms agree" if not agreement.failed else "THE ARMS DO NOT AGREE: " + ", ".join(agreement.failed))


def main():
    logging.disable(logging.WARNING)  # diffusers warns that a network is cast, which is meant
    with tempfile.TemporaryDirectory() as work, torch.inference_mode():
        flux = published.opened(options, work)
        sheets = flux.named(options.task) if options.task else flux.three()
        if options.size == "small":
            small(flux)
            sheets = [sheet.quartered() for sheet in (sheets if options.task else sheets[:1])]
        if options.blocks:
            flux.transformer.update(num_layers=options.blocks[0], num_single_layers=options.blocks[1])
        try:
            figures, agreement = measured(flux, sheets, work)
        except torch.OutOfMemoryError as full:
            sys.exit(f"{full}\n{device.name} has too little memory for this; roofline.py prints what each sheet needs")
    report(figures, agreement)
    sys.exit(1 if agreement.failed else 0)


main()
