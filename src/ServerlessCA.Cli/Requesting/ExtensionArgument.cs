using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The value of <c>--extension</c>: <c>OID=BASE64[,critical]</c>.</summary>
internal static class ExtensionArgument
{
    /// <summary>For the help.</summary>
    public const string Form = "OID=BASE64[,critical]";

    private const string Critical = ",critical";

    /// <summary>Reads it; the CA judges OID and value.</summary>
    /// <exception cref="CommandFault">There is no value.</exception>
    public static RequestedExtension Read(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw CommandFault.Usage($"--extension '{text}' has no value", $"write {Form}, such as 1.3.6.1.4.1.57264.1.1=DAR0ZXN0");
        }

        bool critical = text.EndsWith(Critical, StringComparison.Ordinal);
        return new RequestedExtension(text[..equals], text[(equals + 1)..(critical ? ^Critical.Length : ^0)], critical);
    }
}
