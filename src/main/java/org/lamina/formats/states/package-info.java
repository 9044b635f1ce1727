/**
 * Files that hold parameters alone: which network they are for, and which tensor is which of its
 * parameters, by the ways in which other software names them.
 */
package org.lamina.formats.states;
