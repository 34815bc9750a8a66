/**
 * A typed client of the dispatcher's HTTP interface: submit, follow, wait, download, verify
 * callbacks. It needs the contract and the JDK alone.
 */
package dev.polyptych.client;
