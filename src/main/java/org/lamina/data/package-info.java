/**
 * Pictures from files and what a network's input is made of: decoding, preparation as the network
 * describes it, and the names of classes.
 */
package org.lamina.data;
