#!/usr/bin/env python3
"""ESTIMATE, not a measurement: how long FLUX.1-dev's ten published sheets take on GPUs that were not available.

Counts operations and bytes of the engine's graphs from the model's configuration and a sheet's tokens, and divides
them by what data sheets promise: the bound that no program passes. Published times of diffusers on the same model give
the part of that bound which is reached in practice. The counts are checked against PyTorch's own, of the very graph at
full size on tensors without memory; the script fails where they differ.
"""
import argparse
import collections
import json
import sys
import tempfile

import published

# Dense peaks in operations a second (the data sheets' sparse figures halved), bytes a second, bytes. The data sheets' figures
# as others quote them: the sheets themselves were not at hand.
Gpu = collections.namedtuple("Gpu", "bf16 tf32 bandwidth memory")
GPUS = {
    # NVIDIA H100 Tensor Core GPU data sheet, SXM: BF16 1,979 and TF32 989 TFLOPS with sparsity, 3.35 TB/s, 80 GB
    "H100 SXM": Gpu(989.4e12, 494.7e12, 3.35e12, 80e9),
    # NVIDIA A100 Tensor Core GPU data sheet, 80 GB SXM: BF16 312 and TF32 156 TFLOPS, 2,039 GB/s
    "A100-80": Gpu(312e12, 156e12, 2.039e12, 80e9),
    # NVIDIA L40S data sheet: BF16 362.05 and TF32 183 TFLOPS, 864 GB/s, 48 GB
    "L40S": Gpu(362.05e12, 183e12, 864e9, 48e9),
    # NVIDIA Ada GPU architecture white paper, appendix A: BF16 with FP32 accumulate 165.2, TF32 82.6, 1,008 GB/s, 24 GB
    "RTX 4090": Gpu(165.2e12, 82.6e12, 1.008e12, 24e9),
}
# NVIDIA L20 data sheet: BF16 119.5 and TF32 59.8 TFLOPS, 864 GB/s, 48 GB (92 of an L40S's 142 multiprocessors at half its
# tensor cores' rate). Only for what was published about it.
L20 = Gpu(119.5e12, 59.8e12, 864e9, 48e9)

# Seconds of FLUX.1-dev at 1024 x 1024 in bfloat16, 28 steps, one GPU, diffusers eager and with torch.compile.
Times = collections.namedtuple("Times", "gpu eager compiled source")
H100_TIMES = Times(GPUS["H100 SXM"], 6.71, 4.30, "xDiT, docs/performance/flux.md")
A100_TIMES = Times(GPUS["A100-80"], 13.84, 10.00, "ParaAttention, README")
L20_TIMES = Times(L20, 26.36, None, "diffusers, docs on para_attn")
PUBLISHED = {
    "H100 SXM": H100_TIMES,
    "A100-80": A100_TIMES,
    # None is known: the H100's, whose tensor cores, too, get few bytes for their speed. It may be less.
    "L40S": H100_TIMES._replace(source="none; the H100's taken"),
    # None in bfloat16 is known: the L20's, the same chip with tensor cores at the same half rate.
    "RTX 4090": L20_TIMES._replace(source="none; the L20's taken (diffusers, docs on para_attn)"),
}

Part = collections.namedtuple("Part", "kind flops bytes times")


def linear(rows, inputs, outputs, times=1, size=2):
    return Part("linear", 2 * rows * inputs * outputs, size * (rows * inputs + inputs * outputs + rows * outputs), times)


def attention(tokens, width, times=1, size=2):
    """Scores stay in the kernel: queries, keys and values are read, the result is written."""
    return Part("attention", 4 * tokens * tokens * width, size * 4 * tokens * width, times)


def convolution(inputs, outputs, edge, cells, size=4):
    weights = inputs * outputs * edge * edge
    return Part("convolution", 2 * weights * cells, size * (inputs * cells + weights + outputs * cells), 1)


def width_of(config):
    return config["num_attention_heads"] * config["attention_head_dim"]


def step(config, tokens, text):
    """One step of the graph: what depends on the latents."""
    width, doubles, singles = width_of(config), config["num_layers"], config["num_single_layers"]
    parts = [linear(tokens, config["in_channels"], width), linear(tokens, width, config["in_channels"])]
    for rows in (tokens, text):
        parts += [linear(rows, width, width, 4 * doubles), linear(rows, width, 4 * width, doubles),
                  linear(rows, 4 * width, width, doubles)]
    rows = tokens + text
    parts += [linear(rows, width, width, 3 * singles), linear(rows, width, 4 * width, singles),
              linear(rows, 5 * width, width, singles), attention(rows, width, doubles + singles)]
    return parts


def preparation(config, steps, text):
    """Once a job: text, guidance and pooled text; noise levels and modulations of all steps together."""
    width, doubles, singles = width_of(config), config["num_layers"], config["num_single_layers"]
    parts = [linear(text, config["joint_attention_dim"], width),
             linear(steps, 256, width), linear(steps, width, width),
             linear(1, config["pooled_projection_dim"], width), linear(1, width, width),
             linear(steps, width, 6 * width, 2 * doubles), linear(steps, width, 3 * width, singles),
             linear(steps, width, 2 * width)]
    if config["guidance_embeds"]:
        parts += [linear(1, 256, width), linear(1, width, width)]
    return parts


def decoding(config, cells, size=4):
    """The decoder from `cells` latent cells; the engine computes it in float32."""
    widths, top = config["block_out_channels"], config["block_out_channels"][-1]
    parts = [convolution(config["latent_channels"], top, 3, cells, size)]
    parts += [convolution(top, top, 3, cells, size)] * 4
    parts += [linear(cells, top, top, 4, size), attention(cells, top, 1, size)]
    before = top
    for level, width in enumerate(reversed(widths)):
        for block in range(config["layers_per_block"] + 1):
            parts += [convolution(before, width, 3, cells, size), convolution(width, width, 3, cells, size)]
            if before != width:
                parts += [convolution(before, width, 1, cells, size)]
            before = width
        if level < len(widths) - 1:
            cells *= 4
            parts += [convolution(width, width, 3, cells, size)]
    return parts + [convolution(widths[0], config["out_channels"], 3, cells, size)]


def flops(parts):
    return sum(part.flops * part.times for part in parts)


def moved(parts):
    return sum(part.bytes * part.times for part in parts)


def seconds(parts, peak, bandwidth):
    """Each part takes as long as its operations or its bytes, whichever is longer; all else is free."""
    return sum(max(part.flops / peak, part.bytes / bandwidth) * part.times for part in parts)


class Estimate:
    def __init__(self, flux):
        self.flux = flux

    def parts(self, sheet):
        return (step(self.flux.transformer, sheet.tokens, published.TEXT_TOKENS),
                preparation(self.flux.transformer, sheet.steps, published.TEXT_TOKENS),
                decoding(self.flux.vae, 4 * sheet.tokens))

    def efficiency(self, times):
        """Parts of the bound that the published times reached: (eager, compiled or None)."""
        square = published.Sheet("1024x1024", 1024, 1024, 28, 3.5)
        each, begin, _ = self.parts(square)
        gpu = times.gpu
        # The published pipelines decode in bfloat16. Their text encoders (under 1 % of the operations) are left out.
        bound = (seconds(begin, gpu.bf16, gpu.bandwidth) + square.steps * seconds(each, gpu.bf16, gpu.bandwidth)
                 + seconds(decoding(self.flux.vae, 4 * square.tokens, 2), gpu.bf16, gpu.bandwidth))
        return bound / times.eager, bound / times.compiled if times.compiled else None

    def figures(self, sheet, name):
        gpu = GPUS[name]
        each, begin, end = self.parts(sheet)
        one = seconds(each, gpu.bf16, gpu.bandwidth)
        decode = seconds(end, gpu.tf32, gpu.bandwidth)
        job = seconds(begin, gpu.bf16, gpu.bandwidth) + sheet.steps * one + decode
        eager, compiled = self.efficiency(PUBLISHED[name])
        return {"step_bound_seconds": one, "decode_bound_seconds": decode, "job_bound_seconds": job,
                "step_likely_seconds": [one / (compiled or eager), one / eager],
                "job_likely_seconds": [job / (compiled or eager), job / eager]}

    def activations(self, sheet):
        """Largest number of live bytes without the weights: of a step, and of decoding."""
        rows = sheet.tokens + published.TEXT_TOKENS
        # A single block at its rotation, in rows x width of bfloat16: the stream 1, MLP 4, queries, keys, values 3, and
        # one of them in float32 before and after 4, the result 1.
        stepping = 13 * rows * width_of(self.flux.transformer) * 2
        # The last resolution's first block: its input, normed, and activated, all of the level before's width, float32.
        decoding_ = 3 * self.flux.vae["block_out_channels"][1] * sheet.width * sheet.height * 4
        return stepping, decoding_


def on_meta(flux):
    """Parameters of the model's parts, and the networks' tensors, none of which has memory."""
    import torch
    from diffusers import AutoencoderKL, FluxTransformer2DModel
    from transformers import CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel
    with torch.device("meta"):
        transformer = FluxTransformer2DModel.from_config(flux.transformer)
        vae = AutoencoderKL.from_config(flux.vae)
        t5 = T5EncoderModel(T5Config(**flux.config("text_encoder_2/config.json")))
        clip = CLIPTextModel(CLIPTextConfig(**flux.config("text_encoder/config.json")))
    count = lambda network: sum(parameter.numel() for parameter in network.parameters())
    return {"transformer": count(transformer), "vae": count(vae), "encoders": count(t5) + count(clip)}, transformer, vae


def check(flux, sheet, transformer, vae):
    """Counts the graphs themselves at full size.

    Returns a list of (what, our count, PyTorch's count), and the bytes of a step's passes in the graph and in diffusers.
    """
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import FlopCounterMode

    class Passes(TorchDispatchMode):
        """Bytes that operators other than products read and write."""
        bytes = 0

        def __torch_dispatch__(self, operator, types, arguments=(), keywords=None):
            result = operator(*arguments, **(keywords or {}))
            tensors = [t for t in torch.utils._pytree.tree_leaves((arguments, keywords, result)) if torch.is_tensor(t)]
            products = operator.overloadpacket in (torch.ops.aten.addmm, torch.ops.aten.mm, torch.ops.aten.bmm)
            # Without a GPU's kernel attention is taken apart here; what touches its scores does not happen there.
            scores = any(t.numel() >= rows * rows for t in tensors)
            if not (products or scores or operator.is_view):
                self.bytes += sum(t.numel() * t.element_size() for t in tensors)
            return result

    rows = sheet.tokens + published.TEXT_TOKENS
    torch._C._set_graph_executor_optimize(False)
    # Half precision takes the way through the graph that a GPU's tensors take; float32 would take oneDNN's.
    weights = {name: tensor.half() for name, tensor in transformer.state_dict().items()}
    sizes = [flux.transformer["num_attention_heads"], flux.transformer["num_layers"], flux.transformer["num_single_layers"]]
    empty = lambda *shape, dtype=torch.float16: torch.empty(shape, device="meta", dtype=dtype)
    adapter = (weights, {}, 0.0)
    counted, passes, theirs = [], Passes(), Passes()
    graph = torch.jit.load(flux.archive("transformer"))
    with torch.inference_mode():
        with FlopCounterMode(display=False) as counter:
            begun = graph.prepare(empty(1, published.TEXT_TOKENS, flux.transformer["joint_attention_dim"]),
                                  empty(1, flux.transformer["pooled_projection_dim"]),
                                  sheet.guidance, [1.0] * sheet.steps, sizes, *adapter)
        ours = flops(preparation(flux.transformer, sheet.steps, published.TEXT_TOKENS))
        counted.append(("preparation", ours, counter.get_total_flops()))
        table = empty(2, rows, flux.transformer["attention_head_dim"] // 2, dtype=torch.float32)
        latents = empty(1, sheet.tokens, flux.transformer["in_channels"], dtype=torch.float32)
        with FlopCounterMode(display=False) as counter, passes:
            graph.step(latents, 0, 1.0, 0.9, begun[0], begun[1:], table, sizes, *adapter)
        ours = flops(step(flux.transformer, sheet.tokens, published.TEXT_TOKENS))
        counted.append(("step", ours, counter.get_total_flops()))
        ids = [empty(tokens, 3) for tokens in (sheet.tokens, published.TEXT_TOKENS)]
        with theirs:
            transformer.half()(latents.half(), empty(1, published.TEXT_TOKENS, flux.transformer["joint_attention_dim"]),
                               empty(1, flux.transformer["pooled_projection_dim"]), empty(1), *ids, empty(1))
        vae_sizes = [flux.vae["norm_num_groups"], len(flux.vae["block_out_channels"]), flux.vae["layers_per_block"]]
        with FlopCounterMode(display=False) as counter:
            torch.jit.load(flux.archive("autoencoder")).decode(
                latents, 2 * sheet.rows, 2 * sheet.columns, flux.vae["scaling_factor"], flux.vae["shift_factor"], vae_sizes,
                dict(vae.state_dict()))
        counted.append(("decoding", flops(decoding(flux.vae, 4 * sheet.tokens)), counter.get_total_flops()))
    return counted, {"ours": passes.bytes, "diffusers": theirs.bytes}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    published.add_arguments(parser)
    parser.add_argument("--task", action="append", default=[], help="only this task (may be repeated; default: all ten)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        flux = published.opened(options, work)
        sheets = flux.named(options.task) if options.task else flux.sheets
        estimate = Estimate(flux)
        print("counting the graphs at full size", file=sys.stderr)
        parameters, transformer, vae = on_meta(flux)
        counted, passes = check(flux, sheets[0], transformer, vae)
        for what, ours, theirs in counted:
            print(f"{what} of {sheets[0].name}: {ours / 1e12:.3f} T operations, PyTorch counts {theirs / 1e12:.3f}", file=sys.stderr)
            # Only products with a hundred rows of noise levels at most are rounded away.
            if abs(ours / theirs - 1) > 1e-3:
                sys.exit(f"the count of {what} is wrong: {ours} here, {theirs} in PyTorch")
    report(options, estimate, sheets, parameters, passes)


def report(options, estimate, sheets, parameters, passes):
    weights = 2 * (parameters["transformer"] + parameters["encoders"]) + 4 * parameters["vae"]
    rows = []
    for sheet in sheets:
        each, begin, end = estimate.parts(sheet)
        stepping, decoding_ = estimate.activations(sheet)
        rows.append({"task": sheet.name, "tokens": sheet.tokens + published.TEXT_TOKENS, "steps": sheet.steps,
                     "step_flops": flops(each), "step_bytes": moved(each), "preparation_flops": flops(begin),
                     "decode_flops": flops(end), "decode_bytes": moved(end), "step_activation_bytes": stepping,
                     "decode_activation_bytes": decoding_, "peak_bytes": weights + max(stepping, decoding_),
                     "gpus": {name: estimate.figures(sheet, name) for name in GPUS}})
    efficiencies = {name: estimate.efficiency(times) for name, times in PUBLISHED.items()}
    if options.json:
        print(json.dumps({"bench": "engine-roofline", "estimate": True, "note": "an estimate, nothing was measured",
                          "parameters": parameters, "weights_bytes": weights, "efficiencies": efficiencies,
                          "unfused_step_bytes": {sheets[0].name: passes}, "tasks": rows}))
        return
    print("ESTIMATE, not measured: FLUX.1-dev in bfloat16, 512 text tokens, autoencoder in float32 (TF32 products)")
    print(f"weights {weights / 1e9:.1f} GB: transformer {parameters['transformer'] / 1e9:.2f} G parameters,"
          f" text encoders {parameters['encoders'] / 1e9:.2f} G, autoencoder {parameters['vae'] / 1e9:.3f} G\n")
    print("estimate: efficiency that published times of diffusers reached (eager, compiled)")
    for name, (eager, compiled) in efficiencies.items():
        second = f"{compiled:4.0%}" if compiled else "none"
        print(f"  {name:9} {eager:4.0%} {second}   {PUBLISHED[name].source}")
    print("\nestimate: operations and memory")
    print(f"  {'task':24} {'tokens':>6} {'step T':>8} {'step GB':>8} {'decode T':>9} {'peak GB':>8}")
    for row in rows:
        print(f"  {row['task']:24} {row['tokens']:6} {row['step_flops'] / 1e12:8.1f} {row['step_bytes'] / 1e9:8.1f}"
              f" {row['decode_flops'] / 1e12:9.1f} {row['peak_bytes'] / 1e9:8.1f}")
    print("\nestimate: seconds; bound = 100 % of the data sheet, likely = at the efficiency above")
    print(f"  {'task':24} {'GPU':9} {'step, bound':>12} {'step, likely':>15} {'job, bound':>11} {'job, likely':>13}")
    for row in rows:
        for name, f in row["gpus"].items():
            likely = [between(f["step_likely_seconds"], 2), between(f["job_likely_seconds"], 0)]
            note = "" if GPUS[name].memory > row["peak_bytes"] else f"   does not fit in {GPUS[name].memory / 1e9:.0f} GB"
            print(f"  {row['task']:24} {name:9} {f['step_bound_seconds']:12.3f} {likely[0]:>15} {f['job_bound_seconds']:11.1f}"
                  f" {likely[1]:>13}{note}")
    print("\nestimate: bytes that a step reads and writes outside of products and attention if nothing is fused; not in the bounds")
    for whose, moved_ in passes.items():
        spent = ", ".join(f"{name} {moved_ / gpu.bandwidth:.3f} s" for name, gpu in GPUS.items())
        print(f"  {sheets[0].name}, {whose}: {moved_ / 1e9:.0f} GB; {spent} at full bandwidth")


def between(pair, digits):
    low, high = (f"{value:.{digits}f}" for value in pair)
    return low if low == high else f"{low} to {high}"


if __name__ == "__main__":
    main()
