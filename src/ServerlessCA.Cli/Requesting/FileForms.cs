namespace ServerlessCA.Cli.Requesting;

/// <summary>Which forms are written besides PEM. Immutable.</summary>
/// <param name="Der">Certificate and key as DER, too.</param>
/// <param name="Pkcs12">Key and chain as PKCS #12, too.</param>
internal sealed record FileForms(bool Der, bool Pkcs12)
{
    /// <summary>Whether they can be written.</summary>
    /// <param name="keyIsElsewhere">The request has a CSR of its own.</param>
    /// <param name="passphrase">Of the key; null: none.</param>
    /// <exception cref="CommandFault">A PKCS #12 file lacks its key or its passphrase.</exception>
    public void Check(bool keyIsElsewhere, string? passphrase)
    {
        if (Pkcs12 && keyIsElsewhere)
        {
            throw CommandFault.Usage("--pkcs12 needs the key, which stays with whoever made the CSR", "leave out either of them");
        }

        if (Pkcs12 && passphrase is null)
        {
            throw CommandFault.Usage(
                "--pkcs12 needs a passphrase", "give --key-passphrase-env or --key-passphrase-file; it encrypts the key's other files, too");
        }
    }
}
