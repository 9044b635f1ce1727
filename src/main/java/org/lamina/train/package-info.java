/**
 * Training: from a recipe to a run that can be trusted.
 *
 * <p>{@link org.lamina.train.Recipe} is what the {@code training} section of a network file says.
 * Optimisers and schedules are records whose components are the keys there.
 */
package org.lamina.train;
