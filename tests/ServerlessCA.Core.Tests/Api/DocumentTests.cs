using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Texts;
using Xunit;

namespace ServerlessCA.Core.Tests.Api;

/// <summary>What a document says is read as it was written, and what is no such document is refused with the place.</summary>
public sealed class DocumentTests
{
    // Any UTF-16 but halves of pairs, which no JSON has.
    private static readonly Gen<string> Texts = Gen.String[0, 20].Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text);
    private static readonly Gen<string?> SomeTexts = Gen.Bool.Select(Texts, (there, text) => there ? text : null);
    private static readonly Gen<DateTimeOffset> Times = Gen.Int[-1_000_000, 2_000_000].Select(seconds => Some.Time.AddSeconds(seconds));
    private static readonly Gen<SerialNumber> Serials = Gen.Byte.Array[1, 18].Select(octets => SerialNumber.FromBigEndian([1, .. octets]));
    private static readonly Gen<CertificateRevocation?> Revocations = Gen.Bool.Select(
        Times, Gen.Int[0, Enum.GetValues<RevocationReason>().Length - 1].Select(place => Enum.GetValues<RevocationReason>()[place]), (there, at, reason) => there ? new CertificateRevocation(at, reason) : null);

    private static readonly Gen<InventoryRow> Rows = Gen.Select(
        Texts, Serials, Times, Times, Revocations, Gen.Int[0, 3],
        (name, serial, issued, expires, revoked, kind) => InventoryRow.Of(
            new CertificateLine
            {
                CommonName = name, SerialNumber = serial, Issued = issued, Expires = expires, Revoked = revoked, IsCa = kind == 0,
                Source = kind switch { 1 => IssueSource.GitOps, 2 => IssueSource.Direct, _ => null },
            },
            Some.Time.AddDays(5)));

    private static readonly Gen<HistoryEntry> Happenings = Gen.Select(
        Times, Gen.Int[0, Enum.GetValues<HistoryKind>().Length - 1].Select(place => Enum.GetValues<HistoryKind>()[place]), SomeTexts, Serials, SomeTexts, SomeTexts, Texts, Gen.Bool,
        (at, kind, name, serial, ca, by, details, fromRow) => new HistoryEntry
        {
            Id = "", At = at, Kind = kind, CommonName = name, SerialNumber = fromRow ? serial : null, Ca = ca, By = by, Details = details, IsFromRow = fromRow,
        });

    [Fact]
    public void A_list_is_read_as_it_was_written() => Gen.Select(Rows.Array[0, 5], Gen.Int[0, 100_000], SomeTexts).Sample((rows, count, next) =>
    {
        InventoryList read = InventoryDocument.Read(JsonText.Utf8(writer => InventoryDocument.Write(writer, new InventoryList(rows, count, null) { Next = next })));

        Assert.Equal((count, next), (read.Count, read.Next));
        Assert.Equal(rows.Select(Members), read.Rows.Select(Members));
    });

    [Fact]
    public void A_history_is_read_as_it_was_written() => Gen.Select(Happenings.Array[0, 5], Gen.Bool).Sample((entries, more) =>
    {
        FoundHistory read = HistoryDocument.Read(JsonText.Utf8(writer => HistoryDocument.Write(writer, new FoundHistory(entries, more))));

        Assert.Equal(more, read.HasMore);
        Assert.Equal(entries, read.Entries);
    });

    [Fact]
    public void A_revocation_is_read_as_it_was_written() => Gen.Select(
        Texts, Serials, Revocations.Where(revocation => revocation is not null), Gen.Int[0, Enum.GetValues<RevokeOutcome>().Length - 1].Select(place => Enum.GetValues<RevokeOutcome>()[place]), SomeTexts, Texts.Array[0, 3]).Sample(
        (name, serial, revocation, outcome, file, warnings) =>
        {
            var revoked = new RevokedCertificate(new RowId(name, serial), revocation!, outcome, file is null ? null : new NamingCrl(file, 7), warnings);

            RevokedCertificate read = RevocationDocument.Read(JsonText.Utf8(writer => RevocationDocument.Write(writer, revoked)));

            Assert.Equal(revoked with { Warnings = read.Warnings }, read);
            Assert.Equal(warnings, read.Warnings);
        });

    [Fact]
    public void A_run_is_read_as_it_was_written() => Gen.Select(Texts.Array[1, 3], SomeTexts, Times, Gen.Int[0, 9]).Sample((texts, optional, time, number) =>
    {
        var report = new PipelineReport(
            [.. Operation.Pipeline.Select(step => new StepResult(step.Function, (StepStatus)(number % 3), texts[0], texts))],
            [new EntryResult
            {
                Position = number, Line = optional is null ? null : number, CommonName = texts[0], Status = (EntryStatus)(number % 4),
                SerialNumber = optional is null ? null : SerialNumber.Of(number + 1), Expires = optional is null ? null : time, Message = optional, Warnings = texts,
            }]);
        var sent = new DeliveryReport([new TargetReport(texts[0], number, 1, 2, optional)]);

        RunResult read = RunDocument.Read(JsonText.Utf8(writer => RunDocument.Write(writer, new RunResult(report, sent, optional))));

        Assert.Equal(optional, read.Location);
        Assert.Equal(sent.Targets, read.Sent.Targets);
        Assert.Equal(report.Entries.Select(entry => entry with { Warnings = [] }), read.Report.Entries.Select(entry => entry with { Warnings = [] }));
        Assert.Equal(report.Steps.Select(step => step with { Problems = [] }), read.Report.Steps.Select(step => step with { Problems = [] }));
        Assert.All(read.Report.Steps, step => Assert.Equal(texts, step.Problems));
        Assert.All(read.Report.Entries, entry => Assert.Equal(texts, entry.Warnings));
    });

    [Fact]
    public void Findings_are_read_as_they_were_written_worst_first_and_those_who_may_not_know_them_get_the_status_alone()
    {
        var health = HealthAnswer.Of([new(HealthLevel.Good, "a", "b"), new(HealthLevel.Critical, "c", "d"), new(HealthLevel.Good, "e", "f")]);

        HealthAnswer read = HealthDocument.Read(JsonText.Utf8(writer => HealthDocument.Write(writer, health)));

        Assert.Equal((HealthLevel.Critical, Product.Version), (read.Status, read.Version));
        Assert.Equal(["c", "a", "e"], read.Findings!.Select(finding => finding.Check));
        Assert.Equal("""{"Status":"Critical"}""", Encoding.UTF8.GetString(JsonText.Utf8(writer => HealthDocument.Write(writer, health.StatusAlone()))));
    }

    [Fact]
    public async Task A_certificate_is_read_as_it_was_written_with_what_it_says_itself()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("one"));
        DateTimeOffset now = authority.Deployment.Clock.GetUtcNow();
        CertificateDetails[] written = [.. authority.Ledger.Records.Select(row => CertificateDetails.Of(row, now)! with
        {
            Chain = [row.CertificatePem], RenewalDue = TableTime.WholeSeconds(now),
        })];

        IReadOnlyList<CertificateDetails> read = CertificatesDocument.Read(JsonText.Utf8(writer => CertificatesDocument.Write(writer, written)), now);

        Assert.Equal(3, read.Count);
        Assert.Equal(written.Select(one => Members(one.Row)), read.Select(one => Members(one.Row)));
        Assert.Equal(written.Select(one => one.Facts.Sha256), read.Select(one => one.Facts.Sha256));
        Assert.Equal(written.Select(one => (one.RenewalDue, one.Chain!.Single(), one.Record.IsCa)), read.Select(one => (one.RenewalDue, one.Chain!.Single(), one.Record.IsCa)));
    }

    [Fact]
    public void A_summary_is_read_as_it_was_written() => Gen.Int[0, 100_000].Array[6].Select(Gen.Int[0, 400].Array[0, 30]).Sample((numbers, days) =>
    {
        var summary = new InventorySummary
        {
            Count = numbers[0], Valid = numbers[1], Expired = numbers[2], Revoked = numbers[3], Authorities = numbers[4], Overdue = numbers[5],
            Expiring = InventorySummary.WeeksOf(Some.Time, days.Select(day => (new DateOnly(2030, 1, 1).AddDays(day), 1))),
        };

        InventorySummary read = SummaryDocument.Read(JsonText.Utf8(writer => SummaryDocument.Write(writer, summary)));

        Assert.Equal(summary.Expiring, read.Expiring);
        Assert.Equal(summary with { Expiring = [] }, read with { Expiring = [] });
        Assert.Equal(days.Count(day => day < 7 * InventorySummary.Weeks), read.Expiring.Sum(week => week.Count));
    });

    [Fact]
    public void An_error_is_read_as_it_was_written_and_any_other_answer_is_none()
    {
        var error = new ApiError("not_found", "there is no certificate of the name 'a'", "look at the list");

        Assert.Equal(error, ErrorDocument.Read(JsonText.Utf8(writer => ErrorDocument.Write(writer, error))));
        Assert.Null(ErrorDocument.Read("<html>"u8.ToArray()));
        Assert.Null(ErrorDocument.Read("{\"Error\":\"no\"}"u8.ToArray()));
        Assert.Null(ErrorDocument.Read("[]"u8.ToArray()));
    }

    [Theory]
    [InlineData("Certificates[0].Expires", null, "'Certificates[0].Expires' is missing")]
    [InlineData("Certificates[0].Expires", "\"tomorrow\"", "'Certificates[0].Expires' is not a time such as 2030-01-02T12:00:00Z")]
    [InlineData("Certificates[0].SerialNumber", "17", "'Certificates[0].SerialNumber' is not a text")]
    [InlineData("Certificates[0].SerialNumber", "\"0x17\"", "'Certificates[0].SerialNumber' is not a decimal serial number")]
    [InlineData("Certificates[0].Status", "\"asleep\"", "'Certificates[0].Status' is not a word that this version knows: update serverless-ca")]
    [InlineData("Certificates", "{}", "'Certificates' is not a list")]
    [InlineData("Certificates", "[1]", "'Certificates[0]' is not an object")]
    [InlineData("Count", "1.5", "'Count' is not a whole number")]
    [InlineData("Count", "null", "'Count' is missing")]
    public void A_document_that_lacks_something_says_what_and_where(string place, string? json, string message)
    {
        JsonNode document = JsonNode.Parse("""
            {"Count":1,"Certificates":[{"CommonName":"a","SerialNumber":"17","Issued":"2030-01-01T00:00:00Z","Expires":"2030-02-01T00:00:00Z",
             "Status":"valid","DaysLeft":3,"Source":"gitops","Later":{"versions":"add members"}}],"Later":1}
            """)!;
        Assert.Single(InventoryDocument.Read(Encoding.UTF8.GetBytes(document.ToJsonString())).Rows);
        JsonObject parent = place.Contains('.', StringComparison.Ordinal) ? document["Certificates"]![0]!.AsObject() : document.AsObject();
        string member = place.Split('.')[^1];
        parent.Remove(member);
        if (json is not null)
        {
            parent[member] = JsonNode.Parse(json);
        }

        var fault = Assert.Throws<UnreadableDocumentException>(() => InventoryDocument.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));

        Assert.Equal(message, fault.Message);
    }

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("<html>", "it is not JSON")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("""{"Count":1,"Certificates":[],"Next":"\ud800"}""", "it has a text that is not Unicode")]
    public void What_is_no_document_at_all_is_refused(string text, string message) => Assert.StartsWith(
        message, Assert.Throws<UnreadableDocumentException>(() => InventoryDocument.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    private static object Members(InventoryRow row) => (WithoutSource(row), row.SourceText);

    private static object WithoutSource(InventoryRow row) =>
        (row.CommonName, row.SerialNumber, row.Issued, row.Expires, row.Status, row.Revoked, row.DaysLeft, row.IsCa);
}
