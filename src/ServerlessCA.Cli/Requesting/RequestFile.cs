using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The file of <c>--file</c>: a request to start from.</summary>
internal static class RequestFile
{
    private const int MostFaultsTold = 10; // our decision

    /// <summary>Reads it; it may be standard input. What the CA would only warn of is refused here, before a key is made for a
    /// certificate that nobody meant (contract 12.24); what the CA refuses is for the CA to refuse.</summary>
    /// <exception cref="CommandFault">It is not one JSON object, or it has keys that mean nothing.</exception>
    public static async Task<CertificateRequest> ReadAsync(string path, Surroundings here, CancellationToken cancellation)
    {
        byte[] content = await AnyInput.ReadAsync(path, "--file", RequestReader.MaxBytes, here, cancellation);
        if (!TextFile.TryReadUtf8(content, out ReadOnlyMemory<byte> utf8, out TextFault? unread))
        {
            throw InputFile.NoText($"--file '{path}'", unread);
        }

        if (!RequestReader.TryParse(utf8, singleLabels: true, out CertificateRequest? request, out Rejection? why))
        {
            throw CommandFault.Usage($"--file '{path}': {why.Message}", "write one request, as an element of tls.json looks");
        }

        RequestKeyFault[] faults = [.. request.KeyFaults.Take(MostFaultsTold)];
        return faults.Length == 0
            ? request
            : throw CommandFault.Usage(
                $"--file '{path}': {string.Join("; ", faults.Select(fault => fault.What))}",
                faults.Select(fault => fault.Hint).FirstOrDefault(hint => hint is not null)
                    ?? "remove it; a key that begins with _ is a remark and no mistake");
    }
}
