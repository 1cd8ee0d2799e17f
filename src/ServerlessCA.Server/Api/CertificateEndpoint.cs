using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
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

    // The last part of the path of a file.
    private static readonly Dictionary<string, CertificateForm> Forms = new(StringComparer.Ordinal)
    {
        ["pem"] = CertificateForm.Pem, ["der"] = CertificateForm.Der, ["chain"] = CertificateForm.Chain, ["p7b"] = CertificateForm.Pkcs7,
    };

    /// <summary>The calls.</summary>
    public IEnumerable<ApiOperation> Operations =>
    [
        new(HttpMethods.Get, One, ApiCall.Read, ShowAsync) { Parameters = [Name] },
        new(HttpMethods.Get, "/names/{name}", ApiCall.Read, ShowNameAsync),
        .. Forms.Select(form =>
            new ApiOperation(HttpMethods.Get, $"{One}/{form.Key}", ApiCall.Read, request => FileAsync(request, form.Value)) { Parameters = [Name] }),
    ];

    private async Task<ApiReply> ShowAsync(ApiRequest request)
    {
        (IReadOnlyList<CertificateRecord> found, ApiRefusal? why) = await FindAsync(request);
        return why is null ? await ShowAsync(found, request.Cancellation) : why.ToReply();
    }

    private async Task<ApiReply> ShowNameAsync(ApiRequest request)
    {
        IReadOnlyList<CertificateRecord> found = await new CertificateInventory(ca.Ledger).FindByNameAsync(NameOf(request), request.Cancellation);
        return found.Count > 0 ? await ShowAsync(found, request.Cancellation) : ApiRefusal.NoCertificate().ToReply();
    }

    private async Task<ApiReply> ShowAsync(IReadOnlyList<CertificateRecord> found, CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        var all = new List<CertificateDetails>();
        IssuerChain issuers = await IssuerChain.ReadAsync(ca.Ledger, ca.Settings.Names, cancellation);
        foreach (CertificateRecord record in found)
        {
            if (CertificateDetails.Of(record, now) is not { } details)
            {
                return Unreadable(record).ToReply();
            }

            all.Add(details.InFull([.. issuers.Of(record).Select(issuer => issuer.Pem)]));
        }

        return ApiReply.Json(writer => CertificatesDocument.Write(writer, all));
    }

    private async Task<ApiReply> FileAsync(ApiRequest request, CertificateForm form)
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

        return await CertificateDownload.OfAsync(form, found[0], ca.Ledger, ca.Settings.Names, request.Cancellation) is { } file
            ? new ApiReply(StatusCodes.Status200OK, file.Content) { ContentType = file.MediaType, Headers = [("Content-Disposition", $"attachment; filename=\"{file.Name}\"")] }
            : Unreadable(found[0]).ToReply();
    }

    // At least one if there is no refusal.
    private async Task<(IReadOnlyList<CertificateRecord> Found, ApiRefusal? Why)> FindAsync(ApiRequest request)
    {
        string? name = request.Parameters.Text(Name);
        if (!SerialNumberText.TryRead(request.Segment(Serial), out SerialReading number))
        {
            return ([], ApiRefusal.BadParameter($"The path's '{Serial}' is not a serial number.", ApiRefusal.SerialHint));
        }

        IReadOnlyList<CertificateRecord> found = [.. (await new CertificateInventory(ca.Ledger).FindBySerialAsync(number, request.Cancellation))
            .Where(record => name is null || record.CommonName == name)];
        return (found, found.Count > 0 ? null : ApiRefusal.NoCertificate());
    }

    // Routing leaves %2F as it is, which a name may have; so the name is decoded from the path as it came.
    private static string NameOf(ApiRequest request)
    {
        string target = request.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int start = target.IndexOf(NamePrefix, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? request.Segment(Name) : Uri.UnescapeDataString(target[(start + NamePrefix.Length)..].Split('?')[0]);
    }

    private static ApiRefusal Unreadable(CertificateRecord record) =>
        ApiRefusal.Internal($"The certificate of the row '{record.CommonName}', serial number {record.SerialNumber}, cannot be read.", "See 'serverless-ca health'.");
}
