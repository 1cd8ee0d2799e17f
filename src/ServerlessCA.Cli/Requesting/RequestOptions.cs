using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The options of a request besides its subject and its key: one for each field of contract section 5.</summary>
internal sealed class RequestOptions
{
    private static readonly string[] Flags = ["true", "false"];

    /// <summary>Names.</summary>
    public Option<string[]> San { get; } = new("--san")
    {
        HelpName = SanArgument.Form,
        Description = "Subject alternative names, repeatable; TYPE is dns, ip, email, url or dn; without it addresses are told from DNS names. "
            + "Without any name, the common name if it is a domain",
    };

    /// <summary>What to start from.</summary>
    public Option<string?> File { get; } = new("--file")
    {
        HelpName = "JSON",
        Description = "A request to start from, as an element of tls.json looks, or - for standard input; options win over it",
    };

    /// <summary>Those of the certificate's contents.</summary>
    public IReadOnlyList<Option> Contents => [lifetime, San, noCommonNameSan, purpose, usage, extension];

    /// <summary>Those of how the CA treats the request.</summary>
    public IReadOnlyList<Option> Handling => [File, forceIssue, certBundle, notifyExpiry, notifyIssued, token];

    /// <summary>Those of them that an agent has: tokens and keys are its own business.</summary>
    public IReadOnlyList<Option> HandlingOfAgents => [File, certBundle, notifyExpiry, notifyIssued];

    private readonly Option<string?> lifetime = new("--lifetime")
    {
        HelpName = "DAYS",
        Description = "Days that the certificate is valid (default 30; never more than the CA's maximum)",
    };

    private readonly Option<bool> noCommonNameSan = new(CommonNameSan.Without)
    {
        Description = "With server_auth the common name is added to the names of --san, if it is a host's: leave it out",
    };

    private readonly Option<string[]> purpose = Choice.Several(
        "--purpose", "PURPOSE", "client_auth (default) or server_auth, repeatable", [.. ExtendedKeyUsage.Purposes]);

    private readonly Option<string[]> usage = Choice.Several(
        "--eku", "USAGE", $"Extended key usage beside the purposes, repeatable: {string.Join(", ", ExtendedKeyUsage.Names)}, or a dotted OID",
        [.. ExtendedKeyUsage.Names], word => char.IsAsciiDigit(word.FirstOrDefault()));

    private readonly Option<string[]> extension = new("--extension")
    {
        HelpName = ExtensionArgument.Form,
        Description = "Custom extension with a DER value, repeatable; the CA's custom_extension_allowlist must name the OID",
    };

    private readonly Option<bool> forceIssue = new("--force-issue") { Description = "Allow a key that was used for a certificate before" };

    private readonly Option<bool> certBundle = new("--cert-bundle")
    {
        Description = "Put the CA certificates behind the certificate in its file, too",
    };

    private readonly Option<string?> notifyExpiry = Choice.Of(
        "--notify-expiry", "true|false", "Remind before the certificate expires (default: only if tls.json lists it)", Flags);

    private readonly Option<string?> notifyIssued = Choice.Of(
        "--notify-issued", "true|false", "Announce the certificate (default: only if tls.json lists it)", Flags);

    private readonly Option<string?> token = new("--idempotency-token")
    {
        HelpName = "TEXT",
        Description = "The same token with the same request answers the same certificate for 24 hours; use it with --csr",
    };

    /// <summary>Puts what was given into the request, over what is there.</summary>
    /// <exception cref="CommandFault">A value has a wrong form.</exception>
    public CertificateRequest Fill(ParseResult parsed, CertificateRequest request) => request with
    {
        Lifetime = parsed.GetValue(lifetime) is { } days ? DaysOf(days) : request.Lifetime,
        Purposes = Given(parsed, purpose) ?? request.Purposes,
        ExtendedKeyUsages = Given(parsed, usage) ?? request.ExtendedKeyUsages,
        Sans = Given(parsed, San) is { } sans ? [.. sans.SelectMany(SanArgument.Read)] : request.Sans,
        Extensions = Given(parsed, extension) is { } extensions ? [.. extensions.Select(ExtensionArgument.Read)] : request.Extensions,
        ForceIssue = parsed.GetValue(forceIssue) || request.ForceIssue,
        CertBundle = parsed.GetValue(certBundle) || request.CertBundle,
        NotifyExpiry = parsed.GetValue(notifyExpiry) is { } remind ? remind == "true" : request.NotifyExpiry,
        NotifyIssued = parsed.GetValue(notifyIssued) is { } announce ? announce == "true" : request.NotifyIssued,
        IdempotencyToken = parsed.GetValue(token) ?? request.IdempotencyToken,
    };

    /// <summary>Adds the common name of a server to its names, as <see cref="CommonNameSan"/> says; afterwards, as the name may
    /// be that of a CSR.</summary>
    /// <returns>The request, and what was added; null: nothing.</returns>
    /// <exception cref="CommandFault">It cannot be left out as it should.</exception>
    public (CertificateRequest Request, string? Added) AddCommonName(ParseResult parsed, CertificateRequest request)
    {
        if (!parsed.GetValue(noCommonNameSan))
        {
            return CommonNameSan.Add(request, areGiven: Given(parsed, San) is not null);
        }

        CommonNameSan.ExpectOthers(request);
        return (request, null);
    }

    private static long DaysOf(string days) => long.TryParse(days, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
        ? number
        : throw CommandFault.Usage($"--lifetime '{days}' is not a whole number", "give days, such as --lifetime 90");

    private static string[]? Given(ParseResult parsed, Option<string[]> option) => parsed.GetValue(option) is { Length: > 0 } values ? values : null;
}
