import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/**
 * Makes a trust store of PEM files: {@code java TrustStore.java STORE FILE...}. Files that do not
 * exist are left out.
 */
final class TrustStore {
  public static void main(String[] args) throws Exception {
    // JKS, because the JDK opens its own store without a password.
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    for (int i = 1; i < args.length; i++) {
      if (Files.isRegularFile(Path.of(args[i]))) {
        try (InputStream file = Files.newInputStream(Path.of(args[i]))) {
          for (Certificate one :
              CertificateFactory.getInstance("X.509").generateCertificates(file)) {
            store.setCertificateEntry("certificate-" + store.size(), one);
          }
        }
      }
    }
    if (store.size() == 0) {
      throw new IllegalStateException("no certificate found in " + String.join(", ", args));
    }
    try (OutputStream file = Files.newOutputStream(Path.of(args[0]))) {
      store.store(file, "changeit".toCharArray());
    }
  }
}
