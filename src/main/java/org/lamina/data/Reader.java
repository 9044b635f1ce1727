package org.lamina.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The JDK's own decoders, whichever others are installed: results must not depend on those. */
final class Reader {

  private Reader() {}

  /** What is done with a decoder. */
  @FunctionalInterface
  private interface Use<T> {
    T with(ImageReader reader) throws IOException;
  }

  /** Collects what a decoder warns of, and stops it if that means a damaged picture. */
  @FunctionalInterface
  interface Damage {
    /** Returns whether a warning means that the picture is damaged. */
    boolean is(String warning);
  }

  /** Decodes the first image, in the colours of its own model. */
  static BufferedImage image(String format, byte[] bytes) throws IOException {
    return use(format, bytes, reader -> reader.read(0));
  }

  /**
   * Decodes the first image's samples as they are stored, without any conversion of colours.
   *
   * @throws IIOException also if the decoder warns of damage
   */
  static Raster raster(String format, byte[] bytes, Damage damage) throws IOException {
    return use(
        format,
        bytes,
        reader -> {
          String[] found = {""};
          reader.addIIOReadWarningListener(
              (source, warning) -> {
                if (found[0].isEmpty() && damage.is(warning)) {
                  found[0] = warning;
                  source.abort();
                }
              });
          Raster raster = reader.readRaster(0, null);
          if (!found[0].isEmpty()) {
            throw new IIOException(found[0]);
          }
          return raster;
        });
  }

  private static <T> T use(String format, byte[] bytes, Use<T> use) throws IOException {
    ImageReader reader = provider(format).createReaderInstance();
    // In memory, so that no temporary file is made.
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(stream, true, true);
      return use.with(reader);
    } catch (RuntimeException e) {
      // The decoders index arrays by what the file says; a wrong file makes them fail anyhow.
      throw new IIOException("the decoder failed: " + e, e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReaderSpi provider(String format) throws IIOException {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if ("java.desktop".equals(provider.getClass().getModule().getName())
          && Arrays.asList(provider.getFormatNames()).contains(format)) {
        return provider;
      }
    }
    throw new IIOException("this Java runtime has no decoder for " + format);
  }

  /** Returns a failure in words. */
  static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return "it ends too early";
      }
    }
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }
}
