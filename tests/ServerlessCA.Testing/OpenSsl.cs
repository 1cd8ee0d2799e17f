using Xunit;

namespace ServerlessCA.Testing;

/// <summary>Runs openssl, as an independent judge and maker of CSRs. Tests that need it are skipped where it is missing.</summary>
public static class OpenSsl
{
    /// <summary>Skips the test where there is no openssl.</summary>
    public static void IsNeeded() => ForeignProgram.SkipUnlessInstalled("openssl", "openssl");

    /// <summary>Returns all that it wrote, if it succeeds.</summary>
    public static string Run(params string[] arguments) => ForeignProgram.OutputIn(Directory.GetCurrentDirectory(), "openssl", arguments);

    /// <summary>Says whether it succeeds, and what it wrote.</summary>
    public static (bool Accepted, string Output) Judge(params string[] arguments)
    {
        (int exitCode, string output) = ForeignProgram.Run("openssl", arguments);
        return (exitCode == 0, output);
    }

    /// <summary>Checks a certificate against the root, the issuing CA in between, strictly.</summary>
    public static void Verify(string certificate, string bundle) =>
        Assert.Contains(": OK", Run("verify", "-x509_strict", "-CAfile", bundle, certificate), StringComparison.Ordinal);
}
