using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Revoking;

/// <summary>What the CA does not revoke.</summary>
internal static class Refusing
{
    /// <summary>Asks the CA.</summary>
    /// <exception cref="CommandFault">It refuses.</exception>
    public static void Check(CaNames names, string commonName)
    {
        if (RevokeCertificate.WhyNot(names, commonName) is { } why)
        {
            throw CommandFault.Refused(
                $"the CA refused: {why}", $"revoke {names.IssuingCa}, and have the root taken out of every trust store that has it");
        }
    }
}
