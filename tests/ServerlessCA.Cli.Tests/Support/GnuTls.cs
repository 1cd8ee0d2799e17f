namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs GnuTLS's certtool as a second judge.</summary>
public static class GnuTls
{
    /// <summary>Checks a chain, end entity first, against a root; skips the test where there is no certtool.</summary>
    public static void Verify(string chain, string root)
    {
        (int exitCode, string output) = ForeignProgram.Run("certtool", "--verify", "--load-ca-certificate", root, "--infile", chain);
        Assert.True(exitCode == 0 && output.Contains("The certificate is trusted.", StringComparison.Ordinal), output);
    }
}
