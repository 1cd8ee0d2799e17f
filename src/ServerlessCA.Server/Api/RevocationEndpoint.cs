using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Api;

/// <summary>Revokes one certificate and publishes the CRL that names it.</summary>
internal sealed class RevocationEndpoint(Deployment ca, ILogger log)
{
    private const string Name = RevocationDocument.CommonName;
    private const string Serial = RevocationDocument.SerialNumber;
    private const string Reason = RevocationDocument.Reason;
    private const string LogName = "revoke";

    /// <summary>The call.</summary>
    public ApiOperation Operation => new(HttpMethods.Post, "/revocations", ApiCall.Operate, AnswerAsync) { MaxBody = ApiOperation.SmallBody };

    private async Task<ApiReply> AnswerAsync(ApiRequest request)
    {
        if (!ApiBody.TryRead(request.Body, [Name, Serial, Reason], out IReadOnlyDictionary<string, string>? members, out ApiRefusal? broken))
        {
            return broken.ToReply();
        }

        if (!TryReason(members, out RevocationReason reason, out ApiRefusal? why))
        {
            return why.ToReply();
        }

        (CertificateRecord? row, ApiRefusal? missing) = await FindAsync(members, request.Cancellation);
        return row is null ? missing!.ToReply() : await RevokeAsync(request, row, reason);
    }

    private async Task<ApiReply> RevokeAsync(ApiRequest request, CertificateRecord row, RevocationReason reason)
    {
        if (RevokeCertificate.WhyNot(ca.Settings.Names, row.CommonName) is { } impossible)
        {
            Log(request, "refused", row);
            return ApiRefusal.Conflict($"The CA refused: {impossible}.", $"{RevokeCertificate.Instead(ca.Settings.Names)}.").ToReply();
        }

        try
        {
            // What has begun is completed, also if the caller goes away: a row that is marked and on no CRL protects nobody.
            RevokedCertificate revoked = await new RevokeAndPublish(ca with { Actor = ServerActor.Of(request.Caller!.Caller) })
                .RunAsync(row, reason, CancellationToken.None);
            Log(request, revoked.Outcome == RevokeOutcome.Revoked ? "revoked" : "done", row);
            return ApiReply.Json(writer => RevocationDocument.Write(writer, revoked));
        }
        catch (RevocationIncompleteException fault)
        {
            Log(request, "failed", row);
            return ApiRefusal.Internal($"{fault.Message}.", $"{fault.Remedy}.").ToReply();
        }
    }

    private async Task<(CertificateRecord? Row, ApiRefusal? Why)> FindAsync(IReadOnlyDictionary<string, string> members, CancellationToken cancellation)
    {
        string? name = members.GetValueOrDefault(Name);
        SerialReading number = default;
        bool isNumbered = members.TryGetValue(Serial, out string? text);
        if (name is null && !isNumbered)
        {
            return (null, ApiRefusal.BadBody("Nothing says which certificate to revoke.", $"Give {Name}, {Serial} or both."));
        }

        if (isNumbered && !SerialNumberText.TryRead(text!, out number))
        {
            return (null, ApiRefusal.BadBody($"The member '{Serial}' is not a serial number.", ApiRefusal.SerialHint));
        }

        var inventory = new CertificateInventory(ca.Ledger);
        IReadOnlyList<CertificateRecord> found = name is null ? await inventory.FindBySerialAsync(number, cancellation)
            : !isNumbered ? await inventory.FindByNameAsync(name, cancellation)
            : await inventory.FindAsync(name, number, cancellation) is { } one ? [one]
            : [];
        return found switch
        {
            [] => (null, ApiRefusal.NoCertificate()),
            [var only] => (only, null),
            _ => (null, ApiRefusal.Conflict(
                string.Create(CultureInfo.InvariantCulture, $"That may be any of {found.Count} certificates; none was revoked."), $"Give {Name} and {Serial}.")),
        };
    }

    private static bool TryReason(
        IReadOnlyDictionary<string, string> members, out RevocationReason reason, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ApiRefusal? why)
    {
        reason = default;
        bool isKnown = members.GetValueOrDefault(Reason) is not { } word || RevocationReasons.TryParse(word, out reason);
        why = isKnown ? null : ApiRefusal.BadBody($"The member '{Reason}' is not a reason.", $"Give one of {string.Join(", ", RevocationReasons.Names)}.");
        return isKnown;
    }

    private void Log(ApiRequest request, string outcome, CertificateRecord row) => log.Called(request, LogName, outcome, row);
}
