/**
 * Where this service may connect to on a caller's word: addresses of the public internet, and what
 * its operator allows besides.
 */
package dev.polyptych.dispatcher.address;
