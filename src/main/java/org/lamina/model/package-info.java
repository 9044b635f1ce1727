/**
 * Lamina in five lines of Java: {@link org.lamina.model.Classifier} names what photos show, {@link
 * org.lamina.model.Model} runs tensors through a network.
 */
package org.lamina.model;
