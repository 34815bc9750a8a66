/** Backends and dispatchers in this JVM, as benches and drills want them. */
package dev.polyptych.lab.embedded;
