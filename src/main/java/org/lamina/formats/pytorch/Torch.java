package org.lamina.formats.pytorch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.lamina.weights.ElementType;
import org.lamina.weights.InputFile;
import org.lamina.weights.Printable;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;
import org.lamina.weights.ZipArchive;

/** Opens files that {@code torch.save} wrote, of both kinds. */
public final class Torch {

  /** The first pickle of the older kind is this number. */
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final long PROTOCOL = 1001;

  private static final String PICKLE = "data.pkl";

  private Torch() {}

  /** Returns whether a file begins as one of the older kind does. */
  public static boolean isLegacy(byte[] start) {
    byte[] wanted = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46};
    return start.length >= wanted.length && Arrays.equals(start, 0, 8, wanted, 0, 8);
  }

  /** Returns whether an archive is one that PyTorch wrote. */
  public static boolean wrote(ZipArchive archive) {
    return !pickle(archive).isEmpty();
  }

  /** Returns the name of the pickle in an archive that PyTorch wrote; empty if it did not. */
  static String pickle(ZipArchive archive) {
    List<String> found =
        archive.entries().keySet().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .filter(name -> name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    return found.size() == 1 ? found.get(0) : "";
  }

  /**
   * Opens a file that {@code torch.save} wrote, by what it holds and not by its name.
   *
   * @throws WeightsException if it is no such file, is damaged, or wants to call anything
   */
  public static TensorFile open(Path path) {
    InputFile file = InputFile.open(path);
    try {
      byte[] start = file.bytes(0, (int) Math.min(file.size(), 16));
      if (start.length > 1 && start[0] == 'P' && start[1] == 'K') {
        return zip(ZipArchive.open(file));
      }
      return legacy(file, isLegacy(start));
    } catch (WeightsException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Opens an archive: {@code NAME/data.pkl} describes the tensors, {@code NAME/data/KEY} are their
   * storages.
   */
  static TensorFile zip(ZipArchive archive) {
    InputFile file = archive.file();
    String name = pickle(archive);
    if (name.isEmpty()) {
      throw new WeightsException(
          file.path() + ": the archive has no " + PICKLE + "; PyTorch did not write it");
    }
    String folder = name.substring(0, name.length() - PICKLE.length());
    if (archive.entries().containsKey(folder + "constants.pkl")) {
      throw new WeightsException(
          file.path()
              + ": this is a TorchScript program, and no program is run; save the state dict:"
              + " torch.save(model.state_dict(), file)");
    }
    ZipArchive.Entry pickle = stored(archive, name);
    PickleInput in = new PickleInput(file, pickle.begin(), pickle.begin() + pickle.size());
    Map<String, Long> begins = new HashMap<>();
    Object value =
        Pickle.read(
            in,
            id -> {
              Storage storage = storage(in, id);
              ZipArchive.Entry entry = stored(archive, folder + "data/" + storage.key());
              requireBytes(in, storage, entry.size());
              begins.put(storage.key(), entry.begin());
              return storage;
            });
    Set<String> verified = ConcurrentHashMap.newKeySet();
    return new TorchFile(
        file,
        "PyTorch (zip)",
        order(archive, folder),
        StateDict.tensors(file, value),
        begins,
        key -> {
          if (!verified.contains(key)) {
            archive.stream(
                archive.entries().get(folder + "data/" + key),
                ByteOrder.LITTLE_ENDIAN,
                bytes -> {});
            verified.add(key);
          }
        });
  }

  private static ZipArchive.Entry stored(ZipArchive archive, String name) {
    ZipArchive.Entry entry = archive.entries().get(name);
    if (entry == null || entry.deflated()) {
      throw new WeightsException(
          archive.file().path()
              + ": entry '"
              + Printable.text(name)
              + (entry == null ? "' is missing" : "' is packed; PyTorch stores its entries"));
    }
    return entry;
  }

  private static ByteOrder order(ZipArchive archive, String folder) {
    ZipArchive.Entry entry = archive.entries().get(folder + "byteorder");
    if (entry == null || entry.size() > 16) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    byte[] word = archive.file().bytes(entry.begin(), (int) entry.packed());
    return new String(word, StandardCharsets.US_ASCII).equals("big")
        ? ByteOrder.BIG_ENDIAN
        : ByteOrder.LITTLE_ENDIAN;
  }

  /**
   * Opens the older kind: pickles of a magic number, a version, the system, the object and the keys
   * of the storages; then each storage, its length first.
   */
  private static TensorFile legacy(InputFile file, boolean begins) {
    if (!begins) {
      throw WeightsException.at(
          file.path(),
          0,
          "a file of torch.save is an archive or begins with its number; this is none");
    }
    PickleInput in = new PickleInput(file, 0, file.size());
    Object magic = Pickle.read(in, id -> noStorage(in));
    Object protocol = Pickle.read(in, id -> noStorage(in));
    if (!MAGIC.equals(magic) || !Long.valueOf(PROTOCOL).equals(protocol)) {
      throw in.bad("the file is not of the version " + PROTOCOL + " of torch.save's older kind");
    }
    Object system = Pickle.read(in, id -> noStorage(in));
    boolean big = system instanceof Map<?, ?> map && Boolean.FALSE.equals(map.get("little_endian"));
    Map<String, Storage> storages = new LinkedHashMap<>();
    Object value =
        Pickle.read(
            in,
            id -> {
              Storage storage = storage(in, id);
              requireBytes(in, storage, file.size());
              Storage known = storages.getOrDefault(storage.key(), storage);
              if (known.type() != storage.type()) {
                throw in.bad("a storage has two types; the file is damaged");
              }
              long needed = Math.max(known.elements(), storage.offset() + storage.elements());
              storages.put(storage.key(), new Storage(storage.key(), storage.type(), needed, 0));
              return storage;
            });
    Object keys = Pickle.read(in, id -> noStorage(in));
    ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    Map<String, Long> places = places(in, keys, storages, order);
    Map<String, StridedTensor> tensors = StateDict.tensors(file, value);
    return new TorchFile(file, "PyTorch (legacy)", order, tensors, places, key -> {});
  }

  private static Object noStorage(PickleInput in) {
    throw in.bad("a storage is named where none can be; the file is damaged");
  }

  private static Map<String, Long> places(
      PickleInput in, Object keys, Map<String, Storage> storages, ByteOrder order) {
    if (!(keys instanceof List<?> list)) {
      throw in.bad("the keys of the storages are no list; the file is damaged");
    }
    InputFile file = in.file();
    Map<String, Long> places = new HashMap<>();
    long at = in.at();
    for (Object key : list) {
      Storage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null || file.size() - at < Long.BYTES) {
        throw WeightsException.at(
            file.path(), at, "a storage was expected; the file is cut short or damaged");
      }
      ElementType type = storage.type();
      long elements = ByteBuffer.wrap(file.bytes(at, Long.BYTES)).order(order).getLong();
      at += Long.BYTES;
      if (elements < storage.elements() || elements > (file.size() - at) / type.bytes()) {
        throw WeightsException.at(
            file.path(),
            at - Long.BYTES,
            "a storage of %d elements of %s was expected, but %d are given and %d bytes follow",
            storage.elements(),
            type,
            elements,
            file.size() - at);
      }
      places.put(storage.key(), at);
      at += elements * type.bytes();
    }
    for (String key : storages.keySet()) {
      if (!places.containsKey(key)) {
        throw WeightsException.at(
            file.path(), at, "storage '%s' is missing from the file", Printable.text(key));
      }
    }
    return places;
  }

  /** Understands {@code ('storage', type, key, device, elements[, view])}. */
  private static Storage storage(PickleInput in, Object id) {
    boolean fits =
        id instanceof List<?> list
            && list.size() >= 5
            && "storage".equals(list.get(0))
            && list.get(1) instanceof Global kind
            && kind.storage().isPresent()
            && list.get(2) instanceof String;
    if (!fits) {
      throw in.bad("a storage was expected: its kind, key, device and length; the file is damaged");
    }
    List<?> parts = (List<?>) id;
    ElementType type = ((Global) parts.get(1)).storage().orElseThrow();
    long elements = Calls.number(in, parts.get(4));
    if (parts.size() > 5 && parts.get(5) instanceof List<?> view && view.size() == 3) {
      return new Storage(
          (String) parts.get(2),
          type,
          Calls.number(in, view.get(2)),
          Calls.number(in, view.get(1)));
    }
    return new Storage((String) parts.get(2), type, elements, 0);
  }

  private static void requireBytes(PickleInput in, Storage storage, long bytes) {
    long available = bytes / storage.type().bytes();
    if (storage.elements() > available || storage.offset() > available - storage.elements()) {
      throw in.bad(
          "storage '%s' is said to have %d elements of %s, but %d bytes are there; the file is cut short or damaged"
              .formatted(Printable.text(storage.key()), storage.elements(), storage.type(), bytes));
    }
  }
}
