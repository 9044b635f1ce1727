/** Networks as pictures: SVG with a layout of our own, and texts for Graphviz and Mermaid. */
package org.lamina.network.drawing;
