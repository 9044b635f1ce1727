package org.lamina.formats.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Locale;
import org.lamina.formats.FormatException;

/**
 * Looks through a message before it is parsed: a few bytes can stand for an object of a hundred, so
 * what the parser would allocate is added up first. Elements of tensors are bytes that stay in the
 * file and count nothing.
 */
final class Wire {

  /** More than the description of any real model needs: a node takes about 2 KB. */
  private static final long MOST_BYTES = 40L << 20;

  private static final int MESSAGE = 200;
  private static final int FIELD = 96;
  private static final int NUMBER = 24;

  private long bytes;

  private Wire() {}

  /**
   * Returns a stream of a message that is safe to be parsed; byte fields will be parts of {@code
   * message}, not copies.
   *
   * @throws FormatException if it is no such message, or would take too much memory
   */
  static CodedInputStream checked(String file, ByteString message, Descriptor type) {
    try {
      Wire wire = new Wire();
      wire.scan(message.newCodedInput(), type);
      if (wire.bytes > MOST_BYTES) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "%s: its description alone would take %,d bytes of memory; at most %,d are allowed",
                file,
                wire.bytes,
                MOST_BYTES));
      }
    } catch (IOException e) {
      throw new FormatException(
          "%s: is not what its name says: %s".formatted(file, e.getMessage()), e);
    }
    CodedInputStream stream = message.newCodedInput();
    stream.enableAliasing(true);
    return stream;
  }

  private void scan(CodedInputStream in, Descriptor type) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        bytes += field == null ? FIELD : NUMBER;
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        bytes += MESSAGE;
        int outer = in.pushLimit(length);
        scan(in, field.getMessageType());
        in.popLimit(outer);
      } else {
        bytes += field != null && field.isPackable() ? (long) NUMBER * length : FIELD;
        bytes += field != null && field.getType() == FieldDescriptor.Type.STRING ? 4L * length : 0;
        in.skipRawBytes(length);
      }
    }
  }
}
