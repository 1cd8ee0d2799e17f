using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary>Writes that the CA refused a request.</summary>
internal static class Refusal
{
    /// <summary>Writes the refusal to standard error; for programs the answer is also written as a result.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Terminal terminal, AuthorityAnswer.Rejected refused, bool json)
    {
        if (json)
        {
            terminal.Write(Answer.Indented(refused.Json));
        }

        foreach (string warning in refused.Warnings)
        {
            terminal.Warning(warning);
        }

        terminal.Error($"the CA refused: {refused.Message}", HintOf(refused));
        return ExitCode.Refused;
    }

    /// <summary>Returns the hint for a refusal; null where the message is enough.</summary>
    public static string? HintOf(AuthorityAnswer.Rejected refused) =>
        refused.Code is not { } code ? null : refused.IsHere ? RefusalHints.OfHere(code) : RefusalHints.OfElsewhere(code);
}

/// <summary>Holds the hints for refusals. The message of a refusal is the CA's and the same everywhere; the hint depends on
/// the program that shows it.</summary>
internal static class RefusalHints
{
    /// <summary>Returns the hint for a local CA, one short sentence; null where the message is enough.</summary>
    public static string? OfHere(RejectionCode code) => code switch
    {
        RejectionCode.CaNotFound => "make the CAs first: serverless-ca run",
        RejectionCode.CaNotUsable => "this CA issues nothing any more: make a new one in another folder, --ca local:FOLDER",
        RejectionCode.CaNotValidYet => "check the clock of this machine",
        RejectionCode.CsrFileNotFound => "put the file into the folder 'csrs' beside tls.json, or correct csr_file",
        RejectionCode.CsrNotAccepted => "make a new key and CSR: serverless-ca csr --common-name NAME",
        RejectionCode.NameReserved => "choose another --common-name: this one is a CA's",
        RejectionCode.KeyUsed => "make a new key, or allow the old one with --force-issue",
        RejectionCode.AlreadyIssued => "get the certificate: serverless-ca get NAME",
        RejectionCode.LifetimeTooShort => "give at least one day: --lifetime 1",
        RejectionCode.ExtensionRefused => "custom_extension_allowlist in the CA's settings.json names what is allowed",
        RejectionCode.UsageRefused => "extended_key_usage_allowlist in the CA's settings.json names what is allowed",
        RejectionCode.OcspSigningRefused => "allow_ocsp_signing in the CA's settings.json allows it: its holder then answers for the CA who is revoked",
        RejectionCode.SubjectReserved => "change one of the subject's attributes: this subject is a CA's",
        RejectionCode.KeyCompromised => "make a new key: this one is no secret any more",
        RejectionCode.TooLarge => "ask for fewer or shorter names, or for several certificates",
        RejectionCode.TokenMisused => "take a new token for a new request",
        RejectionCode.PolicyRefused => "request_policies in the CA's settings.json says what each policy allows",
        RejectionCode.NameConstrained => "ask for other names: a CA keeps the name constraints that it was created with",
        _ => null,
    };

    /// <summary>Returns the hint for a CA elsewhere; null where only the CA's operator can do something.</summary>
    public static string? OfElsewhere(RejectionCode code) => code switch
    {
        RejectionCode.OcspSigningRefused or RejectionCode.ExtensionRefused or RejectionCode.UsageRefused or RejectionCode.PolicyRefused => "the CA's operator can allow it",
        RejectionCode.CaNotFound or RejectionCode.CaNotUsable or RejectionCode.CaNotValidYet
            or RejectionCode.CsrFileNotFound or RejectionCode.AlreadyIssued => null,
        _ => OfHere(code),
    };
}
