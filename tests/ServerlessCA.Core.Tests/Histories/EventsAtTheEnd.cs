using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>What must have been told once everything works again: every event at least once, under one id.</summary>
internal static class EventsAtTheEnd
{
    private const string Rejected = "Certificate Request Rejected";

    public static void Check(History history)
    {
        Notification[] told = [.. history.Authority.Notifier.Delivered];
        Assert.All(told.GroupBy(one => one.Id), same => Assert.Single(same.Select(one => (one.Subject, one.Json)).Distinct()));

        Assert.Equal(history.Rows.Select(row => $"issued-{row.SerialNumber}").Order(), Ids(told, "Certificate Issued"));
        Assert.Equal(
            history.Rows.Where(row => row.Revoked is not null).Select(row => $"revoked-{row.SerialNumber}").Order(),
            Ids(told, "Certificate Revoked"));
        Assert.Equal(
            history.UnknownListed.Order(StringComparer.Ordinal),
            told.Where(one => one.Subject == "Revocation Failed").DistinctBy(one => one.Id)
                .Select(one => JsonNode.Parse(one.Json)!["SerialNumber"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(Reminders(history, beforeExpiry: true), Ids(told, "Certificate Expiry Warning"));
        Assert.Equal(Reminders(history, beforeExpiry: false), Ids(told, "Certificate Expired"));
        CheckRefusals(history, [.. told.Where(one => one.Subject == Rejected).DistinctBy(one => one.Id)]);
    }

    private static void CheckRefusals(History history, Notification[] told)
    {
        (string CommonName, string Reason, string Id)[] refusals =
        [
            .. told.Select(one => (JsonNode.Parse(one.Json)!, one.Id)).Select(one => (
                one.Item1["CSRInfo"]!["CommonName"]!.GetValue<string>(), one.Item1["Reason"]!.GetValue<string>(), one.Id)),
        ];
        Assert.Equal(history.DirectRefusals, refusals.Count(one => one.CommonName.StartsWith("direct", StringComparison.Ordinal)));

        // A refused entry is told once for each form that it had, however often it came again.
        var ofEntries = refusals.Where(one => one.CommonName.StartsWith("entry", StringComparison.Ordinal)).ToList();
        Assert.Equal(history.RefusedEntries.Order(), ofEntries.Select(one => (one.CommonName, one.Reason)).Distinct().Order());
        Assert.All(ofEntries.GroupBy(one => (one.CommonName, one.Reason)), same => Assert.True(
            same.Count() <= history.EverListed.Count(entry => entry.Contains($"\"{same.Key.CommonName}\"", StringComparison.Ordinal))));
    }

    private static IEnumerable<string> Ids(Notification[] told, string subject) =>
        told.Where(one => one.Subject == subject).Select(one => one.Id).Distinct().Order();

    private static IEnumerable<string> Reminders(History history, bool beforeExpiry) => history.Rows
        .SelectMany(row => row.ExpiryReminders.Where(at => at < row.Expires == beforeExpiry).Select(at => Id(row, at))).Order();

    private static string Id(CertificateRecord row, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"expiry-{row.SerialNumber}-{at.UtcDateTime:yyyyMMdd}");
}
