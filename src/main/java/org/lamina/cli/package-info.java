/**
 * The command {@code lamina}: what a user types and reads.
 *
 * <p>Results go to standard output, everything else to standard error. {@link
 * org.lamina.cli.Failures} is the one place that turns exceptions into messages and exit codes.
 */
package org.lamina.cli;
