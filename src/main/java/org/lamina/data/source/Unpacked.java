package org.lamina.data.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.lamina.data.DataException;

/** Decompressed copies of files, where they must be read at any place; gone when closed. */
final class Unpacked {

  private static final int PIECE = 1 << 16;

  /** So much is left free on the disk. */
  private static final long RESERVE = 256L << 20;

  private Unpacked() {}

  /**
   * Decompresses a gzip file into the folder for temporary files.
   *
   * @throws DataException if it is damaged, or the disk has not enough room
   */
  static FileChannel of(Path file) throws IOException {
    Path copy = Files.createTempFile("lamina-", ".tar");
    long most = Files.getFileStore(copy).getUsableSpace() - RESERVE;
    FileChannel channel =
        FileChannel.open(
            copy,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), PIECE)) {
      byte[] piece = new byte[PIECE];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (channel.position() + n > most) {
          throw new DataException(
              String.format(
                  Locale.ROOT,
                  "%s: holds more than the %,d bytes that are free in %s; decompress it elsewhere",
                  file,
                  most,
                  copy.getParent()));
        }
        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, n);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      return channel;
    } catch (ZipException | EOFException e) {
      channel.close();
      throw new DataException(
          file + ": the compressed data is damaged or cut short: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
