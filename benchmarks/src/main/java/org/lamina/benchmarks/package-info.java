/** Lamina beside its peers and beside what the device can do: one command, one table. */
package org.lamina.benchmarks;
