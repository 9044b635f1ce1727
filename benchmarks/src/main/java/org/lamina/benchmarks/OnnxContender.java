package org.lamina.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime on the CPU, all its graph optimisations on, input and output in direct buffers. */
final class OnnxContender implements Contender {

  private final OrtSession session;
  private final OrtSession.SessionOptions options;
  private final OnnxTensor input;
  private final String inputName;
  private float[] result = {};

  /**
   * @param model an ONNX file whose first dimension is called N
   * @param shape of the input, [batch, C, H, W]
   */
  OnnxContender(Path model, int threads, long[] shape, float[] values) {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setSymbolicDimensionValue("N", shape[0]);
      session = environment.createSession(model.toString(), options);
      inputName = session.getInputNames().iterator().next();
      FloatBuffer buffer =
          ByteBuffer.allocateDirect(values.length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      input = OnnxTensor.createTensor(environment, buffer.put(values).rewind(), shape);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses " + model, e);
    }
  }

  @Override
  public String name() {
    return "ONNX Runtime";
  }

  @Override
  public void run() {
    try (OrtSession.Result results = session.run(Map.of(inputName, input))) {
      FloatBuffer buffer = ((OnnxTensor) results.get(0)).getFloatBuffer(); // of the results
      if (result.length != buffer.remaining()) {
        result = new float[buffer.remaining()];
      }
      buffer.get(result);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed", e);
    }
  }

  @Override
  public float[] result() {
    return result.clone();
  }

  @Override
  public void close() {
    try {
      input.close();
      session.close();
      options.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed", e);
    }
  }
}
