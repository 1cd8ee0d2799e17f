using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>Answers what happened to a certificate, under a name, or in the whole CA.</summary>
internal sealed class HistoryEndpoint(Deployment ca)
{
    private const string Name = "name";
    private const string Serial = "serial";
    private const string Since = "since";
    private const string Limit = "limit";
    private const int DefaultLimit = 50;
    private const int MaxLimit = 10_000; // our decision: some megabytes, as the command line's --limit

    /// <summary>The call.</summary>
    public ApiOperation Operation => new(HttpMethods.Get, "/history", ApiCall.Read, AnswerAsync) { Parameters = [Name, Serial, Since, Limit] };

    private async Task<ApiReply> AnswerAsync(ApiRequest request)
    {
        ApiParameters parameters = request.Parameters;
        string? name = parameters.Text(Name);
        string? serial = parameters.Text(Serial);
        DateTimeOffset? since = parameters.Time(Since);
        int limit = parameters.Number(Limit, 1, MaxLimit, DefaultLimit);
        if (name is not null && serial is not null)
        {
            parameters.Refuse($"The parameters '{Name}' and '{Serial}' are both there.", "Give one of them.");
        }

        if (serial is not null && !SerialNumberText.TryRead(serial, out SerialReading _))
        {
            parameters.Refuse($"The parameter '{Serial}' is not a serial number.", ApiRefusal.SerialHint);
        }

        if (parameters.Fault is { } wrong)
        {
            return wrong.ToReply();
        }

        var history = new CertificateHistory(ca.Ledger, ca.Clock);
        FoundHistory found = (name ?? serial) is { } text
            ? await history.FindAsync(text, since, limit, request.Cancellation)
            : await history.NewestAsync(since ?? ca.Clock.GetUtcNow() - CertificateHistory.DefaultRange, limit, request.Cancellation);
        return found.Entries.Count == 0 && since is null && (name ?? serial) is not null
            ? ApiRefusal.NotFound("Nothing is known of it.", "GET /api/v1/certificates lists all certificates; case counts.").ToReply()
            : ApiReply.Json(writer => HistoryDocument.Write(writer, found));
    }
}
