using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Cli.Smoke;

/// <summary>Has <c>openssl verify</c> check the test certificate, where it is installed: another program than ours.</summary>
internal static class SmokeOpenSsl
{
    private const string Name = "openssl";
    private const string Program = "openssl";

    /// <summary>Runs it on files in a folder of its own, which is removed.</summary>
    public static async Task<SmokeStep> VerifyAsync(Answer answer, DateTimeOffset now, CancellationToken cancellation)
    {
        if (KeyKind.Of(answer.Issuing.PublicKey!.Algorithm).Name.StartsWith("ML-DSA", StringComparison.Ordinal))
        {
            return new SmokeStep(Name, SmokeResult.Skipped, "openssl before 3.5 knows no ML-DSA");
        }

        string folder = Directory.CreateTempSubdirectory("serverless-ca-smoke-").FullName;
        try
        {
            string root = Path.Combine(folder, "root.pem");
            string issuing = Path.Combine(folder, "issuing.pem");
            string own = Path.Combine(folder, "certificate.pem");
            await File.WriteAllTextAsync(root, answer.Root.Pem, cancellation);
            await File.WriteAllTextAsync(issuing, answer.Issuing.Pem, cancellation);
            await File.WriteAllTextAsync(own, answer.Certificate.Pem, cancellation);
            return await RunAsync(
                ["verify", "-x509_strict", "-purpose", "sslclient", "-attime", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "-CAfile", root, "-untrusted", issuing, own],
                cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SmokeStep> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove(AccessOptions.TokenVariable);
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            string errors = await process.StandardError.ReadToEndAsync(cancellation);
            await output;
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? new SmokeStep(Name, SmokeResult.Passed, "openssl verify accepts it")
                : new SmokeStep(Name, SmokeResult.Failed, $"openssl verify refuses it: {errors.ReplaceLineEndings(" ").Trim()}");
        }
        catch (Win32Exception)
        {
            return new SmokeStep(Name, SmokeResult.Skipped, "openssl is not installed");
        }
    }
}
