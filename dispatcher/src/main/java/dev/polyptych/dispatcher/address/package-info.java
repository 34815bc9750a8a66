/**
 * Which addresses this process may connect to on a caller's word. A name is looked up once, and the
 * connection goes to the address that was checked.
 */
package dev.polyptych.dispatcher.address;
