package org.lamina.data;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Decodes JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.
 *
 * <p>The JDK's decoder (libjpeg) gives the stored samples, at full size; the colours are converted
 * here with libjpeg's own integer arithmetic. The JDK's conversions are left aside: they consult
 * colour profiles and know no CMYK. CMYK is taken as Adobe stores it, inverted, as Pillow does.
 *
 * <p>Source: ITU-T T.81; JFIF 1.02; {@code jdcolor.c} of libjpeg 6b; {@code Convert.c} of Pillow.
 */
final class JpegDecoder {

  private static final int HALF = 1 << 15;

  /** Round(x 2^16) of JFIF's factors. */
  private static final int CR_TO_R = 91881;

  private static final int CB_TO_B = 116130;
  private static final int CR_TO_G = 46802;
  private static final int CB_TO_G = 22554;

  private JpegDecoder() {}

  static Picture decode(Path file, byte[] bytes) throws IOException {
    JpegHeader header = JpegHeader.read(file, bytes);
    int bands = header.components().length;
    if (bands != 1 && bands != 3 && bands != 4) {
      throw ImageException.of(file, "the JPEG has %d components; 1, 3 and 4 are known", bands);
    }
    // A block of 64 pixels takes one bit at the very least; 512 pixels a byte.
    long smallest = (long) header.width() * header.height() / 512;
    Limits.check(
        file, header.width(), header.height(), bands + Picture.CHANNELS, smallest, bytes.length);
    Raster raster = Reader.raster("jpeg", header.stripped(), JpegDecoder::isDamage);
    if (raster.getWidth() != header.width()
        || raster.getHeight() != header.height()
        || raster.getNumBands() != bands
        || !(raster.getDataBuffer() instanceof DataBufferByte data)
        || data.getData().length != (long) header.width() * header.height() * bands) {
      throw ImageException.of(file, "the JPEG contradicts its own header; it is damaged");
    }
    byte[] samples = data.getData();
    return new Picture(
        header.width(),
        header.height(),
        switch (bands) {
          case 1 -> gray(samples);
          case 3 -> header.luminance() ? luminance(samples, 3) : samples;
          default -> cmyk(header.luminance() ? inverted(luminance(samples, 4)) : samples);
        });
  }

  /**
   * libjpeg goes on after any damage and fills with grey. Surplus bytes between segments alone are
   * harmless; what else it warns of, a missing end for example, is not.
   */
  private static boolean isDamage(String warning) {
    return !warning.contains("extraneous bytes");
  }

  private static byte[] gray(byte[] samples) {
    byte[] rgb = new byte[samples.length * Picture.CHANNELS];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = samples[i / Picture.CHANNELS];
    }
    return rgb;
  }

  /** Converts the first three of every {@code step} samples from YCbCr to RGB, in place. */
  private static byte[] luminance(byte[] samples, int step) {
    for (int i = 0; i < samples.length; i += step) {
      int y = samples[i] & 0xFF;
      int cb = (samples[i + 1] & 0xFF) - 128;
      int cr = (samples[i + 2] & 0xFF) - 128;
      samples[i] = clamp(y + (CR_TO_R * cr + HALF >> 16));
      samples[i + 1] = clamp(y + (HALF - CB_TO_G * cb - CR_TO_G * cr >> 16));
      samples[i + 2] = clamp(y + (CB_TO_B * cb + HALF >> 16));
    }
    return samples;
  }

  /** Inverts the first three of every four samples, in place: YCCK holds what CMY take away. */
  private static byte[] inverted(byte[] samples) {
    for (int i = 0; i < samples.length; i++) {
      if (i % 4 != 3) {
        samples[i] = (byte) ~samples[i];
      }
    }
    return samples;
  }

  /** Converts inverted CMYK: {@code red = k - round((255 - c) k / 255)}, and so on. */
  private static byte[] cmyk(byte[] samples) {
    byte[] rgb = new byte[samples.length / 4 * Picture.CHANNELS];
    for (int i = 0, o = 0; i < samples.length; i += 4, o += Picture.CHANNELS) {
      int k = samples[i + 3] & 0xFF;
      for (int c = 0; c < Picture.CHANNELS; c++) {
        int product = (255 - (samples[i + c] & 0xFF)) * k + 128;
        rgb[o + c] = clamp(k - ((product >> 8) + product >> 8));
      }
    }
    return rgb;
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
