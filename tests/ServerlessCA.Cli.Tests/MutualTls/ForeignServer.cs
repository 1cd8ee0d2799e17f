using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessCA.Cli.Tests.MutualTls;

/// <summary>Runs a TLS server on loopback that requires client certificates of the CA and answers "hello".</summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private ForeignServer(Process process, int port)
    {
        this.process = process;
        Port = port;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts the server with a certificate and waits until it listens.</summary>
    /// <param name="kind">The program.</param>
    /// <param name="folder">Has the certificates.</param>
    /// <param name="certificate">The name of its own.</param>
    /// <param name="trust">The lines by which nginx trusts clients; null for those of the bundle.</param>
    public static async Task<ForeignServer> StartAsync(string kind, TemporaryFolder folder, string certificate, string? trust = null)
    {
        int port = FreePorts.Next();
        Process process = kind switch
        {
            "openssl" => ForeignProgram.Start(
                "openssl", "s_server", "-accept", Text(port), "-cert", At(folder, $"{certificate}.pem"), "-key", At(folder, $"{certificate}-key.pem"),
                "-cert_chain", At(folder, "ca-bundle.pem"), "-CAfile", At(folder, "ca-bundle.pem"), "-Verify", "2", "-verify_return_error", "-www", "-quiet"),
            "nginx" => Nginx(folder, certificate, port, trust ?? $"ssl_client_certificate {At(folder, "ca-bundle.pem")}; ssl_verify_client on; ssl_verify_depth 2;"),
            "java" => ForeignProgram.Start("java", JavaProgram.Write(folder), "serve", folder.Path, certificate, Text(port), ""),
            _ => Node(folder, certificate, port),
        };
        var server = new ForeignServer(process, port);
        while (!await ListensAsync(port))
        {
            Assert.False(process.HasExited, $"{kind} ended: {server.Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static Process Nginx(TemporaryFolder folder, string certificate, int port, string trust)
    {
        string chain = folder.Write("nginx/chain.pem", folder.Read("certs", $"{certificate}.pem") + folder.Read("certs", "ca-bundle.pem"));
        string configuration = folder.Write("nginx/nginx.conf", $$"""
            daemon off; master_process off; pid {{folder.At("nginx", "pid")}}; error_log stderr;
            events {}
            http {
              access_log off;
              client_body_temp_path {{folder.At("nginx")}}; proxy_temp_path {{folder.At("nginx")}}; fastcgi_temp_path {{folder.At("nginx")}};
              uwsgi_temp_path {{folder.At("nginx")}}; scgi_temp_path {{folder.At("nginx")}};
              server {
                listen 127.0.0.1:{{Text(port)}} ssl;
                ssl_certificate {{chain}}; ssl_certificate_key {{At(folder, $"{certificate}-key.pem")}};
                {{trust}}
                location / { default_type text/plain; return 200 "hello"; }
              }
            }
            """);
        return ForeignProgram.Start("nginx", "-c", configuration, "-e", "stderr");
    }

    private static Process Node(TemporaryFolder folder, string certificate, int port) => ForeignProgram.Start("node", "-e", $$"""
        const fs = require('fs'), at = name => fs.readFileSync('{{folder.At("certs")}}/' + name)
        require('https').createServer({
          key: at('{{certificate}}-key.pem'), cert: Buffer.concat([at('{{certificate}}.pem'), at('ca-bundle.pem')]), ca: at('ca-bundle.pem'),
          requestCert: true, rejectUnauthorized: true
        }, (_, reply) => reply.end('hello')).listen({{Text(port)}}, '127.0.0.1')
        """);

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string At(TemporaryFolder folder, string name) => folder.At("certs", name);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Keep(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
