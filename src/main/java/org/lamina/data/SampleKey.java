package org.lamina.data;

/**
 * What all that is random about one picture depends on, besides the operation: neither batch nor
 * thread nor what came before.
 *
 * @param seed of the run
 * @param epoch from 0
 * @param sample index in the data set
 */
public record SampleKey(long seed, int epoch, int sample) {}
