/** The render thread's engine port on the FLUX pipeline: jobs to requests, adapters by name. */
package dev.polyptych.worker.render.flux;
