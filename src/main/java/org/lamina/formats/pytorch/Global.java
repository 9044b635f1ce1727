package org.lamina.formats.pytorch;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.weights.ElementType;

/**
 * A name out of a Python module, which a pickle would look up and perhaps call. Only those below
 * are ever more than a name to us.
 *
 * @param name module and name: {@code collections.OrderedDict}
 */
record Global(String name) {

  static final String ORDERED_DICT = "collections.OrderedDict";
  static final String TENSOR_V2 = "torch._utils._rebuild_tensor_v2";
  static final String TENSOR_V3 = "torch._utils._rebuild_tensor_v3";
  static final String TENSOR = "torch._utils._rebuild_tensor";
  static final String PARAMETER = "torch._utils._rebuild_parameter";
  static final String SIZE = "torch.Size";

  private static final Set<String> CALLABLE =
      Set.of(ORDERED_DICT, TENSOR, TENSOR_V2, TENSOR_V3, PARAMETER, SIZE);

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("torch.FloatStorage", ElementType.F32),
          Map.entry("torch.HalfStorage", ElementType.F16),
          Map.entry("torch.BFloat16Storage", ElementType.BF16),
          Map.entry("torch.DoubleStorage", ElementType.F64),
          Map.entry("torch.LongStorage", ElementType.I64),
          Map.entry("torch.IntStorage", ElementType.I32),
          Map.entry("torch.ShortStorage", ElementType.I16),
          Map.entry("torch.CharStorage", ElementType.I8),
          Map.entry("torch.ByteStorage", ElementType.U8),
          Map.entry("torch.BoolStorage", ElementType.BOOL),
          Map.entry("torch.ComplexFloatStorage", ElementType.C64),
          // Bytes; the tensor that is made of them says which type they have.
          Map.entry("torch.storage.UntypedStorage", ElementType.U8));

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("torch.float32", ElementType.F32),
          Map.entry("torch.float16", ElementType.F16),
          Map.entry("torch.bfloat16", ElementType.BF16),
          Map.entry("torch.float64", ElementType.F64),
          Map.entry("torch.int64", ElementType.I64),
          Map.entry("torch.int32", ElementType.I32),
          Map.entry("torch.int16", ElementType.I16),
          Map.entry("torch.int8", ElementType.I8),
          Map.entry("torch.uint64", ElementType.U64),
          Map.entry("torch.uint32", ElementType.U32),
          Map.entry("torch.uint16", ElementType.U16),
          Map.entry("torch.uint8", ElementType.U8),
          Map.entry("torch.bool", ElementType.BOOL),
          Map.entry("torch.complex64", ElementType.C64),
          Map.entry("torch.float8_e5m2", ElementType.F8_E5M2),
          Map.entry("torch.float8_e4m3fn", ElementType.F8_E4M3));

  /** Returns whether the name is one that a file of tensors needs. */
  boolean known() {
    return CALLABLE.contains(name) || STORAGES.containsKey(name) || TYPES.containsKey(name);
  }

  boolean callable() {
    return CALLABLE.contains(name);
  }

  /** Returns the type of the elements of a kind of storage. */
  Optional<ElementType> storage() {
    return Optional.ofNullable(STORAGES.get(name));
  }

  /** Returns the type of elements that is called so. */
  Optional<ElementType> type() {
    return Optional.ofNullable(TYPES.get(name));
  }
}
