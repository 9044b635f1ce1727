package org.lamina.benchmarks;

import java.nio.file.Path;

/**
 * How cases are measured.
 *
 * @param seconds how long one case may take, roughly, without what it prepares
 * @param threads threads of the peers
 * @param models a folder for weights and models that are made once
 */
record Settings(double seconds, int threads, Path models) {}
