/**
 * Advice on networks that are valid, but probably not meant so: rules that each look at a network
 * and say what they find, why it matters and what to do.
 */
package org.lamina.network.lint;
