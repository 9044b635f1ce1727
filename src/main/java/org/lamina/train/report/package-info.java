/** The report of a run: one page that holds everything, and its pictures as files. */
package org.lamina.train.report;
