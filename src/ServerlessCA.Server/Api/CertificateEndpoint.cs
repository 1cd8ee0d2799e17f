using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Renewals;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>Answers everything about one certificate, and hands it out as a file.</summary>
internal sealed class CertificateEndpoint(Deployment ca)
{
    private const string Name = "name";
    private const string Serial = "serial";
    private const string NamePrefix = ApiOperation.Root + "/names/";
    private const string One = $"/certificates/{{{Serial}}}";

    /// <summary>The calls.</summary>
    public IEnumerable<ApiOperation> Operations =>
    [
        new(HttpMethods.Get, One, ApiCall.Read, ShowAsync) { Parameters = [Name] },
        new(HttpMethods.Get, "/names/{name}", ApiCall.Read, ShowNameAsync),
        .. CertificateFile.All.Select(file =>
            new ApiOperation(HttpMethods.Get, $"{One}/{file.Format}", ApiCall.Read, request => FileAsync(request, file)) { Parameters = [Name] }),
    ];

    private async Task<ApiReply> ShowAsync(ApiRequest request)
    {
        (IReadOnlyList<CertificateRecord> found, ApiRefusal? why) = await FindAsync(request);
        return why is null ? await ShowAsync(found, request.Cancellation) : why.ToReply();
    }

    private async Task<ApiReply> ShowNameAsync(ApiRequest request)
    {
        IReadOnlyList<CertificateRecord> found = await new CertificateInventory(ca.Ledger).FindByNameAsync(NameOf(request), request.Cancellation);
        return found.Count > 0 ? await ShowAsync(found, request.Cancellation) : NoSuch().ToReply();
    }

    private async Task<ApiReply> ShowAsync(IReadOnlyList<CertificateRecord> found, CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        var all = new List<CertificateDetails>();
        foreach (CertificateRecord record in found)
        {
            if (CertificateDetails.Of(record, now) is not { } details)
            {
                return Unreadable(record).ToReply();
            }

            all.Add(details with
            {
                Chain = [.. (await ChainAsync(record, cancellation)).Select(issuer => issuer.Pem)],
                RenewalDue = record.IsCa ? null : RenewalSchedule.DueAt(record.Certificate!, atLatestAfter: null),
            });
        }

        return ApiReply.Json(writer => CertificatesDocument.Write(writer, all));
    }

    private async Task<ApiReply> FileAsync(ApiRequest request, CertificateFile file)
    {
        (IReadOnlyList<CertificateRecord> found, ApiRefusal? why) = await FindAsync(request);
        if (why is not null)
        {
            return why.ToReply();
        }

        if (found.Count > 1)
        {
            return ApiRefusal.Conflict("Several certificates have this serial number.", $"Give the parameter '{Name}', the common name of one.").ToReply();
        }

        if (found[0].Certificate is not { } certificate)
        {
            return Unreadable(found[0]).ToReply();
        }

        byte[] content = file.Write([certificate, .. file.HasIssuers ? await ChainAsync(found[0], request.Cancellation) : []]);
        return new ApiReply(StatusCodes.Status200OK, content)
        {
            ContentType = file.MediaType,
            Headers = [("Content-Disposition", $"attachment; filename=\"{file.NameFor(found[0].CommonName)}\"")],
        };
    }

    // At least one if there is no refusal.
    private async Task<(IReadOnlyList<CertificateRecord> Found, ApiRefusal? Why)> FindAsync(ApiRequest request)
    {
        string? name = request.Parameters.Text(Name);
        if (!SerialNumberText.TryRead(request.Segment(Serial), out SerialReading number))
        {
            return ([], ApiRefusal.BadParameter($"The path's '{Serial}' is not a serial number.", "Write it in decimal, or in hexadecimal with colons."));
        }

        IReadOnlyList<CertificateRecord> found = [.. (await new CertificateInventory(ca.Ledger).FindBySerialAsync(number, request.Cancellation))
            .Where(record => name is null || record.CommonName == name)];
        return (found, found.Count > 0 ? null : NoSuch());
    }

    private Task<IReadOnlyList<Certificate>> ChainAsync(CertificateRecord record, CancellationToken cancellation) =>
        IssuerChain.OfAsync(ca.Ledger, ca.Settings.Names, record, cancellation);

    // Routing leaves %2F as it is, which a name may have; so the name is decoded from the path as it came.
    private static string NameOf(ApiRequest request)
    {
        string target = request.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int start = target.IndexOf(NamePrefix, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? request.Segment(Name) : Uri.UnescapeDataString(target[(start + NamePrefix.Length)..].Split('?')[0]);
    }

    private static ApiRefusal NoSuch() => ApiRefusal.NotFound("There is no such certificate.", "GET /api/v1/certificates lists them; case counts.");

    private static ApiRefusal Unreadable(CertificateRecord record) =>
        ApiRefusal.Internal($"The certificate of the row '{record.CommonName}', serial number {record.SerialNumber}, cannot be read.", "See 'serverless-ca health'.");
}

/// <summary>A form in which a certificate is handed out as a file. Immutable.</summary>
/// <param name="Format">The last part of its path.</param>
/// <param name="Ending">What its name ends in.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="HasIssuers">Whether it also has the certificates of the CAs above.</param>
/// <param name="Write">Writes certificates, the first one first.</param>
internal sealed record CertificateFile(string Format, string Ending, string MediaType, bool HasIssuers, Func<IReadOnlyList<Certificate>, byte[]> Write)
{
    private const int MaxName = 64; // characters; our decision
    private const string PemType = "application/x-pem-file"; // as published files have it

    /// <summary>All forms.</summary>
    public static IReadOnlyList<CertificateFile> All { get; } =
    [
        new("pem", ".pem", PemType, HasIssuers: false, PemOf),
        new("der", ".cer", "application/pkix-cert", HasIssuers: false, certificates => certificates[0].Der.ToArray()),
        new("chain", "-chain.pem", PemType, HasIssuers: true, PemOf),
    ];

    /// <summary>Returns the name of the file for a common name: letters, digits, dots and hyphens alone, so that it needs no quotes in
    /// a header (RFC 6266 §4.3) and is harmless in every folder.</summary>
    public string NameFor(string commonName)
    {
        string plain = string.Concat(commonName.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'));
        plain = plain.Length > MaxName ? plain[..MaxName] : plain;
        return (plain.Trim('.', '_', '-') is { Length: > 0 } some ? some : "certificate") + Ending;
    }

    private static byte[] PemOf(IReadOnlyList<Certificate> certificates) => Encoding.ASCII.GetBytes(string.Concat(certificates.Select(certificate => certificate.Pem)));
}
