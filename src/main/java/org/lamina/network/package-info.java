/**
 * What a network is: an immutable graph of layers with its shapes, parameters and operation counts,
 * and how its input is prepared; what builds and edits one. No device in sight, and nothing is
 * executed here.
 */
package org.lamina.network;
