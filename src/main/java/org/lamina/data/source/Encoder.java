package org.lamina.data.source;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.lamina.data.ImageException;
import org.lamina.data.Picture;
import org.lamina.data.Preprocessor;
import org.lamina.data.source.PackOptions.Format;

/** Makes the bytes of a sample in a shard. */
final class Encoder {

  private final PackOptions options;

  Encoder(PackOptions options) {
    this.options = options;
  }

  /**
   * Returns a sample as it is to be stored.
   *
   * @throws ImageException if it cannot be read
   */
  byte[] encode(Dataset set, int index) {
    Picture picture = set.read(index); // also where it is kept: a damaged one is found now
    boolean scaled =
        options.side() > 0 && Math.min(picture.width(), picture.height()) > options.side();
    if (options.format() == Format.KEEP && !scaled) {
      Optional<byte[]> kept = set.encoded(index);
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    Picture result = scaled ? Preprocessor.shorter(picture, options.side()) : picture;
    return switch (options.format()) {
      case RAW -> raw(result);
      case PNG -> write(result, "png");
      case JPEG -> write(result, "jpeg");
      // Without bytes to keep, as with MNIST, nothing should be lost.
      case KEEP -> write(result, scaled ? "jpeg" : "png");
    };
  }

  private static byte[] raw(Picture picture) {
    return ShardFormat.allocate(ShardFormat.RAW_HEADER + picture.rgb().length)
        .put(ShardFormat.RAW)
        .putInt(picture.width())
        .putInt(picture.height())
        .put(picture.rgb())
        .array();
  }

  private byte[] write(Picture picture, String format) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < bgr.length; i++) {
      bgr[i] = picture.rgb()[i + 2 - 2 * (i % 3)];
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(options.quality() / 100f);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } catch (IOException e) {
      throw new ImageException("a picture cannot be encoded: " + e.getMessage(), e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
