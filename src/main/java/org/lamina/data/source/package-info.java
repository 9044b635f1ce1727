/** Data sets: labelled pictures in the forms that people have them in. */
package org.lamina.data.source;
