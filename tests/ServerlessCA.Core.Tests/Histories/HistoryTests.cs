using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>Runs random histories: issuing, renewing, revoking, waiting and runs, with ports that fail at any call. A failure
/// prints the history and its seed.</summary>
public sealed class HistoryTests
{
    private const int Histories = 150;

    [Fact]
    public async Task Whatever_happens_the_CRLs_the_reminders_and_the_events_stay_right() =>
        await HistoryStep.Random.Array[8, 28].SampleAsync(LiveAsync, iter: Histories, print: Print);

    private static string Print(HistoryStep[] steps) => string.Join("\n", steps.AsEnumerable());

    private static async Task LiveAsync(HistoryStep[] steps)
    {
        var history = new History();
        var watches = (Root: new CrlWatch(history, TestAuthority.RootName), Issuing: new CrlWatch(history, TestAuthority.IssuingName));
        var reminders = new ReminderWatch(history);
        foreach (HistoryStep step in steps.Concat(Healing()))
        {
            await history.DoAsync(step);
            await watches.Root.CheckAsync();
            await watches.Issuing.CheckAsync();
            await reminders.CheckAsync();
            CheckKeysAndSerials(history);
        }

        Assert.True(history.RanWell, "an undisturbed run failed");
        EventsAtTheEnd.Check(history);
    }

    // The second run delivers what the first one's own steps left.
    private static IEnumerable<HistoryStep> Healing() =>
        Enumerable.Repeat(new HistoryStep(StepKind.Run, 0, 0, 0, Force: false, StepFault.None, 0), 2);

    private static void CheckKeysAndSerials(History history)
    {
        CertificateRecord[] rows = [.. history.Rows];
        Assert.Distinct(history.Authority.Ledger.Records.Select(row => row.SerialNumber));
        Assert.All(rows.GroupBy(row => row.PublicKeyHash), same => Assert.True(
            same.Count(row => !history.Forced.Contains(row.SerialNumber)) <= 1, "a key has two certificates, and nobody forced it"));
    }
}

/// <summary>Checks a published CRL after every step, and computes what the next one has to say.</summary>
internal sealed class CrlWatch(History history, string caName)
{
    private readonly HashSet<SerialNumber> mayLeave = [];
    private CertificateRevocationList? last;

    public async Task CheckAsync()
    {
        TestAuthority authority = history.Authority;
        Core.Ports.StoredFile? file = await authority.Published.ReadAsync($"{caName}.crl", CancellationToken.None);
        bool changed = file is not null && !(last is not null && last.Der.Span.SequenceEqual(file.Content.Span));
        Assert.True(changed || !history.RanWell, $"{caName}: a good run published no CRL");
        Assert.True(file is not null || last is null, $"{caName}: the CRL is gone");
        if (changed)
        {
            Assert.True(CertificateRevocationList.TryDecode(file!.Content, out CertificateRevocationList? crl));
            CheckNew(crl, authority.Clock.GetUtcNow());
            last = crl;
        }

        if (history.RanWell)
        {
            Core.Ports.StoredFile? pem = await authority.Published.ReadAsync($"{caName}.crl.pem", CancellationToken.None);
            Assert.Equal(Encoding.ASCII.GetString(last!.Pem()), Encoding.ASCII.GetString(pem!.Content.Span));
        }
    }

    private void CheckNew(CertificateRevocationList crl, DateTimeOffset now)
    {
        CertificateRecord ca = history.Authority.Ledger.Records.Single(row => row.CommonName == caName);
        Certificate issuer = history.Authority.CertificateOf(ca);
        Assert.True(crl.IsSignedBy(issuer.PublicKey!), $"{caName}: the signature does not verify");
        Assert.True(last is null || crl.Number > last.Number, $"{caName}: number {crl.Number} after {last?.Number}");
        Assert.True(crl.Number <= ca.CrlNumber, $"{caName}: number {crl.Number}, the ledger only {ca.CrlNumber}");
        Assert.Equal(((DateTimeOffset[])[TableTime.WholeSeconds(now.AddMinutes(-5)), last?.ThisUpdate ?? default, .. crl.Entries().Select(entry => entry.RevokedAt)]).Max(), crl.ThisUpdate);
        Assert.InRange(crl.ThisUpdate, default, now);
        Assert.Equal(issuer.SubjectDer.ToArray(), crl.IssuerDer.ToArray());
        CheckEntries(crl);
    }

    // RFC 5280 §3.3: an entry leaves only after it has been on one CRL issued after its certificate's expiry. What was
    // revoked in the second of a CRL cannot be distinguished from what came too late for it, and stays until that second is past.
    private void CheckEntries(CertificateRevocationList crl)
    {
        CertificateRecord[] revoked = [.. history.Rows.Where(row => row.Revoked is not null && caName == TestAuthority.IssuingName)];
        Dictionary<SerialNumber, CrlEntry> entries = crl.Entries().ToDictionary(entry => entry.SerialNumber);
        IEnumerable<SerialNumber> due = revoked.Select(row => row.SerialNumber).Where(serial => !mayLeave.Contains(serial));
        Assert.Equal(due.Order(), entries.Keys.Order());
        foreach (CertificateRecord row in revoked.Where(row => entries.ContainsKey(row.SerialNumber)))
        {
            CrlEntry entry = entries[row.SerialNumber];
            Assert.Equal((row.Revoked!.At, row.Revoked.Reason), (entry.RevokedAt, entry.Reason));
            if (crl.ThisUpdate > row.Expires && crl.ThisUpdate > row.Revoked.At)
            {
                mayLeave.Add(row.SerialNumber);
            }
        }
    }
}

/// <summary>Checks the reminders after every step: none too many, none for a certificate that is no longer needed, and none
/// forgotten by a run that went well.</summary>
internal sealed class ReminderWatch(History history)
{
    private static readonly int[] Days = [30, 15, 7, 1];

    private Dictionary<SerialNumber, int> counts = [];
    private readonly HashSet<SerialNumber> heldBack = [];
    private DateTimeOffset? lastRun;

    public async Task CheckAsync()
    {
        DateTimeOffset now = history.Authority.Clock.GetUtcNow();
        CertificateRecord[] rows = [.. history.Rows];
        foreach (CertificateRecord row in rows)
        {
            bool reminded = row.ExpiryReminders.Count > counts.GetValueOrDefault(row.SerialNumber);
            bool needed = row.Revoked is null && !rows.Any(other => Renews(other, row));
            Assert.True(needed || !reminded, $"{row.CommonName} was revoked or renewed, and reminded of");
            EachReminderHasItsReason(row);
            if (needed && history.RanWell)
            {
                NothingIsForgotten(row, now);
            }
        }

        counts = rows.ToDictionary(row => row.SerialNumber, row => row.ExpiryReminders.Count);
        lastRun = await history.Authority.Ledger.FindMarkAsync("expiry", CancellationToken.None);
    }

    private static bool Renews(CertificateRecord other, CertificateRecord row) =>
        other.CommonName == row.CommonName && other.Issued > row.Issued && other.Expires > row.Expires && other.Revoked is null;

    // Between two reminders lies a day on which to remind, or the expiry itself: no reminder is sent twice.
    private static void EachReminderHasItsReason(CertificateRecord row)
    {
        DateTimeOffset last = DateTimeOffset.MinValue;
        foreach (DateTimeOffset reminder in row.ExpiryReminders)
        {
            bool warned = DaysOf(row).Any(before => Date(last) < Due(row, before) && Due(row, before) <= Date(reminder)) && reminder < row.Expires;
            bool expired = last < row.Expires && row.Expires <= reminder && Date(last) < Date(reminder);
            Assert.True(warned || expired, $"{row.CommonName} was reminded of at {reminder:u} after {last:u}, it expires at {row.Expires:u}");
            last = reminder;
        }
    }

    private void NothingIsForgotten(CertificateRecord row, DateTimeOffset now)
    {
        DateTimeOffset last = row.ExpiryReminders.DefaultIfEmpty(DateTimeOffset.MinValue).Last();
        foreach (DateOnly day in DaysOf(row).Select(before => Due(row, before)))
        {
            bool missed = lastRun is { } run && Date(run) < day && day < Date(now) && day > Date(row.Issued);
            bool due = now < row.Expires && (day == Date(now) || missed);
            Assert.True(!due || Date(last) >= day, $"{row.CommonName} expires at {row.Expires:u}; nobody was reminded at {now:u}");
        }

        bool expired = now >= row.Expires && (lastRun < row.Expires || now - row.Expires <= TimeSpan.FromDays(1) || heldBack.Contains(row.SerialNumber));
        bool sent = last >= row.Expires;
        bool remindedToday = Date(last) == Date(now);
        Assert.True(!expired || sent || remindedToday, $"no run reported at {now:u} that {row.CommonName} expired at {row.Expires:u}");
        if (expired && !sent)
        {
            heldBack.Add(row.SerialNumber); // one reminder a day: it is sent on another day
        }
    }

    // No warning while more than half of the life is to come (contract 12.29).
    private static IEnumerable<int> DaysOf(CertificateRecord row) => Days.Where(before => 2 * before <= (row.Expires - row.Issued).TotalDays);

    private static DateOnly Due(CertificateRecord row, int daysBefore) => Date(row.Expires).AddDays(-daysBefore);

    private static DateOnly Date(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}

/// <summary>Checks what must have been delivered once everything works again: every event at least once, under one id.</summary>
internal static class EventsAtTheEnd
{
    private const string Rejected = "Certificate Request Rejected";

    public static void Check(History history)
    {
        Notification[] sent = [.. history.Authority.Notifier.Delivered];
        Assert.All(sent.GroupBy(one => one.Id), same => Assert.Single(same.Select(one => (one.Subject, one.Json)).Distinct()));

        Assert.Equal(history.Rows.Select(row => $"issued-{row.SerialNumber}").Order(), Ids(sent, "Certificate Issued"));
        Assert.Equal(
            history.Rows.Where(row => row.Revoked is not null).Select(row => $"revoked-{row.SerialNumber}").Order(),
            Ids(sent, "Certificate Revoked"));
        Assert.Equal(
            history.UnknownListed.Order(StringComparer.Ordinal),
            sent.Where(one => one.Subject == "Revocation Failed").DistinctBy(one => one.Id)
                .Select(one => JsonNode.Parse(one.Json)!["SerialNumber"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(Reminders(history, beforeExpiry: true), Ids(sent, "Certificate Expiry Warning"));
        Assert.Equal(Reminders(history, beforeExpiry: false), Ids(sent, "Certificate Expired"));
        CheckRefusals(history, [.. sent.Where(one => one.Subject == Rejected).DistinctBy(one => one.Id)]);
    }

    private static void CheckRefusals(History history, Notification[] sent)
    {
        (string CommonName, string Reason, string Id)[] refusals =
        [
            .. sent.Select(one => (JsonNode.Parse(one.Json)!, one.Id)).Select(one => (
                one.Item1["CSRInfo"]!["CommonName"]!.GetValue<string>(), one.Item1["Reason"]!.GetValue<string>(), one.Id)),
        ];
        Assert.Equal(history.DirectRefusals, refusals.Count(one => one.CommonName.StartsWith("direct", StringComparison.Ordinal)));

        // A refused entry is announced once for each form that it had, however often it came again.
        var ofEntries = refusals.Where(one => one.CommonName.StartsWith("entry", StringComparison.Ordinal)).ToList();
        Assert.Equal(history.RefusedEntries.Order(), ofEntries.Select(one => (one.CommonName, one.Reason)).Distinct().Order());
        Assert.All(ofEntries.GroupBy(one => (one.CommonName, one.Reason)), same => Assert.True(
            same.Count() <= history.EverListed.Count(entry => entry.Contains($"\"{same.Key.CommonName}\"", StringComparison.Ordinal))));
    }

    private static IEnumerable<string> Ids(Notification[] sent, string subject) =>
        sent.Where(one => one.Subject == subject).Select(one => one.Id).Distinct().Order();

    private static IEnumerable<string> Reminders(History history, bool beforeExpiry) => history.Rows
        .SelectMany(row => row.ExpiryReminders.Where(at => at < row.Expires == beforeExpiry).Select(at => Id(row, at))).Order();

    private static string Id(CertificateRecord row, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"expiry-{row.SerialNumber}-{at.UtcDateTime:yyyyMMdd}");
}
