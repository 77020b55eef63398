package io.minikv.engine.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minikv.domain.Attributes;
import io.minikv.domain.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Attributes as bytes: for each, in the order of names, the length of the name (one byte), the
 * length of the text (two bytes), the name and the text in UTF-8.
 */
final class AttributesCodec {

  private static final int LENGTHS_LENGTH = 3;

  /** The greatest length of encoded attributes. */
  static final int MAX_LENGTH = Attributes.MAX_BYTES + LENGTHS_LENGTH * Attributes.MAX_COUNT;

  private static final byte[] NOTHING = new byte[0];

  private AttributesCodec() {}

  static byte[] encode(Attributes attributes) {
    if (attributes.isEmpty()) {
      return NOTHING;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    attributes
        .asMap()
        .forEach((name, text) -> {
          byte[] nameBytes = name.getBytes(UTF_8);
          byte[] textBytes = text.getBytes(UTF_8);
          out.write(nameBytes.length);
          out.write(textBytes.length);
          out.write(textBytes.length >>> 8);
          out.writeBytes(nameBytes);
          out.writeBytes(textBytes);
        });
    return out.toByteArray();
  }

  /** Reads what {@link #encode} wrote; the bytes are known to be whole by their checksum. */
  static Attributes decode(byte[] bytes, int from, int length) throws FormatException {
    if (length == 0) {
      return Attributes.none();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    int end = from + length;
    int at = from;
    while (at < end) {
      if (end - at < LENGTHS_LENGTH) {
        throw new FormatException(
            FormatException.Kind.DAMAGED, "has attributes that end too early");
      }
      int nameLength = Byte.toUnsignedInt(bytes[at]);
      int textLength = LittleEndian.getUnsignedShort(bytes, at + 1);
      at += LENGTHS_LENGTH;
      if (end - at < nameLength + textLength) {
        throw new FormatException(
            FormatException.Kind.DAMAGED, "has attributes that end too early");
      }
      texts.put(
          new String(bytes, at, nameLength, UTF_8),
          new String(bytes, at + nameLength, textLength, UTF_8));
      at += nameLength + textLength;
    }
    try {
      return Attributes.copyOf(texts);
    } catch (InvalidRequestException e) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has attributes that cannot be: " + e.getMessage());
    }
  }
}
