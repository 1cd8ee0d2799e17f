using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>Lists the certificates of the CA page by page, and counts them.</summary>
internal sealed class InventoryEndpoint(Deployment ca)
{
    private const string Issuer = "issuer";
    private const string Within = "expires_within";
    private const string From = "expires_from";
    private const string Until = "expires_until";
    private const string Purpose = "purpose";
    private const string Cursor = "cursor";
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200; // our decision: some 60 KB

    private static readonly string[] Statuses = ["valid", "expired", "revoked", "ca"];

    /// <summary>The calls.</summary>
    public IEnumerable<ApiOperation> Operations =>
    [
        new(HttpMethods.Get, "/certificates", ApiCall.Read, ListAsync)
        {
            Parameters = ["name", "san", Purpose, Issuer, "source", "status", Within, From, Until, "sort", "limit", Cursor],
        },
        new(HttpMethods.Get, "/certificates/summary", ApiCall.Read, SummarizeAsync),
    ];

    private async Task<ApiReply> ListAsync(ApiRequest request)
    {
        ApiParameters parameters = request.Parameters;
        DateTimeOffset now = ca.Clock.GetUtcNow();
        InventoryFilter filter = await FilterAsync(parameters, now, request.Cancellation);
        InventorySort sort = InventoryWords.SortOf(parameters.Word("sort", InventoryWords.Sorts) ?? InventoryWords.Sorts[0]);
        InventoryCursor? after = null;
        if (parameters.Text(Cursor) is { } cursor && !InventoryCursor.TryParse(cursor, sort, out after))
        {
            parameters.Refuse($"The parameter '{Cursor}' is not one of this order.", "Give the member Next of the page before, with the same parameters; or leave it out.");
        }

        var query = new InventoryQuery(filter) { Sort = sort, Limit = parameters.Number("limit", 1, MaxLimit, DefaultLimit), After = after };
        if (parameters.Fault is { } wrong)
        {
            return wrong.ToReply();
        }

        InventoryList list = await new CertificateInventory(ca.Ledger).ListAsync(query, now, request.Cancellation);
        return ApiReply.Json(writer => InventoryDocument.Write(writer, list));
    }

    private async Task<ApiReply> SummarizeAsync(ApiRequest request)
    {
        InventorySummary summary = await new CertificateInventory(ca.Ledger).SummarizeAsync(ca.Clock.GetUtcNow(), request.Cancellation);
        return ApiReply.Json(writer => SummaryDocument.Write(writer, summary));
    }

    private async Task<InventoryFilter> FilterAsync(ApiParameters parameters, DateTimeOffset now, CancellationToken cancellation)
    {
        IReadOnlyList<string> statuses = parameters.Words("status", Statuses);
        (DateTimeOffset? from, DateTimeOffset? until) = RangeOf(parameters, now);
        string? purpose = parameters.Text(Purpose);
        string? usage = purpose is null ? null : InventoryWords.UsageOf(purpose);
        if (purpose is not null && usage is null)
        {
            parameters.Refuse($"The parameter '{Purpose}' is not a usage.", $"Give one of {string.Join(", ", InventoryWords.Purposes)}, or a dotted OID.");
        }

        return new InventoryFilter
        {
            Name = parameters.Text("name"),
            AlternativeName = parameters.Text("san"),
            UsageOid = usage,
            Source = IssueSources.OfName(parameters.Word("source", [.. IssueSources.Names])),
            Valid = statuses.Contains(Statuses[0]),
            Expired = statuses.Contains(Statuses[1]),
            Revoked = statuses.Contains(Statuses[2]),
            Authorities = statuses.Contains(Statuses[3]),
            ExpiresFrom = from,
            ExpiresUntil = until,
            IssuerKeyIds = await KeysOfAsync(parameters, cancellation),
        };
    }

    private static (DateTimeOffset? From, DateTimeOffset? Until) RangeOf(ApiParameters parameters, DateTimeOffset now)
    {
        (DateTimeOffset? from, DateTimeOffset? until) = (parameters.Time(From), parameters.Time(Until));
        if (parameters.Text(Within) is not { } text)
        {
            return (from, until);
        }

        DateTimeOffset? end = InventoryWords.EndOf(text, now);
        if (end is null)
        {
            parameters.Refuse($"The parameter '{Within}' is not a time.", "Write a number of days, weeks or months: 30d, 6w or 3m.");
        }

        if (from is not null || until is not null)
        {
            parameters.Refuse($"The parameter '{Within}' stands beside '{From}' or '{Until}'.", "Give either it or the others.");
        }

        return (now, end);
    }

    private async Task<IReadOnlySet<string>?> KeysOfAsync(ApiParameters parameters, CancellationToken cancellation)
    {
        if (parameters.Text(Issuer) is not { } text)
        {
            return null;
        }

        IReadOnlySet<string> keys = await InventoryWords.IssuerKeysAsync(ca.Ledger, text, cancellation);
        if (keys.Count == 0)
        {
            parameters.Refuse($"The parameter '{Issuer}' names no CA.", $"The CAs are {ca.Settings.Names.IssuingCa} and {ca.Settings.Names.RootCa}.");
        }

        return keys;
    }
}
