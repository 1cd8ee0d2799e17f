using System.Globalization;

namespace ServerlessCA.Cli.Tests.MutualTls;

/// <summary>Runs TLS clients that present a certificate and check the server's name, purpose and chain.</summary>
internal static class ForeignClient
{
    /// <summary>Requests the page, and says whether both sides accepted each other.</summary>
    public static (bool Accepted, string Output) Ask(string kind, TemporaryFolder folder, string certificate, int port, string host = "127.0.0.1")
    {
        string number = port.ToString(CultureInfo.InvariantCulture);
        string bundle = folder.At("certs", "ca-bundle.pem");
        string own = folder.At("certs", $"{certificate}.pem");
        string key = folder.At("certs", $"{certificate}-key.pem");
        (int exitCode, string output) = kind switch
        {
            "curl" => ForeignProgram.Run("curl", "-sS", "--noproxy", "*", "--max-time", "30", "--cacert", bundle, "--cert", Chain(folder, certificate), "--key", key, "--resolve", $"{host}:{number}:127.0.0.1", $"https://{host}:{number}/"),
            "openssl" => OpenSslClient(number, own, key, bundle),
            "node" => ForeignProgram.Run("node", "-e", Script(folder, certificate, host, number)),
            _ => ForeignProgram.Run("java", JavaProgram.Write(folder), "ask", folder.Path, certificate, number, host),
        };
        return (exitCode == 0 && (output.Contains("hello", StringComparison.Ordinal) || output.Contains("s_server", StringComparison.Ordinal)), output);
    }

    // s_client ends before it has read the answer unless its input stays open; sh feeds it one request. Java closes the
    // connection without TLS's close_notify.
    private static (int ExitCode, string Output) OpenSslClient(string port, string certificate, string key, string bundle) => ForeignProgram.Run(
        "/bin/sh", "-c", "(printf 'GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n'; sleep 1) | openssl s_client -connect 127.0.0.1:$0 -cert $1 -key $2 -cert_chain $3 -CAfile $3 "
        + "-verify 2 -verify_return_error -verify_ip 127.0.0.1 -purpose sslserver -ign_eof -ignore_unexpected_eof -quiet", port, certificate, key, bundle);

    private static string Chain(TemporaryFolder folder, string certificate) =>
        folder.Write($"{certificate}-chain.pem", folder.Read("certs", $"{certificate}.pem") + folder.Read("certs", "ca-bundle.pem"));

    private static string Script(TemporaryFolder folder, string certificate, string host, string port) => $$"""
        const fs = require('fs'), at = name => fs.readFileSync('{{folder.At("certs")}}/' + name)
        require('https').get({
          host: '127.0.0.1', {{(host == "127.0.0.1" ? "" : $"servername: '{host}', ")}}port: {{port}}, agent: false, ca: at('ca-bundle.pem'),
          key: at('{{certificate}}-key.pem'), cert: Buffer.concat([at('{{certificate}}.pem'), at('ca-bundle.pem')])
        }, reply => { reply.pipe(process.stdout) }).on('error', error => { console.error(error.message); process.exit(1) })
        """;
}
