"""The engine's graphs and diffusers on one set of weights, each called as it is in use."""
import numpy
import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxTransformer2DModel
from diffusers.image_processor import VaeImageProcessor
from diffusers.pipelines.flux.pipeline_flux import FluxPipeline, calculate_shift

import published

NUMBERS = {torch.float32: 6, torch.bfloat16: 15}  # of types, as TorchScript knows them


def small(flux):
    """A model with every part of the real one, narrow and shallow."""
    flux.transformer.update(num_layers=2, num_single_layers=2, num_attention_heads=2, attention_head_dim=32,
                            axes_dims_rope=[4, 14, 14], joint_attention_dim=64, pooled_projection_dim=32)
    flux.vae.update(block_out_channels=[32, 32, 64, 64])
    flux.t5.update(d_model=64, d_ff=128, d_kv=16, num_heads=4, num_layers=2, vocab_size=1000)


def networks(flux, dtype, device):
    """diffusers' networks with random weights, made on the device: no copy on the host, and one only for all arms."""
    torch.manual_seed(9)
    torch.set_default_dtype(dtype)
    with torch.device(device):
        transformer = FluxTransformer2DModel.from_config(flux.transformer).eval().requires_grad_(False)
        torch.set_default_dtype(torch.float32)
        # As the engine does: FLUX's autoencoder is meant to compute in float32.
        vae = AutoencoderKL.from_config(flux.vae).eval().requires_grad_(False)
    return transformer, vae


class Inputs:
    """What a job starts from, the same for all arms."""

    def __init__(self, flux, sheet, steps, dtype, device):
        config, text = flux.transformer, published.TEXT_TOKENS
        self.sheet, self.steps, self.dtype, self.device = sheet, steps, dtype, device
        random = torch.Generator(device).manual_seed(7)
        draw = lambda *shape: torch.randn(shape, generator=random, device=device)
        self.latents = draw(1, sheet.tokens, config["in_channels"])
        self.states = draw(1, text, config["joint_attention_dim"]).to(dtype)
        self.pooled = draw(1, config["pooled_projection_dim"]).to(dtype)
        self.text_ids = torch.zeros(text, 3, device=device)
        self.image_ids = FluxPipeline._prepare_latent_image_ids(1, sheet.rows, sheet.columns, device, torch.float32)
        self.mu = calculate_shift(sheet.tokens, flux.scheduler["base_image_seq_len"], flux.scheduler["max_image_seq_len"],
                                  flux.scheduler["base_shift"], flux.scheduler["max_shift"])

    def schedule(self, flux):
        scheduler = FlowMatchEulerDiscreteScheduler.from_config(flux.scheduler)
        scheduler.set_timesteps(sigmas=numpy.linspace(1, 1 / self.steps, self.steps), mu=self.mu, device=self.device)
        return scheduler


class Theirs:
    """diffusers, as FluxPipeline calls it."""

    def __init__(self, flux, transformer, vae, compiled=False):
        self.flux, self.vae = flux, vae
        self.transformer = torch.compile(transformer, dynamic=False) if compiled else transformer
        self.decoder = torch.compile(vae.decode, dynamic=False) if compiled else vae.decode
        self.processor = VaeImageProcessor(vae_scale_factor=16)

    def velocity(self, inputs, latents, timestep, guidance):
        return self.transformer(
            hidden_states=latents, timestep=timestep.expand(1).to(latents.dtype) / 1000, guidance=guidance,
            pooled_projections=inputs.pooled, encoder_hidden_states=inputs.states, txt_ids=inputs.text_ids,
            img_ids=inputs.image_ids, return_dict=False)[0]

    def first_velocity(self, inputs, guidance):
        guidance = torch.full([1], guidance, device=inputs.device)
        return self.velocity(inputs, inputs.latents.to(inputs.dtype), torch.full([1], 1000.0, device=inputs.device), guidance)

    def steps(self, inputs):
        scheduler = inputs.schedule(self.flux)
        guidance = torch.full([1], inputs.sheet.guidance, device=inputs.device)
        latents = inputs.latents.to(inputs.dtype)
        for timestep in scheduler.timesteps:
            latents = scheduler.step(self.velocity(inputs, latents, timestep, guidance), timestep, latents, return_dict=False)[0]
        return latents

    def picture(self, inputs, latents):
        cells = FluxPipeline._unpack_latents(latents, inputs.sheet.height, inputs.sheet.width, 8)
        cells = cells.to(torch.float32) / self.flux.vae["scaling_factor"] + self.flux.vae["shift_factor"]
        return self.decoder(cells, return_dict=False)[0]

    def decode(self, inputs, latents):
        pixels = self.processor.postprocess(self.picture(inputs, latents), output_type="np")
        return (pixels[-1] * 255).round().astype(numpy.uint8)


class Ours:
    """The engine's graphs, called as FluxTransformer.java, Denoising.java and Autoencoder.java call them."""

    def __init__(self, flux, transformer, vae, device):
        # As the engine: nothing is specialised on the first calls' shapes.
        torch._C._set_graph_executor_optimize(False)
        self.flux, self.device = flux, device
        self.graph, self.autoencoder, self.loader = (
            torch.jit.load(flux.archive(name), map_location=device) for name in ("transformer", "autoencoder", "weights"))
        config = flux.transformer
        self.sizes = [config["num_attention_heads"], config["num_layers"], config["num_single_layers"]]
        self.vae_sizes = [flux.vae["norm_num_groups"], len(flux.vae["block_out_channels"]), flux.vae["layers_per_block"]]
        # On a GPU the very tensors of diffusers; on a CPU the engine packs matrices for oneDNN.
        self.base = {name: self.packed(tensor) for name, tensor in transformer.state_dict().items()}
        # Built once, as in Java: a plain dict would be copied at every call.
        self.none = self.weights(self.base, {}, 0.0)
        self.weights_bytes = sum(tensor.numel() * tensor.element_size() for tensor in transformer.state_dict().values())
        self.vae_weights = torch.jit.script(vae.state_dict())

    def packed(self, tensor):
        return self.loader.pack(tensor) if tensor.dim() == 2 else tensor

    @staticmethod
    def weights(base, branch, strength):
        # No layer has this name: an empty dictionary would have no type.
        branch = torch.jit.script(branch or {"": torch.empty(0)})
        return torch.jit.script(base), branch, strength

    def table(self, sheet):
        """RotaryTable.java: cosines, then sines."""
        config = self.flux.transformer
        row, column = torch.arange(sheet.rows), torch.arange(sheet.columns)
        places = torch.zeros(published.TEXT_TOKENS + sheet.tokens, 3, dtype=torch.float64)
        places[published.TEXT_TOKENS:, 1] = row.repeat_interleave(sheet.columns)
        places[published.TEXT_TOKENS:, 2] = column.repeat(sheet.rows)
        widths = config.get("axes_dims_rope", [16, 56, 56])
        angles = [places[:, i:i + 1] / 10000 ** (torch.arange(0, width, 2, dtype=torch.float64) / width)
                  for i, width in enumerate(widths)]
        angles = torch.cat(angles, 1)
        return torch.stack([angles.cos(), angles.sin()]).to(torch.float32).to(self.device)

    def prepare(self, inputs, guidance, sigmas, weights):
        shared = self.graph.prepare(inputs.states, inputs.pooled, guidance, sigmas, self.sizes, *weights)
        return shared[0], shared[1:], self.table(inputs.sheet)

    def first_velocity(self, inputs, guidance, weights=None):
        weights = weights or self.none
        return self.graph.velocity(inputs.latents, 0, *self.prepare(inputs, guidance, [1.0], weights), self.sizes, *weights)

    def steps(self, inputs, weights=None):
        weights = weights or self.none
        sigmas = inputs.schedule(self.flux).sigmas.tolist()
        conditioning = self.prepare(inputs, inputs.sheet.guidance, sigmas[:-1], weights)
        latents = inputs.latents
        for i in range(inputs.steps):
            latents = self.graph.step(latents, i, sigmas[i], sigmas[i + 1], *conditioning, self.sizes, *weights)
            # Waits for the device at each step, which is what the engine does.
            self.graph.finite(latents)
        return latents

    def picture(self, inputs, latents):
        sheet, vae = inputs.sheet, self.flux.vae
        return self.autoencoder.decode(latents.to(torch.float32), 2 * sheet.rows, 2 * sheet.columns, vae["scaling_factor"],
                                       vae["shift_factor"], self.vae_sizes, self.vae_weights)

    def picture_in_strips(self, inputs, latents):
        """Decoding.java: strips of 64 rows."""
        sheet, vae = inputs.sheet, self.flux.vae
        return self.autoencoder.decode_in_strips(latents.to(torch.float32), 2 * sheet.rows, 2 * sheet.columns, vae["scaling_factor"],
                                                 vae["shift_factor"], 64, self.vae_sizes, self.vae_weights)

    def decode(self, inputs, latents):
        return self.autoencoder.pixels(self.picture(inputs, latents)).cpu().numpy()
