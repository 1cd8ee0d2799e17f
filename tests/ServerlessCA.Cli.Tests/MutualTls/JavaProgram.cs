namespace ServerlessCA.Cli.Tests.MutualTls;

/// <summary>Holds the source of a Java program that is a TLS client or server.</summary>
internal static class JavaProgram
{
    private const string Source = """
        import com.sun.net.httpserver.*;
        import java.io.FileInputStream;
        import java.net.*;
        import java.nio.file.*;
        import java.security.KeyStore;
        import java.security.cert.CertificateFactory;
        import javax.net.ssl.*;

        public class Talk {
            public static void main(String[] arguments) throws Exception {
                SSLContext tls = context(arguments[1], arguments[2]);
                int port = Integer.parseInt(arguments[3]);
                if (arguments[0].equals("ask")) ask(tls, arguments[4], port); else serve(tls, port);
            }

            static SSLContext context(String folder, String name) throws Exception {
                char[] passphrase = Files.readString(Path.of(folder, "passphrase")).trim().toCharArray();
                KeyStore own = KeyStore.getInstance("PKCS12");
                own.load(new FileInputStream(folder + "/" + name + ".p12"), passphrase);
                KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
                keys.init(own, passphrase);
                KeyStore trusted = KeyStore.getInstance("PKCS12");
                trusted.load(null, null);
                int number = 0;
                for (var ca : CertificateFactory.getInstance("X.509").generateCertificates(new FileInputStream(folder + "/certs/ca-bundle.pem")))
                    trusted.setCertificateEntry("ca" + number++, ca);
                TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
                trust.init(trusted);
                SSLContext tls = SSLContext.getInstance("TLS");
                tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
                return tls;
            }

            static void ask(SSLContext tls, String host, int port) throws Exception {
                if (!host.equals("127.0.0.1")) { askByName(tls, host, port); return; }
                HttpsURLConnection connection = (HttpsURLConnection) URI.create("https://" + host + ":" + port + "/").toURL().openConnection();
                connection.setSSLSocketFactory(tls.getSocketFactory());
                System.out.println(new String(connection.getInputStream().readAllBytes()));
            }

            // Connects to loopback with any name, which is checked like the host of a URL.
            static void askByName(SSLContext tls, String host, int port) throws Exception {
                SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(new Socket("127.0.0.1", port), host, port, true);
                SSLParameters checks = socket.getSSLParameters();
                checks.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(checks);
                socket.getOutputStream().write(("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n").getBytes());
                System.out.println(new String(socket.getInputStream().readAllBytes()));
            }

            static void serve(SSLContext tls, int port) throws Exception {
                HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", port), 0);
                server.setHttpsConfigurator(new HttpsConfigurator(tls) {
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = tls.getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
                server.createContext("/", exchange -> {
                    exchange.sendResponseHeaders(200, 5);
                    exchange.getResponseBody().write("hello".getBytes());
                    exchange.close();
                });
                server.start();
            }
        }
        """;

    /// <summary>Writes the source.</summary>
    /// <returns>The file to start, with the arguments <c>ask</c> or <c>serve</c>, the folder, the name of the certificate,
    /// the port, and the server's name.</returns>
    public static string Write(TemporaryFolder folder) => folder.Write($"java-{Path.GetRandomFileName()}/Talk.java", Source);
}
