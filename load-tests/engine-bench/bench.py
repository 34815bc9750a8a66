#!/usr/bin/env python3
"""Compares Polyptych's engine with diffusers: same weights, same noise, same PyTorch, call by call in turns.

Starts `polyptych bench engine --on-request ...` with the arguments after `--`, loads the folder that it names into
diffusers, and lets the two draw alternately, never both at a time. A ratio is taken in each round; their median counts.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--json", action="store_true", help="print one JSON object")
parser.add_argument("--polyptych", default="./polyptych", help="the launcher")
parser.add_argument("--rounds", type=int, default=9, help="paired calls whose median counts")
parser.add_argument("--warm-up", type=int, default=2, metavar="ROUNDS", help="rounds before those that count")
parser.add_argument("--compile", action="store_true", help="torch.compile the transformer (and the decoder) of diffusers")
parser.add_argument("--wait-policy", default="PASSIVE", choices=["PASSIVE", "ACTIVE", "default"],
                    help="OpenMP threads without work, of both: sleep, or spin (for a machine with nothing else to do)")
parser.add_argument("engine", nargs="*", help="arguments of `polyptych bench engine`, after --")
options = parser.parse_args()

# OpenMP reads it when PyTorch is loaded.
if options.wait_policy != "default":
    os.environ["OMP_WAIT_POLICY"] = options.wait_policy

import numpy  # noqa: E402
import torch  # noqa: E402
from diffusers import FluxPipeline  # noqa: E402
from safetensors.torch import load_file  # noqa: E402


class Ours:
    """The engine in its own process: one call for a line on its input."""

    def __init__(self):
        command = [options.polyptych, "bench", "engine", "--on-request", *options.engine]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.hello = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("polyptych ended; its own words are above")
        return json.loads(line)

    def draw(self, prompt):
        self.process.stdin.write(prompt + "\n")
        self.process.stdin.flush()
        return self.answer()

    def latents(self):
        return load_file(f"{self.hello['work']}/latents.safetensors")["latents"]

    def picture(self):
        shape = (self.hello["height"], self.hello["width"], 3)
        return numpy.fromfile(f"{self.hello['work']}/picture.rgb", dtype=numpy.uint8).reshape(shape)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Theirs:
    """diffusers in this process."""

    def __init__(self, hello):
        self.hello = hello
        self.dtype = getattr(torch, hello["dtype"])
        torch.set_num_threads(hello["threads"])
        device = "cuda" if hello["machine"]["device"].startswith("gpu") else "cpu"
        self.pipe = FluxPipeline.from_pretrained(hello["folder"], dtype=self.dtype).to(device)
        self.pipe.set_progress_bar_config(disable=True)
        # As the engine does: FLUX's autoencoder is meant to compute in float32.
        self.pipe.vae.to(torch.float32)
        if hello["way"] != "NONE":
            self.pipe.load_lora_weights(hello["adapter"])
        if hello["way"] == "MERGED":
            self.pipe.fuse_lora()
        if options.compile:
            self.pipe.transformer = torch.compile(self.pipe.transformer, dynamic=False)
            self.pipe.vae.decode = torch.compile(self.pipe.vae.decode, dynamic=False)
        self.noise = load_file(f"{hello['work']}/noise.safetensors")["latents"]
        self.sheets = hello["sheets"]

    def draw(self, prompt):
        steps = []

        def stepped(pipe, step, timestep, kwargs):
            steps.append(time.perf_counter())
            return kwargs

        cpu, begin = time.process_time(), time.perf_counter()
        prompts = [f"{prompt} {i}" for i in range(self.sheets)]
        with torch.inference_mode():
            self.latents = self.pipe(
                prompt=prompts, width=self.hello["width"], height=self.hello["height"],
                num_inference_steps=self.hello["steps"], guidance_scale=self.hello["guidance"],
                max_sequence_length=self.hello["textTokens"],
                latents=self.noise.to(self.pipe.device).expand(self.sheets, -1, -1).clone(),
                output_type="latent", callback_on_step_end=stepped).images
            denoised = time.perf_counter()
            if self.hello["decoding"]:
                self.image = self.decode(self.latents)
        end = time.perf_counter()
        gaps = [b - a for a, b in zip(steps, steps[1:])]
        # The start of the first step is not known. The rest is the work that all steps share.
        step = statistics.median(gaps) if gaps else denoised - begin
        return {"seconds": end - begin, "cpuSeconds": time.process_time() - cpu,
                "beginSeconds": denoised - begin - step * len(steps), "stepSeconds": step,
                "decodeSeconds": end - denoised}

    def decode(self, latents):
        """What FluxPipeline does after its last step, in the autoencoder's own type."""
        pipe = self.pipe
        cells = pipe._unpack_latents(latents, self.hello["height"], self.hello["width"], pipe.vae_scale_factor)
        cells = cells.to(torch.float32) / pipe.vae.config.scaling_factor + pipe.vae.config.shift_factor
        pixels = pipe.image_processor.postprocess(pipe.vae.decode(cells, return_dict=False)[0], output_type="np")
        return (pixels[-1] * 255).round().astype(numpy.uint8)


def differences(ours, theirs):
    """Of what was drawn last: latents (relative root mean square), pixels (mean absolute, in levels of 255)."""
    a, b = ours.latents().double(), theirs.latents[-1:].double().cpu()
    found = {"latents_relative_difference": float((a - b).norm() / b.norm())}
    if ours.hello["decoding"]:
        found["picture_mean_difference_levels"] = float(numpy.abs(ours.picture().astype(float) - theirs.image).mean())
    return found


def report(hello, rounds, difference):
    figures = {}
    for name, key in (("job", "seconds"), ("job_cpu", "cpuSeconds"), ("begin", "beginSeconds"),
                      ("step", "stepSeconds"), ("decode", "decodeSeconds")):
        if key == "decodeSeconds" and not hello["decoding"]:
            continue
        ours = [o[key] for o, _ in rounds]
        theirs = [t[key] for _, t in rounds]
        figures[f"ours_{name}_seconds"] = statistics.median(ours)
        figures[f"theirs_{name}_seconds"] = statistics.median(theirs)
        figures[f"{name}_ratio"] = statistics.median(a / b for a, b in zip(ours, theirs))
    figures.update(difference)
    nano = hello["folder"].rstrip("/").endswith("nano")
    bound = 0.7 if nano else 1.0
    aims = [{"name": "job_ratio", "aim": f"<= {bound}", "value": figures["job_ratio"], "met": figures["job_ratio"] <= bound}]
    machine = dict(hello["machine"], torch=torch.__version__, diffusers=__import__("diffusers").__version__,
                   theirs="compiled" if options.compile else "eager", engine=" ".join(options.engine))
    return {"bench": "engine-pair", "machine": machine, "figures": figures, "aims": aims}


def main():
    ours = Ours()
    theirs = Theirs(ours.hello)
    for i in range(options.warm_up):
        theirs.draw(f"warm-up {i}")
        ours.draw(f"warm-up {i}")
    rounds = []
    for i in range(options.rounds):
        # A new prompt each time, so that no engine has it in its cache.
        prompt = f"{ours.hello['prompt']} {i}"
        # The first engine changes, so that none always runs after the other.
        if i % 2:
            theirs_call = theirs.draw(prompt)
            rounds.append((ours.draw(prompt), theirs_call))
        else:
            rounds.append((ours.draw(prompt), theirs.draw(prompt)))
        print(f"round {i + 1}: ours {rounds[-1][0]['seconds']:.4f} s, theirs {rounds[-1][1]['seconds']:.4f} s", file=sys.stderr)
    difference = differences(ours, theirs)
    ours.close()
    result = report(ours.hello, rounds, difference)
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result["figures"].items():
        print(f"{name:48} {value:12.6g}")
    for aim in result["aims"]:
        print(f"{aim['name']:48} {aim['value']:12.6g}  aim {aim['aim']}: {'met' if aim['met'] else 'missed'}")


main()
