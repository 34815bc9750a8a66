/**
 * The pages of the service. The console is one page to try, operate and debug the service; another
 * page shows the contract. Their files are hand-written resources without a build step. They use
 * only the HTTP API of the service.
 */
package dev.polyptych.dispatcher.console;
