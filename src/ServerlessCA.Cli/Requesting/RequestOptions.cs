using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Holds and reads the options of a request besides its subject and its key: one for each field of contract section
/// 5.</summary>
internal sealed class RequestOptions
{
    private static readonly string[] Flags = ["true", "false"];

    /// <summary>The option for alternative names.</summary>
    public Option<string[]> San { get; } = new("--san")
    {
        HelpName = SanArgument.Form,
        Description = "Subject alternative names, repeatable; TYPE is dns, ip, email, url or dn; without it an address is an IP address and all else a DNS name. "
            + "Without any name the CA takes the common name if it is a domain",
    };

    /// <summary>The option that names a request to start from.</summary>
    public Option<string?> File { get; } = new("--file")
    {
        HelpName = "JSON",
        Description = "A request to start from, as an element of tls.json looks, or - for standard input; options win over it",
    };

    /// <summary>The options that determine the certificate's contents.</summary>
    public IReadOnlyList<Option> Contents => [lifetime, San, noCommonNameSan, purpose, usage, extension];

    /// <summary>The options that say how the CA treats the request.</summary>
    public IReadOnlyList<Option> Handling => [File, forceIssue, certBundle, notifyExpiry, notifyIssued, token];

    /// <summary>Those of them that an agent has, which provides tokens and keys itself.</summary>
    public IReadOnlyList<Option> HandlingOfAgents => [File, certBundle, notifyExpiry, notifyIssued];

    /// <summary>Those of a renewal, whose contents are those of the certificate.</summary>
    public IReadOnlyList<Option> OfRenewals => [lifetime, certBundle, notifyExpiry, notifyIssued];

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

    /// <summary>Puts the given options into the request; they replace what it has.</summary>
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

    /// <summary>Adds the common name of a server to its alternative names, as <see cref="CommonNameSan"/> describes. It is
    /// called after <see cref="Fill"/>, as the common name may come from a CSR.</summary>
    /// <returns>The request, and the name that was added; null when none was.</returns>
    /// <exception cref="CommandFault">The name was not to be added, and there is no other.</exception>
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

/// <summary>Holds and reads the options of the subject: one for each attribute.</summary>
internal sealed class SubjectOptions
{
    private readonly Option<string?>[] options = [.. SubjectAttributes.All.Select(Of)];

    /// <summary>All of them, in the order of a subject.</summary>
    public IReadOnlyList<Option> All => options;

    /// <summary>Returns the option of an attribute, such as <c>--common-name</c> for the key <c>common_name</c>.</summary>
    public static string NameOf(SubjectAttribute attribute) => $"--{attribute.RequestKey.Replace('_', '-')}";

    /// <summary>Puts the given options into the request; they replace what it has.</summary>
    public CertificateRequest Fill(ParseResult parsed, CertificateRequest request)
    {
        var values = new Dictionary<string, string>(request.Subject, StringComparer.Ordinal);
        string? commonName = request.CommonName;
        foreach ((Option<string?> option, SubjectAttribute attribute) in options.Zip(SubjectAttributes.All))
        {
            switch (parsed.GetValue(option))
            {
                case null:
                    break;
                case var value when attribute == SubjectAttributes.CommonName:
                    commonName = value.Length > 0 ? value : null;
                    break;
                case "":
                    values.Remove(attribute.RequestKey);
                    break;
                case var value:
                    values[attribute.RequestKey] = value;
                    break;
            }
        }

        return request with { CommonName = commonName, Subject = values };
    }

    /// <summary>Builds the subject of a CSR.</summary>
    /// <exception cref="CommandFault">A value does not fit its attribute.</exception>
    public static DistinguishedName SubjectOf(CertificateRequest request)
    {
        var attributes = new List<NameAttribute>();
        foreach (SubjectAttribute attribute in SubjectAttributes.All)
        {
            if (request.ValueOf(attribute) is not { Length: > 0 } value)
            {
                continue;
            }

            attributes.Add(attribute.TryMake(value, out NameAttribute? made, out string? why)
                ? made
                : throw CommandFault.Usage($"{NameOf(attribute)} '{value}' {why}", "correct the value"));
        }

        return DistinguishedName.Of(attributes);
    }

    private static Option<string?> Of(SubjectAttribute attribute) => new(NameOf(attribute))
    {
        HelpName = attribute == SubjectAttributes.Country ? "CC" : "TEXT",
        Description = DescriptionOf(attribute),
    };

    private static string DescriptionOf(SubjectAttribute attribute) => attribute.Keyword switch
    {
        "CN" => "The subject's common name (CN): the name of a host, a person, a program; at most 64 characters",
        "C" => "Country (C): two letters, such as GB",
        "E" => "E-mail address (emailAddress) in the subject",
        "L" => "Locality (L), such as a town",
        "O" => "Organization (O)",
        "OU" => "Organizational unit (OU)",
        _ => "State or province (ST)",
    };
}

/// <summary>Reads the CSRs of requests.</summary>
internal static class RequestInput
{
    private const int MaxOctets = 128 * 1024; // octets, twice what the CA accepts, so that the CA refuses what is too large
    private const byte Sequence = 0x30; // the first octet of DER, which PEM never has

    /// <summary>Reads <c>--csr</c>, PEM or DER, which may be standard input.</summary>
    /// <returns>PEM, or any other text that the file holds, for the CA to judge.</returns>
    /// <exception cref="CommandFault">It cannot be read, or is no text.</exception>
    public static async Task<CsrSource> ReadCsrAsync(string path, Surroundings here, CancellationToken cancellation)
    {
        byte[] content = await AnyInput.ReadAsync(path, "--csr", MaxOctets, here, cancellation);
        return new CsrSource.PemText(content is [Sequence, ..] ? Pem.Encode(Pem.RequestLabel, content) : InputFile.TextOf(content, $"--csr '{path}'"));
    }

    /// <summary>Takes the common name from the CSR in the request if the request has none (contract 12.25).</summary>
    /// <exception cref="CommandFault">The CSR cannot be read, or has no name or several.</exception>
    public static CertificateRequest WithName(CertificateRequest request)
    {
        if (RequestWriter.Has(request, RequestKeys.CommonName) || request.Csr is not CsrSource.PemText { Text: var pem })
        {
            return request;
        }

        if (!CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why))
        {
            throw CommandFault.Usage(why, "correct it, or send another one");
        }

        string[] names = DistinguishedName.TryDecode(csr.SubjectDer, out DistinguishedName? subject)
            ? [.. subject.Values(SubjectAttributes.CommonName.Oid).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)]
            : [];
        return names.Length == 1 ? request with { CommonName = names[0] } : throw CommandFault.Usage(
            names.Length == 0 ? "neither the request nor the CSR has a common name" : $"the CSR has {names.Length} common names",
            "give one: --common-name client.example.com");
    }

    /// <summary>Says whether a request has a CSR of its own, valid or not.</summary>
    public static bool HasCsr(CertificateRequest request) =>
        RequestWriter.Has(request, RequestKeys.CsrFile) || RequestWriter.Has(request, RequestKeys.Base64CsrData);
}

/// <summary>Reads the file of <c>--file</c>, a request to start from.</summary>
internal static class RequestFile
{
    private const int MaxFaultsShown = 10; // our decision

    /// <summary>Reads the file, which may be standard input. Keys without a meaning, of which the CA would only warn, are
    /// refused here, before a key is made for a certificate that nobody meant (contract 12.24). What the CA refuses is left
    /// for the CA to refuse.</summary>
    /// <exception cref="CommandFault">It is not one JSON object, or it has keys without a meaning.</exception>
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

        RequestKeyFault[] faults = [.. request.KeyFaults.Take(MaxFaultsShown)];
        return faults.Length == 0
            ? request
            : throw CommandFault.Usage(
                $"--file '{path}': {string.Join("; ", faults.Select(fault => fault.What))}",
                faults.Select(fault => fault.Hint).FirstOrDefault(hint => hint is not null)
                    ?? "remove it; a key that begins with _ is a remark and no mistake");
    }
}
