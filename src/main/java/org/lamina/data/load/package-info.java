/** Batches of prepared pictures, made ahead of the device by several threads. */
package org.lamina.data.load;
