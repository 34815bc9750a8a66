/** The drill of the registry: bases, adapters and tasks that change under load. */
package dev.polyptych.lab.drill.registry;
